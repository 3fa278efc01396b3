"""The times one can choose from: a few well spread ones, later ones, those of a day, evenings; each with its price."""

from collections.abc import Iterable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

from domain import bookings, waiting
from domain.appointments import SlotTaken
from domain.bookings import Offer
from domain.company import Job
from domain.labour import NoPrice
from domain.money import Money
from domain.offering import promised_by, search_for, window_of
from domain.plans import Plan
from domain.promised import worktime
from domain.requests import Request
from domain.slots import Search, Slot
from domain.spreading import Wanted, Window, days, few
from handlers.cards.names import work_label
from handlers.cards.request import thread, zone_of
from handlers.cards.verdict import Terms, Way
from handlers.conversation import Handler, Step, Talk, button, rows, standing
from handlers.homeowner import wished
from handlers.homeowner.solving import current, job_of, while_running
from handlers.messages import Button, Message, Outgoing
from handlers.offers import offer_of
from locales.text import Day, Minutes, Moment, Text, Value, t

PAGE = 4
DAYS = 9
WORTH_WAITING = timedelta(hours=20)  # what is earlier than that is early enough


def shown(talk: Talk, request: Request, work: str) -> Iterable[Outgoing]:
    """The first times of a kind of work; if none of them keeps what the plan promises, the team hears of it."""
    yield from talk.go("solve.slot", work=work, **NO_WISH)
    until = _promised(talk, request, job_of(talk, request))
    window = _window(talk, request)
    first = next(_search(talk, request).slots(window.first, window.until), None)
    if until is not None and (first is None or first.start > until):
        yield Message(
            to=thread(request),
            title=t("team.promise_late", number=request.number),
            body=(t("team.promise_late.until", until=Moment(until, zone_of(talk.work, talk.company, request))),),
            about=f"promise:{request.id}",
            alert=True,
        )


NO_WISH = {"page": 0, "day": None, "evenings": False, "wish": None}


def again(talk: Talk) -> Iterable[Outgoing]:
    """The times from the beginning."""
    return talk.go("solve.slot", **NO_WISH)


def _search(talk: Talk, request: Request) -> Search:
    return search_for(talk.work, talk.company, request, job_of(talk, request))


def _window(talk: Talk, request: Request) -> Window:
    zone = zone_of(talk.work, talk.company, request)
    return window_of(talk.company, job_of(talk, request), talk.work.now, zone)


def _wanted(talk: Talk) -> Wanted:
    said = talk.draft.said
    day = said.get("day")
    evening = talk.company.booking.evening_from if said.get("evenings") else None
    wish = wished.asked_for(talk)
    if wish is not None:
        return Wanted(suits=wished.suits(wish), close=wished.narrow(wish))
    return Wanted(date.fromisoformat(day) if day else None, evening)


def _promised(talk: Talk, request: Request, job: Job) -> datetime | None:
    return _until(talk, Terms.of(talk.work, talk.company, request).plan, request, job)


def _until(talk: Talk, plan: Plan | None, request: Request, job: Job) -> datetime | None:
    return promised_by(talk.company, plan, request, job.work, worktime(talk.work, talk.company))


def ask(talk: Talk) -> Message:
    """When suits him?"""
    request = current(talk)
    job, window, wanted = job_of(talk, request), _window(talk, request), _wanted(talk)
    terms = Terms.of(talk.work, talk.company, request)
    prices: dict[Slot, Money] = {}
    has = {booking.starts_at for booking in bookings.booked_for(talk.work, request)}

    def priced(slot: Slot) -> bool:
        """Hours that are priced by hand are not offered: the team arranges them; nor is the time he has already."""
        if slot.start in has:
            return False
        with suppress(NoPrice):
            prices[slot] = terms.priced(job, job.minutes, at=slot.start).quote.total
        return slot in prices

    skip = int(talk.draft.said["page"]) * PAGE
    search = _search(talk, request)
    found = few(search, window, PAGE, skip=skip, wanted=wanted, fits=priced)
    near = not found and wanted.suits is not None
    if near:
        found = few(search, wished.near(talk, window), PAGE, skip=skip, fits=priced)
    until = _until(talk, terms.plan, request, job)
    usual = Way(job, talk.company.help_of(job.work), terms.priced(job, job.minutes))
    choices = [
        _choice(slot, _label(slot, window.zone, prices[slot], usual.priced.quote.total, until)) for slot in found
    ]
    return talk.say(
        *_promise(found, until, window.zone, skip),
        *_as_asked(talk, window.zone),
        *((t("solve.slot.window", time=Minutes(job.window)),) if job.window and found else ()),
        t("solve.slot.near") if near and found else t(_question(found, wanted)),
        title=t("solve.way.named", work=work_label(talk.company, job.work), price=usual.price),
        buttons=(
            *rows(choices, 2 if all(prices[slot] == usual.priced.quote.total for slot in found) else 1),
            *_narrowing(found, wanted),
            *_waiting(talk, request, found, skip),
            *_ways_out(),
        ),
    )


def _choice(slot: Slot, label: Value) -> Button:
    return Button(label, "solve.slot", {"start": int(slot.start.timestamp()), "technician": slot.technician})


def _as_asked(talk: Talk, zone: str) -> tuple[Text, ...]:
    """What was understood of his words, so that he sees it."""
    wish = wished.asked_for(talk)
    return (t("solve.slot.wish", when=wished.said(wish, zone)),) if wish is not None else ()


def _waiting(talk: Talk, request: Request, found: list[Slot], skip: int) -> tuple[tuple[Button, ...], ...]:
    """Who would come earlier if something became free: before the first time shown, or the one he has."""
    if waiting.waits(talk.work, request):
        return ()
    first = found[0].start if found and not skip else None
    booked = bookings.booked_for(talk.work, request)
    before = min(filter(None, (first, booked[0].starts_at if booked else None)), default=None)
    if before is None:
        before = talk.work.now + timedelta(days=talk.company.booking.horizon_days)
    if before - talk.work.now < WORTH_WAITING:
        return ()
    return ((button("waiting.join", "waiting.join", before=int(before.timestamp())),),)


def _question(found: list[Slot], wanted: Wanted) -> str:
    if found:
        return "solve.slot.ask"
    return "solve.slot.none" if wanted == Wanted() else "solve.slot.none_so"


def _promise(found: list[Slot], until: datetime | None, zone: str, skip: int) -> tuple[Text, ...]:
    """What the plan promises, and whether these times keep it."""
    if until is None or skip:
        return ()
    kept = bool(found) and found[0].start <= until
    return (t("solve.slot.promise" if kept else "solve.slot.promise_late", until=Moment(until, zone)),)


def _label(slot: Slot, zone: str, price: Money, usual: Money, until: datetime | None) -> Value:
    """A time; marked where it keeps the promise, with its price where that is not the usual one."""
    when: Value = Moment(slot.start, zone, "short")
    if until is not None and slot.start <= until:
        when = t("solve.slot.kept", when=when)
    return when if price == usual else t("solve.slot.priced", when=when, price=price)


def _narrowing(found: list[Slot], wanted: Wanted) -> tuple[tuple[Button, ...], ...]:
    more = [button("solve.more", "solve.more")] if len(found) == PAGE else []
    evenings = (
        button("solve.all_times", "solve.evenings", evenings=0)
        if wanted.evening_from is not None or wanted.suits is not None
        else button("solve.evenings", "solve.evenings", evenings=1)
    )
    return ((*more, button("solve.day", "solve.days")), (evenings,))


def _ways_out() -> tuple[tuple[Button, ...], ...]:
    return ((button("solve.other_way", "solve.back"), standing("menu.human", "human.ask")),)


def _ask_day(talk: Talk) -> Message:
    """On which day?"""
    request = current(talk)
    page, wanted = int(talk.draft.said.get("days", 0)), Wanted(evening_from=_wanted(talk).evening_from)
    found = days(_search(talk, request), _window(talk, request), DAYS, skip=page * DAYS, wanted=wanted)
    choices = [Button(Day(day, "short"), "solve.day", {"day": day.isoformat()}) for day in found]
    more = [button("solve.later_days", "solve.days", days=page + 1)] if len(found) == DAYS else []
    return talk.say(
        t("solve.day.ask" if found else "solve.slot.none_so"),
        buttons=(*rows(choices, 3), (*more, button("solve.all_times", "solve.evenings", evenings=0)), *_ways_out()),
    )


def more(talk: Talk, _request: Request) -> Iterable[Outgoing]:
    """Later times."""
    return talk.go("solve.slot", page=int(talk.draft.said["page"]) + 1)


def evenings(talk: Talk, _request: Request) -> Iterable[Outgoing]:
    """Only evenings, or all times again."""
    return talk.go("solve.slot", **{**NO_WISH, "evenings": bool(talk.number("evenings"))})


def choose_day(talk: Talk, _request: Request) -> Iterable[Outgoing]:
    """Which days there are."""
    return talk.go("solve.day", days=int(talk.args.get("days", 0)))


def day(talk: Talk, _request: Request) -> Iterable[Outgoing]:
    """The times of that day."""
    return talk.go("solve.slot", page=0, day=str(talk.args["day"]), wish=None)


def back(talk: Talk, _request: Request) -> Iterable[Outgoing]:
    """The other way after all."""
    return talk.go("solve.way")


def slot(talk: Talk, request: Request) -> Iterable[Outgoing]:
    """Keep this time while he looks at the price."""
    chosen = _chosen(talk, request)
    until = talk.work.now + timedelta(minutes=talk.company.booking.hold_minutes)
    booking = bookings.hold(talk.work, talk.company, request, chosen, until)
    return talk.go("solve.confirm", booking=booking.id)


def _chosen(talk: Talk, request: Request) -> Offer:
    """The offer behind a slot's button, priced as it is now. Raises SlotTaken when it cannot be kept any more."""
    job, search = job_of(talk, request), _search(talk, request)
    start = datetime.fromtimestamp(talk.number("start"), UTC)
    window = _window(talk, request)
    found = search.at(start) if window.first <= start < window.until else None
    if found is None:
        raise SlotTaken
    try:
        return offer_of(talk, request, job, search, found)
    except NoPrice:
        raise SlotTaken from None


PRESSES: dict[str, Handler] = {
    "solve.more": while_running(more),
    "solve.evenings": while_running(evenings),
    "solve.days": while_running(choose_day),
    "solve.day": while_running(day),
    "solve.back": while_running(back),
    "solve.slot": while_running(slot),
    **wished.PRESSES,
}
STEPS = {
    "solve.slot": Step(ask, typed=wished.heard),
    "solve.day": Step(_ask_day, typed=wished.heard),
    "solve.which": Step(wished.ask_which, typed=wished.heard),
}
