"""A customer's page: who he is, his contract and what is left of it, his devices, his requests, what was noted."""

from collections.abc import Iterable
from dataclasses import dataclass

from msgspec.structs import replace
from sqlalchemy import select

from domain import bookings, contracts
from domain.finding import requests_at
from domain.homes import Home, devices_of, homes_of, members_of
from domain.notes import Direction, Note
from domain.people import Person, Presence
from domain.requests import UNFINISHED, Request
from domain.work import Refusal
from handlers.cards.agenda import shortened
from handlers.cards.devices import device_fact
from handlers.cards.names import cause_label
from handlers.cards.plans import balance_fact, covered, named, price_of
from handlers.cards.queue import deeds
from handlers.cards.request import headline
from handlers.conversation import Handler, Talk, standing
from handlers.messages import Button, Fact, Outgoing, Page, Plain, Row, Section
from locales.text import Day, Listing, Moment, Text, Value, own, t

DEVICES, OPEN, PAST, NOTES, OTHERS = 40, 20, 10, 5, 10
NAME = 80  # characters of a name, in a list
LONGEST_NOTE = 500  # characters
DEEPEST = 3  # windows upon windows, in Slack


class NoSuchCustomer(Refusal):
    """We do not know him (any more)."""


@dataclass(frozen=True)
class Subject:
    """Whose page it is, and about which of his homes."""

    person: Person
    home: Home | None

    @property
    def args(self) -> dict[str, Plain]:
        """How a button names it."""
        return {"person": self.person.id, **({"home": self.home.id} if self.home else {})}


def subject(talk: Talk) -> Subject:
    """Whom a button means: by himself, or by one of his requests. Raises NoSuchCustomer."""
    session = talk.work.session
    request = session.get(Request, int(talk.args["of"])) if "of" in talk.args else None
    person = session.get(Person, request.person_id if request else int(talk.args.get("person", 0)))
    if person is None:
        raise NoSuchCustomer
    wanted = request.home_id if request else int(talk.args.get("home", 0))
    home = session.get(Home, wanted) if wanted else None
    own_homes = [] if home or request else homes_of(talk.work, person)
    return Subject(person, home or (own_homes[0][0] if own_homes else None))


def show(talk: Talk) -> Iterable[Outgoing]:
    """His page, in a window."""
    whose = subject(talk)
    if talk.came.trigger is None:
        return
    depth = int(talk.args.get("over", 0)) + 1
    sections = (_who(talk, whose, depth), *_contract(talk, whose), *_devices(talk, whose), *_requests(talk, whose))
    marked = tuple(_marked(part, depth) for part in (*sections, *_notes(talk, whose)))
    yield Page(user=talk.came.sender.user, trigger=talk.came.trigger, title=t("customer.title"), sections=marked)


def _marked(part: Section, depth: int) -> Section:
    """Its buttons know that they stand in a window, how deep; in the deepest there are none that open another."""

    def known(buttons: tuple[Button, ...]) -> tuple[Button, ...]:
        return tuple(replace(b, args={**b.args, "over": depth}) for b in buttons)

    if depth >= DEEPEST:
        return replace(part, rows=tuple(replace(r, buttons=()) for r in part.rows), buttons=())
    rows = tuple(replace(r, buttons=known(r.buttons)) for r in part.rows)
    return replace(part, rows=rows, buttons=tuple(known(line) for line in part.buttons))


def _who(talk: Talk, whose: Subject, depth: int) -> Section:
    person, home = whose.person, whose.home
    facts = [
        Fact(t("customer.phone"), person.phone or "–"),
        Fact(t("customer.speaks"), t(f"language.{person.language}")),
    ]
    if person.email:
        facts.append(Fact(t("customer.email"), person.email))
    facts.append(Fact(t("customer.telegram"), t(f"presence.{person.presence}")))
    if home is not None:
        where = t("day.address", address=home.address, postcode=home.postcode, city=home.city)
        facts += [Fact(t("team.home"), home.name), Fact(t("day.where"), where), *_others(talk, whose)]
    buttons: list[Button] = [replace(standing("call.open", "call.open"), args=whose.args)]
    if home is not None and person.presence is not Presence.ACTIVE:
        buttons.append(replace(standing("customer.invite", "invite.give"), args=whose.args))
    return Section(title=person.name, facts=tuple(facts), buttons=(tuple(buttons), _homes(talk, whose, depth)))


def _others(talk: Talk, whose: Subject) -> list[Fact]:
    home = whose.home
    names = [shortened(p.name, NAME) for p in members_of(talk.work, home.id) if p.id != whose.person.id] if home else []
    listed, more = Listing(tuple(names[:OTHERS]), "plain"), len(names) - OTHERS
    value: Value = t("customer.others.more", more, names=listed) if more > 0 else listed
    return [Fact(t("customer.others"), value)] if names else []


def _homes(talk: Talk, whose: Subject, depth: int) -> tuple[Button, ...]:
    """His other homes, each with a page of its own."""
    if depth > 1:
        return ()
    found = [home for home, _ in homes_of(talk.work, whose.person) if whose.home and home.id != whose.home.id]
    return tuple(
        Button(home.name, "customer.show", {"person": whose.person.id, "home": home.id}, standing=True)
        for home in found
    )


def _contract(talk: Talk, whose: Subject) -> Iterable[Section]:
    if whose.home is None:
        return
    found = contracts.standing(talk.work, whose.home.id)
    plan = contracts.terms(found.contract) if found else None
    if found is None or plan is None:
        yield Section(title=t("customer.contract"), body=(t("customer.no_contract"),))
        return
    contract, left = found.contract, contracts.balances(talk.work, found.contract)
    renews = Fact(t("contract.until"), Day(contract.ends_on)) if contract.ends_on else Fact(
        t("contract.renews"), Day(contract.renews_on))  # fmt: skip
    yield Section(
        title=t("customer.contract"),
        body=(t("clause.suspended", plan=own(plan.name)),) if found.suspended else (),
        facts=(
            Fact(t("team.plan"), own(plan.name)),
            Fact(t("contract.price"), price_of(talk.company, plan, contract.period)),
            Fact(t("contract.since"), Day(contract.starts_on)),
            renews,
            *(balance_fact(talk.company, a, left[a.key]) for a in plan.includes if a.key in left),
            Fact(t("contract.covers"), named(covered(talk.company, plan))),
        ),
    )


def _devices(talk: Talk, whose: Subject) -> Iterable[Section]:
    found = devices_of(talk.work, whose.home.id) if whose.home else []
    if found:
        lines = tuple(device_fact(device, talk.work.now.date()) for device in found[:DEVICES])
        yield Section(title=t("customer.devices"), facts=lines, footer=_more(len(found), DEVICES))


def _more(count: int, shown: int) -> Text | None:
    return t("page.more", count - shown) if count > shown else None


def _requests(talk: Talk, whose: Subject) -> Iterable[Section]:
    found = requests_at(talk.work, whose.person, whose.home)
    going = [request for request in found if request.state in UNFINISHED]
    past = [request for request in found if request.state not in UNFINISHED]
    yield Section(
        title=t("customer.open"),
        body=() if going else (t("customer.open.none"),),
        rows=tuple(_line(talk, request, acts=True) for request in going[:OPEN]),
        footer=_more(len(going), OPEN),
    )
    if past:
        rows = tuple(_line(talk, request, acts=False) for request in past[:PAST])
        yield Section(title=t("customer.past"), rows=rows, footer=_more(len(past), PAST))


def _line(talk: Talk, request: Request, *, acts: bool) -> Row:
    when = Moment(request.opened_at, talk.company.time_zone, "short")
    state = t(f"state.{request.state}")
    if request.cause:
        state = t("page.two", first=state, second=cause_label(talk.company, request.cause))
    value = t("page.two", first=when, second=state)
    if request.story:
        value = t("page.three", first=when, second=state, third=shortened(request.story))
    on_site = acts and bookings.somebody_goes(talk.work, request)
    buttons = tuple(b for b in deeds(request, on_site=on_site) if b.act != "customer.show") if acts else ()
    return Row(headline(request), value, buttons)


def _notes(talk: Talk, whose: Subject) -> Iterable[Section]:
    """What the team noted for itself, about this home (or him), the newest first."""
    ids = [request.id for request in requests_at(talk.work, whose.person, whose.home)]
    asked = select(Note).where(Note.request_id.in_(ids), Note.direction == Direction.INTERNAL, Note.words != "")
    found = talk.work.session.scalars(asked.order_by(Note.id.desc()).limit(NOTES + 1)).all()
    if found:
        zone = talk.company.time_zone
        lines = tuple(
            Fact(t("customer.note", name=n.author, when=Moment(n.at, zone, "short")), shortened(n.words, LONGEST_NOTE))
            for n in found[:NOTES]
        )
        older = t("customer.notes.older") if len(found) > NOTES else None
        yield Section(title=t("customer.notes"), facts=lines, footer=older)


PRESSES: dict[str, Handler] = {"customer.show": show}
