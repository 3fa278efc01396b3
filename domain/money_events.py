"""Facts about money, past tense."""

from domain.events import Event, OfRequest


class OfOrder(Event, frozen=True):
    """A fact about an order: what was asked for an appointment."""

    order: int
    request: int

    @property
    def subject(self) -> str:
        return f"order:{self.order}"


class PaymentAsked(OfOrder, frozen=True):
    """Somebody was asked to pay."""


class PayingBegan(OfOrder, frozen=True):
    """The network was told to go on with a payment."""

    query: str


class OrderPaid(OfOrder, frozen=True):
    """It was paid, and the appointment stands."""

    movement: int


class OrderLetGo(OfOrder, frozen=True):
    """No money came for it: its slot is free."""


class MoneyAstray(Event, frozen=True):
    """Money came that pays for nothing: for an order that is gone, paid already, unknown, or of another amount."""

    movement: int
    why: str  # gone, twice, amount, unknown

    @property
    def subject(self) -> str:
        return f"movement:{self.movement}"


class MoneyKept(OfOrder, frozen=True):
    """The team decided that such money pays for the appointment, or for the next one."""

    movement: int


class MoneyCameAgain(OfOrder, frozen=True):
    """The bank gave back what it had taken."""


class FeeRose(OfOrder, frozen=True):
    """He wanted to pay, and giving up the time before costs more by now than he was told."""

    fee: int  # minor units


class UnknownSettled(Event, frozen=True):
    """The team decided about money that came for no order of ours."""

    movement: int
    by: int  # the movement that says what became of it

    @property
    def subject(self) -> str:
        return f"movement:{self.movement}"


class MoneyGivenBack(OfOrder, frozen=True):
    """The team gave money back by hand, or the payer's bank took it."""

    movement: int


class MoneyLeft(OfRequest, frozen=True):
    """More was paid than is owed."""
