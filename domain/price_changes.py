"""Prices that managers change from a day on: entered in Slack, over the amounts of the company file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Mapped, mapped_column

from domain import company_changes
from domain.calendar import TakenBackAlready
from domain.company import PriceList
from domain.desk_events import PricesEntered, PricesTakenBack
from domain.figures import EnteredChange, Figure, Line, holds
from domain.prepared import Prepared
from domain.record import Name, Short, Table, impersonal, personal
from domain.work import Refusal, Work

P = TypeVar("P", bound=PriceList)
FARTHEST = timedelta(days=3 * 366)  # a later day is a slip


class PriceChange(Table):
    """From a day on some figures have other amounts; what is taken back stays written down."""

    __tablename__ = "price_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    starts_on: Mapped[date]
    lines: Mapped[list[Any]] = impersonal()  # of each: its mark, its key then, what the file said, before, after
    reason: Mapped[str] = personal(Name)
    entered_by: Mapped[str] = impersonal(Short)
    entered_at: Mapped[datetime]
    removed_by: Mapped[str | None] = impersonal(Short)
    removed_at: Mapped[datetime | None]

    @property
    def amounts(self) -> list[tuple[str, str, Decimal, Decimal]]:
        """Of each figure: its mark, its key when it was entered, and its amount before and after."""
        return [(x["mark"], x["key"], Decimal(x["before"]), Decimal(x["after"])) for x in self.lines]


@dataclass(frozen=True)
class Wish:
    """What shall cost how much, from when on; amounts by the mark of each figure."""

    starts: date
    amounts: Mapping[str, Decimal]
    reason: str = ""


class TooSoon(Refusal):
    """Prices change from tomorrow on, at the earliest: what was said today holds today."""


class TooFarAway(Refusal):
    """A mistyped date, most likely."""


class NothingChanges(Refusal):
    """Everything costs that already, on that day."""


class CapBelowMinimum(Refusal):
    """A day would cost at most less than it costs at least."""


class NoSuchFigure(Refusal):
    """The company file does not say it any more."""


class DayHasCome(Refusal):
    """It holds already: only another change makes it undone."""


_standing = Prepared(
    select(PriceChange.id, PriceChange.starts_on, PriceChange.lines)
    .where(PriceChange.removed_at.is_(None))
    .order_by(PriceChange.starts_on, PriceChange.id)
)


def entered(work: Work) -> list[EnteredChange]:
    """All that stand, whether their day has come or not, in order."""
    return [
        EnteredChange(number, starts, tuple(Line(x["mark"], Decimal(x["filed"]), Decimal(x["after"])) for x in lines))
        for number, starts, lines in _standing.all(work.session)
    ]


def in_force(work: Work, company: P, day: date | None = None) -> P:
    """The company with the prices of this moment (or of a day): the file's, and every change whose day has come."""
    return company.on(day or company.today(work.now), entered(work))


def coming(work: Work, company: PriceList) -> list[PriceChange]:
    """What was entered and whose day is still to come, in order."""
    ahead = select(PriceChange).where(PriceChange.removed_at.is_(None), PriceChange.starts_on > company.today(work.now))
    return list(work.session.scalars(ahead.order_by(PriceChange.starts_on, PriceChange.id)))


def overruled(change: PriceChange, company: PriceList) -> list[str]:
    """The keys of those of its figures of which the file says something else by now: its word is the last one."""
    filed = {figure.mark: figure for figure in company.filed.figures}
    return [x["key"] for x in change.lines if not holds(filed, Line(x["mark"], Decimal(x["filed"]), Decimal(0)))]


def enter(work: Work, company: PriceList, wish: Wish, by: str) -> PriceChange:
    """Write it down; it holds from the first minute of its day. Raises what `looked_at` does."""
    lines = looked_at(work, company, wish)
    change = PriceChange(
        starts_on=wish.starts, lines=lines, reason=wish.reason, entered_by=by, entered_at=work.now,
    )  # fmt: skip
    work.session.add(change)
    work.session.flush()
    company_changes.note(work, by, company_changes.ChangeKind.PRICES, said(change), starts=wish.starts)
    work.happened(PricesEntered(change.id))
    return change


def looked_at(work: Work, company: PriceList, wish: Wish) -> list[Any]:
    """What a change would say. Raises TooSoon, TooFarAway, NoSuchFigure, NothingChanges, CapBelowMinimum."""
    today = company.today(work.now)
    if wish.starts <= today:
        raise TooSoon
    if wish.starts - today > FARTHEST:
        raise TooFarAway
    filed = {figure.mark: figure for figure in company.filed.figures}
    then = {f.mark: f for f in in_force(work, company, wish.starts).figures}
    if not wish.amounts.keys() <= filed.keys():
        raise NoSuchFigure
    lines = [_line(filed[m], then[m], wish.amounts[m]) for m in filed if m in wish.amounts]
    lines = [line for line in lines if Decimal(line["before"]) != Decimal(line["after"])]
    if not lines:
        raise NothingChanges
    for rule in with_wish(work, company, wish).tariff.labour:
        if rule.cap is not None and rule.minimum is not None and rule.cap < rule.minimum:
            raise CapBelowMinimum
    return lines


def _line(filed: Figure, then: Figure, amount: Decimal) -> dict[str, str]:
    said = {"filed": filed.amount, "before": then.amount, "after": amount}
    return {"mark": filed.mark, "key": filed.key, **{name: f"{value:f}" for name, value in said.items()}}


def with_wish(work: Work, company: P, wish: Wish) -> P:
    """The company on the day of a wish, if it were entered."""
    filed = {figure.mark: figure for figure in company.filed.figures}
    lines = tuple(Line(mark, filed[mark].amount, amount) for mark, amount in wish.amounts.items() if mark in filed)
    return company.on(wish.starts, [*entered(work), EnteredChange(0, wish.starts, lines)])


def by_percent(company: PriceList, percent: Decimal, step: Decimal, tables: Sequence[str] = ()) -> dict[str, Decimal]:
    """All amounts (or those of some tables) so many percent higher, each rounded to a step; what is free stays free."""
    found = {}
    for figure in company.figures:
        if figure.amount and (not tables or figure.table in tables):
            raised = figure.amount * (100 + percent) / 100
            found[figure.mark] = max((raised / step).quantize(Decimal(1), "ROUND_HALF_UP") * step, Decimal(0))
    return found


def take_back(work: Work, company: PriceList, change: PriceChange, by: str) -> None:
    """It will not hold. Raises TakenBackAlready, DayHasCome."""
    if change.removed_at is not None:
        raise TakenBackAlready
    if change.starts_on <= company.today(work.now):
        raise DayHasCome
    change.removed_by, change.removed_at = by, work.now
    company_changes.note(work, by, company_changes.ChangeKind.PRICES_BACK, said(change), starts=change.starts_on)
    work.happened(PricesTakenBack(change.id))


def said(change: PriceChange) -> list[dict[str, str | None]]:
    """What it changes, as the log of changes says it."""
    return [{"key": x["key"], "of": None, "before": x["before"], "after": x["after"]} for x in change.lines]
