"""What a table of the company file says wrongly by itself, told so that its writer can mend it."""

import difflib
import re
from typing import Any, get_args, get_origin

from pydantic import BaseModel

from domain.company import Company

Place = tuple[str | int, ...]


def told(error: Any, place: Place, root: type[BaseModel] = Company) -> tuple[str, str]:
    """What is wrong, and its remedy. `root`: the table that the place begins in."""
    kind, context, given = error["type"], error.get("ctx", {}), error.get("input")
    name = place[-1] if place else ""
    if kind == "missing":
        return _missing(place)
    if kind == "extra_forbidden":
        near = difflib.get_close_matches(str(name), known := _known(place[:-1], root), n=1, cutoff=0.6)
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
    "datetime": ("{given} is not a moment", "write it like 2026-07-14T20:00"),
    "date": ("{given} is not a day", "write it like 2026-12-25, without quotes"),
    "tuple": ("{given} is not a list", "write it in brackets: [ … ]"),
    "model": ("{given} is not a table", "write it as {{ key = value }} or as a [table]"),
    "dict": ("{given} is not a table", "write it as {{ key = value }} or as a [table]"),
}


def _missing(place: Place) -> tuple[str, str]:
    name, table = place[-1], spelt(place[:-1])
    where = f" in {table}" if table else ""
    if isinstance(name, int):
        return "this list is too short", f"write {name + 1} values"
    if name in ("plans", "jobs", "team"):
        return f"“{name}” is missing", f"add at least one [[{name}]] entry"
    if name == "tariff" and not table:
        return f"“{name}” is missing", "add at least one [[tariff.labour]] entry"
    if name == "channels" and not table:
        return f"“{name}” is missing", f"add a [{name}] table"
    return f"“{name}” is missing{where}", f"add {name} = … {f'to {table}' if table else 'at the top of the file'}"


def _known(place: Place, root: type[BaseModel]) -> list[str]:
    """The keys that may stand in the table at that place."""
    kind: Any = root
    for part in place:
        if isinstance(part, int) or get_origin(kind) is dict:
            kind = next((a for a in reversed(get_args(kind)) if a is not ...), None)
        else:
            field = kind.model_fields.get(part) if _is_table(kind) else None
            kind = field.annotation if field else None
    return list(kind.model_fields) if _is_table(kind) else []


def _is_table(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, BaseModel)


def spelt(place: Place) -> str:
    """`plans[2].name.fr`: entries are counted from 1."""
    parts = (f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in place)
    return "".join(parts).removeprefix(".")


def _brief(given: Any) -> str:
    text = str(given)
    return f"“{text if len(text) <= 40 else text[:39] + '…'}”"


def _lower(text: str) -> str:
    return text[:1].lower() + text[1:]
