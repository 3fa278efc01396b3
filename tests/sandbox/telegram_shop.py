"""A bot that sends invoices and is paid, on the real python-telegram-bot."""

import asyncio

from telegram import Bot, LabeledPrice, Message, Update

TOKEN = "1877036958:TEST:5a3e"
LINES = [LabeledPrice("Visit", 8000), LabeledPrice("Travel", 1200), LabeledPrice("Loyalty", -700)]


async def invoice(bot: Bot, chat: int, **more: object) -> Message:
    given = {"title": "Visit on Tuesday", "description": "The shades", "payload": "order-1", "currency": "EUR"}
    return await bot.send_invoice(chat, **{**given, "provider_token": TOKEN, "prices": LINES, **more})  # type: ignore[arg-type]


class Shop:
    """A bot that takes orders: asked before a payment it says yes, unless it has words against it."""

    def __init__(self, bot: Bot) -> None:
        self.bot = bot
        self.against: str | None = None
        self.dumb = False
        self.asked: list[Update] = []
        self.paid: list[Message] = []
        self.news = asyncio.Event()

    async def poll(self) -> None:
        offset = None
        while True:
            for update in await self.bot.get_updates(offset=offset, timeout=1):
                offset = update.update_id + 1
                await self.take(update)

    async def take(self, update: Update) -> None:
        if update.message is not None and update.message.successful_payment is not None:
            self.paid.append(update.message)
            self.news.set()
        if (query := update.pre_checkout_query) is None:
            return
        known = [u.update_id for u in self.asked]
        self.asked.append(update)
        if update.update_id not in known and not self.dumb:
            await query.answer(ok=self.against is None, error_message=self.against)

    async def has(self, count: int) -> list[tuple[str, int, str]]:
        """Payload, amount and currency of what was paid, once there are so many payments."""
        async with asyncio.timeout(5):
            while len(self.paid) < count:
                self.news.clear()
                await self.news.wait()
        paid = [m.successful_payment for m in self.paid]
        return [(p.invoice_payload, p.total_amount, p.currency) for p in paid]
