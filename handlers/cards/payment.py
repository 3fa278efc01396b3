"""The team's card about money: who, how much, for which order, and what can be decided."""

from domain import deciding, orders
from domain.company import Company
from domain.orders import Movement, Order, PaymentState
from domain.people import Person
from domain.requests import Request
from domain.work import Work
from handlers.cards.request import thread
from handlers.conversation import standing
from handlers.messages import Button, Channel, Fact, Importance, Message
from locales.text import Text, t


def about(order: Order) -> str:
    """The identity of the card of an order."""
    return f"money:{order.id}"


def card(
    work: Work, company: Company, order: Order, why: Text, movement: Movement | None = None, *, alert: bool = False
) -> Message:
    """The card in the request's thread; `movement`: the amount it is about."""
    request = work.session.get(Request, order.request_id) if order.request_id is not None else None
    where = Channel(company.channels.trouble or company.channels.requests) if request is None else thread(request)
    return Message(
        to=where,
        title=t("team.money.title", order=order.number),
        body=(why,),
        facts=tuple(_facts(work, order, movement)),
        buttons=_buttons(work, order),
        about=about(order),
        alert=alert,
        importance=Importance.CRITICAL,
    )


def unknown(work: Work, company: Company, came: Movement, why: Text, *, alert: bool = False) -> Message:
    """The card about money for no order of ours: it goes back, or belongs to a request."""
    left = deciding.undecided(work, came)
    back = standing("team.money.unknown_back", "team.money.unknown_back", movement=came.id)
    belongs = standing("team.money.belongs", "team.money.belongs", movement=came.id)
    return Message(
        to=Channel(company.channels.trouble or company.channels.requests),
        title=t("team.money.title", order=f"M{came.id:05d}"),
        body=(why,),
        facts=(
            Fact(t("team.money.paid"), came.amount),
            Fact(t("team.money.undecided"), left),
            Fact(t("team.money.payer"), came.payer or "–"),
            Fact(t("team.money.charge"), came.charge or "–"),
            Fact(t("team.money.provider"), came.provider_charge or "–"),
        ),
        buttons=((back, belongs),) if left else (),
        about=f"money:m{came.id}",
        alert=alert,
        importance=Importance.CRITICAL,
    )


def _facts(work: Work, order: Order, movement: Movement | None) -> list[Fact]:
    person = work.session.get_one(Person, order.person_id)
    facts = [
        Fact(t("team.customer"), person.name),
        Fact(t("team.money.asked"), order.amount),
        Fact(t("team.money.paid"), orders.paid(work, order)),
        Fact(t("team.money.left"), orders.left(work, order)),
    ]
    payer = order.payer if movement is None else movement.payer
    if payer is not None and payer != person.telegram:
        facts.append(Fact(t("team.money.payer"), payer))
    charge = order.charge if movement is None else movement.charge
    if charge is not None:
        facts.append(Fact(t("team.money.charge"), charge))
    if movement is not None and movement.provider_charge:
        facts.append(Fact(t("team.money.provider"), movement.provider_charge))
    return facts


def _buttons(work: Work, order: Order) -> tuple[tuple[Button, ...], ...]:
    back = standing("team.money.back", "team.money.back", order=order.id)
    again = standing("team.money.again", "team.money.again", order=order.id)
    more = (again,) if orders.taken(work, order) else ()
    if order.state is PaymentState.STRAY:
        keep = (standing("team.money.keep", "team.money.keep", order=order.id),)
        return ((*(keep if deciding.usable(work, order) else ()), back, *more),)
    if order.state in orders.OPEN:
        free = (standing("team.money.free", "team.money.free", order=order.id),) if order.how == "telegram" else ()
        return ((standing("team.money.by_hand", "team.money.by_hand", order=order.id), *free),)
    # What was used cannot be given back, yet a bank can take it.
    backs = (back,) if order.state is PaymentState.PAID and orders.paid(work, order) else ()
    return ((*backs, *more),) if backs or more else ()
