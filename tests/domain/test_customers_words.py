"""A customer's words stand on every card, copy, form and warning of the team: as words, and never as anything else."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from bot import reception, routes
from bot.channels.slack_renderer import render
from bot.channels.slack_views import view_of
from domain import events, notes, promised
from domain.areas import Urgency
from domain.company import Company
from domain.homes import Home
from domain.notes import Direction, Note, Words
from domain.people import Person
from domain.plans import Promise
from domain.requests import Request
from domain.work import Refusal, Work
from handlers.conversation import Talk
from handlers.inbound import Due, Sender
from handlers.messages import Channel, Form, FormNext, Message, Outgoing, Page, Teammate
from handlers.pipes import Draft
from handlers.reactions import REACTIONS
from handlers.refusals import FormRefused
from sandbox.slack import judge
from tests.domain import authorisation
from tests.domain.ground import MONDAY

MARC = Sender("slack", "U0MARC", team="T1")
MARK = "Zq9"  # stands in all that the customer wrote
PLAIN = {  # every kind of element that a card of ours is made of
    *(
        "rich_text",
        "rich_text_section",
        "rich_text_quote",
        "text",
        "header",
        "file_input",
        "context",
        "actions",
        "plain_text",
        "button",
    ),
    *(
        "modal",
        "input",
        "plain_text_input",
        "number_input",
        "static_select",
        "datepicker",
        "timepicker",
        "broadcast",
        "section",
        "overflow",
    ),
}
NASTY = st.sampled_from(
    [
        "<!channel>",
        "<!here|all>",
        "<@U0MARC>",
        "<#C0SERVICE>",
        "<!subteam^S0MANAGE>",
        "@channel",
        "&lt;!everyone&gt;",
        "<https://evil.example|our bank>",
        "https://evil.example/pay",
        "[x](https://evil.example)",
        "mailto:a@b.example",
        "*bold* _it_ ~gone~ `code`",
        "```\nblock\n```",
        "> quoted",
        "• list",
        ":rotating_light: :smile:",
        "👩🏽‍🔧🏳️‍🌈",
        "\u202eright to left\u202c",
        "שלום עולם",
        "مرحبا",
        "\u200b\u2028\u2029",
        "{name}",
        "%s",
        "| a | b |",
        "W" * 4000,
    ]
)
WRITTEN = st.lists(
    st.one_of(NASTY, st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=40)), min_size=1, max_size=4
)


def nodes(made: Any) -> Iterator[dict[str, Any]]:
    """Every object of what is sent to Slack."""
    if isinstance(made, dict):
        yield made
    for value in made.values() if isinstance(made, dict) else made if isinstance(made, list) else ():
        yield from nodes(value)


def harmless(made: dict[str, Any], alerts: bool) -> None:
    """Nothing in it mentions, links, formats or unfurls, but for our own call to everybody."""
    found = list(nodes(made["blocks"]))
    kinds = [node["type"] for node in found if "type" in node]
    assert set(kinds) <= PLAIN
    assert kinds.count("broadcast") == alerts
    for node in found:
        assert "url" not in node or MARK not in node["url"]
        assert "style" not in node or node["type"] == "button" or MARK not in node["text"]
        assert isinstance(node.get("text", ""), str) or node["text"]["type"] == "plain_text"


def looked_at(said: Iterable[Outgoing | FormNext]) -> int:
    """How many of these show what the customer wrote; none of them does anything with it."""
    shown = 0
    for one in said:
        if isinstance(one, Message) and isinstance(one.to, Channel | Teammate):
            made = render(one, "en", "k7", "letter:1")
            harmless(made, one.alert)
            assert (made["unfurl_links"], made["unfurl_media"]) == (False, False)
            assert "<" not in made["text"]
            assert judge.blocks(made["blocks"], "message").all == []
        elif isinstance(one, Form | Page):
            made = view_of(one, "en", "k7")
            harmless(made, alerts=False)
            assert judge.view(made).all == []
        else:
            continue
        shown += MARK in str(made["blocks"])
    return shown


def wrote(ground: authorisation.World, words: str) -> Request:
    """All that the customer names and says is these words."""
    session = ground.work.session
    for person in session.query(Person):
        person.name = words[:200]
    for home in session.query(Home):
        home.name = home.address = home.city = words[:200]
    for request in session.query(Request):
        request.story = words[:4000]
    for note in session.query(Note):
        note.words = words[:3000]
    session.flush()
    return session.get_one(Request, ground.args["request"])


def answers(ground: authorisation.World, made: Any, place: Any) -> Iterator[Outgoing]:
    """What the desk answers to the manager's act, and what the facts bring about; then it never happened."""
    session = ground.work.session
    nested = session.begin_nested()
    work = Work(session, ground.work.now)
    talk = reception.welcome(work, ground.company, made(MARC, place), "slack:C0SERVICE:100.1", routes.STEPS)
    try:
        yield from routes.answer(talk)
        yield from follows(talk)
    except (Refusal, FormRefused):
        pass
    finally:
        nested.rollback()
        session.expire_all()


def follows(talk: Talk) -> Iterator[Outgoing]:
    """The cards and lines that the facts bring about."""
    for fact in talk.work.events:
        for react in REACTIONS.get(type(fact), ()):
            yield from react(talk, fact)


def promising(company: Company) -> Company:
    """The company promises everybody an answer within the hour."""
    promises = (Promise(urgencies=tuple(Urgency), minutes=60),)
    return company.model_copy(update={"desk": company.desk.model_copy(update={"promises": promises})})


def by_themselves(ground: authorisation.World, request: Request, words: str) -> Iterator[Outgoing]:
    """What comes without anybody's press: his later message, its change, the warning of a promise, an emergency."""
    session = ground.work.session
    nested = session.begin_nested()
    work = Work(session, ground.work.now)
    company = promising(ground.company)
    due = Due(kind="x", subject=f"request:{request.id}", occurrence="1", at=work.now)
    talk = Talk(work, company, due, Draft(conversation="x", said={}, turn=0), routes.STEPS)
    clocks = promised.standing(work, company, request)
    assert clocks, "somebody is promised something"
    for clock in clocks:
        for percent in (50, 100, 150):
            work.happened(events.PromiseWarned(request.id, clock.what, clock.began, percent))
    yield from follows(talk)
    work.events.clear()
    notes.add_note(work, request, Words(Direction.FROM_HOMEOWNER, words[:200], words[:3000]))
    notes.send(work, request, Words(Direction.TO_HOMEOWNER, "Ana", words[:3000]), "ana", at_once=True)
    work.happened(events.EmergencyRaised(request.id))
    yield from follows(talk)
    nested.rollback()
    session.expire_all()


@pytest.mark.slow
@pytest.mark.slow
@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(written=WRITTEN)
@example(written=["<!channel> <@U0MARC> *b* https://evil.example <https://evil.example|bank> :smile: \u202eabc"])
@example(written=["W" * 4000])
def test_whatever_a_customer_writes_the_team_reads_it_as_words(record: Engine, written: list[str]) -> None:
    with Session(record, expire_on_commit=False) as session:
        ground = authorisation.world(Work(session, MONDAY, "test"))
        words = MARK + "".join(f" {part} {MARK}" for part in written)
        request = wrote(ground, words)
        place = authorisation.PLACES["home channel"]
        shown = sum(looked_at(answers(ground, made, place)) for _, made in authorisation.acts(ground))
        assert shown > 20
        assert looked_at(by_themselves(ground, request, words)) > 5
        session.rollback()
