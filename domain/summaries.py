"""Summaries: what managers read about some days. Every share and mean comes with its interval and its number.

The satisfaction of some days is that of the questions put in these days, whenever they were answered: so answered is
always a part of asked. It is the first question about a request that counts; the second one, after something was made
good, says only whether it was.
"""

from collections.abc import Sequence
from datetime import timedelta

import msgspec

from domain import summaries_answers, summaries_care, summaries_money, summary_days
from domain.company import Company
from domain.statistics import Change, Estimate, moved, share_moved
from domain.summaries_answers import Answers, By, Group, Reason, Recommended, Recovered, Verbatim
from domain.summaries_care import Care
from domain.summaries_money import Business
from domain.summary_days import Days, Each
from domain.work import Work

WORDS = 10  # remarks, the newest
LEAD = timedelta(weeks=11)


class Compared(msgspec.Struct, frozen=True):
    """How the answers differ from those of as many days before: none where one of both has no answer."""

    before: Answers
    mean: Change | None
    good: Change | None
    rate: Change | None


class Summary(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about some days."""

    days: Days
    answers: Answers
    compared: Compared
    recommended: Recommended
    reasons: tuple[Reason, ...]
    verbatims: tuple[Verbatim, ...]
    remarks: int  # how many were written in all
    recovered: Recovered
    care: Care
    business: Business
    by: By | None = None
    groups: tuple[Group, ...] = ()


class Point(msgspec.Struct, frozen=True):
    """One week or month of a trend."""

    days: Days
    answers: Answers

    @property
    def good(self) -> Estimate | None:
        """The share of 4 and 5."""
        return self.answers.good


def summary(work: Work, company: Company, days: Days, by: By | None = None, words: int = WORDS) -> Summary:
    """The summary of those days, grouped if that is wanted."""
    table = summaries_answers.counted(work, days, by)
    answers = table.answers
    return Summary(
        days=days,
        answers=answers,
        compared=compared(summaries_answers.answers(work, summary_days.before(days)), answers),
        recommended=summaries_answers.recommended(work, days),
        reasons=table.reasons,
        verbatims=summaries_answers.verbatims(work, days, words),
        remarks=summaries_answers.remarks(work, days),
        recovered=summaries_answers.recovered(work, days),
        care=summaries_care.care(work, company, days),
        business=summaries_money.business(work, company, days),
        by=by,
        groups=table.groups,
    )


def compared(before: Answers, now: Answers) -> Compared:
    """Whether a difference is more than noise, and between which bounds it lies."""
    return Compared(
        before,
        moved(before.scores, now.scores),
        share_moved((before.satisfied, before.answered), (now.satisfied, now.answered)),
        share_moved((before.answered, before.asked), (now.answered, now.asked)),
    )


def leading_up(days: Days) -> Days:
    """Those days with what led up to them: of one week alone nobody sees where it comes from."""
    earlier = summary_days.of(Each.WEEK, days.last - LEAD, days.zone).since
    return Days(min(days.since, earlier), days.until, days.zone)


def trend(work: Work, days: Days) -> tuple[Point, ...]:
    """Week by week, or month by month, up to now."""
    begun: Sequence[Days] = [part for part in summary_days.parts(days) if part.since <= work.now]
    return tuple(Point(part, summaries_answers.answers(work, part)) for part in begun)
