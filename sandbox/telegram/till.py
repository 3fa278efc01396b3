"""Payments as the local Telegram remembers them, and the cards to try."""

import asyncio
from dataclasses import dataclass, field
from typing import Literal

from sandbox.telegram.chats import Chat, Message, User
from sandbox.telegram.invoices import Invoice

CARDS = {
    "works": "4242 4242 4242 4242",
    "declined": "4000 0000 0000 0002",
    "no_funds": "4000 0000 0000 9995",
    "hangs": "4000 0000 0000 3220",
}
Stage = Literal["asking", "charging", "paid", "failed"]
Reason = Literal["refused", "too_late", "declined", "no_funds", "no_answer"]
WORDS: dict[Reason, str] = {
    "too_late": "The bot did not answer in time. You have not been charged.",
    "declined": "Your card was declined.",
    "no_funds": "Your card has insufficient funds.",
    "no_answer": "The payment provider does not answer. Please try again later.",
}


def card_named(card: str) -> str:
    """Which of the test cards is meant, by its number or its name; ValueError when none is."""
    for name, number in CARDS.items():
        if card.replace(" ", "") in (name, number.replace(" ", "")):
            return name
    raise ValueError(f"there is no card {card!r}; the cards are {CARDS}")


@dataclass(frozen=True)
class Charge:
    """Money that has moved, as the bot is told."""

    telegram_id: str
    provider_id: str
    amount: int


@dataclass
class Payment:
    """One try of somebody to pay an invoice: what became of it, and the words on the screen when it failed."""

    id: str  # of the pre-checkout query
    at: float  # sandbox time
    payer: User
    invoice: Invoice
    card: str  # its name in CARDS
    place: Chat | None  # where the invoice was pressed; None: by a link
    message: Message | None
    tip: int = 0
    stage: Stage = "asking"
    ok: bool | None = None  # the bot's answer
    heard: bool = False  # the bot knows that its answer came through
    update_id: int | None = None
    reason: Reason | None = None
    words: str = ""
    charges: list[Charge] = field(default_factory=list)
    task: "asyncio.Task[None] | None" = None

    @property
    def total(self) -> int:
        return self.invoice.total + self.tip

    @property
    def paid(self) -> bool:
        return self.stage == "paid"

    def fails(self, reason: Reason, words: str | None = None) -> None:
        self.stage, self.reason, self.words = "failed", reason, words or WORDS.get(reason, "")


class Till:
    """All payments by the ids of their queries, and the invoices that have a link."""

    def __init__(self) -> None:
        self.payments: dict[str, Payment] = {}
        self.links: dict[str, Invoice] = {}

    def charged(self, telegram_id: str) -> bool:
        return any(c.telegram_id == telegram_id for p in self.payments.values() for c in p.charges)

    async def close(self) -> None:
        """Give up what is under way."""
        tasks = [p.task for p in self.payments.values() if p.task is not None]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
