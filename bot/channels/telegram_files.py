"""Files on their way into and out of Telegram."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from telegram import Bot, InputFile, Message
from telegram.error import BadRequest

from bot.channels.carrier import NotSent, Unfetchable
from bot.channels.telegram_line import GONE, outcome, says
from bot.channels.telegram_reader import LARGEST_DOWNLOAD
from bot.channels.telegram_renderer import Markup
from bot.channels.telegram_text import clean
from handlers.inbound import File
from handlers.messages import Attached, Document

LARGEST_PHOTO = 10_000_000  # Bot API: 10 MB for a photo, 50 MB for anything else
LARGEST_UPLOAD = 50_000_000
LONGEST_ID = 1000  # Telegram's own have about a hundred characters
ENDINGS = {"photo": "jpg", "voice": "ogg", "video": "mp4", "audio": "mp3", "document": "bin"}

Papers = Callable[[Document, str], Awaitable[tuple[str, bytes]]]
Fetch = Callable[[File], Awaitable[bytes]]


@dataclass(frozen=True)
class Upload:
    """A file whose bytes we hold."""

    kind: str
    name: str
    content: bytes


@dataclass(frozen=True)
class Files:
    """Brings files in and out; `bot` is the one for ordinary sends."""

    bot: Bot
    papers: Papers
    elsewhere: Fetch | None  # files that the other network holds

    async def load(self, item: Attached | Document, language: str) -> Upload | File | NotSent:
        """What there is to send for an item: bytes, or a file that Telegram already has."""
        try:
            if isinstance(item, Document):
                name, content = await self.papers(item, language)
                return _checked(Upload("document", name, content))
            if item.network == "telegram":
                return item.file
            if self.elsewhere is None:
                return NotSent("nobody can fetch files of the other network", permanent=True)
            name = item.file.name or f"{item.file.kind}.{ENDINGS[item.file.kind]}"
            return _checked(Upload(item.file.kind, name, await self.elsewhere(item.file)))
        except Exception as fault:  # whatever drawing a paper or the other network can do
            return NotSent(f"{type(fault).__name__}: {fault}"[:300], permanent=getattr(fault, "permanent", False))

    async def send(self, chat: int, file: Upload | File, markup: Markup | None) -> Message:
        """Send it as what it is; raises TelegramError."""
        if isinstance(file, Upload):
            return await self._upload(chat, file, markup)
        try:
            return await self._as(file.kind, chat, file.id, markup)
        except BadRequest as fault:
            if not says(fault, "can't use file of type"):
                raise
        # Round videos and animations came as videos and documents, but their ids are good for their own kind only.
        content = await self.fetch(file)
        return await self._upload(chat, Upload(file.kind, file.name or _name(file), content), markup)

    async def _upload(self, chat: int, file: Upload, markup: Markup | None) -> Message:
        content = InputFile(file.content, filename=clean(file.name))
        if file.kind == "document" or (file.kind == "photo" and len(file.content) > LARGEST_PHOTO):
            return await self._as("document", chat, content, markup)
        try:
            return await self._as(file.kind, chat, content, markup)
        except BadRequest as fault:
            if says(fault, *GONE):
                raise
        # Refused as a picture (its proportions) or as a recording (its coding): it still is a file.
        return await self._as("document", chat, content, markup)

    async def _as(self, kind: str, chat: int, file: str | InputFile, markup: Markup | None) -> Message:
        if kind == "photo":
            return await self.bot.send_photo(chat, file, reply_markup=markup)
        if kind == "voice":
            return await self.bot.send_voice(chat, file, reply_markup=markup)
        if kind == "video":
            return await self.bot.send_video(chat, file, reply_markup=markup)
        if kind == "audio":
            return await self.bot.send_audio(chat, file, reply_markup=markup)
        return await self.bot.send_document(chat, file, reply_markup=markup)

    async def fetch(self, file: File) -> bytes:
        """Download a file that Telegram holds, at most 20 MB; raises Unfetchable."""
        _small_enough(file.size)
        if len(file.id) > LONGEST_ID:
            raise Unfetchable(NotSent("no file has such an id", permanent=True))
        try:
            found = await self.bot.get_file(file.id)
            _small_enough(found.file_size)
            content = bytes(await found.download_as_bytearray())
        except Unfetchable:
            raise
        except Exception as fault:  # an answer that makes no sense raises more than TelegramError
            raise Unfetchable(outcome(fault)) from fault
        _small_enough(len(content))
        return content


def _name(file: File) -> str:
    return f"{file.kind}.{ENDINGS[file.kind]}"


def _small_enough(size: int | None) -> None:
    if (size or 0) > LARGEST_DOWNLOAD:
        raise Unfetchable(NotSent(f"{size} bytes: a bot can fetch {LARGEST_DOWNLOAD}", permanent=True))


def _checked(upload: Upload) -> Upload | NotSent:
    if len(upload.content) > LARGEST_UPLOAD:
        return NotSent(f"{len(upload.content)} bytes: a bot can send {LARGEST_UPLOAD}", permanent=True)
    return upload if upload.content else NotSent("the file is empty", permanent=True)
