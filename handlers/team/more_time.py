"""More time than was agreed: the team says how much, the homeowner's tap makes it the new price."""

from collections.abc import Iterable
from datetime import timedelta

from msgspec.structs import replace

from domain import bookings, contracts, more_time, proposals
from domain.bookings import Booking
from domain.labour import NoPrice
from domain.pricing import Priced, price
from domain.proposals import Promise
from domain.requests import Direction, Request, Words, add_note
from domain.stored import tariff_of
from domain.work import Refusal, Work
from handlers.conversation import Handler, Talk
from handlers.messages import Field, FormErrors, Outgoing
from handlers.refusals import FormRefused
from handlers.team.requests import filled, form, minutes_of, request_of
from locales.text import t

LONGEST_REASON = 500  # characters


class NothingBooked(Refusal):
    """There is no appointment whose price could change."""


def _booking(talk: Talk, request: Request) -> Booking:
    found = next(iter(bookings.booked_for(talk.work, request)), None)
    if found is None:
        raise NothingBooked
    return found


def ask(talk: Talk) -> Iterable[Outgoing]:
    """Open the form: how many minutes in all, and why."""
    request = request_of(talk)
    quote = bookings.quote_of(talk.work, _booking(talk, request))
    fields = (
        Field("minutes", t("more.minutes"), "number"),
        Field("words", t("more.words"), "lines", hint=t("more.hint"), longest=LONGEST_REASON),
    )
    return form(talk, request, "more", (t("more.intro", minutes=quote.minutes, price=quote.total),), fields)


def sent(talk: Talk) -> Iterable[Outgoing]:
    """Put the new price to the homeowner; when it is no higher, there is nothing to ask."""
    request = request_of(talk)
    booking = _booking(talk, request)
    minutes = minutes_of(talk)
    if minutes is None:
        raise FormRefused(FormErrors({"minutes": t("form.minutes_wrong")}))
    stored = bookings.stored_quote(talk.work, booking)
    agreed = proposals.quote_of(stored)
    priced = _priced(talk, request, booking, minutes)
    if priced is None or priced.quote.total.minor <= agreed.total.minor:
        raise FormRefused(FormErrors({"minutes": t("more.not_dearer", price=agreed.total)}))
    until = talk.work.now + timedelta(days=talk.company.tariff.quote_valid_days)
    words = str(filled(talk).get("words") or "").strip()
    if words:
        add_note(talk.work, request, Words(Direction.TO_HOMEOWNER, talk.staff.name, words))
    more_time.propose(talk.work, booking, request, Promise(priced, stored.tariff_id, until), talk.staff.key)
    return ()


def _priced(talk: Talk, request: Request, booking: Booking, minutes: int) -> Priced | None:
    """The price of so many minutes by the tariff the appointment was made with."""
    work: Work = talk.work
    stored = bookings.stored_quote(work, booking)
    case = proposals.case_of(stored)
    if case is None:
        return None
    contract = contracts.running(work, request.home_id)
    left = contracts.balances(work, contract, but_for=request.id)
    longer = replace(case, minutes=minutes, stretches=())
    tariff = tariff_of(work, stored.tariff_id)
    try:
        return price(tariff, stored.currency, talk.company.time_zone, longer, contracts.terms(contract), left)
    except NoPrice:
        return None


PRESSES: dict[str, Handler] = {"team.more": ask}
FORMS: dict[str, Handler] = {"team.more.sent": sent}
