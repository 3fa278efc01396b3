"""`python -m sandbox`: the local Telegram and Slack as a process of their own."""

import argparse
import asyncio
import json
import signal
import sys
from pathlib import Path
from typing import Any

from sandbox.server import Sandbox


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address")
    parser.add_argument("--port", type=int, default=8081, help="0 takes any free one")
    parser.add_argument("--clock-file", type=Path, help="the file that holds the offset of the time, in seconds")
    parser.add_argument("--team", type=Path, help='JSON: {"people": […], "users": […], "channels": […]}')
    return parser.parse_args()


def settle(sandbox: Sandbox, team: dict[str, Any]) -> None:
    """Bring in the people of a team file: each entry holds the arguments of `telegram.person`, `slack.user` or
    `slack.channel` by name."""
    for entry in team.get("people", []):
        sandbox.telegram.person(**entry)
    for entry in team.get("users", []):
        sandbox.slack.user(**entry)
    for entry in team.get("channels", []):
        sandbox.slack.channel(**entry)


async def run(given: argparse.Namespace) -> None:
    """Listen until SIGTERM or SIGINT."""
    sandbox = Sandbox(host=given.host, port=given.port, clock_file=given.clock_file)
    if given.team is not None:
        settle(sandbox, json.loads(given.team.read_text()))
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    await sandbox.start()
    sys.stdout.write(f"{sandbox.url}\n")
    sys.stdout.flush()
    await ended.wait()
    await sandbox.stop()


if __name__ == "__main__":
    asyncio.run(run(arguments()))
