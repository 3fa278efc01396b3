"""What the company file says of prices that change on a day: each names a figure of this very file."""

import difflib
from collections.abc import Iterator

from bot.company_file.parts import Finding, Parts, numbered
from domain.figures import DeclaredChange, Figure, amounts_on, changed, figures
from domain.tariff import Labour, Tariff

NAMED = 3  # keys to suggest


def price_changes(sound: Parts) -> Iterator[Finding]:
    """Keys that no figure has, and amounts that contradict each other from a day on."""
    if sound.tariff is None or None in sound.plans:
        return
    plans = tuple(plan for _, plan in numbered(sound.plans))
    known = figures(sound.tariff, plans)
    wrong = list(_unknown(sound, known))
    yield from wrong
    if not wrong:
        yield from _upside_down(sound, sound.tariff, known)


def _unknown(sound: Parts, known: tuple[Figure, ...]) -> Iterator[Finding]:
    keys = [figure.key for figure in known]
    for at, change in numbered(sound.price_changes):
        for key in change.amounts:
            if key not in keys:
                near = difflib.get_close_matches(key, keys, n=NAMED, cutoff=0.6) or keys[:NAMED]
                what = f"there is no amount at “{key}” in this file"
                remedy = f"write its place as `check` does, entries counted from 1, for example {', '.join(near)}"
                yield Finding(("price_changes", at, "amounts", key), what, remedy)


def _upside_down(sound: Parts, tariff: Tariff, known: tuple[Figure, ...]) -> Iterator[Finding]:
    """A cap below the minimum, from a day on."""
    changes = sorted(numbered(sound.price_changes), key=lambda each: each[1].starts)
    for at, change in changes:
        amounts = amounts_on(change.starts, known, _declared(sound), ())
        then, _ = changed(tariff, (), {p: a for p, a in amounts.items() if p[0] == "tariff"})
        for number, (rule, new) in enumerate(zip(tariff.labour, then.labour, strict=True)):
            if _wrong(new) and not _wrong(rule):
                what = f"from {change.starts} on the cap {new.cap} of tariff.labour[{number + 1}] is below its minimum"
                yield Finding(("price_changes", at), f"{what} {new.minimum}", "change both, or correct one of them")
                return


def _declared(sound: Parts) -> list[DeclaredChange]:
    return [change for _, change in numbered(sound.price_changes)]


def _wrong(rule: Labour) -> bool:
    return rule.cap is not None and rule.minimum is not None and rule.cap < rule.minimum
