"""Promises as the team and the homeowner read them: until when, and how it stands."""

from datetime import timedelta

from domain import commitments, promised
from domain.clocks import Clock, Standing
from domain.company import Company
from domain.requests import Request
from domain.work import Work
from domain.worktime import Worktime
from handlers.messages import Fact
from locales.text import Minutes, Moment, Text, t

MOST = 3  # lines on a card
HIS = ("answer", "help", "visit")  # what the homeowner is told of


def for_team(work: Work, company: Company, request: Request) -> list[Fact]:
    """What is still owed, the most urgent first."""
    if not request.running:
        return []
    stand = promised.stands(work, company, [request])[request.id]
    live = [clock for clock in stand.clocks if clock.live]
    live.sort(key=lambda clock: (clock.due is None, clock.due))
    return [
        Fact(
            t(f"promise.{clock.what}"),
            # A card hangs there for hours: what it says of the time left would soon be wrong.
            stands(clock, company.time_zone, in_hand=promised.in_hand(clock, stand.planned), fresh=False),
        )
        for clock in live[:MOST]
    ]


def for_homeowner(work: Work, company: Company, request: Request, zone: str) -> list[Fact]:
    """What he may still count on; nothing of what is late: a person speaks with him about that."""
    if not request.running:
        return []
    live = [c for c in promised.standing(work, company, request) if c.standing is Standing.RUNNING and c.what in HIS]
    return [Fact(t(f"promise.{c.what}"), t("clock.by", at=Moment(c.due, zone, "short"))) for c in live[:1] if c.due]


def given_word(work: Work, request: Request, zone: str) -> list[Fact]:
    """What a teammate promised him, while it is ahead."""
    told = [one for one in commitments.open_for(work, request) if one.told and one.due_at > work.now]
    return [
        Fact(t("commitment.ours"), t("commitment.until", at=Moment(one.due_at, zone, "short"), words=one.words))
        for one in told[:MOST]
    ]


def stands(clock: Clock, zone: str, *, in_hand: bool = False, fresh: bool = True) -> Text:
    """How it stands with one of them; how much is left only where it is still true when it is read."""
    if clock.standing is Standing.PAUSED:
        return t("clock.paused_left", left=_left(clock))
    if clock.due is None:
        return t("clock.paused")
    at = Moment(clock.due, zone, "short")
    if clock.standing is Standing.OVER:
        return t("clock.over", at=at)
    if in_hand:
        return t("clock.in_hand", at=at)
    return t("clock.by_left", at=at, left=_left(clock)) if fresh else t("clock.by", at=at)


def _left(clock: Clock) -> Text:
    """How much of it is left, in the time that counts for it."""
    left = Minutes(max((clock.allowed - clock.used) // timedelta(minutes=1), 0))
    return t("clock.left_working" if isinstance(clock.time, Worktime) else "clock.left", time=left)
