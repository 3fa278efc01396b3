"""Who is told how far a promise has come: the ladder of the company file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from domain import events, promised, standings, storms
from domain.clocks import Clock
from domain.requests import Request
from domain.storms import Storm
from domain.team import Member
from handlers.cards.clocks import stands
from handlers.cards.request import headline, thread
from handlers.cards.storm_card import for_storm, storm_name, storm_thread
from handlers.cards.team_card import for_team
from handlers.conversation import Talk, standing
from handlers.messages import Button, Channel, Fact, Importance, Message, Outgoing, Teammate
from locales.text import Text, t


@dataclass(frozen=True)
class Height:
    """How far something has come that somebody is to be told of."""

    percent: int
    title: Text
    fact: Fact
    thread: Channel
    buttons: tuple[Button, ...] = ()
    about: str | None = None
    first: tuple[Text, ...] = ()


def warned(talk: Talk, fact: events.PromiseWarned) -> Iterable[Outgoing]:
    """The card shows it, the thread says it, and whoever the ladder names reads it in his direct messages."""
    request = talk.work.session.get_one(Request, fact.request)
    found = promised.standing(talk.work, talk.company, request)
    clock = next((c for c in found if (c.what, c.began) == (fact.what, fact.began)), None)
    if clock is None:
        return
    yield for_team(talk.work, talk.company, request)
    storm = storms.around(talk.work, request)
    if storm is not None and fact.what != "reply":  # his own words want an answer of their own
        yield from _once_for_all(talk, storm, fact, clock)
        return
    yield from rung(
        told(talk, request.assignee or (storm.assignee if storm else None), fact.percent),
        Height(
            fact.percent,
            headline(request),
            _fact(talk, clock),
            thread(request),
            about=f"promise:{request.id}:{fact.what}:{fact.began.isoformat()}",
            buttons=(
                standing("team.take", "team.take", request=request.id, was=request.assignee or ""),
                standing("team.reply", "team.reply", request=request.id),
            ),
        ),
    )


def _once_for_all(talk: Talk, storm: Storm, fact: events.PromiseWarned, clock: Clock) -> Iterable[Outgoing]:
    """Of the same promise of all its requests, whoever has the storm is told once at each height."""
    if fact.percent <= int(storm.warned.get(fact.what, 0)):
        return
    storm.warned = {**storm.warned, fact.what: fact.percent}
    yield for_storm(talk.work, talk.company, storm)
    yield from rung(
        told(talk, storm.assignee, fact.percent),
        Height(
            fact.percent,
            storm_name(talk.company, storm),
            _fact(talk, clock),
            storm_thread(storm),
            first=(t("storm.warned"),),
            buttons=(
                standing("storm.tell", "storm.tell", storm=storm.id),
                standing("storm.list", "storm.list", storm=storm.id),
            ),
        ),
    )


def rung(people: Sequence[Member], height: Height) -> Iterable[Outgoing]:
    """Each of these is told in his direct messages; the thread, where it is too late or there is nobody to tell."""
    words = t("promise.warn.over") if height.percent >= 100 else t("promise.warn", percent=height.percent)
    body = (*height.first, words)
    if height.percent >= 100 or not people:
        yield Message(to=height.thread, body=body, facts=(height.fact,), alert=height.percent >= 80, about=height.about)
    for member in people:
        yield Message(
            to=Teammate(member.slack),
            title=height.title,
            body=body,
            facts=(height.fact,),
            buttons=(height.buttons,),
            importance=Importance.CRITICAL,
        )


def _fact(talk: Talk, clock: Clock) -> Fact:
    return Fact(t(f"promise.{clock.what}"), stands(clock, talk.company.time_zone))


def told(talk: Talk, assignee: str | None, percent: int) -> list[Member]:
    """Whom the ladder names at that height; where nobody has the request, the next rung that names somebody."""
    for step in sorted(talk.company.desk.ladder, key=lambda step: step.percent):
        if step.percent < percent:
            continue
        if step.tell == "assignee":
            people = [m for m in talk.company.team if m.key == assignee]
        else:
            people = standings.holders(talk.work, talk.company, step.tell)
        if people or percent < 100:
            return people
    return []
