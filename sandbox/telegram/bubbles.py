"""Messages as a person sees them on the screen."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sandbox.telegram.chats import Chat, Message
from sandbox.telegram.files import Files
from sandbox.telegram.invoices import money
from sandbox.telegram.keyboards import rows_of
from sandbox.telegram.markup import Entity, to_html

MEDIA = ("photo", "document", "voice", "video", "audio", "contact", "location")
RECEIPT = "Receipt"


def plain(text: str) -> str:
    """Words for comparing: every kind of white space counts as one blank."""
    return " ".join(text.split())


@dataclass(frozen=True)
class Button:
    """A button as seen: its label, and what stands behind it."""

    label: str
    raw: dict[str, Any]

    @property
    def data(self) -> str | None:
        return self.raw.get("callback_data")

    @property
    def pays(self) -> bool:
        return bool(self.raw.get("pay"))

    @property
    def url(self) -> str | None:
        found = self.raw.get("url") or self.raw.get("web_app", {}).get("url")
        return str(found) if found else None


class Bubble:
    """One message as it looks now (it follows later edits); `history` keeps how it looked before."""

    def __init__(self, chat: Chat, message: Message, files: Files) -> None:
        self.room = chat
        self.message = message
        self._files = files

    def __repr__(self) -> str:
        who = "bot" if self.from_bot else self.raw["from"]["first_name"]
        media = f"({self.media}{f' {self.file_name}' if self.file_name else ''}) " if self.media else ""
        buttons = "".join(f" [{label}]" for label in self.labels)
        return f"#{self.id} {who}: {media}{self.text}{buttons}{' (deleted)' if self.deleted else ''}"

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Bubble) and other.message is self.message

    def __hash__(self) -> int:
        return id(self.message)

    @property
    def raw(self) -> dict[str, Any]:
        return self.message.raw

    @property
    def id(self) -> int:
        return self.message.id

    @property
    def step(self) -> int:
        """When it was sent or last changed, in the order of everything that happened."""
        return self.message.step

    @property
    def from_bot(self) -> bool:
        return self.message.from_bot

    @property
    def deleted(self) -> bool:
        return self.message.deleted

    @property
    def edited(self) -> bool:
        return "edit_date" in self.raw

    @property
    def date(self) -> datetime:
        return datetime.fromtimestamp(self.raw["date"], UTC)

    @property
    def text(self) -> str:
        return words_of(self.raw)

    @property
    def entities(self) -> list[Entity]:
        return list(self.raw.get("entities") or self.raw.get("caption_entities") or [])

    @property
    def html(self) -> str:
        return to_html(self.text, self.entities)

    @property
    def history(self) -> list[str]:
        """The words of its earlier versions, oldest first."""
        return [words_of(raw) for raw in self.message.history]

    @property
    def buttons(self) -> list[list[Button]]:
        """The inline keyboard, row by row."""
        rows = rows_of(self.raw.get("reply_markup", {}))
        return [[Button(str(b["text"]), b) for b in row] for row in rows]

    @property
    def labels(self) -> list[str]:
        """What stands on its buttons; on the Pay button of what was paid here: the receipt."""
        listed = [b.label for row in self.buttons for b in row]
        return [RECEIPT, *listed[1:]] if self.message.receipt else listed

    @property
    def payload(self) -> str | None:
        """Which order an invoice, or the note of a payment, is about (nobody sees it on the screen)."""
        return self.message.invoice.payload if self.message.invoice else None

    @property
    def media(self) -> str | None:
        """photo, document, voice, video, audio, contact or location."""
        return next((kind for kind in MEDIA if kind in self.raw), None)

    @property
    def file_name(self) -> str | None:
        part = self.raw.get(self.media) if self.media else None
        return part.get("file_name") if isinstance(part, dict) else None

    @property
    def content(self) -> bytes | None:
        """The bytes of its file (of the largest size of a photo)."""
        part = self.raw.get(self.media) if self.media else None
        part = part[-1] if isinstance(part, list) else part
        file = self._files.find(part.get("file_id", "")) if part else None
        return file.content if file else None

    @property
    def album(self) -> str | None:
        return self.raw.get("media_group_id")

    @property
    def reply_to(self) -> int | None:
        """The id of the message that this one answers."""
        answered: dict[str, int] = self.raw.get("reply_to_message", {})
        return answered.get("message_id")

    @property
    def reactions(self) -> list[str]:
        """The emoji that the bot put on it."""
        return [str(r.get("emoji", "")) for r in self.message.reactions]

    @property
    def pinned(self) -> bool:
        return self.room.pinned == self.id

    def shows(self, fragment: str) -> bool:
        """True when its text, a button or its file's name contains the fragment."""
        wanted = plain(fragment)
        return any(wanted in plain(part) for part in (self.text, *self.labels, self.file_name or ""))


def words_of(raw: dict[str, Any]) -> str:
    if (invoice := raw.get("invoice")) is not None:
        total = money(invoice["total_amount"], invoice["currency"])
        return f"{invoice['title']}\n{invoice['description']}\n{total}"
    if (payment := raw.get("successful_payment")) is not None:
        return f"Payment successful: {money(payment['total_amount'], payment['currency'])}"
    return str(raw.get("text") or raw.get("caption") or "")
