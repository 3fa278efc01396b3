"""The judge sees every planted error, and Telegram refuses what the real one refuses."""

import json
from collections.abc import AsyncIterator, Callable
from typing import Any

import aiohttp
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest

from sandbox.server import Sandbox
from sandbox.telegram import Person, judge
from sandbox.telegram.files import PHOTO
from sandbox.telegram.markup import parse, to_html
from sandbox.telegram.spec import spec, units

Ask = Callable[..., Any]


@pytest.fixture
async def luigi(sandbox: Sandbox) -> Person:
    """Luigi, whose bot makes mistakes."""
    person = sandbox.telegram.person("Luigi")
    await person.starts()
    assert sandbox.recording.problems == []
    return person


@pytest.fixture
async def ask(address: str) -> AsyncIterator[Ask]:
    """A client without the library's care."""
    async with aiohttp.ClientSession() as session:

        async def call(method: str, **fields: Any) -> tuple[int, str]:
            async with session.post(f"{address}/{method}", json=fields) as answer:
                return answer.status, (await answer.json()).get("description", "")

        yield call


def keyboard(*rows: list[dict[str, Any]]) -> dict[str, Any]:
    return {"inline_keyboard": list(rows)}


KEY = {"text": "Yes", "callback_data": "y"}
PLANTED = [
    # (method, fields, what the judge says, what Telegram answers: None = it does as asked)
    ("sendMessage", {"text": "x", "colour": "red"}, "colour: no such field", None),
    ("sendMessage", {}, "text: missing", "message text is empty"),
    ("sendMessage", {"text": 7}, "text: String expected, not 7", None),
    ("sendMessage", {"text": "x", "protect_content": "perhaps"}, "protect_content: Boolean expected", None),
    ("sendMessage", {"text": "x", "link_preview_options": "none"}, "link_preview_options", "can't parse"),
    ("sendMessage", {"text": "x", "link_preview_options": {"disabled": True}}, "disabled: no such field", None),
    ("sendMessage", {"text": "<b>x", "parse_mode": "HTML"}, "can't parse entities", 'corresponding to start tag "b"'),
    ("sendMessage", {"text": "*x*", "parse_mode": "MarkdownV2"}, "unsupported parse_mode", "unsupported parse_mode"),
    ("sendMessage", {"text": " \n "}, "0 characters, 1 to 4096", "message text is empty"),
    ("sendMessage", {"text": "🙂" * 2049}, "4098 characters", "message is too long"),
    ("sendMessage", {"text": "x", "entities": [{"type": "bold"}]}, "offset: missing", "MessageEntity"),
    ("sendMessage", {"text": "x", "reply_markup": keyboard([{"text": "A"}])}, "'A' has no action", "Text buttons are"),
    (
        "sendMessage",
        {"text": "x", "reply_markup": keyboard([{"text": " ", "url": "https://x.org"}])},
        "without words",
        "",
    ),
    (
        "sendMessage",
        {"text": "x", "reply_markup": keyboard([{**KEY, "url": "https://x.org"}])},
        "several actions: callback_data, url",
        "exactly one action",
    ),
    (
        "sendMessage",
        {"text": "x", "reply_markup": keyboard([{"text": "A", "url": "nowhere"}])},
        "no web address",
        "URL",
    ),
    (
        "sendMessage",
        {"text": "x", "reply_markup": keyboard([{"text": "A", "callback_data": "é" * 33}])},
        "66 bytes, 1 to 64 are allowed",
        "BUTTON_DATA_INVALID",
    ),
    ("sendMessage", {"text": "x", "reply_markup": keyboard([KEY] * 9)}, "9 buttons in a row", "reply markup"),
    ("sendMessage", {"text": "x", "reply_markup": keyboard(*[[KEY]] * 101)}, "101 buttons", "reply markup is too long"),
    ("sendMessage", {"text": "x", "reply_markup": {"keys": []}}, "keys: no such field", None),
    ("sendPhoto", {"photo": 3}, "photo: InputFile or String expected, not 3", "wrong file identifier"),
    ("sendPhoto", {"photo": "attach://gone"}, "attach://gone: no such part", "there is no photo"),
    ("sendPhoto", {"photo": "known", "caption": "x" * 1025}, "1025 characters, 0 to 1024", "caption is too long"),
    ("sendMediaGroup", {"media": [{"type": "photo", "media": "known"}]}, "1 items, 2 to 10", "wrong number"),
    (
        "sendMediaGroup",
        {"media": [{"type": "picture", "media": "known"}] * 2},
        "media[0].type: 'picture' is none of",
        "can't be sent in one album",
    ),
    (
        "sendMediaGroup",
        {"media": [{"type": "photo", "media": "known", "caption": "<i>", "parse_mode": "HTML"}] * 2},
        "caption: Bad Request: can't parse entities",
        "can't parse entities",
    ),
    ("answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}, "201 characters, 0 to 200", "too old"),
    ("setMyCommands", {"commands": [{"command": "Help me", "description": "x"}]}, "no name of a command", "INVALID"),
    ("setMyCommands", {"commands": [{"command": "help", "description": ""}]}, "0 characters, 1 to 256", "INVALID"),
    ("setMyCommands", {"commands": [{"command": "a", "description": "x"}] * 101}, "101, 100 are allowed", "TOO_MUCH"),
    ("setMyCommands", {"commands": [], "scope": {"type": "everywhere"}}, "scope", None),
    ("sendDice", {}, "the sandbox does not know sendDice", "Not Found"),
    ("sendPigeon", {}, "there is no method sendPigeon", "Not Found"),
]
WITH_CHAT = ("send", "edit")


@pytest.mark.parametrize(("method", "fields", "problem", "refusal"), PLANTED)
async def test_a_planted_error_is_seen(
    sandbox: Sandbox,
    luigi: Person,
    ask: Ask,
    found: Callable[[str], bool],
    method: str,
    fields: dict[str, Any],
    problem: str,
    refusal: str | None,
) -> None:
    photo = (await luigi.sends_photo())[0].raw["photo"][-1]["file_id"]
    fields = json.loads(json.dumps(fields).replace('"known"', json.dumps(photo)))
    if method.startswith(WITH_CHAT):
        fields["chat_id"] = luigi.id
    status, description = await ask(method, **fields)
    assert found(problem), sandbox.recording.problems
    assert (status == 200) == (refusal is None), description
    assert refusal is None or refusal in description


async def test_a_part_that_nobody_means_is_seen(
    sandbox: Sandbox, address: str, luigi: Person, found: Callable[[str], bool]
) -> None:
    form = aiohttp.FormData()
    form.add_field("chat_id", str(luigi.id))
    form.add_field("text", "x")
    form.add_field("mystery", PHOTO, filename="a.jpg")
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{address}/sendMessage", data=form) as answer,
    ):
        assert answer.status == 200
    assert found("mystery: no such field")
    assert next(sandbox.recording.of("telegram", "sendMessage")).files == {"mystery": len(PHOTO)}


async def test_the_sandbox_judges_itself(sandbox: Sandbox, luigi: Person, found: Callable[[str], bool]) -> None:
    sandbox.telegram.state.updates.push("message", {"message_id": "1", "text": "x"})
    assert found("message.date: missing")
    assert found("message.message_id: Integer expected")
    assert judge.of_update({"update_id": 1}) == ["one content expected, not []"]
    assert judge.of_result("sendMessage", {"ok": 1}) != []


async def test_a_long_text_is_measured_after_parsing_in_utf16(sandbox: Sandbox, luigi: Person, bot: Bot) -> None:
    await bot.send_message(luigi.id, "<b>" + "🙂" * 2048 + "</b>", parse_mode="HTML")
    assert units(luigi.chat[-1].text) == 4096
    with pytest.raises(BadRequest, match="Message is too long"):
        await bot.send_message(luigi.id, "🙂" * 2048 + "x")
    row = [InlineKeyboardButton("A", callback_data="é" * 33)]
    with pytest.raises(BadRequest, match="Button_data_invalid"):
        await bot.send_message(luigi.id, "x", reply_markup=InlineKeyboardMarkup([row]))


@pytest.mark.parametrize(
    ("source", "text", "entities"),
    [
        ("a <b>b <i>c</i></b>", "a b c", [("bold", 2, 3), ("italic", 4, 1)]),
        ("🙂<u>x</u>", "🙂x", [("underline", 2, 1)]),
        ('<a href="https://x.org/?a=1&amp;b=2">here</a>', "here", [("text_link", 0, 4)]),
        ("  <code> 1 &lt; 2 &amp; 3 </code>", "1 < 2 & 3", [("code", 0, 9)]),
        ('<pre><code class="language-python">x</code></pre>', "x", [("pre", 0, 1)]),
        ("<blockquote expandable>q</blockquote>", "q", [("expandable_blockquote", 0, 1)]),
        ('<span class="tg-spoiler">s</span> <tg-spoiler>t</tg-spoiler>', "s t", [("spoiler", 0, 1), ("spoiler", 2, 1)]),
        (
            "see https://x.org. /help a@b.it",
            "see https://x.org. /help a@b.it",
            [("url", 4, 13), ("bot_command", 19, 5), ("email", 25, 6)],
        ),
        ("<code>/help</code> &nbsp; &quot;", '/help &nbsp; "', [("code", 0, 5)]),
        ("<b></b>x > y", "x > y", []),
    ],
)
def test_markup_becomes_words_and_entities(source: str, text: str, entities: list[tuple[str, int, int]]) -> None:
    words, marks = parse(source, "HTML", None)
    assert words == text
    assert [(e["type"], e["offset"], e["length"]) for e in marks] == entities
    again, same = parse(to_html(words, marks), "HTML", None)
    assert (again, same) == (words, marks)


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("1 < 2", 'Unsupported start tag "" at byte offset 2'),
        ("<h1>x</h1>", 'Unsupported start tag "h1" at byte offset 0'),
        ("é<b>x</i>", 'Unmatched end tag at byte offset 6, expected "</b>", found "</i>"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b><i>x</i>", 'Can\'t find end tag corresponding to start tag "b"'),
        ("<span>x</span>", 'Unsupported start tag "span"'),
    ],
)
def test_bad_markup_is_refused_in_telegrams_words(source: str, complaint: str) -> None:
    with pytest.raises(Exception, match="can't parse entities") as refused:
        parse(source, "HTML", None)
    assert complaint in str(refused.value)


def test_the_specification_is_the_published_one() -> None:
    assert spec()["version"].startswith("Bot API 10")
