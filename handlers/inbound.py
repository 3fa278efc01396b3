"""Anything that came in, without its network."""

from datetime import datetime
from typing import Any, Literal

import msgspec

Network = Literal["telegram", "slack"]


class Sender(msgspec.Struct, frozen=True):
    """Who did it, as the network names him; who he is to us the desk finds out."""

    network: Network
    user: str
    name: str = ""
    language: str | None = None  # what his app is set to, if the network says so
    team: str | None = None  # the Slack workspace he belongs to
    foreign: bool = False  # that workspace is not ours


class Place(msgspec.Struct, frozen=True):
    """Where it was done."""

    network: Network
    chat: str
    kind: Literal["private", "group", "channel"] = "private"
    thread: str | None = None  # the message that heads the thread (Slack ts)


class Came(msgspec.Struct, frozen=True, kw_only=True):
    """What every inbound of a person has."""

    sender: Sender
    place: Place
    message: str | None = None  # the network's id of the message it is or belongs to
    trigger: str | None = None  # Slack: opens a form, once, within three seconds


class Press(Came, frozen=True, kw_only=True, tag="press"):
    """A button was pressed. `token` is the button's own; `query` must be answered (Telegram callback)."""

    token: str
    query: str | None = None
    chosen: str | None = None  # the option picked, when the button was a menu
    view: str | None = None  # the window it stood in


class Typed(Came, frozen=True, kw_only=True, tag="typed"):
    """Words were written; a leading command is split off."""

    text: str
    command: str | None = None  # without the slash: "start", "satisfaction"
    reply_to: str | None = None
    masked: bool = False  # the secrets guard removed something


class File(msgspec.Struct, frozen=True):
    """A file as the network holds it."""

    kind: Literal["photo", "voice", "video", "audio", "document"]
    id: str
    unique: str
    name: str | None = None
    mime: str | None = None
    size: int | None = None  # bytes


class Media(Came, frozen=True, kw_only=True, tag="media"):
    """A photo, voice message, video, audio or document, with its caption; `album` groups several."""

    file: File
    caption: str = ""
    album: str | None = None
    reply_to: str | None = None
    masked: bool = False


class Edited(Came, frozen=True, kw_only=True, tag="edited"):
    """Somebody changed the words of his message `message`; `files`: it has some."""

    text: str
    masked: bool = False
    files: bool = False


class Contact(Came, frozen=True, kw_only=True, tag="contact"):
    """A phone number was shared; `own` only when the network says it is the sender's."""

    phone: str
    own: bool
    name: str = ""


class Location(Came, frozen=True, kw_only=True, tag="location"):
    """A place on the map was shared (degrees, WGS 84)."""

    latitude: float
    longitude: float


class Reacted(Came, frozen=True, kw_only=True, tag="reacted"):
    """A reaction was put on, or taken off, the message `message`."""

    name: str
    added: bool = True


class Filled(Came, frozen=True, kw_only=True, tag="filled"):
    """A form was sent; `token` is the one the form was opened with, `values` by field name."""

    token: str
    values: dict[str, Any]  # of files: a list of `File` as plain objects
    beneath: str | None = None  # the window under it


class Chosen(Came, frozen=True, kw_only=True, tag="chosen"):
    """A shortcut was chosen: on the message `message` that `author` wrote, or on none."""

    shortcut: str
    author: str | None = None
    text: str = ""
    masked: bool = False


class Deleted(Came, frozen=True, kw_only=True, tag="deleted"):
    """Somebody deleted his message `message`."""


class Opened(Came, frozen=True, kw_only=True, tag="opened"):
    """The app's home was opened."""


class Blocked(Came, frozen=True, kw_only=True, tag="blocked"):
    """The person stopped (or again allowed) the bot."""

    blocked: bool


class Joined(Came, frozen=True, kw_only=True, tag="joined"):
    """The bot was put into a group."""


class Paid(Came, frozen=True, kw_only=True, tag="paid"):
    """Money has moved: for which order, how much (minor units), and as what the network and the provider know it."""

    order: str
    amount: int
    currency: str
    charge: str
    provider: str


class Checkout(msgspec.Struct, frozen=True, kw_only=True, tag="checkout"):
    """May somebody pay this now? `query` must be answered within ten seconds."""

    sender: Sender
    query: str
    order: str
    amount: int  # minor units
    currency: str


class Due(msgspec.Struct, frozen=True, kw_only=True, tag="due"):
    """A timer rang: a question, not an order."""

    kind: str
    subject: str
    occurrence: str
    at: datetime


class Delivered(msgspec.Struct, frozen=True, kw_only=True, tag="delivered"):
    """How a message went that somebody wanted to know about: `subject` is what the message named ("note:17")."""

    subject: str
    ok: bool
    gone: bool = False  # the recipient cannot be reached any more
    late: bool = False  # it was not said any more: its time was over
    chat: str = ""
    reason: str = ""
    owed: int | None = None  # the request about which he had to know it, if he had to
    unsaid: dict[str, Any] = {}  # and what that was


class GroupChanged(msgspec.Struct, frozen=True, kw_only=True, tag="group_changed"):
    """People came into a Slack user group, or left it."""

    group: str
    added: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()


class Ignored(msgspec.Struct, frozen=True, kw_only=True, tag="ignored"):
    """Something we understand and have no use for, kept for the record."""

    why: str


FromPerson = (
    Press
    | Typed
    | Media
    | Edited
    | Deleted
    | Contact
    | Location
    | Reacted
    | Filled
    | Chosen
    | Opened
    | Blocked
    | Joined
    | Paid
)
Inbound = FromPerson | Checkout | Due | Delivered | GroupChanged | Ignored
