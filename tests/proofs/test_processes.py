"""Several processes, and how each begins and ends."""

import asyncio
import os
import signal
from collections import Counter
from pathlib import Path
from time import monotonic
from typing import Any

import psutil
import pytest
from sqlalchemy import select

from bot.inbox import inbox
from bot.outbox import LEASE, OutboxState, outbox
from sandbox.faults import Fault
from sandbox.telegram.person import Person
from tests.conftest import fresh_database
from tests.house import SIGNING, free_port, words
from tests.proofs.outside import PATIENCE, Outside, answered, outside, twice_on_telegram
from tests.proofs.report import Report

SEED = 20260110
ASKED = ("/help", "/language", "/start", "/help", "/contract", "/start")
LONG = LEASE.total_seconds() + PATIENCE


def w(key: str, **values: Any) -> str:
    return words("en", key, **values)


@pytest.mark.slow
async def test_a_worker_is_killed_and_the_others_go_on(
    tmp_path: Path, postgresql: str, full: bool, report: Report
) -> None:
    url = await asyncio.to_thread(fresh_database, postgresql)
    async with outside(tmp_path, url, hooked=True) as out:
        web = await out.spawn("web")
        workers = [await out.spawn("worker", PORT=str(free_port())) for _ in range(2)]
        try:
            await answered(f"{out.base}/readyz")
            await out.house.sandbox.slack.use_http(f"{out.base}/slack", SIGNING)
            people = [out.house.sandbox.telegram.person(f"P{n}") for n in range(30 if full else 12)]
            for person in people:
                await person.starts()
            killed = asyncio.create_task(kill_in_mid_flight(out, workers[0], people))
            for text in ASKED:
                for person in people:
                    await person.types(text)
                await asyncio.sleep(0.1)
            unmarked = await killed
            await out.quiet(LONG)
            states = await out.in_database(lambda s: Counter(map(str, s.scalars(select(inbox.c.state)))))
            sent_as = await out.in_database(places)
            again = twice_on_telegram(out.house)
            orders = {tuple(texts_of(out, person)) for person in people}
        finally:
            await end([web, *workers])
    assert set(states) == {"done"}
    assert len(orders) == 1, orders
    assert all(sent_as.get(place) in unmarked for place in again), (again, unmarked)
    report.row(
        processes="web, worker, worker",
        killed="a worker",
        people=len(people),
        messages=len(people) * (len(ASKED) + 1),
        lost=0,
        twice=f"{len(again)} of {len(unmarked)} under way",
    )


async def kill_in_mid_flight(out: Outside, worker: asyncio.subprocess.Process, people: list[Person]) -> set[int]:
    """SIGKILL when some answers have arrived; the rows that were not noted as sent then."""
    enough = len(people) * 2
    await out.house.sandbox.changed.until(
        lambda: sum(1 for p in people for b in p.chat if b.from_bot) >= enough or None, PATIENCE
    )
    os.kill(worker.pid, signal.SIGKILL)
    new = select(outbox.c.id).where(outbox.c.state == OutboxState.NEW)
    return set(await out.in_database(lambda s: list(s.scalars(new))))


def places(session: Any) -> dict[tuple[str, str], int]:
    rows = session.execute(select(outbox).order_by(outbox.c.id.desc()))
    return {(row.target, row.remote): row.id for row in rows if row.remote}


def texts_of(out: Outside, person: Person) -> list[str]:
    """What he was told, in order, an exact copy counted once."""
    calls = out.house.sandbox.recording.of("telegram", "sendMessage")
    said = {repr(c.fields): str(c.fields["text"])[:40] for c in calls if c.fields.get("chat_id") == person.id}
    return list(said.values())


async def end(processes: list[asyncio.subprocess.Process]) -> None:
    for process in processes:
        if process.returncode is None:
            process.terminate()
    for process in processes:
        await asyncio.wait_for(process.wait(), 20)


@pytest.mark.parametrize("duty", ["web", "worker"])
async def test_one_file_is_not_shared_by_several_processes(tmp_path: Path, duty: str, report: Report) -> None:
    async with outside(tmp_path) as out:
        code, told = await out.says(duty)
    assert code == 2
    assert told.strip() == (
        "An SQLite file has one writer, so it cannot be shared by several processes.\n"
        "Use `run`, or set DATABASE_URL to a PostgreSQL database."
    )
    report.row(command=duty, database="SQLite", exit_code=code)


@pytest.mark.slow
async def test_a_stop_finishes_what_is_under_way_within_ten_seconds(tmp_path: Path, report: Report) -> None:
    async with outside(tmp_path) as out:
        await out.starts()
        people = [out.house.sandbox.telegram.person(f"P{n}") for n in range(20)]
        out.house.sandbox.faults.add(Fault("slow", "telegram", "sendMessage", seconds=1.5, times=None))
        for person in people:
            await person.starts()
            await person.types("/help")
        await asyncio.sleep(0.6)
        seconds = await out.stops()
        out.house.sandbox.faults.clear()
        await out.starts()
        await out.quiet()
        assert twice_on_telegram(out.house) == []
        for person in people:
            assert [b.text for b in person.chat if b.from_bot and w("help.title") in b.text]
    assert seconds < 10
    report.row(stop="SIGTERM with 40 messages under way", seconds=round(seconds, 1), lost=0, twice=0)


@pytest.mark.slow
async def test_it_starts_while_both_networks_are_away_and_works_when_they_come_back(
    tmp_path: Path, report: Report
) -> None:
    async with outside(tmp_path) as out:
        out.house.sandbox.faults.away("telegram")
        out.house.sandbox.faults.away("slack")
        began = monotonic()
        await out.starts(wait=False)
        assert '"ready":true' in await answered(f"{out.base}/readyz")
        seconds = monotonic() - began
        assert await answered(f"{out.base}/healthz") == '{"alive":true}'
        assert "aftercare_telegram_up 0.0" in await answered(f"{out.base}/metrics")
        assert "aftercare_slack_up 0.0" in await answered(f"{out.base}/metrics")
        marta = await out.house.arrives("en")
        await asyncio.sleep(1)
        out.house.sandbox.faults.clear()
        await marta.sees(w("menu.report"), timeout=PATIENCE)
        await out.house.sandbox.slack.until_connected(PATIENCE)
        async with asyncio.timeout(PATIENCE):
            while "aftercare_slack_up 1.0" not in await answered(f"{out.base}/metrics"):  # noqa: ASYNC110
                await asyncio.sleep(0.2)
        assert "aftercare_telegram_up 1.0" in await answered(f"{out.base}/metrics")
        assert out.process is not None
        memory = psutil.Process(out.process.pid).memory_info().rss // 2**20
    report.row(start="both networks away", ready_after_seconds=round(seconds, 1), memory_mib=memory)
