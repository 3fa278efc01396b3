"""Turns messages and forms into Slack's blocks. Pure; the only place that knows them, with `slack_blocks`."""

from collections.abc import Iterable, Iterator
from typing import Any

from bot.channels.slack_blocks import (
    CHOICE,
    CONTEXT,
    FILES,
    HEADER,
    HINT,
    INPUT,
    LABEL,
    MESSAGE_BLOCKS,
    MODAL_BLOCKS,
    MODAL_WORD,
    OPTIONS,
    ROW,
    URL,
    Block,
    Room,
    cut,
    everybody,
    header,
    option,
    plain_text,
    quote,
    rich,
    run,
    section,
    small_print,
)
from bot.channels.slack_shape import clean, escape
from handlers.messages import Button, Fact, Field, Form, FormErrors, Message, Part, Said
from locales.phrasebook import say
from locales.text import Value, t

EVENT_TYPE = "aftercare_letter"
FALLBACK = 2900  # units before escaping; Slack advises 4,000 characters and refuses 40,000
PARAGRAPHS = 20  # blocks of their own; beyond, they share one
ROWS = 20
COLON = {"fr": "\N{NO-BREAK SPACE}: "}  # French keeps a space before its colons


def render(message: Message, language: str, keyboard: str | None, metadata_key: str) -> dict[str, Any]:
    """What `chat.postMessage` and `chat.update` say; blocks are empty when there is nothing to say."""
    room = Room()
    title = room.fit(say(message.title, language), HEADER) if message.title is not None else ""
    facts = list(facts_of(message.facts, language, room))
    footer = room.fit(say(message.footer, language), CONTEXT) if message.footer is not None else ""
    body = list(body_of(message.body, language, room))
    keys = [*_rows(message.buttons, language, keyboard), *_menu(message, language, keyboard)]
    opening = room.fit(say(message.opening, language)) if message.opening is not None else ""
    blocks: list[Block] = [rich("opening", section(run(opening)))] if opening else []
    blocks += [header(title)] if title else []
    blocks += [everybody()] if message.alert else []
    blocks += paragraphs(body)
    blocks += [rich("facts", section(*facts))] if facts else []
    blocks += [small_print(footer)] if footer else []
    blocks += keys
    return {
        "text": escape(cut(_fallback(message, language, blocks), FALLBACK)),
        "blocks": blocks[:MESSAGE_BLOCKS],
        "unfurl_links": False,
        "unfurl_media": False,
        "metadata": {"event_type": EVENT_TYPE, "event_payload": {"key": metadata_key}},
    }


def body_of(parts: Iterable[Part], language: str, room: Room) -> Iterator[Block]:
    """What is said, each part a paragraph; people's own words as quotes."""
    for part in parts:
        words = room.fit(part.words if isinstance(part, Said) else say(part, language))
        if words:
            yield quote(run(words)) if isinstance(part, Said) else section(run(words))


def paragraphs(body: list[Block]) -> list[Block]:
    """Paragraphs as blocks."""
    if len(body) > PARAGRAPHS:
        return [rich("body", *body)]
    return [rich(f"body{n}", element) for n, element in enumerate(body)]


def facts_of(facts: Iterable[Fact], language: str, room: Room) -> Iterator[Block]:
    """Lines of what and its value."""
    colon = COLON.get(language, ": ")
    for number, fact in enumerate(facts):
        label, value = room.fit(say(fact.label, language)), room.fit(say(fact.value, language))
        if label and value:
            lines = (1 + fact.apart) if number else 0
            yield run("\n" * lines + label + colon, bold=True)
            yield run(value)


def _fallback(message: Message, language: str, blocks: list[Block]) -> str:
    """What notifications and screen readers say, and what is read where blocks cannot be shown."""
    colon = COLON.get(language, ": ")
    lines = [say(above, language) for above in (message.opening, message.title) if above is not None]
    lines += [part.words if isinstance(part, Said) else say(part, language) for part in message.body]
    lines += [f"{say(f.label, language)}{colon}{say(f.value, language)}" for f in message.facts]
    lines += [] if message.footer is None else [say(message.footer, language)]
    spoken = "\n".join(line for line in map(clean, lines) if line.strip())
    if spoken or not blocks:
        return spoken
    return " / ".join(say(button.label, language) for row in message.buttons for button in row)


def _rows(buttons: tuple[tuple[Button, ...], ...], language: str, keyboard: str | None) -> Iterator[Block]:
    """Rows of buttons, their numbers counted row by row over all of them."""
    number, rows = 0, [list[Block]() for _ in buttons]
    for row, made in zip(buttons, rows, strict=True):
        for button in row:
            if (drawn := button_of(button, number, language, keyboard)) is not None:
                made.append(drawn)
            number += 1
    if len(rows) > ROWS:
        rows = [[button for made in rows for button in made]]
    chunks = [made[at : at + ROW] for made in rows for at in range(0, len(made), ROW)]
    for place, chunk in enumerate(chunks):
        yield {"type": "actions", "block_id": f"row{place}", "elements": chunk}


def _menu(message: Message, language: str, keyboard: str | None) -> Iterator[Block]:
    """What is done more rarely; their numbers go on after the buttons'."""
    if not message.menu or keyboard is None:
        return
    before = sum(len(row) for row in message.buttons)
    options = [
        option(f"{keyboard}.{before + n}", say(entry.label, language)) for n, entry in enumerate(message.menu[:OPTIONS])
    ]
    more = plain_text(say(t("slack.menu"), language), CHOICE)
    element: Block = {"type": "static_select", "action_id": "menu", "placeholder": more, "options": options}
    yield {"type": "actions", "block_id": "menu", "elements": [element]}


def button_of(button: Button, number: int, language: str, keyboard: str | None) -> Block | None:
    """None for a button that could do nothing: no token to send, or an address that Slack would refuse."""
    drawn: Block = {"type": "button", "action_id": f"b{number}", "text": plain_text(say(button.label, language), LABEL)}
    if button.style:
        drawn["style"] = button.style
    if button.url is not None:
        # no value: the reader knows by its absence that only a link was followed
        return drawn | {"url": button.url} if len(button.url) <= URL else None
    return drawn | {"value": f"{keyboard}.{number}"} if keyboard is not None else None


def form(form: Form, language: str, keyboard: str) -> dict[str, Any]:
    """The modal view of a form; the token of the form is all it carries."""
    intro = paragraphs(list(body_of(form.intro, language, Room(INPUT))))
    fields = [block for field in form.fields if (block := _field(field, language)) is not None]
    title = say(form.title, language)
    return {
        "type": "modal",
        "callback_id": "form",
        "private_metadata": keyboard,
        "title": plain_text(title, MODAL_WORD),
        "submit": plain_text(say(form.submit, language), MODAL_WORD),
        "close": plain_text(say(t("slack.form.close"), language), MODAL_WORD),
        "blocks": (intro + fields)[:MODAL_BLOCKS] or [header(title)],  # Slack opens no empty form
    }


def _field(field: Field, language: str) -> Block | None:
    element = _of_kind(field, language)
    if element is None:
        return None
    block: Block = {
        "type": "input",
        "block_id": field.name,
        "label": plain_text(say(field.label, language), HINT),
        "element": element,
        "optional": field.optional,
    }
    if field.hint is not None:
        block["hint"] = plain_text(say(field.hint, language), HINT)
    return block


PICKERS = {"date": ("datepicker", "initial_date"), "time": ("timepicker", "initial_time")}


def _of_kind(field: Field, language: str) -> Block | None:
    if field.kind == "choice":
        return _choice(field, language)
    return _picker(field) or _files(field) or _input(field, language)


def _picker(field: Field) -> Block | None:
    """A day or a time of day; nothing for other kinds."""
    if field.kind not in PICKERS:
        return None
    kind, initial = PICKERS[field.kind]
    element: Block = {"type": kind, "action_id": field.name}
    return element | {initial: field.initial} if isinstance(field.initial, str) and field.initial else element


def _files(field: Field) -> Block | None:
    """A place for files; nothing for other kinds. Slack looks at their endings to help, not to keep others out."""
    if field.kind != "files":
        return None
    element: Block = {"type": "file_input", "action_id": field.name, "max_files": max(1, min(field.most, FILES))}
    return element | {"filetypes": list(field.types)} if field.types else element


def _input(field: Field, language: str) -> Block:
    if field.kind == "number":
        element: Block = {"type": "number_input", "action_id": field.name, "is_decimal_allowed": True}
    else:
        longest = min(field.longest or INPUT, INPUT)
        multiline = field.kind == "lines"
        element = {
            "type": "plain_text_input",
            "action_id": field.name,
            "multiline": multiline,
            "max_length": longest,
        }
    if field.initial:
        element["initial_value"] = cut(clean(say(field.initial, language)), element.get("max_length", INPUT))
    return element


def _choice(field: Field, language: str) -> Block | None:
    """A menu; one without options cannot be shown."""
    groups = [_group(heading, found, language) for heading, found in field.groups[:OPTIONS] if found]
    options = [option(value, say(label, language)) for value, label in field.options[:OPTIONS]]
    if not options and not groups:
        return None
    offered: Block = {"option_groups": groups} if groups else {"options": options}
    element: Block = {"type": "static_select", "action_id": field.name, **offered}
    every = [o for group in groups for o in group["options"]] if groups else options
    initial = next((o for o in every if o["value"] == field.initial), None)
    return element | {"initial_option": initial} if initial else element


def _group(heading: Value, found: tuple[tuple[str, Value], ...], language: str) -> Block:
    options = [option(value, say(label, language)) for value, label in found[:OPTIONS]]
    return {"label": plain_text(say(heading, language), CHOICE), "options": options}


def errors(refused: FormErrors, language: str) -> dict[str, Any]:
    """The acknowledgement that leaves the form open, with what is wrong under each field."""
    said = {name: cut(clean(say(text, language)), HINT) for name, text in refused.errors.items()}
    return {"response_action": "errors", "errors": said}
