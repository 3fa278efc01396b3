"""Spreadsheets: CSV whose text cells no spreadsheet program takes for a formula."""

import csv
import io
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal

Cell = str | int | Decimal | None

# What begins a formula, or hides its beginning; also in their full-width forms.
DANGEROUS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
# Where another country's spreadsheet program begins a new cell, it does not see our quotation marks.
INNER = re.compile(r"([;,|\t\r\n][\s\"'\ufeff]*)(?=[=+\-@\uff1d\uff0b\uff0d\uff20])")


def guarded(cell: Cell) -> Cell:
    """A text that would begin a formula is marked as text; numbers stay numbers."""
    if not isinstance(cell, str):
        return cell
    seen, safe = cell.lstrip(" \u00a0\u3000\ufeff\"'"), INNER.sub(r"\1'", cell)
    return f"'{safe}" if cell[:1] in tuple(DANGEROUS) or seen[:1] in tuple(DANGEROUS) else safe


def sheet(heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """The file, every text cell guarded."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(heading)
    writer.writerows([guarded(cell) for cell in row] for row in rows)
    return out.getvalue()
