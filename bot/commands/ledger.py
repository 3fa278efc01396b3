"""`ledger`: every movement of money, for the company's accountant."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import typer
from babel.numbers import get_currency_precision
from sqlalchemy import select

from bot.commands.charges import write
from bot.commands.cli import Json, cli, counted, day, show
from bot.commands.deeds import on_record
from bot.faults import Mistake
from bot.spreadsheet import Cell
from domain.company import Company
from domain.homes import Home
from domain.money import Money
from domain.orders import MONEY, Movement, Order
from domain.receipts import Receipt
from domain.requests import Request
from domain.work import Work

COLUMNS = (
    *(
        "number",
        "at",
        "kind",
        "order",
        "request",
        "home",
        "paid",
        "paid_tax",
        "used",
        "used_tax",
        "currency",
        "receipt",
    ),
    *("against_charge", "decides_about", "telegram_charge", "provider_charge", "payer", "by", "reason"),
)
AMOUNTS = ("paid", "paid_tax", "used", "used_tax")


@cli.command()
def ledger(
    first: Annotated[date | None, typer.Option("--from", parser=day, metavar="DAY", help="The first day.")] = None,
    last: Annotated[date | None, typer.Option("--to", parser=day, metavar="DAY", help="The last day.")] = None,
    csv: Annotated[Path | None, typer.Option("--csv", help="Write them to a new CSV file.")] = None,
    as_json: Json = False,
) -> None:
    """List what was paid, given back and set against charges: one row for each movement, which never changes.

    `paid` sums to the money that came and stayed; `used` is what of it went towards charges; their tax is beside them.
    """
    if csv is not None and csv.exists():
        raise Mistake(f"{csv} is there already; name another file.")
    if first is not None and last is not None and first > last:
        raise Mistake(f"--from {first} is later than --to {last}; exchange them.")
    said = asyncio.run(on_record(lambda work, company: listed(work, company, first, last)))
    if csv is not None:
        write(csv, COLUMNS, [_cells(row) for row in said])
    if as_json:
        show(said)
    elif csv is not None:
        print(f"{csv}: {counted(len(said), 'movement', 'movements')}")
    else:
        for row in said:
            amount = row["paid"] if row["paid"] is not None else row["used"]
            print(f"{row['at'][:10]}  {row['kind']:<9} {row['order'] or '–':<8} {amount:>12} {row['currency']}")
        print(counted(len(said), "movement", "movements"))


def listed(work: Work, company: Company, first: date | None, last: date | None) -> list[dict[str, Any]]:
    """The movements of those days, as the company's own calendar says, oldest first."""
    zone = ZoneInfo(company.time_zone)
    found = select(Movement).order_by(Movement.at, Movement.id)
    if first is not None:
        found = found.where(Movement.at >= _midnight(first, zone))
    if last is not None:
        found = found.where(Movement.at < _midnight(last + timedelta(days=1), zone))
    return [_row(work, movement, zone) for movement in work.session.scalars(found).all()]


def _midnight(on: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(on, time(), zone).astimezone(UTC)


def _row(work: Work, movement: Movement, zone: ZoneInfo) -> dict[str, Any]:
    def amount(minor: int) -> str:
        return f"{Money(minor, movement.currency).amount:.{get_currency_precision(movement.currency)}f}"

    order = work.session.get(Order, movement.order_id) if movement.order_id is not None else None
    request = work.session.get(Request, order.request_id) if order is not None and order.request_id else None
    home = work.session.get(Home, request.home_id) if request is not None and request.home_id is not None else None
    receipt = work.session.scalar(select(Receipt).where(Receipt.movement_id == movement.id))
    money = movement.kind in MONEY
    return {
        "number": movement.id,
        "at": movement.at.astimezone(zone).isoformat(timespec="seconds"),
        "kind": movement.kind.value,
        "order": None if order is None else order.number,
        "request": None if request is None else request.number,
        "home": None if home is None else home.ref,
        "paid": amount(movement.amount_minor) if money else None,
        "paid_tax": amount(movement.tax_minor) if money else None,
        "used": None if money else amount(-movement.amount_minor),
        "used_tax": None if money else amount(-movement.tax_minor),
        "currency": movement.currency,
        "receipt": None if receipt is None else receipt.name,
        "against_charge": movement.charge_id,
        "decides_about": movement.of_id,
        "telegram_charge": movement.charge,
        "provider_charge": movement.provider_charge,
        "payer": movement.payer,
        "by": movement.by,
        "reason": movement.reason,
    }


def _cells(row: dict[str, Any]) -> Sequence[Cell]:
    return [Decimal(row[name]) if name in AMOUNTS and row[name] is not None else row[name] for name in COLUMNS]
