"""A time chosen by the team: the same times as in the chat, each with its price; the homeowner's tap makes it stand."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta

from domain import bookings, desk_events
from domain.appointments import SlotTaken
from domain.bookings import Offer
from domain.company import Job
from domain.labour import NoPrice
from domain.offering import search_for, window_of
from domain.proposed_times import answer_by
from domain.quoting import jobs_for
from domain.requests import NotNow, Request
from domain.spreading import few
from domain.work import Refusal
from handlers.cards.names import work_label
from handlers.cards.request import who_is, zone_of
from handlers.conversation import Handler, Talk
from handlers.messages import Field, FormErrors, Outgoing
from handlers.offers import offer_of
from handlers.refusals import FormRefused
from handlers.team.requests import filled, form, request_of
from locales.text import Listing, Moment, Value, t

TIMES = 90  # that one can choose from, of all kinds of work together


class NoTimes(Refusal):
    """Nobody is free for it, or nothing of it can be priced."""


class BookedAlready(Refusal):
    """An appointment stands: it is to be moved."""


def ask(talk: Talk) -> Iterable[Outgoing]:
    """Open the form: the next times of each kind of work, with who and at what price."""
    request = request_of(talk)
    if not request.running:
        raise NotNow(request.number, request.state)
    if bookings.booked_for(talk.work, request):
        raise BookedAlready
    options = tuple(_options(talk, request))
    if not options:
        raise NoTimes
    return form(
        talk, request, "book", (t("book.intro"),), (Field("choice", t("book.choice"), "choice", options=options),)
    )


def _options(talk: Talk, request: Request) -> Iterable[tuple[str, Value]]:
    jobs = jobs_for(talk.work, talk.company, request)
    for job in jobs:
        search = search_for(talk.work, talk.company, request, job)
        window = window_of(talk.company, job, talk.work.now, zone_of(talk.work, talk.company, request))
        for slot in few(search, window, TIMES // len(jobs)):
            with suppress(NoPrice):
                offer = offer_of(talk, request, job, search, slot)
                price = offer.priced.quote.total
                label = t(
                    "book.time",
                    when=Moment(slot.start, window.zone, "short"),
                    work=work_label(talk.company, job.work),
                    name=Listing(tuple(who_is(talk.company, key) for key in slot.people), "plain"),
                    price=price if price else t("price.included"),
                )
                yield f"{job.work}|{int(slot.start.timestamp())}", label


def sent(talk: Talk) -> Iterable[Outgoing]:
    """It is kept for him, and he is asked."""
    request = request_of(talk)
    try:
        offer = _chosen(talk, request, str(filled(talk).get("choice") or ""))
        until = answer_by(talk.company, talk.work.now, offer.slot.start, offer.slot.start)
        held = bookings.hold(talk.work, talk.company, request, offer, until)
    except (SlotTaken, NoPrice):
        raise FormRefused(FormErrors({"choice": t("move.gone")})) from None
    talk.work.happened(desk_events.TimeOffered(request.id, held.id, talk.staff.key))
    return ()


def _chosen(talk: Talk, request: Request, value: str) -> Offer:
    """What was chosen, as it is now. Raises SlotTaken, NoPrice."""
    work, _, start = value.partition("|")
    job = _job(talk, request, work)
    at = datetime.fromtimestamp(int(start), UTC) if start.isdecimal() else talk.work.now - timedelta(days=1)
    search = search_for(talk.work, talk.company, request, job)
    slot = search.at(at)
    if slot is None:
        raise SlotTaken
    return offer_of(talk, request, job, search, slot)


def _job(talk: Talk, request: Request, work: str) -> Job:
    found = next((job for job in jobs_for(talk.work, talk.company, request) if job.work == work), None)
    if found is None:
        raise SlotTaken
    return found


PRESSES: dict[str, Handler] = {"team.book": ask}
FORMS: dict[str, Handler] = {"team.book.sent": sent}
