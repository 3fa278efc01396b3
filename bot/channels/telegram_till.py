"""Money in Telegram: invoices that leave, and whether somebody may pay, answered in time whatever happens."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from telegram import Bot, LabeledPrice
from telegram.error import BadRequest

from bot.channels.arrival import Accept, Arrival
from bot.channels.carrier import NotSent, Outcome, Sent
from bot.channels.telegram_line import outcome, says
from bot.channels.telegram_text import clean, shorten
from handlers.messages import CheckoutAnswer, Invoice
from locales.phrasebook import LANGUAGES, say
from locales.text import t

LOG = logging.getLogger(__name__)
LONGEST_TITLE, LONGEST_DESCRIPTION, LONGEST_LABEL = 32, 255, 100  # Bot API (the label: our own), in UTF-16 units
LONGEST_WORDS = 200
IN_TIME = 8.0  # seconds; Telegram gives up after ten
SETTLED = ("query is too old", "query id is invalid")  # nobody waits for the answer any more
Answered = Callable[[str], Awaitable[bool]]


class Till:
    """Sends invoices by the ordinary client, answers by the fast one; and says no to what nobody answers in time."""

    def __init__(self, ordinary: Bot, fast: Bot, provider: str | None, *, in_time: float = IN_TIME) -> None:
        self._bot, self._fast, self._provider, self._in_time = ordinary, fast, provider, in_time
        self._watches: set[asyncio.Task[None]] = set()

    async def invoice(self, invoice: Invoice, language: str, chat: int) -> Outcome:
        """Send an invoice; raises TelegramError."""
        if self._provider is None:
            return NotSent("TELEGRAM_PAYMENT_TOKEN is not set", permanent=True)
        prices = [
            LabeledPrice(shorten(clean(say(label, language)), LONGEST_LABEL) or "–", minor)
            for label, minor in invoice.lines
        ]
        sent = await self._bot.send_invoice(
            chat,
            shorten(clean(say(invoice.title, language)), LONGEST_TITLE),
            shorten(clean(say(invoice.description, language)), LONGEST_DESCRIPTION),
            invoice.order,
            invoice.currency,
            prices,
            provider_token=self._provider,
        )
        return Sent(str(sent.message_id))

    async def answer(self, answer: CheckoutAnswer, language: str) -> Outcome:
        """Say yes, or no and why; raises TelegramError. That nobody waits any more is no fault."""
        words = None if answer.words is None else shorten(clean(say(answer.words, language)), LONGEST_WORDS)
        await self._say(answer.query, words)
        return Sent()

    async def _say(self, query: str, words: str | None) -> None:
        try:
            await self._fast.answer_pre_checkout_query(query, ok=words is None, error_message=words)
        except BadRequest as fault:
            if not says(fault, *SETTLED):
                raise

    def watched(self, accept: Accept, answered: Answered) -> Accept:
        """The same door, but whoever asks whether he may pay hears “no” in time, also when we cannot think about it.

        `answered`: whether the answer has left (another process may have sent it).
        """

        async def door(arrivals: list[Arrival]) -> None:
            for arrival in arrivals:
                self._watch(arrival.payload.get("pre_checkout_query"), answered)
            await accept(arrivals)

        return door

    def _watch(self, query: Any, answered: Answered) -> None:
        if isinstance(query, dict) and isinstance(query.get("id"), str):
            task = asyncio.create_task(self._in_the_end(query, answered), name=f"checkout {query['id']}")
            self._watches.add(task)
            task.add_done_callback(self._watches.discard)

    async def _in_the_end(self, query: dict[str, Any], answered: Answered) -> None:
        await asyncio.sleep(self._in_time)
        try:
            async with asyncio.timeout(0.5):
                if await answered(query["id"]):
                    return
        except Exception as fault:  # the database is away: nobody has thought about it
            LOG.info("it is not known whether a payment was answered: %s", type(fault).__name__)
        try:
            await self._say(query["id"], say(t("pay.not_now"), _language(query)))
        except Exception as fault:
            LOG.warning("a payment could not be refused: %s", outcome(fault).error)

    async def stop(self) -> None:
        """Nobody is watched any more."""
        for task in list(self._watches):
            task.cancel()
        await asyncio.gather(*self._watches, return_exceptions=True)


def _language(query: dict[str, Any]) -> str:
    user = query.get("from")
    code = user.get("language_code") if isinstance(user, dict) else None
    return code[:2] if isinstance(code, str) and code[:2] in LANGUAGES else LANGUAGES[0]
