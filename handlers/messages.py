"""Anything that goes out, without its network and without its language."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Literal

import msgspec

from handlers.inbound import File
from locales.text import In, Text, Value

Plain = str | int


LATE = timedelta(hours=1)  # what somebody waits for, and leaves later than that, begins with an apology


class Importance(StrEnum):
    """What happens when nobody knows whether a send arrived."""

    CRITICAL = "critical"  # sent again
    RELAY = "relay"  # somebody's own words: sent again
    NORMAL = "normal"  # sent again
    LOW = "low"  # a hint that is worthless later: dropped


class Homeowner(msgspec.Struct, frozen=True, tag="homeowner"):
    """A private chat in Telegram; the words are in the person's language."""

    chat: str
    person: int | None = None
    language: str = "en"


class Channel(msgspec.Struct, frozen=True, tag="channel"):
    """A Slack channel, or the thread under the card that is `about` something there."""

    id: str
    thread: str | None = None  # the `about` of the card that heads the thread
    thread_ts: str | None = None  # or the message itself, when it is no card of ours


class Teammate(msgspec.Struct, frozen=True, tag="teammate"):
    """One member of the team: only he sees it (in `channel`, or in his direct messages)."""

    user: str
    channel: str | None = None
    thread_ts: str | None = None


Recipient = Homeowner | Channel | Teammate


class Said(msgspec.Struct, frozen=True, tag="said"):
    """A person's own words, quoted: never markup, never a mention, never translated."""

    words: str


class Fact(msgspec.Struct, frozen=True):
    """One line of a card: what, and its value; `apart`: with some room above it."""

    label: Value
    value: Value
    apart: bool = False


class Button(msgspec.Struct, frozen=True):
    """What a press means: the act and its arguments. `standing` ones outlive the question they came with."""

    label: Value
    act: str = ""
    args: dict[str, Plain] = {}
    style: Literal["", "primary", "danger"] = ""
    url: str | None = None
    standing: bool = False


class Document(msgspec.Struct, frozen=True, tag="document"):
    """A file of our own making, drawn off the loop when it leaves: `kind` names the paper, `values` what it shows."""

    kind: Literal["calendar", "receipt", "code", "chart"]
    name: str
    values: dict[str, Value]


class Attached(msgspec.Struct, frozen=True, tag="attached"):
    """A file that one network holds, to be carried to the recipient."""

    network: Literal["telegram", "slack"]
    file: File


Part = Text | Said | In


class Message(msgspec.Struct, frozen=True, kw_only=True, tag="message"):
    """Something to say. A second message with the same recipient and `about` edits the first."""

    to: Recipient
    title: Value | None = None
    body: tuple[Part, ...] = ()
    facts: tuple[Fact, ...] = ()
    footer: Text | None = None
    buttons: tuple[tuple[Button, ...], ...] = ()
    menu: tuple[Button, ...] = ()  # Slack: what is done more rarely, behind one button
    media: tuple[Attached | Document, ...] = ()
    about: str | None = None
    fresh: bool = False  # start a new card for `about` instead of editing the old one
    ask_for: Literal["contact", "nothing"] | None = None  # Telegram's phone button: show it, or put it away
    language: str | None = None  # pinned (a preview of what somebody else will read), else the reader's
    turn: int | None = None  # the question its buttons belong to
    importance: Importance = Importance.NORMAL
    alert: bool = False  # ring for everybody in the channel
    wait: float = 0.0  # seconds to gather: until then a later one with the same `about` takes its place
    until: datetime | None = None  # later than that (business time) it is not said any more: `delivery` hears so
    sorry_after: datetime | None = None  # later than that (business time) it begins with an apology
    opening: Text | None = None  # said above everything else: the apology, put there when it leaves
    secret: bool = False  # what it says is forgotten as soon as it has left
    delivery: str | None = None  # whom to tell how it went: the subject of `Delivered` ("note:17")
    owed: int | None = None  # the request about which he has to know this: whom it cannot reach is called


class Edit(msgspec.Struct, frozen=True, kw_only=True, tag="edit"):
    """Take the buttons from an old message (`remote` is its id on the network)."""

    to: Recipient
    remote: str


class Delete(msgspec.Struct, frozen=True, kw_only=True, tag="delete"):
    """Remove a message from a chat (Telegram: within 48 hours)."""

    to: Recipient
    remote: str
    importance: Importance = Importance.CRITICAL


class React(msgspec.Struct, frozen=True, kw_only=True, tag="react"):
    """Put a reaction on a message, or take it off."""

    to: Recipient
    remote: str
    name: str
    added: bool = True
    importance: Importance = Importance.LOW


class Answer(msgspec.Struct, frozen=True, kw_only=True, tag="answer"):
    """The end of a press: stops the button's wheel, with a short notice if there is one."""

    query: str
    chat: str
    notice: Text | None = None
    language: str = "en"
    alert: bool = False
    importance: Importance = Importance.LOW


class Invoice(msgspec.Struct, frozen=True, kw_only=True, tag="invoice"):
    """An invoice with a button to pay: its lines (label, minor units) sum to what is asked for."""

    to: Homeowner
    order: str  # comes back with the payment
    title: Value
    description: Text
    lines: tuple[tuple[Value, int], ...]
    currency: str
    until: datetime | None = None  # later than that (business time) it is not sent any more
    importance: Importance = Importance.NORMAL


class CheckoutAnswer(msgspec.Struct, frozen=True, kw_only=True, tag="checkout_answer"):
    """Yes or no to a payment: `words` say why not."""

    query: str
    words: Text | None = None
    language: str = "en"
    importance: Importance = Importance.NORMAL

    @property
    def ok(self) -> bool:
        """Whether it may go on."""
        return self.words is None


class Field(msgspec.Struct, frozen=True):
    """One question of a form."""

    name: str
    label: Text
    kind: Literal["line", "lines", "number", "choice", "date", "time", "files"] = "line"
    hint: Text | None = None
    initial: str | In | None = None  # In: a phrase, in the language of whoever will read it
    options: tuple[tuple[str, Value], ...] = ()
    optional: bool = False
    longest: int | None = None
    groups: tuple[tuple[Value, tuple[tuple[str, Value], ...]], ...] = ()  # instead of options: each under a heading
    types: tuple[str, ...] = ()  # of files, by the ends of their names; none: any
    most: int = 1  # files


class Form(msgspec.Struct, frozen=True, kw_only=True, tag="form"):
    """A form to fill in; sending it comes back as `Filled` with the act and its arguments.

    Without a trigger it takes the place of the form that was just sent.
    """

    trigger: str | None
    user: str
    act: str
    args: dict[str, Plain] = {}
    title: Text
    intro: tuple[Part, ...] = ()
    fields: tuple[Field, ...]
    submit: Text
    over: bool = False  # on top of the window whose button was pressed
    importance: Importance = Importance.LOW


class Row(msgspec.Struct, frozen=True):
    """One line of a page: what, more about it, and what can be done with it (several things: behind a menu)."""

    label: Value
    value: Value | None = None
    buttons: tuple[Button, ...] = ()


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """A part of a page, under a title of its own."""

    title: Value | None = None
    body: tuple[Part, ...] = ()
    facts: tuple[Fact, ...] = ()
    rows: tuple[Row, ...] = ()
    footer: Value | None = None
    buttons: tuple[tuple[Button, ...], ...] = ()


class Page(msgspec.Struct, frozen=True, kw_only=True, tag="page"):
    """Sections one below the other, for one teammate alone: the app's home, or a window over what he sees.

    A window without a trigger takes the place of the form that was just sent.
    """

    user: str
    title: Text
    sections: tuple[Section, ...]
    home: bool = False
    trigger: str | None = None
    over: bool = False  # on top of the window whose button was pressed
    view: str | None = None  # in the place of what this window shows
    importance: Importance = Importance.LOW

    @property
    def buttons(self) -> list[Button]:
        """All its buttons, in the order in which they are numbered."""
        return [button for section in self.sections for button in _of(section)]


def _of(section: Section) -> list[Button]:
    return [*(b for row in section.rows for b in row.buttons), *(b for row in section.buttons for b in row)]


class FormNext(msgspec.Struct, frozen=True, tag="form_next"):
    """The form was taken and another one, or a page, takes its place: the acknowledgement too.

    `keyboard` is the token of what follows.
    """

    form: Form | Page
    keyboard: str


class FormErrors(msgspec.Struct, frozen=True, tag="form_errors"):
    """The form was not taken: what is wrong, by field name. It *is* the acknowledgement: it never meets the outbox."""

    errors: dict[str, Text]


FormAnswer = FormErrors | FormNext

Outgoing = Message | Edit | Delete | React | Answer | Form | Page | Invoice | CheckoutAnswer
