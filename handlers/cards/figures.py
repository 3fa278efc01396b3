"""The single amounts of a price list in words: what for, by whom, when; and which part of the price it is."""

from typing import Any

from domain.company import PriceList
from domain.declared import Words
from domain.figures import Figure
from domain.money import Money
from domain.tariff import Rule
from handlers.cards.names import hours_label, named, work_label
from locales.text import Listing, Minutes, Number, Text, Value, own, t


def amount_of(company: PriceList, figure: Figure) -> Money:
    """What it comes to."""
    return Money.of(figure.amount, company.currency)


def figure_label(company: PriceList, figure: Figure) -> Value:
    """What it is, as the team would say it."""
    if figure.table == "plans":
        plan = company.plans[int(figure.place[1])]
        return t("figure.two", what=own(plan.name), part=t(f"figure.per.{figure.place[3]}"))
    if figure.table == "minimum_total":
        return t("figure.minimum_total")
    entry = getattr(company.tariff, figure.table)[int(figure.place[2])]
    what, part = _entry(company, figure.table, entry), _part(entry, figure)
    return what if part is None else t("figure.two", what=what, part=part)


def _entry(company: PriceList, table: str, entry: Any) -> Value:
    """What an entry is for."""
    words: list[Value] = []
    if table == "fees":
        words.append(own(entry.name) if entry.name is not None else str(entry.key))
    elif table == "travel":
        words.append(t("line.travel"))
    elif table == "cancellation":
        hours = Number(entry.within_hours) if entry.within_hours is not None else ""
        words.append(t("figure.no_show") if entry.no_show else t("figure.called_off", hours=hours))
    stated = [name for name in entry.stated if not (table == "fees" and entry.name is not None and name == "urgent")]
    words += [word for name in stated for word in _condition(company, entry, name)]
    return Listing(tuple(words), "plain") if words else t("figure.labour")


def _condition(company: PriceList, rule: Rule, name: str) -> list[Value]:
    """One condition, in the company's words where it has some."""
    tariff, given = company.tariff, getattr(rule, name)
    if not isinstance(given, tuple):
        return [f"{name} {'' if given is True else given}".strip()]
    names: dict[str, dict[str, Words | None]] = {
        "grade": {g.key: g.name for g in tariff.grades},
        "region": {r.key: r.name for r in tariff.regions},
        "complexity": {c.key: c.name for c in tariff.complexities},
        "plan": {p.key: p.name for p in company.plans},
        "warranty": {w.kind: w.name for w in tariff.warranties},
    }
    if name == "work":
        return [work_label(company, key) for key in given]
    if name == "hours":
        return [hours_label(tariff, key) for key in given]
    if name == "area":
        return [t(f"area.{area}") for area in given]
    if name == "zone":
        return [t("line.travel.zone", zone=zone) for zone in given]
    return [named(names.get(name, {}), str(key)) for key in given]


def _part(entry: Any, figure: Figure) -> Text | None:
    """Which part of the price."""
    field = figure.place[3]
    if field == "zones":
        return t("line.travel.zone", zone=str(figure.place[4]))
    if field == "bands":
        band = entry.bands[int(figure.place[4])]
        top = getattr(band, "up_to", None)
        if figure.table == "travel":
            return t("figure.up_to_km", km=Number(band.up_to_km)) if band.up_to_km is not None else t("figure.beyond")
        return t("figure.up_to", time=Minutes(top)) if top is not None else t("figure.beyond")
    if field == "per_step":
        return t("figure.per_step", time=Minutes(entry.step))
    if field in ("amount", "fee", "price"):
        return None
    return t(f"figure.{field}")
