"""What a bot meets on a bad day: faults, conflicts, limits, and a web hook that does not always answer."""

import asyncio
import signal
import sys
import time
from datetime import timedelta
from pathlib import Path

import aiohttp
import pytest
from telegram import Bot
from telegram.error import BadRequest, Conflict, InvalidToken, NetworkError, RetryAfter, TimedOut
from telegram_door import Door

from sandbox.faults import Fault
from sandbox.server import Sandbox
from sandbox.telegram import Person


async def test_a_stranger_with_another_token_is_sent_away(sandbox: Sandbox, bot: Bot) -> None:
    with pytest.raises(InvalidToken):
        async with Bot("999:zzz", base_url=f"{sandbox.url}/bot"):
            pass
    async with aiohttp.ClientSession() as session, session.get(f"{sandbox.url}/botnonsense/getMe") as answer:
        assert (answer.status, await answer.json()) == (
            401,
            {"ok": False, "error_code": 401, "description": "Unauthorized"},
        )


async def test_calls_may_be_written_in_any_way(address: str, marta: Person, bot: Bot) -> None:
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{address}/SENDmessage", params={"chat_id": marta.id, "text": "by query"}) as answer:
            assert (await answer.json())["result"]["text"] == "by query"
        async with session.post(f"{address}/sendMessage", json={"chat_id": marta.id, "text": "by JSON"}) as answer:
            assert (await answer.json())["ok"]
        async with session.post(
            f"{address}/sendMessage", data=b"{", headers={"Content-Type": "application/json"}
        ) as bad:
            assert bad.status == 400
    await marta.sees("by query")
    await marta.sees("by JSON")


async def test_two_pollers_are_in_conflict_and_the_older_one_loses(marta: Person, bot: Bot) -> None:
    await bot.get_updates(offset=-1)
    start = (await bot.get_updates())[0].update_id
    older = asyncio.create_task(bot.get_updates(offset=start + 1, timeout=3))
    await asyncio.sleep(0.1)
    newer = asyncio.create_task(bot.get_updates(offset=start + 1, timeout=3))
    with pytest.raises(Conflict, match="terminated by other getUpdates request"):
        await older
    await marta.types("hello")
    assert [u.message.text for u in await newer] == ["hello"]


async def test_a_long_poll_waits_and_answers_at_once_when_something_comes(marta: Person, bot: Bot) -> None:
    start = (await bot.get_updates())[0].update_id
    begun = time.monotonic()
    assert await bot.get_updates(offset=start + 1, timeout=timedelta(seconds=1)) == ()
    assert time.monotonic() - begun >= 0.9
    polling = asyncio.create_task(bot.get_updates(offset=start + 1, timeout=3))
    await asyncio.sleep(0.05)
    begun = time.monotonic()
    await marta.types("hello")
    assert len(await polling) == 1
    assert time.monotonic() - begun < 0.5


async def test_only_wanted_kinds_of_updates_come(marta: Person, bot: Bot) -> None:
    await bot.get_updates(offset=-1, allowed_updates=["edited_message"])
    said = await marta.types("quiet")
    await marta.edits(said, "loud")
    updates = await bot.get_updates()
    assert [u.message.text if u.message else u.edited_message.text for u in updates] == ["/start", "loud"]


async def test_updates_come_twice_or_in_another_order_on_demand(sandbox: Sandbox, marta: Person, bot: Bot) -> None:
    first = (await bot.get_updates())[0].update_id
    assert await bot.get_updates(offset=first + 1) == ()
    sandbox.telegram.redeliver(times=2)
    assert [u.update_id for u in await bot.get_updates(offset=first + 1)] == [first, first]
    assert await bot.get_updates(offset=first + 1) == ()
    sandbox.telegram.shuffle(4)
    for number in range(3):
        await marta.types(str(number))
    assert await bot.get_updates(offset=first + 1) == ()
    await marta.types("3")
    texts = [u.message.text for u in await bot.get_updates(offset=first + 1)]
    assert sorted(texts) == ["0", "1", "2", "3"]
    assert texts != sorted(texts)


async def test_a_broken_update_can_be_injected_and_is_not_judged(
    sandbox: Sandbox, address: str, marta: Person, bot: Bot
) -> None:
    number = sandbox.telegram.inject({"message": {"text": 7}})
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{address}/getUpdates", params={"offset": "-1"}) as answer,
    ):
        assert (await answer.json())["result"] == [{"update_id": number, "message": {"text": 7}}]


async def test_telegram_refuses_with_any_status(sandbox: Sandbox, marta: Person, bot: Bot) -> None:
    sandbox.faults.add(Fault("status", "telegram", "sendMessage", target=str(marta.id), status=429, retry_after=7))
    with pytest.raises(RetryAfter) as refused:
        await bot.send_message(marta.id, "x")
    assert refused.value.retry_after == timedelta(seconds=7)
    sandbox.faults.add(Fault("status", "telegram", "send*", status=502))
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.send_message(marta.id, "x")
    sandbox.faults.add(Fault("status", "telegram", status=400, error="Bad Request: chat not found"))
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(marta.id, "x")
    assert [b for b in marta.chat if b.from_bot] == []
    await bot.send_message(marta.id, "x")
    calls = list(sandbox.recording.of("telegram", "sendMessage"))
    assert [(c.fault, c.status) for c in calls] == [("status", 429), ("status", 502), ("status", 400), (None, 200)]


async def test_the_connection_breaks_before_or_after_the_deed(sandbox: Sandbox, marta: Person, bot: Bot) -> None:
    sandbox.faults.add(Fault("reset_before", "telegram", "sendMessage"))
    with pytest.raises(NetworkError):
        await bot.send_message(marta.id, "one")
    sandbox.faults.add(Fault("reset_after", "telegram", "sendMessage"))
    with pytest.raises(NetworkError):
        await bot.send_message(marta.id, "two")
    sandbox.faults.add(Fault("status_after", "telegram", "sendMessage", status=500))
    with pytest.raises(NetworkError, match="Internal Server Error"):
        await bot.send_message(marta.id, "three")
    assert [b.text for b in marta.chat if b.from_bot] == ["two", "three"]
    sandbox.faults.away("telegram")
    with pytest.raises(NetworkError):
        await bot.get_me()
    sandbox.faults.clear()
    await bot.get_me()


async def test_telegram_hangs_or_is_slow(sandbox: Sandbox, marta: Person, bot: Bot) -> None:
    sandbox.faults.add(Fault("hang", "telegram", "sendMessage", seconds=0.4))
    with pytest.raises(TimedOut):
        await bot.send_message(marta.id, "lost", read_timeout=0.1)
    sandbox.faults.add(Fault("slow", "telegram", "sendMessage", seconds=0.3))
    begun = time.monotonic()
    await bot.send_message(marta.id, "late")
    assert time.monotonic() - begun >= 0.3
    assert [b.text for b in marta.chat if b.from_bot] == ["late"]


async def test_a_file_can_be_away_too(sandbox: Sandbox, marta: Person, bot: Bot) -> None:
    document = (await bot.send_document(marta.id, b"paper", filename="a.txt")).document
    file = await document.get_file()
    for kind in ("status", "reset_before"):
        sandbox.faults.add(Fault(kind, "telegram", "file", status=500))  # type: ignore[arg-type]
        with pytest.raises(NetworkError):
            await file.download_as_bytearray()
    sandbox.faults.add(Fault("slow", "telegram", "file", seconds=0.1))
    assert bytes(await file.download_as_bytearray()) == b"paper"


async def test_a_bot_that_sends_too_fast_must_wait(sandbox: Sandbox, marta: Person, bot: Bot) -> None:
    sandbox.telegram.limit_rates(per_chat=1.0, overall=3)
    await bot.send_message(marta.id, "1")
    with pytest.raises(RetryAfter):
        await bot.send_message(marta.id, "2")
    people = [sandbox.telegram.person(f"P{n}") for n in range(3)]
    for person in people:
        await person.starts()
    await bot.send_message(people[0].id, "1")
    await bot.send_message(people[1].id, "1")
    with pytest.raises(RetryAfter):
        await bot.send_message(people[2].id, "1")
    sandbox.telegram.limit_nothing()
    await bot.send_message(marta.id, "2")


async def test_a_web_hook_gets_everything_in_order_even_when_it_fails_at_times(
    sandbox: Sandbox, marta: Person, bot: Bot, door: Door
) -> None:
    door.statuses = [500, 503, 200, 404]
    await bot.set_webhook(door.url, secret_token="a-secret_1", allowed_updates=["message"])
    await marta.types("two")
    await marta.types("three")
    assert await door.has(3) == ["/start", "two", "three"]
    assert door.secrets == {"a-secret_1"}
    hook = sandbox.telegram.state.webhook.hook
    assert hook is not None
    await sandbox.changed.until(lambda: len(hook.attempts) == 6 or None, 5)
    assert hook.attempts == [500, 503, 200, 404, 200, 200]
    info = await bot.get_webhook_info()
    assert (info.url, info.pending_update_count, info.allowed_updates) == (door.url, 0, ("message",))
    assert info.last_error_message == "Wrong response from the webhook: 404 Not Found"
    sandbox.telegram.redeliver()
    assert (await door.has(4))[-1] == "three"


async def test_a_web_hook_excludes_polling_and_can_be_taken_away(
    sandbox: Sandbox, marta: Person, bot: Bot, door: Door
) -> None:
    polling = asyncio.create_task(bot.get_updates(offset=10**9, timeout=3))
    await asyncio.sleep(0.1)
    door.statuses = [500] * 100
    await bot.set_webhook(door.url)
    with pytest.raises(Conflict, match="terminated by setWebhook request"):
        await polling
    with pytest.raises(Conflict, match="can't use getUpdates method while webhook is active"):
        await bot.get_updates()
    await marta.types("not lost")
    await bot.delete_webhook()
    assert [u.message.text for u in await bot.get_updates()] == ["not lost"]


async def test_a_web_hook_that_does_not_listen_is_tried_again(sandbox: Sandbox, marta: Person, bot: Bot) -> None:
    await bot.set_webhook("http://127.0.0.1:9/nobody")
    hook = sandbox.telegram.state.webhook.hook
    assert hook is not None
    await sandbox.changed.until(lambda: len(hook.attempts) == 2 or None, 5)
    assert set(hook.attempts) == {0}
    assert (await bot.get_webhook_info()).pending_update_count == 1
    await bot.delete_webhook(drop_pending_updates=True)
    assert await bot.get_updates() == ()


@pytest.mark.parametrize(
    ("url", "secret"), [("http://example.org/x", "a"), ("ftp://127.0.0.1", "a"), ("http://127.0.0.1:1", "bad secret")]
)
async def test_a_wrong_web_hook_is_refused(bot: Bot, url: str, secret: str) -> None:
    with pytest.raises(BadRequest, match="Bad webhook"):
        await bot.set_webhook(url, secret_token=secret)


async def test_the_sandbox_listens_on_loopback_only() -> None:
    for host in ("0.0.0.0", "192.168.1.4", "example.org"):
        with pytest.raises(ValueError, match="loopback only"):
            Sandbox(host=host)


async def test_the_sandbox_runs_as_a_process_until_it_is_told_to_end(tmp_path: Path) -> None:
    team = tmp_path / "team.json"
    team.write_text('{"people": [{"first_name": "Marta", "language": "it", "id": 42}]}')
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sandbox", "--port", "0", "--team", str(team), stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    url = (await process.stdout.readline()).decode().strip()
    async with aiohttp.ClientSession() as session, session.get(f"{url}/bot1:x/getMe") as answer:
        assert (await answer.json())["result"]["id"] == 1
    process.send_signal(signal.SIGTERM)
    assert await process.wait() == 0
