"""Coverage: what a contract says about a case, with the clause that says so. Pure."""

from enum import StrEnum
from fractions import Fraction

import msgspec

from domain.cases import Case, fits, share
from domain.plans import Allowance, Plan, Unit
from domain.tariff import EVERYTHING, Warranty, What
from domain.working_time import Stretch


class Ruling(StrEnum):
    """Who pays."""

    INCLUDED = "included"
    PARTLY = "partly"
    NOT_INCLUDED = "not_included"
    EXCLUDED = "excluded"  # never ours, at any price


class Clause(StrEnum):
    """The sentence of the contract that decides."""

    NO_CONTRACT = "no_contract"
    SUSPENDED = "suspended"
    AREA_EXCLUDED = "area_excluded"
    WORK_EXCLUDED = "work_excluded"
    AREA_NOT_COVERED = "area_not_covered"
    NOT_IN_PLAN = "not_in_plan"
    ALLOWANCE = "allowance"
    ALLOWANCE_SHORT = "allowance_short"
    ALLOWANCE_USED_UP = "allowance_used_up"
    UNLIMITED = "unlimited"
    WARRANTY = "warranty"
    WARRANTY_PARTLY = "warranty_partly"
    FREE = "free"
    EXTRAS = "extras"  # the time is included, something else is not
    BY_HAND = "by_hand"  # the tariff has no price for it: a person looks first
    OWN_PRICE = "own_price"  # a person made it: neither the tariff nor the contract decides


class Balance(msgspec.Struct, frozen=True):
    """What is left of an allowance in its running period; `left` is None when there is no end to it.

    Hours are counted in minutes; visits and tickets by the piece.
    """

    key: str
    unit: Unit
    granted: int | None
    left: int | None


class Use(msgspec.Struct, frozen=True):
    """What a case takes from one allowance: its units before and taken, the minutes they cover, and what they pay."""

    allowance: str
    unit: Unit
    before: int | None
    units: int
    minutes: int
    pays: tuple[What, ...]

    @property
    def after(self) -> int | None:
        """What will be left of the allowance."""
        return None if self.before is None else self.before - self.units


class Verdict(msgspec.Struct, frozen=True):
    """The ruling for one kind of work, the clause it stands on, and what it takes from the allowances."""

    work: str
    ruling: Ruling
    clause: Clause
    minutes: int = 0
    uses: tuple[Use, ...] = ()

    def pays(self, what: What) -> Fraction:
        """The share of labour, fees or travel that the plan pays."""
        uses = [use for use in self.uses if what in use.pays]
        if what != "labour" and any(use.unit in PIECES for use in uses):
            return Fraction(1)
        return min(share(sum(use.minutes for use in uses), self.minutes), Fraction(1)) if uses else Fraction(0)


PIECES: tuple[Unit, ...] = ("visits", "tickets")
RANK = (Ruling.INCLUDED, Ruling.PARTLY, Ruling.NOT_INCLUDED, Ruling.EXCLUDED)


def judge(
    plan: Plan | None,
    balances: dict[str, Balance],
    case: Case,
    stretches: tuple[Stretch, ...],
    warranty: Warranty | None = None,
) -> Verdict:
    """What the contract says about a case whose minutes lie in these stretches, with the balances of that moment."""
    if plan is not None and (exclusion := plan.exclusion(case.area, case.work)):
        clause = Clause.AREA_EXCLUDED if exclusion.areas else Clause.WORK_EXCLUDED
        return Verdict(case.work, Ruling.EXCLUDED, clause, case.minutes)
    if warranty is not None and all(getattr(warranty, what) == 100 for what in ("labour", "fees", "travel")):
        return Verdict(case.work, Ruling.INCLUDED, Clause.WARRANTY, case.minutes)
    found = _by_plan(plan, balances, case, stretches)
    if found.ruling is Ruling.NOT_INCLUDED and warranty is not None and _pays_something(warranty):
        return Verdict(case.work, Ruling.PARTLY, Clause.WARRANTY_PARTLY, case.minutes)
    return found


def _pays_something(warranty: Warranty) -> bool:
    return any(getattr(warranty, what) for what in EVERYTHING)


def _by_plan(plan: Plan | None, balances: dict[str, Balance], case: Case, stretches: tuple[Stretch, ...]) -> Verdict:
    if plan is None:
        return Verdict(case.work, Ruling.NOT_INCLUDED, Clause.NO_CONTRACT, case.minutes)
    if case.area not in plan.areas:
        return Verdict(case.work, Ruling.NOT_INCLUDED, Clause.AREA_NOT_COVERED, case.minutes)
    meant = [a for a in plan.includes if _is_for(a, case, stretches)]
    if not meant:
        return Verdict(case.work, Ruling.NOT_INCLUDED, Clause.NOT_IN_PLAN, case.minutes)
    uses: list[Use] = []
    open_minutes = stretches
    for allowance in meant:
        use, open_minutes = _use(allowance, balances.get(allowance.key), case, open_minutes)
        uses += [use] if use is not None else []
        if uses and not _minutes(open_minutes):
            break
    return Verdict(case.work, *_ruling(uses, _minutes(open_minutes)), case.minutes, tuple(uses))


def _ruling(uses: list[Use], left_open: int) -> tuple[Ruling, Clause]:
    if not uses:
        return Ruling.NOT_INCLUDED, Clause.ALLOWANCE_USED_UP
    if left_open:
        return Ruling.PARTLY, Clause.ALLOWANCE_SHORT
    if any("labour" not in use.pays for use in uses):
        return Ruling.PARTLY, Clause.EXTRAS
    return Ruling.INCLUDED, Clause.UNLIMITED if all(u.before is None for u in uses) else Clause.ALLOWANCE


def _is_for(allowance: Allowance, case: Case, stretches: tuple[Stretch, ...]) -> bool:
    return (
        (not allowance.work or case.work in allowance.work)
        and (not allowance.areas or case.area in allowance.areas)
        and (not allowance.urgencies or case.urgency in allowance.urgencies)
        and (not allowance.hours or all(s.hours in allowance.hours for s in stretches))
    )


def _use(
    allowance: Allowance, balance: Balance | None, case: Case, stretches: tuple[Stretch, ...]
) -> tuple[Use | None, tuple[Stretch, ...]]:
    """What a case takes from one allowance, and the minutes that remain to be paid otherwise."""
    before = balance.left if balance else (None if allowance.amount is None else 0)
    if before is not None and before <= 0:
        return None, stretches
    if allowance.unit in PIECES:
        units, covered = _pieces(allowance, before, case, stretches)
    else:
        units, covered = _time(allowance, before, case, stretches)
    if covered is None:
        return None, stretches
    return Use(allowance.key, allowance.unit, before, units, covered, allowance.pays), _rest(stretches, covered)


def _pieces(
    allowance: Allowance, before: int | None, case: Case, stretches: tuple[Stretch, ...]
) -> tuple[int, int | None]:
    """One visit or ticket; more than one where it counts several times."""
    hours = stretches[0].hours if stretches else ""
    units = -(-_times(allowance, case, hours).numerator // _times(allowance, case, hours).denominator)
    if before is not None and before < units:
        return 0, None
    whole = _minutes(stretches)
    return units, min(whole, allowance.minutes_each or whole)


def _time(
    allowance: Allowance, before: int | None, case: Case, stretches: tuple[Stretch, ...]
) -> tuple[int, int | None]:
    """So many minutes as there are: each hour of the timetable may count several times, for each person who comes."""
    spent, covered = Fraction(0), 0
    most = min(_minutes(stretches), allowance.minutes_each or _minutes(stretches))
    for stretch in stretches:
        each = _times(allowance, case, stretch.hours) * case.heads
        wanted = min(stretch.minutes, most - covered)
        if before is not None:
            wanted = min(wanted, int((before - spent) / each))
        spent, covered = spent + wanted * each, covered + wanted
        if wanted < stretch.minutes:
            break
    units = -(-spent.numerator // (spent.denominator * allowance.step)) * allowance.step
    units = units if before is None else min(units, before)
    return units, covered if covered or not most else None


def _times(allowance: Allowance, case: Case, hours: str) -> Fraction:
    return next((Fraction(c.times) for c in allowance.counts if fits(c, case, hours=hours)), Fraction(1))


def _minutes(stretches: tuple[Stretch, ...]) -> int:
    return sum(s.minutes for s in stretches)


def _rest(stretches: tuple[Stretch, ...], covered: int) -> tuple[Stretch, ...]:
    """What remains when the first `covered` minutes are paid for."""
    found: list[Stretch] = []
    for stretch in stretches:
        gone = min(covered, stretch.minutes)
        covered -= gone
        if stretch.minutes > gone:
            found.append(Stretch(stretch.hours, stretch.minutes - gone))
    return tuple(found)


def best(verdicts: list[Verdict]) -> Verdict:
    """The verdict to say first: the most generous one."""
    return min(verdicts, key=lambda v: RANK.index(v.ruling))
