"""Somebody who pays: the Pay button, the sheet with the cards, invoices passed on to others."""

import asyncio

from sandbox.telegram import checkout
from sandbox.telegram.bubbles import Bubble
from sandbox.telegram.chats import Chat, User
from sandbox.telegram.invoices import Invoice
from sandbox.telegram.room import Room
from sandbox.telegram.sending import forwarded
from sandbox.telegram.till import Payment

PATIENCE = 60.0  # longer than bot and provider may take together


class Payer(Room):
    """The part of a person that is about money."""

    user: User

    async def pays(
        self,
        card: str = "works",
        *,
        on: Bubble | None = None,
        link: str | None = None,
        at: Room | None = None,
        tip: int = 0,
        again: bool = False,
        timeout: float = PATIENCE,
    ) -> Payment:
        """Press Pay, choose a card and wait for what becomes of it (after `timeout` it may still be under way).

        The invoice is the newest one here (or in the group `at`), the message `on`, or what a `link` leads to. One that
        was paid in this chat shows a receipt in place of the Pay button; `again` pays it once more, as from a second
        device on which the sheet was still open.
        """
        place: Room = at or self
        if link is not None:
            invoice, bubble = self._linked(link), None
        else:
            bubble = on or self._newest_invoice(place)
            invoice = self._payable(bubble, again)
            bubble.room.mark = self.state.chats.step()
        if not 0 <= tip <= invoice.max_tip:
            raise AssertionError(f"{self.name} cannot tip {tip}: at most {invoice.max_tip} is allowed")
        where, message = (None, None) if bubble is None else (bubble.room, bubble.message)
        payment = checkout.begin(self.state, self.user, invoice, card, where, message, tip)
        assert payment.task is not None
        done, _ = await asyncio.wait({payment.task}, timeout=timeout)
        for task in done:
            task.result()
        return payment

    async def forwards(self, bubble: Bubble, *, to: Room) -> Bubble:
        """Pass a message of the bot on to a group, or to somebody (which the bot does not see): the copy there."""
        if bubble.raw.get("has_protected_content"):
            raise AssertionError(f"{self.name} cannot forward a protected message: {bubble!r}")
        content = forwarded(self.state, bubble.message)
        if to.room.kind == "group":
            room, message = to.room, self.state.said_by(to.room, self.user, content)
        else:
            room = Chat(to.room.id, "private", person=to.room.person)  # theirs alone
            message = self.state.chats.post(room, self.user, self.state.now(), content)
        message.invoice = bubble.message.invoice
        return Bubble(room, message, self.state.files)

    def _linked(self, link: str) -> Invoice:
        found = self.state.till.links.get(link)
        if found is None:
            raise AssertionError(f"{self.name} finds no invoice at {link}")
        return found

    def _newest_invoice(self, place: Room) -> Bubble:
        for bubble in reversed(place.chat):
            if "invoice" in bubble.raw:
                return bubble
        raise AssertionError(f"{self.name} finds no invoice.\n{place.shown()}")

    def _payable(self, bubble: Bubble, again: bool) -> Invoice:
        """What is asked for there; AssertionError when it cannot be paid there (any more)."""
        invoice = bubble.message.invoice
        if bubble.room is self.room and self.room.bot == "kicked":
            raise AssertionError(f"{self.name} has blocked the bot")
        if bubble.deleted or invoice is None:
            raise AssertionError(f"{self.name} cannot pay there: {bubble!r}")
        button = bubble.buttons[0][0]
        if button.url:
            raise AssertionError(f"{self.name} cannot pay a copy of this invoice: its button leads to {button.url}")
        if bubble.message.receipt and not again:
            raise AssertionError(f"{self.name} has paid this, and sees the receipt: {bubble!r}")
        return invoice
