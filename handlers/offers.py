"""Offers: a time that can be kept with its price of this moment, as it is held for somebody."""

from domain.bookings import Offer
from domain.company import Job
from domain.requests import Request
from domain.slots import Search, Slot
from domain.stored import keep
from handlers.cards.verdict import Terms, valid_for
from handlers.conversation import Talk


def offer_of(talk: Talk, request: Request, job: Job, search: Search, slot: Slot) -> Offer:
    """A slot that a search has found, priced as it is now. Raises NoPrice."""
    priced = Terms.of(talk.work, talk.company, request).priced(job, job.minutes, at=slot.start)
    tariff = keep(talk.work, talk.company.tariff)
    until = talk.work.now + valid_for(talk.company)
    return Offer(slot, search.need, talk.company.help_of(job.work), priced, tariff.id, until, job.window)
