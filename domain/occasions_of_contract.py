"""The occasions a contract gives: maintenance, a new term, allowances nearly used or about to lapse, advice. Pure."""

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import count

from domain.declared import MONTHS, months_after
from domain.occasions import DAY, ContractFacts, HomeFacts, Left, Occasion, Rules, on_days
from domain.periods import first_from
from domain.prompt_kinds import Kind

GRACE = timedelta(weeks=6)  # so long after it was due maintenance is still proposed
SHORT_TERM = 3  # months: shorter terms renew without a word
TO_BOOK = timedelta(days=4)  # before it lapses one must still find a time
OLD_ENOUGH = 9  # months of a contract after which a year can be judged
TO_DECIDE = timedelta(days=8)  # before the renewal


def maintenance(facts: HomeFacts, rules: Rules, today: date) -> Iterator[Occasion]:
    """A visit that the plan provides for, since the last one that was done; one that was let pass is not made up."""
    contract = facts.contract
    care = contract.plan.maintenance if contract is not None and not contract.suspended else None
    if contract is None or care is None or contract.maintaining:
        return
    since = contract.maintained_on or contract.terms_since
    before = max((today.year - since.year) * 12 + today.month - since.month - care.months, 0) // care.months
    coming = 0
    for number in count(max(before, 1)):
        due = months_after(since, care.months * number)
        wanted = _wanted(since, care.months, number, rules)
        until = min(due + GRACE, _wanted(since, care.months, number + 1, rules) - DAY)
        if contract.ends_on is not None and due > contract.ends_on:
            return
        if until >= today:
            done = contract.maintained_on.isoformat() if contract.maintained_on else None
            told = {"due": due.isoformat(), "months": care.months, "done": done}
            yield from on_days(Kind.MAINTENANCE, contract.subject, due.isoformat(), (wanted, until), **told)
            coming += 1
        if coming == 2:
            return


def _wanted(since: date, months: int, number: int, rules: Rules) -> date:
    """So long before, and never before half of the time has passed."""
    last, due = (months_after(since, months * n) for n in (number - 1, number))
    return due - min(timedelta(days=rules.follow.maintenance_days), (due - last) // 2)


def renewal(facts: HomeFacts, rules: Rules, today: date) -> Iterator[Occasion]:  # noqa: ARG001 (as all of them)
    """A new term begins, with its price; nothing is said of what is free, or given notice of."""
    contract = facts.contract
    if contract is None or not any(contract.plan.prices.values()) or contract.plan.months < SHORT_TERM:
        return
    if contract.ends_on is not None and contract.ends_on < contract.renews_on:
        return
    wanted = contract.renews_on - timedelta(days=rules.follow.renewal_days)
    days = (max(wanted, months_after(contract.renews_on, -contract.plan.months)), contract.renews_on - DAY)
    day = contract.renews_on.isoformat()
    told = {"on": day, "months": contract.plan.months, "plan": contract.plan.key, "next": contract.next_plan}
    yield from on_days(Kind.RENEWAL, contract.subject, day, days, **told)


def allowances(facts: HomeFacts, rules: Rules, today: date) -> Iterator[Occasion]:  # noqa: ARG001
    """What is nearly used, once a period; and what will be gone when the period ends, all that ends on one day."""
    contract = facts.contract
    if contract is None or contract.suspended:
        return
    for one in contract.allowances:
        if one.left * 100 <= one.granted * (100 - rules.follow.allowance_percent):
            told = {"allowance": one.key, "left": one.left, "granted": one.granted, "ends": one.ends.isoformat()}
            which = f"{one.key} {one.starts.isoformat()}"
            yield from on_days(Kind.ALLOWANCE_LOW, contract.subject, which, (one.starts, one.ends - TO_BOOK), **told)
    for ends in sorted({one.ends for one in contract.allowances}):
        lost = {one.key: _lost(one) for one in contract.allowances if one.ends == ends and _lost(one)}
        if not lost or (contract.ends_on is not None and contract.ends_on < ends - DAY):
            continue
        days = (ends - timedelta(days=rules.follow.lapse_days), ends - TO_BOOK)
        which = ends.isoformat()
        yield from on_days(Kind.ALLOWANCE_LAPSES, contract.subject, which, days, ends=which, allowances=lost)


def _lost(one: Left) -> int:
    """What is not carried over; a month is too short to speak of it."""
    return 0 if MONTHS[one.per] == 1 else max(one.left - one.rollover, 0)


def advice(facts: HomeFacts, rules: Rules, today: date) -> Iterator[Occasion]:
    """Another plan would have been cheaper, by so much that it is worth a word: also a smaller one."""
    contract = facts.contract
    days = advice_days(contract, rules, today) if contract is not None else None
    if contract is None or days is None:
        return
    now = next((year for year in contract.years if year.plan == contract.plan.key), None)
    if now is None:
        return
    best = min(contract.years, key=lambda year: year.total.minor)
    saved = now.total.minor - best.total.minor
    if best.plan == now.plan or saved <= 0 or saved * 100 < now.total.minor * rules.follow.advice_saving_percent:
        return
    told = {"plan": best.plan, "now": now.total.minor, "then": best.total.minor, "currency": now.total.currency}
    yield from on_days(Kind.ADVICE, contract.subject, advised_on(contract, today).isoformat(), days, **told)


def advised_on(contract: ContractFacts, today: date) -> date:
    """The day on which one may have another plan: the renewal; of short terms, the contract's next birthday."""
    if contract.plan.months >= MONTHS["year"]:
        return contract.renews_on
    return first_from(contract.starts_on, "year", max(today, contract.starts_on + DAY))


def advice_days(contract: ContractFacts, rules: Rules, today: date) -> tuple[date, date] | None:
    """Between which days it would be told; none where nothing can be advised."""
    if contract.suspended or contract.next_plan is not None or contract.ends_on is not None:
        return None
    day = advised_on(contract, today)
    wanted = day - timedelta(days=rules.follow.advice_days)
    if wanted < months_after(contract.starts_on, OLD_ENOUGH):
        return None
    return wanted, day - TO_DECIDE
