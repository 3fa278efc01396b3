"""The published Bot API as data: does a value have the shape that the specification gives it?"""

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).parent.parent / "data" / "telegram-bot-api.json"
MULTIPART_ONLY = "InputFile"
LIST = "Array of "
LENGTHS = re.compile(r"(\d+)-(\d+) (characters|bytes)")
CONSTANT = re.compile(r"(?:always|must be) [\"“*]?(\w+)")
DISCRIMINATORS = ("type", "status", "source")
PRIMITIVES: dict[str, tuple[type, ...]] = {
    "String": (str,),
    "Integer": (int,),
    "Float": (float, int),
    "Boolean": (bool,),
}


@cache
def spec() -> dict[str, Any]:
    """The specification as published (read once)."""
    loaded: dict[str, Any] = json.loads(FILE.read_text())
    return loaded


@cache
def method_names() -> dict[str, str]:
    """Lower case → the name as published; Telegram does not mind the case."""
    return {name.lower(): name for name in spec()["methods"]}


@cache
def fields_of(kind: str, name: str) -> dict[str, dict[str, Any]]:
    """The fields of a type (`types`) or method (`methods`) by name."""
    return {f["name"]: f for f in spec()[kind][name].get("fields", [])}


def units(text: str) -> int:
    """Length as Telegram counts it: UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def of_type(value: Any, wanted: str, at: str) -> list[str]:
    """What is wrong with `value` as a `wanted`; `at` says where it stands."""
    if wanted.startswith(LIST):
        if not isinstance(value, list):
            return [f"{at}: {wanted} expected, not {shown(value)}"]
        return [p for i, item in enumerate(value) for p in of_type(item, wanted.removeprefix(LIST), f"{at}[{i}]")]
    if wanted in PRIMITIVES:
        good = isinstance(value, PRIMITIVES[wanted]) and (wanted == "Boolean" or not isinstance(value, bool))
        return [] if good else [f"{at}: {wanted} expected, not {shown(value)}"]
    if wanted == MULTIPART_ONLY:
        attached = isinstance(value, str) and value.startswith("attach://")
        return [] if attached else [f"{at}: a file must be uploaded as a part of the form"]
    if "subtypes" in spec()["types"][wanted]:
        return of_any(value, spec()["types"][wanted]["subtypes"], at)
    if not isinstance(value, dict):
        return [f"{at}: {wanted} expected, not {shown(value)}"]
    return of_fields(value, fields_of("types", wanted), f"{at}")


def of_any(value: Any, wanted: list[str], at: str) -> list[str]:
    """What is wrong when the value may be one of several types: the complaint of the type that fits best."""
    if len(wanted) > 1 and isinstance(value, list) and all(name.startswith(LIST) for name in wanted):
        # an album may mix what the specification lists as arrays of one kind each
        kinds = [name.removeprefix(LIST) for name in wanted]
        return [p for i, item in enumerate(value) for p in of_any(item, kinds, f"{at}[{i}]")]
    worst: list[str] | None = None
    for name in wanted:
        found = of_type(value, name, at)
        if not found:
            return []
        if says_to_be(value, name):
            return found
        if worst is None or len(found) < len(worst):
            worst = found
    if len(wanted) > 1 and not isinstance(value, dict | list):
        return [f"{at}: {' or '.join(wanted)} expected, not {shown(value)}"]
    return of_unknown_kind(value, wanted, at) or worst or []


def of_unknown_kind(value: Any, wanted: list[str], at: str) -> list[str]:
    """The complaint about a field such as `type` that names none of the types which differ by it."""
    if not isinstance(value, dict) or any(name not in spec()["types"] for name in wanted):
        return []
    for key in DISCRIMINATORS:
        fields = [fields_of("types", name).get(key) for name in wanted]
        known = [constant_of(f["description"]) for f in fields if f is not None]
        if len(known) == len(wanted) > 1 and value.get(key) not in known:
            return [f"{at}.{key}: {value.get(key)!r} is none of {', '.join(map(str, known))}"]
    return []


def says_to_be(value: Any, name: str) -> bool:
    """True when a field such as `type` names this very type."""
    if not isinstance(value, dict) or name not in spec()["types"]:
        return False
    fields = fields_of("types", name)
    return any(
        key in fields and value.get(key) == constant_of(fields[key]["description"]) is not None
        for key in DISCRIMINATORS
        if key in value
    )


@cache
def constant_of(description: str) -> str | None:
    """The only word a field may hold, when its description names one."""
    found = CONSTANT.search(description)
    return found[1] if found else None


@cache
def length_of(description: str) -> tuple[int, int, bool] | None:
    """(least, most, counted in bytes) when a description limits a text that is not parsed first."""
    found = LENGTHS.search(description)
    if found is None or "entities parsing" in description or "entity parsing" in description:
        return None
    return int(found[1]), int(found[2]), found[3] == "bytes"


def of_fields(value: dict[str, Any], fields: dict[str, dict[str, Any]], at: str) -> list[str]:
    """Unknown, missing and misshapen fields."""
    where = f"{at}." if at else ""
    problems = [f"{where}{name}: no such field" for name in value if name not in fields]
    problems += [f"{where}{n}: missing" for n, f in fields.items() if f["required"] and n not in value]
    for name in value.keys() & fields.keys():
        found = of_field(value[name], fields[name], where + name)
        problems += found
    return problems


def of_field(value: Any, field: dict[str, Any], at: str) -> list[str]:
    found = of_any(value, field["types"], at)
    if found or not isinstance(value, str):
        return found
    constant = constant_of(field["description"]) if field["name"] in DISCRIMINATORS else None
    if constant is not None and value != constant:
        return [f"{at}: {constant!r} expected, not {value!r}"]
    limits = length_of(field["description"])
    if limits is None:
        return []
    least, most, in_bytes = limits
    length = len(value.encode()) if in_bytes else units(value)
    if least <= length <= most:
        return []
    return [f"{at}: {length} {'bytes' if in_bytes else 'characters'}, {least} to {most} are allowed"]


def shown(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= 60 else text[:57] + "..."
