"""The ledger, as an accountant asks for it."""

import csv
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot import schema
from bot.database import sqlite_engine
from domain import orders
from domain.orders import Movement, MovementKind
from domain.work import Work
from tests.ground.test_commands import bot

EVIL = '=HYPERLINK("http://evil.example";"Click")'


@pytest.fixture
def paid(database: str) -> dict[str, str]:
    """Two movements around midnight in Paris, with a reason that would like to be a formula."""
    schema.everything()  # all the tables that a movement points to
    engine = sqlite_engine(database)
    with Session(engine) as session, session.begin():
        for number, (hour, minor) in enumerate(((22, 11000), (23, -2750))):
            work = Work(session, datetime(2026, 3, 1, hour, 30, tzinfo=UTC), "test")
            kind = MovementKind.CHARGED if minor > 0 else MovementKind.CREDITED
            orders.add(work, None, Movement(
                occasion=f"n{number}", kind=kind, amount_minor=minor, currency="EUR", reason=EVIL,
                charge=f"c{number}", payer="-7001",
            ))  # fmt: skip
    engine.dispose()
    return {"database": database}


def test_the_ledger_lists_every_movement_of_its_days(paid: dict[str, str], tmp_path: Path) -> None:
    said = json.loads(bot("ledger", "--json", **paid).stdout)
    assert [(row["kind"], row["paid"], row["used"]) for row in said] == [
        ("charged", "110.00", None),
        ("credited", None, "27.50"),
    ]
    assert [row["at"][:16] for row in said] == ["2026-03-01T23:30", "2026-03-02T00:30"]
    one = json.loads(bot("ledger", "--from", "2026-03-02", "--to", "2026-03-02", "--json", **paid).stdout)
    assert [row["used"] for row in one] == ["27.50"]
    assert "2 movements" in bot("ledger", **paid).stdout


def test_the_csv_is_no_program(paid: dict[str, str], tmp_path: Path) -> None:
    file = tmp_path / "ledger.csv"
    told = bot("ledger", "--from", "2026-03-01", "--to", "2026-03-31", "--csv", str(file), **paid)
    assert (told.returncode, told.stderr) == (0, "")
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8"))))
    assert [row["reason"] for row in rows] == [f"'{EVIL}"] * 2
    assert [row["payer"] for row in rows] == ["'-7001"] * 2
    assert sum(float(row["paid"] or 0) for row in rows) == 110
    assert [(row["used"], row["used_tax"]) for row in rows] == [("", ""), ("27.50", "0.00")]
    assert bot("ledger", "--csv", str(file), **paid).returncode == 2
    assert bot("ledger", "--from", "2026-03-02", "--to", "2026-03-01", **paid).returncode == 2
