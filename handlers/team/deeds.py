"""What the team does with a request besides answering and solving it: each deed a form, from the card's menu."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from domain import bookings, desk, requests
from domain.areas import Area, Urgency
from domain.calendar import OverAlready
from domain.desk import NotThatOne
from domain.notes import Direction, Words
from domain.people import Person
from domain.requests import numbered, running_of
from domain.work import Refusal
from handlers.cards.request import headline
from handlers.conversation import Handler, Talk
from handlers.messages import Field, FormErrors, Outgoing
from handlers.refusals import FormRefused, phrase
from handlers.team.fields import day_in, hour_in
from handlers.team.requests import form, minutes_of, request_of, said_in, short_enough
from locales.text import Text, Value, t

LONGEST = 3000  # characters: what a form field takes
LONGEST_PART = 150
MOST_ANSWERS, LONGEST_ANSWER = 6, 60  # buttons under a question, characters on one of them


class NotFinished(Refusal):
    """It is running: there is nothing to open again."""


def _refused(field: str, no: Refusal) -> FormRefused:
    return FormRefused(FormErrors({field: phrase(no)}))


def _needed(talk: Talk, field: str, wrong: Text) -> str:
    said = said_in(talk, field)
    if not said:
        raise FormRefused(FormErrors({field: wrong}))
    return said


# ── who ──


def ask_hand_over(talk: Talk) -> Iterable[Outgoing]:
    """Who shall see to it?"""
    request = request_of(talk)
    people: tuple[tuple[str, Value], ...] = tuple((m.key, m.name) for m in talk.company.team)
    fields = (Field("who", t("hand_over.who"), "choice", options=people, initial=request.assignee),)
    return form(talk, request, "hand_over", (), (*fields, _telling("hand_over.words", must=False)))


def hand_over(talk: Talk) -> Iterable[Outgoing]:
    """He reads it in his direct messages, with what he should know."""
    request, who = request_of(talk), said_in(talk, "who")
    if who not in {m.key for m in talk.company.team}:
        raise FormRefused(FormErrors({"who": t("form.choose")}))
    words = said_in(talk, "words")
    told = desk.note(talk.work, request, talk.staff.name, words) if words else None
    try:
        desk.hand_over(talk.work, request, who, talk.staff.key, told)
    except (desk.SameHands, requests.NotNow) as no:
        raise _refused("who", no) from None
    return ()


def _telling(label: str, *, must: bool = True) -> Field:
    return Field("words", t(label), "lines", optional=not must, longest=LONGEST)


# ── what about, how soon ──


def ask_sort(talk: Talk) -> Iterable[Outgoing]:
    """What is it about, how urgent is it?"""
    request = request_of(talk)
    return form(talk, request, "sort", (), sorting_fields(talk, request.area, request.urgency))


def sorting_fields(talk: Talk, area: Area, urgency: Urgency) -> tuple[Field, ...]:
    """What it is about, and how urgent."""
    areas: tuple[tuple[str, Value], ...] = tuple((a.value, t(f"area.{a}")) for a in talk.company.areas)
    urgencies: tuple[tuple[str, Value], ...] = tuple((u.value, t(f"urgency.{u}")) for u in Urgency)
    return (
        Field("area", t("sort.area"), "choice", options=areas, initial=area.value),
        Field("urgency", t("sort.urgency"), "choice", options=urgencies, initial=urgency.value),
    )


def sorted_as(talk: Talk) -> tuple[Area, Urgency]:
    """What was chosen there. Raises FormRefused."""
    try:
        return Area(said_in(talk, "area")), Urgency(said_in(talk, "urgency"))
    except ValueError:
        raise FormRefused(FormErrors({"area": t("form.choose")})) from None


def sort(talk: Talk) -> Iterable[Outgoing]:
    """The card says so; an emergency rings for everybody."""
    desk.sort(talk.work, request_of(talk), *sorted_as(talk))
    return ()


# ── not now ──


def ask_snooze(talk: Talk) -> Iterable[Outgoing]:
    """Until when shall it rest?"""
    request = request_of(talk)
    tomorrow = talk.work.now.astimezone(ZoneInfo(talk.company.time_zone)).date() + timedelta(days=1)
    fields = (
        Field("day", t("snooze.day"), "date", initial=tomorrow.isoformat()),
        Field("hour", t("snooze.hour"), "time", initial="09:00"),
    )
    return form(talk, request, "snooze", (t("snooze.intro"),), fields)


def snooze(talk: Talk) -> Iterable[Outgoing]:
    """It rests until then, or until he writes."""
    there = ZoneInfo(talk.company.time_zone)
    until = datetime.combine(day_in(talk, "day"), hour_in(talk, "hour", "09:00"), there)
    try:
        desk.snooze(talk.work, request_of(talk), until.astimezone(UTC))
    except (OverAlready, requests.NotNow) as no:
        raise _refused("day", no) from None
    return ()


def ask_part(talk: Talk) -> Iterable[Outgoing]:
    """Which part, and when is it expected?"""
    request = request_of(talk)
    fields = (
        Field("part", t("part.what"), hint=t("part.hint"), initial=request.part, longest=LONGEST_PART),
        Field("day", t("part.day"), "date", initial=request.part_on.isoformat() if request.part_on else None),
    )
    booked = bookings.booked_for(talk.work, request)
    if not booked:
        return form(talk, request, "part", (t("part.intro"),), fields)
    if booked[0].starts_at > talk.work.now:
        return form(talk, request, "part", (t("part.intro"), t("part.intro_ahead")), fields)
    minutes = Field("minutes", t("resolve.minutes"), "number", optional=True)
    return form(talk, request, "part", (t("part.intro"), t("part.intro_begun")), (*fields, minutes))


def part(talk: Talk) -> Iterable[Outgoing]:
    """We wait for it; the homeowner reads so, and its day rings."""
    name, day = _needed(talk, "part", t("part.missing")), day_in(talk, "day")
    today = talk.work.now.astimezone(ZoneInfo(talk.company.time_zone)).date()
    if day < today:
        raise FormRefused(FormErrors({"day": t("calendar.wrong.over")}))
    try:
        desk.wait_for_part(talk.work, request_of(talk), name, day, minutes_of(talk))
    except requests.NotNow as no:
        raise _refused("part", no) from None
    return ()


def part_here(talk: Talk) -> Iterable[Outgoing]:
    """It is here: it goes on."""
    desk.part_is_here(talk.work, request_of(talk))
    return ()


# ── together ──


def ask_merge(talk: Talk) -> Iterable[Outgoing]:
    """Which request goes on?"""
    request = request_of(talk)
    others = [r for r in running_of(talk.work, request.person_id) if r.id != request.id and r.running]
    options: tuple[tuple[str, Value], ...] = tuple((r.number, headline(r)) for r in others[:50])
    chosen = (Field("one", t("merge.one"), "choice", options=options, optional=True),) if options else ()
    number = Field("number", t("merge.number"), hint=t("merge.hint"), optional=True, longest=10)
    return form(talk, request, "merge", (t("merge.intro"),), (*chosen, number))


def merge(talk: Talk) -> Iterable[Outgoing]:
    """This one ends in that one."""
    typed, request = said_in(talk, "number").lstrip("#"), request_of(talk)
    field = "number" if typed or not said_in(talk, "one") else "one"
    into = numbered(talk.work, typed or said_in(talk, "one"))
    if into is None:
        raise FormRefused(FormErrors({field: t("merge.unknown")}))
    try:
        desk.merge(talk.work, request, into)
    except (NotThatOne, desk.StillBooked, requests.NotNow) as no:
        raise _refused(field, no) from None
    return ()


# ── among ourselves, and asking him ──


def ask_note(talk: Talk) -> Iterable[Outgoing]:
    """What should the team know?"""
    return form(talk, request_of(talk), "note", (t("note.intro"),), (_telling("note.words"),))


def note(talk: Talk) -> Iterable[Outgoing]:
    """It stands in the thread, and with the request."""
    words = _needed(talk, "words", t("form.words_missing"))
    desk.note(talk.work, request_of(talk), talk.staff.name, words)
    return ()


def ask_question(talk: Talk) -> Iterable[Outgoing]:
    """What do we ask, and which answers can he press?"""
    request = request_of(talk)
    person = talk.work.session.get_one(Person, request.person_id)
    intro = t("reply.intro", name=person.name, language=t(f"language.{person.language}"))
    answers = Field("answers", t("question.answers"), "lines", hint=t("question.hint"), optional=True, longest=500)
    return form(talk, request, "question", (intro,), (_telling("question.words"), answers))


def question(talk: Talk) -> Iterable[Outgoing]:
    """It goes to him; until he answers it is his turn."""
    request, words = request_of(talk), short_enough(_needed(talk, "words", t("form.words_missing")), "words")
    answers = [line.strip() for line in said_in(talk, "answers").splitlines() if line.strip()]
    if len(answers) > MOST_ANSWERS or any(len(answer) > LONGEST_ANSWER for answer in answers):
        wrong = t("question.too_many", most=MOST_ANSWERS, longest=LONGEST_ANSWER)
        raise FormRefused(FormErrors({"answers": wrong}))
    said = Words(Direction.TO_HOMEOWNER, talk.staff.name, words)
    at_once = not talk.company.desk.undo_seconds
    desk.ask(talk.work, request, said, answers, talk.staff.key, at_once=at_once)
    return ()


def answered(talk: Talk) -> Iterable[Outgoing]:
    """He has answered otherwise, on the phone for one: it goes on."""
    desk.has_answered(talk.work, request_of(talk))
    return ()


def reopen(talk: Talk) -> Iterable[Outgoing]:
    """It is not solved after all; not to be called off; or not the same as the one it was merged into."""
    request = request_of(talk)
    if request.running:
        raise NotFinished
    desk.reopen(talk.work, request, talk.staff.key)
    return ()


def call_out(talk: Talk) -> Iterable[Outgoing]:
    """An emergency: everybody is rung."""
    requests.raise_emergency(talk.work, request_of(talk))
    return ()


PRESSES: dict[str, Handler] = {
    "team.hand_over": ask_hand_over,
    "team.sort": ask_sort,
    "team.snooze": ask_snooze,
    "team.part": ask_part,
    "team.part_here": part_here,
    "team.answered": answered,
    "team.merge": ask_merge,
    "team.note": ask_note,
    "team.question": ask_question,
    "team.reopen": reopen,
    "team.call_out": call_out,
}
FORMS: dict[str, Handler] = {
    "team.hand_over.sent": hand_over,
    "team.sort.sent": sort,
    "team.snooze.sent": snooze,
    "team.part.sent": part,
    "team.merge.sent": merge,
    "team.note.sent": note,
    "team.question.sent": question,
}
