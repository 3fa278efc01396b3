"""The JSON Schema of the company file, made from the model, for editors that complete and check while one writes."""

import inspect
import re
from collections.abc import Iterator
from enum import Enum
from typing import Any, get_args

from pydantic import BaseModel, BeforeValidator

from domain.company import Company, PriceList
from domain.declared import Keys

COMMENT = re.compile(r"^ {4}(\w+): .*?  # (.*)$", re.MULTILINE)
CLOCK = {"type": "string", "pattern": r"^\s*\d\d:\d\d\s*[-–]\s*\d\d:\d\d\s*$"}
RUNNING = ("channels", "jobs", "team")


def schema() -> dict[str, Any]:
    """A price list is enough; a file with one of the tables that running needs must have them all."""
    made = Company.model_json_schema()
    tables = {model.__name__: model for model in models(Company)}
    for name, table in {**made["$defs"], "Company": made}.items():
        if name in tables:
            _explained(table, tables[name])
    whole = made["required"]
    made["required"] = [name for name, field in PriceList.model_fields.items() if field.is_required()]
    made["dependentRequired"] = {table: [name for name in whole if name != table] for table in RUNNING}
    made["title"] = "Company file"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_plain(made)}


def models(kind: Any, seen: set[Any] | None = None) -> Iterator[type[BaseModel]]:
    """The model and every model in its fields."""
    seen = set() if seen is None else seen
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        if kind in seen:
            return
        seen.add(kind)
        yield kind
        for field in kind.model_fields.values():
            yield from models(field.annotation, seen)
    elif not (isinstance(kind, type) and issubclass(kind, Enum)):
        for inner in get_args(kind):
            yield from models(inner, seen)


def _explained(table: dict[str, Any], model: type[BaseModel]) -> None:
    """Each key with the comment that stands beside it in the model; one value where a list of one may be."""
    comments: dict[str, str] = {}
    for ancestor in reversed(model.__mro__):
        if issubclass(ancestor, BaseModel) and ancestor is not BaseModel:
            comments |= dict(COMMENT.findall(inspect.getsource(ancestor)))
    for name, field in model.model_fields.items():
        given = table["properties"][name]
        if any(isinstance(note, BeforeValidator) for note in field.metadata) and given.get("type") == "array":
            table["properties"][name] = given = _one_or_many(given, may_be_number=_is_keys(field.metadata))
        if name in comments:
            given["description"] = comments[name][:1].upper() + comments[name][1:]


def _is_keys(metadata: list[Any]) -> bool:
    return any(note in get_args(Keys) for note in metadata)


def _one_or_many(given: dict[str, Any], *, may_be_number: bool) -> dict[str, Any]:
    rest = {name: value for name, value in given.items() if name not in ("type", "items", "minItems")}
    many = {name: value for name, value in given.items() if name in ("type", "items", "minItems")}
    if "prefixItems" in many["items"]:  # ranges of the day: minutes inside, text in the file
        many["items"] = CLOCK
        rest.pop("default", None)
    number = [{"type": "integer"}] if may_be_number else []
    return {"anyOf": [many, many["items"], *number], **rest}


def _plain(part: Any) -> Any:
    """Without titles that repeat the key; amounts are numbers, and nothing is null in TOML."""
    if isinstance(part, list):
        return [_plain(item) for item in part]
    if not isinstance(part, dict):
        return part
    found = {k: _plain(v) for k, v in part.items() if not (k == "title" and isinstance(v, str) and v != "Company file")}
    if "default" in found and found["default"] is None:
        del found["default"]
    options = found.get("anyOf")
    if isinstance(options, list):
        numeric = any(o.get("type") == "number" for o in options)
        kept = [o for o in options if o.get("type") != "null" and not (numeric and o.get("type") == "string")]
        del found["anyOf"]
        found = {**found, **kept[0]} if len(kept) == 1 else {**found, "anyOf": kept}
    return found
