"""The team's card of a request: who, where, what the contract says, how it stands, and all that can be done with it."""

import msgspec

from domain import bookings, contracts, quoting, storms
from domain.areas import Intent, Urgency
from domain.company import Company
from domain.coverage import Verdict
from domain.money import Money
from domain.people import Person
from domain.proposals import StoredQuote
from domain.requests import Request, State
from domain.work import Work
from handlers.cards import clocks, commitment
from handlers.cards.devices import history
from handlers.cards.names import cause_label
from handlers.cards.request import about, appointment, excerpt, headline, home_of, who_is
from handlers.cards.storm_card import storm_name
from handlers.conversation import standing
from handlers.messages import Button, Channel, Fact, Message, Said
from locales.text import Day, Moment, Value, own, t


def for_team(work: Work, company: Company, request: Request) -> Message:
    """The team's card: who, where, what the contract says, how it stands."""
    person = work.session.get_one(Person, request.person_id)
    return Message(
        to=Channel(request.channel),
        title=headline(request),
        body=(Said(excerpt(request.story)),) if request.story else (t("team.no_story"),),
        facts=(
            *_who(work, request, person),
            *_plan(work, request),
            *history(work, request),
            Fact(t("request.urgency"), t(f"urgency.{request.urgency}")),
            Fact(t("request.status"), t(f"state.{request.state}")),
            *([Fact(t("team.cause"), cause_label(company, request.cause))] if request.cause else []),
            *([Fact(t("request.assignee"), who_is(company, request.assignee))] if request.assignee else []),
            *_in_storm(work, company, request),
            *_rests(company, request),
            *by_phone(company, request),
            *clocks.for_team(work, company, request),
            *commitment.for_team(work, company, request),
            *_made_price(work, request),
            *appointment(work, company, request),
        ),
        buttons=_team_buttons(work, request),
        menu=_team_menu(request),
        about=about(request),
    )


def _in_storm(work: Work, company: Company, request: Request) -> list[Fact]:
    """The storm it is one of."""
    storm = storms.of(work, request)
    return [Fact(t("storm.label"), storm_name(company, storm))] if storm is not None else []


def _rests(company: Company, request: Request) -> list[Fact]:
    """What it waits for, and how long it rests."""
    found = []
    if request.part and request.part_on:
        found.append(Fact(t("part.label"), t("part.value", part=request.part, day=Day(request.part_on, "short"))))
    if request.snoozed_until:
        found.append(Fact(t("snooze.label"), Moment(request.snoozed_until, company.time_zone, "short")))
    return found


def _made_price(work: Work, request: Request) -> list[Fact]:
    """The price a teammate made: asked, or agreed to and not booked yet."""
    if not request.running:
        return []
    asked = quoting.open_for(work, request)
    if asked:
        return [Fact(t("team.asked_price"), quote_price(asked[-1]))]
    agreed = quoting.agreed_for(work, request)
    if agreed is None or request.state is State.BOOKED:
        return []
    return [Fact(t("team.agreed_price"), quote_price(agreed))]


def quote_price(stored: StoredQuote) -> Money:
    """What a stored price comes to."""
    return Money(stored.total_minor, stored.currency)


def _who(work: Work, request: Request, person: Person) -> list[Fact]:
    home = home_of(work, request)
    who: Value = t("team.who", name=person.name, language=t(f"language.{person.language}"))
    place: Value = t("team.place", home=home.name, city=home.city) if home else t("team.stranger")
    return [Fact(t("team.customer"), who), Fact(t("team.home"), place)]


def by_phone(company: Company, request: Request) -> list[Fact]:
    """Who wrote it down, when he phoned."""
    return [Fact(t("team.by_phone"), t("team.logged_by", name=who_is(company, request.logged_by)))] if (
        request.logged_by) else []  # fmt: skip


def _plan(work: Work, request: Request) -> list[Fact]:
    plan = contracts.terms(contracts.running(work, request.home_id))
    facts = []
    if plan is not None:
        facts.append(Fact(t("team.plan"), own(plan.name)))
    if request.verdict:
        verdict = msgspec.convert(request.verdict, Verdict)
        facts.append(Fact(t("team.verdict"), t(f"ruling.{verdict.ruling}")))
    return facts


def _team_buttons(work: Work, request: Request) -> tuple[tuple[Button, ...], ...]:
    if not request.running:
        reply = standing("team.reply", "team.reply", request=request.id)
        return ((reply, *_to_storm(request)),)
    booked = request.state is State.BOOKED
    more = (
        (
            standing("team.price", "team.price", request=request.id),
            standing("team.move", "team.move", request=request.id),
        )
        if booked
        else ()
    )
    take = "team.take_over" if request.assignee else "team.take"
    style = "primary" if not request.assignee else ""
    return (
        (
            msgspec.structs.replace(
                standing(take, "team.take", request=request.id, was=request.assignee or ""), style=style
            ),
            standing("team.reply", "team.reply", request=request.id),
            standing("team.question", "team.question", request=request.id),
            *more,
            standing("team.resolve", "team.resolve", request=request.id),
            *_to_storm(request),
        ),
        *((_on_the_day(work, request),) if booked else ()),
        *(((standing("team.hand_back", "team.hand_back", request=request.id),),) if request.talks else ()),
    )


def _to_storm(request: Request) -> tuple[Button, ...]:
    """Shows the storm it is one of."""
    if request.storm_id is None:
        return ()
    return (standing("storm.show", "storm.list", storm=request.storm_id),)


MENU = (
    "book",
    "price",
    "goodwill",
    "note",
    "commitment",
    "hand_over",
    "sort",
    "snooze",
    "part",
    "visit_over",
    "split",
    "merge",
    "storm",
    "call_out",
)


AFTER = ("reopen", "goodwill", "note", "commitment")
OFF = ("reopen", "note")  # it was called off


def _team_menu(request: Request) -> tuple[Button, ...]:
    """What is done more rarely."""
    if not request.running:
        if request.merged_into_id is not None:
            return (standing("desk.unmerge", "team.reopen", request=request.id), _entry("note", request))
        return tuple(_entry(what, request) for what in (OFF if request.state is State.CANCELLED else AFTER))
    here = ("part_here",) if request.state is State.WAITING_PARTS else ()
    here = ("answered",) if request.state is State.WAITING_HOMEOWNER else here
    here = (*here, "storm_out") if request.storm_id is not None else here
    no = {"call_out"} if request.urgency is Urgency.EMERGENCY else set()
    no |= {"goodwill"} if request.home_id is None else set()
    no |= {"book", "price"} if request.state is State.BOOKED or request.home_id is None else set()
    no |= {"visit_over"} if request.state is not State.BOOKED else set()
    no |= set() if may_join(request) else {"storm"}
    return tuple(_entry(what, request) for what in (*here, *MENU) if what not in no)


def may_join(request: Request) -> bool:
    """Whether it can be one of a storm."""
    alone = request.home_id is None or request.intent is not Intent.PROBLEM or request.urgency is Urgency.EMERGENCY
    return request.storm_id is None and not alone


def _entry(what: str, request: Request) -> Button:
    return standing(f"desk.{what}", f"team.{what}", request=request.id)


def _on_the_day(work: Work, request: Request) -> tuple[Button, ...]:
    """What one says on the day of an appointment; for a call nobody sets out, and nobody opens a door."""
    late = standing("team.late", "team.late", request=request.id)
    if not bookings.somebody_goes(work, request):
        return (late,)
    return (
        standing("team.set_out", "team.set_out", request=request.id),
        late,
        standing("team.nobody", "team.nobody", request=request.id),
    )
