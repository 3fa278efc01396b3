"""The day of an appointment, as the team tells it: on the way, running late, nobody there."""

from collections.abc import Iterable

from domain import bookings, desk, leaving, under_way
from domain.appointments import Booking, HoldGone
from domain.areas import Help
from domain.requests import Request
from domain.work import Refusal
from handlers.conversation import Handler, Talk
from handlers.messages import Field, FormErrors, Outgoing, Part
from handlers.refusals import FormRefused
from handlers.team.requests import filled, form, minutes_of, request_of, said_in
from locales.text import Minutes, Text, t

STEPS = (5, 10, 15, 20, 30, 45, 60, 90, 120)  # minutes
LONGEST = 3000  # characters


class NotBegunYet(Refusal):
    """The appointment is still to come: it cannot be over."""


class NobodyGoes(Refusal):
    """The appointment is from afar: nobody sets out, and nobody is at the door."""


def _visit(talk: Talk, request: Request) -> Booking:
    """The visit that stands. Raises HoldGone, NobodyGoes."""
    found = _booking(talk, request)
    if found.help is not Help.VISIT:
        raise NobodyGoes
    return found


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
    _visit(talk, request)
    return form(talk, request, "set_out", (t("set_out.intro"),), (_choice(t("set_out.minutes"), 20),))


def set_out(talk: Talk) -> Iterable[Outgoing]:
    """The homeowner hears when we arrive."""
    under_way.set_out(talk.work, _visit(talk, request_of(talk)), _minutes(talk))
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
    fee = leaving.fee_now(talk.work, _visit(talk, request), request, no_show=True)
    intro: tuple[Part, ...] = (t("nobody.intro_fee", fee=fee.amount) if fee else t("nobody.intro"),)
    why = Field("words", t("nobody.words"), "lines", optional=True, longest=500)
    return form(talk, request, "nobody", intro, (why,))


def nobody(talk: Talk) -> Iterable[Outgoing]:
    """We were there, and nobody opened."""
    request = request_of(talk)
    booking = _visit(talk, request)
    if booking.starts_at > talk.work.now:
        raise FormRefused(FormErrors({"words": t("nobody.too_early")}))
    words = str(filled(talk).get("words") or "").strip()
    if words:
        desk.note(talk.work, request, talk.staff.name, words)
    leaving.call_off(talk.work, booking, request, no_show=True)
    return ()


def ask_visit_over(talk: Talk) -> Iterable[Outgoing]:
    """How long did it take, and what is still to be done?"""
    request = request_of(talk)
    if _booking(talk, request).starts_at > talk.work.now:
        raise NotBegunYet
    fields = (
        Field("minutes", t("resolve.minutes"), "number", optional=True),
        Field("words", t("visit_over.words"), "lines", optional=True, longest=LONGEST),
    )
    return form(talk, request, "visit_over", (t("visit_over.intro"),), fields)


def visit_over(talk: Talk) -> Iterable[Outgoing]:
    """It took place, and goes on: the customer reads so."""
    request, words = request_of(talk), said_in(talk, "words")
    desk.end_visit(talk.work, request, talk.staff.key, minutes_of(talk))
    if words:
        desk.note(talk.work, request, talk.staff.name, words)
    return ()


PRESSES: dict[str, Handler] = {
    "team.set_out": ask_set_out,
    "team.late": ask_late,
    "team.nobody": ask_nobody,
    "team.visit_over": ask_visit_over,
}
FORMS: dict[str, Handler] = {
    "team.set_out.sent": set_out,
    "team.late.sent": late,
    "team.nobody.sent": nobody,
    "team.visit_over.sent": visit_over,
}
