"""What the accountant sums up: taxes to the cent, days that add up to a month, and a file that no spreadsheet runs."""

import csv
import io
import tempfile
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.commands.charges import write
from bot.commands.ledger import AMOUNTS, COLUMNS, _cells, listed
from bot.database import sqlite_engine
from bot.spreadsheet import DANGEROUS
from domain import bookings, crediting, deciding, orders
from domain.money import Money
from domain.orders import MONEY, Movement, Order
from domain.work import Refusal, Work
from tests.domain.ground import MONDAY
from tests.domain.test_payments_in_any_order import empty
from tests.domain.till import PAID, asked, held, ordered, pays

FORMULAS = '=HYPERLINK("http://evil.example")'
EVIL = st.text(alphabet=st.sampled_from([*DANGEROUS, *"'\" ;,|a1\x00\ufeff\u00a0\x0b"]), max_size=12)
FIRST = date(2026, 3, 2)
# How many minutes the work takes, what goes back in how many parts, how many days pass, whether his bank takes it.
STORY = st.tuples(st.integers(1, 90), st.lists(st.integers(1, 4000), max_size=3), st.integers(0, 5), st.booleans())


def plays(work: Work, number: int, story: tuple[int, list[int], int, bool], reason: str) -> None:
    """Somebody pays, has his visit, and gets back in parts what was too much, or more by way of his bank."""
    minutes, parts, days, bank = story
    wish, marta = asked(work)
    visit = held(work, wish, 24)
    order = ordered(work, visit, wish, marta)
    pays(work, order, f"c{number}")
    work.now = visit.starts_at + timedelta(minutes=30)
    bookings.complete(work, visit, wish, minutes)
    crediting.done(work, visit)
    for cents in parts:
        work.now += timedelta(days=days)
        try:
            deciding.give_back(work, order, Money(cents, "EUR"), reason, disputed=bank)
        except Refusal:
            continue


def sums(rows: list[dict[str, object]]) -> dict[str, Decimal]:
    return {name: sum((Decimal(str(row[name] or 0)) for row in rows), Decimal(0)) for name in AMOUNTS}


@settings(max_examples=settings().max_examples // 4)
@given(st.lists(STORY, min_size=1, max_size=3), EVIL, st.integers(0, 12))
def test_the_columns_sum_to_the_totals_of_any_period(
    stories: list[tuple[int, list[int], int, bool]], reason: str, middle: int
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "record.db"
        file.write_bytes(empty())
        engine = sqlite_engine(f"sqlite:///{file}")
        with Session(engine) as session:
            work = Work(session, MONDAY, "test")
            for number, story in enumerate(stories):
                plays(work, number, story, reason)
            whole = listed(work, PAID, None, None)
            cut = FIRST + timedelta(days=middle)
            parts = listed(work, PAID, None, cut), listed(work, PAID, cut + timedelta(days=1), None)
            assert [*parts[0], *parts[1]] == whole
            assert all(sums(whole)[name] == sums(parts[0])[name] + sums(parts[1])[name] for name in AMOUNTS)
            _is_the_record(session, whole, work)
            _is_no_program(Path(folder) / "ledger.csv", whole)
        engine.dispose()


def _is_the_record(session: Session, rows: list[dict[str, object]], work: Work) -> None:
    """The columns are the movements, and their taxes those of what every order has and has used."""
    moved, told = session.scalars(select(Movement)).all(), sums(rows)
    assert told["paid"] * 100 == sum(m.amount_minor for m in moved if m.kind in MONEY)
    assert told["used"] * 100 == -sum(m.amount_minor for m in moved if m.kind not in MONEY)
    paid_tax = used_tax = 0
    for order in session.scalars(select(Order)):
        paid, left = orders.paid(work, order).minor, orders.left(work, order).minor
        paid_tax += orders.tax_in(order, paid)
        used_tax += orders.tax_in(order, paid - left)
    assert (told["paid_tax"] * 100, told["used_tax"] * 100) == (paid_tax, used_tax)


def _is_no_program(file: Path, rows: list[dict[str, object]]) -> None:
    """No cell begins a formula, wherever a program of another country would begin a cell; amounts are numbers."""
    write(file, COLUMNS, [_cells(row) for row in rows])
    text = file.read_bytes().decode("utf-8")
    read = list(csv.DictReader(io.StringIO(text, newline="")))
    assert sums([dict(row) for row in read]) == sums(rows)
    for row in read:
        for name in set(COLUMNS) - set(AMOUNTS):
            assert row[name].lstrip(" \u00a0\ufeff\"'")[:1] not in tuple(DANGEROUS) or row[name].startswith("'")
    for separator in ";\t|":
        for line in text.splitlines():
            for cell in line.split(separator)[1:]:
                assert cell.lstrip(' "\u00a0\ufeff\x0b')[:1] not in tuple(DANGEROUS), (separator, line)
