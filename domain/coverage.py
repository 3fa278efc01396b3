"""Coverage: what a contract says about a request. Pure."""

from enum import StrEnum

import msgspec

from domain.areas import Area, Help
from domain.company import Plan


class Ruling(StrEnum):
    """Who pays."""

    INCLUDED = "included"
    PARTLY = "partly"
    NOT_INCLUDED = "not_included"
    EXCLUDED = "excluded"  # never ours, at any price


class Clause(StrEnum):
    """The sentence of the contract that decides."""

    NO_CONTRACT = "no_contract"
    AREA_EXCLUDED = "area_excluded"
    AREA_NOT_COVERED = "area_not_covered"
    NOT_IN_PLAN = "not_in_plan"
    ALLOWANCE = "allowance"
    ALLOWANCE_SHORT = "allowance_short"
    ALLOWANCE_USED_UP = "allowance_used_up"


class Balance(msgspec.Struct, frozen=True):
    """What is left of an allowance: `kind` counts visits or minutes."""

    kind: str
    granted: int
    left: int


class Verdict(msgspec.Struct, frozen=True):
    """The ruling for one kind of help, the clause it stands on, and the balance before and after."""

    help: Help
    ruling: Ruling
    clause: Clause
    allowance: str | None = None
    before: int = 0
    used: int = 0

    @property
    def after(self) -> int:
        """What will be left of the allowance."""
        return self.before - self.used


UNIT = {Help.REMOTE: "remote_minutes", Help.VISIT: "visits"}
RANK = (Ruling.INCLUDED, Ruling.PARTLY, Ruling.NOT_INCLUDED, Ruling.EXCLUDED)


def judge(plan: Plan | None, balances: dict[str, Balance], area: Area, kind: Help, minutes: int) -> Verdict:
    """What the contract says about `minutes` of this help in this area."""
    if plan is None:
        return Verdict(kind, Ruling.NOT_INCLUDED, Clause.NO_CONTRACT)
    if area in plan.excluded:
        return Verdict(kind, Ruling.EXCLUDED, Clause.AREA_EXCLUDED)
    if area not in plan.areas:
        return Verdict(kind, Ruling.NOT_INCLUDED, Clause.AREA_NOT_COVERED)
    unit = UNIT[kind]
    balance = balances.get(unit)
    if balance is None:
        return Verdict(kind, Ruling.NOT_INCLUDED, Clause.NOT_IN_PLAN)
    needed = minutes if kind is Help.REMOTE else 1
    if balance.left >= needed:
        return Verdict(kind, Ruling.INCLUDED, Clause.ALLOWANCE, unit, balance.left, needed)
    if balance.left > 0:
        return Verdict(kind, Ruling.PARTLY, Clause.ALLOWANCE_SHORT, unit, balance.left, balance.left)
    return Verdict(kind, Ruling.NOT_INCLUDED, Clause.ALLOWANCE_USED_UP, unit)


def best(verdicts: list[Verdict]) -> Verdict:
    """The verdict to say first: the most generous one."""
    return min(verdicts, key=lambda v: RANK.index(v.ruling))
