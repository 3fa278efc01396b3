"""How pages look in Slack, whatever people wrote and however much of it there is."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_sdk.models.views import View
from test_slack_renderer import ANY, kinds, said

from bot.channels.slack_blocks import units
from bot.channels.slack_renderer import form
from bot.channels.slack_views import page, view_of
from domain import canned
from domain.allotments import Entry
from domain.homes import Device, Home, Member, Role
from domain.notes import Direction, Words, add_note, send
from domain.people import Person
from domain.replies import LONGEST, MOST
from domain.requests import Request, claim
from domain.work import Work
from handlers.conversation import Talk
from handlers.inbound import Opened, Place, Press, Sender
from handlers.messages import Button, Fact, Form, Page, Row, Said, Section
from handlers.pipes import Draft
from handlers.team import customer, home, relay, replies
from locales.text import t
from sandbox.slack import judge
from sandbox.slack.rules import amount_of_text
from tests.domain.conftest import empty_record, record, server_record, work
from tests.domain.ground import SAMPLE, contract, person, request
from tests.domain.ground import home as dwelling

__all__ = ["empty_record", "record", "server_record", "work"]
assert Entry

EXTREMES = {
    "long names": ("Maximilian-Konstantin " * 20)[:200],
    "emoji": ("👨‍👩‍👧‍👦🏳️‍🌈" * 40)[:200],
    "right to left": ("\u202eدينا حداد " * 30)[:200],
    "commands": ("<!channel> <@U1> *bold* &lt; " * 10)[:200],
}
BUTTON = st.builds(Button, label=ANY, act=st.just("x"))
ROWS = st.lists(st.builds(Row, ANY, st.one_of(st.none(), ANY), st.lists(BUTTON, max_size=7).map(tuple)), max_size=40)
SECTION = st.builds(
    Section,
    title=st.one_of(st.none(), ANY),
    body=st.lists(ANY.map(Said), max_size=4).map(tuple),
    facts=st.lists(st.builds(Fact, ANY, ANY), max_size=6).map(tuple),
    rows=ROWS.map(tuple),
    footer=st.one_of(st.none(), ANY),
    buttons=st.lists(st.lists(BUTTON, max_size=30).map(tuple), max_size=4).map(tuple),
)


def accepted(view: dict[str, Any]) -> None:
    """Slack takes it, and reads no command in it."""
    View(**view).validate_json()
    found = judge.view(view, "views.publish" if view["type"] == "home" else "views.open")
    assert found.all == []
    assert len(view["blocks"]) <= 100
    assert amount_of_text(view["blocks"]) < 60_000
    assert not {"mrkdwn", "user", "channel", "usergroup", "broadcast", "link"} & set(kinds(view))
    assert len(str(view).encode("utf-8")) < 250_000
    "".join(said(view)).encode()


@settings(max_examples=40, deadline=None)
@given(st.lists(SECTION, max_size=6), st.booleans())
def test_whatever_stands_on_a_page_slack_takes_it(sections: list[Section], at_home: bool) -> None:
    made = Page(user="U1", title=t("customer.title"), sections=tuple(sections), home=at_home)
    view = page(made, "en", "k7")
    accepted(view)
    numbers = [n for n in found_tokens(view) if n]
    assert len(numbers) == len(set(numbers)), "each button has its own number"
    assert all(int(number.removeprefix("k7.")) < len(made.buttons) for number in numbers)


def found_tokens(node: Any) -> list[str]:
    """What the buttons and menus carry."""
    if isinstance(node, dict):
        own = [node["value"]] if isinstance(node.get("value"), str) else []
        return own + [value for part in node.values() for value in found_tokens(part)]
    return [value for part in node for value in found_tokens(part)] if isinstance(node, list) else []


def test_a_button_carries_the_number_under_which_it_is_kept() -> None:
    rows = (Row("a", None, (Button("1", "x"), Button("2", "x"))), Row("b", None, (Button("3", "x"),)))
    parts = (Section(rows=rows, buttons=((Button("4", "x"),),)), Section(buttons=((Button("5", "x"),),)))
    made = Page(user="U1", title=t("customer.title"), sections=parts)
    assert [b.label for b in made.buttons] == ["1", "2", "3", "4", "5"]
    assert found_tokens(page(made, "en", "k")["blocks"]) == [f"k.{n}" for n in range(5)]


def crowd(work: Work, name: str, of: int = 100) -> tuple[Person, Home, list[Request]]:
    """Somebody with so many open requests, all Ana's, each with 4,000 characters, notes and all."""
    who = person(work)
    where = dwelling(work, "H1", who)
    contract(work, where)
    who.name = where.name = where.city = name
    for n in range(60):
        given = {"room": name, "brand": name, "model": name, "serial": None, "installed_on": None}
        work.session.add(Device(ref=f"D{n}", home_id=where.id, area="shades", warranty_until=None, **given))
        guest = Person(name=name, language="en", created_at=work.now)
        work.session.add(guest)
        work.session.flush()
        work.session.add(Member(home_id=where.id, person_id=guest.id, role=Role.MEMBER))
    found = [request(work, who, where) for _ in range(of)]
    for asked in found:
        asked.story = (name * 30)[:4000]
        add_note(work, asked, Words(Direction.INTERNAL, name, asked.story))
        add_note(work, asked, Words(Direction.FROM_HOMEOWNER, name, asked.story))
    work.session.flush()
    return who, where, found


def talk(work: Work, inbound: Any, who: str = "ana", **args: Any) -> Talk:
    """A teammate before his Slack."""
    spoken = Talk(work, SAMPLE, inbound, Draft(conversation="c", said={}, turn=0), {})
    spoken.teammate, spoken.args = SAMPLE.member(who), args
    return spoken


SENDER = Sender("slack", "U0ANA")
OPENED = Opened(sender=SENDER, place=Place("slack", "U0ANA"))
PRESSED = Press(sender=SENDER, place=Place("slack", "U0ANA"), token="k.0", trigger="t")


@pytest.mark.parametrize("kind", EXTREMES)
@pytest.mark.parametrize("how", ["free", "asking", "answered"])
def test_the_home_takes_a_hundred_open_requests(work: Work, kind: str, how: str) -> None:
    _, _, found = crowd(work, EXTREMES[kind])
    for asked in found if how != "free" else []:
        claim(work, asked, "ana")
        if how == "answered":
            send(work, asked, Words(Direction.TO_HOMEOWNER, "Ana", "Tomorrow"), "ana")
    work.now += timedelta(days=30)
    (made,) = home.opened(talk(work, OPENED))
    assert isinstance(made, Page)
    for language in ("en", "fr", "es", "it"):
        view = page(made, language, "k" * 16)
        accepted(view)
        if language == "en":
            text = "\n".join(said(view))
            assert "more are not shown here." in text, "that something is left out is said"
            assert "more than fits here" not in text, "the lists know what fits"


@pytest.mark.parametrize("kind", EXTREMES)
def test_the_team_s_side_takes_them_too(work: Work, kind: str) -> None:
    _, _, found = crowd(work, EXTREMES[kind])
    assert found
    made = home.page(talk(work, OPENED, "marc"), home.TEAM)
    accepted(page(made, "en", "k" * 16))


@pytest.mark.parametrize("kind", EXTREMES)
@pytest.mark.parametrize("over", [0, 2])
def test_a_customer_s_page_takes_everything_there_is(work: Work, kind: str, over: int) -> None:
    who, where, found = crowd(work, EXTREMES[kind])
    for asked in found[:50]:
        asked.state, asked.ended_at = "closed", work.now
    work.session.flush()
    (made,) = customer.show(talk(work, PRESSED, person=who.id, home=where.id, over=over))
    assert isinstance(made, Page)
    view = page(made, "en", "k" * 16)
    accepted(view)
    assert units(view["title"]["text"]) <= 24
    assert "more are not shown here." in "\n".join(said(view))
    assert bool(made.buttons) == (over < customer.DEEPEST - 1), "no window upon the third"


@pytest.mark.parametrize("kind", EXTREMES)
def test_the_page_and_the_choice_of_canned_replies_take_all_there_may_be(work: Work, kind: str) -> None:
    marc, long = SAMPLE.member("marc"), (EXTREMES[kind] * 20)[:LONGEST]
    for owner in (None, "marc"):
        for number in range(MOST - len(SAMPLE.desk.replies) if owner is None else MOST):
            name = f"{number} {EXTREMES[kind]}"
            made = canned.make(work, SAMPLE, marc, owner, name, dict.fromkeys(("en", "fr", "es", "it"), long))
            canned.change(work, SAMPLE, marc, made.ref, f"x{name}", {"en": long[::-1]}, seen=made.version)
    (shown,) = replies.open_page(talk(work, PRESSED, "marc"))
    assert isinstance(shown, Page)
    for language in ("en", "fr", "es", "it"):
        view = page(shown, language, "k" * 16)
        accepted(view)
        assert units(view["title"]["text"]) <= 24
    text = "\n".join(said(page(shown, "en", "k" * 16)))
    assert "And 65 more" in text
    assert "more than fits here" not in text
    who, _, (asked, *_) = crowd(work, EXTREMES[kind])
    who.language = "en"
    (opened,) = relay.ask_reply(talk(work, PRESSED, "marc", request=asked.id))
    assert isinstance(opened, Form)
    shown_form = form(opened, "en", "k" * 16)
    accepted(shown_form)
    groups = shown_form["blocks"][-3]["element"]["option_groups"]
    assert [len(group["options"]) for group in groups] == [MOST, MOST]


@pytest.mark.parametrize("words", [":smile: it stops", "the code is :x:12:", "at 10:20:30"])
def test_what_somebody_wrote_between_colons_stays_as_he_wrote_it(words: str) -> None:
    section = Section(rows=(Row(words),))
    shown = view_of(Page(user="U1", title=t("replies.title"), sections=(section,), trigger="1"), "en", "k")
    (line,) = shown["blocks"]
    assert line["text"]["text"] == words
    assert line["text"]["emoji"] is False
