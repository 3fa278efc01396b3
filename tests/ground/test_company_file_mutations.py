"""Company files with a random fault each: every one is refused with its place and its remedy, none with a traceback.

Every change here is a fault by its rule: it breaks a type, a bound, a name, an order or the grammar. Where the rule
does not apply to what chance picked (no date in the file, no name to break), another change is drawn.
"""

import copy
import random
import tomllib
from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

import bot
from bot.company_file.examine import examine
from bot.company_file.reading import CompanyFileFault
from domain.company import Written
from tests.ground.toml_text import toml

SHEETS = Path(__file__).parents[1] / "price_sheets"
FILES = [Path(bot.__file__).parent / "sample" / "company.toml", *sorted(SHEETS.glob("*.toml"))]
FREE = ("zones",)  # tables whose keys are declarations themselves
NAMES = ("work", "grade", "hours", "region", "complexity", "plan", "warranty", "of", "to", "upgrades", "paid_for")
UNIQUE = ("plans", "team", "work", "grades", "regions", "complexities", "warranties", "includes")
NEEDED = {
    "name",
    "currency",
    "time_zone",
    "tariff",
    "text",
    "percent",
    "times",
    "kind",
    "summary",
    "prices",
    "requests",
}
NEEDED_BY = {"key": (*UNIQUE, "hours", "fees", "adjustments"), "minutes": ("promises", "jobs"), "slack": ("team",)}
CODES = {"currency": "EUX", "time_zone": "Europe/Nowhere", "country": "France", "help": "magic", "unit": "moons"}

Place = tuple[Any, int | str]  # a table or list of the file, and where in it
Chance = random.Random


def places(table: Any, inside: str = "") -> Iterator[tuple[str, Any, Any]]:
    """Every (name of the table, table, key) and (name of the list, list, index) of a file."""
    for key in table if isinstance(table, dict) else range(len(table)):
        yield inside, table, key
        if isinstance(table[key], dict | list):
            yield from places(table[key], key if isinstance(key, str) else inside)


def pick(chance: Chance, file: Any, fits: Callable[[str, Any, Any], bool]) -> Place | None:
    """One of the places that fit."""
    found = [(table, key) for name, table, key in places(file) if fits(name, table, key)]
    return chance.choice(found) if found else None


def _number(value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _clock(value: Any) -> bool:
    return isinstance(value, str) and value[:2].isdigit() and value[2:3] == ":"


def wrong_type(chance: Chance, file: Any) -> bool:
    """A number, a truth or a text becomes a table; a table becomes a number."""
    place = pick(chance, file, lambda name, table, key: name not in ("name", "reason"))
    if place is None:
        return False
    table, key = place
    table[key] = 5 if isinstance(table[key], dict) else {"a": {"b": True}}
    return True


def text_for_number(chance: Chance, file: Any) -> bool:
    """An amount is written in words."""
    place = pick(chance, file, lambda name, table, key: _number(table[key]) and key != "zone")
    if place:
        place[0][place[1]] = "a little"
    return place is not None


def negative(chance: Chance, file: Any) -> bool:
    """A number below everything a company can mean."""
    place = pick(chance, file, lambda name, table, key: _number(table[key]) and key != "zone")
    if place:
        place[0][place[1]] = -1_000_000
    return place is not None


def missing(chance: Chance, file: Any) -> bool:
    """A key that must be there is not."""

    def needed(name: str, table: Any, key: Any) -> bool:
        return isinstance(table, dict) and (
            (key in NEEDED and not (key == "name" and name not in ("", "plans", "team")) and name != "counts")
            or name in NEEDED_BY.get(str(key), ())
        )  # fmt: skip

    place = pick(chance, file, needed)
    if place:
        del place[0][place[1]]
    return place is not None


def unknown_key(chance: Chance, file: Any) -> bool:
    """A key nobody knows, or a known one with a slip of the pen."""

    def closed(name: str, table: Any, key: Any) -> bool:
        return isinstance(table, dict) and name not in FREE

    place = pick(chance, file, closed)
    if place is None:
        return False
    table, key = place
    table["xyzzy" if chance.random() < 0.5 else f"{key}_x"] = table[key]
    return True


def unknown_name(chance: Chance, file: Any) -> bool:
    """A rule names what nobody declared."""
    place = pick(chance, file, lambda name, table, key: key in NAMES and isinstance(table[key], str))
    if place:
        place[0][place[1]] = "nobody"
    return place is not None


def bad_time(chance: Chance, file: Any) -> bool:
    """Half past twenty-five."""
    place = pick(chance, file, lambda name, table, key: _clock(table[key]))
    if place:
        place[0][place[1]] = chance.choice(("25:30", "9 o'clock", "08:00-", "12:61", ""))
    return place is not None


def bad_date(chance: Chance, file: Any) -> bool:
    """The thirtieth of February."""
    place = pick(chance, file, lambda name, table, key: isinstance(table[key], date))
    if place:
        place[0][place[1]] = chance.choice(("2026-02-30", "tomorrow", "30/02/2026x"))
    return place is not None


def bad_code(chance: Chance, file: Any) -> bool:
    """A currency, zone or country that is none."""
    place = pick(chance, file, lambda name, table, key: key in CODES)
    if place:
        place[0][place[1]] = CODES[str(place[1])]
    return place is not None


def duplicate(chance: Chance, file: Any) -> bool:
    """The same entry twice, where each must have its own name."""
    place = pick(chance, file, lambda name, table, key: key in UNIQUE and _entries(table[key]))
    if place:
        entries = place[0][place[1]]
        entries.append(copy.deepcopy(chance.choice(entries)))
    return place is not None


def _entries(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def gap(chance: Chance, file: Any) -> bool:
    """No labour rule fits a job of some length."""
    for rule in file["tariff"]["labour"]:
        rule["minutes_up_to"] = 7
        rule.pop("minutes_over", None)
    return True


def nothing(chance: Chance, file: Any) -> bool:
    """A list that must name something is empty."""
    place = pick(chance, file, lambda name, table, key: key in ("labour", "days", "ranges", "prices", "roles", "on"))
    if place:
        place[0][place[1]] = {} if place[1] == "prices" else []
    return place is not None


def wrong_figure(chance: Chance, file: Any) -> bool:
    """A printed total that the rules do not give."""
    example = chance.choice(file["published"])
    key = "total" if "total" in example else "amount"
    example[key] += 1
    return True


CHANGES: tuple[Callable[[Chance, Any], bool], ...] = (
    *(wrong_type, text_for_number, negative, missing, unknown_key, unknown_name, bad_time, bad_date, bad_code),
    *(duplicate, gap, nothing, wrong_figure),
)


def no_equals(chance: Chance, lines: list[str]) -> None:
    """An equals sign is lost."""
    at = chance.choice([n for n, line in enumerate(lines) if " = " in line])
    lines[at] = lines[at].replace(" = ", " ", 1)


def open_quote(chance: Chance, lines: list[str]) -> None:
    """A quote is lost at the end of a text."""
    at = chance.choice([n for n, line in enumerate(lines) if line.endswith('"')])
    lines[at] = lines[at][:-1]


def open_bracket(chance: Chance, lines: list[str]) -> None:
    """A bracket is lost at the end of a heading."""
    at = chance.choice([n for n, line in enumerate(lines) if line.endswith("]")])
    lines[at] = lines[at][:-1]


def twice(chance: Chance, lines: list[str]) -> None:
    """A key is there twice."""
    at = chance.choice([n for n, line in enumerate(lines) if " = " in line and not line.startswith("[")])
    lines.insert(at, lines[at])


def rubbish(chance: Chance, lines: list[str]) -> None:
    """A line that is nothing."""
    lines.insert(chance.randrange(len(lines)), chance.choice(("= =", "per hour 60", "[tariff", "\x00", "key = 08:0")))


GRAMMAR: tuple[Callable[[Chance, list[str]], None], ...] = (no_equals, open_quote, open_bracket, twice, rubbish)


def faulty(chance: Chance) -> tuple[str, str]:
    """A file with one fault, and what was done to it."""
    source = chance.choice(FILES)
    file = tomllib.loads(source.read_text(encoding="utf-8"), parse_float=Decimal)
    if chance.random() < 0.2:
        lines = toml(file).splitlines()
        spoil = chance.choice(GRAMMAR)
        spoil(chance, lines)
        return "\n".join(lines) + "\n", f"{source.stem}: {spoil.__name__}"
    while True:
        change = chance.choice(CHANGES)
        if change(chance, file):
            return toml(file), f"{source.stem}: {change.__name__}"


@pytest.mark.parametrize("part", range(4))
def test_a_file_with_a_fault_is_refused_with_its_place_and_its_remedy(part: int, full: bool, tmp_path: Path) -> None:
    chance = random.Random(f"faults {part}")
    path = tmp_path / "company.toml"
    for number in range(250 if full else 40):
        text, done = faulty(chance)
        path.write_text(text, encoding="utf-8")
        try:
            examine(path)
        except CompanyFileFault as refused:
            for fault in refused.faults:
                assert fault.file == str(path), done
                assert fault.key or fault.line, done
                assert fault.line is None or 1 <= fault.line <= text.count("\n") + 1, done
                assert fault.what, done
                assert fault.remedy, done
                assert "Error" not in fault.what + fault.remedy, done
        else:
            pytest.fail(f"number {number}, {done}, was taken:\n{text}")


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.stem)
def test_without_a_fault_the_same_files_are_taken(file: Path, tmp_path: Path) -> None:
    """What the changes are made to is sound, also when it was written anew."""
    path = tmp_path / "company.toml"
    path.write_text(toml(tomllib.loads(file.read_text(encoding="utf-8"), parse_float=Decimal)), encoding="utf-8")
    anew, before = examine(path).prices, examine(file).prices
    assert anew is not None
    assert before is not None
    assert anew == before.with_written(Written())  # what else it wrote lies beside the sample only
