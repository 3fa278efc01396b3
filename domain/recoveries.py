"""Recoveries: somebody was not satisfied, somebody of the team makes it good, and we ask again."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Text, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from domain import deadlines, promised, requests
from domain.areas import Area, Intent, Urgency
from domain.company import Company
from domain.deadlines import Deadline
from domain.recommending import DETRACTS, Recommendation
from domain.record import Short, Table, choice, impersonal, personal
from domain.requests import Request, State, Wish
from domain.satisfaction_events import (
    CallChosen,
    RecoveryContacted,
    RecoveryMadeGood,
    RecoveryOpened,
    RecoverySettled,
    RecoveryTaken,
    RecoveryWarned,
)
from domain.surveys import GOOD_FROM, Survey
from domain.work import Refusal, Work

Answer = Survey | Recommendation


class Recovered(StrEnum):
    """What became of it."""

    OPEN = "open"
    YES = "yes"
    NO = "no"
    RAISED = "raised"  # he gave a better score before anybody had done anything


class Recovery(Table):
    """One low answer: who makes it good, until when, and whether it came out well."""

    __tablename__ = "recoveries"
    __table_args__ = (
        UniqueConstraint("survey_id"),
        UniqueConstraint("recommendation_id"),
        CheckConstraint("(survey_id IS NULL) <> (recommendation_id IS NULL)", "of_one_answer"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"), index=True)
    request_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id"), index=True)
    survey_id: Mapped[int | None] = mapped_column(ForeignKey("surveys.id"))
    recommendation_id: Mapped[int | None] = mapped_column(ForeignKey("recommendations.id"))
    channel: Mapped[str] = impersonal(Short)  # where its card hangs
    owner: Mapped[str | None] = impersonal(Short)  # the teammate's key
    opened_at: Mapped[datetime] = mapped_column(index=True)
    due_at: Mapped[datetime]
    warned: Mapped[int] = mapped_column(default=0)  # the highest percentage somebody was told of
    call_at: Mapped[datetime | None]  # the time he chose for a call
    contacted_at: Mapped[datetime | None]  # when somebody wrote to him or called
    made_at: Mapped[datetime | None]  # when it was made good, as the team says
    outcome: Mapped[Recovered] = mapped_column(choice(Recovered), default=Recovered.OPEN)
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str | None] = impersonal(Short)  # none: his second answer did
    words: Mapped[str | None] = personal(Text)  # what was done about it

    @property
    def running(self) -> bool:
        """Whether somebody of the team still has to do something."""
        return self.outcome is Recovered.OPEN and self.made_at is None


class RecoveryOver(Refusal):
    """It is made good, or settled: there is nothing left to do about it."""


class CallChosenAlready(Refusal):
    """He chose a time for the call before."""


# ── opening ──


def is_low(company: Company, answer: Answer) -> bool:
    """Whether somebody has to make something good."""
    if answer.score is None:
        return False
    if isinstance(answer, Survey):
        return answer.round == 1 and answer.score <= company.follow_ups.low_score
    return answer.score <= company.follow_ups.low_recommend


def answered(work: Work, company: Company, answer: Answer) -> Recovery | None:
    """What an answer (or another one in its place) means: it opens a recovery, ends it, or opens it again."""
    found = of_answer(work, answer)
    if found is None:
        return _open(work, company, answer) if is_low(company, answer) else None
    if is_low(company, answer):
        if found.outcome is Recovered.RAISED:
            _begin(work, company, found)
    elif found.outcome is Recovered.OPEN:
        if found.contacted_at is None and found.made_at is None and found.call_at is None:
            _settle(work, found, Recovered.RAISED, None)
        elif found.made_at is not None and _is_good(answer):
            _settle(work, found, Recovered.YES, None)
    return found


def _is_good(answer: Answer) -> bool:
    least = GOOD_FROM if isinstance(answer, Survey) else DETRACTS + 1
    return answer.score is not None and answer.score >= least


def _open(work: Work, company: Company, answer: Answer) -> Recovery:
    of_survey = isinstance(answer, Survey)
    request = answer.request_id if isinstance(answer, Survey) else _request_for(work, company, answer)
    made = Recovery(
        person_id=answer.person_id, request_id=request, survey_id=answer.id if of_survey else None,
        recommendation_id=None if of_survey else answer.id, owner=_assignee(work, company, request),
        channel=company.channels.satisfaction or company.channels.requests, opened_at=work.now, due_at=work.now,
    )  # fmt: skip
    work.session.add(made)
    _begin(work, company, made)
    return made


def _begin(work: Work, company: Company, one: Recovery) -> None:
    one.opened_at, one.warned, one.outcome, one.settled_at = work.now, 0, Recovered.OPEN, None
    one.due_at = deadline(work, company, one).due or work.now + timedelta(hours=company.follow_ups.recovery_hours)
    work.session.flush()
    work.happened(RecoveryOpened(one.id))


def _assignee(work: Work, company: Company, request: int) -> str | None:
    """Whoever had the request makes it good, if he is still with us."""
    had = work.session.get_one(Request, request).assignee
    return had if had in {member.key for member in company.team} else None


def _request_for(work: Work, company: Company, answer: Recommendation) -> int:
    """What was done for him last: there the team writes to him. Who never asked for anything has a request now."""
    mine = select(Request.id).where(Request.person_id == answer.person_id, Request.state != State.CANCELLED)
    last = work.session.scalar(mine.order_by(Request.id.desc()).limit(1))
    if last is not None:
        return last
    wish = Wish(Intent.HUMAN, Area.OTHER, Urgency.NORMAL, answer.remark or "", company.channels.requests)
    return requests.open_request(work, answer.person_id, answer.home_id, wish).id


# ── who looks ──


def held(work: Work, recovery: int) -> Recovery:
    """One as it is now; until the end of the transaction nobody else changes it."""
    (found,) = _held(work, Recovery.id == recovery)
    return found


def of_answer(work: Work, answer: Answer) -> Recovery | None:
    """The one that an answer opened."""
    column = Recovery.survey_id if isinstance(answer, Survey) else Recovery.recommendation_id
    return next(iter(_held(work, column == answer.id)), None)


def of_request(work: Work, request: int) -> list[Recovery]:
    """What is open about a request."""
    return list(_held(work, (Recovery.request_id == request) & (Recovery.outcome == Recovered.OPEN)))


def made_good_of(work: Work, request: int) -> list[Recovery]:
    """What was made good about a request, as the team says."""
    return list(_held(work, (Recovery.request_id == request) & Recovery.made_at.is_not(None)))


def _held(work: Work, which: ColumnElement[bool]) -> Sequence[Recovery]:
    """Of two who do something about it at the same moment the second waits, and sees what the first has done."""
    work.session.flush()
    found = select(Recovery).where(which).order_by(Recovery.id)
    return work.session.scalars(found.with_for_update().execution_options(populate_existing=True)).all()


def answer_of(work: Work, one: Recovery) -> Answer:
    """The answer it is about."""
    if one.survey_id is not None:
        return work.session.get_one(Survey, one.survey_id)
    return work.session.get_one(Recommendation, one.recommendation_id)


# ── its time ──


def deadline(work: Work, company: Company, one: Recovery) -> Deadline:
    """So many hours of the company's working time."""
    allowed = timedelta(hours=company.follow_ups.recovery_hours)
    return Deadline(one.opened_at, allowed, promised.worktime(work, company))


def warn(work: Work, company: Company, one: Recovery) -> None:
    """Somebody is told of each height that has been reached, once."""
    if one.running:
        reached = deadline(work, company, one).reached
        for percent in deadlines.passed(reached, company.desk.percents, work.now, range(one.warned + 1)):
            one.warned = percent
            work.happened(RecoveryWarned(one.id, percent))


def next_warning(work: Work, company: Company, one: Recovery) -> datetime | None:
    """When somebody is to be told next, if nothing happens."""
    if not one.running:
        return None
    reached = deadline(work, company, one).reached
    return deadlines.ahead(reached, company.desk.percents, work.now, range(one.warned + 1))


# ── what is done about it ──


def take(work: Work, one: Recovery, by: str) -> None:
    """Somebody sees to it. Raises RecoveryOver."""
    _still_running(one)
    was, one.owner = one.owner, by
    if was != by:
        work.happened(RecoveryTaken(one.id, was, by))


def choose_call(work: Work, one: Recovery, begins: datetime, until: datetime) -> None:
    """He wants to be called then. Raises RecoveryOver, CallChosenAlready."""
    _still_running(one)
    if one.call_at is not None:
        if one.call_at == begins:
            return
        raise CallChosenAlready
    one.call_at = begins
    work.happened(CallChosen(one.id, begins, until))


def contacted(work: Work, one: Recovery, by: str) -> None:
    """Somebody wrote to him or spoke with him; whoever did it has it, where nobody had."""
    if one.outcome is Recovered.OPEN and one.contacted_at is None:
        one.contacted_at, one.owner = work.now, one.owner or by
        work.happened(RecoveryContacted(one.id, by))


def made_good(work: Work, one: Recovery, words: str, by: str) -> None:
    """It is made good, as the team says: he is asked whether it is. Raises RecoveryOver."""
    _still_running(one)
    one.words, one.made_at, one.owner = words, work.now, one.owner or by
    work.happened(RecoveryMadeGood(one.id, by))


def could_not(work: Work, one: Recovery, words: str, by: str) -> None:
    """It cannot be made good. Raises RecoveryOver."""
    _still_running(one)
    one.words = words
    _settle(work, one, Recovered.NO, by)


def second_answer(work: Work, one: Recovery, score: int) -> None:
    """Is it all right now? His answer says how it came out, and another one in its place too."""
    if one.made_at is not None and one.settled_by is None:
        outcome = Recovered.YES if score >= GOOD_FROM else Recovered.NO
        if outcome is not one.outcome:
            _settle(work, one, outcome, None)


def silent(work: Work, one: Recovery) -> None:
    """He was asked again and has said nothing: nobody can say that it came out well."""
    if one.outcome is Recovered.OPEN and one.made_at is not None:
        _settle(work, one, Recovered.NO, None)


def _still_running(one: Recovery) -> None:
    if not one.running:
        raise RecoveryOver


def _settle(work: Work, one: Recovery, outcome: Recovered, by: str | None) -> None:
    one.outcome, one.settled_at, one.settled_by = outcome, work.now, by
    work.happened(RecoverySettled(one.id, outcome.value, by))
