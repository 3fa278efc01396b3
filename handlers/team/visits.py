"""The day of an appointment, as the team tells it: on the way, running late, nobody there."""

from collections.abc import Iterable

from domain import bookings, leaving, under_way
from domain.appointments import Booking, HoldGone
from domain.notes import Direction, Words, add_note
from domain.requests import Request
from handlers.conversation import Handler, Talk
from handlers.messages import Field, FormErrors, Outgoing, Part
from handlers.refusals import FormRefused
from handlers.team.requests import filled, form, request_of
from locales.text import Minutes, Text, t

STEPS = (5, 10, 15, 20, 30, 45, 60, 90, 120)  # minutes


def _booking(talk: Talk, request: Request) -> Booking:
    """The appointment that stands. Raises HoldGone."""
    found = next(iter(bookings.booked_for(talk.work, request)), None)
    if found is None:
        raise HoldGone
    return found


def _choice(label: Text, usual: int) -> Field:
    return Field("minutes", label, "choice", initial=str(usual), options=tuple((str(n), Minutes(n)) for n in STEPS))


def _minutes(talk: Talk) -> int:
    given = str(filled(talk).get("minutes") or "")
    if not given.isdecimal() or int(given) not in STEPS:
        raise FormRefused(FormErrors({"minutes": t("form.minutes_wrong")}))
    return int(given)


def ask_set_out(talk: Talk) -> Iterable[Outgoing]:
    """In how many minutes will you be there?"""
    request = request_of(talk)
    _booking(talk, request)
    return form(talk, request, "set_out", (t("set_out.intro"),), (_choice(t("set_out.minutes"), 20),))


def set_out(talk: Talk) -> Iterable[Outgoing]:
    """The homeowner hears when we arrive."""
    under_way.set_out(talk.work, _booking(talk, request_of(talk)), _minutes(talk))
    return ()


def ask_late(talk: Talk) -> Iterable[Outgoing]:
    """How many minutes later?"""
    request = request_of(talk)
    _booking(talk, request)
    return form(talk, request, "late", (t("late.intro"),), (_choice(t("late.minutes"), 30),))


def late(talk: Talk) -> Iterable[Outgoing]:
    """The homeowner hears of the new window, with our apology."""
    under_way.be_late(talk.work, _booking(talk, request_of(talk)), _minutes(talk))
    return ()


def ask_nobody(talk: Talk) -> Iterable[Outgoing]:
    """Sure? With what it costs him."""
    request = request_of(talk)
    fee = leaving.fee_now(talk.work, _booking(talk, request), request, no_show=True)
    intro: tuple[Part, ...] = (t("nobody.intro_fee", fee=fee.amount) if fee else t("nobody.intro"),)
    why = Field("words", t("nobody.words"), "lines", optional=True, longest=500)
    return form(talk, request, "nobody", intro, (why,))


def nobody(talk: Talk) -> Iterable[Outgoing]:
    """We were there, and nobody opened."""
    request = request_of(talk)
    booking = _booking(talk, request)
    if booking.starts_at > talk.work.now:
        raise FormRefused(FormErrors({"words": t("nobody.too_early")}))
    words = str(filled(talk).get("words") or "").strip()
    if words:
        add_note(talk.work, request, Words(Direction.INTERNAL, talk.staff.name, words))
    leaving.call_off(talk.work, booking, request, no_show=True)
    return ()


PRESSES: dict[str, Handler] = {"team.set_out": ask_set_out, "team.late": ask_late, "team.nobody": ask_nobody}
FORMS: dict[str, Handler] = {"team.set_out.sent": set_out, "team.late.sent": late, "team.nobody.sent": nobody}
