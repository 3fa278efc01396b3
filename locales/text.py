"""Text: a key and its values. It becomes words only when it leaves, in the reader's language."""

from datetime import date, datetime
from decimal import Decimal
from typing import Literal, Union

import msgspec

from domain.declared import Words
from domain.money import Money


class Moment(msgspec.Struct, frozen=True, tag="moment"):
    """A moment as a reader in `zone` would say it."""

    at: datetime
    zone: str
    style: Literal["day", "time", "full", "short"] = "full"


class Span(msgspec.Struct, frozen=True, tag="span"):
    """A stretch of time on one day, as a reader in `zone` would say it."""

    start: datetime
    end: datetime
    zone: str


class Day(msgspec.Struct, frozen=True, tag="day"):
    """A calendar date; short: with its weekday, without the year; date: without both; month: only which."""

    on: date
    style: Literal["long", "short", "date", "month"] = "long"


class Minutes(msgspec.Struct, frozen=True, tag="minutes"):
    """A duration in whole minutes."""

    count: int


class Percent(msgspec.Struct, frozen=True, tag="percent"):
    """A percentage: 20, 5.5."""

    value: Decimal


class Number(msgspec.Struct, frozen=True, tag="number"):
    """A number that may have decimals; `places`: always so many."""

    value: Decimal
    places: int | None = None


class Listing(msgspec.Struct, frozen=True, tag="listing"):
    """Several values said as one list."""

    items: tuple["Value", ...]
    style: Literal["and", "or", "plain"] = "and"  # plain: only commas, for labels


class Own(msgspec.Struct, frozen=True, tag="own"):
    """Words the company wrote itself, by language: said in the reader's, else in the first it has."""

    words: dict[str, str]


class In(msgspec.Struct, frozen=True, tag="in"):
    """A phrase in a language of its own, whoever reads it: what somebody else will read."""

    text: "Text"
    language: str


class Text(msgspec.Struct, frozen=True, tag="text"):
    """A phrase by its key, with the values for its blanks; `count` chooses the plural."""

    key: str
    values: dict[str, "Value"] = {}
    count: int | None = None


# A plain string is somebody's own words or a name: shown as it is, in every language, never markup.
Value = Union[str, int, Money, Moment, Span, Day, Minutes, Percent, Number, Listing, Own, In, Text]  # noqa: UP007 (msgspec reads the forward names)


def own(words: Words) -> Own:
    """The company's words, in every language it wrote."""
    return Own({language: said for language, said in words if said})


def t(key: str, count: int | None = None, /, **values: Value) -> Text:
    """Short for `Text(key, values, count)`."""
    return Text(key, values, count)
