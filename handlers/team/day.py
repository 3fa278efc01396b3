"""A day: one's own visits in order, with the ways in between; and everybody's, with what is free."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from domain import agenda, calendar
from domain.agenda import Visit, Workday
from domain.areas import Help
from domain.calendar import EntryKind
from domain.rota import Span, cell
from domain.team import Member
from domain.work import Refusal
from handlers.cards.agenda import hours, visit_facts
from handlers.cards.days import zone_for
from handlers.conversation import Handler, Talk, standing
from handlers.inbound import Typed
from handlers.messages import Button, Fact, Message, Outgoing, Plain
from handlers.team.calendar import here
from locales.text import Listing, Moment, Text, Value, t

TOMORROW = ("tomorrow", "demain", "mañana", "domani")
ALL = ("all", "team", "tous", "todos", "tutti")
BUTTONS = 10  # visits with buttons of their own
WORTH_TELLING = 2  # quarter hours that are free


class NoSuchDay(Refusal):
    """What stands behind the command is no day."""


def show(talk: Talk) -> Iterable[Outgoing]:
    """`/day`, `/day tomorrow`, `/day 2026-03-04`, `/day all`: one's own; without a day of visits everybody's."""
    came = talk.inbound
    words = came.text.casefold().split() if isinstance(came, Typed) else []
    whole = any(word in ALL for word in words) or "technician" not in talk.staff.roles
    yield _whole(talk, _asked(talk, words)) if whole else _own(talk, talk.staff, _asked(talk, words))


def _asked(talk: Talk, words: list[str]) -> date:
    today = talk.work.now.astimezone(ZoneInfo(zone_for(talk.company, talk.staff.key))).date()
    for word in words:
        if word in TOMORROW:
            return today + timedelta(days=1)
        if word not in ALL:
            try:
                return date.fromisoformat(word)
            except ValueError:
                raise NoSuchDay from None
    return today


def own(talk: Talk) -> Iterable[Outgoing]:
    """Somebody's day, from a button: one's own, or for those who arrange the days anybody's."""
    key = str(talk.args.get("who", talk.staff.key))
    member = next((m for m in talk.company.team if m.key == key), talk.staff)
    if member.key != talk.staff.key and not calendar.arranges(talk.staff):
        raise calendar.NotYourCalendar
    yield _own(talk, member, date.fromisoformat(str(talk.args["day"])))


def whole(talk: Talk) -> Iterable[Outgoing]:
    """Everybody's day, from a button."""
    yield _whole(talk, date.fromisoformat(str(talk.args["day"])))


def _own(talk: Talk, member: Member, day: date) -> Message:
    found = agenda.workday(talk.work, talk.company, member, day)
    lines = [fact for visit in found.visits for fact in visit_facts(visit, found.zone)]
    return Message(
        to=here(talk),
        title=t("day.title", name=member.name, day=_weekday(day)),
        body=() if found.visits else (t("day.nothing"),),
        facts=(*lines, *_around(found)),
        buttons=(*_visit_buttons(talk, found.visits), _turning("day.own", day, member.key), (_team(day),)),
    )


def _weekday(day: date) -> Moment:
    return Moment(datetime.combine(day, time(12), UTC), "UTC", "day")


def _around(found: Workday) -> list[Fact]:
    """What else is in that day: absences, another calendar, and what is free."""
    lines = []
    for entry in found.entered:
        when = hours(entry.starts_at, entry.ends_at, found.zone)
        whole_day = entry.ends_at - entry.starts_at >= timedelta(hours=23)
        lines.append(Fact(t(f"calendar.kind.{entry.kind}"), t("day.whole") if whole_day else when))
    if found.elsewhere:
        lines.append(Fact(t("day.elsewhere"), _listed(found.elsewhere, found.zone)))
    free = _worth(found.free)
    lines.append(Fact(t("day.free"), _listed(free, found.zone) if free else t("day.none")))
    return [replace(lines[0], apart=True), *lines[1:]]


def _worth(free: Iterable[Span]) -> list[Span]:
    """What is long enough for anything; a quarter of an hour between two ways is not."""
    return [span for span in free if span.until - span.first >= WORTH_TELLING]


def _visit_buttons(talk: Talk, visits: tuple[Visit, ...]) -> tuple[tuple[Button, ...], ...]:
    rows = []
    for visit in visits[:BUTTONS]:
        if visit.request.running:
            number = visit.request.number
            named: dict[str, Plain] = {"request": visit.request.id}
            reply = Button(t("day.reply", number=number), "team.reply", named, standing=True)
            move = Button(t("day.move", number=number), "team.move", named, standing=True)
            rows.append((reply, move) if visit.booking.starts_at > talk.work.now else (reply,))
    return tuple(rows)


def _turning(act: str, day: date, who: str) -> tuple[Button, ...]:
    before, after = ((day + timedelta(days=n)).isoformat() for n in (-1, 1))
    return (standing("day.before", act, day=before, who=who), standing("day.after", act, day=after, who=who))


def _team(day: date) -> Button:
    return standing("day.team", "day.whole", day=day.isoformat())


def _whole(talk: Talk, day: date) -> Message:
    """Everybody of a day: who is where when, and what is free."""
    team = [m for m in talk.company.team if "technician" in m.roles]
    lines = [_line(agenda.workday(talk.work, talk.company, member, day)) for member in team]
    people: tuple[Button, ...] = ()
    if calendar.arranges(talk.staff):
        people = tuple(Button(m.name, "day.own", {"day": day.isoformat(), "who": m.key}, standing=True) for m in team)
    return Message(
        to=here(talk),
        title=t("day.title.team", day=_weekday(day)),
        facts=tuple(lines),
        buttons=(_turning("day.whole", day, talk.staff.key), *(people[n : n + 5] for n in range(0, len(people), 5))),
    )


def _line(found: Workday) -> Fact:
    said: list[tuple[int, Value]] = []
    for visit in found.visits:
        when = hours(visit.booking.starts_at, visit.booking.ends_at, found.zone)
        visits = visit.booking.help is Help.VISIT and visit.home is not None
        place: Value = visit.home.city if visits and visit.home else t("day.remote")
        said.append((cell(visit.booking.starts_at), t("day.at", hours=when, number=visit.request.number, place=place)))
    said += [(span.first, t("day.busy", hours=_span(span, found.zone))) for span in found.elsewhere]
    said.sort(key=lambda part: part[0])
    away = any(entry.kind is not EntryKind.EXTRA for entry in found.entered)
    parts: list[Value] = [t("day.away")] if away else []
    parts += [words for _, words in said]
    if free := _worth(found.free):
        parts.append(t("day.free.at", hours=_listed(free, found.zone)))
    return Fact(found.member.name, Listing(tuple(parts), "plain") if parts else t("day.off"))


def _listed(spans: Iterable[Span], zone: str) -> Listing:
    return Listing(tuple(_span(span, zone) for span in spans), "plain")


def _span(span: Span, zone: str) -> Text:
    return hours(*agenda.stretch(span), zone)


PRESSES: dict[str, Handler] = {"day.own": own, "day.whole": whole}
