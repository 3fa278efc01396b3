"""Companies nobody has founded: generated tariffs, plans and cases over the whole of what a file can declare."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from domain.areas import Area, Help, Urgency
from domain.cases import Case, Crew
from domain.coverage import Balance
from domain.declared import Words
from domain.money import Money
from domain.plans import Allowance, Counts, Discount, Exclusion, Plan
from domain.tariff import (
    EVERYTHING, Adjustment, Band, Complexity, Credit, DistanceBand, Fee, Grade, Labour, Region, Tariff, Tax, Travel,
    Warranty, WorkKind,
)  # fmt: skip
from domain.working_time import Holidays, Hours

WORK = ("remote", "visit", "workshop")
GRADES = ("technician", "programmer")
HOURS = ("working", "evening", "outside")
AREAS = (Area.LIGHTING, Area.NETWORK, Area.POWER)
CURRENCIES = ("EUR", "JPY", "KWD", "CHF", "USD")
ZONES = ("Europe/Paris", "America/Santiago", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC")
NIGHTS = (
    datetime(2026, 3, 28),
    datetime(2026, 10, 24),
    datetime(2026, 12, 31),
    datetime(2028, 2, 28),
    datetime(2026, 10, 3),
)  # noqa: DTZ001, E501 (walls)

amounts = st.integers(0, 30_000).map(lambda cents: Decimal(cents) / 100) | st.sampled_from(
    (Decimal(90), Decimal("0.05"))
)
percents = st.sampled_from([Decimal(n) for n in (5, 10, 20, 25, 30, 50, 100)] + [Decimal("7.7"), Decimal("33.3333")])
steps = st.sampled_from((1, 6, 10, 15, 30, 60))


def some(keys: tuple[Any, ...]) -> st.SearchStrategy[tuple[Any, ...]]:
    """One or two of them."""
    return st.lists(st.sampled_from(keys), min_size=1, max_size=2, unique=True).map(tuple)


def optional(**fields: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """None, some or all of these fields."""
    return st.fixed_dictionaries({}, optional=fields)


CONDITIONS: dict[str, st.SearchStrategy[Any]] = {
    "work": some(WORK), "area": some(AREAS), "brand": st.just(("Lutron",)), "grade": some(GRADES),
    "region": some(("north", "south")), "zone": some(("z1", "z2")), "complexity": st.just(("villa",)),
    "plan": some(("none", "p")), "warranty": st.just(("device",)), "urgent": st.booleans(),
    "notice_under_hours": st.sampled_from((Decimal(2), Decimal(24))), "technicians_over": st.just(1),
    "km_over": st.just(Decimal(20)), "km_up_to": st.just(Decimal(50)), "hours": some(HOURS),
    "minutes_over": st.sampled_from((30, 120)), "minutes_up_to": st.sampled_from((60, 240)),
}  # fmt: skip


@st.composite
def conditions(draw: st.DrawFn, without: tuple[str, ...] = ()) -> dict[str, Any]:
    """Up to two conditions of a rule; half of the rules have none."""
    names = sorted(set(CONDITIONS) - set(without))
    asked = draw(st.just([]) | st.lists(st.sampled_from(names), max_size=2, unique=True)) if names else []
    return {name: draw(CONDITIONS[name]) for name in asked}


@st.composite
def bands(draw: st.DrawFn) -> tuple[Band, ...]:
    """Some bands of minutes; the last may be open."""
    ends = sorted(draw(st.sets(st.sampled_from((15, 45, 60, 120, 240)), min_size=1, max_size=3)))
    found = [
        Band(up_to=end, price=draw(amounts)) if draw(st.booleans()) else Band(up_to=end, per_hour=draw(amounts))
        for end in ends
    ]
    return (*found, *([Band(per_hour=draw(amounts))] if draw(st.booleans()) else []))


@st.composite
def labours(draw: st.DrawFn, without: tuple[str, ...] = ()) -> Labour:
    """A price of time."""
    how: dict[str, Any] = draw(
        st.fixed_dictionaries({"per_hour": amounts})
        | st.fixed_dictionaries({"per_step": amounts})
        | st.fixed_dictionaries({"bands": bands()})
        | st.fixed_dictionaries({"base": amounts})
    )
    how |= draw(
        optional(
            step=steps, count=st.sampled_from(("started", "nearest", "completed")), cap=amounts, minimum=amounts,
            minimum_minutes=st.sampled_from((30, 60)), per=st.sampled_from(("person", "crew")),
            all_in=some(("fees", "travel")), free_minutes=st.sampled_from((10, 15)),
            free_up_to=st.sampled_from((5, 20)),
        )
    )  # fmt: skip
    if "base" not in how:
        how |= draw(optional(base=amounts, base_minutes=st.sampled_from((15, 30, 60, 240))))
    return Labour(**how, **draw(conditions(without)))


@st.composite
def travels(draw: st.DrawFn, without: tuple[str, ...] = ()) -> Travel:
    """A price of the way."""
    parts = optional(
        price=amounts, zones=st.fixed_dictionaries({"z1": amounts, "z2": amounts}), per_km=amounts, per_hour=amounts,
        bands=amounts.map(lambda far: (DistanceBand(up_to_km=Decimal(35), price=Decimal(0)), DistanceBand(price=far))),
        included_km=st.just(Decimal(20)), ways=st.sampled_from((1, 2)), step=steps, as_labour=st.booleans(),
        per=st.sampled_from(("crew", "person")),
    )  # fmt: skip
    return Travel(**draw(parts), **draw(conditions(without)))


@st.composite
def fees(draw: st.DrawFn, without: tuple[str, ...] = ()) -> Fee:
    """A fixed amount."""
    more = draw(optional(per=st.sampled_from(("visit", "person", "day"))))
    return Fee(
        key=draw(st.sampled_from(("callout", "urgent"))), amount=draw(amounts), **more, **draw(conditions(without))
    )


@st.composite
def adjustments(draw: st.DrawFn, without: tuple[str, ...] = ()) -> Adjustment:
    """A percentage more or less; half of everything off at most, so that they may add up."""
    percent = draw(st.sampled_from([Decimal(n) for n in (-50, -20, -10, 5, 30, 50, 100)]))
    key, on = draw(st.sampled_from(("bench", "late", "plan"))), draw(some(EVERYTHING))
    return Adjustment(key=key, percent=percent, on=on, **draw(conditions(without)))


taxes = st.sampled_from(
    [(), (Tax(percent=Decimal(20)),), (Tax(percent=Decimal("5.5"), on=("labour",)), Tax(percent=Decimal(20)))]
    + [(Tax(percent=Decimal("8.1"), on=("fees", "travel")),), (Tax(percent=Decimal(10), work=("visit",)),)]
)
warranties = (
    Warranty(kind="installation"),
    Warranty(kind="device", labour=Decimal(0), fees=Decimal(0), travel=Decimal(0), parts=Decimal(100)),
    Warranty(kind="extended", labour=Decimal(50), fees=Decimal(100), travel=Decimal("33.3333")),
)
HOLIDAYS = Holidays(country="FR", also=(NIGHTS[4].date(),))


@st.composite
def tariffs(draw: st.DrawFn, without: tuple[str, ...] = (), **given: Any) -> Tariff:
    """A company's prices. `without`: conditions that no rule has; `given`: keys of the tariff that are as they are."""
    fields: dict[str, Any] = {
        "work": (WorkKind(key="remote", help=Help.REMOTE), WorkKind(key="visit", help=Help.VISIT), WorkKind(key="workshop")),
        "grades": tuple(Grade(key=key) for key in GRADES),
        "regions": (Region(key="north"), Region(key="south", factor=draw(st.sampled_from((Decimal("1.15"), Decimal("0.9")))))),
        "complexities": (Complexity(key="villa", factor=Decimal("1.3333")),),
        "hours": (
            Hours(key="working", days=("mon", "tue", "wed", "thu", "fri"), ranges=["08:00-12:00", "13:30-18:00"]),
            Hours(key="evening", ranges=["18:00-01:30"], holidays="also"),
        ),
        "holidays": draw(st.sampled_from((None, HOLIDAYS))),
        "boundary": draw(st.sampled_from(("split", "start"))),
        "labour": (*draw(st.lists(labours(without), max_size=3)), draw(labours(tuple(CONDITIONS)))),
        "fees": tuple(draw(st.lists(fees(without), max_size=3))),
        "travel": tuple(draw(st.lists(travels(without), max_size=2))),
        "adjustments": tuple(draw(st.lists(adjustments(without), max_size=4))),
        "percentages": draw(st.sampled_from(("add", "multiply"))),
        "taxes": draw(taxes),
        "tax_included": draw(st.booleans()),
        "rounding": draw(st.sampled_from(("line", "total"))),
        "round_to": draw(st.sampled_from([None, None, None, *(Decimal(u) for u in ("0.05", "0.1", "1"))])),
        "credits": (Credit(of="remote", to="visit", percent=draw(percents)),) if draw(st.booleans()) else (),
        "warranties": warranties,
    }  # fmt: skip
    return Tariff(**fields | given)


@st.composite
def cases(draw: st.DrawFn, currency: str = "EUR", **given: Any) -> Case:
    """Something to be done somewhere."""
    night = draw(st.sampled_from(NIGHTS)) + timedelta(hours=12, minutes=draw(st.integers(0, 36 * 60)))
    at = night.replace(tzinfo=draw(st.sampled_from((UTC, *(ZoneInfo(zone) for zone in ZONES)))))
    fields: dict[str, Any] = {
        "work": draw(st.sampled_from(WORK)),
        "minutes": draw(st.integers(0, 180) | st.integers(0, 2000) | st.sampled_from((15, 30, 60, 120))),
        "area": draw(st.sampled_from(AREAS)),
        "brand": draw(st.sampled_from((None, "lutron"))),
        "crew": tuple(Crew(grade, draw(st.integers(1, 3))) for grade in draw(st.just(()) | some(GRADES))),
        "urgency": draw(st.sampled_from(Urgency)),
        "urgent": draw(st.booleans()),
        "at": draw(st.sampled_from((at, at, None))),
        "hours": draw(st.sampled_from((None, None, *HOURS))),
        "notice_hours": draw(st.sampled_from((None, Decimal(1), Decimal(12), Decimal(48)))),
        "region": draw(st.sampled_from((None, "north", "south"))),
        "zone": draw(st.sampled_from(("z1", "z2"))),
        "complexity": draw(st.sampled_from((None, "villa"))),
        "km": Decimal(draw(st.integers(0, 1000))) / 10,
        "travel_minutes": draw(st.sampled_from((None, 0, 17, 60))),
        "warranty": draw(st.sampled_from((None, None, None, *(w.kind for w in warranties)))),
        "plan": draw(st.sampled_from(("none", "p"))),
        "parts": draw(st.none() | st.integers(0, 9999).map(lambda minor: Money(minor, currency))),
        "paid_before": draw(st.none() | st.integers(0, 9999).map(lambda minor: Money(minor, currency))),
        "paid_for": draw(st.sampled_from((None, "remote"))),
    }  # fmt: skip
    return Case(**fields | given)


@st.composite
def allowances(draw: st.DrawFn, key: str = "a", **given: Any) -> Allowance:
    """What a plan includes."""
    fields = draw(
        optional(
            amount=st.integers(1, 300), work=some(WORK), areas=some(AREAS), urgencies=some(tuple(Urgency)),
            hours=some(HOURS), step=steps, minutes_each=st.sampled_from((20, 60)), pays=some(EVERYTHING),
            counts=st.builds(Counts, times=st.sampled_from((Decimal(2), Decimal("1.5"), Decimal("0.5"))), hours=some(HOURS)).map(lambda c: (c,)),
        )
    )  # fmt: skip
    unit = draw(st.sampled_from(("minutes", "hours", "visits", "tickets")))
    return Allowance(key=key, **{"unit": unit} | fields | given)


@st.composite
def plans(draw: st.DrawFn, **given: Any) -> Plan:
    """A contract's terms: up to three allowances, perhaps exclusions, areas that are not covered, discounts."""
    words = Words(en="P")
    fields: dict[str, Any] = {
        "includes": tuple(draw(allowances(key)) for key in ("a", "b", "c")[: draw(st.integers(0, 3))]),
        "discounts": tuple(draw(st.lists(st.builds(Discount, percent=percents, on=some(EVERYTHING)), max_size=2))),
        "areas": draw(st.sampled_from((tuple(Area), tuple(Area), (Area.LIGHTING,)))),
        "excludes": draw(
            st.sampled_from([()] * 4 + [(Exclusion(areas=(Area.POWER,)),), (Exclusion(work=("workshop",)),)])
        ),
    }
    return Plan(key="p", name=words, summary=words, prices={"month": Decimal(1)}, **fields | given)


@st.composite
def balances(draw: st.DrawFn, plan: Plan) -> dict[str, Balance]:
    """What is left of each allowance."""
    found = {}
    for one in plan.includes:
        left = None if one.granted is None else draw(st.sampled_from((0, 1, one.granted)) | st.integers(0, one.granted))
        found[one.key] = Balance(one.key, one.unit, one.granted, left)
    return found
