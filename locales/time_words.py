"""The words for days and hours of each language, as `locales/<language>/understanding/when.toml` declares them."""

from functools import cache

import msgspec

from locales.catalogues import HERE


class TimeWords(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How one language speaks of days and hours; every list holds phrases as people type them."""

    day_first: bool  # 3/12 is surely the third of December
    next_is_coming: bool  # “next Friday” is always the coming one
    bare_hours: bool  # “after 4” needs no article and no “h” to be an hour
    habit_articles: bool  # an article before a weekday says every such week
    counted: dict[int, int]  # so many days people say, and so many they mean
    rel: dict[int, list[str]]  # days from today
    weekday: dict[int, list[str]]  # Monday is 0
    short: dict[int, list[str]]  # abbreviations that are words of their own too
    many: dict[int, list[str]]  # weekdays in the plural
    month: dict[int, list[str]]
    weak_month: dict[int, list[str]]  # names and abbreviations that are words of their own too
    part: dict[str, list[str]]
    portion: dict[str, list[str]]  # begin, middle and end of a week or a month
    number: dict[int, list[str]]
    unit: dict[str, list[str]]
    eight: dict[int, list[str]]  # “en huit”: so many days after the coming one
    said: dict[str, str]  # one word for two: tonight = today evening
    words: dict[str, list[str]]  # small words by what they do
    marks: dict[str, list[str]]  # what tells a wish from a tale
    not_typos: list[str]  # words that look like a misspelt day and are none


@cache
def time_words(language: str) -> TimeWords:
    """The words of a language, read once."""
    file = HERE / language / "understanding" / "when.toml"
    return msgspec.toml.decode(file.read_bytes(), type=TimeWords, strict=False)
