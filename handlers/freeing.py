"""A time became free: it is kept for who waited, one after another."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from domain import bookings, events, waiting
from domain.appointments import Booking, SlotTaken
from domain.bookings import Offer
from domain.labour import NoPrice
from domain.offering import search_for, window_of
from domain.quoting import jobs_for
from domain.requests import Request
from domain.waiting import Waiting
from handlers.cards.request import zone_of
from handlers.conversation import Talk
from handlers.messages import Outgoing
from handlers.offers import offer_of

ANOTHER_TIME = timedelta(hours=3)  # who did not want one is not asked about its neighbours


def freed(talk: Talk, fact: events.OfBooking) -> Iterable[Outgoing]:
    """Something became free: whoever waits is looked at in turn. If it was kept for one of them, he let it pass."""
    waiting.let_pass(talk.work, talk.work.session.get_one(Booking, fact.booking))
    offer_all(talk)
    return ()


def booked(talk: Talk, fact: events.Booked) -> Iterable[Outgoing]:
    """Who has an appointment that is early enough does not wait any more."""
    booking = talk.work.session.get_one(Booking, fact.booking)
    waiting.served(talk.work, booking, talk.work.session.get_one(Request, fact.request))
    return ()


def offer_all(talk: Talk) -> None:
    """Keep what is free and early enough for those who wait, in their order."""
    for place, request in waiting.in_line(talk.work):
        if waiting.has_hold(talk.work, request):
            continue
        offer = _offer(talk, place, request)
        if offer is None:
            continue
        until = waiting.until(talk.work, talk.company, offer.slot.start)
        seen = len(talk.work.events)
        try:
            with talk.work.session.begin_nested():
                booking = bookings.hold(talk.work, talk.company, request, offer, until)
                waiting.kept_for(place, booking)
        except SlotTaken:
            del talk.work.events[seen:]  # what was undone did not happen
            continue
        talk.work.happened(events.SlotFreed(request.id, booking.id))


def _offer(talk: Talk, place: Waiting, request: Request) -> Offer | None:
    """The first time that is earlier than what he waits for, that he did not decline, and that has a price."""
    job = next((job for job in jobs_for(talk.work, talk.company, request) if job.work == place.work), None)
    if job is None:
        return None
    window = window_of(talk.company, job, talk.work.now, zone_of(talk.work, talk.company, request))
    declined = [datetime.fromtimestamp(at, UTC) for at in place.declined]
    search = search_for(talk.work, talk.company, request, job)
    until = min(window.until, place.before)
    for slot in search.slots(
        window.first, until, lambda start: all(abs(start - no) >= ANOTHER_TIME for no in declined)
    ):
        with suppress(NoPrice):
            return offer_of(talk, request, job, search, slot)
    return None
