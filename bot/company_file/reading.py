"""The company file: read, checked whole, and every fault told with its line and its remedy."""

import hashlib
import re
import tomllib
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.company_file.beside import read_beside
from bot.company_file.checks import check
from bot.company_file.errors import Place, spelt, told
from bot.company_file.parts import Finding, parts, parts_of
from bot.company_file.place import DEFAULT
from bot.company_file.published import replay
from bot.company_file.toml_lines import lines
from bot.faults import CompanyFileFault, Fault
from domain.company import Company, PriceList

__all__ = ["CompanyFileFault", "Fault", "read", "read_prices"]

SYNTAX = re.compile(r"(?P<what>.*?) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)")
RUNNING = ("channels", "jobs", "team")  # a file with none of these tables is a price list: it prices, but cannot run


def read(path: Path, text: str | None = None) -> Company:
    """The company the file describes, or CompanyFileFault with everything that is wrong with it.

    `text`: what the file says, where it has been looked at before.
    """
    text = text_of(path) if text is None else text
    prices, lacking, _ = sound(path, text)
    if not isinstance(prices, Company):
        raise CompanyFileFault(lacking)
    return prices.from_text(digest(text))


def digest(text: str) -> str:
    """What tells one content of a file from another."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def read_prices(path: Path) -> PriceList:
    """What the file says about prices: a price list is enough."""
    return sound(path)[0]


class Teller:
    """Puts a finding where it stands in the file."""

    def __init__(self, path: Path, where: dict[Place, int]) -> None:
        self.path = path
        self.where = where

    def __call__(self, finding: Finding) -> Fault:
        place = (finding.path[:length] for length in range(len(finding.path), 0, -1))
        line = next((self.where[p] for p in place if p in self.where), 1)
        return Fault(str(self.path), line, spelt(finding.path), finding.what, finding.remedy)


def sound(path: Path, text: str | None = None) -> tuple[PriceList, list[Fault], Teller]:
    """What the file says, what it lacks to run, and who tells where things stand. Raises CompanyFileFault."""
    text = text_of(path) if text is None else text
    raw = _toml(path, text)
    tell = Teller(path, lines(text))
    prices, wrong, lacking = _validated(raw)
    whole = parts_of(prices, raw) if isinstance(prices, Company) else parts(raw)
    findings = [*wrong, *check(whole)]
    if prices is not None and not findings:
        findings += replay(prices)
    if prices is None or findings:
        raise CompanyFileFault(ordered(map(tell, findings)))
    return prices.with_written(read_beside(path, prices.languages)), [tell(finding) for finding in lacking], tell


def _validated(raw: dict[str, Any]) -> tuple[PriceList | None, list[Finding], list[Finding]]:
    """What the file describes; what its tables say wrongly by themselves; what a price list lacks to run."""
    try:
        return Company.model_validate(raw), [], []
    except ValidationError as invalid:
        wrong: list[Finding] = []
        lacking: list[Finding] = []
        for error in invalid.errors():
            place = tuple(part for part in error["loc"] if part != "[key]")
            found = Finding(place, *told(error, place))
            only_to_run = error["type"] == "missing" and len(place) == 1 and _lacks_to_run(raw, place[0])
            (lacking if only_to_run else wrong).append(found)
    if wrong:
        return None, wrong, lacking
    return PriceList.model_validate({k: v for k, v in raw.items() if k in PriceList.model_fields}), [], lacking


def _lacks_to_run(raw: dict[str, Any], key: Any) -> bool:
    field = PriceList.model_fields.get(key)
    return not any(table in raw for table in RUNNING) and (field is None or not field.is_required())


def ordered(faults: Iterable[Fault]) -> list[Fault]:
    """Faults without repetition, as they stand in the file."""
    return sorted(dict.fromkeys(faults), key=lambda fault: fault.line or 0)


def text_of(path: Path) -> str:
    """What the file says, its line ends made equal. Raises CompanyFileFault."""
    try:
        return path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError:
        what, remedy = "there is no such file", "correct its name here, or in COMPANY_FILE"
    except IsADirectoryError:
        what, remedy = "this is a folder", f"name the file in it, for example {path / DEFAULT}"
    except UnicodeDecodeError as wrong:
        what, remedy = f"byte {wrong.start} is not UTF-8", "save the file as UTF-8"
    except OSError as unreadable:
        what, remedy = f"it cannot be read: {unreadable.strerror}", "let the program read it"
    raise CompanyFileFault([Fault(str(path), None, "", what, remedy)])


def _toml(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError as wrong:
        found = SYNTAX.fullmatch(str(wrong))
        what = found["what"] if found else str(wrong)
        line = int(found["line"]) if found and found["line"] else text.count("\n") + 1
        column = int(found["column"]) if found and found["column"] else None
        fault = Fault(
            str(path), line, "", f"this is not TOML: {what[:1].lower() + what[1:]}", _syntax_remedy(what), column
        )
        raise CompanyFileFault([fault]) from None


def _syntax_remedy(what: str) -> str:
    for words, remedy in SYNTAX_REMEDIES:
        if words in what:
            return remedy
    return "write key = value, texts in quotes, tables as [name]"


SYNTAX_REMEDIES = (
    ("Cannot overwrite", "the key is there twice: keep one of them"),
    ("Cannot declare", "the table is there twice: keep one, or write [[name]] for several entries"),
    ("Expected '='", "write an equals sign between key and value"),
    ("Invalid value", 'put texts in quotes: name = "…"; write true and false without'),
    ("Unclosed array", "close the list with ]"),
    ("Unterminated string", "close the text with a quote"),
    ("Illegal character '\\n'", "close the text with a quote on the same line"),
    ("Expected newline", "one key = value a line; close quotes and brackets before it ends"),
    ("Invalid statement", "write key = value, or [table]"),
)
