"""What big libraries know, looked up by a process of its own while we start: they take 12 MiB, and go with it."""

import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

from bot.clock import real
from bot.company_file.place import company_path

YEARS = range(-1, 6)  # from last year on: what lies further away is looked up when somebody asks


def ask(path: Path | None = None) -> "subprocess.Popen[bytes]":
    """Begin to look up what the company file needs: its holidays, and whether its phone number can be one."""
    asked = (sys.executable, "-m", "bot.company_file.beforehand", str(path or company_path()))
    return subprocess.Popen(asked, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)  # noqa: S603 (our own)


def learn(asked: "subprocess.Popen[bytes]") -> None:
    """Take over what was found; nothing when something is wrong with the file: that is told when it is read."""
    printed, _ = asked.communicate()
    if asked.returncode:
        return
    found = json.loads(printed)
    for country, subdivision, year, days in found["holidays"]:
        import_module("domain.working_time").learn(country, subdivision, year, frozenset(map(date.fromisoformat, days)))
    import_module("domain.phones").learn(*found["phone"])


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


def holidays(raw: Any) -> Iterator[tuple[str, str | None, int, list[str]]]:
    """Country, subdivision, year and days."""
    named, this = dict.fromkeys(places(raw)), real().year
    for country, subdivision in named:
        library = import_module("holidays")
        for year in (this + more for more in YEARS):
            days = library.country_holidays(country, subdiv=subdivision, years=year)
            yield country, subdivision, year, sorted(map(str, days))


def main() -> None:
    """Print what a company file needs."""
    raw = tomllib.loads(Path(sys.argv[1]).read_text(encoding="utf-8-sig"))
    phone, country = str(raw.get("phone", "")), str(raw.get("country", ""))
    verdict = import_module("domain.phones").judged(phone, country)
    print(json.dumps({"holidays": list(holidays(raw)), "phone": (phone, country, verdict)}))


if __name__ == "__main__":
    main()
