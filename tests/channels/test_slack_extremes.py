"""Every button, form and command of the team, in a world of extremes: whatever comes of it, both networks take it."""

from collections.abc import Iterator
from typing import Any

import pytest
from slack_sdk.models.views import View
from test_slack_renderer import kinds, said
from test_slack_views import EXTREMES
from test_telegram_renderer import visible

from bot import reception, routes
from bot.channels.slack_renderer import form, render
from bot.channels.slack_views import page
from bot.channels.telegram_renderer import LONGEST_TEXT, TextPart
from bot.channels.telegram_renderer import render as told
from bot.channels.telegram_text import units
from domain.campaigns import LONGEST_NAME, LONGEST_WORDS, Campaign
from domain.homes import Home
from domain.notes import Note
from domain.people import Person
from domain.requests import Request
from domain.work import Refusal, Work
from handlers.cards.team_card import for_team
from handlers.inbound import Inbound
from handlers.messages import Form, Homeowner, Message, Outgoing, Page
from handlers.reactions import REACTIONS
from handlers.refusals import FormRefused
from handlers.refusals import said as no_to
from sandbox.slack import judge
from tests.domain.authorisation import PEOPLE, PLACES, World, acts, world
from tests.domain.conftest import empty_record, record, server_record, work

__all__ = ["empty_record", "record", "server_record", "work"]
LANGUAGES = ("en", "fr", "es", "it")


def stretched(work: Work, name: str) -> World:
    """Everything people wrote is as long, and as odd, as it can be."""
    ground = world(work)
    session = work.session
    for person in session.query(Person):
        person.name = name
    for place in session.query(Home):
        place.name = place.city = place.address = name
    for asked in session.query(Request):
        asked.story = asked.resolution = (name * 30)[:4000]
        asked.part = name[:150]
    for campaign in session.query(Campaign):
        campaign.name = name[:LONGEST_NAME]
        campaign.words = dict.fromkeys(campaign.words, (name * 30)[:LONGEST_WORDS])
        campaign.whom = {"brand": name[:100], "model": name[:100]}
    for note in session.query(Note):
        note.words, note.author = (name * 30)[:3000], name
    session.flush()
    return ground


def everything(ground: World, inbound: Inbound) -> Iterator[Outgoing]:
    """What is said to it, and what follows; whatever it changed is undone."""
    session = ground.work.session
    nested = session.begin_nested()
    work = Work(session, ground.work.now)
    talk = reception.welcome(work, ground.company, inbound, "slack:C0SERVICE:100.1", routes.STEPS)
    try:
        yield from routes.answer(talk)
        seen = 0
        while seen < len(work.events):
            fact = work.events[seen]
            seen += 1
            for react in REACTIONS.get(type(fact), ()):
                yield from react(talk, fact)
    except FormRefused:
        return
    except Refusal as no:
        yield from no_to(talk, no)
    finally:
        nested.rollback()
        session.expire_all()


def taken(one: Outgoing, language: str) -> None:
    """The network it goes to takes it, and reads no command in it."""
    if isinstance(one, Form | Page):
        view: dict[str, Any] = (page if isinstance(one, Page) else form)(one, language, "k" * 16)  # type: ignore[operator]
        View(**view).validate_json()
        assert judge.view(view, "views.publish" if view["type"] == "home" else "views.open").all == []
        found = list(kinds(view))
        "".join(said(view)).encode()
    elif isinstance(one, Message) and isinstance(one.to, Homeowner):
        shown = told(one, language, "k" * 16)
        assert all(units(visible(part.html).seen) <= LONGEST_TEXT for part in shown.parts if isinstance(part, TextPart))
        return
    elif isinstance(one, Message):
        made = render(one, language, "k" * 16, "letter:1")
        assert judge.blocks(made["blocks"], "message").all == []
        assert len(made["blocks"]) <= 50
        found = list(kinds(made["blocks"]))
        assert found.count("broadcast") == one.alert
        found = [kind for kind in found if kind != "broadcast"]
    else:
        return
    assert not {"mrkdwn", "user", "channel", "usergroup", "broadcast", "link"} & set(found)


@pytest.mark.parametrize("kind", EXTREMES)
def test_whatever_the_team_does_both_networks_take_what_comes_of_it(work: Work, kind: str) -> None:
    ground, count = stretched(work, EXTREMES[kind]), 0
    who, where = PEOPLE["manager"], PLACES["home channel"]
    for number, (_, made) in enumerate(acts(ground)):
        for one in list(everything(ground, made(who, where))):
            taken(one, LANGUAGES[number % 4])
            count += 1
    assert count > 100, "nearly every act says something"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", EXTREMES)
def test_the_card_takes_the_longest_names_and_stories(work: Work, kind: str, language: str) -> None:
    ground = stretched(work, EXTREMES[kind])
    for asked in work.session.query(Request):
        taken(for_team(work, ground.company, asked), language)
