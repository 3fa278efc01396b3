"""What became of campaigns: who was asked, what was said to it, and what was booked. Few statements for many."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Executable, func, select

from domain.appointments import STANDING, Booking, BookingState
from domain.charges import Charge
from domain.prompts import Prompt, PromptState, Reply
from domain.proposals import StoredQuote
from domain.work import Work


@dataclass
class Results:
    """Of one campaign; `revenue` in minor units, with tax: what was charged, and what is agreed and not done yet."""

    waiting: int = 0  # have their moment, and were not asked yet
    asked: int = 0  # people
    opened: int = 0
    replies: dict[Reply, int] = field(default_factory=dict)
    booked: int = 0
    revenue: int = 0

    def said(self, *replies: Reply) -> int:
        """How many said one of these."""
        return sum(self.replies.get(reply, 0) for reply in replies)


def results(work: Work, campaigns: Collection[int]) -> dict[int, Results]:
    """Of each of these."""
    work.session.flush()
    found = {campaign: Results() for campaign in campaigns}
    _prompted(work, found)
    _booked(work, found)
    return found


def _prompted(work: Work, found: dict[int, Results]) -> None:
    its = Prompt.campaign_id.in_(list(found))
    people = func.count(func.distinct(Prompt.person_id))
    states = select(Prompt.campaign_id, Prompt.state, people).where(its).group_by(Prompt.campaign_id, Prompt.state)
    for campaign, state, many in _rows(work, states):
        if state is PromptState.PLANNED:
            found[campaign].waiting = many
        elif state is PromptState.ASKED:
            found[campaign].asked = many
    opened = select(Prompt.campaign_id, people).where(its, Prompt.opened_at.is_not(None)).group_by(Prompt.campaign_id)
    for campaign, many in _rows(work, opened):
        found[campaign].opened = many
    replied = select(Prompt.campaign_id, Prompt.reply, people).where(its, Prompt.reply.is_not(None))
    for campaign, reply, many in _rows(work, replied.group_by(Prompt.campaign_id, Prompt.reply)):
        found[campaign].replies[reply] = many


def _rows(work: Work, query: Executable) -> Sequence[Any]:
    return work.session.execute(query).all()


def _booked(work: Work, found: dict[int, Results]) -> None:
    """Each request counts once, however often its appointment was moved."""
    led_to = (
        select(Prompt.campaign_id, Prompt.request_id)
        .where(Prompt.campaign_id.in_(list(found)), Prompt.request_id.is_not(None))
        .distinct()
        .subquery()
    )
    one = led_to.c.campaign_id
    booked = select(one, func.count(func.distinct(led_to.c.request_id))).join(
        Booking, Booking.request_id == led_to.c.request_id
    )
    kept = Booking.state.in_((*STANDING, BookingState.DONE))
    for campaign, many in _rows(work, booked.where(kept).group_by(one)):
        found[campaign].booked = many
    charged = select(one, func.sum(Charge.amount_minor)).join(Charge, Charge.request_id == led_to.c.request_id)
    agreed = (
        select(one, func.sum(StoredQuote.total_minor))
        .join(Booking, Booking.request_id == led_to.c.request_id)
        .join(StoredQuote, StoredQuote.id == Booking.quote_id)
        .where(Booking.state.in_(STANDING))
    )
    for query in (charged, agreed):
        for campaign, amount in _rows(work, query.group_by(one)):
            found[campaign].revenue += int(amount)
