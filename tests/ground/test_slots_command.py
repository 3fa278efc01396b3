"""An operator asks which times could be offered, to try his company file out or to answer on the phone: `slots`."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session
from typer.testing import CliRunner, Result

from bot.commands.cli import cli
from bot.commands.slots import slots
from bot.company_file.reading import read
from domain.areas import Area
from domain.calendar import CalendarEntry, EntryKind
from domain.need import Need
from domain.occupancy import Attendance
from domain.offering import window_of
from domain.rota import cell
from domain.slots import Search
from domain.spreading import few
from tests.ground.test_commands import SAMPLE, bot

assert slots  # the command is there once its module is

MONDAY = ("--from", "2026-03-02T10:00")
AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
GUIDE = Path("docs/operator.md").read_text(encoding="utf-8")
NOWHERE = "sqlite:////nowhere/aftercare.db"


@pytest.fixture
def record(with_sample: str) -> str:
    """A record with the sample's homes."""
    return with_sample


def typed(*words: str, record: str = NOWHERE, company: Path = SAMPLE / "company.toml") -> Result:
    """`python -m bot slots …` within this process."""
    return CliRunner().invoke(cli, ["slots", *words], env={"COMPANY_FILE": str(company), "DATABASE_URL": record})


def asked(*words: str, **where: Any) -> dict[str, Any]:
    """The answer of `slots … --json`."""
    result = typed(*words, "--json", **where)
    assert result.exit_code == 0, result.output
    told: dict[str, Any] = json.loads(result.stdout)
    return told


def write(record: str, *made: Any) -> None:
    """Somebody of the team has written that down."""
    engine = create_engine(record)
    with Session(engine) as session, session.begin():
        session.add_all(made)
    engine.dispose()


def visit(number: int, who: str, home: int, start: datetime, minutes: int) -> Attendance:
    """Somebody is booked for a home."""
    first = cell(start)
    return Attendance(
        booking_id=number, request_id=number, technician=who, first=first, until=first + minutes // 15,
        home_id=home, lead=True,
    )  # fmt: skip


def starts(told: dict[str, Any]) -> list[str]:
    return [slot["start"] for slot in told["slots"]]


# ── without a record ──


def test_without_a_record_it_says_so_and_offers_what_the_chat_would_offer_to_nobody_yet() -> None:
    told = asked("--work", "visit", "--area", "shades", *MONDAY, "--count", "5")
    company = read(SAMPLE / "company.toml")
    [job] = [job for job in company.offered(Area.SHADES) if job.work == "visit"]
    search = Search(company, Need(area=Area.SHADES, minutes=90, after=15), AT, lambda _: {})
    few_ = few(search, window_of(company, job, AT, "Europe/Paris"), 5)
    assert [datetime.fromisoformat(start) for start in starts(told)] == [slot.start for slot in few_]
    assert [slot["people"] for slot in told["slots"]] == [list(slot.people) for slot in few_]
    assert (told["record"], told["plan"], told["promised_until"]) == (False, "none", None)
    said = typed("--work", "visit", "--area", "shades", *MONDAY).stdout
    assert "There is no record at DATABASE_URL" in said
    assert "no ways are looked at" in said
    assert not Path("/nowhere").exists()


def test_a_job_for_two_names_both_with_the_price_of_both() -> None:
    told = asked("--work", "visit", "--area", "power", *MONDAY, "--count", "1")
    [slot] = told["slots"]
    assert slot == {
        "start": "2026-03-03T09:15+01:00",
        "end": "2026-03-03T10:45+01:00",
        "arrival_until": "2026-03-03T11:15+01:00",
        "people": ["tom", "ines"],
        "names": ["Tom Keller", "Inès Moreau"],
        "why": {"road_minutes": None, "knows_home": False, "knows_brand": False, "booked_minutes": 0},
        "total": "375.00",  # 90 minutes at 140 and at 110
        "ruling": "not_included",
        "keeps_promise": None,
    }
    assert (told["minutes"], told["before"], told["after"], told["window"]) == (90, 15, 15, 120)
    said = typed("--work", "visit", "--area", "power", *MONDAY).stdout
    assert "Tom Keller + Inès Moreau    375.00 EUR" in said
    assert "Tue 03 Mar 09:15–11:15" in said


def test_only_evenings_of_a_day_each_start_with_the_price_of_its_hours() -> None:
    where = ("--work", "visit", "--area", "lighting", *MONDAY, "--day", "2026-03-05", "--evenings", "--all")
    told = asked(*where)
    assert [(s["start"][11:16], s["people"], s["total"]) for s in told["slots"]] == [
        ("18:00", ["ana"], "110.00"),
        ("18:15", ["ana"], "123.75"),  # what is after seven costs half as much again
        ("18:30", ["ana"], "137.50"),
        ("18:45", ["ana"], "151.25"),
        ("19:00", ["ana"], "165.00"),
        ("19:15", ["ana"], "165.00"),
        ("19:30", ["ana"], "165.00"),
        ("19:45", ["ana"], "165.00"),
    ]
    assert told["days"][:2] == ["2026-03-02", "2026-03-04"]  # in Tenerife they work late, too


def test_what_is_reserved_is_offered_to_who_cannot_wait() -> None:
    where = ("--work", "visit", "--area", "security", *MONDAY, "--day", "2026-03-06", "--all")
    usual, urgent = (asked(*where, *more) for more in ((), ("--urgency", "high")))
    assert "paolo" in str(urgent["slots"])
    late = [slot["start"][11:16] for slot in urgent["slots"] if slot["people"] == ["paolo"]][-1]
    assert late == "14:45"  # two hours, and a quarter to clear up: until five
    assert "14:45" not in [slot["start"][11:16] for slot in usual["slots"] if slot["people"] == ["paolo"]]


def test_a_plan_by_its_name_promises_and_its_allowance_pays() -> None:
    told = asked("--work", "visit", "--area", "shades", "--plan", "Signature", "--urgency", "high", *MONDAY)
    assert told["promised_until"] == "2026-03-03T10:00+01:00"  # eleven working hours
    assert [slot["keeps_promise"] for slot in told["slots"]] == [True, True, True, False]
    assert {slot["ruling"] for slot in told["slots"]} == {"included"}
    said = typed("--work", "visit", "--area", "shades", "--plan", "Signature", "--urgency", "high", *MONDAY).stdout
    assert "The plan promises help by Tue 03 Mar 10:00." in said
    assert "included  kept" in said
    assert "included  late" in said


# ── with a record ──


def test_a_home_brings_its_place_its_plan_and_its_clock(record: str) -> None:
    told = asked("--work", "visit", "--area", "lighting", "--home", "H009", *MONDAY, record=record)
    assert (told["record"], told["zone"], told["plan"]) == (True, "Atlantic/Canary", "signature")
    assert starts(told)[0] == "2026-03-02T11:00+00:00"
    assert {who for slot in told["slots"] for who in slot["people"]} == {"yaiza"}
    assert told["slots"][0]["why"]["road_minutes"] == 30
    assert told["slots"][0]["ruling"] == "included"


def test_who_knows_the_brand_comes_before_who_is_as_near(record: str) -> None:
    told = asked("--work", "visit", "--area", "shades", "--home", "H001", "--brand", "Velamar", *MONDAY, record=record)
    [ana] = [slot for slot in told["slots"] if slot["start"] == "2026-03-03T09:00+01:00"]
    assert (ana["people"], ana["why"]["knows_brand"]) == (["ana"], True)
    words = ("--work", "visit", "--area", "shades", "--home", "H001", "--brand", "Velamar", *MONDAY)
    assert "min on the road, knows Velamar" in typed(*words, record=record).stdout


def test_what_is_booked_or_closed_is_not_offered_and_who_has_been_there_is_known(record: str) -> None:
    where = ("--work", "visit", "--area", "lighting", "--home", "H009", *MONDAY, "--day", "2026-03-04", "--all")
    before = starts(asked(*where, record=record))
    assert "2026-03-04T10:00+00:00" in before
    write(
        record,
        visit(1, "yaiza", 9, AT - timedelta(days=9), 60),
        visit(2, "yaiza", 10, datetime(2026, 3, 4, 10, tzinfo=UTC), 75),
    )
    after = asked(*where, record=record)
    # What begins at nine would still be cleared up at ten; and it is a quarter of an hour from one home to the other.
    gone = [start[11:16] for start in before if start not in starts(after)]
    assert gone == "08:45 09:00 09:15 09:30 09:45 10:00 10:15 10:30 10:45 11:00 11:15".split()
    assert all(slot["why"]["knows_home"] and slot["why"]["booked_minutes"] == 75 for slot in after["slots"])
    closed = CalendarEntry(
        kind=EntryKind.CLOSED, technician=None, starts_at=AT, ends_at=AT + timedelta(days=4), reason="",
        entered_by="marc", entered_at=AT,
    )  # fmt: skip
    write(record, closed)
    none = asked(*where, record=record)
    assert none["slots"] == []
    assert "nobody who could come is free then" in none["why_none"]
    assert none["days"][0] == "2026-03-06"


def test_looking_changes_nothing(record: str) -> None:
    file = Path(record.removeprefix("sqlite:///"))
    before = file.read_bytes()
    asked("--work", "visit", "--home", "H001", *MONDAY, record=record)
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--area", "power", "--plan", "essential"), "the plan excludes it: nobody comes"),
        (("--area", "lighting", "--brand", "Unheard"), None),
        (("--area", "security", "--brand", "Unheard", "--home", "H001"), "nobody of the team has the skill"),
        (("--area", "power", "--home", "H009"), "nobody of the team has the skill"),
        (("--area", "shades", "--day", "2026-03-01"), "nobody who could come is free then"),
        (("--area", "shades", "--day", "2027-03-01"), "nobody who could come is free then"),
    ],
)
def test_why_there_is_no_time_is_told(words: tuple[str, ...], why: str | None, record: str) -> None:
    told = asked("--work", "visit", *MONDAY, *words, record=record)
    assert (told["why_none"] is None) == (why is None)
    assert bool(told["slots"]) == (why is None)
    if why is not None:
        assert why in told["why_none"]
        assert f"No time: {told['why_none']}." in typed("--work", "visit", *MONDAY, *words, record=record).stdout


@pytest.mark.parametrize("number", [0, 1])
def test_the_operators_guide_shows_what_it_really_says(number: int, record: str) -> None:
    """The first example is of a home in the record, the second of a company without one."""
    shown = GUIDE.split("$ python -m bot slots ")[1 + number].split("```")[0]
    words, _, output = shown.partition("\n")
    assert typed(*words.split(), record=(record, NOWHERE)[number]).stdout == output


# ── slips ──


@pytest.mark.parametrize(
    ("words", "what"),
    [
        ((), "Add --work: one of remote, visit"),
        (("--work", "vist"), "did you mean “visit”?"),
        (("--work", "workshop"), "--work: “workshop” is not booked for “other”; use one of: remote, visit"),
        (("--work", "visit", "--area", "shdes"), "did you mean “shades”?"),
        (("--work", "visit", "--plan", "gold"), "there is no plan “gold”"),
        (("--work", "visit", "--urgency", "now"), "use one of: emergency, high, normal, low"),
        (("--work", "visit", "--from", "2026-03-02"), "--from: “2026-03-02” is not a moment"),
        (("--work", "visit", "--day", "0001-01-01"), "--day: 0001-01-01 is too far away"),
        (("--work", "visit", "--home", "H001"), "--home: there is no record to look it up in"),
    ],
)
def test_a_slip_is_told_with_its_remedy(words: tuple[str, ...], what: str) -> None:
    result = typed(*words)
    assert (result.exit_code, result.stdout) == (2, "")
    assert what in result.stderr
    told = typed(*words, "--json")
    assert told.exit_code == 2
    assert what in " ".join(json.loads(told.stdout)["error"]["faults"])


def test_a_home_nobody_knows_and_a_database_without_tables_are_told(record: str, tmp_path: Path) -> None:
    assert "no home with the reference H099" in typed("--work", "visit", "--home", "H099", record=record).stderr
    (tmp_path / "empty.db").write_bytes(b"")
    told = typed("--work", "visit", record=f"sqlite:///{tmp_path}/empty.db")
    assert told.exit_code == 2
    assert "has no tables yet (`migrate`)" in told.stderr


@pytest.mark.parametrize(("option", "what"), [("--day", "is no day"), ("--count", "Invalid value for")])
def test_an_option_that_cannot_be_is_told(option: str, what: str) -> None:
    result = typed("--work", "visit", option, "0")
    assert result.exit_code == 2
    assert what in " ".join(result.stderr.split())


def test_a_price_list_cannot_offer_times(tmp_path: Path) -> None:
    result = bot("slots", "--work", "visit", database=NOWHERE, company=Path("tests/price_sheets/fr_av.toml"))
    assert result.returncode == 2
    assert "“team” is missing" in result.stderr


def test_a_slip_is_told_before_the_database_library_is_loaded() -> None:
    code = "import sys, bot.commands.slots; print([m for m in ('sqlalchemy', 'handlers') if m in sys.modules])"
    done = subprocess.run(
        (sys.executable, "-c", code), capture_output=True, text=True, env=dict(os.environ), check=True
    )
    assert done.stdout.strip() == "[]"


def test_the_help_says_every_option() -> None:
    told = bot("slots", "--help", database=NOWHERE).stdout
    for option in ("work", "area", "home", "plan", "brand", "urgency", "from", "day", "evenings", "count", "all"):
        assert f"--{option}" in told
