"""Solving it: the verdict, the ways with their prices, a slot, and the appointment."""

from collections.abc import Iterable

from domain import bookings, leaving, storms
from domain.appointments import BalanceGone, Booking, BookingState, HoldGone
from domain.coverage import Ruling
from domain.proposals import QuoteExpired
from domain.requests import Request
from handlers.cards.menu import menu_buttons, ways_on
from handlers.cards.request import booking_facts, headline, whoever, zone_of
from handlers.cards.verdict import (
    Terms,
    Way,
    clause_of,
    judged,
    open_to_him,
    other_hours,
    overall,
    way_fact,
    why_excluded,
)
from handlers.conversation import Handler, Step, Talk, button, rows, standing
from handlers.homeowner import first_aid, menu, paying, times
from handlers.homeowner.mine import may_spend, mine
from handlers.homeowner.solving import current, too_late, while_running
from handlers.messages import Button, Document, Message, Outgoing, Plain
from handlers.refusals import phrase
from locales.text import Moment, own, t


def offer(talk: Talk, request: Request) -> Iterable[Outgoing]:
    """The verdict and the ways to solve it."""
    return talk.go("solve.way", request=request.id)


def reopen_ways(talk: Talk) -> Iterable[Outgoing]:
    """Choose (another) time, from the card."""
    request = mine(talk, talk.number("request"))
    if not request.running:
        return too_late(talk, request)
    bookings.release_holds_of(talk.work, request)
    # A report that was not sent yet: its words and files go with the request he turned to.
    menu.keep_lines(talk, request)
    menu.keep_files(talk, request)
    talk.draft.said = {}
    return offer(talk, request)


def _ask_way(talk: Talk) -> Message:
    request = current(talk)
    terms = Terms.of(talk.work, talk.company, request)
    every = judged(terms)
    verdict, found = overall(every), open_to_him(every)
    choices = [_way_button(talk, way) for way in found if may_spend(talk, way.priced.quote.total)]
    excluded = verdict.ruling is Ruling.EXCLUDED
    leave = button("solve.ask_team" if excluded else "solve.leave", "solve.leave")
    return talk.say(
        title=t(f"verdict.{verdict.ruling}"),
        body=(
            *((t("storm.known.wait"),) if storms.around(talk.work, request) is not None else ()),
            clause_of(terms, verdict),
            *(why_excluded(terms, verdict) if excluded else ()),
            t("solve.way.ask" if choices else _without_choice(verdict.ruling, found)),
        ),
        facts=tuple(fact for way in found for fact in (way_fact(talk.company, way), *other_hours(terms, way))),
        buttons=(
            *first_aid.ways(talk, request),
            *rows(choices, 1),
            *_why(request, found),
            (leave, standing("menu.human", "human.ask")),
        ),
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


def way(talk: Talk, request: Request) -> Iterable[Outgoing]:
    """One of the ways: show when."""
    return times.shown(talk, request, str(talk.args["work"]))


def leave(talk: Talk) -> Iterable[Outgoing]:
    """The team arranges it."""
    request = current(talk)
    talk.end()
    yield talk.say(t("solve.left", number=request.number), buttons=ways_on())


def _ask_confirm(talk: Talk) -> Message:
    request = current(talk)
    booking = talk.work.session.get_one(Booking, int(talk.draft.said["booking"]))
    if booking.state is not BookingState.HELD:
        return times.ask(talk)  # it is not kept any more
    zone = zone_of(talk.work, talk.company, request)
    until = Moment(booking.hold_until or talk.work.now, zone, "time")
    fee = leaving.agreed_fee(talk.work, talk.company, booking, request)
    args: dict[str, Plain] = {"booking": booking.id, "fee": fee.amount.minor if fee else 0}
    agree = Button(t("solve.confirm"), "solve.confirm", args, style="primary")
    return talk.say(
        *((t("solve.move.fee", fee=fee.amount),) if fee else ()),
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
    return times.again(talk)


def confirm(talk: Talk, request: Request) -> Iterable[Outgoing]:
    """Agreed: the appointment stands."""
    booking = talk.work.session.get_one(Booking, talk.number("booking"))
    moved = bool(bookings.booked_for(talk.work, request))
    fee = leaving.agreed_fee(talk.work, talk.company, booking, request)
    if fee is not None and fee.amount.minor > int(talk.args.get("fee", 0)):
        yield from talk.ask()  # meanwhile it costs more than he was told
        return
    demand = paying.demanded(talk, booking, request)
    if demand is not None and demand.how == "telegram":
        yield from paying.ask(talk, booking, request, demand)
        return
    try:
        leaving.confirm(talk.work, talk.company, booking, request)
    except (HoldGone, BalanceGone, QuoteExpired) as gone:
        # What one wanted to agree to is not there any more: the question before it stands again.
        yield talk.say(phrase(gone))
        yield from talk.go("solve.way")
        return
    talk.end()
    yield it_is_booked(talk, request, booking, moved=moved)
    if demand is not None:
        yield from paying.by_link(talk, booking, request, demand)


def it_is_booked(talk: Talk, request: Request, booking: Booking, *, moved: bool) -> Message:
    """The appointment stands: when, who, for how much, and for his calendar."""
    return talk.say(
        title=t("booked.moved" if moved else "booked.title"),
        body=(t("booked.body", name=whoever(talk.work, talk.company, booking)),),
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
    "solve.way": while_running(way),
    "solve.leave": leave,
    "solve.other_time": while_running(other_time),
    "solve.confirm": while_running(confirm),
    **first_aid.PRESSES,
}
STEPS = {
    "solve.way": Step(_ask_way),
    "solve.confirm": Step(_ask_confirm),
    **first_aid.STEPS,
}
