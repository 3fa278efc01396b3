"""Telegram as the outbox sees it: carries letters, and says how it went."""

import logging
import re
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import msgspec
from telegram import Bot, BotCommand, BotCommandScopeAllPrivateChats
from telegram.constants import ReactionEmoji
from telegram.error import BadRequest

from bot.channels.carrier import Letter, NotSent, Outcome, Sent
from bot.channels.telegram_delivery import LOST, SAME, Delivery, FilePart, Piece
from bot.channels.telegram_files import Fetch, Files, Papers
from bot.channels.telegram_line import Line, outcome, quiet, says
from bot.channels.telegram_renderer import Rendered, render
from bot.channels.telegram_text import clean, shorten
from bot.channels.telegram_till import SETTLED, Till
from handlers.inbound import File
from handlers.messages import Answer, CheckoutAnswer, Delete, Edit, Form, Homeowner, Invoice, Message, Page, React
from locales.phrasebook import say
from locales.text import t

LOG = logging.getLogger(__name__)
LONGEST_NOTICE = 200  # Bot API: a callback answer, in UTF-16 units
COMMANDS = ("report", "contract", "plans", "human", "language", "preferences", "cancel", "help")
REACTIONS = {
    "+1": "👍", "thumbsup": "👍", "-1": "👎", "heart": "❤", "eyes": "👀", "white_check_mark": "👌", "ok_hand": "👌",
    "pray": "🙏", "tada": "🎉", "clap": "👏", "fire": "🔥", "100": "💯",
}  # fmt: skip
ALLOWED = frozenset(str(emoji) for emoji in ReactionEmoji)


class TelegramCarrier:
    """Carries letters to homeowners. Starting it asks Telegram nothing, so it never fails because Telegram is away."""

    def __init__(
        self,
        token: str,
        api: str,
        *,
        slack_files: Fetch | None,
        papers: Papers,
        payments: str | None = None,
        pauses: Sequence[float] = (0.5, 1.0, 2.0),
        timeout: float = 15.0,
    ) -> None:
        """`api`: the address without a path. `payments`: the provider's token.

        `pauses`, `timeout`: seconds between tries of a rest, for an answer.
        """
        quiet()
        self._token = token
        polling = Line(api, size=1, read=timeout)
        ordinary = Line(api, size=64, read=timeout)
        fast = Line(api, size=16, read=min(timeout, 8.0), connect=3.0)
        self._lines = (polling, ordinary, fast)
        self._quick = fast
        calls, files = f"{api.rstrip('/')}/bot", f"{api.rstrip('/')}/file/bot"
        self._calls = f"{calls}{token}/"
        self._bot = Bot(token, calls, files, request=ordinary, get_updates_request=polling)
        # Answers to presses never queue behind messages: a button's wheel turns meanwhile.
        self._fast = Bot(token, calls, files, request=fast, get_updates_request=polling)
        self._files = Files(self._bot, papers, slack_files)
        self._delivery = Delivery(self._bot, partial(self._ask, ordinary), self._files, pauses)
        self.till = Till(self._bot, self._fast, payments)
        self._username: str | None = None

    async def _ask(self, line: Line, method: str, fields: Mapping[str, str]) -> Any:
        return await line.ask(f"{self._calls}{method}", fields)

    async def start(self) -> None:
        """Open the clients (again after `stop`)."""
        for line in self._lines:
            await line.initialize()

    async def stop(self) -> None:
        """Close the connections."""
        await self.till.stop()
        for line in self._lines:
            await line.shutdown()

    async def call(self, method: str, fields: dict[str, Any] | None = None, *, timeout: float | None = None) -> Any:
        """Any method of the Bot API with its raw JSON result; `timeout` in seconds; raises TelegramError."""
        # The library asks that methods it knows be called by their own names, which would parse the answer; it builds
        # the real name from snake case, so a doubled underscore is the same method, unparsed.
        endpoint = re.sub("[A-Z]", lambda capital: "__" + capital[0].lower(), method)
        limits = {} if timeout is None else {"read_timeout": timeout}
        return await self._bot.do_api_request(endpoint, fields, **limits)  # type: ignore[arg-type]

    async def username(self) -> str | None:
        """The bot's name for deep links, asked once; None while Telegram is away."""
        if self._username is None:
            try:
                self._username = (await self._bot.get_me()).username
            except Exception as fault:
                LOG.info("the bot's name is not known yet: %s", type(fault).__name__)
                return None
        return self._username

    @property
    def known_as(self) -> str | None:
        """The same, as far as it is known by now."""
        return self._username

    async def fetch(self, file: File) -> bytes:
        """The bytes of a file that Telegram holds, at most 20 MB; raises Unfetchable."""
        return await self._files.fetch(file)

    async def find(self, letter: Letter) -> str | None:  # noqa: ARG002 (the protocol's)
        """Always None: a bot cannot read history."""
        return None

    async def commands(self, languages: Iterable[str]) -> Outcome:
        """Publish the command menu: one per language, the first one also for everybody else."""
        spoken = list(languages)
        everybody = BotCommandScopeAllPrivateChats()
        try:
            for language, code in [(spoken[0], None), *((one, one) for one in spoken)]:
                menu = [BotCommand(name, say(t(f"command.{name}"), language)) for name in COMMANDS]
                await self._bot.set_my_commands(menu, scope=everybody, language_code=code)
        except Exception as fault:
            return self._safe(outcome(fault))
        return Sent()

    async def send(self, letter: Letter) -> Outcome:
        """Carry it; never raises for what Telegram can do."""
        try:
            go = self._plan(letter)
        except (LookupError, OSError, ValueError) as fault:  # no such phrase, language, token or id: our own fault
            return NotSent(f"cannot be said: {fault!r}"[:300], permanent=True)
        try:
            return self._safe(await go())
        except Exception as fault:  # an answer that makes no sense raises more than TelegramError
            return self._safe(outcome(fault))

    def _plan(self, letter: Letter) -> Callable[[], Awaitable[Outcome]]:
        """What is to be done, with all words found; raises LookupError, OSError (no such language) or ValueError."""
        payload = letter.payload
        if isinstance(payload, Answer):
            words = None if payload.notice is None else clean(say(payload.notice, letter.language))
            return partial(self._answer, payload, words and shorten(words, LONGEST_NOTICE))
        if isinstance(payload, CheckoutAnswer):
            return partial(self.till.answer, payload, letter.language)
        if isinstance(payload, Form | Page) or not isinstance(payload.to, Homeowner):
            raise ValueError(f"{type(payload).__name__} is not for Telegram")
        chat = int(payload.to.chat)
        if isinstance(payload, Message):
            rendered = self._begun(letter, payload) or render(payload, letter.language, letter.keyboard)
            return partial(self._message, letter, rendered, payload.language or letter.language, chat)
        if isinstance(payload, Invoice):
            return partial(self.till.invoice, payload, letter.language, chat)
        if isinstance(payload, React):
            emoji = REACTIONS.get(payload.name, payload.name)
            if emoji not in ALLOWED:
                raise ValueError(f"Telegram has no reaction {payload.name!r}")
            return partial(self._react, payload, chat, emoji)
        return partial(self._remove, payload, chat, int(payload.remote))

    def _begun(self, letter: Letter, message: Message) -> Rendered | None:
        """The words as they were before it became late, if a part of them has left: the rest must go on from there."""
        if message.opening is None:
            return None
        plain = render(msgspec.structs.replace(message, opening=None), letter.language, letter.keyboard)
        return plain if self._delivery.begun(_key(letter, plain)) else None

    def _safe(self, said: Outcome) -> Outcome:
        """The outcome without our token, should an address stand in it."""
        return said if isinstance(said, Sent) else replace(said, error=said.error.replace(self._token, "<token>"))

    async def _answer(self, answer: Answer, notice: str | None) -> Outcome:
        try:
            fields = {"callback_query_id": answer.query}
            if notice is not None:
                fields |= {"text": notice, "show_alert": "true" if answer.alert else "false"}
            await self._ask(self._quick, "answerCallbackQuery", fields)
        except BadRequest as fault:
            if not says(fault, *SETTLED):
                raise
        return Sent()

    async def _remove(self, change: Edit | Delete, chat: int, message: int) -> Outcome:
        """Take the buttons or the message away; what is already so is fine."""
        try:
            if isinstance(change, Edit):
                await self._bot.edit_message_reply_markup(chat, message, reply_markup=None)
            else:
                await self._bot.delete_message(chat, message)
        except BadRequest as fault:
            settled = (SAME, *LOST) if isinstance(change, Edit) else ("message to delete not found",)
            if not says(fault, *settled):
                raise
        return Sent(change.remote)

    async def _react(self, react: React, chat: int, emoji: str) -> Outcome:
        await self._bot.set_message_reaction(chat, int(react.remote), emoji if react.added else None)
        return Sent(react.remote)

    async def _message(self, letter: Letter, rendered: Rendered, language: str, chat: int) -> Outcome:
        # All bytes first: what cannot be had for the moment leaves the letter whole.
        loaded = [await self._files.load(item, language) for item in rendered.media]
        missing = [item for item in loaded if isinstance(item, NotSent)]
        if waiting := [item for item in missing if not item.permanent]:
            return waiting[0]
        files = [item for item in loaded if not isinstance(item, NotSent)]
        # Buttons without any text stand under the first file.
        pieces: list[Piece] = [*rendered.parts]
        pieces += [FilePart(file, None if number else rendered.markup) for number, file in enumerate(files)]
        if not pieces:
            return missing[0] if missing else NotSent("there is nothing to say", permanent=True)
        key = _key(letter, rendered)
        said = await self._delivery.deliver(key, chat, pieces, letter.remote)
        return missing[0] if missing and isinstance(said, Sent) else said


def _key(letter: Letter, rendered: Rendered) -> tuple[str, ...]:
    """What a delivery that stopped on its way is known by: the same letter in the same words."""
    return (letter.key, *(part.html for part in rendered.parts))
