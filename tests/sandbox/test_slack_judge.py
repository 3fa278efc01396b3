"""Every rule of the Slack judge is seen to catch a planted error."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from slack_desk import QUICK, Desk, button, choice, field, modal, on_socket, words
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.server import Sandbox
from sandbox.slack import Person, judge


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def actions(*elements: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements), **more}


def select(**more: Any) -> dict[str, Any]:
    return {"type": "static_select", "action_id": "s", "options": [choice("A")], **more}


GO = button("Go", "go")
BLOCKS = [
    ([{"type": "poem"}], "'poem' is not one of"),
    ([{"type": "divider", "colour": "red"}], "'colour' was unexpected"),
    ([section("x" * 3001)], "text/text: 3001 characters, at most 3000"),
    ([section("")], "should be non-empty"),
    ([{"type": "section"}], "a section needs text or fields"),
    ([{"type": "section", "fields": [words("x")] * 11}], "fields: 11 items, at most 10"),
    ([{"type": "section", "fields": [words("x" * 2001)]}], "fields/0/text: 2001 characters, at most 2000"),
    ([{"type": "header", "text": words("x" * 151)}], "151 characters, at most 150"),
    ([{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}], "'plain_text' was expected"),
    ([actions(*[button("Go", f"a{n}") for n in range(26)])], "elements: 26 items, at most 25"),
    ([{"type": "context", "elements": [words("x")] * 11}], "elements: 11 items, at most 10"),
    ([actions(button("x" * 76, "a"))], "76 characters, at most 75"),
    ([actions(button("Go", "a", value="x" * 2001))], "value: 2001 characters, at most 2000"),
    ([actions(button("Go", "a", style="blue"))], "'blue' is not one of ['primary', 'danger']"),
    ([actions(select(options=[choice("x" * 76, "v")]))], "76 characters, at most 75"),
    ([actions(select(options=[choice("x", "v" * 76)]))], "76 characters, at most 75"),
    ([actions(select(options=[choice(str(n)) for n in range(101)]))], "options: 101 items, at most 100"),
    ([actions(select(options=[]))], "static_select without options"),
    ([actions(select(options=[choice("A", "v"), choice("B", "v")]))], "option value 'v' is there twice"),
    ([{"type": "divider"}] * 51, "51 blocks, at most 50 are allowed in a message"),
    ([actions(GO, GO)], "action_id 'go' is there twice in one block"),
    ([actions(GO), actions(GO)], "action_id 'go' is there twice in this message"),
    ([actions(GO, block_id="b"), {"type": "divider", "block_id": "b"}], "block_id 'b' is there twice"),
    ([actions({"type": "button", "text": words("Go")})], "button 'Go' has no action_id"),
    ([field("Photos", {"type": "file_input"})], "file_input outside an input block of a modal"),
    ([section("<b>bold</b>")], "an unescaped < at '<b>bold</b>'"),
    ([section("wake <!channel>")], "it notifies everybody"),
    ("nothing", "blocks must be a list of objects"),
    ([{"type": "image", "image_url": "https://x.org/a.png"}], "'alt_text' is a required property"),
]


@pytest.mark.parametrize(("blocks", "fault"), BLOCKS, ids=[fault for _, fault in BLOCKS])
def test_broken_blocks_are_named(blocks: Any, fault: str) -> None:
    said = judge.call("chat.postMessage", {"channel": "C1", "text": "x", "blocks": blocks}).all
    assert any(fault in s for s in said), said


CALLS = [
    ("chat.postMessage", {"channel": "C1", "text": "x", "colour": 1}, "unknown field 'colour'"),
    ("chat.postMessage", {"text": "x"}, "field 'channel' is missing"),
    ("chat.postMessage", {"channel": "C1", "text": 3}, "text: 3 is not of type 'string'"),
    ("chat.postMessage", {"channel": "C1", "blocks": [section("x")]}, "blocks without text"),
    ("chat.postMessage", {"channel": "C1", "text": "a < b"}, "text: an unescaped <"),
    ("chat.postMessage", {"channel": "C1", "text": "<!here>"}, "text: it notifies everybody"),
    ("chat.postMessage", {"channel": "C1", "text": "x", "link_names": True}, "link_names turns"),
    ("chat.postMessage", {"channel": "C1", "text": "x", "metadata": {"event_type": "e"}}, "metadata: needs"),
    ("chat.update", {"channel": "C1", "text": "x"}, "field 'ts' is missing"),
    ("conversations.replies", {"channel": "C1", "ts": "1", "limit": "x"}, "limit: 'x' is not of type 'number'"),
    ("users.lookupByEmail", {"mail": "x"}, "unknown field 'mail'"),
    ("users.lookupByEmail", {}, "field 'email' is missing"),
    ("response_url", {"text": "x", "replace": True}, "unknown field 'replace'"),
    ("chat.sing", {}, "the sandbox does not know chat.sing"),
]


@pytest.mark.parametrize(("method", "fields", "fault"), CALLS, ids=[fault for *_, fault in CALLS])
def test_broken_calls_are_named(method: str, fields: dict[str, Any], fault: str) -> None:
    said = judge.call(method, fields).all
    assert any(fault in s for s in said), said


VIEWS = [
    (modal("x" * 25), "title/text: 25 characters, at most 24"),
    (modal(submit=words("x" * 25)), "submit/text: 25 characters, at most 24"),
    (modal(close=words("x" * 25)), "close/text: 25 characters, at most 24"),
    (modal(private_metadata="x" * 3001), "private_metadata: 3001 characters, at most 3000"),
    (modal(callback_id="x" * 256), "callback_id: 256 characters, at most 255"),
    (modal(submit=None), "None is not of type 'object'"),
    ({k: v for k, v in modal().items() if k != "submit"}, "an input block without submit"),
    (modal(blocks=[{"type": "divider"}] * 101), "101 blocks, at most 100 are allowed in a modal"),
    (modal(blocks=[field("A", {"type": "plain_text_input"}), field("A", {"type": "plain_text_input"})]), "twice"),
    (modal(blocks=[field("Files", {"type": "file_input", "max_files": 11})]), "max_files is 11, from 1 to 10"),
    (modal(blocks=[field("Files", {"type": "file_input", "max_files": 0})]), "max_files is 0, from 1 to 10"),
    (modal(blocks=[field("Files", {"type": "file_input", "filetypes": [".jpg"]})]), "without the dot"),
    (modal(blocks=[{"type": "poem"}]), "'poem' is not one of"),
    ({"type": "home", "blocks": [{"type": "divider"}]}, "view of type 'home' where 'modal' is wanted"),
    ({"type": "modal", "title": words("x")}, "'blocks' is a required property"),
    (modal(blocks=[]), "views must contain between 1 and 100 blocks"),
    ("nothing", "view must be an object"),
]


@pytest.mark.parametrize(("view", "fault"), VIEWS, ids=[fault for _, fault in VIEWS])
def test_broken_views_are_named(view: Any, fault: str) -> None:
    said = judge.call("views.open", {"trigger_id": "1", "view": view}).all
    assert any(fault in s for s in said), said


def test_what_is_right_passes() -> None:
    assert judge.call("views.open", {"trigger_id": "1", "view": modal()}).all == []
    blocks = [section("&lt; <@U1> <https://x.org|x> <!date^1^{date}|d>"), actions(GO, select())]
    assert judge.call("chat.postMessage", {"channel": "C1", "text": "x", "blocks": blocks}).all == []


ANSWERS = [
    ("block_actions", {"text": "x"}, False, "which takes none"),
    ("view_submission", {"response_action": "errors", "errors": {"nowhere": "x"}}, True, "no input of the view"),
    ("view_submission", {"response_action": "errors"}, True, "errors without errors"),
    ("view_submission", {"response_action": "explode"}, True, "unknown response_action 'explode'"),
    ("view_submission", {"response_action": "update", "view": modal("x" * 25)}, True, "at most 24"),
    ("view_submission", "x", True, "not an object"),
    ("slash_commands", {"text": "a < b"}, True, "an unescaped <"),
    ("block_suggestion", {"options": [choice("x")] * 101}, True, "101 options, at most 100"),
    ("block_suggestion", {"options": [choice("x" * 76, "v")]}, True, "at most 75"),
]


@pytest.mark.parametrize(("kind", "answer", "accepts", "fault"), ANSWERS, ids=[fault for *_, fault in ANSWERS])
def test_broken_acknowledgements_are_named(kind: str, answer: Any, accepts: bool, fault: str) -> None:
    said = judge.acknowledgement(kind, {"view": modal()}, answer, accepts)
    assert any(fault in s for s in said), said


def test_an_invented_event_that_slack_would_not_send_is_named() -> None:
    assert any("'item' is a required property" in f for f in judge.event({"type": "reaction_added", "user": "U1"}))
    assert any("is not one of" in f for f in judge.event({"type": "earthquake"}))


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    async with Sandbox(clock_file=tmp_path / "clock", delays=QUICK) as running:
        running.slack.channel("service", id="C0SERVICE")
        yield running


@pytest.fixture
async def desk(sandbox: Sandbox) -> AsyncIterator[Desk]:
    async with on_socket(sandbox) as running:
        yield running


async def test_what_the_judge_finds_stands_in_the_recording(sandbox: Sandbox, desk: Desk) -> None:
    await desk.client.chat_postMessage(channel="C0SERVICE", text="a < b")
    with pytest.raises(SlackApiError, match="invalid_blocks"):
        await desk.client.chat_postMessage(channel="C0SERVICE", text="x", blocks=[{"type": "poem"}])
    first, second = sandbox.recording.problems
    assert "chat.postMessage: text: an unescaped <" in first
    assert "chat.postMessage: blocks/0 (poem): type: 'poem' is not one of" in second


async def test_answers_with_an_interaction_are_judged(sandbox: Sandbox, desk: Desk) -> None:
    ana = sandbox.slack.user("Ana", id="U0ANA")

    @desk.app.command("/rude")
    async def rude(ack: Any) -> None:
        await ack("wake <!channel>")

    await ana.commands("/rude", channel="#service")
    assert any("it notifies everybody" in p for p in sandbox.recording.problems)
    assert isinstance(ana, Person)


async def test_without_a_judge_nothing_is_refused(sandbox: Sandbox) -> None:
    sandbox.slack.judging = False
    client = AsyncWebClient(token="xoxb-1", base_url=sandbox.slack.api_url, retry_handlers=[])
    await client.chat_postMessage(channel="C0SERVICE", text="x", blocks=[{"type": "poem"}])
    assert sandbox.recording.problems == []
