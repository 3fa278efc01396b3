"""The answer of `slots`: for people, and for scripts."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from bot.commands.slot_search import Asked, Found, find
from domain.company import Company
from domain.pricing import Priced
from domain.slots import Slot


def answer(company: Company, question: dict[str, Any]) -> Found:
    """The times that could be offered. Raises Mistake."""
    return find(company, Asked(**question))


# ── for people ──


def for_people(found: Found) -> list[str]:
    """What was asked, and a line for each time."""
    job, zone = found.job, ZoneInfo(found.window.zone)
    extras = [f"{name} {minutes}" for name, minutes in (("before", job.before), ("after", job.after)) if minutes]
    told = [f"{job.work}, {found.need.area}: {', '.join([f'{job.minutes} minutes', *extras])}, plan {found.plan}"]
    told.append(f"Asked {_clock(found.asked_at, zone)}; times in {found.window.zone}.")
    if not found.record:
        told.append("There is no record at DATABASE_URL: as if nothing were booked and nobody away.")
    if found.visit and found.need.place is None:
        told.append("Without --home: in any region, and no ways are looked at.")
    if found.promised is not None:
        told.append(f"The plan promises help by {_clock(found.promised, zone)}.")
    if found.why_none:
        return [*told, f"No time: {found.why_none}."]
    rows = [
        [_span(found, slot, zone), _who(found, slot), _price(priced), *_promise(found, slot), _why(found, slot)]
        for slot, priced in found.slots
    ]
    wide = [max(map(len, column)) for column in zip(*rows, strict=True)]
    told += ["  " + "  ".join(f"{said:<{wide[at]}}" for at, said in enumerate(row)).rstrip() for row in rows]
    return [*told, f"Days with a time: {', '.join(f'{each:%a %d %b}' for each in found.days)}"]


def _clock(at: datetime, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%a %d %b %H:%M}"


def _span(found: Found, slot: Slot, zone: ZoneInfo) -> str:
    """When it begins, between when and when we arrive, when it ends."""
    arrive = f"–{slot.start.astimezone(zone) + timedelta(minutes=found.job.window):%H:%M}" if found.job.window else ""
    return f"{_clock(slot.start, zone)}{arrive}"


def _who(found: Found, slot: Slot) -> str:
    return " + ".join(found.names[key] for key in slot.people)


def _price(priced: Priced) -> str:
    total, ruling = priced.quote.total, priced.verdict.ruling
    return "included" if ruling == "included" else f"{total.amount} {total.currency}"


def _promise(found: Found, slot: Slot) -> list[str]:
    """Whether it keeps the promise; no word where nothing was promised."""
    kept = found.kept(slot)
    return [] if kept is None else ["kept" if kept else "late"]


def _why(found: Found, slot: Slot) -> str:
    why = slot.why
    if why is None:
        return ""
    said = [f"{why.road} min on the road"] if found.need.place is not None else []
    said += ["knows the home"] if why.knows else []
    said += [f"knows {found.need.brand}"] if why.skilled else []
    return ", ".join([*said, f"{why.load} min booked that day"])


# ── for scripts ──


def for_scripts(company: Company, found: Found) -> dict[str, Any]:
    """The same facts, times with their offset."""
    job, zone = found.job, ZoneInfo(found.window.zone)

    def at(moment: datetime | None) -> str | None:
        return None if moment is None else moment.astimezone(zone).isoformat(timespec="minutes")

    return {
        "work": job.work, "area": found.need.area, "plan": found.plan, "currency": company.currency,
        "minutes": job.minutes, "before": job.before, "after": job.after, "window": job.window,
        "zone": found.window.zone, "asked_at": at(found.asked_at), "promised_until": at(found.promised),
        "from": at(found.window.first), "until": at(found.window.until), "record": found.record,
        "why_none": found.why_none,
        "slots": [
            {
                "start": at(slot.start), "end": at(slot.end),
                "arrival_until": at(slot.start + timedelta(minutes=job.window)),
                "people": list(slot.people), "names": [found.names[key] for key in slot.people],
                "why": _reasons(found, slot), "total": str(priced.quote.total.amount),
                "ruling": priced.verdict.ruling.value, "keeps_promise": found.kept(slot),
            }
            for slot, priced in found.slots
        ],
        "days": [each.isoformat() for each in found.days],
    }  # fmt: skip


def _reasons(found: Found, slot: Slot) -> dict[str, Any] | None:
    """What spoke for who leads; nothing is said of ways where none are needed."""
    why = slot.why
    if why is None:
        return None
    road = None if found.need.place is None else why.road
    return {"road_minutes": road, "knows_home": why.knows, "knows_brand": why.skilled, "booked_minutes": why.load}
