"""A price in the words that a homeowner reads: the phrases of the cards."""

from domain.company import PriceList
from domain.money import Money
from domain.pricing import Priced
from domain.tariff import NO_PLAN
from handlers.cards.lines import quote_facts
from locales.phrasebook import say
from locales.text import Value, t


def said(prices: PriceList, priced: Priced, language: str) -> tuple[str, list[tuple[str, str]]]:
    """The ruling with its clause, and every line with its amount."""
    facts = quote_facts(prices, priced.quote)
    rows = [(_words(fact.label, language), _words(fact.value, language)) for fact in facts]
    return _ruling(prices, priced, language), rows


def excluded(prices: PriceList, priced: Priced, language: str) -> list[str]:
    """What the plan excludes has no lines: the ruling, the company's reason, and who can say more."""
    case = priced.case
    written = prices.plan(case.plan).exclusion(case.area, case.work)
    reason = [written.reason.say(language)] if written and written.reason else []
    return [_ruling(prices, priced, language), *reason, _words(t("solve.excluded"), language)]


def _ruling(prices: PriceList, priced: Priced, language: str) -> str:
    verdict, case = priced.verdict, priced.case
    name = "" if case.plan == NO_PLAN else prices.plan(case.plan).name.say(language)
    clause = t(f"clause.{verdict.clause}", plan=name, area=t(f"area.{case.area}"))
    return f"{_words(t(f'verdict.{verdict.ruling}'), language)}. {_words(clause, language)}"


def _words(value: Value, language: str) -> str:
    return say(value, language).replace("**", "")


def called_off(fee: Money, language: str) -> str:
    """What calling it off costs."""
    return say(t("line.called_off", fee=fee), language)
