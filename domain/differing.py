"""What two company files say differently: key by key, each where it stands. Pure.

Entries that have a key of their own are the same entry wherever they stand; of the others those that are equal are,
and what is left is compared in order.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal, InvalidOperation
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any

import msgspec

from domain.figures import Place, spelt


class Difference(msgspec.Struct, frozen=True):
    """One key: what it said before and what it says now; nothing where it is not there."""

    place: Place  # where it stands now; what is gone, where it stood
    of: str | None  # the key of the entry it is in, where that has one
    before: str | None
    after: str | None

    @property
    def key(self) -> str:
        """The place as it is written."""
        return spelt(self.place)


def differences(before: Any, after: Any) -> list[Difference]:
    """All of them, in the order of the newer file. Both as JSON says them."""
    return list(_differ((), None, before, after))


def _differ(place: Place, of: str | None, before: Any, after: Any) -> Iterator[Difference]:
    if isinstance(before, dict) and isinstance(after, dict):
        for name in dict.fromkeys((*after, *before)):
            yield from _differ((*place, name), of, before.get(name), after.get(name))
    elif _entries(before) and _entries(after) and (before or after):
        yield from _of_lists(place, of, before, after)
    elif not _same(before, after):
        yield Difference(place, of, _said(before), _said(after))


def _entries(given: Any) -> bool:
    return isinstance(given, list) and all(isinstance(entry, dict) for entry in given)


def _of_lists(place: Place, of: str | None, before: list[Any], after: list[Any]) -> Iterator[Difference]:
    old, new = _keyed(before), _keyed(after)
    if old is None or new is None:
        yield from _in_order(place, of, before, after)
        return
    for name in dict.fromkeys((*new, *old)):
        at = new.get(name, old.get(name, 0))
        if name in old and name in new:
            yield from _differ((*place, at), name, before[old[name]], after[at])
        else:
            yield _whole((*place, at), name, there=name in new)
    kept = [name for name in old if name in new]
    if kept != [name for name in new if name in old]:
        yield Difference(place, of, ", ".join(old), ", ".join(new))


def _keyed(entries: Sequence[dict[str, Any]]) -> dict[str, int] | None:
    """Where each entry stands by its key; nothing when they have none, or two the same."""
    keys = [entry.get("key") for entry in entries]
    named = {key: at for at, key in enumerate(keys) if isinstance(key, str)}
    return named if len(named) == len(entries) else None


def _in_order(place: Place, of: str | None, before: list[Any], after: list[Any]) -> Iterator[Difference]:
    old_texts, new_texts = list(map(repr, before)), list(map(repr, after))
    for tag, a, b, c, d in SequenceMatcher(None, old_texts, new_texts, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        for old, new in zip_longest(range(a, b), range(c, d)):
            if old is not None and new is not None:
                yield from _differ((*place, new), of, before[old], after[new])
            else:
                yield _whole((*place, old if new is None else new), of, there=new is not None)


def _whole(place: Place, of: str | None, *, there: bool) -> Difference:
    """A whole entry that is new, or gone."""
    return Difference(place, of, None if there else "", "" if there else None)


def _same(before: Any, after: Any) -> bool:
    """Whether two values mean the same: 110 and 110.00 do."""
    if before == after:
        return True
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        return all(map(_same, before, after))
    try:
        return Decimal(before) == Decimal(after)
    except (InvalidOperation, TypeError, ValueError):
        return False


def _said(value: Any) -> str | None:
    """A value in a line."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return ", ".join(_said(part) or "" for part in value)
    if isinstance(value, dict):
        return ", ".join(f"{name} = {_said(part)}" for name, part in value.items() if part is not None)
    return str(value)
