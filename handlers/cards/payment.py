"""The team's card about money: who, how much, for which order, and what can be decided."""

from domain import orders
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
    if order.state is PaymentState.STRAY:
        return ((standing("team.money.keep", "team.money.keep", order=order.id), back),)
    if order.state in orders.OPEN:
        free = (standing("team.money.free", "team.money.free", order=order.id),) if order.how == "telegram" else ()
        return ((standing("team.money.by_hand", "team.money.by_hand", order=order.id), *free),)
    return ((back,),) if order.state is PaymentState.PAID and orders.left(work, order) else ()
