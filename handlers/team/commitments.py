"""A sentence of a teammate's is pinned as a promise: from a message of the thread or the card's menu; was it kept?"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from domain import commitments, requests
from domain.calendar import OverAlready
from domain.commitments import AnsweredAlready, Commitment, Outcome, PinnedAlready, Wish
from domain.notes import LEFT, Direction, Note, written
from domain.people import Person
from domain.requests import Request
from domain.work import Refusal
from handlers.cards.request import who_is, zone_of
from handlers.conversation import Handler, Talk, to
from handlers.inbound import Chosen
from handlers.messages import Field, FormErrors, Outgoing, Part, Plain, Said
from handlers.pipes import card_at
from handlers.refusals import FormRefused, phrase
from handlers.team.fields import day_in, hour_in
from handlers.team.relay import reply_form
from handlers.team.requests import form, form_again, request_of, said_in, words_of
from handlers.team.threads import request_there, source_of
from locales.text import In, Moment, Value, t

LONGEST = 300  # characters of a promise
YES, NO = "yes", "no"


class NothingToPin(Refusal):
    """Only what a teammate wrote in a request's thread can be pinned."""


# ── pinning ──


def ask(talk: Talk) -> Iterable[Outgoing]:
    """Open the form: what, until when, who, and whether the homeowner is to know."""
    request = request_of(talk)
    return form(talk, request, "commitment", (t("commitment.intro"),), _fields(talk, "", talk.staff.key, tell=False))


def chosen(talk: Talk) -> Iterable[Outgoing]:
    """*Pin as a promise*, on a message of the thread: the sentence stands in the form."""
    came = talk.inbound
    assert isinstance(came, Chosen)
    request, note = request_there(talk), _note(talk, came)
    member = talk.company.teammate(came.author or "")
    keeper = (note.sent_by if note is not None else None) or (member.key if member is not None else None)
    theirs = note is not None and note.direction is Direction.FROM_HOMEOWNER
    words = came.text if came.author is not None else note.words if note is not None else ""
    if request is None or keeper is None or theirs or not words.strip():
        raise NothingToPin
    source = (note.source or f"note:{note.id}") if note is not None else source_of(talk)
    if commitments.pinned(talk.work, source):
        raise PinnedAlready
    sent = note is not None and note.sending in LEFT
    fields = _fields(talk, words, keeper, tell=sent)
    return form(talk, request, "commitment", (t("commitment.intro"),), fields, source=source)


def _note(talk: Talk, came: Chosen) -> Note | None:
    """What we keep of that message: a teammate's own, or our copy of what he sent by form."""
    found = written(talk.work, source_of(talk))
    if found:
        return found[0]
    about = card_at(talk.work.session, came.place.chat, came.message or "") or ""
    kind, _, number = about.partition(":")
    return talk.work.session.get(Note, int(number)) if kind == "note" and number.isdecimal() else None


def _fields(talk: Talk, words: str, keeper: str, *, tell: bool) -> tuple[Field, ...]:
    one_line = " ".join(words.split())[:LONGEST]
    tomorrow = talk.work.now.astimezone(ZoneInfo(talk.company.time_zone)).date() + timedelta(days=1)
    hour = commitments.hour_in(one_line)
    people: tuple[tuple[str, Value], ...] = tuple((m.key, m.name) for m in talk.company.team)
    whether: tuple[tuple[str, Value], ...] = ((NO, t("commitment.tell.no")), (YES, t("commitment.tell.yes")))
    return (
        Field("words", t("commitment.words"), "lines", initial=one_line or None, longest=LONGEST),
        Field("day", t("commitment.day"), "date", initial=tomorrow.isoformat()),
        Field("hour", t("commitment.hour"), "time", initial=f"{hour:%H:%M}"),
        Field("who", t("commitment.who"), "choice", options=people, initial=keeper),
        Field("tell", t("commitment.tell"), "choice", hint=t("commitment.tell.hint"), options=whether,
              initial=YES if tell else NO),
    )  # fmt: skip


def sent(talk: Talk) -> Iterable[Outgoing]:
    """It is pinned; where the homeowner is to know, one sees first what he will read."""
    request, words, who = request_of(talk), words_of(talk), said_in(talk, "who")
    if who not in {m.key for m in talk.company.team}:
        raise FormRefused(FormErrors({"who": t("form.choose")}))
    due = _due(talk)
    if said_in(talk, "tell") != YES:
        _pin(talk, request, Wish(words, due, who, source=_source(talk)), "day")
        return ()
    return _preview(talk, request, Wish(words, due, who, source=_source(talk)))


def _preview(talk: Talk, request: Request, wish: Wish) -> Iterable[Outgoing]:
    person = talk.work.session.get_one(Person, request.person_id)
    if to(person) is None:
        call = t("team.unreachable", name=person.name, phone=person.phone or "–")
        raise FormRefused(FormErrors({"tell": call}))
    at = Moment(wish.due_at, zone_of(talk.work, talk.company, request), "short")
    told = In(t("commitment.told", name=who_is(talk.company, wish.keeper), at=at), person.language)
    language = t(f"language.{person.language}")
    intro: tuple[Part, ...] = (t("reply.preview", name=person.name, language=language), told, Said(wish.words))
    again = Field("words", t("reply.again"), "lines", initial=wish.words, longest=LONGEST)
    given: dict[str, Plain] = {"due": wish.due_at.isoformat(), "who": wish.keeper, "source": wish.source or ""}
    return form_again(talk, request, "commitment", given, intro, (again,), t("commitment.send"))


def go(talk: Talk) -> Iterable[Outgoing]:
    """It is pinned, and he reads it."""
    due, who = datetime.fromisoformat(str(talk.args["due"])), str(talk.args["who"])
    _pin(talk, request_of(talk), Wish(words_of(talk), due, who, True, _source(talk)), "words")
    return ()


def _pin(talk: Talk, request: Request, wish: Wish, field: str) -> None:
    try:
        commitments.pin(talk.work, request, wish, talk.staff.key)
    except (OverAlready, PinnedAlready, requests.NotNow) as no:
        raise _refused(field, no) from None


def _source(talk: Talk) -> str | None:
    return str(talk.args.get("source") or "") or None


def _due(talk: Talk) -> datetime:
    """The moment that was filled in. Raises FormRefused."""
    day, hour = day_in(talk, "day"), hour_in(talk, "hour", f"{commitments.USUAL:%H:%M}")
    due = commitments.moment(day, hour, talk.company.time_zone)
    if due <= talk.work.now:
        raise _refused("day", OverAlready())
    return due


def _refused(field: str, no: Refusal) -> FormRefused:
    return FormRefused(FormErrors({field: phrase(no)}))


# ── was it kept? ──


def _meant(talk: Talk, wanted: Outcome | None = None) -> tuple[Commitment, Request]:
    """The one that a button names. Raises AnsweredAlready, with who said what, unless he himself has said just that."""
    one = commitments.held(talk.work, talk.number("commitment"))
    request = talk.work.session.get_one(Request, one.request_id)
    if one.outcome not in (Outcome.OPEN, wanted if one.settled_by == talk.staff.key else None):
        raise AnsweredAlready(_who_said(talk, one), one.outcome)
    return one, request


def _who_said(talk: Talk, one: Commitment) -> str:
    return who_is(talk.company, one.settled_by) if one.settled_by else talk.company.name


def yes(talk: Talk) -> Iterable[Outgoing]:
    """It was kept."""
    one, _ = _meant(talk, Outcome.KEPT)
    commitments.keep(talk.work, one, talk.staff.key)
    return ()


def no(talk: Talk) -> Iterable[Outgoing]:
    """It was not: an apology in his language stands in the form of a reply."""
    one, request = _meant(talk, Outcome.BROKEN)
    commitments.break_(talk.work, one, talk.staff.key)
    person = talk.work.session.get_one(Person, request.person_id)
    at = Moment(one.due_at, zone_of(talk.work, talk.company, request), "short")
    sorry = t("commitment.sorry", at=at) if one.told else t("commitment.sorry.untold")
    return reply_form(talk, request, In(sorry, person.language))


def withdraw(talk: Talk) -> Iterable[Outgoing]:
    """It does not hold any more."""
    one, _ = _meant(talk, Outcome.WITHDRAWN)
    commitments.withdraw(talk.work, one, talk.staff.key)
    return ()


def ask_later(talk: Talk) -> Iterable[Outgoing]:
    """When will it be?"""
    one, request = _meant(talk)
    there = ZoneInfo(talk.company.time_zone)
    day = max(one.due_at, talk.work.now).astimezone(there).date() + timedelta(days=1)
    fields = (
        Field("day", t("commitment.day"), "date", initial=day.isoformat()),
        Field("hour", t("commitment.hour"), "time", initial=f"{one.due_at.astimezone(there):%H:%M}"),
    )
    told = t("commitment_later.told") if one.told else t("commitment_later.untold")
    return form(talk, request, "commitment_later", (Said(one.words), told), fields, commitment=one.id)


def later(talk: Talk) -> Iterable[Outgoing]:
    """It will be then."""
    due = _due(talk)
    try:
        one, _ = _meant(talk)
        commitments.move(talk.work, one, due, talk.staff.key)
    except (AnsweredAlready, OverAlready) as refused:
        raise _refused("day", refused) from None
    return ()


PRESSES: dict[str, Handler] = {
    "team.commitment": ask,
    "commitment.yes": yes,
    "commitment.no": no,
    "commitment.later": ask_later,
    "commitment.withdraw": withdraw,
}
FORMS: dict[str, Handler] = {
    "team.commitment.sent": sent,
    "team.commitment.go": go,
    "team.commitment_later.sent": later,
}
SHORTCUTS: dict[str, Handler] = {"pin_promise": chosen}
