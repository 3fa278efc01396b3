"""(e) A price: judged, written line by line and totalled."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from time import process_time

from bench.tables import middle, p95, show
from bot.company_file import reading
from domain.areas import Area
from domain.cases import Case, Crew
from domain.company import Company
from domain.coverage import Balance
from domain.money import Money
from domain.plans import Plan
from domain.pricing import Priced, price
from domain.tariff import Tariff
from tests.house import SAMPLE

ZONE = "Europe/Paris"
SUNDAY = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # the night has an hour more

RICH = {
    "grades": [{"key": "technician"}, {"key": "programmer"}, {"key": "junior"}],
    "regions": [{"key": "south", "factor": "1.15"}],
    "complexities": [{"key": "villa", "factor": "1.25"}],
    "hours": [
        {"key": "feast", "days": ["mon"], "holidays": "only"},
        {"key": "working", "days": ["mon", "tue", "wed", "thu", "fri"], "ranges": ["08:00-12:00", "13:30-18:00"]},
        {"key": "saturday", "days": "sat", "ranges": "09:00-17:00"},
        {"key": "evening", "ranges": "18:00-22:00", "holidays": "also"},
    ],
    "holidays": {"country": "FR"},
    "labour": [
        *({"work": "visit", "brand": f"brand{n}", "grade": "programmer", "per_hour": 100 + n} for n in range(20)),
        {"grade": "junior", "per_hour": 45, "step": 30},
        {"hours": ["outside", "evening"], "base": 395, "base_minutes": 60, "per_hour": 195, "step": 15, "cap": 2500},
        {"base": 90, "base_minutes": 60, "step": 15, "minimum": 120,
         "bands": [{"up_to": 120, "per_hour": 110}, {"up_to": 240, "per_hour": 100}, {"per_hour": 90}]},
    ],
    "fees": [
        *({"key": "callout", "area": "power", "minutes_over": 30 * n, "amount": n + 1} for n in range(10)),
        {"key": "callout", "amount": 35, "per": "person"},
        {"key": "urgent", "notice_under_hours": 24, "amount": 60},
    ],
    "travel": [{"bands": [{"up_to_km": 35, "price": 0}, {"price": 110}], "ways": 2, "per_hour": 40, "step": 15}],
    "adjustments": [
        {"key": "night", "hours": "outside", "percent": 50, "on": ["labour", "fees"]},
        {"key": "night", "hours": "evening", "percent": 25},
        {"key": "big", "minutes_over": 240, "percent": -10},
        {"key": "urgent", "urgent": True, "percent": 50},
    ],
    "percentages": "multiply",
    "taxes": [{"percent": "5.5", "on": "labour"}, {"percent": 20}],
    "tax_included": False,
    "rounding": "total",
    "round_to": "0.05",
    "warranties": [{"kind": "device", "labour": 50, "fees": 0, "travel": 0, "parts": 100}],
}  # fmt: skip
TERMS = {
    "key": "rich",
    "name": {"en": "Rich"},
    "summary": {"en": "Rich"},
    "prices": {"month": 99},
    "includes": [
        {"key": "visits", "amount": 4, "minutes_each": 60},
        {"key": "hours", "unit": "hours", "amount": 2, "counts": [{"times": 2, "hours": ["evening", "outside"]}]},
    ],
    "discounts": [{"work": "remote", "percent": 20}, {"percent": 10}],
}


def everyday(company: Company) -> list[Callable[[], Priced]]:
    """Cards of the sample company: an hour and a half of a visit, at every hour of a week."""
    plan = company.plan("comfort")
    left = {a.key: Balance(a.key, a.unit, a.granted, a.granted) for a in plan.includes}

    def card(hour: int) -> Callable[[], Priced]:
        at = datetime(2026, 3, 2, tzinfo=UTC) + timedelta(hours=hour)
        case = Case(work="visit", minutes=90, area=Area.LIGHTING, at=at, region="alps", plan=plan.key)
        return lambda: price(company.tariff, company.currency, company.time_zone, case, plan, left)

    return [card(hour) for hour in range(168)]


def rich() -> list[Callable[[], Priced]]:
    """Nights with everything: three grades, region, class, two allowances, two taxes, a warranty, forty rules."""
    tariff, plan = Tariff.model_validate(RICH), Plan.model_validate(TERMS)
    left = {a.key: Balance(a.key, a.unit, a.granted, a.granted) for a in plan.includes}
    crew = (Crew("programmer"), Crew("technician", 2), Crew("junior"))

    def card(minutes: int) -> Callable[[], Priced]:
        case = Case(
            work="visit", minutes=minutes, at=SUNDAY - timedelta(hours=8), crew=crew, region="south",
            complexity="villa", km=Decimal(48), travel_minutes=50, warranty="device", urgent=True, plan=plan.key,
            notice_hours=Decimal(5), parts=Money(12_345, "CHF"),
        )  # fmt: skip
        return lambda: price(tariff, "CHF", ZONE, case, plan, left)

    return [card(minutes) for minutes in range(30, 900, 15)]


def measure(rounds: int) -> None:
    """Print the table."""
    company = reading.read(SAMPLE / "company.toml")
    rows = []
    for name, cards in (("the sample's tariff", everyday(company)), ("a rich tariff", rich())):
        lines = [len(card().quote.lines) for card in cards]  # also draws the days, as the first request does
        spent = []
        for _ in range(rounds):
            for card in cards:
                began = process_time()
                card()
                spent.append((process_time() - began) * 1000)
        values = (f"{sum(spent) / len(spent):.3f}", f"{middle(spent):.3f}", f"{p95(spent):.3f}")
        rows.append((name, f"{min(lines)}–{max(lines)}", len(spent), *values, "< 1"))
    heads = ("tariff", "lines", "prices", "CPU each", "p50", "p95", "goal")
    show("A price, ms of CPU", heads, rows)
