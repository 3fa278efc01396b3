"""Message -> what Telegram shows: HTML parts and a keyboard. Pure: nothing is asked of the network."""

from dataclasses import dataclass
from html import escape

from telegram import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)

from bot.channels.telegram_text import blank, clean, cut, shorten
from handlers.messages import Attached, Button, Document, Message, Part, Said
from locales.phrasebook import say
from locales.text import t

LONGEST_TEXT = 4096  # UTF-16 units, counted after parsing
LONGEST_DATA = 64  # bytes
LONGEST_LABEL = 60  # our own: a phone shows no more in one line
WIDEST_ROW = 8
MOST_BUTTONS = 100
COLON = {"fr": "\N{NO-BREAK SPACE}: "}

Markup = InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove


@dataclass(frozen=True)
class TextPart:
    """One Telegram message: HTML whose visible text has at most 4096 UTF-16 units."""

    html: str
    markup: Markup | None = None


@dataclass(frozen=True)
class Rendered:
    """What to send, in order: the texts, then the media. `markup` is set when no text is there to carry it."""

    parts: tuple[TextPart, ...]
    media: tuple[Attached | Document, ...] = ()
    markup: Markup | None = None


@dataclass(frozen=True)
class Run:
    """A stretch of raw text in one style: an HTML tag, or none."""

    text: str
    tag: str = ""


def render(message: Message, language: str, keyboard: str | None) -> Rendered:
    """The message in `language` (a pinned one wins); raises KeyError or ValueError for what is our own fault."""
    language = message.language or language
    blocks = [b for b in _blocks(message, language) if not blank("".join(run.text for run in b))]
    inline = _inline(message.buttons, language, keyboard)
    reply = _reply(message, language)
    # A message has one keyboard: of two, the phone's goes under the first part and the buttons under the last.
    groups = [blocks[:1], blocks[1:]] if inline and reply and len(blocks) > 1 else [blocks]
    htmls = [html for group in groups for html in _parts(group)]
    if not htmls:
        return Rendered((), message.media, inline or reply)
    markups: list[Markup | None] = [None] * len(htmls)
    if reply:
        markups[0 if inline else -1] = reply
    if inline:
        markups[-1] = inline
    return Rendered(tuple(map(TextPart, htmls, markups)), message.media)


def _blocks(message: Message, language: str) -> list[list[Run]]:
    blocks = [[Run(clean(say(message.opening, language)))]] if message.opening is not None else []
    if message.title is not None:
        blocks.append([Run(clean(say(message.title, language)), "b")])
    blocks.extend([_body(part, language)] for part in message.body)
    facts: list[Run] = []
    for fact in message.facts:
        label = clean(say(fact.label, language)) + COLON.get(language, ": ")
        lines = (1 + fact.apart) if facts else 0
        facts += [Run("\n" * lines + label), Run(clean(say(fact.value, language)), "b")]
    blocks.append(facts)
    if message.footer is not None:
        blocks.append([Run(clean(say(message.footer, language)), "i")])
    return blocks


def _body(part: Part, language: str) -> Run:
    return Run(clean(part.words), "blockquote") if isinstance(part, Said) else Run(clean(say(part, language)))


def _parts(blocks: list[list[Run]]) -> list[str]:
    """The blocks as HTML parts: the raw text is cut first, each slice escaped once afterwards."""
    runs: list[Run] = []
    for block in blocks:
        runs += [Run("\n\n"), *block] if runs else block
    return [_html(runs, start, end) for start, end in cut("".join(run.text for run in runs), LONGEST_TEXT)]


def _html(runs: list[Run], start: int, end: int) -> str:
    pieces = []
    at = 0
    for run in runs:
        words = escape(run.text[max(start - at, 0) : max(end - at, 0)], quote=False)
        if words:
            pieces.append(f"<{run.tag}>{words}</{run.tag}>" if run.tag else words)
        at += len(run.text)
    return "".join(pieces)


def _inline(rows: tuple[tuple[Button, ...], ...], language: str, keyboard: str | None) -> InlineKeyboardMarkup | None:
    shown: list[list[InlineKeyboardButton]] = []
    number = 0
    for row in rows:
        buttons = []
        for button in row:
            buttons.append(_button(button, language, keyboard, number))
            number += 1
        shown += [buttons[i : i + WIDEST_ROW] for i in range(0, len(buttons), WIDEST_ROW)]
    if number > MOST_BUTTONS:
        raise ValueError(f"{number} buttons: Telegram takes {MOST_BUTTONS}")
    return InlineKeyboardMarkup(shown) if shown else None


def _button(button: Button, language: str, keyboard: str | None, number: int) -> InlineKeyboardButton:
    label = shorten(" ".join(clean(say(button.label, language)).split()), LONGEST_LABEL)
    label = "…" if blank(label) else label
    style = button.style or None
    if button.url is not None:
        return InlineKeyboardButton(label, url=button.url, style=style)
    data = f"{keyboard}.{number}"
    if keyboard is None or len(data.encode()) > LONGEST_DATA:
        raise ValueError(f"button {number} has no token that fits")
    return InlineKeyboardButton(label, callback_data=data, style=style)


def _reply(message: Message, language: str) -> ReplyKeyboardMarkup | ReplyKeyboardRemove | None:
    if message.ask_for == "contact":
        button = KeyboardButton(say(t("telegram.share_phone"), language), request_contact=True)
        return ReplyKeyboardMarkup([[button]], resize_keyboard=True, one_time_keyboard=True)
    return ReplyKeyboardRemove() if message.ask_for == "nothing" else None
