"""Travel: what the way to a home costs. Pure."""

import math
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from domain.areas import Help
from domain.cases import Case, fits
from domain.labour import NoPrice, crew_of, rule_for
from domain.quotes import LineKind
from domain.sheet import Sheet, Why
from domain.tariff import Tariff, Travel


def travel_rule(tariff: Tariff, case: Case, start: str) -> Travel | None:
    """The rule for the way: the first that fits the case and the hours at its start.

    Help from afar has none, unless a rule names that work.
    """
    kind = tariff.kinds.get(case.work)
    on_site = kind is not None and kind.help is Help.VISIT
    return next((rule for rule in tariff.travel if (rule.work or on_site) and fits(rule, case, hours=start)), None)


def door_to_door(tariff: Tariff, case: Case, start: str) -> int:
    """The minutes on the road that count as working time: none where the price of the work holds the way."""
    rule = travel_rule(tariff, case, start)
    if rule is None or not rule.as_labour or not case.travel_minutes:
        return 0
    held = any("travel" in rule_for(tariff, case, people.grade, start).all_in for people in crew_of(tariff, case))
    return 0 if held else case.travel_minutes


def write_travel(sheet: Sheet, tariff: Tariff, case: Case, start: str, scale: Fraction) -> None:
    """The lines of the way. Raises NoPrice when the zone or the distance would have to be known."""
    rule = travel_rule(tariff, case, start)
    for quantity, unit, each, key in _ways(rule, case) if rule else ():
        price = Fraction(each) * scale
        amount = price * Fraction(quantity) / (60 if unit == "minute" else 1)
        sheet.write(LineKind.TRAVEL, {("travel", start): amount}, Why(key, quantity, unit, price))


def _ways(rule: Travel, case: Case) -> Iterator[tuple[Decimal, str, Decimal, str | None]]:
    """Quantity, unit, price of one (of an hour, where the unit is the minute), zone."""
    crew = case.heads if rule.per == "person" else 1
    ways = rule.ways * crew
    if rule.price:
        yield Decimal(ways), "way", rule.price, None
    if rule.zones:
        yield Decimal(crew), "zone", _zone(rule, case), case.zone
    if rule.bands:
        yield Decimal(ways), "way", _band(rule, _km(case)), None
    if rule.per_km:
        yield _beyond(rule, _km(case)) * ways, "km", rule.per_km, None
    if rule.per_hour and case.travel_minutes:
        road = max(case.travel_minutes - rule.included_minutes, 0)
        yield Decimal(-(-road // rule.step) * rule.step * crew), "minute", rule.per_hour, None


def _beyond(rule: Travel, km: Decimal) -> Decimal:
    """The kilometres that are paid for, one way: those not included, in started steps."""
    over = max(km - rule.included_km, Decimal(0))
    return over if rule.step_km is None else math.ceil(over / rule.step_km) * rule.step_km


def _zone(rule: Travel, case: Case) -> Decimal:
    if case.zone not in rule.zones:
        names = ", ".join(rule.zones)
        raise NoPrice("zone", f"travel has a price for each zone ({names}); name the zone of the home")
    return rule.zones[case.zone]


def _km(case: Case) -> Decimal:
    if case.km is None:
        raise NoPrice("km", "travel has a price by distance; name the kilometres to the home")
    return case.km


def _band(rule: Travel, km: Decimal) -> Decimal:
    band = next((b for b in rule.bands if b.up_to_km is None or km <= b.up_to_km), None)
    if band is None:
        raise NoPrice("km", f"travel has no price for {km} km")
    return band.price
