"""Companies nobody has founded: generated tariffs, plans and cases over the whole of what a file can declare."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from domain.areas import Area, Help, Urgency
from domain.cases import Case, Crew
from domain.coverage import Balance
from domain.declared import Words
from domain.money import Money
from domain.plans import Allowance, Counts, Discount, Exclusion, Plan
from domain.tariff import (
    EVERYTHING,
    Adjustment,
    Band,
    Complexity,
    Credit,
    DistanceBand,
    Fee,
    Grade,
    Labour,
    Region,
    Tariff,
    Tax,
    Travel,
    Warranty,
    WorkKind,
)  # fmt: skip
from domain.working_time import Holidays, Hours

T = TypeVar("T")
WORK = ("remote", "visit", "workshop")
KINDS = (WorkKind(key="remote", help=Help.REMOTE), WorkKind(key="visit", help=Help.VISIT), WorkKind(key="workshop"))
GRADES = ("technician", "programmer")
HOURS = ("working", "evening", "outside")
AREAS = (Area.LIGHTING, Area.NETWORK, Area.POWER)
CURRENCIES = ("EUR", "JPY", "KWD", "CHF", "USD")
ZONES = ("Europe/Paris", "America/Santiago", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC")
WALLS = tuple(ZoneInfo(zone) for zone in ZONES)
NIGHTS = (
    *(datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 10, 24, tzinfo=UTC), datetime(2026, 10, 3, tzinfo=UTC)),
    *(datetime(2026, 12, 31, tzinfo=UTC), datetime(2028, 2, 28, tzinfo=UTC)),
)

amounts = st.integers(0, 30_000).map(lambda cents: Decimal(cents) / 100) | st.sampled_from(
    (Decimal(90), Decimal("0.05"))
)
percents = st.sampled_from([Decimal(n) for n in (5, 10, 20, 25, 30, 50, 100)] + [Decimal("7.7"), Decimal("33.3333")])
factors = st.sampled_from((Decimal("1.15"), Decimal("0.9")))
doubled = st.builds(
    Counts, times=st.sampled_from((Decimal(2), Decimal("1.5"), Decimal("0.5"))), hours=st.just(("evening",))
)
steps = st.sampled_from((1, 6, 10, 15, 30, 60))


def some(keys: tuple[Any, ...]) -> st.SearchStrategy[tuple[Any, ...]]:
    """One or two of them."""
    return st.lists(st.sampled_from(keys), min_size=1, max_size=2, unique=True).map(tuple)


def seldom(keys: tuple[Any, ...]) -> st.SearchStrategy[tuple[Any, ...]]:
    """Mostly no condition, else one or two of them."""
    return st.sampled_from((False, False, False, True)).flatmap(lambda asked: some(keys) if asked else st.just(()))


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


@cache
def conditions(without: tuple[str, ...] = ()) -> st.SearchStrategy[dict[str, Any]]:
    """Up to two conditions of a rule; half of the rules have none."""
    pairs = [st.tuples(st.just(name), values) for name, values in CONDITIONS.items() if name not in without]
    return st.just(dict[str, Any]()) | st.lists(st.one_of(pairs), max_size=2).map(dict) if pairs else st.just({})


def declared(of: Callable[..., T], *parts: st.SearchStrategy[dict[str, Any]]) -> st.SearchStrategy[T]:
    """A rule put together from parts of its declaration."""
    return st.tuples(*parts).map(lambda drawn: of(**{k: v for part in drawn for k, v in part.items()}))


def _bands(drawn: tuple[set[int], list[tuple[bool, Decimal]], Decimal | None]) -> tuple[Band, ...]:
    ends, prices, last = drawn
    found = [
        Band(up_to=end, price=price) if whole else Band(up_to=end, per_hour=price)
        for end, (whole, price) in zip(sorted(ends), prices, strict=False)
    ]
    return (*found, *([] if last is None else [Band(per_hour=last)]))


ends = st.sets(st.sampled_from((15, 45, 60, 120, 240)), min_size=1, max_size=3)
bands = st.tuples(ends, st.lists(st.tuples(st.booleans(), amounts), min_size=3, max_size=3), st.none() | amounts).map(
    _bands
)
LABOUR = optional(
    step=steps, count=st.sampled_from(("started", "nearest", "completed")), cap=amounts, minimum=amounts,
    minimum_minutes=st.sampled_from((30, 60)), per=st.sampled_from(("person", "crew")),
    all_in=some(("fees", "travel")), free_minutes=st.sampled_from((10, 15)), free_up_to=st.sampled_from((5, 20)),
)  # fmt: skip
RATE = st.one_of(
    st.fixed_dictionaries(
        {rate: values}, optional={"base": amounts, "base_minutes": st.sampled_from((15, 30, 60, 240))}
    )
    for rate, values in (("per_hour", amounts), ("per_step", amounts), ("bands", bands))
) | st.fixed_dictionaries({"base": amounts})
TRAVEL = optional(
    price=amounts, zones=st.fixed_dictionaries({"z1": amounts, "z2": amounts}), per_km=amounts, per_hour=amounts,
    bands=amounts.map(lambda far: (DistanceBand(up_to_km=Decimal(35), price=Decimal(0)), DistanceBand(price=far))),
    included_km=st.just(Decimal(20)), ways=st.sampled_from((1, 2)), step=steps, as_labour=st.booleans(),
    per=st.sampled_from(("crew", "person")),
)  # fmt: skip
FEE = st.fixed_dictionaries(
    {"key": st.sampled_from(("callout", "urgent")), "amount": amounts},
    optional={"per": st.sampled_from(("visit", "person", "day"))},
)
ADJUSTMENT = st.fixed_dictionaries(
    {
        "key": st.sampled_from(("bench", "late", "plan")),
        "percent": st.sampled_from([Decimal(n) for n in (-50, -20, -10, 5, 30, 50, 100)]),
        "on": some(EVERYTHING),
    }
)


@cache
def labours(without: tuple[str, ...] = ()) -> st.SearchStrategy[Labour]:
    """A price of time."""
    return declared(Labour, RATE, LABOUR, conditions(without))


@cache
def adjustments(without: tuple[str, ...] = ()) -> st.SearchStrategy[Adjustment]:
    """A percentage more or less."""
    return declared(Adjustment, ADJUSTMENT, conditions(without))


taxes = st.sampled_from(
    (
        (),
        (Tax(percent=Decimal(20)),),
        (Tax(percent=Decimal("5.5"), on=("labour",)), Tax(percent=Decimal(20))),
        (Tax(percent=Decimal("8.1"), on=("fees", "travel")),),
        (Tax(percent=Decimal(10), work=("visit",)),),
        (Tax(percent=Decimal(10), hours=("evening",)), Tax(percent=Decimal(20))),
    )
)
warranties = (
    Warranty(kind="installation"),
    Warranty(kind="device", labour=Decimal(0), fees=Decimal(0), travel=Decimal(0), parts=Decimal(100)),
    Warranty(kind="extended", labour=Decimal(50), fees=Decimal(100), travel=Decimal("33.3333")),
)
HOLIDAYS = Holidays(country="FR", also=(NIGHTS[2].date(),))
OPEN = (
    Hours(key="working", days=("mon", "tue", "wed", "thu", "fri"), ranges=["08:00-12:00", "13:30-18:00"]),
    Hours(key="evening", ranges=["18:00-01:30"], holidays="also"),
)


@cache
def _tariffs(without: tuple[str, ...]) -> st.SearchStrategy[dict[str, Any]]:
    anywhere = tuple(CONDITIONS)
    return st.fixed_dictionaries(
        {
            "regions": factors.map(lambda factor: (Region(key="north"), Region(key="south", factor=factor))),
            "holidays": st.sampled_from((None, HOLIDAYS)),
            "boundary": st.sampled_from(("split", "start")),
            "labour": st.tuples(st.lists(labours(without), max_size=3), labours(anywhere)).map(lambda x: (*x[0], x[1])),
            "fees": st.lists(declared(Fee, FEE, conditions(without)), max_size=3).map(tuple),
            "travel": st.lists(declared(Travel, TRAVEL, conditions(without)), max_size=2).map(tuple),
            "adjustments": st.lists(adjustments(without), max_size=4).map(tuple),
            "percentages": st.sampled_from(("add", "multiply")),
            "taxes": taxes,
            "tax_included": st.booleans(),
            "rounding": st.sampled_from(("line", "total")),
            "round_to": st.sampled_from([None, None, None, *(Decimal(u) for u in ("0.05", "0.1", "1"))]),
            "credits": st.none() | percents,
        }
    )


@st.composite
def tariffs(draw: st.DrawFn, without: tuple[str, ...] = (), **given: Any) -> Tariff:
    """A company's prices. `without`: conditions that no rule has; `given`: keys of the tariff that are as they are."""
    fields = draw(_tariffs(without))
    back = fields.pop("credits")
    fields |= {
        "work": KINDS,
        "grades": tuple(Grade(key=key) for key in GRADES),
        "complexities": (Complexity(key="villa", factor=Decimal("1.3333")),),
        "hours": OPEN,
        "credits": (Credit(of="remote", to="visit", percent=back),) if back else (),
        "warranties": warranties,
    }
    return Tariff(**fields | given)


moments = st.tuples(st.sampled_from(NIGHTS), st.integers(0, 36 * 60), st.sampled_from((UTC, *WALLS))).map(
    lambda when: (when[0] + timedelta(hours=12, minutes=when[1])).replace(tzinfo=when[2])
)
CASE = st.fixed_dictionaries(
    {
        "work": st.sampled_from(WORK),
        "minutes": st.integers(0, 180) | st.integers(0, 2000) | st.sampled_from((15, 30, 60, 120)),
        "area": st.sampled_from(AREAS),
        "brand": st.sampled_from((None, "lutron")),
        "crew": st.dictionaries(st.sampled_from(GRADES), st.integers(1, 3)).map(
            lambda crew: tuple(Crew(*people) for people in crew.items())
        ),
        "urgency": st.sampled_from(Urgency),
        "urgent": st.booleans(),
        "at": st.none() | moments,
        "hours": st.sampled_from((None, None, *HOURS)),
        "notice_hours": st.sampled_from((None, Decimal(1), Decimal(12), Decimal(48))),
        "region": st.sampled_from((None, "north", "south")),
        "zone": st.sampled_from(("z1", "z2")),
        "complexity": st.sampled_from((None, "villa")),
        "km": st.integers(0, 1000).map(lambda tenths: Decimal(tenths) / 10),
        "travel_minutes": st.sampled_from((None, 0, 17, 60)),
        "warranty": st.sampled_from((None, None, None, *(w.kind for w in warranties))),
        "plan": st.sampled_from(("none", "p")),
        "parts": st.none() | st.integers(0, 9999),
        "paid_before": st.none() | st.integers(0, 9999),
        "paid_for": st.sampled_from((None, "remote")),
    }
)  # fmt: skip


@st.composite
def cases(draw: st.DrawFn, currency: str = "EUR", **given: Any) -> Case:
    """Something to be done somewhere."""
    fields = draw(CASE)
    for name in ("parts", "paid_before"):
        fields[name] = None if fields[name] is None else Money(fields[name], currency)
    return Case(**fields | given)


TERMS = optional(
    amount=st.sampled_from((1, 2)) | st.integers(1, 300), work=seldom(WORK), areas=seldom(AREAS),
    urgencies=seldom(tuple(Urgency)), hours=seldom(HOURS),
    step=steps, minutes_each=st.sampled_from((20, 60)), pays=some(EVERYTHING),
    counts=doubled.map(lambda counts: (counts,)),
)  # fmt: skip
UNIT = st.fixed_dictionaries({"unit": st.sampled_from(("minutes", "hours", "visits", "tickets"))})
allowances = st.tuples(UNIT, TERMS).map(lambda drawn: drawn[0] | drawn[1])
PLAN = st.fixed_dictionaries(
    {
        "includes": st.lists(allowances, max_size=3).map(
            lambda some: tuple(Allowance(**{"key": key} | one) for key, one in zip("abc", some, strict=False))
        ),
        "discounts": st.lists(st.builds(Discount, percent=percents, on=some(EVERYTHING)), max_size=2).map(tuple),
        "areas": st.sampled_from((tuple(Area), tuple(Area), (Area.LIGHTING,))),
        "excludes": st.sampled_from(
            [(), (), (), (), (Exclusion(areas=(Area.POWER,)),), (Exclusion(work=("workshop",)),)]
        ),
    }
)


@st.composite
def plans(draw: st.DrawFn, **given: Any) -> Plan:
    """A contract's terms: up to three allowances, perhaps exclusions, areas that are not covered, discounts."""
    words = Words(en="P")
    return Plan(key="p", name=words, summary=words, prices={"month": Decimal(1)}, **draw(PLAN) | given)


@st.composite
def balances(draw: st.DrawFn, plan: Plan) -> dict[str, Balance]:
    """What is left of each allowance."""
    found = {}
    for one in plan.includes:
        left = None if one.granted is None else draw(st.sampled_from((0, 1, one.granted)) | st.integers(0, one.granted))
        found[one.key] = Balance(one.key, one.unit, one.granted, left)
    return found
