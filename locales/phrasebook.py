"""The phrasebook: says a value in a language."""

import re
from collections.abc import Callable
from datetime import date
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_time
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent
from babel.units import format_unit

from domain.money import Money
from locales.catalogues import LANGUAGES, Catalogue, catalogue
from locales.text import Day, In, Listing, Minutes, Moment, Number, Own, Percent, Span, Text, Value

__all__ = ["LANGUAGES", "Catalogue", "catalogue", "say", "speaks"]

BLANK = re.compile(r"\{(\w+)\}")


@cache
def _locale(language: str) -> Locale:
    # British English: the day before the month and a 24-hour clock, as our homeowners write them.
    return Locale.parse({"en": "en_GB"}.get(language, language))


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def say(value: Value, language: str) -> str:
    """The words for a value. An unknown key is our fault and raises KeyError: tests keep the catalogues complete."""
    if isinstance(value, str):
        return value
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Text):
        return _phrase(value, language)
    if isinstance(value, In):
        return _phrase(value.text, value.language)
    return _SPOKEN[type(value)](value, _locale(language))


def _phrase(text: Text, language: str) -> str:
    book = catalogue(language)
    forms = book.phrases[text.key]
    form = forms[0] if text.count is None or len(forms) == 1 else forms[book.plural(text.count)]

    def fill(blank: re.Match[str]) -> str:
        name = blank.group(1)
        if name == "count" and text.count is not None:
            return str(text.count)
        return say(text.values[name], language)

    return BLANK.sub(fill, form)


def speaks(key: str, language: str = "en") -> bool:
    """Whether there is such a phrase."""
    return key in catalogue(language).phrases


def _money(money: Money, locale: Locale) -> str:
    # With a real minus, as everywhere: a hyphen is torn from its number at the end of a line.
    return format_currency(money.amount, money.currency, locale=locale).replace("-", "−")


def _moment(moment: Moment, locale: Locale) -> str:
    at = moment.at.astimezone(_zone(moment.zone))
    if moment.style == "time":
        return format_time(at, "short", locale=locale)
    if moment.style == "day":
        return _weekday(at.date(), locale)
    if moment.style == "short":
        return f"{_brief(at.date(), locale)} {format_time(at, 'short', locale=locale)}"
    return f"{_weekday(at.date(), locale)}, {format_time(at, 'short', locale=locale)}"


def _weekday(on: date, locale: Locale) -> str:
    return format_date(on, _WEEKDAY.get(locale.language, "EEEE d MMMM"), locale=locale)


# The whole weekday and month in every language (the libraries' skeletons shorten some of them).
_WEEKDAY = {"es": "EEEE d 'de' MMMM"}


def _span(span: Span, locale: Locale) -> str:
    start, end = (at.astimezone(_zone(span.zone)) for at in (span.start, span.end))
    hours = f"{format_time(start, 'short', locale=locale)}–{format_time(end, 'short', locale=locale)}"
    return f"{_weekday(start.date(), locale)}, {hours}"


def _day(day: Day, locale: Locale) -> str:
    if day.style == "short":
        return _brief(day.on, locale)
    return format_date(day.on, {"date": "d MMM", "month": "LLL"}.get(day.style, "long"), locale=locale)


def _brief(on: date, locale: Locale) -> str:
    """Weekday, day and month, as short as a button wants them."""
    return format_date(on, "EEE d MMM", locale=locale)


def _minutes(minutes: Minutes, locale: Locale) -> str:
    hours, rest = divmod(minutes.count, 60)
    parts = [format_unit(n, unit, "long", locale=locale) for n, unit in ((hours, "hour"), (rest, "minute")) if n]
    return " ".join(parts) or format_unit(0, "minute", "long", locale=locale)


def _number(number: Number, locale: Locale) -> str:
    if number.places is None:
        return format_decimal(number.value, locale=locale, decimal_quantization=False)
    return format_decimal(number.value, f"#,##0.{'0' * number.places}", locale=locale)


# Before which sound a language changes its “and” or “or”: Spanish “e Iluminación”, Italian “ed Elettricità”.
EUPHONY: dict[str, tuple[tuple[str, str, re.Pattern[str]], ...]] = {
    "es": (
        (" y ", " e ", re.compile(r"h?[ií](?![aeoáéó])", re.IGNORECASE)),
        (" o ", " u ", re.compile(r"h?[oó]", re.IGNORECASE)),
    ),
    "it": ((" e ", " ed ", re.compile(r"[eèé]", re.IGNORECASE)),),
}


def _listing(listing: Listing, locale: Locale) -> str:
    words = [say(item, locale.language) for item in listing.items]
    if listing.style == "plain":
        return ", ".join(words)
    joined = format_list(words, "standard" if listing.style == "and" else "or", locale=locale)
    for usual, before, sound in EUPHONY.get(locale.language, ()):
        if len(words) > 1 and joined.endswith(f"{usual}{words[-1]}") and sound.match(words[-1]):
            return joined[: -len(usual) - len(words[-1])] + before + words[-1]
    return joined


_SPOKEN: dict[type, Callable[..., str]] = {
    Money: _money,
    Moment: _moment,
    Span: _span,
    Day: _day,
    Minutes: _minutes,
    Percent: lambda rate, locale: format_percent(rate.value / 100, locale=locale, decimal_quantization=False),
    Number: _number,
    Listing: _listing,
    Own: lambda own, locale: own.words.get(locale.language) or next(iter(own.words.values()), ""),
}
