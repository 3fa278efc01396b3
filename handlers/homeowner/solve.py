"""Solving it: the verdict, the ways with their prices, a slot, and the appointment."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import islice

from domain import bookings
from domain.areas import Help
from domain.bookings import Booking, BookingState, Offer
from domain.company import Job
from domain.coverage import Ruling
from domain.labour import NoPrice
from domain.money import Money
from domain.proposals import QuoteExpired
from domain.requests import NotNow, Request
from domain.slots import Slot, free, spread
from domain.stored import keep
from handlers.cards.menu import menu_buttons, ways_on
from handlers.cards.names import work_label
from handlers.cards.request import booking_facts, headline, home_of, who_is, zone_of
from handlers.cards.verdict import (
    Terms,
    Way,
    clause_of,
    judged,
    open_to_him,
    other_hours,
    overall,
    valid_for,
    way_fact,
    why_excluded,
)
from handlers.conversation import Handler, Step, Talk, button, rows, standing
from handlers.homeowner import menu
from handlers.homeowner.mine import may_spend, mine
from handlers.messages import Button, Document, Message, Outgoing
from handlers.refusals import phrase
from locales.text import Moment, Value, own, t

PAGE = 4


def offer(talk: Talk, request: Request) -> Iterable[Outgoing]:
    """The verdict and the ways to solve it."""
    return talk.go("solve.way", request=request.id)


def reopen_ways(talk: Talk) -> Iterable[Outgoing]:
    """Choose (another) time, from the card."""
    request = mine(talk, talk.number("request"))
    if not request.running:
        return _too_late(talk, request)
    bookings.release_holds_of(talk.work, request)
    # A report that was not sent yet: its words and files go with the request he turned to.
    menu.keep_lines(talk, request)
    menu.keep_files(talk, request)
    talk.draft.said = {}
    return offer(talk, request)


def _current(talk: Talk) -> Request:
    return mine(talk, int(talk.draft.said["request"]))


def _while_running(step: Callable[[Talk, Request], Iterable[Outgoing]]) -> Handler:
    """Only as long as there is something to solve; it may have ended while the question stood."""

    def guarded(talk: Talk) -> Iterable[Outgoing]:
        request = _current(talk)
        return step(talk, request) if request.running else _too_late(talk, request)

    return guarded


def _too_late(talk: Talk, request: Request) -> Iterable[Outgoing]:
    talk.end()
    return (talk.say(phrase(NotNow(request.number, request.state)), buttons=menu_buttons()),)


def _ask_way(talk: Talk) -> Message:
    request = _current(talk)
    terms = Terms.of(talk.work, talk.company, request)
    every = judged(terms)
    verdict, found = overall(every), open_to_him(every)
    choices = [_way_button(talk, way) for way in found if may_spend(talk, way.priced.quote.total)]
    excluded = verdict.ruling is Ruling.EXCLUDED
    leave = button("solve.ask_team" if excluded else "solve.leave", "solve.leave")
    return talk.say(
        title=t(f"verdict.{verdict.ruling}"),
        body=(
            clause_of(terms, verdict),
            *(why_excluded(terms, verdict) if excluded else ()),
            t("solve.way.ask" if choices else _without_choice(verdict.ruling, found)),
        ),
        facts=tuple(fact for way in found for fact in (way_fact(talk.company, way), *other_hours(terms, way))),
        buttons=(*rows(choices, 1), *_why(request, found), (leave, standing("menu.human", "human.ask"))),
    )


def _why(request: Request, found: list[Way]) -> tuple[tuple[Button, ...], ...]:
    return ((standing("price.why", "price.why", request=request.id),),) if found else ()


def _without_choice(ruling: Ruling, found: list[Way]) -> str:
    if ruling is Ruling.EXCLUDED or not found:
        return "solve.excluded"
    return "solve.owner_decides"


def _way_button(talk: Talk, way: Way) -> Button:
    kind = talk.company.tariff.kinds[way.job.work]
    if kind.name is not None:
        label = t("solve.way.named", work=own(kind.name), price=way.price)
    else:
        label = t(f"solve.way.{way.help}", price=way.price)
    return Button(label, "solve.way", {"work": way.job.work})


def way(talk: Talk, _request: Request) -> Iterable[Outgoing]:
    """One of the ways: show when."""
    return talk.go("solve.slot", work=str(talk.args["work"]), page=0)


def leave(talk: Talk) -> Iterable[Outgoing]:
    """The team arranges it."""
    request = _current(talk)
    talk.end()
    yield talk.say(t("solve.left", number=request.number), buttons=ways_on())


def _slots(talk: Talk, request: Request, job: Job) -> Iterable[Slot]:
    rules = talk.company.booking
    start = talk.work.now + timedelta(minutes=rules.notice_minutes)
    window = (start, start + timedelta(days=rules.horizon_days))
    home = home_of(talk.work, request)
    region = home.region if home and talk.company.help_of(job.work) is Help.VISIT else None
    return free(talk.company, request.area, job.minutes, window, bookings.busy(talk.work, window), region)


def _job(talk: Talk, request: Request) -> Job:
    """The work that was chosen; a draft of an older company file may name one that is not offered any more."""
    offered = talk.company.offered(request.area)
    return next((job for job in offered if job.work == talk.draft.said.get("work")), offered[0])


def _ask_slot(talk: Talk) -> Message:
    request = _current(talk)
    job = _job(talk, request)
    page = int(talk.draft.said["page"])
    zone = zone_of(talk.work, talk.company, request)
    terms = Terms.of(talk.work, talk.company, request)
    usual = terms.priced(job, job.minutes).quote.total
    prices: dict[Slot, Money] = {}

    def priced(slot: Slot) -> bool:
        """Hours that are priced by hand are not offered: the team arranges them."""
        with suppress(NoPrice):
            prices[slot] = terms.priced(job, job.minutes, at=slot.start).quote.total
        return slot in prices

    found = spread(_slots(talk, request, job), zone, PAGE, skip=page * PAGE, fits=priced)
    choices = [
        Button(
            _when(slot, zone, prices[slot], usual),
            "solve.slot",
            {"start": int(slot.start.timestamp()), "technician": slot.technician},
        )
        for slot in found
    ]
    more = [button("solve.more", "solve.more")] if len(found) == PAGE else []
    return talk.say(
        t("solve.slot.ask" if found else "solve.slot.none"),
        title=work_label(talk.company, job.work),
        buttons=(
            *rows(choices),
            (*more, button("solve.other_way", "solve.back")),
            (standing("menu.human", "human.ask"),),
        ),
    )


def _when(slot: Slot, zone: str, price: Money, usual: Money) -> Value:
    """A time; with its price where that is not the usual one."""
    when = Moment(slot.start, zone, "short")
    return when if price == usual else t("solve.slot.priced", when=when, price=price)


def more(talk: Talk, _request: Request) -> Iterable[Outgoing]:
    """Later times."""
    return talk.go("solve.slot", page=int(talk.draft.said["page"]) + 1)


def back(talk: Talk, _request: Request) -> Iterable[Outgoing]:
    """The other way after all."""
    return talk.go("solve.way")


def slot(talk: Talk, request: Request) -> Iterable[Outgoing]:
    """Keep this time while he looks at the price."""
    chosen = _chosen(talk, request)
    until = talk.work.now + timedelta(minutes=talk.company.booking.hold_minutes)
    booking = bookings.hold(talk.work, request, chosen, until)
    return talk.go("solve.confirm", booking=booking.id)


def _chosen(talk: Talk, request: Request) -> Offer:
    """The offer behind a slot's button, priced as it is now. Raises SlotTaken when it cannot be kept any more."""
    start = datetime.fromtimestamp(talk.number("start"), UTC)
    job = _job(talk, request)
    fitting = (s for s in _slots(talk, request, job) if s.start >= start)
    found = next((s for s in islice(fitting, 1) if s.start == start), None)
    if found is None:
        raise bookings.SlotTaken
    try:
        priced = Terms.of(talk.work, talk.company, request).priced(job, job.minutes, at=found.start)
    except NoPrice:
        raise bookings.SlotTaken from None
    tariff = keep(talk.work, talk.company.tariff)
    until = talk.work.now + valid_for(talk.company)
    return Offer(found, talk.company.help_of(job.work), priced, tariff.id, until)


def _ask_confirm(talk: Talk) -> Message:
    request = _current(talk)
    booking = talk.work.session.get_one(Booking, int(talk.draft.said["booking"]))
    if booking.state is not BookingState.HELD:
        return _ask_slot(talk)  # it is not kept any more
    zone = zone_of(talk.work, talk.company, request)
    until = Moment(booking.hold_until or talk.work.now, zone, "time")
    agree = Button(t("solve.confirm"), "solve.confirm", {"booking": booking.id}, style="primary")
    return talk.say(
        t("solve.confirm.ask", until=until),
        title=headline(request),
        facts=booking_facts(talk.work, talk.company, request, booking),
        buttons=(
            (agree, button("solve.other_time", "solve.other_time")),
            (standing("menu.human", "human.ask"),),
        ),
    )


def other_time(talk: Talk, request: Request) -> Iterable[Outgoing]:
    """Not this one."""
    bookings.release_holds_of(talk.work, request)
    return talk.go("solve.slot", page=0)


def confirm(talk: Talk, request: Request) -> Iterable[Outgoing]:
    """Agreed: the appointment stands."""
    booking = talk.work.session.get_one(Booking, talk.number("booking"))
    try:
        bookings.confirm(talk.work, booking, request)
    except (bookings.HoldGone, bookings.BalanceGone, QuoteExpired) as gone:
        # What one wanted to agree to is not there any more: the question before it stands again.
        yield talk.say(phrase(gone))
        yield from talk.go("solve.way")
        return
    talk.end()
    yield talk.say(
        title=t("booked.title"),
        body=(t("booked.body", name=who_is(talk.company, booking.technician)),),
        facts=booking_facts(talk.work, talk.company, request, booking),
        media=(calendar_entry(talk, request, booking),),
        buttons=menu_buttons(),
    )


def calendar_entry(talk: Talk, request: Request, booking: Booking) -> Document:
    """The appointment as a calendar file."""
    return Document(
        "calendar",
        f"aftercare-{request.number}.ics",
        {
            "uid": f"{booking.uid}@aftercare",
            "sequence": booking.sequence,
            "cancelled": int(booking.state is BookingState.CANCELLED),
            "summary": t("calendar.summary", company=talk.company.name, what=t(f"help.{booking.help}")),
            "about": headline(request),
            "start": Moment(booking.starts_at, zone_of(talk.work, talk.company, request)),
            "end": Moment(booking.ends_at, zone_of(talk.work, talk.company, request)),
            "stamp": Moment(talk.work.now, "UTC"),
        },
    )


PRESSES: dict[str, Handler] = {
    "solve.ways": reopen_ways,
    "solve.way": _while_running(way),
    "solve.leave": leave,
    "solve.more": _while_running(more),
    "solve.back": _while_running(back),
    "solve.slot": _while_running(slot),
    "solve.other_time": _while_running(other_time),
    "solve.confirm": _while_running(confirm),
}
STEPS = {
    "solve.way": Step(_ask_way),
    "solve.slot": Step(_ask_slot),
    "solve.confirm": Step(_ask_confirm),
}
