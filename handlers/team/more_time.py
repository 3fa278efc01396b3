"""More time than was agreed: the team says how much, the homeowner's tap makes it the new price."""

from collections.abc import Iterable

from domain import bookings, more_time
from domain.appointments import Booking
from domain.notes import Direction, Words, send
from domain.requests import Request
from domain.work import Refusal
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
    agreed = bookings.quote_of(talk.work, booking)
    promise = more_time.promised(talk.work, talk.company.time_zone, booking, request, minutes)
    if promise is None or promise.priced.quote.total.minor <= agreed.total.minor:
        raise FormRefused(FormErrors({"minutes": t("more.not_dearer", price=agreed.total)}))
    words = str(filled(talk).get("words") or "").strip()
    if words:
        said = Words(Direction.TO_HOMEOWNER, talk.staff.name, words)
        send(talk.work, request, said, talk.staff.key, at_once=True)
    more_time.propose(talk.work, booking, request, promise, talk.staff.key)
    return ()


PRESSES: dict[str, Handler] = {"team.more": ask}
FORMS: dict[str, Handler] = {"team.more.sent": sent}
