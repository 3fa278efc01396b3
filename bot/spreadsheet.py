"""Spreadsheets: CSV whose text cells no spreadsheet program takes for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from decimal import Decimal

Cell = str | int | Decimal | None

# What begins a formula, or hides its beginning; also in their full-width forms.
DANGEROUS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"


def guarded(cell: Cell) -> Cell:
    """A text that would begin a formula is marked as text; numbers stay numbers."""
    if not isinstance(cell, str):
        return cell
    seen = cell.lstrip(" \u00a0\u3000\ufeff\"'")
    return f"'{cell}" if cell[:1] in tuple(DANGEROUS) or seen[:1] in tuple(DANGEROUS) else cell


def sheet(heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """The file, every text cell guarded."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heading)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return out.getvalue()
