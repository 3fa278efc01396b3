"""What people read for the things a company names: its own words, else ours, else the key as it is written."""

from domain.causes import USUAL
from domain.company import Company, PriceList
from domain.declared import Words
from domain.tariff import Tariff
from locales.text import Value, own, t


def named(names: dict[str, Words | None], key: str) -> Value:
    """The company's own words for a key, else the key."""
    words = names.get(key)
    return own(words) if words is not None else key


def work_label(company: PriceList, work: str) -> Value:
    """A kind of work."""
    kind = company.tariff.kinds.get(work)
    if kind is not None and kind.name is not None:
        return own(kind.name)
    return t(f"help.{company.help_of(work)}") if kind is not None else work


def hours_label(tariff: Tariff, key: str) -> Value:
    """Some hours of the week."""
    return named({h.key: h.name for h in reversed(tariff.hours)} | {tariff.otherwise: tariff.otherwise_name}, key)


def causes(company: Company) -> tuple[str, ...]:
    """What can have been wrong: the company's own list, or the usual one."""
    return tuple(cause.key for cause in company.desk.causes) or USUAL


def cause_label(company: Company, key: str) -> Value:
    """What was wrong; one that is not in the list any more keeps its key."""
    if company.desk.causes:
        return named({cause.key: cause.name for cause in company.desk.causes}, key)
    return t(f"cause.{key}") if key in USUAL else key
