"""Coming back: which occasions there are for a home on a day, and when somebody has to look again. Pure."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

from domain.occasions import DAY, FARTHEST, HomeFacts, Occasion, Rules, recommending
from domain.occasions_of_contract import advice, allowances, maintenance, renewal
from domain.occasions_of_devices import pressing, upgrades, warranties
from domain.prompt_kinds import Kind

REASONS: tuple[Callable[[HomeFacts, Rules, date], Iterator[Occasion]], ...] = (
    *(maintenance, warranties, allowances, renewal, upgrades, advice, recommending),
)


def possible(facts: HomeFacts, rules: Rules, today: date) -> list[Occasion]:
    """Every one that holds, or will within the days that anybody has to know."""
    return [one for reason in REASONS for one in reason(facts, rules, today) if one.until >= today]


def occasions(facts: HomeFacts, rules: Rules, today: date) -> list[Occasion]:
    """Those of a day. Of upgrades the most pressing one, and not soon after another."""
    found = [one for one in possible(facts, rules, today) if one.holds_on(today)]
    offers = [one for one in found if one.kind is Kind.UPGRADE and (one.subject, one.occurrence) not in facts.offered]
    rested = _rested_on(facts, rules)
    first = min(offers, key=pressing, default=None) if rested is None or rested <= today else None
    return [one for one in found if one.kind is not Kind.UPGRADE or one is first]


def next_look(facts: HomeFacts, rules: Rules, today: date) -> date:
    """The first later day on which there may be others than today; a month ahead at most."""
    days = {day for one in possible(facts, rules, today) for day in (one.wanted_on, one.until + DAY)}
    days |= {rested} if (rested := _rested_on(facts, rules)) is not None else set()
    return min((day for day in days if today < day <= today + FARTHEST), default=today + FARTHEST)


def still(facts: HomeFacts, rules: Rules, today: date, kind: Kind, subject: str, occurrence: str) -> bool:
    """Whether an occasion still holds on a day; one that was put off holds whatever was said besides."""
    plain, _, put_off = occurrence.partition("~")
    asked = possible(facts, rules, today) if put_off else occasions(facts, rules, today)
    return any(one.key == (kind, subject, plain) and one.holds_on(today) for one in asked)


def _rested_on(facts: HomeFacts, rules: Rules) -> date | None:
    """From when on a home may be offered an upgrade again."""
    return facts.offered_on + timedelta(days=rules.follow.upgrade_apart_days) if facts.offered_on else None
