"""What somebody has to see to, one line each, with what he may do about it."""

from collections.abc import Iterable

from domain.queues import Owed
from domain.requests import Request
from handlers.cards.agenda import shortened
from handlers.cards.clocks import stands
from handlers.cards.request import headline
from handlers.conversation import standing
from handlers.messages import Button, Row, Section
from locales.text import Text, t

NAME = 80  # characters of a name, in a list


def section(title: Text, found: list[Owed], most: int, zone: str, nothing: Text | None = None) -> tuple[Section, ...]:
    """A list under its title; that there is more than it shows is said. An empty one is not there, or says so."""
    if not found and nothing is None:
        return ()
    rows = tuple(row(owed, zone) for owed in found[:most])
    more = t("page.more", len(found) - most) if len(found) > most else None
    return (Section(title=title, rows=rows, body=(nothing,) if nothing and not found else (), footer=more),)


def row(owed: Owed, zone: str) -> Row:
    """One of them: which, whose, where, how it stands, what is owed and until when."""
    request, home = owed.request, owed.home
    about = t("page.about", about=headline(request), name=shortened(owed.person.name, NAME))
    where = place(shortened(home.name, NAME), shortened(home.city, NAME)) if home else t("team.stranger")
    state, clock = t(f"state.{request.state}"), owed.clock
    value = t("page.two", first=where, second=state)
    if clock is not None:
        due = t("page.clock", what=t(f"promise.{clock.what}"), when=stands(clock, zone, in_hand=owed.in_hand))
        value = t("page.three", first=where, second=state, third=due)
    return Row(about, value, tuple(deeds(request, on_site=owed.on_site)))


def place(name: str, city: str) -> Text:
    """A home and its town."""
    return t("team.place", home=name, city=city)


def deeds(request: Request, *, on_site: bool) -> Iterable[Button]:
    """What can be done with a request from a list."""
    if on_site:
        yield standing("team.set_out", "team.set_out", request=request.id)
    if request.running and request.assignee is None:
        yield standing("team.take", "team.take", request=request.id)
    yield standing("team.reply", "team.reply", request=request.id)
    if request.running and request.assignee is not None:
        yield standing("team.resolve", "team.resolve", request=request.id)
    yield standing("page.customer", "customer.show", of=request.id)
