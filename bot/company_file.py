"""The company file: read, checked whole, and every fault told with its line and its remedy."""

import difflib
import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args, get_origin

from pydantic import BaseModel, ValidationError

from bot.company_checks import check, parts
from bot.faults import CompanyFileFault, Fault
from bot.toml_lines import lines
from domain.company import Company

__all__ = ["CompanyFileFault", "Fault", "read"]

Place = tuple[str | int, ...]
SYNTAX = re.compile(r"(?P<what>.*?) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)")


def read(path: Path) -> Company:
    """The company the file describes, or CompanyFileFault with everything that is wrong with it."""
    text = _text(path)
    raw = _toml(path, text)
    where = lines(text)
    faults: list[Fault] = []
    company: Company | None = None
    try:
        company = Company.model_validate(raw)
    except ValidationError as invalid:
        faults += [_fault(path, where, error) for error in invalid.errors()]
    faults += [
        Fault(str(path), _line(where, finding.path), _spelt(finding.path), finding.what, finding.remedy)
        for finding in check(parts(raw))
    ]
    if company is None or faults:
        raise CompanyFileFault(sorted(dict.fromkeys(faults), key=lambda fault: fault.line or 0))
    return company


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    except FileNotFoundError:
        what, remedy = "there is no such file", "name the company file in COMPANY_FILE"
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
        fault = Fault(str(path), line, "", f"this is not TOML: {_lower(what)}", _syntax_remedy(what), column)
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


# ── what pydantic found ──


def _fault(path: Path, where: dict[Place, int], error: Any) -> Fault:
    place = tuple(part for part in error["loc"] if part != "[key]")
    what, remedy = _told(error, place)
    return Fault(str(path), _line(where, place), _spelt(place), what, remedy)


def _told(error: Any, place: Place) -> tuple[str, str]:
    kind, context, given = error["type"], error.get("ctx", {}), error.get("input")
    name = place[-1] if place else ""
    if kind == "missing":
        return _missing(place)
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(str(name), known := _known(place[:-1]), n=1, cutoff=0.6)
        remedy = f"did you mean “{near[0]}”?" if near else f"take it out, or use one of: {', '.join(known)}"
        return f"“{name}” is no key we know here", remedy
    if kind in ("enum", "literal_error"):
        options = re.findall(r"'([^']+)'", context["expected"])
        near = difflib.get_close_matches(str(given), options, n=1, cutoff=0.6)
        hint = f"did you mean “{near[0]}”? " if near else ""
        return f"“{given}” is not possible here", f"{hint}use one of: {', '.join(options)}"
    if kind == "value_error":
        what, _, remedy = str(context["error"]).partition("; ")
        return what, remedy or "correct it"
    if kind == "string_pattern_mismatch":
        return f"{_brief(given)} has the wrong form", FORMS.get(
            context["pattern"], f"it must match {context['pattern']}"
        )
    for words, (what, remedy) in PLAIN.items():
        if kind.startswith(words):
            return what.format(given=_brief(given), **context), remedy.format(**context)
    return f"{_brief(given)} is not possible here", _lower(str(error["msg"]))


FORMS = {
    r"^[a-z0-9][a-z0-9_-]{0,39}$": "small letters, digits, “-” and “_”, 40 at most, beginning with a letter or digit",
    r"^[A-Z]{2}$": "write two capitals, for example FR",
}
PLAIN = {
    "string": ("{given} is not a text", 'write it in quotes: "…"'),
    "greater_than_equal": ("{given} is too small", "write {ge} or more"),
    "greater_than": ("{given} is too small", "write more than {gt}"),
    "less_than_equal": ("{given} is too large", "write {le} or less"),
    "less_than": ("{given} is too large", "write less than {lt}"),
    "multiple_of": ("{given} is not a multiple of {multiple_of}", "write a multiple of {multiple_of}"),
    "too_short": ("this list is too short", "name {min_length} or more"),
    "too_long": ("this list is too long", "name {max_length} or fewer"),
    "missing_argument": ("this list is too short", "write both values"),
    "decimal_max_places": ("{given} has too many decimals", "write {decimal_places} at most"),
    "decimal": ("{given} is not an amount", "write a number like 110 or 79.50, without quotes or currency"),
    "int": ("{given} is not a whole number", "write it in digits, without quotes"),
    "bool": ("{given} is neither true nor false", "write true or false, without quotes"),
    "time": ("{given} is not a time of day", 'write it like "09:30"'),
    "date": ("{given} is not a day", "write it like 2026-12-25, without quotes"),
    "tuple": ("{given} is not a list", "write it in brackets: [ … ]"),
    "model": ("{given} is not a table", "write it as {{ key = value }} or as a [table]"),
    "dict": ("{given} is not a table", "write it as {{ key = value }} or as a [table]"),
}


def _missing(place: Place) -> tuple[str, str]:
    name, table = place[-1], _spelt(place[:-1])
    where = f" in {table}" if table else ""
    if isinstance(name, int):
        return "this list is too short", f"write {name + 1} values"
    if name in ("plans", "jobs", "team"):
        return f"“{name}” is missing", f"add at least one [[{name}]] entry"
    if name in ("channels", "tariff") and not table:
        return f"“{name}” is missing", f"add a [{name}] table"
    return f"“{name}” is missing{where}", f"add {name} = … {f'to {table}' if table else 'at the top of the file'}"


def _known(place: Place) -> list[str]:
    """The keys that may stand in the table at that place."""
    kind: Any = Company
    for part in place:
        if isinstance(part, int) or get_origin(kind) is dict:
            kind = next((a for a in reversed(get_args(kind)) if a is not ...), None)
        else:
            field = kind.model_fields.get(part) if _is_table(kind) else None
            kind = field.annotation if field else None
    return list(kind.model_fields) if _is_table(kind) else []


def _is_table(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def _line(where: dict[Place, int], place: Place) -> int | None:
    return next((where[p] for p in _prefixes(place) if p in where), 1)


def _prefixes(place: Place) -> Iterator[Place]:
    return (place[:length] for length in range(len(place), 0, -1))


def _spelt(place: Place) -> str:
    """`plans[2].name.fr`: entries are counted from 1."""
    parts = (f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in place)
    return "".join(parts).removeprefix(".")


def _brief(given: Any) -> str:
    text = str(given)
    return f"“{text if len(text) <= 40 else text[:39] + '…'}”"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
