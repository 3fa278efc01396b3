"""First aid: what a homeowner tried himself, step by step, and whether it helped."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, func, select
from sqlalchemy.orm import Mapped, mapped_column

from domain import bookings, requests
from domain.first_aid_events import FirstAidDidNotHelp, FirstAidHelped
from domain.record import Short, Table, choice, impersonal
from domain.remedies import Remedy
from domain.requests import Request
from domain.statistics import Estimate, share
from domain.summary_days import Days
from domain.work import Refusal, Work


class Outcome(StrEnum):
    """What became of it."""

    UNDER_WAY = "under_way"  # or left without a word
    HELPED = "helped"
    NOT = "not"


class FirstAid(Table):
    """One trouble that somebody tried to mend himself."""

    __tablename__ = "first_aids"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), index=True)
    remedy: Mapped[str] = impersonal(Short)  # its key in the company's files
    step: Mapped[int]  # the one that he was shown last, from 1
    outcome: Mapped[Outcome] = mapped_column(choice(Outcome))
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(index=True)


class AppointmentStands(Refusal):
    """Somebody is to come: what helps now does not call him off."""


def tried(work: Work, request: Request) -> list[FirstAid]:
    """What was tried for a request, the newest last."""
    its = select(FirstAid).where(FirstAid.request_id == request.id)
    return list(work.session.scalars(its.order_by(FirstAid.id)))


def started(work: Work, request: Request, remedy: Remedy) -> FirstAid:
    """The first step is shown; what was begun of the same is gone on with from its beginning."""
    for aid in tried(work, request):
        if aid.remedy == remedy.key and aid.outcome is Outcome.UNDER_WAY:
            aid.step = 1
            return aid
    aid = FirstAid(request_id=request.id, remedy=remedy.key, step=1, outcome=Outcome.UNDER_WAY, begun_at=work.now)
    work.session.add(aid)
    work.session.flush()
    return aid


def helped(work: Work, request: Request, aid: FirstAid) -> None:
    """It works again: nobody of the team is needed. Raises AppointmentStands, NotNow."""
    if bookings.booked_for(work, request):
        raise AppointmentStands
    bookings.release_holds_of(work, request)
    requests.mended(work, request)
    aid.outcome, aid.ended_at = Outcome.HELPED, work.now
    work.happened(FirstAidHelped(request.id, aid.id))


def did_not(work: Work, request: Request, aid: FirstAid) -> None:
    """All of it was tried, or as much as he wanted: the team reads what it need not try again."""
    aid.outcome, aid.ended_at = Outcome.NOT, work.now
    work.happened(FirstAidDidNotHelp(request.id, aid.id))


def mended(work: Work, days: Days) -> Estimate | None:
    """Of what people tried to the end in those days: the share that helped."""
    ended = select(FirstAid.outcome, func.count()).where(
        FirstAid.ended_at >= days.since, FirstAid.ended_at < days.until
    )
    counts = dict(work.session.execute(ended.group_by(FirstAid.outcome)).all())
    return share(counts.get(Outcome.HELPED, 0), sum(counts.values()))
