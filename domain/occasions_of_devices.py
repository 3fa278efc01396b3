"""The occasions that devices give: a warranty ends, one should be replaced, or brought up to date. Pure."""

from collections.abc import Iterator
from datetime import date, timedelta

from domain.catalogue import Known, find, older
from domain.declared import months_after
from domain.occasions import DAY, EVER, FOREVER, DeviceFacts, HomeFacts, Occasion, Rules, on_days
from domain.prompt_kinds import Kind

OWN = "device"  # the kind of warranty whose last day stands with the device
YEAR = timedelta(days=365)
LATELY = timedelta(days=90)  # so long after the last fault they are a reason
PRESSING = ("faults", "end_of_support", "age", "firmware")  # of several the first goes before


def warranties(facts: HomeFacts, rules: Rules, today: date) -> Iterator[Occasion]:  # noqa: ARG001 (as all of them)
    """They end before long: all that end in one month are one occasion."""
    months: dict[str, list[tuple[date, int | None, str]]] = {}
    for end in _ends(facts, rules):
        months.setdefault(f"{end[0]:%Y-%m}", []).append(end)
    for month, ends in sorted(months.items()):
        ends.sort(key=lambda end: (end[0], end[1] or 0, end[2]))
        told = [{"until": day.isoformat(), "device": device, "kind": kind} for day, device, kind in ends]
        days = (ends[0][0] - timedelta(days=rules.follow.warranty_days), ends[-1][0])
        yield from on_days(Kind.WARRANTY, f"home:{facts.home}", month, days, ends=told)


def _ends(facts: HomeFacts, rules: Rules) -> Iterator[tuple[date, int | None, str]]:
    """The last day of each warranty, by the same rule as `warranties.warranty_for`."""
    for one in rules.warranties:
        for device in facts.devices:
            since = device.installed_on or facts.handed_over_on
            days = [_last(since, one.months)] if one.months is not None and since is not None else []
            days += [device.warranty_until] if one.kind == OWN and device.warranty_until is not None else []
            if days:
                yield max(days), device.id, one.kind
        if one.months is not None and facts.handed_over_on is not None and not facts.devices:
            yield _last(facts.handed_over_on, one.months), None, one.kind


def _last(since: date, months: int) -> date:
    return months_after(since, months) - DAY


def upgrades(facts: HomeFacts, rules: Rules, today: date) -> Iterator[Occasion]:  # noqa: ARG001
    """A device that should be replaced, or brought up to date; never one that somebody sees to already."""
    for device in facts.devices:
        known = find(rules.catalogue, device.brand, device.model)
        if known is None or device.busy:
            continue
        if known.upgrade is not None:
            yield from _faulty(device, rules)
            yield from _unsupported(device, known, rules)
            yield from _aged(device, known)
        if known.update is not None and known.firmware and device.firmware and older(device.firmware, known.firmware):
            told = {"reason": "firmware", "has": device.firmware, "newest": known.firmware}
            which = f"firmware {known.firmware}"[:64]
            yield from on_days(Kind.UPGRADE, f"device:{device.id}", which, (EVER, FOREVER), **told)


def _faulty(device: DeviceFacts, rules: Rules) -> Iterator[Occasion]:
    """So many faults within a year, the last of them lately."""
    many, dates = rules.follow.faults_a_year, sorted(device.faults)
    full = [at for at in range(many - 1, len(dates)) if dates[at] - dates[at - many + 1] < YEAR]
    for place, at in enumerate(full):
        until = dates[at] + LATELY
        if place + 1 < len(full):
            until = min(until, dates[full[place + 1]] - DAY)
        times = sum(1 for day in dates[: at + 1] if dates[at] - day < YEAR)
        told = {"reason": "faults", "times": times, "last": dates[at].isoformat()}
        yield from on_days(Kind.UPGRADE, f"device:{device.id}", "faults", (dates[at], until), **told)


def _unsupported(device: DeviceFacts, known: Known, rules: Rules) -> Iterator[Occasion]:
    if known.end_of_support is not None:
        wanted = known.end_of_support - timedelta(days=rules.follow.upgrade_support_days)
        told = {"reason": "end_of_support", "on": known.end_of_support.isoformat()}
        yield from on_days(Kind.UPGRADE, f"device:{device.id}", "end_of_support", (wanted, FOREVER), **told)


def _aged(device: DeviceFacts, known: Known) -> Iterator[Occasion]:
    if known.life_years is not None and device.installed_on is not None:
        wanted = months_after(device.installed_on, 12 * known.life_years)
        told = {"reason": "age", "installed": device.installed_on.isoformat(), "years": known.life_years}
        yield from on_days(Kind.UPGRADE, f"device:{device.id}", "age", (wanted, FOREVER), **told)


def pressing(occasion: Occasion) -> tuple[int, str]:
    """Of several upgrades the one that matters most goes first."""
    return PRESSING.index(occasion.facts["reason"]), occasion.subject
