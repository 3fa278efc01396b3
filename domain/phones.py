"""Phone numbers: which ones there can be, and how they are kept. The library is loaded with the first one looked at."""

from importlib import import_module
from typing import Any, Literal

Verdict = Literal["possible", "impossible", "nowhere"]  # nowhere: there is no such country

_learnt: dict[tuple[str, str], Verdict] = {}


def learn(phone: str, country: str, verdict: Verdict) -> None:
    """Take over what was looked up elsewhere: the library is not loaded for it."""
    _learnt[phone, country] = verdict


def judged(phone: str, country: str) -> Verdict:
    """Whether there can be such a number, as it is dialled in that country (or with its +, where none is named)."""
    known = _learnt.get((phone, country))
    return known if known is not None else _looked_up(phone, country)


def _looked_up(phone: str, country: str) -> Verdict:
    if country and country not in _library().SUPPORTED_REGIONS:
        return "nowhere"
    return "possible" if not phone or written(phone, country or None) else "impossible"


def written(phone: str, country: str | None = None) -> str | None:
    """The number in E.164; nothing when there can be no such number."""
    library = _library()
    try:
        number = library.parse(phone, country)
    except library.NumberParseException:
        return None
    if not library.is_possible_number(number):
        return None
    said: str = library.format_number(number, library.PhoneNumberFormat.E164)
    return said


def _library() -> Any:
    return import_module("phonenumbers")  # 2 MB
