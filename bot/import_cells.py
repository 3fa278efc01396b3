"""One cell of a CSV file: from what people type to a value, or a reason and a remedy."""

import difflib
import re
from collections.abc import Iterable
from datetime import date
from decimal import ROUND_CEILING, Decimal, InvalidOperation
from zoneinfo import available_timezones

import phonenumbers
from babel.numbers import get_currency_precision

from domain.company import Company
from domain.tariff import Rule

YEARS = range(1900, 2201)  # beyond them it is a slip, and a warranty that runs from it has no end in the calendar
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
EUROPEAN = re.compile(r"(\d{1,2})[/.](\d{1,2})[/.](\d{4})")
MAIL = re.compile(r"[^\s@,;<>]+@[^\s@,;<>]+\.[^\s@,;<>.]+")
NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?")


class Wrong(Exception):  # noqa: N818 (caught next door, told as a RowFault)
    """A cell that cannot be read."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.reason = reason
        self.remedy = remedy


class Reader:
    """Reads cells as this company writes them."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.zones = available_timezones()
        tariff = company.tariff
        rules: tuple[Rule, ...] = (*tariff.labour, *tariff.fees, *tariff.travel, *tariff.adjustments, *tariff.taxes)
        named = [
            *(zone for way in tariff.travel for zone in way.zones),
            *(zone for rule in rules for zone in rule.zone),
        ]
        self.zones_of_tariff = list(dict.fromkeys(named))

    def ref(self, cell: str) -> str:
        """A reference: short, without blanks."""
        if len(cell) > 64 or re.search(r"\s", cell):
            raise Wrong(f"“{cell[:70]}” is no reference", "write up to 64 characters without blanks")
        return cell

    def short(self, cell: str) -> str:
        """A text of at most 64 characters."""
        return self._text(cell, 64)

    def name(self, cell: str) -> str:
        """A text of at most 200 characters."""
        return self._text(cell, 200)

    def _text(self, cell: str, most: int) -> str:
        text = " ".join(cell.split())
        if len(text) > most:
            raise Wrong(f"it has {len(text)} characters", f"write at most {most}")
        return text

    def one_of(self, cell: str, options: Iterable[str], what: str) -> str:
        """One of the options, in any case."""
        known = list(options)
        if (lower := cell.lower()) in known:
            return lower
        near = difflib.get_close_matches(lower, known, n=1, cutoff=0.6)
        hint = f"did you mean “{near[0]}”? " if near else ""
        raise Wrong(f"“{cell}” is no {what}", f"{hint}use one of: {', '.join(known)}")

    def language(self, cell: str) -> str:
        """A language of the company."""
        return self.one_of(cell, self.company.languages, "language of the company")

    def area(self, cell: str) -> str:
        """An area the company serves."""
        return self.one_of(cell, self.company.areas, "area of the company")

    def plan(self, cell: str) -> str:
        """The key of a plan."""
        return self.one_of(cell, [plan.key for plan in self.company.plans], "plan of the company")

    def phone(self, cell: str) -> str:
        """A phone number in E.164; without + it is one of the company's country."""
        remedy = "write it with its +, like +33 6 12 34 56 78"
        try:
            number = phonenumbers.parse(cell, self.company.country)
        except phonenumbers.NumberParseException:
            raise Wrong(f"“{cell}” is no phone number", remedy) from None
        if not phonenumbers.is_possible_number(number):
            raise Wrong(f"“{cell}” has too few or too many digits", remedy)
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    def mail(self, cell: str) -> str:
        """A mail address."""
        if not MAIL.fullmatch(cell) or len(cell) > 200:
            raise Wrong(f"“{cell}” is no mail address", "write it like marta@example.com, or leave it empty")
        return cell

    def country(self, cell: str) -> str:
        """An ISO country code."""
        if cell.upper() not in phonenumbers.SUPPORTED_REGIONS:
            raise Wrong(f"“{cell}” is no country", "write its two-letter ISO code, for example FR")
        return cell.upper()

    def zone(self, cell: str) -> str:
        """An IANA time zone."""
        if cell in self.zones:
            return cell
        near = difflib.get_close_matches(cell, self.zones, n=1, cutoff=0.7)
        hint = f"did you mean “{near[0]}”?" if near else "write one of the IANA list, for example Europe/Paris"
        raise Wrong(f"“{cell}” is no time zone", hint)

    def day(self, cell: str) -> date:
        """A day: 2025-03-01, 01/03/2025 or 01.03.2025 (the day first)."""
        iso, european = ISO.fullmatch(cell), EUROPEAN.fullmatch(cell)
        if not iso and not european:
            raise Wrong(f"“{cell}” is no day", "write it like 2025-03-01 or 01/03/2025")
        year, month, day = map(int, iso.groups() if iso else reversed(european.groups() if european else ()))
        try:
            found = date(year, month, day)
        except ValueError:
            raise Wrong(f"“{cell}” is no day of the calendar", "write the day first: 28/02/2025") from None
        if year not in YEARS:
            raise Wrong(f"“{cell}” is too far away", f"write a year from {YEARS[0]} to {YEARS[-1]}")
        return found

    def decimal(self, cell: str) -> Decimal:
        """A number, with a comma or a point before its decimals and no separator of thousands."""
        plain = re.sub(r"[\s\u00a0\u202f]", "", cell)
        try:
            if NUMBER.fullmatch(plain):
                return Decimal(plain.replace(",", "."))
        except InvalidOperation:
            pass
        raise Wrong(f"“{cell}” is no number", "write it like 150 or 79,50")

    def amount(self, cell: str) -> Decimal:
        """An amount in the company's currency, not negative."""
        amount = self.decimal(cell)
        digits = get_currency_precision(self.company.currency)
        if amount < 0 or amount != round(amount, digits) or amount >= Decimal(10) ** 9:
            raise Wrong(f"“{cell}” is no amount in {self.company.currency}", f"{digits} decimals at most, from 0 up")
        return amount

    def travel_zone(self, cell: str) -> str:
        """A zone that the tariff has a price or a rule for."""
        return self._declared(cell, self.zones_of_tariff, "travel zone of the tariff")

    def complexity(self, cell: str) -> str:
        """A class of homes of the tariff."""
        return self._declared(cell, [kind.key for kind in self.company.tariff.complexities], "complexity of the tariff")

    def _declared(self, cell: str, known: list[str], what: str) -> str:
        if not known:
            raise Wrong(f"“{cell}” is no {what}: it has none", "leave it empty, or declare it in the company file")
        return self.one_of(cell, known, what)

    def km(self, cell: str) -> int:
        """Kilometres, rounded up to whole ones."""
        way = self.decimal(cell)
        if not 0 <= way <= 2000:
            raise Wrong(f"“{cell}” is no way to a home", "write kilometres from 0 to 2000, one way")
        return int(way.to_integral_value(ROUND_CEILING))

    def latitude(self, cell: str) -> float:
        """Degrees north."""
        return self._degrees(cell, 90)

    def longitude(self, cell: str) -> float:
        """Degrees east."""
        return self._degrees(cell, 180)

    def _degrees(self, cell: str, most: int) -> float:
        degrees = self.decimal(cell)
        if abs(degrees) > most:
            raise Wrong(f"“{cell}” is beyond {most} degrees", "write degrees like 43.6961")
        return float(degrees)
