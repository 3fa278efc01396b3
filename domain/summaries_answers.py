"""Summaries: what people answered. Counted by the database: a million answers come as a few hundred rows.

SQLite sorts what it groups, unless an index has it in order already: where the days that are asked for have many
questions, it is made to read that index from end to end; where they have few, it reads these alone.
"""

from collections.abc import Callable, Iterable
from datetime import date
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import ColumnElement, Select, String, cast, func, or_, select, type_coerce

from domain import surveys
from domain.contracts import Contract, ContractState
from domain.homes import Home
from domain.people import Person
from domain.recommending import Recommendation
from domain.recoveries import Recovered as Outcome
from domain.recoveries import Recovery
from domain.requests import Request
from domain.statistics import Estimate, mean, net_promoters, share
from domain.summary_days import Days
from domain.surveys import Survey
from domain.tariff import NO_PLAN
from domain.work import Work

REASONS = (*surveys.GOOD, *surveys.BAD)  # what can be named; anything else that was kept once is not shown
FEWEST = 5  # answers of a group that is shown
MANY = 6  # the counting index is read as a whole where one question of so many is in these days
GOOD = 4  # and more


class By(StrEnum):
    """What answers can be grouped by."""

    PLAN = "plan"
    AREA = "area"
    TECHNICIAN = "technician"
    REGION = "region"
    LANGUAGE = "language"


class Answers(msgspec.Struct, frozen=True):
    """How many were asked, and how many gave which score (1 to 5)."""

    asked: int
    scores: dict[int, int]

    @property
    def answered(self) -> int:
        """How many gave one."""
        return sum(self.scores.values())

    @property
    def satisfied(self) -> int:
        """How many gave 4 or 5."""
        return sum(number for score, number in self.scores.items() if score >= GOOD)

    @property
    def mean(self) -> Estimate | None:
        """The mean score."""
        return mean(self.scores)

    @property
    def good(self) -> Estimate | None:
        """The share of 4 and 5."""
        return share(self.satisfied, self.answered)

    @property
    def rate(self) -> Estimate | None:
        """The share that answered."""
        return share(self.answered, self.asked)


class Group(msgspec.Struct, frozen=True):
    """The answers of one group; none of one that has too few. No key: of nobody, or nowhere, that is known."""

    key: str | None
    answers: Answers | None


class Reason(msgspec.Struct, frozen=True):
    """A reason that was named: with 4 and 5 what was good, with less what was not."""

    key: str
    good: bool
    count: int
    of: int  # answers that could name it


class Verbatim(msgspec.Struct, frozen=True):
    """What somebody wrote, as he wrote it."""

    words: str
    language: str
    score: int | None
    on: date


class Recommended(msgspec.Struct, frozen=True):
    """Would they recommend us? How many of each answer, 0 to 10."""

    asked: int
    scores: dict[int, int]

    @property
    def net(self) -> Estimate | None:
        """The net promoter score."""
        return net_promoters(self.scores)


class Recovered(msgspec.Struct, frozen=True):
    """What became of low answers."""

    yes: int
    no: int
    open: int

    @property
    def share(self) -> Estimate | None:
        """Of those it is known of."""
        return share(self.yes, self.yes + self.no)


class Table(msgspec.Struct, frozen=True):
    """The answers, by group and reasons."""

    answers: Answers
    reasons: tuple[Reason, ...]
    groups: tuple[Group, ...]


Row = tuple[str | None, int | None, str, int]  # technician, score, reasons, how many
Keyed = tuple[str | None, int | None, int]  # group, score, how many


def counted(work: Work, days: Days, by: By | None = None) -> Table:
    """The answers to the questions of those days."""
    rows = _rows(work, days)
    keyed: list[Keyed] = []
    if by is By.TECHNICIAN:
        keyed = [(key, score, number) for key, score, _, number in rows]
    elif by is not None:
        keyed = _keyed(work, days, by)
    return Table(_told((score, number) for _, score, _, number in rows), _reasons(rows), _groups(keyed))


def answers(work: Work, days: Days) -> Answers:
    """Only how many gave which score."""
    asked = select(Survey.score, func.count()).where(*put_in(days)).group_by(Survey.score)
    return _told((row[0], row[1]) for row in work.session.execute(asked))


def put_in(days: Days, at: Any = Survey.asked_at) -> tuple[ColumnElement[bool], ...]:
    """The first questions about a request, put in those days."""
    return at >= days.since, at < days.until, Survey.round == 1


def _told(rows: Iterable[tuple[int | None, int]]) -> Answers:
    """How many there are of each score; without one it is only asked."""
    asked, scores = 0, dict[int, int]()
    for score, number in rows:
        asked += number
        if score is not None:
            scores[score] = scores.get(score, 0) + number
    return Answers(asked, dict(sorted(scores.items())))


def _rows(work: Work, days: Days) -> list[Row]:
    """By technician, score and reasons, straight from the questions."""
    at: Any = Survey.asked_at
    reasons: Any = cast(Survey.reasons, String)
    if work.session.get_bind().dialect.name == "sqlite":
        reasons = type_coerce(Survey.reasons, String)  # as it is stored, and as the index has it
        if _many(work, days):
            at = func.coalesce(at, at)  # no index begins with that: the one that has them in order is read
    counts = select(Survey.technician, Survey.score, reasons, func.count()).where(*put_in(days, at))
    found = work.session.execute(counts.group_by(Survey.technician, Survey.score, reasons))
    return [(row[0], row[1], row[2], row[3]) for row in found]


def _many(work: Work, days: Days) -> bool:
    """Whether the days have a good part of all questions there are."""
    enough = (work.session.scalar(select(func.max(Survey.id))) or 0) // MANY
    some = select(Survey.round).where(*put_in(days)).limit(enough + 1).subquery()
    return (work.session.scalar(select(func.count()).select_from(some)) or 0) > enough


def _keyed(work: Work, days: Days, by: By) -> list[Keyed]:
    """By what stands beside the question: the request, its home, or whoever asked."""
    column, joined = _KEYS[by]
    counts = select(column, Survey.score, func.count()).select_from(Survey).where(*put_in(days))
    found = [(row[0], row[1], row[2]) for row in work.session.execute(joined(counts).group_by(column, Survey.score))]
    if by is not By.PLAN:
        return found
    plans = plans_of(work, days)
    return [(plans.get(home, NO_PLAN), score, number) for home, score, number in found]


def _of_request(counts: Select[Any]) -> Select[Any]:
    return counts.join(Request, Request.id == Survey.request_id)


def _of_home(counts: Select[Any]) -> Select[Any]:
    return _of_request(counts).outerjoin(Home, Home.id == Request.home_id)


def _of_person(counts: Select[Any]) -> Select[Any]:
    return counts.join(Person, Person.id == Survey.person_id)


_KEYS: dict[By, tuple[Any, Callable[[Select[Any]], Select[Any]]]] = {
    By.PLAN: (Request.home_id, _of_request),
    By.AREA: (Request.area, _of_request),
    By.REGION: (Home.region, _of_home),
    By.LANGUAGE: (Person.language, _of_person),
}


def plans_of(work: Work, days: Days) -> dict[int, str]:
    """The plan of each home that had one in those days: the one it had last."""
    signed = select(Contract.home_id, Contract.plan).where(
        Contract.state != ContractState.OFFERED,
        Contract.starts_on <= days.last,
        or_(Contract.ends_on.is_(None), Contract.ends_on >= days.first),
    )
    rows = work.session.execute(signed.order_by(Contract.starts_on, Contract.id))
    return {row[0]: row[1] for row in rows}


def _groups(keyed: Iterable[Keyed]) -> tuple[Group, ...]:
    """Each group, the largest first; those with too few answers at the end, with none of their figures."""
    rows: dict[str | None, list[tuple[int | None, int]]] = {}
    for key, score, number in keyed:
        rows.setdefault(key, []).append((score, number))
    found = {key: _told(some) for key, some in rows.items()}
    shown = [Group(key, told) for key, told in found.items() if told.answered >= FEWEST]
    hidden = [Group(key, None) for key, told in found.items() if told.answered < FEWEST]
    shown.sort(key=lambda group: (-(group.answers.answered if group.answers else 0), group.key or ""))
    return (*shown, *sorted(hidden, key=lambda group: group.key or ""))


def _reasons(rows: Iterable[Row]) -> tuple[Reason, ...]:
    """What was named, the most often first; each with how many answers could have named it."""
    named: dict[tuple[bool, str], int] = {}
    could = {True: 0, False: 0}
    for _, score, reasons, number in rows:
        if score is None:
            continue
        good = score >= GOOD
        could[good] += number
        for key in set(msgspec.json.decode(reasons, type=list[str])).intersection(REASONS):
            named[good, key] = named.get((good, key), 0) + number
    found = [Reason(key, good, count, could[good]) for (good, key), count in named.items()]
    return tuple(sorted(found, key=lambda reason: (not reason.good, -reason.count, reason.key)))


def verbatims(work: Work, days: Days, most: int) -> tuple[Verbatim, ...]:
    """What was written, the newest first: nobody's name is with it."""
    there = ZoneInfo(days.zone)
    asked = (
        select(Survey.remark, Person.language, Survey.score, Survey.asked_at, Survey.answered_at)
        .join(Person, Person.id == Survey.person_id)
        .where(*put_in(days), Survey.remark.is_not(None))
        .order_by(Survey.asked_at.desc(), Survey.id.desc())
        .limit(most)
    )
    return tuple(
        Verbatim(words or "", language, score, (answered or at).astimezone(there).date())
        for words, language, score, at, answered in work.session.execute(asked)
    )


def remarks(work: Work, days: Days) -> int:
    """How many remarks were written."""
    written = select(func.count()).select_from(Survey).where(*put_in(days), Survey.remark.is_not(None))
    return work.session.scalar(written) or 0


def recommended(work: Work, days: Days) -> Recommended:
    """The recommend questions put in those days."""
    asked = select(Recommendation.score, func.count()).where(
        Recommendation.asked_at >= days.since, Recommendation.asked_at < days.until
    )
    told = _told((row[0], row[1]) for row in work.session.execute(asked.group_by(Recommendation.score)))
    return Recommended(told.asked, told.scores)


def recovered(work: Work, days: Days) -> Recovered:
    """What became of the low answers that came in those days."""
    opened = select(Recovery.outcome, func.count()).where(
        Recovery.opened_at >= days.since, Recovery.opened_at < days.until
    )
    found = {row[0]: row[1] for row in work.session.execute(opened.group_by(Recovery.outcome))}
    return Recovered(*(found.get(outcome, 0) for outcome in (Outcome.YES, Outcome.NO, Outcome.OPEN)))
