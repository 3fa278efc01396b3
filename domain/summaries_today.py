"""Is something wrong today? A rule over three numbers, and the numbers."""

from datetime import datetime

import msgspec
from sqlalchemy import func, select

from domain.company import Company
from domain.requests import NAMED, Happening
from domain.summary_days import DAY, midnight
from domain.surveys import Survey
from domain.work import Work

LOW = 3  # low scores in one day
BROKEN = 3  # promises whose time was over in one day, at least
BURST = 3  # times as many as on a usual day, at least
USUAL = 28 * DAY  # what is usual is the mean of these days before today


class Today(msgspec.Struct, frozen=True):
    """Low scores given today, promises not kept today, and how many are not kept on a usual day."""

    low: int
    broken: int
    usual: float

    @property
    def low_scores(self) -> bool:
        """Three people in one day are no accident."""
        return self.low >= LOW

    @property
    def broken_promises(self) -> bool:
        """Some, and far more than usual."""
        return self.broken >= BROKEN and self.broken >= BURST * self.usual

    @property
    def wrong(self) -> bool:
        """Whether somebody should look today."""
        return self.low_scores or self.broken_promises


def today(work: Work, company: Company) -> Today:
    """How this day stands, on the company's calendar."""
    began = midnight(company.today(work.now), company.time_zone)
    low = select(func.count()).select_from(Survey).where(
        Survey.answered_at >= began, Survey.answered_at <= work.now, Survey.score <= company.follow_ups.low_score
    )  # fmt: skip
    before = len(_broken(work, began - USUAL, began))
    return Today(work.session.scalar(low) or 0, len(_broken(work, began, None)), before / (USUAL / DAY))


def _broken(work: Work, since: datetime, until: datetime | None) -> set[tuple[str, str, str]]:
    """The promises whose whole time had passed: each once, however often somebody was told."""
    work.session.flush()
    told = select(Happening.subject, Happening.facts).where(
        NAMED, Happening.name == "PromiseWarned", Happening.at >= since
    )  # fmt: skip
    rows = work.session.execute(told if until is None else told.where(Happening.at < until))
    return {(subject, facts["what"], facts["began"]) for subject, facts in rows if facts["percent"] >= 100}
