"""A table as TOML text, for the tests that change files."""

import json
import re
from datetime import date, time
from decimal import Decimal
from typing import Any

BARE = re.compile(r"[\w-]+")


def toml(table: dict[str, Any], path: str = "") -> str:
    """The text of a table: its plain keys first, then the tables in it."""
    plain = {k: v for k, v in table.items() if not _is_tables(v)}
    text = "".join(f"{_key(key)} = {_value(value)}\n" for key, value in plain.items())
    for key, value in table.items():
        if _is_tables(value):
            name = f"{path}.{_key(key)}" if path else _key(key)
            for entry in value if isinstance(value, list) else [value]:
                head = f"[[{name}]]" if isinstance(value, list) else f"[{name}]"
                text += f"\n{head}\n{toml(entry, name)}"
    return text


def _is_tables(value: Any) -> bool:
    if isinstance(value, dict):
        return True
    return isinstance(value, list) and bool(value) and all(isinstance(entry, dict) for entry in value)


def _key(key: str) -> str:
    return key if BARE.fullmatch(key) else json.dumps(key)


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, int | Decimal):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    return "{ " + ", ".join(f"{_key(k)} = {_value(v)}" for k, v in value.items()) + " }"
