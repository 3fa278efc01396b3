"""Letters on their way to Marta, over the wire, on good days and on bad ones."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey
from telegram.error import NetworkError, TimedOut

from bot.channels.carrier import Letter, NotSent, Outcome, Sent, Unknown
from bot.channels.telegram import COMMANDS, TelegramCarrier
from bot.channels.telegram_line import Unfetchable, outcome, way_out
from bot.channels.telegram_reader import LARGEST_DOWNLOAD, read
from handlers.inbound import File, Media
from handlers.messages import (
    Answer,
    Attached,
    Button,
    Channel,
    Delete,
    Document,
    Edit,
    Form,
    Homeowner,
    Message,
    Outgoing,
    React,
    Said,
)
from locales.text import Text
from sandbox.faults import Fault, Kind
from sandbox.server import Delays, Sandbox
from sandbox.telegram import Person
from sandbox.telegram.files import PHOTO

TOKEN = "123:abc"
CALENDAR = Document("calendar", "visit.ics", {})
PICTURE = Attached("slack", File("photo", "F1", "F1", "blind.jpg", "image/jpeg", 10))


class GoneError(Exception):
    permanent = True


async def papers(document: Document, language: str) -> tuple[str, bytes]:
    return document.name, f"BEGIN:VCALENDAR {language}".encode()


async def slack_files(file: File) -> bytes:
    if file.id == "GONE":
        raise GoneError("deleted in Slack")
    if file.id == "AWAY":
        raise ConnectionError("Slack is away")
    return b"no picture at all" if file.id == "BROKEN" else PHOTO


def carrier_at(url: str, **more: Any) -> TelegramCarrier:
    quick = {"pauses": (0.01, 0.01), "timeout": 0.5} | more
    return TelegramCarrier(TOKEN, url, slack_files=slack_files, papers=papers, **quick)


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    async with Sandbox(clock_file=tmp_path / "clock", delays=Delays(callback_lifetime=60)) as running:
        yield running
        assert running.recording.problems == []


@pytest.fixture
async def carrier(sandbox: Sandbox) -> AsyncIterator[TelegramCarrier]:
    carrier = carrier_at(sandbox.url)
    await carrier.start()
    yield carrier
    await carrier.stop()


@pytest.fixture
async def marta(sandbox: Sandbox, carrier: TelegramCarrier) -> Person:
    marta = sandbox.telegram.person("Marta", "Rossi", language="it", phone="+393331234567")
    await marta.starts()
    return marta


def letter(payload: Outgoing, /, remote: str | None = None, key: str = "key", language: str = "en") -> Letter:
    return Letter(1, key, payload, language, remote=remote, keyboard="tok")


def to(person: Person, /, title: str = "", **more: Any) -> Message:
    return Message(to=Homeowner(str(person.id)), title=title or None, **more)


def bubbles(person: Person) -> list[str]:
    return [b.text for b in person.chat if b.from_bot]


async def test_marta_gets_a_card_and_presses_its_button(carrier: TelegramCarrier, marta: Person) -> None:
    card = to(marta, "Blind <stuck>", body=(Said("it & me"),), buttons=((Button("Cancel", style="danger"),),))
    sent = await carrier.send(letter(card))
    bubble = await marta.sees("Blind <stuck>")
    assert sent == Sent(str(bubble.id))
    assert bubble.html == "<b>Blind &lt;stuck&gt;</b>\n\n<blockquote>it &amp; me</blockquote>"
    assert [b.data for row in bubble.buttons for b in row] == ["tok.0"]


async def test_the_second_letter_about_a_card_edits_it(carrier: TelegramCarrier, marta: Person) -> None:
    sent = await carrier.send(letter(to(marta, "Open", buttons=((Button("Cancel"),),))))
    assert isinstance(sent, Sent)
    done = letter(to(marta, "Done"), remote=sent.remote)
    assert await carrier.send(done) == sent
    bubble = await marta.sees("Done")
    assert (bubble.history, bubble.labels) == (["Open"], [])
    assert await carrier.send(done) == sent, "the same once more is fine"
    assert len(bubbles(marta)) == 1


@pytest.mark.parametrize("remote", ["4711", "no number"])
async def test_a_card_that_is_gone_is_sent_anew(carrier: TelegramCarrier, marta: Person, remote: str) -> None:
    sent = await carrier.send(letter(to(marta, "Done"), remote=remote))
    assert sent == Sent(str((await marta.sees("Done")).id))


async def test_a_card_that_grows_too_long_is_replaced_and_the_old_one_loses_its_buttons(
    carrier: TelegramCarrier, marta: Person
) -> None:
    first = await carrier.send(letter(to(marta, "Short", buttons=((Button("Cancel"),),))))
    assert isinstance(first, Sent)
    long = to(marta, body=(Said("a" * 4000), Said("b" * 4000)), buttons=((Button("Cancel"),),))
    second = await carrier.send(letter(long, remote=first.remote))
    old, _, last = (b for b in marta.chat if b.from_bot)
    assert second == Sent(str(last.id))
    assert (old.labels, last.labels) == ([], ["Cancel"])


async def test_marta_is_asked_for_her_number_and_shares_it(carrier: TelegramCarrier, marta: Person) -> None:
    asked = await carrier.send(letter(to(marta, "Your number?", ask_for="contact"), remote="2"))
    assert isinstance(asked, Sent)
    assert [len(row) for row in marta.keyboard] == [1]
    await marta.presses("phone")
    assert marta.chat[-1].media == "contact"
    await carrier.send(letter(to(marta, "Thanks", ask_for="nothing")))
    assert marta.keyboard == []


async def test_files_follow_the_text_and_buttons_stay_with_it(carrier: TelegramCarrier, marta: Person) -> None:
    photo = (await marta.sends_photo())[0]
    own = Attached("telegram", File("photo", photo.raw["photo"][-1]["file_id"], "u"))
    message = to(marta, "See", media=(own, PICTURE, CALENDAR), buttons=((Button("OK"),),))
    sent = await carrier.send(letter(message, language="it"))
    text, *files = (b for b in marta.chat if b.from_bot)
    assert sent == Sent(str(text.id))
    assert text.labels == ["OK"]
    assert [(f.media, f.file_name) for f in files] == [("photo", None), ("photo", None), ("document", "visit.ics")]
    assert files[2].content == b"BEGIN:VCALENDAR it"
    assert not any(f.labels for f in files)


async def test_buttons_without_a_text_stand_under_the_first_file(carrier: TelegramCarrier, marta: Person) -> None:
    sent = await carrier.send(letter(to(marta, media=(PICTURE, CALENDAR), buttons=((Button("OK"),),))))
    first, second = (b for b in marta.chat if b.from_bot)
    assert (first.labels, second.labels) == (["OK"], [])
    assert sent == Sent(str(first.id))


async def test_a_file_of_another_kind_than_it_seems_is_brought_anew(carrier: TelegramCarrier, marta: Person) -> None:
    video = await marta.sends_video()
    lying = Attached("telegram", File("document", video.raw["video"]["file_id"], "u", "film.mp4"))
    assert isinstance(await carrier.send(letter(to(marta, media=(lying,)))), Sent)
    assert (marta.chat[-1].media, marta.chat[-1].content) == ("document", video.content)


async def test_what_is_refused_as_a_picture_goes_as_a_file(
    sandbox: Sandbox, carrier: TelegramCarrier, marta: Person
) -> None:
    sandbox.faults.add(Fault("status", "telegram", "sendPhoto", status=400, error="Bad Request: IMAGE_PROCESS_FAILED"))
    assert isinstance(await carrier.send(letter(to(marta, media=(PICTURE,)))), Sent)
    assert (marta.chat[-1].media, marta.chat[-1].file_name) == ("document", "blind.jpg")


async def test_nothing_leaves_while_a_file_cannot_be_had(carrier: TelegramCarrier, marta: Person) -> None:
    away = Attached("slack", File("photo", "AWAY", "u"))
    said = await carrier.send(letter(to(marta, "See", media=(PICTURE, away))))
    assert said == NotSent("ConnectionError: Slack is away")
    assert bubbles(marta) == []


async def test_a_file_that_is_gone_for_ever_does_not_hold_the_words(carrier: TelegramCarrier, marta: Person) -> None:
    gone = Attached("slack", File("photo", "GONE", "u"))
    assert await carrier.send(letter(to(marta, "See", media=(gone,)))) == NotSent(
        "GoneError: deleted in Slack", permanent=True
    )
    assert bubbles(marta) == ["See"]


@pytest.mark.parametrize("kind", ["reset_before", "status", "hang"])
async def test_a_failure_in_the_middle_repeats_nothing(
    sandbox: Sandbox, carrier: TelegramCarrier, marta: Person, kind: Kind
) -> None:
    message = to(marta, body=(Said("a" * 4000), Said("b" * 4000)), media=(CALENDAR,))
    sandbox.faults.add(Fault(kind, "telegram", "sendDocument", times=5, seconds=0.6))
    first = await carrier.send(letter(message))
    assert isinstance(first, Unknown)
    assert first.error.startswith("2 messages of the letter have left")
    second = await carrier.send(letter(message))
    assert [b.text[:1] for b in marta.chat if b.from_bot] == ["a", "b", ""]
    assert second == Sent(str(marta.chat[-2].id)), "the text is what will be edited"


async def test_a_short_hiccup_in_the_middle_goes_unnoticed(
    sandbox: Sandbox, carrier: TelegramCarrier, marta: Person
) -> None:
    sandbox.faults.add(Fault("status", "telegram", "sendDocument", status=429, retry_after=1))
    assert isinstance(await carrier.send(letter(to(marta, "See", media=(CALENDAR,)))), Sent)
    assert bubbles(marta) == ["See", ""]


async def test_a_refusal_in_the_middle_is_final(sandbox: Sandbox, carrier: TelegramCarrier, marta: Person) -> None:
    sandbox.faults.add(Fault("status", "telegram", "sendDocument", status=413, times=None))
    said = await carrier.send(letter(to(marta, "See", media=(CALENDAR,))))
    assert isinstance(said, NotSent)
    assert said.permanent


def not_sent(**more: Any) -> Callable[[Outcome], bool]:
    def fits(said: Outcome) -> bool:
        return isinstance(said, NotSent) and said == NotSent(said.error, **more)

    return fits


def unknown(said: Outcome) -> bool:
    return isinstance(said, Unknown)


def arrived(said: Outcome) -> bool:
    return isinstance(said, Sent)


NOT_FOUND = "Bad Request: chat not found"
BAD_DAYS: list[tuple[str, dict[str, Any], Callable[[Outcome], bool], int]] = [
    # what happens, the fault, what we must conclude, how many messages Marta has
    ("too fast", {"kind": "status", "status": 429, "retry_after": 7}, not_sent(retry_after=7.0), 0),
    ("the chat is gone", {"kind": "status", "status": 400, "error": NOT_FOUND}, not_sent(permanent=True, gone=True), 0),
    ("we are wrong", {"kind": "status", "status": 400, "error": "Bad Request: x"}, not_sent(permanent=True), 0),
    ("our token is revoked", {"kind": "status", "status": 401}, not_sent(permanent=True), 0),
    ("forbidden", {"kind": "status", "status": 403}, not_sent(permanent=True, gone=True), 0),
    ("conflict", {"kind": "status", "status": 409}, not_sent(), 0),
    ("too large", {"kind": "status", "status": 413}, not_sent(permanent=True), 0),
    ("an error inside", {"kind": "status", "status": 500}, unknown, 0),
    ("a bad gateway", {"kind": "status", "status": 502}, unknown, 0),
    ("no service", {"kind": "status", "status": 503}, unknown, 0),
    ("a slow gateway", {"kind": "status", "status": 504}, unknown, 0),
    ("taken, then a bad gateway", {"kind": "status_after", "status": 502}, unknown, 1),
    ("taken, then an error inside", {"kind": "status_after", "status": 500}, unknown, 1),
    ("the line breaks before", {"kind": "reset_before"}, unknown, 0),
    ("the line breaks after", {"kind": "reset_after"}, unknown, 1),
    ("no answer", {"kind": "hang", "seconds": 0.8}, unknown, 0),
    ("a late answer", {"kind": "slow", "seconds": 0.8}, unknown, 1),
    ("a slow answer", {"kind": "slow", "seconds": 0.1}, arrived, 1),
]


@pytest.mark.parametrize(("fault", "right", "there"), [d[1:] for d in BAD_DAYS], ids=[d[0] for d in BAD_DAYS])
async def test_on_a_bad_day_we_know_what_we_know(
    sandbox: Sandbox,
    carrier: TelegramCarrier,
    marta: Person,
    fault: dict[str, Any],
    right: Callable[[Outcome], bool],
    there: int,
) -> None:
    sandbox.faults.add(Fault(network="telegram", method="sendMessage", **fault))
    said = await carrier.send(letter(to(marta, "Hello")))
    assert right(said), said
    if fault["kind"] in ("hang", "slow"):
        await asyncio.sleep(0.5)
    assert len(bubbles(marta)) == there
    assert TOKEN not in str(said)


async def test_an_address_where_nobody_listens_is_not_sent(marta: Person, unused_port: int) -> None:
    carrier = carrier_at(f"http://127.0.0.1:{unused_port}")
    await carrier.start()  # never fails because Telegram is away
    said = await carrier.send(letter(to(marta, "Hello")))
    assert not_sent()(said)
    assert await carrier.username() is None
    assert isinstance(await carrier.commands(["en"]), NotSent)
    await carrier.stop()


@pytest.fixture
async def unused_port() -> int:
    server = await asyncio.start_server(lambda r, w: None, "127.0.0.1", 0)
    port = int(server.sockets[0].getsockname()[1])
    server.close()
    await server.wait_closed()
    return port


@pytest.mark.parametrize(
    "answer",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n<html/>",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        b'HTTP/1.1 200 OK\r\nContent-Length: 16\r\n\r\n{"result": true}',
        b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 2\r\n\r\n[]",
        b"HTTP/1.1 302 Found\r\nContent-Length: 2\r\n\r\n[]",
        b"HTTP/1.1 200 OK\r\nContent-Length: 700\r\n\r\n{",
        b"SSH-2.0\r\n",
        b"",
    ],
)
async def test_an_answer_that_makes_no_sense_tells_us_nothing(marta: Person, answer: bytes) -> None:
    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(100)
        writer.write(answer)
        writer.close()

    server = await asyncio.start_server(babble, "127.0.0.1", 0)
    carrier = carrier_at(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    await carrier.start()
    assert unknown(await carrier.send(letter(to(marta, "Hello"))))
    await carrier.stop()
    server.close()
    await server.wait_closed()


NOWHERE = ConnectionKey("127.0.0.1", 1, is_ssl=False, ssl=True, proxy=None, proxy_auth=None, proxy_headers_hash=None)


@pytest.mark.parametrize(
    "cause",
    [
        aiohttp.ClientConnectorError(NOWHERE, OSError("refused")),
        aiohttp.ClientConnectorDNSError(NOWHERE, OSError("no such name")),
        aiohttp.ClientProxyConnectionError(NOWHERE, OSError("refused")),
        aiohttp.ConnectionTimeoutError("late"),
        aiohttp.InvalidUrlClientError("http://"),
    ],
)
def test_what_never_reached_the_wire_is_not_sent(cause: Exception) -> None:
    wrapped = TimedOut() if isinstance(cause, TimeoutError) else NetworkError("x")
    wrapped.__cause__ = cause
    assert not_sent()(outcome(wrapped))


@pytest.mark.parametrize(
    "cause",
    [
        aiohttp.SocketTimeoutError,
        aiohttp.ServerDisconnectedError,
        aiohttp.ClientOSError,
        aiohttp.ClientPayloadError,
        TimeoutError,
        OSError,
    ],
)
def test_what_broke_on_the_wire_is_unknown(cause: type[Exception]) -> None:
    wrapped = NetworkError("x")
    wrapped.__cause__ = cause("x")
    assert unknown(outcome(wrapped))


def test_the_way_out_is_the_one_that_the_environment_names(monkeypatch: pytest.MonkeyPatch) -> None:
    api = urlsplit("https://api.telegram.org")
    for name in ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
    assert way_out(api) is None
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy:3128")
    assert way_out(api) == "http://proxy:3128"
    monkeypatch.setenv("NO_PROXY", "telegram.org")
    assert way_out(api) is None


async def test_luigi_who_never_started_and_marta_who_blocked_us_are_gone(
    sandbox: Sandbox, carrier: TelegramCarrier, marta: Person
) -> None:
    luigi = sandbox.telegram.person("Luigi")
    await marta.blocks()
    for person in (luigi, marta):
        assert not_sent(permanent=True, gone=True)(await carrier.send(letter(to(person, "Hello"))))
    nobody = Message(to=Homeowner("1"), title="Hello")
    assert not_sent(permanent=True, gone=True)(await carrier.send(letter(nobody)))


async def test_a_press_is_answered_with_a_notice(carrier: TelegramCarrier, marta: Person) -> None:
    await carrier.send(letter(to(marta, "?", buttons=((Button("OK"),),))))
    pressing = asyncio.create_task(marta.presses("OK"))
    query = await press_query(carrier)
    answer = Answer(query=query, chat=str(marta.id), notice="x" * 300, alert=True)  # type: ignore[arg-type]
    assert await carrier.send(letter(answer)) == Sent()
    press = await pressing
    assert press.alert
    assert press.notice == "x" * 199 + "…"
    assert await carrier.send(letter(answer)) == Sent(), "nobody waits for the answer any more"


async def press_query(carrier: TelegramCarrier) -> str:
    updates = await carrier.call("getUpdates", {"timeout": 1, "allowed_updates": ["callback_query"]}, timeout=5)
    return next(u["callback_query"]["id"] for u in updates if "callback_query" in u)


async def test_answers_to_presses_do_not_wait_for_messages(
    sandbox: Sandbox, carrier: TelegramCarrier, marta: Person
) -> None:
    sandbox.faults.add(Fault("hang", "telegram", "sendMessage", seconds=30, times=None))
    messages = [asyncio.create_task(carrier.send(letter(to(marta, str(n))))) for n in range(80)]  # more than lines
    await asyncio.sleep(0.1)
    async with asyncio.timeout(4):  # of the 8 seconds that a press may wait
        assert await carrier.send(letter(Answer(query="77", chat="1"))) == Sent()
    assert not any(task.done() for task in messages)
    for task in messages:
        task.cancel()
    await asyncio.wait(messages)


async def test_old_buttons_and_messages_are_taken_away(carrier: TelegramCarrier, marta: Person) -> None:
    sent = await carrier.send(letter(to(marta, "Hello", buttons=((Button("OK"),),))))
    assert isinstance(sent, Sent)
    assert sent.remote is not None
    bubble = await marta.sees("Hello")
    home = Homeowner(str(marta.id))
    for _ in range(2):
        assert await carrier.send(letter(Edit(to=home, remote=sent.remote))) == sent
        assert bubble.labels == []
    for _ in range(2):
        assert await carrier.send(letter(Delete(to=home, remote=sent.remote))) == sent
        assert bubble.deleted
    assert await carrier.send(letter(Edit(to=home, remote=sent.remote))) == sent


async def test_a_thumb_is_put_under_what_marta_said(sandbox: Sandbox, carrier: TelegramCarrier, marta: Person) -> None:
    hers = str((await marta.types("Thanks")).id)
    home = Homeowner(str(marta.id))
    for name, added in (("+1", True), ("👍", True), ("+1", False)):
        assert await carrier.send(letter(React(to=home, remote=hers, name=name, added=added))) == Sent(hers)
    asked = [c.fields.get("reaction") for c in sandbox.recording.of("telegram", "setMessageReaction")]
    assert asked[0] == asked[1] == [{"type": "emoji", "emoji": "👍"}]
    assert not asked[2]


MISFITS: list[Outgoing] = [
    Form(trigger="t", user="U", act="a", title=Text("x"), fields=(), submit=Text("x")),
    Message(to=Channel("C1"), title="Hello"),
    Message(to=Homeowner("no number"), title="Hello"),
    Message(to=Homeowner("700"), title=Text("no.such.phrase")),
    Message(to=Homeowner("700"), title=Text("command.help"), language="tlh"),
    Message(to=Homeowner("700")),
    Edit(to=Homeowner("700"), remote="x"),
    React(to=Homeowner("700"), remote="1", name="sauropod"),
]


@pytest.mark.parametrize("payload", MISFITS, ids=lambda p: type(p).__name__)
async def test_what_telegram_cannot_say_is_refused_without_asking(
    sandbox: Sandbox, carrier: TelegramCarrier, payload: Outgoing
) -> None:
    assert not_sent(permanent=True)(await carrier.send(letter(payload)))
    assert sandbox.recording.calls == []


async def test_the_menu_of_commands_is_there_in_marta_language(
    sandbox: Sandbox, carrier: TelegramCarrier, marta: Person
) -> None:
    assert await carrier.commands(["en"]) == Sent()
    assert tuple(marta.commands()) == COMMANDS, "who speaks none of ours sees the first"
    scopes = [c.fields.get("language_code") for c in sandbox.recording.of("telegram", "setMyCommands")]
    assert scopes == [None, "en"]
    assert await carrier.username() == "aftercare_bot"


async def test_a_photo_of_marta_is_brought_out_of_telegram(
    sandbox: Sandbox, carrier: TelegramCarrier, marta: Person
) -> None:
    sent = await marta.sends_document("bill.pdf", b"%PDF-")
    updates = await carrier.call("getUpdates", {"timeout": 0}, timeout=5)
    media = read(updates[-1])
    assert isinstance(media, Media)
    assert await carrier.fetch(media.file) == sent.content == b"%PDF-"
    before = len(sandbox.recording.calls)
    with pytest.raises(Unfetchable) as large:
        await carrier.fetch(File("document", media.file.id, "u", size=LARGEST_DOWNLOAD + 1))
    assert large.value.permanent
    assert len(sandbox.recording.calls) == before, "not even asked for"
    with pytest.raises(Unfetchable) as wrong:
        await carrier.fetch(File("document", "no such id", "u"))
    assert wrong.value.permanent
    sandbox.faults.add(Fault("reset_before", "telegram", "file", times=2))  # reading is tried once more by itself
    with pytest.raises(Unfetchable) as away:
        await carrier.fetch(media.file)
    assert not away.value.permanent


async def test_a_bot_cannot_look_for_what_it_sent(carrier: TelegramCarrier, marta: Person) -> None:
    assert await carrier.find(letter(to(marta, "Hello"))) is None


async def test_neither_our_token_nor_martas_words_are_in_the_log(
    carrier: TelegramCarrier, marta: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await carrier.send(letter(to(marta, "Hello Marta")))
    await carrier.call("getUpdates", {"timeout": 0}, timeout=5)
    assert TOKEN not in caplog.text
    assert "Marta" not in caplog.text


async def test_the_carrier_can_stop_and_start_again(carrier: TelegramCarrier, marta: Person) -> None:
    await carrier.stop()
    assert not arrived(await carrier.send(letter(to(marta, "Hello"))))
    await carrier.start()
    assert arrived(await carrier.send(letter(to(marta, "Hello"))))
