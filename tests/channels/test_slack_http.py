"""Slack's door over HTTP: only Slack's own, fresh words come in."""

import asyncio
import hashlib
import hmac
import json
import random
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
import uvicorn
from slack_ground import Inbox, action, command, event, message, phrases, spoiled, submission, words
from starlette.applications import Starlette
from starlette.requests import Request

from bot.channels.slack_door import Door
from bot.channels.slack_http import Guard, RefusedError, slack_route
from bot.channels.slack_reader import read
from handlers.inbound import Typed
from handlers.messages import FormErrors
from sandbox.server import Delays, Sandbox
from sandbox.slack import Person

pytestmark = pytest.mark.usefixtures("phrases")
assert phrases

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
OURS = {"team_id": "T0AFTER01"}
HELLO = json.dumps(event(message(), **OURS)["body"]).encode()
JSON = "application/json"
FORM = "application/x-www-form-urlencoded"
right_now = time.time  # noqa: TID251 (signatures are checked against real time)


@dataclass
class Us:
    """Our web server, and how to write to it as Slack would, or not quite."""

    url: str
    session: aiohttp.ClientSession

    async def post(
        self,
        body: bytes,
        *,
        stamp: str | None = None,
        off: int = 0,
        kind: str = JSON,
        secret: str = SECRET,
        **headers: str,
    ) -> tuple[int, str]:
        stamp = str(int(right_now()) + off) if stamp is None else stamp
        named = {"Content-Type": kind, **signed(body, stamp, secret)}
        named |= {key.replace("_", "-"): value for key, value in headers.items()}
        async with self.session.post(self.url, data=body, headers={k: v for k, v in named.items() if v}) as answer:
            return answer.status, await answer.text()


def signed(body: bytes, stamp: str, secret: str = SECRET) -> dict[str, str]:
    right = hmac.new(secret.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": stamp, "X-Slack-Signature": "v0=" + right}


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(delays=Delays(redeliver_after=0.2, acknowledge=1.0)) as running:
        yield running


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def ana(sandbox: Sandbox) -> Person:
    ana = sandbox.slack.user("Ana Ruiz", id="U0ANA")
    sandbox.slack.channel("service", id="C0SERVICE", members=[ana])
    return ana


@pytest.fixture
async def us(sandbox: Sandbox, inbox: Inbox, ana: Person) -> AsyncIterator[Us]:
    door = Door(
        token="xoxb-1",
        signing_secret=SECRET,
        api=sandbox.slack.api_url,
        accept=inbox.accept,
        answer=inbox.answer,
        language="en",
    )
    web = Starlette(routes=[slack_route(door.app, SECRET)])
    server = uvicorn.Server(uvicorn.Config(web, host="127.0.0.1", port=0, log_level="critical", lifespan="off"))
    server.config.load()
    server.lifespan = server.config.lifespan_class(server.config)
    await server.startup()
    port = server.servers[0].sockets[0].getsockname()[1]
    turning = asyncio.create_task(server.main_loop())
    async with aiohttp.ClientSession() as session:
        yield Us(f"http://127.0.0.1:{port}/slack", session)
    server.should_exit = True
    await turning
    await server.shutdown()


async def test_ana_reaches_us_by_signed_requests(sandbox: Sandbox, us: Us, inbox: Inbox, ana: Person) -> None:
    await sandbox.slack.use_http(us.url, SECRET)
    await ana.writes("#service", "hello")
    await sandbox.slack.idle()
    await ana.commands("/satisfaction", "last month", channel="#service")
    assert [type(read(row.payload)) for row in inbox.rows] == [Typed, Typed]
    assert ana.trouble == []
    assert sandbox.recording.problems == []


async def test_a_row_that_failed_makes_slack_come_again(sandbox: Sandbox, us: Us, inbox: Inbox, ana: Person) -> None:
    await sandbox.slack.use_http(us.url, SECRET)
    inbox.broken = True
    await ana.writes("#service", "hello")
    await asyncio.wait_for(inbox.came.wait(), 5)
    assert inbox.rows == []
    inbox.broken = False
    await sandbox.slack.idle(6)
    assert len(inbox.rows) == 1


async def test_what_is_wrong_with_a_form_is_the_answer_to_it(us: Us, inbox: Inbox) -> None:
    inbox.errors = FormErrors(errors={"note": words("Too short")})
    body = submission({"note": {"type": "plain_text_input", "value": "x"}})["body"] | {"team": {"id": "T0AFTER01"}}
    status, answer = await us.post(urlencode({"payload": json.dumps(body)}).encode(), kind=FORM)
    assert status == 200
    assert json.loads(answer) == {"response_action": "errors", "errors": {"note": "Too short"}}


async def test_the_same_request_again_is_answered_and_has_no_second_effect(us: Us, inbox: Inbox) -> None:
    stamp = str(int(right_now()))
    assert (await us.post(HELLO, stamp=stamp))[0] == 200
    assert (await us.post(HELLO, stamp=stamp))[0] == 200
    assert len(inbox.rows) == 1


async def test_a_request_that_failed_is_not_taken_for_done(us: Us, inbox: Inbox) -> None:
    stamp = str(int(right_now()))
    inbox.broken = True
    assert (await us.post(HELLO, stamp=stamp))[0] == 503
    inbox.broken = False
    assert (await us.post(HELLO, stamp=stamp))[0] == 200
    assert len(inbox.rows) == 1


def forgeries() -> Iterator[tuple[str, bytes, dict[str, str]]]:
    now = int(right_now())
    yield "signed with another secret", HELLO, {"secret": "other"}
    yield "not signed", HELLO, {"X_Slack_Signature": ""}
    yield "without a time", HELLO, {"X_Slack_Request_Timestamp": ""}
    yield "a signature of another version", HELLO, {"X_Slack_Signature": "v1=" + "0" * 64}
    yield "a short signature", HELLO, {"X_Slack_Signature": "v0=abc"}
    yield "a signature of letters", HELLO, {"X_Slack_Signature": "v0=" + "é" * 64}
    yield "six minutes old", HELLO, {"off": -360}
    yield "six minutes early", HELLO, {"off": 360}
    yield "of no time", HELLO, {"stamp": "now"}
    yield "of a negative time", HELLO, {"stamp": f"-{now}"}
    yield "of a time in other digits", HELLO, {"X_Slack_Request_Timestamp": "１２３"}
    yield "of an endless time", HELLO, {"stamp": "9" * 400}
    yield "of another body", HELLO + b" ", signed_headers(HELLO, now)


def signed_headers(body: bytes, now: int) -> dict[str, str]:
    return {key.replace("-", "_"): value for key, value in signed(body, str(now)).items()}


@pytest.mark.parametrize("forgery", list(forgeries()), ids=lambda f: f[0])
async def test_a_forged_request_is_refused_and_leaves_no_row(
    us: Us, inbox: Inbox, forgery: tuple[str, bytes, dict[str, Any]]
) -> None:
    _, body, how = forgery
    status, _ = await us.post(body, **how)
    assert status == 401
    assert inbox.rows == []


async def test_seeded_forgeries_are_all_refused(us: Us, inbox: Inbox) -> None:
    chance = random.Random(20260303)
    now = int(right_now())
    for _ in range(300):
        right = signed(HELLO, str(now))
        signature = list(right["X-Slack-Signature"])
        place = chance.randrange(len(signature))
        signature[place] = chance.choice([c for c in "0123456789abcdefv=" if c != signature[place]])
        status, _ = await us.post(HELLO, stamp=str(now), X_Slack_Signature="".join(signature))
        assert status == 401
    assert inbox.rows == []


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", JSON),
        (b"{", JSON),
        (b"[]", JSON),
        (b"null", JSON),
        (b"{}", JSON),
        (b"\xff\xfe", JSON),
        (b"[" * 100_000, JSON),
        (b'{"a":' + b"9" * 10_000 + b"}", JSON),
        (b'{"type": "event_callback", "event": 5, "team_id": "T0AFTER01"}', JSON),
        (b'{"type": ["x"], "event": {}, "authorizations": [5]}', JSON),
        (b"payload=", FORM),
        (b"payload=5", FORM),
        (b"payload=%7B", FORM),
        (b"a=b", FORM),
        (b"a&" * 500, FORM),
        (b"hello", "text/plain"),
        (HELLO, "multipart/form-data; boundary=x"),
    ],
)
async def test_signed_garbage_is_the_senders_mistake(us: Us, inbox: Inbox, body: bytes, kind: str) -> None:
    status, _ = await us.post(body, kind=kind)
    assert status == 400
    assert inbox.rows == []


async def test_a_huge_request_is_refused_before_it_is_read(us: Us, inbox: Inbox) -> None:
    assert (await us.post(b"x", Content_Length="1048577"))[0] == 413
    assert inbox.rows == []


async def test_a_huge_request_that_does_not_tell_its_size_is_not_read_to_its_end(us: Us, inbox: Inbox) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(17):
            yield b"x" * 65_536

    stamp = str(int(right_now()))
    headers = {"Content-Type": JSON, **signed(b"", stamp)}
    async with us.session.post(us.url, data=pieces(), headers=headers) as answer:
        assert answer.status == 413
    assert inbox.rows == []


async def test_spoiled_requests_of_slack_are_never_our_fault(us: Us, inbox: Inbox) -> None:
    chance = random.Random(20260304)
    samples = [
        (event(message(), **OURS)["body"], False),
        (event({"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home"}, **OURS)["body"], False),
        (action({"type": "button", "value": "k"}, team={"id": "T0AFTER01"})["body"], True),
        (submission({"note": {"value": "a"}})["body"] | {"team": {"id": "T0AFTER01"}}, True),
    ]
    statuses: dict[int, int] = {}
    for _ in range(400):
        body, wrapped = chance.choice(samples)
        text = json.dumps(spoiled(body, chance))
        data = urlencode({"payload": text}) if wrapped else text
        status, _ = await us.post(data.encode(), kind=FORM if wrapped else JSON)
        statuses[status] = statuses.get(status, 0) + 1
    assert set(statuses) <= {200, 400, 404}
    assert len(inbox.rows) > 100


async def test_a_command_may_say_anything(us: Us, inbox: Inbox) -> None:
    body = command("payload &amp; &lt;b&gt; è 🏠", **OURS)["body"]
    status, _ = await us.post(urlencode(body).encode(), kind=FORM)
    assert status == 200
    [row] = inbox.rows
    typed = read(row.payload)
    assert isinstance(typed, Typed)
    assert typed.text == "payload & <b> è 🏠"


def _asked(stamp: str, signature: str) -> Request:
    named = {b"x-slack-request-timestamp": stamp.encode(), b"x-slack-signature": signature.encode()}
    return Request({"type": "http", "method": "POST", "headers": list(named.items())})


def test_the_guard_needs_no_help_of_bolts() -> None:
    guard = Guard(SECRET, lambda: 10_000.0)
    right = signed(HELLO, "10000")["X-Slack-Signature"]
    request = _asked("10000", right)
    guard.check(request, guard.head(request), HELLO)
    wrong = [(HELLO + b" ", "10000", right), (HELLO, "10001", right), (HELLO, "10000", "v0=" + "0" * 64)]
    for body, stamp, signature in wrong:
        forged = _asked(stamp, signature)
        with pytest.raises(RefusedError):
            guard.check(forged, guard.head(forged), body)
    for stamp in ("9699", "10301"):
        with pytest.raises(RefusedError):
            guard.head(_asked(stamp, right))
    assert guard.head(_asked("9700", right)) == right


def test_without_a_signing_secret_there_is_no_such_door() -> None:
    with pytest.raises(ValueError, match="signing secret"):
        Guard("", right_now)


def test_signatures_are_forgotten_when_they_are_too_old_to_be_used() -> None:
    now = [1000.0]
    guard = Guard(SECRET, lambda: now[0])
    guard.remember("v0=a")
    now[0] += 599
    guard.remember("v0=b")
    assert guard.knows("v0=a")
    now[0] += 2
    guard.remember("v0=c")
    assert [guard.knows(s) for s in ("v0=a", "v0=b", "v0=c")] == [False, True, True]
