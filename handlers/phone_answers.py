"""What somebody said on the phone who cannot press it in Telegram: yes or no to a time that is kept, or to a price."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import msgspec

from domain import bookings, desk_events, leaving, payments, phone_tasks, quoting
from domain.appointments import BalanceGone, Booking, BookingState, HoldGone
from domain.money import Money
from domain.paying_rules import Demand
from domain.people import Person
from domain.phone_tasks import PhoneTask
from domain.proposals import QuoteExpired, StoredQuote, quote_of
from domain.requests import Request
from domain.work import Refusal
from handlers import phoning
from handlers.cards.request import thread
from handlers.conversation import Handler, Talk, reach, to
from handlers.homeowner.mine import may_spend
from handlers.homeowner.solve import it_is_booked
from handlers.messages import Fact, Message, Outgoing
from handlers.phoning import Unsaid
from locales.text import own, t


@dataclass(eq=False)
class OwnerDecides(Refusal):
    """He may not agree to that much: the owner of the home decides."""

    name: str


def said_yes(talk: Talk) -> Iterable[Outgoing]:
    """The same as if he had tapped it; who asked him, and when, stands in the thread and in the log."""
    return _answered(talk, yes=True)


def said_no(talk: Talk) -> Iterable[Outgoing]:
    """The same as if he had declined it."""
    return _answered(talk, yes=False)


def _answered(talk: Talk, *, yes: bool) -> Iterable[Outgoing]:
    task = phone_tasks.held(talk.work, talk.number("task"))
    request = talk.work.session.get_one(Request, task.request_id)
    if task.done_at is None:
        yield from _done(talk, task, request, yes=yes)
    yield phoning.shown(talk, task, request)


def _done(talk: Talk, task: PhoneTask, request: Request, *, yes: bool) -> Iterable[Outgoing]:
    kind, _, number = (msgspec.convert(task.words, Unsaid).asks or "").partition(":")
    phone_tasks.answered(talk.work, task, talk.staff.key, yes=yes)
    if kind == "offered":
        booking = talk.work.session.get_one(Booking, int(number))
        if booking.state is not BookingState.HELD or not request.running:
            raise HoldGone
        yield from (_take if yes else _decline)(talk, booking, request)
    elif kind == "quote":
        stored = talk.work.session.get_one(StoredQuote, int(number))
        if not yes:
            quoting.decline(talk.work, stored, request)
            return
        yield from _agree(talk, stored, request)


def _may_he(talk: Talk, request: Request, price: Money) -> Person:
    """Who asked for it, if he may agree to that price as he may in Telegram. Raises OwnerDecides."""
    person = talk.work.session.get_one(Person, request.person_id)
    as_he = replace(talk, person=person)
    if as_he.home() is not None and not may_spend(as_he, price, request.home_id):
        raise OwnerDecides(person.name)
    return person


def _take(talk: Talk, booking: Booking, request: Request) -> Iterable[Outgoing]:
    """It stands; what he cannot pay in Telegram he pays by the company's link, if there is one, else on the invoice."""
    person = _may_he(talk, request, bookings.quote_of(talk.work, booking).total)
    elsewhere = talk.company.model_copy(update={"payment": talk.company.payment.without_telegram()})
    demand = payments.demanded(talk.work, elsewhere, booking, request)
    leaving.confirm(talk.work, talk.company, booking, request)
    if (chat := to(person)) is not None:
        said = it_is_booked(replace(talk, person=person), request, booking, moved=False)
        yield msgspec.structs.replace(said, to=chat)
    if demand is not None:
        yield _how_to_pay(talk, booking, request, person, demand)


def _how_to_pay(talk: Talk, booking: Booking, request: Request, person: Person, demand: Demand) -> Message:
    order = payments.ask(talk.work, booking, request, person, demand)
    link = talk.company.payment.link
    return Message(
        to=reach(person),
        body=(t("pay.link", how=own(link)),) if link is not None else (),
        facts=(
            Fact(t("pay.deposit" if order.deposit else "pay.due"), order.amount),
            Fact(t("pay.order"), order.number),
        ),
        owed=request.id,
    )


def _decline(talk: Talk, booking: Booking, request: Request) -> Iterable[Outgoing]:
    """It is free again, and somebody looks for another one."""
    bookings.release_holds_of(talk.work, request)
    talk.work.happened(desk_events.TimeDeclined(request.id, booking.id))
    return ()


def _agree(talk: Talk, stored: StoredQuote, request: Request) -> Iterable[Outgoing]:
    """This is the price from now on; one that is over is put anew, where it can be."""
    price = quote_of(stored).total
    _may_he(talk, request, price)
    try:
        quoting.agree(talk.work, stored, request)
    except (QuoteExpired, BalanceGone):
        if not quoting.again(talk.work, talk.company.time_zone, stored, request):
            yield Message(to=thread(request), body=(t("team.price.over", price=price),), alert=True)


PRESSES: dict[str, Handler] = {"phone.yes": said_yes, "phone.no": said_no}
