"""Money: whole minor units of a currency, never a float."""

from decimal import ROUND_HALF_UP, Decimal

import msgspec
from babel.numbers import get_currency_precision


class Money(msgspec.Struct, frozen=True, tag="money", order=True):
    """An exact amount: `minor` counts the currency's smallest unit (cents for EUR, yen for JPY)."""

    minor: int
    currency: str

    @classmethod
    def of(cls, amount: Decimal | int | str, currency: str) -> "Money":
        """The amount in major units, rounded half up to the currency's digits (ISO 4217)."""
        scaled = Decimal(amount).scaleb(get_currency_precision(currency))
        return cls(int(scaled.quantize(Decimal(1), ROUND_HALF_UP)), currency)

    @property
    def amount(self) -> Decimal:
        """The amount in major units, exact."""
        return Decimal(self.minor).scaleb(-get_currency_precision(self.currency))

    def __add__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.minor + other.minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        self._same(other)
        return Money(self.minor - other.minor, self.currency)

    def times(self, factor: Decimal | int) -> "Money":
        """The amount times a factor, rounded half up."""
        return Money(int((self.minor * Decimal(factor)).quantize(Decimal(1), ROUND_HALF_UP)), self.currency)

    def __bool__(self) -> bool:
        return self.minor != 0

    def _same(self, other: "Money") -> None:
        if self.currency != other.currency:
            raise ValueError(f"cannot mix {self.currency} and {other.currency}")
