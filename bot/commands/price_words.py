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
    verdict, case = priced.verdict, priced.case

    def words(value: Value) -> str:
        return say(value, language).replace("**", "")

    name = "" if case.plan == NO_PLAN else prices.plan(case.plan).name.say(language)
    clause = t(f"clause.{verdict.clause}", plan=name, area=t(f"area.{case.area}"))
    facts = quote_facts(prices, priced.quote)
    rows = [(words(fact.label), words(fact.value)) for fact in facts]
    return f"{words(t(f'verdict.{verdict.ruling}'))}. {words(clause)}", rows


def called_off(fee: Money, language: str) -> str:
    """What calling it off costs."""
    return say(t("line.called_off", fee=fee), language)
