"""Mutated updates and Slack payloads, and forged ones, against the running program: it shrugs, and says so politely."""

import asyncio
import copy
import json
import random
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import aiohttp
import pytest
from sqlalchemy import func, select

from bot.inbox import inbox
from sandbox.slack.signed_http import SignedHttp
from sandbox.telegram.webhook import SECRET_HEADER
from tests.house import HOOK, SIGNING, House, open_house
from tests.proofs.report import Report
from tests.proofs.seen import payloads

SEED = 20260107
AT_ONCE = 20

# What grows where something else was.
ODD: tuple[Any, ...] = (
    *(None, True, False, 0, -1, 1, 2**31, 2**53, 2**63 - 1, 2**63, 2**64, 10**30, -(2**70), 1e308, 0.1),
    *("", " ", "0", "null", "\x00", "\ud800", "\u202e", "é" * 5000, "<b>", "&lt;", "<!channel>", "{name}", "%s"),
    *("/start", "/start " + "x" * 300, "/help@other", "-1", "1e9", "1.5", "🧑‍🧑‍🧒", "../../etc", "\r\n\r\n", "'"),
    *([], {}, [[]], [None], {"": None}, {"id": {}}, [{}] * 40),
)


def paths(value: Any, here: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to every value inside."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, part in inside:
        yield (*here, key)
        yield from paths(part, (*here, key))


def mutated(dice: random.Random, original: dict[str, Any], others: list[dict[str, Any]]) -> dict[str, Any]:
    """One to four changes, each somewhere: another value, another place, a part of another payload, nothing."""
    made = copy.deepcopy(original)
    for _ in range(dice.randint(1, 4)):
        ways = list(paths(made))
        if ways:
            change(dice, made, dice.choice(ways), others)
    return made


def change(dice: random.Random, made: Any, way: tuple[Any, ...], others: list[dict[str, Any]]) -> None:
    """One change at the end of a way."""
    holder = at(made, way[:-1])
    kind = dice.randrange(6)
    if kind == 0:
        del holder[way[-1]]
    elif kind == 1:
        holder[way[-1]] = copy.deepcopy(dice.choice(ODD))
    elif kind == 2:
        other = dice.choice(others)
        holder[way[-1]] = copy.deepcopy(at(other, dice.choice(list(paths(other)))))
    elif kind == 3 and isinstance(holder, dict):
        holder[dice.choice(("text", "id", "type", "from", "chat", "data", "message", "date", "x" * 300))] = holder.pop(
            way[-1]
        )
    elif kind == 4:
        holder[way[-1]] = [holder[way[-1]]] if dice.random() < 0.5 else {"type": holder[way[-1]]}
    elif isinstance(holder[way[-1]], str):
        holder[way[-1]] = scrambled(dice, holder[way[-1]])
    elif isinstance(holder[way[-1]], int):
        holder[way[-1]] = holder[way[-1]] + dice.choice((-1, 1, 10**6, -(10**12)))


def at(value: Any, way: tuple[Any, ...]) -> Any:
    for key in way:
        value = value[key]
    return value


def scrambled(dice: random.Random, text: str) -> str:
    where = dice.randint(0, len(text))
    return dice.choice((text[:where], text * 50, text[:where] + "\u0000" + text[where:], text[::-1], f"{text}.{where}"))


class Gate:
    """Posts as the two networks do."""

    def __init__(self, house: House, session: aiohttp.ClientSession) -> None:
        self.session, self.base = session, house.environment["PUBLIC_URL"]
        self.signer = SignedHttp(house.sandbox, f"{self.base}/slack", SIGNING)

    async def telegram(self, body: Any) -> int:
        return await self.post("/telegram", json.dumps(body), {SECRET_HEADER: HOOK})

    async def slack(self, kind: str, body: Any) -> int:
        if kind == "events_api":
            text, form = json.dumps(body), "application/json"
        else:
            text = urlencode(body if kind == "slash_commands" else {"payload": json.dumps(body)}, errors="replace")
            form = "application/x-www-form-urlencoded"
        return await self.post("/slack", text, self.signer.signed(text) | {"Content-Type": form})

    async def post(self, path: str, text: str, headers: dict[str, str]) -> int:
        async with self.session.post(f"{self.base}{path}", data=text.encode(), headers=headers) as answer:
            return answer.status


async def all_of(posts: list[Callable[[], Awaitable[int]]]) -> Counter[int]:
    """All of them, some at once: how often which status came back."""
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(post: Callable[[], Awaitable[int]]) -> int:
        async with gate:
            return await post()

    return Counter(await asyncio.gather(*(one(post) for post in posts)))


@pytest.mark.slow
async def test_mutated_updates_and_payloads_are_handled_or_put_aside(
    tmp_path: Path, full: bool, report: Report
) -> None:
    dice = random.Random(SEED)
    each = 10_000 if full else 500
    async with open_house(tmp_path, hooked=True) as house, aiohttp.ClientSession() as session:
        updates, envelopes = await payloads(house)
        assert house.app is not None
        await house.quiet(30)
        before = house.app.desk.failed
        gate = Gate(house, session)
        posts: list[Callable[[], Awaitable[int]]] = []
        for number in range(each):
            update = mutated(dice, dice.choice(updates), updates)
            if dice.random() < 0.97:
                update["update_id"] = 900_000_000 + number
            posts.append(lambda update=update: gate.telegram(update))  # type: ignore[misc]
            kind, body = dice.choice(envelopes)
            other = mutated(dice, body, [body for _, body in envelopes])
            if "event_id" in other and dice.random() < 0.97:
                other["event_id"] = f"Ev{number}"
                if isinstance(event := other.get("event"), dict) and isinstance(event.get("ts"), str):
                    event["ts"] = f"{number}.{event['ts']}"[:40]  # what people write is known by its place
            posts.append(lambda kind=kind, other=other: gate.slack(kind, other))  # type: ignore[misc]
        statuses = Counter[int]()
        for start in range(0, len(posts), 200):
            statuses += await all_of(posts[start : start + 200])
            house.sandbox.recording.calls[:] = [call for call in house.sandbox.recording.calls if call.problems]
        await gate.signer.stop()
        await house.quiet(120)
        states = await house.in_database(
            lambda s: {str(k): n for k, n in s.execute(select(inbox.c.state, func.count()).group_by(inbox.c.state))}
        )
        failed = house.app.desk.failed - before
    assert not [status for status in statuses if status >= 500], statuses
    assert set(states) <= {"done", "quarantined"}, states
    assert failed == 0
    report.row(updates=each, payloads=each, statuses=dict(sorted(statuses.items())), rows=states, exceptions=failed)


@pytest.mark.slow
async def test_forged_requests_are_refused_and_write_nothing(tmp_path: Path, full: bool, report: Report) -> None:
    dice = random.Random(SEED + 1)
    many = 10_000 if full else 200
    async with open_house(tmp_path, hooked=True) as house, aiohttp.ClientSession() as session:
        updates, envelopes = await payloads(house)
        await house.quiet(30)
        count = select(func.count()).select_from(inbox)
        before = await house.in_database(lambda s: s.scalar(count))
        gate = Gate(house, session)
        posts = [forged(dice, gate, dice.choice(updates), dice.choice(envelopes)[1]) for _ in range(many)]
        statuses = await all_of(posts)
        await gate.signer.stop()
        after = await house.in_database(lambda s: s.scalar(count))
    assert all(400 <= status < 500 for status in statuses), statuses
    assert after == before
    report.row(forgeries=many, statuses=dict(sorted(statuses.items())), rows_written=after - before)


def forged(
    dice: random.Random, gate: Gate, update: dict[str, Any], envelope: dict[str, Any]
) -> Callable[[], Awaitable[int]]:
    """A request that somebody else might send."""
    words = json.dumps(update | {"update_id": dice.randrange(2**40)})
    said = json.dumps(envelope | {"event_id": f"Ev{dice.randrange(2**40)}"})
    form = {"Content-Type": "application/json"}
    right = gate.signer.signed(said)
    now = int(right["X-Slack-Request-Timestamp"])
    wrong = "".join(dice.choice("0123456789abcdef") for _ in range(64))
    secrets = (HOOK[:-1], HOOK + "0", HOOK.upper(), "", " ", HOOK[::-1], "é" * 8, "x" * 5000, HOOK[:-1] + "1")
    slack: tuple[tuple[str, dict[str, str]], ...] = (
        (said, {}),
        (said + " ", right),
        (said.replace("Ev", "Ew"), right),
        (said, right | {"X-Slack-Signature": f"v0={wrong}"}),
        (said, right | {"X-Slack-Signature": f"v1={right['X-Slack-Signature'][3:]}"}),
        (said, right | {"X-Slack-Signature": ""}),
        (said, right | {"X-Slack-Request-Timestamp": str(now + 1)}),
        (said, right | {"X-Slack-Request-Timestamp": "-1"}),
        (said, gate.signer.signed(said, at=now - 301)),
        (said, gate.signer.signed(said, at=now + 400)),
        ("payload=" + said, right),
    )
    if dice.random() < 0.5:
        headers = {SECRET_HEADER: dice.choice(secrets)} if dice.random() < 0.9 else {}
        return lambda: gate.post("/telegram", words, headers)
    body, headers = dice.choice(slack)
    return lambda: gate.post("/slack", body, headers | form)
