"""How messages and forms look in Slack, whatever people wrote."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from slack_ground import phrases, words
from slack_sdk.models.views import View

from bot.channels.slack_blocks import ALL_WORDS, ELLIPSIS, cut, units
from bot.channels.slack_renderer import errors, form, render
from bot.channels.slack_shape import clean, plain
from handlers.messages import Button, Channel, Fact, Field, Form, FormErrors, Message, Said
from sandbox.slack import judge
from sandbox.slack.rules import amount_of_text

pytestmark = pytest.mark.usefixtures("phrases")
assert phrases

TRICKY = [
    "<!channel>",
    "<@U1>",
    "&lt;",
    "*bold*",
    ":smile:",
    "👨‍👩‍👧",
    "\ud800",
    "\0",
    " ",
    "",
    "```",
    "<http://a|b>",
    "\u202e",
]
ANY = st.one_of(st.text(max_size=60), st.sampled_from(TRICKY), st.text(min_size=1, max_size=5).map(lambda s: s * 900))
BUTTON = st.builds(
    Button,
    label=ANY,
    act=st.just("x"),
    style=st.sampled_from(["", "primary", "danger"]),
    url=st.sampled_from([None, None, "https://a.example"]),
)
MESSAGE = st.builds(
    Message,
    to=st.just(Channel("C1")),
    title=st.one_of(st.none(), ANY),
    body=st.lists(st.one_of(ANY.map(Said), ANY.map(words)), max_size=30).map(tuple),
    facts=st.lists(st.builds(Fact, ANY.map(words), ANY), max_size=12).map(tuple),
    footer=st.one_of(st.none(), ANY.map(words)),
    buttons=st.lists(st.lists(BUTTON, max_size=30).map(tuple), max_size=25).map(tuple),
    alert=st.booleans(),
)
FIELD = st.builds(
    Field,
    name=st.just(""),
    label=ANY.map(words),
    kind=st.sampled_from(["line", "lines", "choice", "files"]),
    hint=st.one_of(st.none(), ANY.map(words)),
    initial=st.one_of(st.none(), ANY),
    options=st.lists(ANY, max_size=130).map(lambda said: tuple((f"o{n}", word) for n, word in enumerate(said))),
    optional=st.booleans(),
    longest=st.one_of(st.none(), st.integers(1, 9000)),
    groups=st.lists(st.tuples(ANY, st.lists(ANY, max_size=110)), max_size=3).map(
        lambda found: tuple(
            (heading, tuple((f"g{g}-{n}", word) for n, word in enumerate(said)))
            for g, (heading, said) in enumerate(found)
        )
    ),
    types=st.sampled_from([(), ("jpg", "png")]),
    most=st.integers(-1, 20),
)


def said(node: Any) -> Iterator[str]:
    """Every word of the blocks that people will see, in order."""
    if isinstance(node, dict):
        if isinstance(node.get("text"), str):
            yield node["text"]
        for value in node.values():
            yield from said(value)
    elif isinstance(node, list):
        for value in node:
            yield from said(value)


def kinds(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("type"), str):
            yield node["type"]
        for value in node.values():
            yield from kinds(value)
    elif isinstance(node, list):
        for value in node:
            yield from kinds(value)


@settings(max_examples=60, deadline=None)
@given(MESSAGE, st.sampled_from(["en", "fr"]))
def test_whatever_people_write_slack_takes_it_and_reads_no_command_in_it(message: Message, language: str) -> None:
    made = render(message, language, "k7", "letter:1")
    blocks = made["blocks"]
    assert judge.blocks(blocks, "message").all == []
    assert len(blocks) <= 50
    assert amount_of_text(blocks) <= 13_000 + 75 * 30 * 25
    assert len({block["block_id"] for block in blocks}) == len(blocks)
    found = list(kinds(blocks))
    assert "mrkdwn" not in found
    assert found.count("broadcast") == message.alert
    assert not {"user", "channel", "usergroup", "link"} & set(found)
    # Slack sees a control sequence in the fallback only between angle brackets
    assert not re.search(r"[<>]", made["text"])
    assert len(made["text"]) < 40_000
    assert "\0" not in made["text"]
    "".join([made["text"], *said(blocks)]).encode()


@settings(max_examples=120, deadline=None)
@given(st.lists(ANY, min_size=1, max_size=3), st.lists(st.tuples(ANY, ANY), max_size=3))
def test_what_was_not_cut_is_said_as_it_was_written(quoted: list[str], facts: list[tuple[str, str]]) -> None:
    message = Message(
        to=Channel("C1"),
        body=tuple(Said(q) for q in quoted),
        facts=tuple(Fact(words(label), value) for label, value in facts),
    )
    if sum(map(units, quoted)) + sum(units(a) + units(b) for a, b in facts) > ALL_WORDS:
        return
    shown = "\n".join(said(render(message, "en", None, "x")["blocks"]))
    told = [pair for pair in facts if all(clean(part).strip() for part in pair)]
    for text in [*quoted, *(part for pair in told for part in pair)]:
        if clean(text).strip():
            assert clean(text) in shown
    fallback = plain(render(message, "en", None, "x")["text"])
    if not fallback.endswith(ELLIPSIS):
        for text in quoted:
            assert clean(text) in fallback or not clean(text).strip()


@settings(max_examples=40, deadline=None)
@given(ANY.map(words), st.lists(FIELD, max_size=6), st.lists(ANY.map(words), max_size=3))
def test_whatever_a_form_asks_slack_opens_it(title: Any, fields: list[Field], intro: list[Any]) -> None:
    named = tuple(Field(f"f{n}", *[getattr(f, a) for a in FIELD_REST]) for n, f in enumerate(fields))
    asked = Form(trigger="t", user="U1", act="x", title=title, intro=tuple(intro), fields=named, submit=title)
    view = form(asked, "en", "k7")
    View(**view).validate_json()
    assert judge.view(view, "views.open").all == []
    assert view["private_metadata"] == "k7"
    assert max(units(view[key]["text"]) for key in ("title", "submit", "close")) <= 24
    "".join(said(view)).encode()


FIELD_REST = ("label", "kind", "hint", "initial", "options", "optional", "longest", "groups", "types", "most")


@given(st.text(max_size=200), st.integers(1, 50))
def test_a_cut_text_ends_well(text: str, most: int) -> None:
    short = cut(clean(text), most)
    assert units(short) <= most
    assert short == clean(text) or short.endswith("…")
    short.encode()


def test_a_card_has_its_parts_in_order() -> None:
    message = Message(
        to=Channel("C1"),
        title="Water under the sink",
        body=(words("Marta writes:"), Said("It *drips* <!here>")),
        facts=(Fact(words("Home"), "Casa Rossi"), Fact(words("Plan"), "Comfort")),
        footer=words("Request 12"),
        buttons=((Button("Take it", act="take", style="primary"),), (Button("Map", url="https://m.example"),)),
        alert=True,
    )
    made = render(message, "en", "k7", "letter:1")
    assert [b["type"] for b in made["blocks"]] == [
        "header",
        "rich_text",
        "rich_text",
        "rich_text",
        "rich_text",
        "context",
        "actions",
        "actions",
    ]
    assert made["blocks"][1]["elements"][0]["elements"] == [{"type": "broadcast", "range": "here"}]
    assert made["blocks"][3]["elements"][0]["type"] == "rich_text_quote"
    facts = [e["text"] for e in made["blocks"][4]["elements"][0]["elements"]]
    assert facts == ["Home: ", "Casa Rossi", "\nPlan: ", "Comfort"]
    take, look = (b["elements"][0] for b in made["blocks"][-2:])
    assert (take["action_id"], take["value"], take["style"]) == ("b0", "k7.0", "primary")
    assert look["url"] == "https://m.example"
    assert "value" not in look
    assert made["text"].splitlines() == [
        "Water under the sink",
        "Marta writes:",
        "It *drips* &lt;!here&gt;",
        "Home: Casa Rossi",
        "Plan: Comfort",
        "Request 12",
    ]
    assert made["metadata"] == {"event_type": "aftercare_letter", "event_payload": {"key": "letter:1"}}
    assert (made["unfurl_links"], made["unfurl_media"]) == (False, False)
    assert "link_names" not in made


def test_an_apology_stands_above_the_title() -> None:
    made = render(Message(to=Channel("C1"), title="Water", opening=words("We are sorry")), "en", None, "letter:1")
    assert [b["type"] for b in made["blocks"]] == ["rich_text", "header"]
    assert made["text"].splitlines() == ["We are sorry", "Water"]


def test_in_french_a_colon_keeps_its_space() -> None:
    message = Message(to=Channel("C1"), facts=(Fact(words("Maison"), "Rossi"),))
    assert render(message, "fr", None, "x")["text"] == "Maison\u00a0: Rossi"


def test_what_stands_apart_has_room_above_it_but_not_at_the_top() -> None:
    facts = (Fact(words("A"), "1", apart=True), Fact(words("B"), "2"), Fact(words("C"), "3", apart=True))
    (block,) = render(Message(to=Channel("C1"), facts=facts), "en", None, "x")["blocks"]
    assert "".join(run["text"] for run in block["elements"][0]["elements"]) == "A: 1\nB: 2\n\nC: 3"


def test_numbers_of_buttons_count_row_by_row_and_links_count_too() -> None:
    rows = ((Button("a"), Button("b", url="https://x.example")), (Button("c"),))
    blocks = render(Message(to=Channel("C1"), title="t", buttons=rows), "en", "k", "x")["blocks"]
    buttons = [e for b in blocks if b["type"] == "actions" for e in b["elements"]]
    assert [(b["action_id"], b.get("value")) for b in buttons] == [("b0", "k.0"), ("b1", None), ("b2", "k.2")]


def test_without_a_token_only_links_are_left() -> None:
    rows = ((Button("a"), Button("b", url="https://x.example")),)
    blocks = render(Message(to=Channel("C1"), title="t", buttons=rows), "en", None, "x")["blocks"]
    assert [e["action_id"] for e in blocks[-1]["elements"]] == ["b1"]


def test_a_message_that_says_nothing_has_no_blocks() -> None:
    assert render(Message(to=Channel("C1")), "en", "k", "x")["blocks"] == []


def test_a_form_knows_its_fields_by_name_and_starts_with_what_is_known() -> None:
    asked = Form(
        trigger="t",
        user="U1",
        act="x",
        title=words("A title much too long for Slack"),
        fields=(
            Field("note", words("Note"), "lines", initial="call", longest=500),
            Field("price", words("Price"), "number", initial="12", optional=True),
            Field("who", words("Who"), "choice", initial="tom", options=(("ana", "Ana"), ("tom", "Tom"))),
        ),
        submit=words("Send"),
    )
    view = form(asked, "en", "k7")
    assert judge.view(view, "views.open").all == []
    assert view["title"]["text"] == "A title much too long f…"
    note, price, who = view["blocks"]
    assert (note["block_id"], note["element"]["action_id"], note["element"]["multiline"]) == ("note", "note", True)
    assert (price["element"]["type"], price["optional"]) == ("number_input", True)
    assert who["element"]["initial_option"]["value"] == "tom"


def test_a_day_and_a_time_are_picked_not_typed() -> None:
    fields = (
        Field("first", words("First day"), "date", initial="2026-03-04"),
        Field("begins", words("From"), "time", hint=words("Empty: the whole day"), optional=True),
    )
    asked = Form(trigger="t", user="U1", act="x", title=words("Absence"), fields=fields, submit=words("Enter"))
    view = form(asked, "en", "k7")
    assert judge.view(view, "views.open").all == []
    first, begins = (block["element"] for block in view["blocks"])
    assert first == {"type": "datepicker", "action_id": "first", "initial_date": "2026-03-04"}
    assert begins == {"type": "timepicker", "action_id": "begins"}


def test_choices_stand_under_their_headings_and_files_have_a_place() -> None:
    groups = (("The team’s", (("1", "Hello"),)), ("Your own", ()), ("Others", (("2", "Bye"),)))
    fields = (
        Field("canned", words("Canned"), "choice", groups=groups, initial="2"),
        Field("files", words("Photos"), "files", types=("jpg", "png"), most=5, optional=True),
        Field("any", words("Files"), "files", most=99),
    )
    asked = Form(trigger="t", user="U1", act="x", title=words("Reply"), fields=fields, submit=words("Send"))
    view = form(asked, "en", "k7")
    assert judge.view(view, "views.open").all == []
    canned, photos, files = (block["element"] for block in view["blocks"])
    told = {g["label"]["text"]: [o["value"] for o in g["options"]] for g in canned["option_groups"]}
    assert told == {"The team’s": ["1"], "Others": ["2"]}
    assert canned["initial_option"]["text"]["text"] == "Bye"
    assert photos == {"type": "file_input", "action_id": "files", "max_files": 5, "filetypes": ["jpg", "png"]}
    assert files == {"type": "file_input", "action_id": "any", "max_files": 10}


def test_what_is_wrong_is_told_under_its_field() -> None:
    answer = errors(FormErrors(errors={"price": words("Too much")}), "en")
    assert answer == {"response_action": "errors", "errors": {"price": "Too much"}}
