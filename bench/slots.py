"""(d) The first eight free slots among many technicians and bookings."""

import random
from datetime import UTC, datetime, timedelta
from itertools import islice
from time import process_time

from bench.tables import middle, p95, show
from bot.company_file import reading
from domain.areas import Area
from domain.company import Company
from domain.slots import cell, free, spread
from tests.house import SAMPLE

BOOKINGS, DAYS, SEED = 10_000, 60, 20260111


def company_of(technicians: int) -> Company:
    """The sample company, grown: its shifts, over and over."""
    company = reading.read(SAMPLE / "company.toml")
    able = [m for m in company.team if m.shifts]
    team = tuple(
        able[n % len(able)].model_copy(update={"key": f"t{n}", "slack": f"U{n}", "skills": tuple(Area)})
        for n in range(technicians)
    )
    return company.model_copy(update={"team": team})


def busy_of(technicians: int, start: datetime) -> dict[str, list[int]]:
    """Where the bookings lie."""
    dice = random.Random(SEED)
    found: dict[str, list[int]] = {f"t{n}": [] for n in range(technicians)}
    for _ in range(BOOKINGS):
        first = cell(start) + dice.randrange(DAYS * 96)
        found[f"t{dice.randrange(technicians)}"] += range(first, first + dice.randint(2, 8))
    return found


def measure(rounds: int) -> None:
    """Print the table."""
    start = datetime(2026, 1, 12, 7, tzinfo=UTC)
    rows = []
    for technicians, goal in ((100, 3.0), (1000, 5.0)):
        company, busy = company_of(technicians), busy_of(technicians, start)
        for days in (7, company.booking.horizon_days):
            window = (start, start + timedelta(days=days))
            near = {who: [c for c in cells if c < cell(window[1])] for who, cells in busy.items()}
            first, some = [], []
            for _ in range(rounds):
                began = process_time()
                list(islice(free(company, Area.SHADES, 90, window, near), 8))
                first.append((process_time() - began) * 1000)
                began = process_time()
                spread(free(company, Area.SHADES, 90, window, near), "Europe/Paris", 8)
                some.append((process_time() - began) * 1000)
            values = (f"{middle(first):.1f}", f"{p95(first):.1f}", f"{middle(some):.1f}")
            rows.append((technicians, days, *values, f"≤ {goal:g}"))
    heads = ("technicians", "days", "first 8, p50", "p95", "8 spread, p50", "goal")
    show(f"Slots with {BOOKINGS} bookings over {DAYS} days, ms of CPU", heads, rows)
