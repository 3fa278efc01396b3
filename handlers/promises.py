"""Who is told how far a promise has come: the ladder of the company file."""

from collections.abc import Iterable

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
from handlers.messages import Fact, Importance, Message, Outgoing, Teammate
from locales.text import Text, t


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
    over = fact.percent >= 100
    people = told(talk, request.assignee or (storm.assignee if storm else None), fact.percent)
    if over or not people:
        yield Message(
            to=thread(request),
            body=(_words(fact.percent),),
            facts=(_fact(talk, clock),),
            alert=over or fact.percent >= 80,
            about=f"promise:{request.id}:{fact.what}:{fact.began.isoformat()}",
        )
    for member in people:
        yield Message(
            to=Teammate(member.slack),
            title=headline(request),
            body=(_words(fact.percent),),
            facts=(_fact(talk, clock),),
            buttons=(
                (
                    standing("team.take", "team.take", request=request.id, was=request.assignee or ""),
                    standing("team.reply", "team.reply", request=request.id),
                ),
            ),
            importance=Importance.CRITICAL,
        )  # fmt: skip


def _once_for_all(talk: Talk, storm: Storm, fact: events.PromiseWarned, clock: Clock) -> Iterable[Outgoing]:
    """Of the same promise of all its requests, whoever has the storm is told once at each height."""
    if fact.percent <= int(storm.warned.get(fact.what, 0)):
        return
    storm.warned = {**storm.warned, fact.what: fact.percent}
    people = told(talk, storm.assignee, fact.percent)
    body = (t("storm.warned"), _words(fact.percent))
    yield for_storm(talk.work, talk.company, storm)
    if fact.percent >= 100 or not people:
        yield Message(to=storm_thread(storm), body=body, facts=(_fact(talk, clock),), alert=fact.percent >= 80)
    for member in people:
        yield Message(
            to=Teammate(member.slack),
            title=storm_name(talk.company, storm),
            body=body,
            facts=(_fact(talk, clock),),
            buttons=((standing("storm.tell", "storm.tell", storm=storm.id),
                      standing("storm.list", "storm.list", storm=storm.id)),),
            importance=Importance.CRITICAL,
        )  # fmt: skip


def _words(percent: int) -> Text:
    return t("promise.warn.over") if percent >= 100 else t("promise.warn", percent=percent)


def _fact(talk: Talk, clock: Clock) -> Fact:
    return Fact(t(f"promise.{clock.what}"), stands(clock, talk.company.time_zone))


def told(talk: Talk, assignee: str | None, percent: int) -> list[Member]:
    """Whom the ladder names at that height; where nobody has the request, the next rung that names somebody."""
    ladder = sorted(talk.company.desk.ladder, key=lambda rung: rung.percent)
    for rung in ladder:
        if rung.percent < percent:
            continue
        if rung.tell == "assignee":
            people = [m for m in talk.company.team if m.key == assignee]
        else:
            people = standings.holders(talk.work, talk.company, rung.tell)
        if people or percent < 100:
            return people
    return []
