"""What a company declares is made of these: closed, frozen values, and the forms of their fields."""

from datetime import date, time
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo

from babel.core import get_global
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

Language = Literal["en", "fr", "es", "it"]
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
Period = Literal["month", "quarter", "year"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
MONTHS: dict[Period, int] = {"month": 1, "quarter": 3, "year": 12}


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as unknown:
        raise ValueError(f"“{name}” is no time zone; write one of the IANA list, for example Europe/Paris") from unknown
    return name


def _currency(code: str) -> str:
    if code not in get_global("all_currencies"):
        raise ValueError(f"“{code}” is no currency; write its ISO 4217 code, for example EUR")
    return code


def listed(given: Any) -> Any:
    """One value may stand for a list of one."""
    return [given] if isinstance(given, str | int) and not isinstance(given, bool) else given


Key = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
Keys = Annotated[
    tuple[Key, ...], BeforeValidator(lambda given: listed(str(given) if isinstance(given, int) else given))
]
Number = Annotated[  # a key that is often a number: zone = 2
    Key,
    BeforeValidator(
        lambda given: str(given) if isinstance(given, int) and not isinstance(given, bool) else given,
        json_schema_input_type=str | int,
    ),
]
Amount = Annotated[Decimal, Field(ge=0, le=10**9, decimal_places=4)]  # in major units of the company's currency
Minutes = Annotated[int, Field(gt=0, le=60 * 24 * 60)]
Percent = Annotated[Decimal, Field(ge=0, le=100, decimal_places=4)]
Zone = Annotated[str, AfterValidator(_zone)]
Currency = Annotated[str, AfterValidator(_currency)]


class Value(BaseModel):
    """Frozen, and closed: a key we do not know is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid", ignored_types=(cached_property,), defer_build=True)

    def __copy__(self) -> Self:
        """A copy that others may be changed in (`model_copy`): what was worked out from this one is not taken along."""
        made = super().__copy__()
        for name in made.__dict__.keys() - type(self).model_fields.keys():
            del made.__dict__[name]
        return made


class Words(Value):
    """A phrase the company writes itself, in each of its languages."""

    en: str | None = None
    fr: str | None = None
    es: str | None = None
    it: str | None = None

    def say(self, language: str) -> str:
        """The words in that language, else in the first that has them."""
        own: str | None = getattr(self, language, None)
        return own or self.en or self.fr or self.es or self.it or ""


class Shift(Value):
    """Working hours on some weekdays: from `start` to `end`, local time of who works them; a night ends tomorrow."""

    days: tuple[Weekday, ...] = Field(min_length=1)
    start: time
    end: time
    holidays: Literal["never", "also", "only"] = "never"  # whether it begins on public holidays


def months_after(begin: date, months: int) -> date:
    """The same day so many months later; the 31st becomes the last day of a shorter month."""
    index = begin.year * 12 + begin.month - 1 + months
    year, month = divmod(index, 12)
    for day in range(begin.day, begin.day - 4, -1):
        try:
            return date(year, month + 1, day)
        except ValueError:
            continue
    raise ValueError(f"no day {begin.day} around {year}-{month + 1}")  # pragma: no cover (no month is that short)
