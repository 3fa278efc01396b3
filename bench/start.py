"""(a) From `python -m bot run` to the first 200 of /readyz, and what it holds in memory then."""

import asyncio
import contextlib
import tempfile
from pathlib import Path
from time import perf_counter

import aiohttp
import psutil

from bench.tables import middle, show
from tests.proofs.outside import Outside, outside

GOAL_SECONDS, GOAL_MIB = 2.0, 100


async def ready(base: str) -> None:
    async with aiohttp.ClientSession() as session:
        while True:
            with contextlib.suppress(aiohttp.ClientError):
                async with session.get(f"{base}/readyz") as answer:
                    if answer.status == 200:
                        return
            await asyncio.sleep(0.01)


async def once(out: Outside) -> tuple[float, float, float]:
    """Seconds until ready, CPU seconds until then, MiB."""
    began = perf_counter()
    process = await out.spawn("run", PYTHONDONTWRITEBYTECODE="")  # byte code is written, as it is where one installs
    await ready(out.base)
    seconds = perf_counter() - began
    seen = psutil.Process(process.pid)
    used = seen.cpu_times()
    memory = seen.memory_info().rss / 2**20
    process.terminate()
    await process.wait()
    return seconds, used.user + used.system, memory


async def measure(rounds: int) -> None:
    """Print the table."""
    with tempfile.TemporaryDirectory() as folder:
        async with outside(Path(folder)) as out:
            found = [await once(out) for _ in range(rounds + 1)][1:]  # the first one writes the byte code
    seconds, cpu, memory = zip(*found, strict=True)
    rows = [
        ("start → ready, s", f"{middle(seconds):.2f}", f"{max(seconds):.2f}", f"< {GOAL_SECONDS:g}"),
        ("CPU until ready, s", f"{middle(cpu):.2f}", f"{max(cpu):.2f}", ""),
        ("memory when ready, MiB", f"{middle(memory):.0f}", f"{max(memory):.0f}", f"< {GOAL_MIB}"),
    ]
    show("Cold start of `run` (SQLite, both networks on loopback)", ("what", "median", "worst", "goal"), rows)
