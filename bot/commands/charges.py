"""`charges`: what homes owe, for the company's accounting."""

import asyncio
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

import typer
from babel.numbers import get_currency_precision
from sqlalchemy import select

from bot.commands.cli import Json, cli, counted, day, show
from bot.commands.deeds import on_record
from bot.faults import Mistake
from bot.spreadsheet import Cell, sheet
from domain import charges as record
from domain.charges import Charge
from domain.company import Company
from domain.contract_life import roll_all
from domain.contracts import Contract
from domain.homes import Home
from domain.money import Money
from domain.requests import FIRST_NUMBER
from domain.work import Work

COLUMNS = (
    *("number", "due_on", "kind", "home", "contract", "request", "net", "tax", "amount", "currency", "tax_rates"),
    *("covers_from", "covers_to", "about", "written_at", "exported_at"),
)
AMOUNTS = ("net", "tax", "amount")


@cli.command()
def charges(
    first: Annotated[date | None, typer.Option("--from", parser=day, metavar="DAY", help="The first day.")] = None,
    last: Annotated[date | None, typer.Option("--to", parser=day, metavar="DAY", help="The last day.")] = None,
    csv: Annotated[Path | None, typer.Option("--csv", help="Write them to a new CSV file.")] = None,
    mark_exported: Annotated[
        bool, typer.Option("--mark-exported", help="Only those the accounting has not got yet; note that it has now.")
    ] = False,
    as_json: Json = False,
) -> None:
    """List what is due; periods of contracts that nobody has charged yet are charged first, up to today."""
    if csv is not None and csv.exists():
        raise Mistake(f"{csv} is there already; name another file.")
    if first is not None and last is not None and first > last:
        raise Mistake(f"--from {first} is later than --to {last}; exchange them.")

    def deed(work: Work, company: Company) -> list[dict[str, Any]]:
        roll_all(work, company)
        found = record.listed(work, first, last, fresh=mark_exported)
        if mark_exported:
            record.mark_exported(work, found)
        said = _said(work, found)
        if csv is not None:
            # Before the commit: a file that cannot be written leaves them unmarked.
            write(csv, COLUMNS, [[_cell(name, row[name]) for name in COLUMNS] for row in said])
        return said

    said = asyncio.run(on_record(deed))
    if as_json:
        show(said)
    elif csv is not None:
        print(f"{csv}: {counted(len(said), 'charge', 'charges')}")
    else:
        for row in said:
            print(f"{row['due_on']}  {row['kind']:<12} {row['home'] or '–':<8} {row['amount']:>12} {row['currency']}")
        print(counted(len(said), "charge", "charges"))


def write(file: Path, columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write a new CSV file, safe to open; a place where nobody may write is a mistake that is told."""
    try:
        file.write_text(sheet(columns, rows), encoding="utf-8", newline="")
    except OSError as wrong:
        raise Mistake(
            f"{file} cannot be written: {wrong.strerror}; name a file in a folder that we may write to."
        ) from wrong


def _cell(name: str, value: Any) -> Cell:
    if name in AMOUNTS:
        return Decimal(value)  # a credit begins with a minus, and is no formula
    if isinstance(value, list):
        return "; ".join(f"{rate['percent']}%: {rate['amount']}" for rate in value)
    if isinstance(value, dict):
        return ", ".join(f"{name} {said}" for name, said in value.items())
    return value if value is None or isinstance(value, int) else str(value)


def _said(work: Work, found: list[Charge]) -> list[dict[str, Any]]:
    homes = {row.id: row.ref for row in work.session.execute(select(Home.id, Home.ref))}
    contracts = {row.id: row.ref for row in work.session.execute(select(Contract.id, Contract.ref))}
    return [_row(charge, homes, contracts) for charge in found]


def _row(charge: Charge, homes: dict[int, str], contracts: dict[int, str]) -> dict[str, Any]:
    def amount(minor: int) -> str:
        return f"{Money(minor, charge.currency).amount:.{get_currency_precision(charge.currency)}f}"

    days = {"due_on": charge.due_on, "covers_from": charge.covers_from, "covers_to": charge.covers_to}
    moments = {"written_at": charge.written_at, "exported_at": charge.exported_at}
    return {
        "number": charge.id,
        "kind": charge.kind.value,
        "home": homes.get(charge.home_id or 0),
        "contract": contracts.get(charge.contract_id or 0),
        "request": None if charge.request_id is None else str(FIRST_NUMBER + charge.request_id),
        "net": amount(charge.amount_minor - charge.tax_minor),
        "tax": amount(charge.tax_minor),
        "amount": amount(charge.amount_minor),
        "currency": charge.currency,
        "tax_rates": [
            {"percent": rate["percent"], "amount": amount(rate["amount"]["minor"])} for rate in charge.tax_rates
        ],
        "about": charge.words["values"],
        **{name: None if at is None else at.isoformat() for name, at in {**days, **moments}.items()},
    }
