"""The company file while the program runs: read anew when it changes, whole or not at all, and said to the team."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from bot import schema, settings
from bot.clock import Clock
from bot.company_file.reading import digest, read
from bot.company_watch import CompanyWatch
from bot.database import connect
from bot.outbox import Parcel, outbox
from domain.company import Company
from domain.company_changes import ChangeKind, CompanyChange
from domain.differing import differences
from sandbox.slack.seen import Post
from tests.house import House, open_house
from tests.journey.ground import arrives_in_english, books, reports, w
from tests.journey.test_prices import SAMPLE_FILE, euros
from tests.journey.test_prices_from_a_date import price_of_a_visit

DEARER = (  # with the printed examples
    ("per_hour = 110", "per_hour = 120"),
    ("total = 110\n", "total = 120\n"),
    ("total = 206.25", "total = 225"),
    ("total = 99", "total = 108"),
)


def file_of(house: House) -> Path:
    """The company file the house runs with."""
    return Path(house.environment["COMPANY_FILE"])


def edits(house: House, *changes: tuple[str, str]) -> None:
    """Somebody changes words of the company file and saves it."""
    text = file_of(house).read_text()
    for before, after in changes:
        assert before in text
        text = text.replace(before, after, 1)
    saves(file_of(house), text)


def saves(file: Path, text: str) -> None:
    """As editors do: a new file takes the place of the old one."""
    fresh = file.with_suffix(".new")
    fresh.write_text(text)
    fresh.replace(file)


async def reads(house: House, fragment: str) -> Post:
    """The team reads something in the channel for trouble."""
    return await house.team["marc"].sees("#trouble", fragment)


def in_trouble(house: House) -> list[Post]:
    """All that stands in the channel for trouble."""
    return house.team["marc"].posts("#trouble")


async def beats(seconds: float = 1.5) -> None:
    """Time for several looks at the file."""
    await asyncio.sleep(seconds)


async def test_a_new_price_holds_within_seconds_and_the_team_reads_it(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        james = await arrives_in_english(house, "C008")
        await reports(house, james, "The door does not open", "access")
        assert price_of_a_visit(james).endswith(euros("135"))
        edits(house, *DEARER, ('name = "Ana Ruiz"', 'name = "Ana Ruiz-Soler"'), ("talk_hours = 12", "talk_hours = 6"))
        told = await reads(house, w("company.read.now"))
        assert f"{euros('110')} → {euros('120')}" in told.text, "the price in words"
        assert "Ana Ruiz-Soler" in told.text
        assert "talk_hours" in told.text
        assert "12 → 6" in told.text
        await reports(house, james, "Another door does not open", "access")
        assert price_of_a_visit(james).endswith(euros("145"))


async def test_faults_are_told_once_and_the_old_company_goes_on(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        before = house.app.company if house.app else None
        good = file_of(house).read_text()
        saves(file_of(house), good.replace("per_hour = 110", "per_hour = -5", 1))
        told = await reads(house, w("company.faulty"))
        assert "tariff.labour[3].per_hour" in told.text, "which key, and where"
        assert "brisk.toml:" in told.text
        assert house.app is not None
        assert house.app.company is before, "the one from before goes on"
        saves(file_of(house), good.replace("per_hour = 110", "per_hour = -5  # hm", 1))
        await beats()
        assert len(in_trouble(house)) == 1, "the same fault is not told again"
        saves(file_of(house), good)
        await reads(house, w("company.read.mended"))
        assert [p.text for p in in_trouble(house)][1:], "and that it is mended"


async def test_a_file_that_is_not_there_is_told_like_a_fault(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        good = file_of(house).read_text()
        file_of(house).unlink()
        await reads(house, "there is no such file")
        saves(file_of(house), good)
        await reads(house, w("company.read.mended"))


async def test_what_people_count_on_stays_until_somebody_says_so(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        james = await arrives_in_english(house, "C008")
        await reports(house, james, "The door does not open", "access")
        await books(house, james)
        assert house.app is not None
        before, good = house.app.company, file_of(house).read_text()
        team = good.index('[[team]]\nkey = "paolo"')
        without_paolo = good[:team] + good[good.index('[[team]]\nkey = "ines"') :]
        changed = without_paolo.replace('currency = "EUR"', 'currency = "CHF"')
        saves(file_of(house), changed.replace('time_zone = "Europe/Paris"', 'time_zone = "Europe/London"', 1))
        told = await reads(house, w("company.refused"))
        assert w("company.stays.currency", name="EUR") in told.text
        assert w("company.stays.time_zone", name="Europe/Paris") in told.text
        assert "Paolo Ferri: 1 appointment is still to come" in told.text
        assert house.app.company is before


async def test_a_plan_that_contracts_have_and_a_language_people_speak_are_not_taken_away(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        await house.arrives("fr")
        await house.quiet()
        good = file_of(house).read_text()
        plan, after = good.index('[[plans]]\nkey = "signature"'), good.index("# ── jobs")
        sold = good[:plan] + good[after:]
        sold = sold.replace('upgrades = "signature"', "").replace('next_invoice = ["signature"]', "")
        at = sold.index('[[published]]\ntext = "Signature by')
        sold = sold[:at] + sold[sold.index("# ── team") :]
        saves(file_of(house), sold.replace('languages = ["en", "fr", "es", "it"]', 'languages = ["en", "es", "it"]'))
        told = await reads(house, w("company.refused"))
        assert "The plan “signature”" in told.text
        assert "The language “fr”" in told.text


# ── the watch by itself: what is still being written, several processes, a stop in between ──


class Rooms:
    """A process with nothing but its company and the watch."""

    def __init__(self, file: Path, url: str, owner: str) -> None:
        self.company, self.told = read(file), list[Parcel]()
        self.database = connect(url)
        rooms = (lambda: self.company, self._put)
        self.watch = CompanyWatch(file, self.database, Clock(), rooms, owner=owner, committed=self.told.extend)

    async def _put(self, company: Company) -> None:
        self.company = company


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A company file of the test's own."""
    file = tmp_path / "company.toml"
    file.write_text(SAMPLE_FILE)
    return file


@pytest.fixture
def url(database_url: str) -> str:
    """A migrated database."""
    address = settings.database_url(database_url)
    schema.migrate(address)
    return address


async def log_of(rooms: Rooms) -> list[Any]:
    """What the log says, and how much was told."""

    def unit(session: Session) -> list[Any]:
        found = session.scalars(select(CompanyChange).order_by(CompanyChange.id)).all()
        return [(row.kind, [line["key"] for line in row.what]) for row in found]

    said: list[Any] = await rooms.database.read(unit)
    return said


async def messages_of(rooms: Rooms) -> int:
    """How many messages wait to leave."""
    rows: int = await rooms.database.read(lambda session: len(session.execute(select(outbox.c.id)).all()))
    return rows


async def test_what_an_editor_still_writes_does_not_count(file: Path, url: str) -> None:
    one = Rooms(file, url, "one")
    await one.watch.begin()
    whole = SAMPLE_FILE.replace("undo_seconds = 5", "undo_seconds = 9")
    for part in (whole[:900], whole[:5000], whole):
        saves(file, part)
        await one.watch.beat()
    assert one.company.desk.undo_seconds == 5, "seen once only"
    await one.watch.beat()
    assert one.company.desk.undo_seconds == 9
    assert await log_of(one) == [(ChangeKind.READ, []), (ChangeKind.READ, ["desk.undo_seconds"])]
    await one.database.close()


async def test_of_two_processes_one_tells_and_both_follow(file: Path, url: str) -> None:
    one, two = Rooms(file, url, "one"), Rooms(file, url, "two")
    for rooms in (one, two):
        await rooms.watch.begin()
    saves(file, SAMPLE_FILE.replace("undo_seconds = 5", "undo_seconds = 9"))
    for _ in range(2):
        await asyncio.gather(one.watch.beat(), two.watch.beat())
    assert (one.company.desk.undo_seconds, two.company.desk.undo_seconds) == (9, 9)
    assert await messages_of(one) == 1
    saves(file, SAMPLE_FILE)  # and back again: that is told, too
    for _ in range(2):
        await asyncio.gather(one.watch.beat(), two.watch.beat())
    assert (one.company.desk.undo_seconds, two.company.desk.undo_seconds) == (5, 5)
    assert await messages_of(one) == 2
    for rooms in (one, two):
        await rooms.database.close()


async def test_what_changed_while_the_program_was_stopped_is_told_when_it_starts(file: Path, url: str) -> None:
    one = Rooms(file, url, "one")
    await one.watch.begin()
    assert await messages_of(one) == 0, "the first start is no news"
    saves(file, SAMPLE_FILE.replace("hold_minutes = 15", "hold_minutes = 20"))
    again = Rooms(file, url, "again")
    await again.watch.begin()
    await again.watch.begin()
    assert await log_of(again) == [(ChangeKind.READ, []), (ChangeKind.READ, ["booking.hold_minutes"])]
    assert await messages_of(again) == 1
    for rooms in (one, again):
        await rooms.database.close()


async def test_what_could_not_be_written_down_is_tried_again(file: Path, url: str) -> None:
    one = Rooms(file, url, "one")
    await one.watch.begin()
    saves(file, SAMPLE_FILE.replace("undo_seconds = 5", "undo_seconds = 9"))
    await one.watch.beat()
    await one.database.write(lambda session: session.execute(text("ALTER TABLE company_changes RENAME TO aside")))
    with pytest.raises(DBAPIError):
        await one.watch.beat()
    assert one.company.desk.undo_seconds == 5, "nothing is obeyed that is not written down"
    await one.database.write(lambda session: session.execute(text("ALTER TABLE aside RENAME TO company_changes")))
    await one.watch.beat()
    assert one.company.desk.undo_seconds == 9
    await one.database.close()


# ── what is different ──


def keys(before: str, after: str) -> list[tuple[str, str | None, str | None]]:
    """What two texts of a company file say differently."""
    dumps = []
    for said in (before, after):
        dumps.append(read(Path("company.toml"), said).model_dump(mode="json"))
    return [(d.key, d.before, d.after) for d in differences(*dumps)]


def test_remarks_and_other_ways_to_write_the_same_are_no_difference() -> None:
    assert keys(SAMPLE_FILE, SAMPLE_FILE.replace("per_hour = 110", "per_hour = 110.00") + "\n# a remark\n") == []
    assert digest("a") != digest("b")


def test_an_entry_that_moves_is_the_same_entry() -> None:
    extra = '[[tariff.labour]]\nwork = "visit"\nbrand = "Velamar"\nper_hour = 95\n\n'
    first = SAMPLE_FILE.index('[[tariff.labour]]\nwork = "visit"')
    after = SAMPLE_FILE[:first] + extra + SAMPLE_FILE[first:]
    assert keys(SAMPLE_FILE, after) == [("tariff.labour[2]", None, "")]
    assert keys(after, SAMPLE_FILE) == [("tariff.labour[2]", "", None)]


def test_who_joins_and_leaves_is_named() -> None:
    lena = SAMPLE_FILE.index('[[team]]\nkey = "lena"')
    assert keys(SAMPLE_FILE, SAMPLE_FILE[:lena]) == [("team[7]", "", None)]
    assert keys(SAMPLE_FILE[:lena], SAMPLE_FILE) == [("team[7]", None, "")]
