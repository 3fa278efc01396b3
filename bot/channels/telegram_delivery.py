"""A letter of several Telegram messages, sent so that a failure in the middle repeats nothing that has left."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from telegram import Bot, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.constants import ParseMode
from telegram.error import BadRequest

from bot.channels.carrier import NotSent, Outcome, Sent, Unknown
from bot.channels.telegram_files import Files, Upload
from bot.channels.telegram_line import outcome, says
from bot.channels.telegram_renderer import Markup, TextPart
from handlers.inbound import File

LOG = logging.getLogger(__name__)
LONGEST_PATIENCE = 5.0  # seconds; a longer wait is left to the outbox
MOST_REMEMBERED = 1000  # letters that have left in part
SAME = "message is not modified"
LOST = ("message to edit not found", "can't be edited", "there is no text in the message", "message_id_invalid")
NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
UNSEEN = NO_PREVIEW.to_json()

Key = tuple[str, ...]


@dataclass(frozen=True)
class FilePart:
    """One Telegram message that is a file."""

    file: Upload | File
    markup: Markup | None = None


Piece = TextPart | FilePart


@dataclass
class Way:
    """How far a letter has come: messages sent, and the one to edit later."""

    done: int = 0
    remote: str | None = None


@dataclass
class Delivery:
    """Sends the pieces of letters; `pauses` are the seconds between tries of the rest of a letter.

    `say` calls a method with its fields spelt out: what nearly every letter is takes no other way.
    """

    bot: Bot
    say: Callable[[str, Mapping[str, str]], Awaitable[Any]]
    files: Files
    pauses: Sequence[float]
    _ways: OrderedDict[Key, Way] = field(default_factory=OrderedDict)

    async def deliver(self, key: Key, chat: int, pieces: Sequence[Piece], card: str | None) -> Outcome:
        """Send the pieces in order; `card` is the message to edit instead of sending the text, if one piece is enough.

        A rest that does not go through after some tries is remembered: the next call with the same key goes on there.
        """
        way = self._ways.pop(key, Way())
        while way.done < len(pieces):
            said = await self._patiently(way, chat, pieces, card)
            if not isinstance(said, Sent):
                return self._stopped(key, way, said)
            if isinstance(pieces[way.done], TextPart) or way.remote is None:
                way.remote = said.remote
            way.done += 1
        if card is not None and way.remote != card:
            await self._retire(chat, card)
        return Sent(way.remote)

    def begun(self, key: Key) -> bool:
        """Whether a part of this letter has left."""
        return key in self._ways

    def _stopped(self, key: Key, way: Way, said: NotSent | Unknown) -> NotSent | Unknown:
        if way.done == 0 or (isinstance(said, NotSent) and said.permanent):
            return said
        self._ways[key] = way
        if len(self._ways) > MOST_REMEMBERED:
            self._ways.popitem(last=False)
        return Unknown(f"{way.done} messages of the letter have left: {said.error}")

    async def _patiently(self, way: Way, chat: int, pieces: Sequence[Piece], card: str | None) -> Outcome:
        """One piece: the first in one try (the outbox has its own), a later one in several."""
        one = sum(isinstance(piece, TextPart) for piece in pieces) == 1
        piece = pieces[way.done]
        said = await self._try(chat, piece, card if one and way.done == 0 else None)
        for pause in self.pauses if way.done else ():
            if isinstance(said, Sent) or (isinstance(said, NotSent) and said.permanent):
                return said
            wait = said.retry_after if isinstance(said, NotSent) and said.retry_after else pause
            if wait > LONGEST_PATIENCE:
                return said
            await asyncio.sleep(wait)
            said = await self._try(chat, piece, None)
        return said

    async def _try(self, chat: int, piece: Piece, card: str | None) -> Outcome:
        try:
            if isinstance(piece, FilePart):
                return Sent(str((await self.files.send(chat, piece.file, piece.markup)).message_id))
            if card is not None and await self._edit(chat, piece, card):
                return Sent(card)
            return Sent(await self._send(chat, piece))
        except Exception as fault:  # an answer that makes no sense raises more than TelegramError
            return outcome(fault)

    async def _send(self, chat: int, piece: TextPart) -> str:
        fields = {"chat_id": str(chat), "text": piece.html, "parse_mode": "HTML", "link_preview_options": UNSEEN}
        if piece.markup is not None:
            fields["reply_markup"] = piece.markup.to_json()
        return str(int((await self.say("sendMessage", fields))["message_id"]))

    async def _edit(self, chat: int, piece: TextPart, card: str) -> bool:
        """Whether the card shows the text now: not when it is gone, or for the phone's keyboard, which no edit has."""
        if not card.isdecimal() or not (piece.markup is None or isinstance(piece.markup, InlineKeyboardMarkup)):
            return False
        try:
            await self.bot.edit_message_text(
                piece.html,
                chat,
                int(card),
                parse_mode=ParseMode.HTML,
                link_preview_options=NO_PREVIEW,
                reply_markup=piece.markup,
            )
        except BadRequest as fault:
            if says(fault, *LOST):
                return False
            if not says(fault, SAME):
                raise
        return True

    async def _retire(self, chat: int, card: str) -> None:
        """The card was replaced: its buttons go, if it still is there. Nothing depends on it."""
        if card.isdecimal():
            try:
                await self.bot.edit_message_reply_markup(chat, int(card), reply_markup=None)
            except Exception as fault:
                LOG.info("an old card keeps its buttons: %s", outcome(fault).error)
