"""Import: the CSV files of a company's customers, homes, members, contracts and devices, read and checked whole."""

import csv
import difflib
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.faults import ImportFaults, RowFault
from bot.import_cells import Reader, Wrong
from bot.import_rows import FILES, Column, Contract, Customer, Device, Home, Membership, Parsed, Table
from domain.company import Company

__all__ = ["Contract", "Customer", "Device", "Home", "ImportFaults", "Membership", "Parsed", "RowFault", "parse"]

MOST_BYTES = 64 * 1024 * 1024


@dataclass
class _Sheet:
    """One file as it was read: its good rows with their lines, and the refs of all rows (None: no row was read)."""

    rows: list[tuple[int, Any]] = field(default_factory=list)
    refs: set[str] | None = None


def parse(folder: Path, company: Company) -> Parsed:
    """The rows of the folder's files, or ImportFaults with everything that is wrong with them."""
    faults: list[RowFault] = []
    reader = Reader(company)
    sheets = {table.file: _sheet(folder, table, reader, faults) for table in FILES}
    for table in FILES:
        faults += _dangling(table, sheets)
    faults += _together(sheets)
    faults += _sold(sheets, company)
    if faults:
        order = [table.file for table in FILES]
        raise ImportFaults(sorted(faults, key=lambda f: (order.index(f.file), f.row or 0)))
    return Parsed(*(tuple(row for _, row in sheets[table.file].rows) for table in FILES))


def _sheet(folder: Path, table: Table, reader: Reader, faults: list[RowFault]) -> _Sheet:
    sheet = _Sheet()
    text = _text(folder, table, faults)
    if text is None:
        return sheet
    try:
        heading, rows = _split(text)
    except csv.Error as broken:
        faults.append(_fault(table, None, "", "", f"this is not CSV: {broken}", "save the file as CSV UTF-8 again"))
        return sheet
    columns = _heading(table, heading, faults)
    if columns is None:
        return sheet
    seen: dict[str, int] = {}
    sheet.refs = set()
    for line, cells in rows:
        before = len(faults)
        values = _row(table, columns, line, cells, reader, faults)
        key = "/".join(str(values.get(name, "")) for name in table.key)
        sheet.refs.add(key)
        if key.strip("/") and key in seen:
            faults.append(_fault(table, line, table.key[-1], key, f"“{key}” is already in row {seen[key]}", "keep one"))
        seen.setdefault(key, line)
        if len(faults) == before:
            sheet.rows.append((line, table.kind(**values)))
    return sheet


def _text(folder: Path, table: Table, faults: list[RowFault]) -> str | None:
    path = folder / table.file
    try:
        if path.stat().st_size > MOST_BYTES:
            faults.append(_fault(table, None, "", "", "the file is larger than 64 MB", "split it"))
            return None
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        if not table.optional:
            faults.append(_fault(table, None, "", "", "there is no such file", f"put it into {folder}"))
    except UnicodeDecodeError as wrong:
        line = path.read_bytes()[: wrong.start].count(b"\n") + 1
        faults.append(_fault(table, line, "", "", "this is not UTF-8", "save the file as CSV UTF-8"))
    except IsADirectoryError:
        faults.append(_fault(table, None, "", "", "this is a folder", "put the file there"))
    except OSError as unreadable:
        faults.append(_fault(table, None, "", "", f"it cannot be read: {unreadable.strerror}", "let us read it"))
    return None


def _split(text: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The heading and the numbered rows; a semicolon separates when the heading has more of them than commas."""
    first = text.lstrip("\r\n").partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",")
    rows: list[tuple[int, list[str]]] = []
    line = 1
    for cells in reader:
        if any(cell.strip() for cell in cells):
            rows.append((line, cells))
        line = reader.line_num + 1  # a quoted cell may have run over several lines
    heading = rows[0][1] if rows else []
    return [cell.strip().lower() for cell in heading], rows[1:]


def _heading(table: Table, heading: list[str], faults: list[RowFault]) -> list[Column] | None:
    known = {column.name: column for column in table.columns}
    before = len(faults)
    for name in dict.fromkeys(heading):
        if name not in known:
            near = difflib.get_close_matches(name, list(known), n=1, cutoff=0.6)
            remedy = f"did you mean “{near[0]}”?" if near else f"take it out, or use one of: {', '.join(known)}"
            faults.append(_fault(table, 1, name, name, f"“{name}” is no column we know", remedy))
        elif heading.count(name) > 1:
            faults.append(_fault(table, 1, name, name, f"column “{name}” is there twice", "keep one of them"))
    for column in table.columns:
        if column.required and column.name not in heading:
            reason = f"column “{column.name}” is missing"
            faults.append(_fault(table, 1, column.name, "", reason, "add it to the heading and fill it in"))
    return None if len(faults) > before else [known[name] for name in heading]


def _row(
    table: Table, columns: list[Column], line: int, cells: list[str], reader: Reader, faults: list[RowFault]
) -> dict[str, Any]:
    values: dict[str, Any] = {column.name: None for column in table.columns}
    if len(cells) > len(columns):
        reason = f"{len(cells)} cells, but the heading names {len(columns)} columns"
        faults.append(_fault(table, line, "", "", reason, "put cells with a separator in them in double quotes"))
    for column, cell in zip(columns, [*cells, *[""] * len(columns)], strict=False):
        given = cell.strip()
        try:
            if given:
                values[column.name] = column.read(reader, given)
            elif column.required:
                raise Wrong("it is empty", f"write {column.example}")
        except Wrong as wrong:
            faults.append(_fault(table, line, column.name, given, wrong.reason, wrong.remedy))
    return values


def _dangling(table: Table, sheets: Mapping[str, _Sheet]) -> Iterator[RowFault]:
    for line, row in sheets[table.file].rows:
        for column in table.columns:
            value, refs = getattr(row, column.name), sheets[column.refers].refs if column.refers else None
            if refs is None or value is None or value in refs:
                continue
            near = difflib.get_close_matches(value, refs, n=1, cutoff=0.6)
            hint = f"did you mean “{near[0]}”? " if near else ""
            reason = f"“{value}” is not in {column.refers}"
            yield _fault(table, line, column.name, value, reason, f"{hint}add it there or correct it here")


def _together(sheets: Mapping[str, _Sheet]) -> Iterator[RowFault]:
    """Rules between cells and rows."""
    yield from _ordered(sheets, "contracts.csv", "starts_on", "ends_on", "the contract ends before it starts")
    yield from _ordered(sheets, "devices.csv", "installed_on", "warranty_until", "the warranty ends before it starts")
    yield from _unique(sheets, "customers.csv", "phone", lambda row: row.phone)
    yield from _unique(sheets, "contracts.csv", "home_ref", lambda row: None if row.ends_on else row.home_ref)
    for line, home in sheets["homes.csv"].rows:
        if (home.latitude is None) != (home.longitude is None):
            lacks = "latitude" if home.latitude is None else "longitude"
            table = next(t for t in FILES if t.file == "homes.csv")
            yield _fault(table, line, lacks, "", "one coordinate without the other", "write both or none")


def _sold(sheets: Mapping[str, _Sheet], company: Company) -> Iterator[RowFault]:
    """A plan is paid by a period that it has a price for."""
    for line, row in sheets["contracts.csv"].rows:
        prices = company.plan(row.plan).prices
        if row.period not in prices:
            reason = f"plan “{row.plan}” has no price by the {row.period}"
            yield RowFault("contracts.csv", line, "period", row.period, reason, f"use one of: {', '.join(prices)}")


def _ordered(sheets: Mapping[str, _Sheet], file: str, first: str, last: str, reason: str) -> Iterator[RowFault]:
    for line, row in sheets[file].rows:
        begins, ends = getattr(row, first), getattr(row, last)
        if begins and ends and ends < begins:
            yield RowFault(file, line, last, ends.isoformat(), reason, f"write a day after {begins.isoformat()}")


def _unique(
    sheets: Mapping[str, _Sheet], file: str, column: str, value: Callable[[Any], str | None]
) -> Iterator[RowFault]:
    seen: dict[str, int] = {}
    for line, row in sheets[file].rows:
        given = value(row)
        if given is not None and given in seen:
            reason = f"“{given}” is already in row {seen[given]}" + (
                ": a home has one running contract" if column == "home_ref" else ""
            )
            remedy = "give the older one an ends_on" if column == "home_ref" else "keep one, or correct one of them"
            yield RowFault(file, line, column, given, reason, remedy)
        elif given is not None:
            seen[given] = line


def _fault(table: Table, line: int | None, column: str, value: str, reason: str, remedy: str) -> RowFault:
    return RowFault(table.file, line, column, value, reason, remedy)
