"""A question about a price, as a person or a script writes it, and its answer as JSON. No database is needed."""

import difflib
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from pydantic import ValidationError

from bot.company_file.errors import spelt, told
from domain.asking import Ask
from domain.company import PriceList
from domain.coverage import Ruling, Use, Verdict
from domain.labour import NoPrice
from domain.plans import Plan
from domain.pricing import Priced
from domain.quotes import Line, Quote, TaxLine
from domain.tariff import NO_PLAN


class AskFault(Exception):  # noqa: N818 (the house says fault)
    """A question that has no answer: each fault is one sentence with its remedy."""

    def __init__(self, faults: Iterable[str], missing: str | None = None) -> None:
        self.faults = tuple(faults)
        self.missing = missing  # what the tariff would have to know: "km", "zone", "labour", "by_hand"
        super().__init__("\n".join(self.faults))

    def as_json(self) -> dict[str, Any]:
        """For `quote --json`."""
        return {"faults": list(self.faults), "missing": self.missing}


def read_ask(prices: PriceList, given: Mapping[str, Any]) -> Ask:
    """The question, with every name checked against the price list. Raises AskFault."""
    named = {**given, **({"plan": plan_key(prices, str(given["plan"]))} if given.get("plan") is not None else {})}
    try:
        ask = Ask.model_validate(named)
    except ValidationError as invalid:
        faults = []
        for error in invalid.errors():
            place = tuple(part for part in error["loc"] if part != "[key]")
            said = "; ".join(told(error, place, Ask))
            faults.append(f"{spelt(place)}: {said}" if place else said)
        raise AskFault(faults) from None
    faults = list(_unknown(prices, ask))
    if faults:
        raise AskFault(faults)
    return ask


def plan_key(prices: PriceList, said: str) -> str:
    """The key of a plan by its key, or by its name in any language. Raises AskFault."""
    wanted = said.strip().casefold()
    known: dict[str, str] = {NO_PLAN: NO_PLAN}
    for plan in prices.plans:
        known |= {name.casefold(): plan.key for name in _names(plan)}
    known |= {plan.key: plan.key for plan in prices.plans}
    if wanted not in known:
        raise AskFault([_no_such("plan", said, [NO_PLAN, *(plan.key for plan in prices.plans)], known)])
    return known[wanted]


def _names(plan: Plan) -> list[str]:
    return [name for name in (plan.name.en, plan.name.fr, plan.name.es, plan.name.it) if name]


def _unknown(prices: PriceList, ask: Ask) -> Iterable[str]:
    tariff = prices.tariff
    grades = [grade.key for grade in tariff.grades]
    zones = dict.fromkeys(zone for rule in tariff.travel for zone in (*rule.zones, *rule.zone))
    allowances = [] if ask.plan == NO_PLAN else [a.key for a in prices.plan(ask.plan).includes]
    named: list[tuple[str, str | None, list[str]]] = [
        ("work", ask.work, list(tariff.kinds)),
        ("work", ask.paid_for, list(tariff.kinds)),
        ("grade", ask.grade, grades),
        *(("grade", grade, grades) for grade in ask.crew),
        ("hours", ask.hours, list(dict.fromkeys([*(entry.key for entry in tariff.hours), tariff.otherwise]))),
        ("region", ask.region, [region.key for region in tariff.regions]),
        ("complexity", ask.complexity, [complexity.key for complexity in tariff.complexities]),
        ("warranty", ask.warranty, [warranty.kind for warranty in tariff.warranties]),
        ("zone", ask.zone, list(zones)),
        ("area", str(ask.area) if "area" in ask.model_fields_set else None, [str(area) for area in prices.areas]),
        *(("allowance", key, allowances) for key in ask.used),
    ]
    return [_no_such(kind, name, known, known) for kind, name, known in named if name is not None and name not in known]


def _no_such(kind: str, name: str, keys: Iterable[str], near_to: Iterable[str]) -> str:
    near = difflib.get_close_matches(name.casefold(), list(near_to), n=1, cutoff=0.6)
    hint = f"did you mean “{near[0]}”? " if near else ""
    known = ", ".join(keys)
    return f"there is no {kind} “{name}”; {hint}{f'known: {known}' if known else 'this price list has none'}"


# ── the answer ──


def answer(prices: PriceList, ask: Ask) -> tuple[Priced, ...]:
    """What it comes to; two for a range. Raises AskFault when the price list has no price."""
    try:
        return prices.answer(ask)
    except NoPrice as lacking:
        raise AskFault([str(lacking)], lacking.missing) from None


def nobody_comes(priced: Priced) -> bool:
    """Whether the plan excludes it: there is no price, whatever the tariff says."""
    return priced.verdict.ruling is Ruling.EXCLUDED


def answer_json(prices: PriceList, ask: Ask) -> dict[str, Any]:
    """The answer for a script: amounts are exact decimals in quotes; a range has `least` and `most`. As `answer`."""
    priced = answer(prices, ask)
    fee = _fee(prices, ask, priced[-1]) if ask.called_off else {}
    if len(priced) == 1:
        return {"currency": prices.currency, **_one(priced[0]), **fee}
    least, most = priced
    return {"currency": prices.currency, "least": _one(least), "most": _one(most), **fee}


def _fee(prices: PriceList, ask: Ask, priced: Priced) -> dict[str, Any]:
    """What calling off costs: where nobody comes, there is nothing to call off."""
    if nobody_comes(priced):
        return {"cancellation": dict.fromkeys(("net", "tax", "total"))}
    fee = prices.fee_for(ask)
    sums = {"net": fee.amount - fee.tax, "tax": fee.tax, "total": fee.amount}
    return {"cancellation": {name: str(money.amount) for name, money in sums.items()}}


def _one(priced: Priced) -> dict[str, Any]:
    quote, case, never = priced.quote, priced.case, nobody_comes(priced)
    return {
        "work": quote.work,
        "plan": case.plan,
        "minutes": quote.minutes,
        "billed_minutes": quote.billed,
        "verdict": _verdict(priced.verdict),
        "lines": [] if never else [_line(line) for line in quote.lines],
        "taxes": [] if never else [_tax(tax) for tax in quote.taxes],
        "tax_included": quote.tax_included,
        **(dict.fromkeys(SUMS) if never else _sums(quote)),
    }


SUMS = ("net", "tax", "total", "by_plan", "by_warranty")


def _sums(quote: Quote) -> dict[str, str]:
    return {name: str(getattr(quote, name).amount) for name in SUMS}


def _tax(tax: TaxLine) -> dict[str, str]:
    return {"percent": _plain(tax.percent), "of": str(tax.of.amount), "amount": str(tax.amount.amount)}


def _verdict(verdict: Verdict) -> dict[str, Any]:
    uses = [_use(use) for use in verdict.uses]
    return {"ruling": verdict.ruling.value, "clause": verdict.clause.value, "uses": uses}


def _use(use: Use) -> dict[str, Any]:
    """Balances before and after; null where there is no end to them. Hours are counted in minutes."""
    return {
        "allowance": use.allowance, "unit": use.unit, "before": use.before, "taken": use.units, "after": use.after,
        "minutes": use.minutes, "pays": list(use.pays),
    }  # fmt: skip


def _line(line: Line) -> dict[str, Any]:
    return {
        "what": line.what.value,
        "key": line.key,
        "quantity": None if line.quantity is None else _plain(line.quantity),
        "unit": line.unit,
        "unit_price": None if line.unit_price is None else str(line.unit_price.amount),
        "hours": line.hours,
        "grade": line.grade,
        "people": line.heads,
        "step": line.step,
        "amount": str(line.amount.amount),
    }


def _plain(number: Decimal) -> str:
    """A number as one writes it, without zeros at its end."""
    return f"{number.normalize():f}"
