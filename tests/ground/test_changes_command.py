"""`changes`: who changed what and when, for whoever asks afterwards."""

import asyncio
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy.orm import Session
from typer.testing import CliRunner, Result

from bot import schema
from bot.clock import Clock
from bot.commands.changes import changes
from bot.commands.cli import cli
from bot.company_file.reading import read
from bot.database import connect
from domain import company_changes, price_changes
from domain.company_changes import ChangeKind
from domain.price_changes import Wish
from domain.work import Work

SAMPLE = Path("bot/sample/company.toml")
assert changes  # the command is there once its module is


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A record in which the file changed, had a fault, and Marc made visits dearer."""
    address = f"sqlite:///{tmp_path}/aftercare.db"
    schema.migrate(address)
    company = read(SAMPLE)

    def unit(session: Session) -> None:
        work = Work(session, Clock().now(), "test")
        line = {"key": "booking.hold_minutes", "of": None, "before": "15", "after": "20"}
        company_changes.note_file(work, ChangeKind.READ, "a", [line], {"name": "x"})
        fault = {"key": "country", "of": None, "line": 9, "before": "“XX” is no country", "after": "write its ISO code"}
        company_changes.note_file(work, ChangeKind.FAULTY, "b", [fault])
        assert company_changes.note_file(work, ChangeKind.FAULTY, "b", [fault]) is None, "written down once"
        wish = Wish(date(2099, 1, 1), {"labour work=visit per_hour": Decimal(120)}, "New wages")
        with pytest.raises(price_changes.TooFarAway):
            price_changes.enter(work, company, wish, "marc")
        soon = Wish(date(Clock().now().year + 1, 12, 1), wish.amounts, "New wages")
        price_changes.enter(work, company, soon, "marc")

    async def write() -> None:
        database = connect(address)
        await database.write(unit)
        await database.close()

    asyncio.run(write())
    return address


def typed(url: str, *words: str) -> Result:
    """`python -m bot changes …` within this process."""
    return CliRunner().invoke(cli, ["changes", *words], env={"COMPANY_FILE": str(SAMPLE), "DATABASE_URL": url})


def test_the_owner_reads_who_changed_what(url: str) -> None:
    told = typed(url)
    assert told.exit_code == 0, told.output
    assert "marc: prices change from" in told.stdout
    assert "tariff.labour[3].per_hour: 110 → 120" in told.stdout
    assert "9: country: “XX” is no country; write its ISO code" in told.stdout
    assert "booking.hold_minutes: 15 → 20" in told.stdout
    assert told.stdout.endswith("3 changes\n")


def test_a_script_reads_it_the_newest_first(url: str) -> None:
    (newest,) = json.loads(typed(url, "--json", "--last", "1").stdout)
    assert (newest["who"], newest["kind"], newest["what"][0]["after"]) == ("marc", "prices", "120")
