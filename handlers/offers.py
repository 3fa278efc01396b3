"""Offers: a time that can be kept with its price of this moment, as it is held for somebody."""

from domain import proposals
from domain.bookings import Offer
from domain.company import Job
from domain.pricing import Priced
from domain.proposals import StoredQuote
from domain.quoting import agreed_for
from domain.requests import Request
from domain.slots import Search, Slot
from domain.stored import keep
from handlers.cards.verdict import Terms, valid_for
from handlers.conversation import Talk


def offer_of(talk: Talk, request: Request, job: Job, search: Search, slot: Slot) -> Offer:
    """A slot that a search has found, priced as it is now. Raises NoPrice."""
    priced = Terms.of(talk.work, talk.company, request).priced(job, job.minutes, at=slot.start)
    kind, until = talk.company.help_of(job.work), talk.work.now + valid_for(talk.company)
    agreed = agreed_for(talk.work, request)
    if agreed is not None and _same(priced, agreed):
        return Offer(slot, search.need, kind, priced, agreed.tariff_id, until, job.window, agreed)
    tariff = keep(talk.work, talk.company.tariff)
    return Offer(slot, search.need, kind, priced, tariff.id, until, job.window)


def _same(priced: Priced, agreed: StoredQuote) -> bool:
    """Whether it is the price he agreed to, and takes as much from his plan: then that one stands."""
    quote, verdict = proposals.quote_of(agreed), proposals.verdict_of(agreed)
    return (quote.work, quote.total) == (priced.quote.work, priced.quote.total) and verdict.uses == priced.verdict.uses
