"""What facts about money make us say: to whoever booked, to whoever paid, and to the team."""

from collections.abc import Iterable

from domain import bookings, crediting, deciding, events, money_events, orders, payments
from domain.appointments import Booking, BookingState
from domain.money import Money
from domain.orders import Movement, MovementKind, Order
from domain.people import Person, by_telegram
from domain.receipts import receipt_of
from domain.requests import Request
from handlers.cards import payment
from handlers.cards.menu import menu_buttons
from handlers.cards.receipt import paper
from handlers.cards.request import booking_facts, headline, who_is
from handlers.conversation import Talk, standing, to
from handlers.homeowner import paying
from handlers.homeowner.solve import calendar_entry
from handlers.messages import Document, Fact, Homeowner, Importance, Message, Outgoing
from handlers.pipes import Draft, remote_of
from locales.text import t


def _of(talk: Talk, fact: money_events.OfOrder) -> tuple[Order, Request]:
    session = talk.work.session
    return session.get_one(Order, fact.order), session.get_one(Request, fact.request)


def asked(talk: Talk, fact: money_events.PaymentAsked) -> Iterable[Outgoing]:
    """What is paid by the company's own link only a person can see: the team has a card from the beginning."""
    order, _ = _of(talk, fact)
    if order.how == "link":
        yield payment.card(talk.work, talk.company, order, t("team.money.link"))


def paid(talk: Talk, fact: money_events.OrderPaid) -> Iterable[Outgoing]:
    """The appointment stands: calendar and receipt to whoever booked, thanks to whoever paid for him; a card."""
    order, request = _of(talk, fact)
    booking = talk.work.session.get_one(Booking, order.booking_id)
    movement = talk.work.session.get_one(Movement, fact.movement)
    person = talk.work.session.get_one(Person, order.person_id)
    _end_of_question(talk, person, order)
    yield payment.card(talk.work, talk.company, order, t(f"team.money.state.{order.state}"), movement)
    chat, receipt = to(person), receipt_of(talk.work, movement.id)
    late = booking.state in (BookingState.DONE, BookingState.CANCELLED)
    papers: list[Document] = [] if late or order.how == "link" else [calendar_entry(talk, request, booking)]
    papers += [paper(talk.work, talk.company, receipt, order)] if receipt is not None else []
    if chat is not None:
        yield Message(
            to=chat,
            title=t("pay.thanks") if order.how == "link" else t("booked.title"),
            body=() if order.how == "link" else (t("booked.body", name=who_is(talk.company, booking.technician)),),
            facts=(
                *booking_facts(talk.work, talk.company, request, booking),
                Fact(t("pay.paid"), movement.amount),
                *((Fact(t("pay.receipt"), receipt.name),) if receipt is not None else ()),
            ),
            media=tuple(papers),
            buttons=menu_buttons(),
            importance=Importance.CRITICAL,
        )
    payer = _payer(talk, movement)
    if payer is not None and (chat is None or payer.chat != chat.chat):
        yield Message(to=payer, body=(t("pay.for_another", name=person.name, amount=movement.amount),))


def _end_of_question(talk: Talk, person: Person, order: Order) -> None:
    """He is not asked to pay any more; whatever else he is doing meanwhile goes on."""
    draft = talk.work.session.get(Draft, f"telegram:{person.telegram}") if person.telegram else None
    if draft is not None and draft.step == "solve.pay" and draft.said.get("order") == order.id:
        draft.step, draft.said, draft.since = None, {}, None
        draft.turn += 1


def _payer(talk: Talk, movement: Movement) -> Homeowner | None:
    known = by_telegram(talk.work, movement.payer) if movement.payer else None
    return None if known is None else to(known)


def astray(talk: Talk, fact: money_events.MoneyAstray) -> Iterable[Outgoing]:
    """Money that pays for nothing: the team decides, and whoever paid reads what happens."""
    movement = talk.work.session.get_one(Movement, fact.movement)
    order = talk.work.session.get(Order, movement.order_id) if movement.order_id is not None else None
    if order is None:
        yield payment.unknown(talk.work, talk.company, movement, t("team.money.unknown"), alert=True)
    else:
        yield payment.card(talk.work, talk.company, order, t(f"team.money.{fact.why}"), movement, alert=True)
    booker = talk.work.session.get(Person, order.person_id) if order is not None else None
    chats = {chat.chat: chat for chat in (to(booker) if booker else None, _payer(talk, movement)) if chat is not None}
    for chat in chats.values():
        yield Message(
            to=chat,
            title=t("pay.astray"),
            body=(t(f"pay.astray.{fact.why}", amount=movement.amount), t("pay.astray.next")),
            buttons=((standing("menu.human", "human.ask"),),),
            importance=Importance.CRITICAL,
        )


def unknown_settled(talk: Talk, fact: money_events.UnknownSettled) -> Iterable[Outgoing]:
    """The card shows what is left to decide about; who paid reads that it is on its way back."""
    came, by = (talk.work.session.get_one(Movement, number) for number in (fact.movement, fact.by))
    open_ = deciding.undecided(talk.work, came)
    why = t("team.money.unknown") if open_ else t("team.money.settled", reason=by.reason)
    yield payment.unknown(talk.work, talk.company, came, why)
    payer = _payer(talk, came)
    if payer is not None and by.kind is MovementKind.REFUNDED:
        yield Message(to=payer, title=t("pay.astray"), body=(t("pay.given_back", amount=_back(by)),))


def _back(movement: Movement) -> Money:
    return Money(-movement.amount_minor, movement.currency)


def _on_the_card(talk: Talk, order: Order) -> Iterable[Outgoing]:
    """The team's card shows how it stands now, if there is one."""
    request = talk.work.session.get_one(Request, order.request_id)
    if remote_of(talk.work.session, request.channel, payment.about(order)) is not None:
        yield payment.card(talk.work, talk.company, order, t(f"team.money.state.{order.state}"))


def on_the_card(talk: Talk, fact: money_events.OrderLetGo | money_events.MoneyCameAgain) -> Iterable[Outgoing]:
    """The team has freed the time, or noted what came again."""
    order, _ = _of(talk, fact)
    yield from _on_the_card(talk, order)


def kept(talk: Talk, fact: money_events.MoneyKept) -> Iterable[Outgoing]:
    """The team has decided what it pays for: he has his receipt."""
    order, request = _of(talk, fact)
    movement = talk.work.session.get_one(Movement, fact.movement)
    yield payment.card(talk.work, talk.company, order, t(f"team.money.state.{order.state}"), movement)
    chat, receipt = to(talk.work.session.get_one(Person, order.person_id)), receipt_of(talk.work, movement.id)
    standing_ = bookings.booked_for(talk.work, request)
    if chat is not None:
        yield Message(
            to=chat,
            title=headline(request),
            body=(t("pay.kept", amount=orders.left(talk.work, order)),),
            facts=booking_facts(talk.work, talk.company, request, standing_[0])[:1] if standing_ else (),
            media=() if receipt is None else (paper(talk.work, talk.company, receipt, order),),
        )


def given_back(talk: Talk, fact: money_events.MoneyGivenBack) -> Iterable[Outgoing]:
    """He reads that it is on its way back; what a bank has taken needs no message."""
    order, request = _of(talk, fact)
    movement = talk.work.session.get_one(Movement, fact.movement)
    yield from _on_the_card(talk, order)
    chat = to(talk.work.session.get_one(Person, order.person_id))
    if chat is not None and movement.kind is MovementKind.REFUNDED:
        yield Message(to=chat, title=headline(request), body=(t("pay.given_back", amount=_back(movement)),))


def fee_rose(talk: Talk, fact: money_events.FeeRose) -> Iterable[Outgoing]:
    """Whoever booked is asked whether he still wants the other time, at what it costs by now."""
    order, request = _of(talk, fact)
    chat = to(talk.work.session.get_one(Person, order.person_id))
    if chat is not None:
        yield paying.fee_question(chat, order, request, Money(fact.fee, order.currency))


def too_much(talk: Talk, fact: money_events.MoneyLeft) -> Iterable[Outgoing]:
    """More was paid than is owed: the team gives it back, or leaves it for the next appointment."""
    for order in orders.paid_for(talk.work, fact.request):
        if orders.left(talk.work, order):
            yield payment.card(talk.work, talk.company, order, t("team.money.too_much"), alert=True)


def stuck(talk: Talk, order: Order) -> Iterable[Outgoing]:
    """Is money still on its way, and nobody has heard of it? Then a person looks."""
    if order.state is orders.PaymentState.PAYING:
        yield payment.card(talk.work, talk.company, order, t("team.money.stuck"), alert=True)


def done(talk: Talk, fact: events.WorkDone) -> Iterable[Outgoing]:
    """What was paid before goes towards the charge."""
    crediting.done(talk.work, talk.work.session.get_one(Booking, fact.booking))
    return _cards(talk, fact.request)


def called_off(talk: Talk, fact: events.BookingCancelled | events.NobodyThere) -> Iterable[Outgoing]:
    """What was paid before goes towards the fee."""
    crediting.called_off(talk.work, talk.work.session.get_one(Booking, fact.booking))
    return _cards(talk, fact.request)


def _cards(talk: Talk, request: int) -> list[Outgoing]:
    """What is not used any more, or now, stands on the cards."""
    return [card for order in orders.paid_for(talk.work, request) for card in _on_the_card(talk, order)]


def lapsed(talk: Talk, fact: events.HoldExpired) -> Iterable[Outgoing]:
    """What was asked for it is not asked for any more."""
    payments.lapse(talk.work, talk.work.session.get_one(Booking, fact.booking))
    return ()
