"""Pricing: the price of a case, line by line, in the order people read it. Pure; the rules are in `domain.tariff`."""

from decimal import Decimal
from fractions import Fraction

import msgspec
from babel.numbers import get_currency_precision

from domain.cases import Case, fits
from domain.coverage import Balance, Clause, Ruling, Use, Verdict, judge
from domain.labour import Piece, beginning, crew_of, longest, paid_labour, place, time_of
from domain.money import Money
from domain.plans import Plan
from domain.quotes import LineKind, Quote
from domain.sheet import Bucket, Sheet, Why
from domain.tariff import EVERYTHING, Fee, Rule, Slice, Tariff, Warranty, What
from domain.totals import totalled
from domain.travel import door_to_door, write_travel
from domain.working_time import DAY

SLICES: dict[Slice, LineKind] = {
    "free": LineKind.FREE,
    "base": LineKind.BASE,
    "band": LineKind.LABOUR,
    "time": LineKind.LABOUR,
}


class Priced(msgspec.Struct, frozen=True):
    """A case with what the contract says about it and what it costs."""

    case: Case
    verdict: Verdict
    quote: Quote


def price(
    tariff: Tariff,
    currency: str,
    zone: str,
    case: Case,
    plan: Plan | None = None,
    balances: dict[str, Balance] | None = None,
) -> Priced:
    """Judge a case and price it. `zone`: the company's time zone. Raises NoPrice."""
    if case.fixed is not None:
        return _by_hand(tariff, currency, zone, case)
    whole = placed(tariff, zone, case)
    asked = place(tariff, zone, whole, whole.minutes)
    verdict = judge(plan, balances or {}, whole, asked, warranty_of(tariff, whole))
    made = quote(tariff, currency, zone, whole, verdict, plan)
    if verdict.uses and not any(line.what is LineKind.PLAN for line in made.lines):
        verdict = _without_uses(verdict, made)
        made = quote(tariff, currency, zone, whole, verdict, plan)
    return Priced(whole, _settled(verdict, made), made)


def _by_hand(tariff: Tariff, currency: str, zone: str, case: Case) -> Priced:
    """The price a person made; the hours are kept all the same: taxes may depend on them."""
    hours = place(tariff, zone, case, case.minutes)
    whole = msgspec.structs.replace(case, crew=crew_of(tariff, case), stretches=hours)
    verdict = Verdict(whole.work, Ruling.NOT_INCLUDED, Clause.OWN_PRICE, whole.minutes)
    made = quote(tariff, currency, zone, whole, verdict)
    return Priced(whole, _settled(verdict, made), made)


def _without_uses(verdict: Verdict, made: Quote) -> Verdict:
    """What pays nothing is not taken from a balance."""
    ruling, clause = Ruling.NOT_INCLUDED, Clause.NOT_IN_PLAN
    if verdict.ruling is Ruling.INCLUDED or made.by_warranty:
        ruling, clause = Ruling.PARTLY, Clause.WARRANTY_PARTLY if made.by_warranty else Clause.EXTRAS
    return msgspec.structs.replace(verdict, ruling=ruling, clause=clause, uses=())


def _settled(verdict: Verdict, made: Quote) -> Verdict:
    """Included means nothing to pay; nothing to pay means included."""
    if verdict.ruling is Ruling.INCLUDED and made.total:
        return msgspec.structs.replace(verdict, ruling=Ruling.PARTLY, clause=Clause.EXTRAS)
    if verdict.ruling is not Ruling.EXCLUDED and not made.total:
        clause = _why_nothing(verdict.uses, made)
        return msgspec.structs.replace(verdict, ruling=Ruling.INCLUDED, clause=clause)
    return verdict


def _why_nothing(uses: tuple[Use, ...], made: Quote) -> Clause:
    """The clause by which there is nothing to pay."""
    if uses:
        return Clause.UNLIMITED if all(use.before is None for use in uses) else Clause.ALLOWANCE
    return Clause.WARRANTY if made.by_warranty else Clause.FREE


def placed(tariff: Tariff, zone: str, case: Case) -> Case:
    """The case with its crew and the hours its minutes lie in: what a stored quote is made again from."""
    whole = msgspec.structs.replace(case, crew=crew_of(tariff, case))
    road = door_to_door(tariff, whole, beginning(tariff, zone, whole))
    billed = longest(tariff, zone, whole, whole.minutes + road)
    return msgspec.structs.replace(whole, stretches=place(tariff, zone, whole, max(billed, whole.minutes)))


def quote(tariff: Tariff, currency: str, zone: str, case: Case, verdict: Verdict, plan: Plan | None = None) -> Quote:
    """The price of a placed case under a verdict. Raises NoPrice when the tariff says nothing, or must know more."""
    scale = Fraction(10) ** get_currency_precision(currency)
    sheet = Sheet(currency, whole=tariff.rounding == "line")
    if case.fixed is not None:
        return _own_price(sheet, tariff, zone, case, case.fixed)
    start = beginning(tariff, zone, case)
    all_in, billed = _labour(sheet, tariff, zone, case, scale)
    if "fees" not in all_in:
        _fees(sheet, tariff, case, billed, scale)
    if "travel" not in all_in:
        write_travel(sheet, tariff, case, start, scale)
    if case.parts:
        sheet.write(LineKind.PARTS, {("parts", start): Fraction(case.parts.minor)})
    if tariff.minimum_total is not None:
        _at_least(sheet, Fraction(tariff.minimum_total) * scale, start)
    _percentages(sheet, tariff, case, _changes(tariff, plan, verdict))
    by_warranty = _warranty(sheet, tariff, case)
    by_plan = _by_plan(sheet, verdict, paid_labour(tariff, zone, case, verdict, scale))
    _credit(sheet, tariff, case)
    _extras(sheet, case, start)
    return totalled(sheet, tariff, case, billed=billed, by_plan=by_plan, by_warranty=by_warranty)


def _own_price(sheet: Sheet, tariff: Tariff, zone: str, case: Case, fixed: Money) -> Quote:
    """The price a person made for the work, and what he named besides."""
    start = beginning(tariff, zone, case)
    sheet.write(LineKind.FIXED, {("labour", start): Fraction(fixed.minor)}, Why(case.fixed_for or None), zero=True)
    _extras(sheet, case, start)
    nothing = Fraction(0)
    return totalled(sheet, tariff, case, billed=case.minutes, by_plan=nothing, by_warranty=nothing)


def _extras(sheet: Sheet, case: Case, start: str) -> None:
    for extra in case.extras:
        sheet.write(LineKind.EXTRA, {("parts", start): Fraction(extra.amount.minor)}, Why(extra.name), zero=True)


# ── what is added ──


def _labour(sheet: Sheet, tariff: Tariff, zone: str, case: Case, scale: Fraction) -> tuple[frozenset[str], int]:
    """The lines of the time; what it covers besides, and the minutes that are billed."""
    start = beginning(tariff, zone, case)
    time = time_of(tariff, zone, case, case.minutes + door_to_door(tariff, case, start), scale)
    written: dict[str, dict[Bucket, Fraction]] = {}  # by grade
    for grade, heads, each in time.lumps:
        why = Why(None, Decimal(heads), "visit", each, None, grade, heads)
        amount = sheet.write(LineKind.BASE, {("labour", start): each * heads}, why)
        _note(written, grade, ("labour", start), amount)
    for piece in time.pieces:
        _note(written, piece.grade, ("labour", piece.hours), _piece(sheet, piece))
    for grade, most in time.caps.items():
        _cap(sheet, grade, written.get(grade, {}), most)
    _factors(sheet, tariff, case)
    missing = time.minimum - sum(sheet.left.values(), Fraction(0))
    if missing > 0:
        sheet.write(LineKind.MINIMUM, {("labour", start): missing}, Why(price=time.minimum))
    return time.all_in, time.billed


def _note(written: dict[str, dict[Bucket, Fraction]], grade: str, bucket: Bucket, amount: Fraction) -> None:
    own = written.setdefault(grade, {})
    own[bucket] = own.get(bucket, Fraction(0)) + amount


def _piece(sheet: Sheet, piece: Piece) -> Fraction:
    quantity, hour = Decimal(piece.minutes), piece.per_minute * 60
    why = Why(None, quantity, "minute", hour, piece.hours, piece.grade, piece.heads, piece.step)
    return sheet.write(SLICES[piece.slice], {("labour", piece.hours): piece.amount}, why, zero=True)


def _cap(sheet: Sheet, grade: str, own: dict[Bucket, Fraction], most: Fraction) -> None:
    """What a grade's labour comes to less when it may come to `most`: of all hours in the same proportion."""
    whole = sum(own.values(), Fraction(0))
    if whole > most:
        sheet.write(LineKind.CAP, {b: amount * (most - whole) / whole for b, amount in own.items()}, Why(grade=grade))


def _factors(sheet: Sheet, tariff: Tariff, case: Case) -> None:
    """The lines of the region and of the home's complexity."""
    for kind, key, factor in (
        (LineKind.REGION, case.region, tariff.factor_of(case.region)),
        (LineKind.COMPLEXITY, case.complexity, tariff.factor_for(case.complexity)),
    ):
        if factor != 1:
            more = Fraction(factor) - 1
            amounts = {bucket: amount * more for bucket, amount in sheet.left.items()}
            sheet.write(kind, amounts, Why(key, factor, "times"))


def _fees(sheet: Sheet, tariff: Tariff, case: Case, billed: int, scale: Fraction) -> None:
    seen: set[str] = set()
    for fee in tariff.fees:
        if fee.key in seen or not any(fits(fee, case, hours=stretch.hours) for stretch in case.stretches):
            continue
        seen.add(fee.key)
        times = _times(fee, case, billed)
        each = Fraction(fee.amount) * scale
        why = Why(fee.key, Decimal(times), fee.per, each)
        sheet.write(LineKind.FEE, {("fees", case.stretches[0].hours): each * times}, why)


def _times(fee: Fee, case: Case, billed: int) -> int:
    if fee.per == "person":
        return sum(c.count for c in case.crew if not fee.grade or c.grade in fee.grade)
    return max(-(-billed // DAY), 1) if fee.per == "day" else 1


def _at_least(sheet: Sheet, minimum: Fraction, start: str) -> None:
    """What is missing to the smallest bill; help that is free stays free, and parts do not count."""
    so_far = sum((amount for (what, _), amount in sheet.left.items() if what != "parts"), Fraction(0))
    if 0 < so_far < minimum:
        sheet.write(LineKind.MINIMUM, {("fees", start): minimum - so_far}, Why(price=minimum))


# ── what changes it ──


class Change(msgspec.Struct, frozen=True):
    """A percentage, where it comes from and what it is on."""

    kind: LineKind
    key: str
    percent: Decimal
    on: frozenset[What]
    rule: Rule


def _changes(tariff: Tariff, plan: Plan | None, verdict: Verdict) -> list[Change]:
    """The tariff's surcharges and discounts, then the plan's, which exclude each other; none on what the plan pays."""
    paid = {what for what in EVERYTHING if verdict.uses and verdict.pays(what) == 1}
    off = [
        Change(LineKind.DISCOUNT, "plan", -rule.percent, frozenset(rule.on) - paid, rule)
        for rule in (plan.discounts if plan else ())
    ]
    return [Change(LineKind.ADJUSTMENT, r.key, r.percent, frozenset(r.on), r) for r in tariff.adjustments] + off


def _percentages(sheet: Sheet, tariff: Tariff, case: Case, changes: list[Change]) -> None:
    """Surcharges and discounts: all of the same base, or one after the other, as the tariff declares."""
    hours = list(dict.fromkeys(stretch.hours for stretch in case.stretches))
    base = dict(sheet.left)
    taken: set[tuple[LineKind, str, str]] = set()
    for change in changes:
        kind, key, rule = change.kind, change.key, change.rule
        when = [h for h in hours if (kind, key, h) not in taken and fits(rule, case, hours=h)]
        if not when:
            continue
        taken |= {(kind, key, h) for h in when}
        of = base if tariff.percentages == "add" else dict(sheet.left)
        share = Fraction(change.percent) / 100
        amounts: dict[Bucket, Fraction] = {
            bucket: max(amount * share, -sheet.left[bucket])
            for bucket, amount in of.items()
            if bucket[0] in change.on and bucket[1] in when
        }
        named = when[0] if rule.hours and len(when) == 1 else None
        sheet.write(kind, amounts, Why(key, change.percent, "percent", hours=named))


def warranty_of(tariff: Tariff, case: Case) -> Warranty | None:
    """The warranty a case stands under, as the tariff declares it."""
    return next((w for w in tariff.warranties if w.kind == case.warranty), None)


def _warranty(sheet: Sheet, tariff: Tariff, case: Case) -> Fraction:
    rule = warranty_of(tariff, case)
    if rule is None:
        return Fraction(0)
    amounts = {bucket: -amount * Fraction(getattr(rule, bucket[0])) / 100 for bucket, amount in sheet.left.items()}
    return -sheet.write(LineKind.WARRANTY, amounts, Why(rule.kind))


def _by_plan(sheet: Sheet, verdict: Verdict, labour: Fraction) -> Fraction:
    """What the plan pays: its share of the labour, and of everything else."""
    if not verdict.uses:
        return Fraction(0)
    shares = {what: labour if what == "labour" else verdict.pays(what) for what in EVERYTHING}
    amounts = {bucket: -amount * shares[bucket[0]] for bucket, amount in sheet.left.items()}
    covered = Decimal(sum(use.minutes for use in verdict.uses))
    return -sheet.write(LineKind.PLAN, amounts, Why(verdict.uses[0].allowance, covered, "minute"))


def _credit(sheet: Sheet, tariff: Tariff, case: Case) -> None:
    """What was paid for help that did not solve it."""
    rule = next((c for c in tariff.credits if c.of == case.paid_for and c.to == case.work), None)
    if rule is None or case.paid_before is None or case.paid_days_ago > rule.within_days:
        return
    left = Fraction(case.paid_before.minor) * Fraction(rule.percent) / 100
    amounts: dict[Bucket, Fraction] = {}
    for bucket in sorted(sheet.left, key=lambda b: EVERYTHING.index(b[0])):
        amounts[bucket] = -min(sheet.left[bucket], left)
        left += amounts[bucket]
    sheet.write(LineKind.CREDIT, amounts, Why(rule.of))
