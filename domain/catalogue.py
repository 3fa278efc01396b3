"""The device catalogue: what the company knows of the devices it looks after, and what comes after them. Pure."""

import re
from collections.abc import Iterable
from datetime import date
from itertools import zip_longest
from typing import Annotated, Any

from pydantic import Field, model_validator

from domain.cases import Crew, crew_declared
from domain.declared import Amount, Key, Minutes, Value, Words
from domain.storm_rules import folded
from domain.tariff import Tariff

_NUMBER = re.compile(r"\d+")


class Effort(Value):
    """What it takes to replace a device, or to bring its software up to date."""

    work: Key = "visit"
    minutes: Minutes
    grade: Key | None = None  # who comes; left out, the tariff's first
    technicians: Annotated[int, Field(ge=1, le=20)] = 1
    crew: dict[Key, Annotated[int, Field(ge=1, le=20)]] = Field({})  # instead of both: so many of each grade
    parts: Amount | None = None  # the new device, as your prices are declared

    def people(self, tariff: Tariff) -> tuple[Crew, ...]:
        """Who comes."""
        return crew_declared(tariff, self.crew, self.grade, self.technicians)


class Known(Value):
    """A device, or several of one brand: how long it lasts, and what can be done about it."""

    brand: Annotated[str, Field(min_length=1)]
    model: Annotated[str, Field(min_length=1)]  # exactly, or a beginning: "Duo*"
    name: Words | None = None  # what it is, where people should not read brand and model
    life_years: Annotated[int, Field(ge=1, le=50)] | None = None  # after so many it should be replaced
    end_of_support: date | None = None  # from that day on its maker does nothing for it any more
    firmware: str | None = None  # the newest version of its software
    replaced_by: Words | None = None  # what comes after it, and what changes for the customer
    upgrade: Effort | None = None  # what it takes to replace it
    update: Effort | None = None  # what it takes to bring its software up to date

    @model_validator(mode="before")
    @classmethod
    def _number_is_a_name(cls, given: Any) -> Any:
        """A model or a version that is a number may be written as one."""
        if not isinstance(given, dict):
            return given
        numbers = {k: str(v) for k, v in given.items() if k in ("model", "firmware") and isinstance(v, int)}
        return {**given, **numbers}

    @model_validator(mode="after")
    def _says_something(self) -> "Known":
        if "*" in self.model[:-1]:
            raise ValueError(f"“{self.model}” has a star that is not its last letter; write a beginning, like “Duo*”")
        if self.firmware is not None and not _NUMBER.search(self.firmware):
            raise ValueError(f"“{self.firmware}” is no version; write one with a number in it, like 4.2.1")
        said = (self.life_years, self.end_of_support, self.firmware, self.upgrade, self.update)
        if not any(part is not None for part in said):
            raise ValueError("this says nothing of it; write life_years, end_of_support, firmware, upgrade, or several")
        return self

    @property
    def key(self) -> tuple[str, str]:
        """By which it is told from the others, however it is written."""
        return folded(self.brand), folded(self.model)


def find(catalogue: Iterable[Known], brand: str, model: str) -> Known | None:
    """What is known of a device: its own entry, else the one with the longest beginning that fits."""
    sought = folded(brand), folded(model)
    of_brand = [one for one in catalogue if one.key[0] == sought[0]]
    exact = next((one for one in of_brand if one.key[1] == sought[1]), None)
    if exact is not None:
        return exact
    starts = [one for one in of_brand if one.model.endswith("*") and sought[1].startswith(_beginning(one))]
    return max(starts, key=lambda one: len(_beginning(one)), default=None)


def _beginning(one: Known) -> str:
    return folded(one.model).removesuffix("*")


def older(version: str, newest: str) -> bool:
    """Whether a version comes before another: number by number, and what is missing is 0."""
    pairs = zip_longest(_numbers(version), _numbers(newest), fillvalue=0)
    first = next(((a, b) for a, b in pairs if a != b), (0, 0))
    return bool(_numbers(version)) and first[0] < first[1]


def _numbers(version: str) -> list[int]:
    return [int(number) for number in _NUMBER.findall(version)]
