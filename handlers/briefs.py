"""A technician's day in his direct messages: what it brings when it begins, what is still open when it ends."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain import agenda, moved, queues
from domain.agenda import Visit
from domain.appointments import STANDING, BookingState
from domain.areas import Help
from domain.queues import Owed
from domain.team import Member
from handlers.cards.agenda import hours, note_facts, visit_facts
from handlers.cards.clocks import stands
from handlers.cards.days import zone_for
from handlers.cards.request import headline
from handlers.conversation import Talk
from handlers.inbound import Due
from handlers.messages import LATE, Button, Fact, Message, Outgoing, Teammate
from locales.text import Moment, Text, t

BUTTONS = 10  # rows
LINES = 20


def morning(talk: Talk) -> Iterable[Outgoing]:
    """Does he work today, and are there visits? Then he reads them, in order, with the ways and the notes."""
    due = talk.inbound
    assert isinstance(due, Due)
    talk.work.happened(moved.DayBegan(due.subject.partition(":")[2]))
    member, day = _whose(talk, due)
    if member is None or day is None:
        return
    zone = zone_for(talk.company, member.key)
    visits = [v for v in agenda.workday(talk.work, talk.company, member, day).visits if _stands(v)]
    if not visits:
        return
    lines = [fact for v in visits for fact in (*visit_facts(v, zone), *note_facts(talk.work, v.request))]
    yield Message(
        to=Teammate(member.slack),
        title=t("brief.title", day=_weekday(day)),
        body=(t("brief.visits", len(visits)),),
        facts=tuple(lines),
        buttons=tuple((about_visit("brief.set_out", "team.set_out", v), about_visit("day.reply", "team.reply", v))
                      for v in visits[:BUTTONS] if v.booking.help is Help.VISIT),
        until=visits[-1].booking.ends_at,
        sorry_after=due.at + LATE,
    )  # fmt: skip


def _whose(talk: Talk, due: Due) -> tuple[Member | None, date | None]:
    """Whose day it is; nobody's when he has left us, or the day is over."""
    key, day = due.subject.partition(":")[2], date.fromisoformat(due.occurrence)
    member = next((m for m in talk.company.team if m.key == key and "technician" in m.roles), None)
    today = talk.work.now.astimezone(ZoneInfo(zone_for(talk.company, key))).date()
    # A night ends on the day after the one it began on.
    return (member, day) if member and today - day <= timedelta(days=1) else (None, None)


def _stands(visit: Visit) -> bool:
    return visit.request.running and visit.booking.state in STANDING


def about_visit(key: str, act: str, visit: Visit) -> Button:
    """A button that names the request of a visit."""
    return Button(t(key, number=visit.request.number), act, {"request": visit.request.id}, standing=True)


def _weekday(day: date) -> Moment:
    return Moment(datetime.combine(day, time(12), UTC), "UTC", "day")


def evening(talk: Talk) -> Iterable[Outgoing]:
    """Is anything of today still open, or due tomorrow? Then he is reminded of it before he goes."""
    due = talk.inbound
    assert isinstance(due, Due)
    member, day = _whose(talk, due)
    if member is None or day is None:
        return
    zone = zone_for(talk.company, member.key)
    visits = agenda.workday(talk.work, talk.company, member, day).visits
    left = [v for v in visits if _stands(v) and v.booking.starts_at <= talk.work.now]
    seen = {v.request.id for v in left}
    ends = datetime.combine(day + timedelta(days=2), time(), ZoneInfo(zone)).astimezone(UTC)
    mine = queues.mine(talk.work, talk.company, member.key)
    owed = [o for o in mine if o.due is not None and o.due < ends and o.request.id not in seen]
    if not (left or owed):
        return
    yield Message(
        to=Teammate(member.slack),
        title=t("evening.title"),
        body=(t("evening.intro"),),
        facts=(*(_left(v, zone) for v in left[:LINES]), *(_due(o, zone) for o in owed[:LINES])),
        buttons=_evening_buttons(left, owed),
        until=due.at + timedelta(hours=12),
    )


def _left(visit: Visit, zone: str) -> Fact:
    """An appointment whose time has come, and what was not said about it."""
    not_set_out = visit.booking.state is BookingState.BOOKED and visit.booking.help is Help.VISIT
    said = t("evening.not_set_out") if not_set_out else t("evening.not_done")
    when = hours(visit.booking.starts_at, visit.booking.ends_at, zone)
    return Fact(t("evening.visit", when=when, about=headline(visit.request)), said)


def _due(owed: Owed, zone: str) -> Fact:
    about: Text = t("page.about", about=headline(owed.request), name=owed.person.name)
    clock = owed.clock
    assert clock is not None
    return Fact(about, t("page.clock", what=t(f"promise.{clock.what}"), when=stands(clock, zone)))


def _evening_buttons(left: list[Visit], owed: list[Owed]) -> tuple[tuple[Button, ...], ...]:
    found = [*(v.request for v in left), *(o.request for o in owed)][:BUTTONS]
    return tuple(
        (
            Button(t("evening.solved", number=r.number), "team.resolve", {"request": r.id}, standing=True),
            Button(t("day.reply", number=r.number), "team.reply", {"request": r.id}, standing=True),
        )
        for r in found
    )
