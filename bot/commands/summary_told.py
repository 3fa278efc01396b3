"""A summary for scripts and spreadsheets: plain names that do not change with the language."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from json import dumps
from typing import Any

import msgspec

from bot.spreadsheet import Cell
from domain.money import Money
from domain.statistics import Change, Estimate
from domain.summaries import Point, Summary
from domain.summaries_answers import Answers
from domain.summaries_money import Sum

COLUMNS = ("part", "figure", "value", "low", "high", "of")


def json(found: Summary, points: Iterable[Point], *, personal: bool) -> bytes:
    """Everything, with the trend; what people wrote only where that is asked for."""
    change, care = found.compared, found.care
    told = {
        "from": found.days.since.isoformat(),
        "until": found.days.until.isoformat(),
        "satisfaction": _answers(found.answers),
        "before": _answers(change.before),
        "change": {"mean": _change(change.mean), "satisfied": _change(change.good), "rate": _change(change.rate)},
        "trend": [_point(point) for point in points],
        "by": found.by,
        "groups": [{"group": g.key, **(_answers(g.answers) if g.answers else {"fewer_than": 5})} for g in found.groups],
        "recommend": {**_plain(found.recommended), "net": _plain(found.recommended.net)},
        "reasons": [_plain(reason) for reason in found.reasons],
        "remarks": found.remarks,
        **({"verbatims": [_plain(said) for said in found.verbatims]} if personal else {}),
        "recovered": {**_plain(found.recovered), "share": _plain(found.recovered.share)},
        "care": {**_plain(care), "promises": [{**_plain(kept), "share": _plain(kept.share)} for kept in care.promises]},
        "business": _money(found.business),
    }
    return dumps(_plain(told), ensure_ascii=False, indent=2).encode()


def _point(point: Point) -> dict[str, Any]:
    days = {"from": point.days.first.isoformat(), "to": point.days.last.isoformat()}
    return {**days, **_answers(point.answers)}


def _answers(answers: Answers) -> dict[str, Any]:
    return {
        "asked": answers.asked,
        "answered": answers.answered,
        "scores": answers.scores,
        "mean": _plain(answers.mean),
        "satisfied": _plain(answers.good),
        "rate": _plain(answers.rate),
    }


def _change(change: Change | None) -> dict[str, Any] | None:
    return None if change is None else {**_plain(change), "more_than_chance": change.real}


def _plain(value: Any) -> Any:
    return msgspec.to_builtins(value)


def _money(value: Any) -> Any:
    """Amounts as people write them, with their currency."""
    if isinstance(value, Money):
        return {"amount": str(value.amount), "currency": value.currency}
    if isinstance(value, msgspec.Struct):
        return {name: _money(getattr(value, name)) for name in value.__struct_fields__}
    return [_money(each) for each in value] if isinstance(value, tuple) else value


def cells(found: Summary) -> Iterator[Sequence[Cell]]:
    """One row for each figure; without words, so nothing personal is in it."""
    yield from _satisfaction("satisfaction", found.answers)
    yield from _satisfaction("before", found.compared.before)
    for group in found.groups:
        part = f"{found.by}: {group.key or '–'}"
        yield from (
            _satisfaction(part, group.answers) if group.answers else [(part, "fewer than 5 answers", *[None] * 4)]
        )
    yield "recommend", "asked", found.recommended.asked, None, None, None
    yield _estimate("recommend", "net", found.recommended.net)
    for reason in found.reasons:
        yield "good" if reason.good else "bad", reason.key, reason.count, None, None, reason.of
    yield _estimate("recovered", "share", found.recovered.share)
    yield "recovered", "open", found.recovered.open, None, None, None
    yield from _care(found)
    yield from _business(found)


def _satisfaction(part: str, answers: Answers) -> Iterator[Sequence[Cell]]:
    yield part, "asked", answers.asked, None, None, None
    yield part, "answered", answers.answered, None, None, None
    for name, estimate in (("rate", answers.rate), ("mean", answers.mean), ("satisfied", answers.good)):
        yield _estimate(part, name, estimate)
    for score in range(1, 6):
        yield part, f"score {score}", answers.scores.get(score, 0), None, None, None


def _estimate(part: str, name: str, found: Estimate | None) -> Sequence[Cell]:
    if found is None:
        return part, name, None, None, None, 0
    return part, name, _number(found.value), _number(found.low), _number(found.high), found.of


def _number(value: float) -> Decimal:
    return Decimal(f"{value:.4f}")


def _care(found: Summary) -> Iterator[Sequence[Cell]]:
    care = found.care
    for kept in care.promises:
        yield _estimate("care", f"kept: {kept.what}", kept.share)
    yield "care", "own promises kept", care.commitments.kept, None, None, care.commitments.due
    for name, spread in (("first answer", care.answered), ("solution", care.solved)):
        if spread is not None:
            yield "care", f"{name}: median minutes", spread.median, None, None, spread.of
            yield "care", f"{name}: minutes of nine in ten", spread.ninety, None, None, spread.of
    yield _estimate("care", "solved without a visit", care.remote)
    yield _estimate("care", "not solved after all", care.reopened)
    yield _estimate("care", "mended by first aid", care.mended)
    yield "care", "requests looked at", care.looked_at, None, None, care.under_way


def _business(found: Summary) -> Iterator[Sequence[Cell]]:
    told = found.business
    sums: tuple[tuple[str, Sum], ...] = (
        ("remote help", told.remote),
        ("visits", told.visits),
        ("subscriptions", told.subscriptions),
        ("goodwill", told.goodwill),
    )
    yield "money", f"paid by plans, {told.included.currency}", told.included.amount, None, None, None
    for name, summed in sums:
        yield "money", f"{name}, {summed.amount.currency}", summed.amount.amount, None, None, summed.count
    up = told.upgrades
    for name, count in (("shown", up.shown), ("opened", up.opened), ("yes", up.yes), ("booked", up.booked)):
        yield "upgrades", name, count, None, None, None
    yield "upgrades", f"revenue, {up.revenue.currency}", up.revenue.amount, None, None, None
    for plan, count in told.plans.items():
        yield "contracts", f"plan {plan}", count, None, None, None
    for name in ("renewed", "begun", "ended", "strangers", "came", "signed"):
        yield "contracts", name, getattr(told, name), None, None, None
    for one in told.overused:
        yield "contracts", f"used, {one.contract}", one.used.amount, None, None, None
        yield "contracts", f"price, {one.contract}", one.price.amount, None, None, None
