"""The published JSON Schemas made precise: unions told apart by type, and the limits that stand in their prose."""

import copy
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

from jsonschema import Draft7Validator, validators
from jsonschema.exceptions import ValidationError

from sandbox.slack.state import Json

DATA = Path(__file__).parents[1] / "data" / "slack"
LENGTH = re.compile(r"max(?:imum)?\.?\s+(?:length|of)[^.]*?\b(?:of|is)?\s*([\d,]+)\s*characters", re.I)
MINIMUM = re.compile(r"minimum length is 1\b", re.I)
ITEM_LENGTH = re.compile(r"length for the text in each item is ([\d,]+) characters", re.I)
ITEMS = re.compile(
    r"(?:maximum number of (?:items|options|option groups) is|maximum of|max of|array of up to|maximum)\s+(\d+)"
    r"(?=\.|\s+(?:elements|options|blocks|items|rows|cards|\{@link))",
    re.I,
)


def _number(text: str) -> int:
    return int(text.replace(",", ""))


@cache
def definitions(name: str) -> Json:
    """The definitions of one schema file, made precise."""
    loaded: Json = json.loads((DATA / f"{name}.json").read_text())["definitions"]
    for definition in list(loaded.values()):
        _limit(definition)
    unopened = copy.deepcopy(loaded)
    for definition in list(loaded.values()):
        _tell_apart(definition, unopened)
    return loaded


@cache
def methods(name: str) -> tuple[dict[str, list[Json]], list[frozenset[str]]]:
    """The fields of one method's arguments with all schemas each may follow, and the sets of required fields."""
    known = definitions(name)
    fields: dict[str, list[Json]] = {}
    required = []
    waiting = [known[name]]
    while waiting:
        branch = waiting.pop()
        if "$ref" in branch:
            waiting.append(known[unquote(branch["$ref"].removeprefix("#/definitions/"))])
        waiting += branch.get("anyOf", [])
        if "properties" in branch:
            required.append(frozenset(branch.get("required", ())))
            for field, rule in branch["properties"].items():
                fields.setdefault(field, []).append(rule)
    return fields, required


@cache
def field_validator(name: str, field: str) -> Any:
    rules = methods(name)[0][field]
    distinct = list({json.dumps(r, sort_keys=True): r for r in rules}.values())
    rule = distinct[0] if len(distinct) == 1 else {"anyOf": distinct}
    return Checker({"allOf": [rule], "definitions": definitions(name)})


def field_faults(name: str, field: str, value: Any) -> list[str]:
    """What one field of a method's arguments gets wrong."""
    return list(dict.fromkeys(f"{field}: {_said(e)}" for e in field_validator(name, field).iter_errors(value)))


def exists(name: str) -> bool:
    return (DATA / f"{name}.json").exists()


@cache
def validator(name: str, definition: str) -> Any:
    return Checker({"$ref": f"#/definitions/{quote(definition)}", "definitions": definitions(name)})


def faults(name: str, definition: str, value: Any) -> list[str]:
    """What the schema finds wrong with the value, each with the place where it is."""
    return list(dict.fromkeys(_said(error) for error in validator(name, definition).iter_errors(value)))


def _said(error: ValidationError) -> str:
    if error.validator in ("anyOf", "oneOf") and error.context:
        branches: dict[Any, list[ValidationError]] = {}
        for inner in error.context:
            branches.setdefault(inner.schema_path[0], []).append(inner)
        return _said(min(branches.values(), key=len)[0])  # the branch it fits best says what is missing
    place = "/".join(str(p) for p in error.absolute_path)
    what = error.message[:300]
    if error.validator in ("maxLength", "maxItems"):
        unit = "characters" if error.validator == "maxLength" else "items"
        what = f"{len(error.instance)} {unit}, at most {error.validator_value} are allowed"
    return f"{place + ': ' if place else ''}{what}"


def _limit(node: Any) -> None:
    """Turn the lengths that the descriptions name into rules."""
    if isinstance(node, list):
        for part in node:
            _limit(part)
        return
    if not isinstance(node, dict):
        return
    for name, schema in list(node.get("properties", {}).items()):
        if isinstance(schema, dict) and isinstance(schema.get("description"), str):
            node["properties"][name] = _limited(schema, " ".join(schema["description"].split()))
    for value in node.values():
        _limit(value)


def _limited(schema: Json, description: str) -> Json:
    length = LENGTH.search(description)
    if schema.get("type") == "string":
        least = {"minLength": 1} if MINIMUM.search(description) else {}
        return schema | least | ({"maxLength": _number(length[1])} if length else {})
    if schema.get("type") == "array":
        schema = dict(schema)
        if items := ITEMS.search(description):
            schema["maxItems"] = int(items[1])
        if each := ITEM_LENGTH.search(description):
            schema["items"] = _text_at_most(schema["items"], _number(each[1]))
        return schema
    if length and ("$ref" in schema or "anyOf" in schema):
        return _text_at_most(schema, _number(length[1]))
    return schema


def _text_at_most(schema: Json, length: int) -> Json:
    """A text object of at most this many characters (a `$ref` must stand alone in draft 7)."""
    bare = {key: value for key, value in schema.items() if key != "description"}
    return {"allOf": [bare, {"properties": {"text": {"maxLength": length}}}]}


def _tell_apart(node: Any, known: Json) -> None:
    """Replace unions of typed objects by the keyword `byType`, so that an error names the real fault."""
    if isinstance(node, list):
        for part in node:
            _tell_apart(part, known)
        return
    if not isinstance(node, dict):
        return
    if isinstance(node.get("anyOf"), list):
        _split(node, known)
    for value in node.values():
        _tell_apart(value, known)


def _split(node: Json, known: Json) -> None:
    branches = _branches(node["anyOf"], known)
    marks = [_mark(known.get(b, {})) for b in branches] if branches else []
    if not branches or None in marks or len(set(marks)) < len(marks):
        return
    refs = {mark: f"#/definitions/{quote(b)}" for b, mark in zip(branches, marks, strict=True) if mark}
    del node["anyOf"]
    node["type"] = "object"
    node["byType"] = {kind if subtype is None else f"{kind}/{subtype}": ref for (kind, subtype), ref in refs.items()}


def _by_type(checker: Any, refs: dict[str, str], value: Any, _: Any) -> Iterator[ValidationError]:
    """The keyword that stands for a union of typed objects: one look-up instead of a try of every branch."""
    if not isinstance(value, dict):
        return
    kind, subtype = value.get("type"), value.get("subtype")
    ref = refs.get(f"{kind}/{subtype}") if subtype else refs.get(str(kind))
    if ref is None:
        known = sorted({r.split("/")[0] for r in refs})
        if kind in known:
            yield ValidationError(f"{subtype!r} is no subtype of {kind!r}", path=["subtype"])
        else:
            yield ValidationError(f"{kind!r} is not one of {known}", path=["type"])
        return
    yield from checker.descend(value, {"$ref": ref})


Checker: Any = validators.extend(Draft7Validator, {"byType": _by_type})


def _branches(union: list[Json], known: Json) -> list[str] | None:
    """The typed definitions a union names, unions inside it opened; None when it is not such a union."""
    found: list[str] = []
    for branch in union:
        name = str(branch.get("$ref", "")).removeprefix("#/definitions/")
        definition = known.get(name)
        if name == "Block":  # the bare form every block also has: it tells nothing
            continue
        if definition is None:
            return None
        if _mark(definition) is not None:
            found.append(name)
        elif isinstance(definition.get("anyOf"), list) and (inner := _branches(definition["anyOf"], known)):
            found += inner
        else:
            return None
    return list(dict.fromkeys(found))


def _mark(definition: Json) -> tuple[str, str | None] | None:
    """The type (and subtype) by which a value is known to be of this definition."""
    if isinstance(definition.get("anyOf"), list) and all("properties" in b for b in definition["anyOf"]):
        marks = {_mark(b) for b in definition["anyOf"]}
        return marks.pop() if len(marks) == 1 else None
    properties = definition.get("properties", {})
    kind, subtype = properties.get("type", {}).get("const"), properties.get("subtype", {}).get("const")
    return (kind, subtype) if isinstance(kind, str) else None
