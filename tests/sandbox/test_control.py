"""A script plays homeowner and team with nothing but HTTP, and no web page from elsewhere can."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import aiohttp
import pytest
from aiohttp import web
from slack_desk import CARD, QUICK, Desk, on_socket
from telegram import Bot, BotCommand, InlineKeyboardButton, InlineKeyboardMarkup

from sandbox.control import Control
from sandbox.control.world import next_morning
from sandbox.server import Sandbox

TEAM = {
    "zone": "Europe/Paris",
    "people": [
        {"first_name": "Marta", "last_name": "Rossi", "language": "it", "id": 7001, "invitation": "abc"},
        {"first_name": "Claire", "language": "fr", "id": 7002},
    ],
    "users": [{"name": "Ana Ruiz", "id": "U0ANA", "role": "technician"}, {"name": "Tom", "id": "U0TOM"}],
    "channels": [{"name": "service", "id": "C0SERVICE", "members": ["U0ANA"]}],
}
KEYS = InlineKeyboardMarkup(
    [[InlineKeyboardButton("Yes", callback_data="y"), InlineKeyboardButton("No", callback_data="n")]]
)
Ask = Callable[..., Awaitable[Any]]


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    running = Sandbox(clock_file=tmp_path / "clock", delays=replace(QUICK, long_poll_cap=1.0))
    running.extra_routes += Control(running, team=TEAM).routes()
    async with running:
        yield running
        assert running.recording.problems == []


@pytest.fixture
async def http(sandbox: Sandbox) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(sandbox.url) as session:
        yield session


@pytest.fixture
def post(http: aiohttp.ClientSession) -> Ask:
    async def send(address: str, expected: int = 200, /, **fields: Any) -> Any:
        async with http.post(f"/control/{address}", json=fields) as answer:
            assert answer.status == expected, await answer.text()
            return await answer.json()

    return send


@pytest.fixture
def get(http: aiohttp.ClientSession) -> Ask:
    async def ask(address: str, expected: int = 200, /, **params: Any) -> Any:
        async with http.get(f"/control/{address}", params=params) as answer:
            assert answer.status == expected, await answer.text()
            return await answer.json()

    return ask


@pytest.fixture
async def bot(sandbox: Sandbox) -> AsyncIterator[Bot]:
    async with Bot("123:abc", base_url=f"{sandbox.url}/bot", base_file_url=f"{sandbox.url}/file/bot") as connected:
        yield connected


@pytest.fixture
async def desk(sandbox: Sandbox) -> AsyncIterator[Desk]:
    async with on_socket(sandbox) as running:
        yield running


async def test_marta_opens_her_invitation_and_presses_a_button_by_its_number(bot: Bot, post: Ask, get: Ask) -> None:
    state = await get("state")
    assert [(p["name"], p["standing"], p["invitation"]) for p in state["telegram"]["people"]] == [
        ("Marta Rossi", "never", "abc"),
        ("Claire", "never", None),
    ]
    await post("telegram/Marta/starts", payload="abc")
    [update] = await bot.get_updates()
    assert update.message.text == "/start abc"
    await bot.send_message(7001, "<b>Shades</b>, right?", parse_mode="HTML", reply_markup=KEYS)
    seen = await get("telegram/Marta/sees", fragment="Shades")
    assert seen["entities"] == [{"type": "bold", "offset": 0, "length": 6}]
    pressing = asyncio.create_task(post("telegram/7001/presses", message=seen["id"], button=1))
    [pressed] = await bot.get_updates(update.update_id + 1, timeout=1)
    assert pressed.callback_query.data == "n"
    await bot.answer_callback_query(pressed.callback_query.id, "Noted")
    assert (await pressing)["notice"] == "Noted"


async def test_everything_a_phone_can_send_arrives_and_is_shown(
    bot: Bot, post: Ask, get: Ask, http: aiohttp.ClientSession
) -> None:
    await bot.set_my_commands([BotCommand("report", "Report a problem")])
    await post("telegram/Marta/starts")
    said = await post("telegram/Marta/types", text="Ciao 👋")
    await post("telegram/Marta/edits", message=said["message"], text="Ciao a tutti")
    album = await post("telegram/Marta/photo", n=2, caption="Two")
    await post("telegram/Marta/voice")
    await post("telegram/Marta/video")
    await post("telegram/Marta/document", name="note.txt", words="Hello")
    await post("telegram/Marta/contact")
    await post("telegram/Marta/contact", phone="+393330000000", name="Luigi")
    await post("telegram/Marta/location", lat=43.7, lon=7.26)
    form = aiohttp.FormData({"caption": "Mine"})
    form.add_field("file", b"\x89PNG\r\n\x1a\nrest", filename="own.png", content_type="image/png")
    async with http.post("/control/telegram/Marta/photo", data=form) as answer:
        assert answer.status == 200
    chat = (await get("state", person="7001"))["telegram"]["chats"]["7001"]
    assert chat["commands"] == [{"command": "report", "description": "Report a problem"}]
    messages = chat["rooms"][0]["messages"]
    kinds = [m["media"]["kind"] for m in messages if "media" in m]
    assert kinds == ["photo", "photo", "voice", "video", "document", "contact", "contact", "location", "photo"]
    assert messages[1]["text"] == "Ciao a tutti"
    assert messages[1]["edited"]
    assert len(album["messages"]) == 2
    assert messages[2]["album"] == messages[3]["album"]
    note = next(m["media"] for m in messages if m.get("media", {}).get("name") == "note.txt")
    async with http.get(note["url"]) as answer:
        assert await answer.read() == b"Hello"
        assert answer.headers["Content-Disposition"].startswith("attachment")
    async with http.get(messages[-1]["media"]["url"]) as answer:
        assert answer.headers["Content-Type"] == "image/png"
    assert len(await bot.get_updates()) == 12


async def test_marta_cannot_write_before_she_starts_nor_after_she_blocks(bot: Bot, post: Ask) -> None:
    refused = await post("telegram/Marta/types", 409, text="Hello?")
    assert "has not started the bot yet" in refused["error"]
    await post("telegram/Marta/starts")
    await post("telegram/Marta/blocks")
    await post("telegram/Marta/types", 409, text="Hello?")
    await post("telegram/Marta/unblocks")
    await post("telegram/Marta/types", text="Hello again")
    await post("telegram/Marta/presses", 409, label="No such button")
    await post("telegram/Marta/presses", 404, message=99, button=0)
    await post("telegram/Nobody/types", 404, text="x")
    await post("telegram/Marta/dances", 404)
    await post("telegram/Marta/types", 400, text=7)
    assert await bot.get_updates()


async def test_ana_works_a_card_a_thread_and_a_form(desk: Desk, post: Ask, get: Ask) -> None:
    sent = await desk.client.chat_postMessage(channel="C0SERVICE", text="Leaking boiler", blocks=CARD)
    place = {"channel": "C0SERVICE", "ts": sent["ts"]}
    card = await get("slack/U0ANA/sees", channel="#service", fragment="Leaking")
    block, action = next((b["block_id"], b["elements"][2]["action_id"]) for b in card["blocks"] if "elements" in b)
    await post("slack/U0ANA/writes", **place, text="On it")
    await post("slack/U0ANA/reacts", **place, name="eyes")
    await post("slack/U0ANA/selects", **place, label="Priority", option="High")
    await post("slack/U0ANA/presses", **place, block=block, action=action)
    await get("slack/U0ANA/sees", on="modal", fragment="Reason")
    refused = await post("slack/U0ANA/fills", values={"Who": "Tom"})
    assert refused["by_block"] == {"reason": "Please complete this required field."}
    refused = await post("slack/U0ANA/fills", blocks={"reason": "bad", "day": "2026-12-01"})
    assert refused["errors"] == {"Reason": "Say more"}
    assert (await post("slack/U0ANA/fills", blocks={"reason": "Boiler", "home": None}))["errors"] == {}
    state = await get("state", user="U0ANA", channel="C0SERVICE", thread=sent["ts"])
    [channel] = [c for c in state["slack"]["channels"] if c["id"] == "C0SERVICE"]
    [post_seen] = channel["messages"]
    assert state["slack"]["modal"] is None
    assert post_seen["reactions"] == {"eyes": ["U0ANA"]}
    assert post_seen["replies"]["count"] == 1
    assert [m["text"] for m in channel["threads"][sent["ts"]]["messages"]] == ["On it"]
    assert state["slack"]["users"][0]["role"] == "technician"
    await post("slack/U0ANA/presses", label="Take it")
    await get("slack/Tom/sees", fragment="Taken by")


async def test_ana_uses_a_command_the_home_tab_and_her_own_messages(desk: Desk, post: Ask, get: Ask) -> None:
    await post("slack/U0ANA/commands", command="/aftercare", text="Marta", channel="C0SERVICE")
    await get("slack/U0ANA/sees", fragment="Looking for Marta")
    await post("slack/U0ANA/home")
    await get("slack/U0ANA/sees", on="home", fragment="Your day")
    said = await post("slack/U0ANA/writes", channel="#service", text="Helo")
    await post("slack/U0ANA/edits", **said, text="Hello")
    await post("slack/U0TOM/edits", 409, **said, text="Mine now")
    await post("slack/U0ANA/uploads", channel="#service", name="plan.txt", words="A plan")
    state = await get("state", user="U0ANA", channel="C0SERVICE")
    [channel] = [c for c in state["slack"]["channels"] if c["id"] == "C0SERVICE"]
    texts = {m["ts"]: m["text"] for m in channel["messages"]}
    assert texts[said["ts"]] == "Hello"
    assert [m["ephemeral"] for m in channel["messages"]].count(True) == 1
    await post("slack/U0ANA/deletes", **said)
    await post("slack/U0ANA/edits", 404, **said, text="gone")


async def test_time_is_moved_and_never_back(post: Ask, get: Ask) -> None:
    moved = await post("clock", move="tomorrow morning", zone="America/New_York")
    there = datetime.fromisoformat(moved["now"]).astimezone(ZoneInfo("America/New_York"))
    assert (there.hour, there.minute) == (9, 0)
    before = moved["offset"]
    assert (await post("clock", move="+1 week"))["offset"] == pytest.approx(before + 7 * 86400, abs=1)
    await post("clock", 400, seconds=-60)
    await post("clock", 400, move="yesterday")
    await post("clock", 400, move="tomorrow morning", zone="Mars/Olympus")
    assert (await get("state"))["clock"]["zone"] == "Europe/Paris"


def test_the_next_morning_is_nine_on_the_wall_also_when_the_clocks_change() -> None:
    paris = ZoneInfo("Europe/Paris")
    saturday = datetime(2026, 10, 24, 20, 0, tzinfo=UTC)
    assert next_morning(saturday, paris) == datetime(2026, 10, 25, 8, 0, tzinfo=UTC)
    early = datetime(2026, 7, 1, 4, 0, tzinfo=UTC)
    assert next_morning(early, paris) == datetime(2026, 7, 1, 7, 0, tzinfo=UTC)


async def test_networks_go_away_and_come_back(bot: Bot, sandbox: Sandbox, post: Ask, get: Ask) -> None:
    assert await post("weather", network="telegram", away=True) == {"telegram": True, "slack": False}
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.ClientError):
            await session.get(f"{sandbox.url}/bot123:abc/getMe")
    await post("weather", network="telegram", away=False)
    assert (await bot.get_me()).is_bot
    await post("faults", kind="status", network="telegram", method="sendMessage", status=429, retry_after=7, times=2)
    [fault] = (await get("faults"))["faults"]
    assert (fault["status"], fault["hits"]) == (429, 0)
    await post("faults", 400, kind="status", network="telegram", colour="red")
    await post("faults", 400, kind="boredom", network="telegram")
    await post("faults", 400, kind="status", network="pigeons")


async def test_people_appear_while_it_runs_and_the_recording_is_told(bot: Bot, post: Ask, get: Ask) -> None:
    person = (await post("people", first_name="James", language="en", invitation="xyz"))["id"]
    assert (await post("users", name="Lena", id="U0LENA", role="dispatcher"))["id"] == "U0LENA"
    await post("channels", name="urgent", id="C0URGENT", members=["U0LENA"])
    await post("people", 400, name="Nobody")
    group = (await post("groups", title="Family", people=[7001, person]))["id"]
    await post(f"telegram/{person}/types", text="Hello all", at=group)
    state = await get("state", person=str(person))
    rooms = state["telegram"]["chats"][str(person)]["rooms"]
    assert [r["title"] for r in rooms] == ["", "Family"]
    await bot.get_updates()
    calls = await get("calls", idle="true")
    assert calls["problems"] == []
    assert {c["method"] for c in calls["calls"]} >= {"getUpdates", "message"}
    assert "getUpdates" not in {c["method"] for c in (await get("calls"))["calls"]}


async def test_the_stream_tells_of_every_change_and_ends_with_the_sandbox(tmp_path: Path) -> None:
    sandbox = Sandbox(clock_file=tmp_path / "clock")
    sandbox.extra_routes += Control(sandbox, team=TEAM).routes()
    await sandbox.start()
    async with aiohttp.ClientSession(sandbox.url) as session, session.get("/control/stream") as stream:
        assert stream.content_type == "text/event-stream"
        assert await stream.content.readline() == b"event: changed\n"
        first = json.loads((await stream.content.readline()).removeprefix(b"data: "))
        await session.post("/control/telegram/Marta/starts")
        await stream.content.readuntil(b"event: changed\n")
        second = json.loads((await stream.content.readline()).removeprefix(b"data: "))
        assert second["version"] > first["version"]
        await asyncio.wait_for(sandbox.stop(), 3)
        await stream.content.read()


async def test_the_feed_is_fetched_with_its_token_and_its_absence_is_told() -> None:
    asked: list[str | None] = []

    async def feed(request: web.Request) -> web.Response:
        asked.append(request.headers.get("Authorization"))
        return web.json_response({"inbound": []})

    app = web.Application()
    app.add_routes([web.get("/feed", feed)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    address = f"http://127.0.0.1:{runner.addresses[0][1]}/feed"
    sandbox = Sandbox()
    sandbox.extra_routes += Control(sandbox, feed=address, feed_token="t0ken").routes()
    async with sandbox, aiohttp.ClientSession(sandbox.url) as session:
        async with session.get("/control/feed") as answer:
            assert await answer.json() == {"inbound": []}
        await runner.cleanup()
        async with session.get("/control/feed") as answer:
            assert answer.status == 502
        async with session.post("/control/clock", json={"move": "+1 hour"}) as answer:
            assert answer.status == 409  # there is no clock file
    assert asked == ["Bearer t0ken"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://elsewhere.example"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "null"},
        {"Host": "elsewhere.example"},
        {"Host": "127.0.0.1.elsewhere.example:8081"},
        {"Host": "[broken"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
async def test_no_page_from_elsewhere_may_drive_the_sandbox(
    http: aiohttp.ClientSession, sandbox: Sandbox, headers: dict[str, str]
) -> None:
    for address in ("/control/telegram/Marta/starts", "/control/clock"):
        async with http.post(address, json={"move": "+1 hour"}, headers=headers) as answer:
            assert answer.status == 403
    async with http.get("/control/state", headers=headers) as answer:
        assert answer.status == 403
    assert sandbox.clock.offset == 0


async def test_the_page_itself_and_programs_may(http: aiohttp.ClientSession, sandbox: Sandbox) -> None:
    for headers in ({}, {"Origin": sandbox.url}, {"Host": f"localhost:{sandbox.port}"}):
        async with http.post("/control/clock", json={"move": "+1 hour"}, headers=headers) as answer:
            assert answer.status == 200
    async with http.get("/") as answer:
        policy = answer.headers["Content-Security-Policy"]
        page = await answer.text()
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "://" not in page  # nothing from elsewhere


async def test_the_words_of_the_page_are_there_in_every_language(http: aiohttp.ClientSession) -> None:
    async with http.get("/page/words.json") as answer:
        words = await answer.json()
    assert set(words) == {"en", "fr", "es", "it"}
    for language in words.values():
        assert language.keys() == words["en"].keys()
        assert all(language.values())
