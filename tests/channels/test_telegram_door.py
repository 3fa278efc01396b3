"""Updates come in: none is lost, none is confirmed before it is written down, nobody else gets in."""

import asyncio
import json
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from bot.channels.arrival import Arrival
from bot.channels.carrier import Letter
from bot.channels.telegram import TelegramCarrier
from bot.channels.telegram_door import ALLOWED, LARGEST_UPDATE, Poller, Webhook, set_webhook, webhook_route
from bot.channels.telegram_reader import read
from handlers.inbound import Blocked, Contact, Media, Press, Typed
from handlers.messages import Button, Document, Homeowner, Message
from sandbox.faults import Fault
from sandbox.server import Delays, Sandbox
from sandbox.telegram import Person

SECRET = "s3cret_of-ours"
HEADER = "X-Telegram-Bot-Api-Secret-Token"
UPDATE = {"update_id": 5, "message": {"message_id": 1, "date": 0, "chat": {"id": 700, "type": "private"}, "text": "hi"}}


class Inbox:
    """Rows, unique by their id; `broken` for the day the database is away."""

    def __init__(self) -> None:
        self.rows: dict[str, Arrival] = {}
        self.broken = False
        self.slow = 0.0
        self.tries = 0

    async def accept(self, arrivals: list[Arrival]) -> None:
        self.tries += 1
        if self.broken:
            raise ConnectionError("the database is away")
        await asyncio.sleep(self.slow)
        for arrival in arrivals:
            self.rows.setdefault(arrival.external_id, arrival)

    @property
    def texts(self) -> list[str]:
        messages = [row.payload.get("message") for row in self.rows.values()]
        return [m.get("text", "") if isinstance(m, dict) else "" for m in messages]

    async def has(self, text: str, seconds: float = 5.0) -> None:
        await until(lambda: text in self.texts, seconds)


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    delays = Delays(long_poll_cap=2.0, webhook_pause=0.02, webhook_timeout=1.0)
    async with Sandbox(clock_file=tmp_path / "clock", delays=delays) as running:
        yield running
        assert running.recording.problems == []


async def no_papers(document: Document, language: str) -> tuple[str, bytes]:
    raise NotImplementedError


@pytest.fixture
async def carrier(sandbox: Sandbox) -> AsyncIterator[TelegramCarrier]:
    carrier = TelegramCarrier("123:abc", sandbox.url, slack_files=None, papers=no_papers, timeout=1.0)
    await carrier.start()
    yield carrier
    await carrier.stop()


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
async def poller(carrier: TelegramCarrier, inbox: Inbox) -> AsyncIterator[Poller]:
    poller = Poller(carrier.call, inbox.accept, timeout=2, first_pause=0.02, longest_pause=0.1)
    await poller.start()
    yield poller
    await poller.stop()


@pytest.fixture
async def marta(sandbox: Sandbox, carrier: TelegramCarrier) -> Person:
    await carrier.username()
    marta = sandbox.telegram.person("Marta", "Rossi", language="it")
    await marta.starts()
    return marta


async def until(look: Any, seconds: float = 5.0) -> None:
    async with asyncio.timeout(seconds):
        while not look():  # noqa: ASYNC110 (what is looked at is not ours to signal)
            await asyncio.sleep(0.01)


async def test_what_marta_writes_is_written_down_in_order(poller: Poller, inbox: Inbox, marta: Person) -> None:
    for number in range(5):
        await marta.types(f"number {number}")
    await inbox.has("number 4")
    assert inbox.texts == ["/start", *(f"number {n}" for n in range(5))]
    row = list(inbox.rows.values())[-1]
    assert (row.source, row.conversation) == ("telegram", f"telegram:{marta.id}")
    assert row.external_id == str(row.payload["update_id"])
    assert poller.ready


async def test_a_password_never_reaches_the_inbox(poller: Poller, inbox: Inbox, marta: Person) -> None:
    await marta.types("the alarm code is 4521")
    await inbox.has("the alarm code is ••••")
    assert "4521" not in str(inbox.rows)


async def test_everything_marta_can_do_is_understood(
    sandbox: Sandbox, carrier: TelegramCarrier, poller: Poller, inbox: Inbox, marta: Person
) -> None:
    luigi = sandbox.telegram.person("Luigi")
    await luigi.starts("inv_1")
    menu = Message(to=Homeowner(str(marta.id)), title="?", buttons=((Button("OK"),),))
    await carrier.send(Letter(1, "k", menu, "en", keyboard="tok"))
    said = await marta.types("The blnd is stuck")
    await marta.edits(said, "The blind is stuck")
    await marta.sends_photo("here", n=2)
    await marta.sends_voice()
    await marta.sends_video()
    await marta.sends_document("bill.pdf", b"%PDF-")
    await marta.shares_contact()
    await marta.shares_contact("+34600000000", luigi.id, name="Luigi")
    await marta.shares_location(45.5, 9.1)
    await marta.presses("OK", timeout=0.01)
    sandbox.telegram.group("Family", [luigi])
    await marta.blocks()
    await marta.unblocks()
    await marta.types("the end")
    await inbox.has("the end")
    understood = [read(row.payload) for row in inbox.rows.values()]
    assert [type(one).__name__ for one in understood] == (
        "Typed Typed Typed Edited Media Media Media Media Media Contact Contact Location Press Joined Ignored"
        " Blocked Blocked Typed"
    ).split()
    start, album, press = understood[1], understood[4], understood[12]
    assert isinstance(start, Typed)
    assert (start.command, start.text) == ("start", "inv_1")
    assert isinstance(album, Media)
    assert album.album
    assert isinstance(press, Press)
    assert press.token == "tok.0"
    assert [one.own for one in understood if isinstance(one, Contact)] == [True, False]
    assert [one.blocked for one in understood if isinstance(one, Blocked)] == [True, False]


async def test_nothing_is_confirmed_while_the_database_is_away(
    sandbox: Sandbox, poller: Poller, inbox: Inbox, marta: Person
) -> None:
    await inbox.has("/start")
    inbox.broken = True
    await marta.types("help")
    await until(lambda: inbox.tries > 3)
    assert not poller.ready
    assert poller.trouble == "ConnectionError: the database is away"
    assert len(sandbox.telegram.state.updates.pending) == 1
    inbox.broken = False
    await inbox.has("help")
    await until(lambda: poller.ready and not sandbox.telegram.state.updates.pending)


async def test_a_program_that_dies_before_writing_down_gets_it_again(
    carrier: TelegramCarrier, inbox: Inbox, marta: Person
) -> None:
    inbox.broken = True
    dying = Poller(carrier.call, inbox.accept, timeout=2, first_pause=0.01)
    await dying.start()
    await until(lambda: inbox.tries)
    await dying.stop()
    inbox.broken = False
    born = Poller(carrier.call, inbox.accept, timeout=2)
    await born.start()
    await inbox.has("/start")
    await born.stop()


@pytest.mark.parametrize(
    "fault",
    [
        Fault("status", "telegram", "getUpdates", status=502, times=4),
        Fault("status", "telegram", "getUpdates", status=409, times=4),
        Fault("status", "telegram", "*", status=429, retry_after=1, times=1),
        Fault("status", "telegram", "*", status=401, times=4),
        Fault("reset_before", "telegram", "*", times=4),
        Fault("reset_after", "telegram", "getUpdates", times=4),
        Fault("status", "telegram", "deleteWebhook", status=500, times=4),
    ],
    ids=lambda f: f"{f.kind} {f.method} {f.status}",
)
async def test_the_poller_outlives_bad_days(
    sandbox: Sandbox, carrier: TelegramCarrier, inbox: Inbox, marta: Person, fault: Fault
) -> None:
    sandbox.faults.add(Fault(**{**vars(fault), "hits": 0}))
    poller = Poller(carrier.call, inbox.accept, timeout=2, first_pause=0.02, longest_pause=0.1)
    await poller.start()
    await until(lambda: poller.trouble is not None)
    assert not poller.ready
    await marta.types("still there?")
    await inbox.has("still there?")
    await until(lambda: poller.ready)
    assert poller.trouble is None
    await poller.stop()


async def test_telegram_may_be_away_at_the_start(inbox: Inbox) -> None:
    away = TelegramCarrier("123:abc", "http://127.0.0.1:9", slack_files=None, papers=no_papers)
    poller = Poller(away.call, inbox.accept, first_pause=0.01, longest_pause=0.02)
    await poller.start()
    await until(lambda: poller.trouble is not None)
    assert not poller.ready
    await poller.stop()
    await away.stop()


async def test_a_web_hook_of_yesterday_is_taken_away_without_losing_what_waits(
    sandbox: Sandbox, carrier: TelegramCarrier, inbox: Inbox, marta: Person
) -> None:
    await carrier.call("setWebhook", {"url": "http://127.0.0.1:9/telegram"})
    await marta.types("help")
    poller = Poller(carrier.call, inbox.accept, timeout=2)
    await poller.start()
    await inbox.has("help")
    # and one that somebody sets while we poll
    await carrier.call("setWebhook", {"url": "http://127.0.0.1:9/telegram"})
    await marta.types("again")
    await inbox.has("again")
    await poller.stop()


async def test_an_update_that_comes_twice_or_out_of_order_is_one_row(
    sandbox: Sandbox, poller: Poller, inbox: Inbox, marta: Person
) -> None:
    await inbox.has("/start")
    sandbox.telegram.redeliver(times=3)
    sandbox.telegram.shuffle(4)
    for number in range(4):
        await marta.types(str(number))
    await marta.types("last")
    await inbox.has("last")
    assert sorted(inbox.texts) == ["/start", "0", "1", "2", "3", "last"]


async def test_numbers_that_begin_again_after_a_quiet_week_hide_nothing(
    sandbox: Sandbox, poller: Poller, inbox: Inbox, marta: Person
) -> None:
    await inbox.has("/start")
    await until(lambda: not sandbox.telegram.state.updates.pending)
    sandbox.telegram.state.updates.next_id = 1000
    await marta.types("hello again")
    await inbox.has("hello again")


async def test_broken_updates_are_rows_like_others(
    sandbox: Sandbox, poller: Poller, inbox: Inbox, marta: Person
) -> None:
    for broken in ({"message": 5}, {"message": {"chat": []}}, {"": None}, {"message": {"text": "\ud800"}}):
        sandbox.telegram.inject(broken)
    await marta.types("fine")
    await inbox.has("fine")
    assert len(inbox.rows) == 6
    json.dumps([row.payload for row in inbox.rows.values()], ensure_ascii=False).encode()


async def test_stopping_is_quick_but_finishes_what_is_being_written(
    carrier: TelegramCarrier, inbox: Inbox, marta: Person
) -> None:
    inbox.slow = 0.3
    poller = Poller(carrier.call, inbox.accept, timeout=50)
    await poller.start()
    await until(lambda: inbox.tries)
    await poller.stop()
    assert inbox.texts == ["/start"]
    inbox.slow = 0.0
    await poller.start()
    await until(lambda: poller.ready)
    await asyncio.sleep(0.05)  # in a long poll
    async with asyncio.timeout(0.5):
        await poller.stop()
    assert not poller.ready
    await poller.stop()


# The web hook


@pytest.fixture
async def hooked(inbox: Inbox) -> AsyncIterator[str]:
    async with serving(inbox) as url:
        yield url


@asynccontextmanager
async def serving(inbox: Inbox) -> AsyncIterator[str]:
    app = Starlette(routes=[webhook_route(SECRET, inbox.accept)])
    config = uvicorn.Config(app, port=0, log_config=None, lifespan="off", timeout_graceful_shutdown=1, ws="none")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server._serve(None))
    await until(lambda: server.started)
    yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/telegram"
    server.should_exit = True
    await task


async def test_telegram_calls_us_and_calls_again_until_it_is_written_down(
    sandbox: Sandbox, carrier: TelegramCarrier, inbox: Inbox, hooked: str, marta: Person
) -> None:
    hook = Webhook(carrier.call, hooked, SECRET, every=0.05)
    await hook.start()
    await until(lambda: hook.ready)
    await inbox.has("/start")
    inbox.broken = True
    await marta.types("help")
    await until(lambda: inbox.tries > 2)
    inbox.broken = False
    await inbox.has("help")
    await carrier.call("deleteWebhook", {})  # somebody took it away: it is set again
    await marta.types("still there?")
    await inbox.has("still there?")
    await hook.stop()
    (first, *_) = sandbox.recording.of("telegram", "setWebhook")
    assert first.fields["allowed_updates"] == ALLOWED


async def test_the_web_hook_is_set_when_telegram_is_back(
    sandbox: Sandbox, carrier: TelegramCarrier, inbox: Inbox, hooked: str, marta: Person
) -> None:
    sandbox.faults.add(Fault("status", "telegram", "setWebhook", status=502, times=3))
    hook = Webhook(carrier.call, hooked, SECRET, first_pause=0.01)
    await hook.start()
    await inbox.has("/start")
    await hook.stop()


async def test_setting_the_web_hook_once_is_enough(
    carrier: TelegramCarrier, inbox: Inbox, hooked: str, marta: Person
) -> None:
    await set_webhook(carrier.call, hooked, SECRET)
    await inbox.has("/start")


def test_there_is_no_web_hook_without_a_secret(inbox: Inbox) -> None:
    with pytest.raises(ValueError, match="secret"):
        webhook_route("", inbox.accept)


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient() as client:
        yield client


WRONG: list[tuple[str, str | None, bytes, int]] = [
    ("no secret", None, json.dumps(UPDATE).encode(), 401),
    ("another secret", "s3cret_of-ourS", json.dumps(UPDATE).encode(), 401),
    ("an empty secret", "", json.dumps(UPDATE).encode(), 401),
    ("a part of the secret", SECRET[:-1], json.dumps(UPDATE).encode(), 401),
    ("a secret of strange letters", "s3cret_öf-ours", json.dumps(UPDATE).encode(), 401),
    ("nothing", SECRET, b"", 400),
    ("no JSON", SECRET, b"{'update_id': 5}", 400),
    ("no text", SECRET, b"\xff\xfe\x00\xd8", 400),
    ("no object", SECRET, b"[5]", 400),
    ("no number", SECRET, b"{}", 400),
    ("a number in words", SECRET, b'{"update_id": "5"}', 400),
    ("true as a number", SECRET, b'{"update_id": true}', 400),
    ("a negative number", SECRET, b'{"update_id": -5}', 400),
    ("an endless number", SECRET, b'{"update_id": ' + b"9" * 5000 + b"}", 400),
    ("not a number", SECRET, b'{"update_id": 5, "x": NaN}', 400),
    ("a well", SECRET, b'{"update_id": 5, "x": ' + b"[" * 200_000 + b"]" * 200_000 + b"}", 400),
    ("too much", SECRET, b'{"update_id": 5, "x": "' + b"x" * LARGEST_UPDATE + b'"}', 413),
]


@pytest.mark.parametrize(("secret", "body", "status"), [w[1:] for w in WRONG], ids=[w[0] for w in WRONG])
async def test_nobody_else_gets_a_row_written(
    inbox: Inbox, hooked: str, client: httpx.AsyncClient, secret: str | None, body: bytes, status: int
) -> None:
    headers = {} if secret is None else {HEADER: secret.encode()}
    answer = await client.post(hooked, content=body, headers=headers)
    assert (answer.status_code, answer.content) == (status, b"")
    assert inbox.tries == 0


async def test_a_stranger_is_turned_away_before_he_has_said_a_word(inbox: Inbox, hooked: str) -> None:
    port = int(hooked.split(":")[2].split("/")[0])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"POST /telegram HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n")
    async with asyncio.timeout(2):
        assert (await reader.readline()).startswith(b"HTTP/1.1 401")
    writer.close()
    await writer.wait_closed()


async def test_a_caller_who_hangs_up_leaves_nothing(inbox: Inbox, hooked: str) -> None:
    port = int(hooked.split(":")[2].split("/")[0])
    _, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"POST /telegram HTTP/1.1\r\nHost: x\r\nContent-Length: 900\r\n{HEADER}: {SECRET}\r\n\r\n"
    writer.write(head.encode() + b'{"update_id"')
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    await asyncio.sleep(0.1)
    assert inbox.tries == 0


async def test_only_a_database_that_is_away_is_our_fault(inbox: Inbox, hooked: str, client: httpx.AsyncClient) -> None:
    inbox.broken = True
    assert (await client.post(hooked, json=UPDATE, headers={HEADER: SECRET})).status_code == 503
    inbox.broken = False
    for _ in range(2):
        assert (await client.post(hooked, json=UPDATE, headers={HEADER: SECRET})).status_code == 200
    assert inbox.rows == {"5": Arrival("telegram", "5", "telegram:700", UPDATE)}
    assert (await client.get(hooked, headers={HEADER: SECRET})).status_code == 405


async def test_three_hundred_scribbled_bodies_never_are_our_fault(
    inbox: Inbox, hooked: str, client: httpx.AsyncClient
) -> None:
    dice = random.Random(7)
    right = json.dumps(UPDATE).encode()
    for _ in range(300):
        body = bytearray(right)
        for _ in range(dice.randint(1, 6)):
            body[dice.randrange(len(body))] = dice.randrange(256)
        answer = await client.post(hooked, content=bytes(body), headers={HEADER: SECRET})
        assert answer.status_code in (200, 400)
