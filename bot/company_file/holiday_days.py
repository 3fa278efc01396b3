"""Public holidays, looked up by a process of its own while we start: the library takes 10 MiB, and goes with it."""

import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

from bot.clock import real
from bot.company_file.place import company_path

YEARS = range(-1, 6)  # from last year on: what lies further away is looked up when somebody asks

Answer = list[tuple[str, str | None, int, list[str]]]  # country, subdivision, year, days


def ask() -> "subprocess.Popen[bytes]":
    """Begin to look up the holidays of every place that the company file names."""
    asked = (sys.executable, "-m", "bot.company_file.holiday_days", str(company_path()))
    return subprocess.Popen(asked, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # noqa: S603 (our own)


def answer(asked: "subprocess.Popen[bytes]") -> Answer:
    """What was found; nothing when something is wrong with the file: that is told when it is read."""
    printed, _ = asked.communicate()
    found: Answer = json.loads(printed) if asked.returncode == 0 else []
    return found


def places(raw: Any) -> Iterator[tuple[str, str | None]]:
    """The country and subdivision of every `holidays` table."""
    if isinstance(raw, dict):
        named = raw.get("holidays")
        if isinstance(named, dict) and isinstance(named.get("country"), str):
            yield named["country"], named.get("subdivision")
        for inner in raw.values():
            yield from places(inner)
    elif isinstance(raw, list):
        for inner in raw:
            yield from places(inner)


def main() -> None:
    """Print what a company file needs."""
    raw = tomllib.loads(Path(sys.argv[1]).read_text(encoding="utf-8-sig"))
    named, this = dict.fromkeys(places(raw)), real().year
    found: Answer = []
    for country, subdivision in named:
        library = import_module("holidays")
        for year in (this + more for more in YEARS):
            days = library.country_holidays(country, subdiv=subdivision, years=year)
            found.append((country, subdivision, year, sorted(map(str, days))))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
