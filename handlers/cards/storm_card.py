"""The card of a storm: since when, what is alike, how many homes and which, who was told, who sees to it."""

from collections.abc import Sequence

from msgspec.structs import replace

from domain import storms
from domain.company import Company
from domain.storm_rules import Likeness
from domain.storms import Child, Ending, Storm
from domain.work import Work
from handlers.cards.agenda import shortened
from handlers.cards.names import named
from handlers.cards.queue import place
from handlers.cards.request import headline, who_is
from handlers.conversation import standing
from handlers.messages import Button, Channel, Fact, Message, Page, Part, Row, Said, Section
from locales.text import Listing, Moment, Text, Value, t

HOMES, PHONES, LINES = 12, 8, 40  # as many as are named
NAME = 60  # characters of a name, in a list


def about_storm(storm: Storm) -> str:
    """The identity of a storm's card."""
    return f"storm:{storm.id}"


def storm_thread(storm: Storm) -> Channel:
    """The thread under its card."""
    return Channel(storm.channel, thread=about_storm(storm))


def alike(company: Company, like: Likeness) -> Listing:
    """What is alike: the area, the brand, the region."""
    names = {region.key: region.name for region in company.tariff.regions}
    where = (named(names, like.region),) if like.region else ()
    return Listing((t(f"area.{like.area}"), *((like.brand,) if like.brand else ()), *where), "plain")


def storm_name(company: Company, storm: Storm) -> Text:
    """Which storm."""
    return t("storm.name", number=str(storm.id), what=alike(company, storm.likeness))


def homes_of(children: Sequence[Child]) -> dict[int, Child]:
    """One request for each home."""
    return {child.home.id: child for child in reversed(children)}


def to_phone(children: Sequence[Child]) -> list[Child]:
    """Whom no words reach, each once."""
    found = {child.person.id: child for child in children if child.request.running and not child.reachable}
    return list(found.values())


def some(found: Sequence[Value], most: int) -> Value:
    """Some of them by name, and how many more there are."""
    shown = Listing(tuple(found[:most]), "plain")
    return t("storm.and_more", len(found) - most, names=shown) if len(found) > most else shown


def by_phone(children: Sequence[Child]) -> Value:
    """Names and numbers of those who are to be phoned."""
    who = [t("storm.beside", what=shortened(c.person.name, NAME), more=c.person.phone or "–") for c in children]
    return some(who, PHONES)


def for_storm(work: Work, company: Company, storm: Storm) -> Message:
    """The card, as it is now."""
    children = storms.children(work, storm)
    return Message(
        to=Channel(storm.channel),
        title=storm_name(company, storm),
        body=_body(storm, children),
        facts=tuple(_facts(company, storm, children)),
        buttons=_buttons(storm),
        about=about_storm(storm),
    )


def _body(storm: Storm, children: Sequence[Child]) -> tuple[Part, ...]:
    if storm.ending is Ending.NONE:
        return (t("storm.was_none"),)
    if storm.ending is Ending.SOLVED:
        return (t("storm.was_solved"), *((Said(storm.resolution),) if storm.resolution else ()))
    return (t("storm.lasts", len(homes_of(children))),)


def _facts(company: Company, storm: Storm, children: Sequence[Child]) -> list[Fact]:
    zone, homes = company.time_zone, homes_of(children)
    found = [Fact(t("storm.since"), Moment(storm.opened_at, zone, "short"))]
    if storm.ended_at is not None:
        found.append(Fact(t("storm.until"), Moment(storm.ended_at, zone, "short")))
    if homes:
        found_homes = [child.home for child in reversed(homes.values())]
        names = [t("storm.beside", what=shortened(at.name, NAME), more=shortened(at.city, NAME)) for at in found_homes]
        found.append(Fact(t("storm.homes"), some(names, HOMES)))
    if storm.lasts:
        running = sum(child.request.running for child in children)
        found.append(Fact(t("storm.open"), t("storm.of", done=running, all=len(children))))
        found.append(Fact(t("storm.told"), _told(company, storm, children)))
        missing = to_phone(children)
        found += [Fact(t("storm.phone"), by_phone(missing))] if missing else []
    found += [Fact(t("request.assignee"), who_is(company, storm.assignee))] if storm.assignee else []
    return found


def _told(company: Company, storm: Storm, children: Sequence[Child]) -> Value:
    if storm.told_at is None or storm.told_by is None:
        return t("storm.told.nobody")
    running = [child for child in children if child.request.running]
    return t(
        "storm.told.some",
        done=sum(child.told for child in running),
        all=len(running),
        at=Moment(storm.told_at, company.time_zone, "short"),
        name=who_is(company, storm.told_by),
    )


def _buttons(storm: Storm) -> tuple[tuple[Button, ...], ...]:
    listed = standing("storm.list", "storm.list", storm=storm.id)
    if not storm.lasts:
        return ((listed,),)
    take = standing("team.take_over" if storm.assignee else "team.take", "storm.take", storm=storm.id,
                    was=storm.assignee or "")  # fmt: skip
    return (
        (
            replace(take, style="" if storm.assignee else "primary"),
            standing("storm.tell", "storm.tell", storm=storm.id),
            standing("storm.solve", "storm.solve", storm=storm.id),
            listed,
            standing("storm.deny", "storm.deny", storm=storm.id),
        ),
    )


def listing(work: Work, company: Company, storm: Storm, user: str, trigger: str | None, depth: int) -> Page:
    """Every request of it, one line each: whose, where, how it stands, whether he was told."""
    children = storms.children(work, storm)
    rows = tuple(_row(storm, child, depth) for child in children[:LINES])
    more = t("page.more", len(children) - LINES) if len(children) > LINES else None
    missing = to_phone(children) if storm.lasts else []
    phone = (Section(facts=(Fact(t("storm.phone"), by_phone(missing)),)),) if missing else ()
    return Page(
        user=user,
        trigger=trigger,
        title=t("storm.list.title", number=str(storm.id)),
        sections=(
            Section(title=storm_name(company, storm), body=() if rows else (t("storm.list.none"),)),
            *phone,
            Section(rows=rows, footer=more),
        ),
    )


def _row(storm: Storm, child: Child, depth: int) -> Row:
    request = child.request
    about = t("page.about", about=headline(request), name=shortened(child.person.name, NAME))
    where = place(shortened(child.home.name, NAME), shortened(child.home.city, NAME))
    value = t("page.three", first=where, second=t(f"state.{request.state}"), third=_how(child))
    buttons: tuple[Button, ...] = ()
    if depth < 3:
        out = (standing("desk.storm_out", "storm.out", request=request.id, storm=storm.id, over=depth),)
        buttons = (
            standing("team.reply", "team.reply", request=request.id, over=depth),
            standing("page.customer", "customer.show", of=request.id, over=depth),
            *(out if storm.lasts else ()),
        )
    return Row(about, value, buttons)


def _how(child: Child) -> Text:
    if not child.reachable:
        return t("storm.row.phone", phone=child.person.phone or "–")
    return t("storm.row.told") if child.told else t("storm.row.not_told")
