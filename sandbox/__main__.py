"""`python -m sandbox`: the local Telegram and Slack as a process of their own, with their page at `/`."""

import argparse
import asyncio
import json
import signal
import sys
from pathlib import Path

from sandbox.control import Control
from sandbox.server import Sandbox


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1", help="a loopback address")
    parser.add_argument("--port", type=int, default=8081, help="0 takes any free one")
    parser.add_argument("--clock-file", type=Path, help="the file that holds the offset of the time, in seconds")
    parser.add_argument("--team", type=Path, help='JSON: {"people": […], "users": […], "channels": […], …}')
    parser.add_argument("--feed", help="the address that tells what happened inside the product")
    parser.add_argument("--feed-token", help="the token to ask it with")
    return parser.parse_args()


async def run(given: argparse.Namespace) -> None:
    """Listen until SIGTERM or SIGINT."""
    sandbox = Sandbox(host=given.host, port=given.port, clock_file=given.clock_file)
    team = None if given.team is None else json.loads(given.team.read_text(encoding="utf-8"))
    control = Control(sandbox, team=team, feed=given.feed, feed_token=given.feed_token)
    sandbox.extra_routes += control.routes()
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
