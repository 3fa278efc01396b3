"""Windows and the app's home in Slack: how pages look there, and how they and forms are shown. Rendering is pure."""

from collections.abc import Iterable, Iterator
from itertools import count
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.carrier import Letter, NotSent, Outcome, Sent
from bot.channels.slack_blocks import (
    CONTEXT,
    HEADER,
    MODAL_BLOCKS,
    MODAL_WORD,
    ROW,
    Block,
    Room,
    header,
    option,
    plain_text,
    rich,
    section,
    small_print,
)
from bot.channels.slack_renderer import body_of, button_of, facts_of, form, paragraphs
from handlers.messages import Button, Form, Page, Row, Section
from locales.phrasebook import say
from locales.text import t

PAGE_WORDS = 30_000  # units in all; Slack refuses views of more than 250 kB
LINE = 2000  # units of one line of a page
MENU = 5  # options behind one menu


async def show(client: AsyncWebClient, shown: Form | Page, letter: Letter) -> Outcome:
    """Open it, or put it into the home of whom it is for."""
    if letter.keyboard is None:
        return NotSent("a view without a token", permanent=True)
    view = view_of(shown, letter.language, letter.keyboard)
    if isinstance(shown, Page) and shown.home:
        await client.views_publish(user_id=shown.user, view=view)
    elif isinstance(shown, Page) and shown.view is not None:
        await client.views_update(view_id=shown.view, view=view)  # closed meanwhile: nobody misses it
    elif shown.over:
        await client.views_push(trigger_id=shown.trigger, view=view)
    else:
        await client.views_open(trigger_id=shown.trigger, view=view)
    return Sent()


def view_of(shown: Form | Page, language: str, keyboard: str) -> dict[str, Any]:
    """The view of a form or a page."""
    return form(shown, language, keyboard) if isinstance(shown, Form) else page(shown, language, keyboard)


def page(page: Page, language: str, keyboard: str) -> dict[str, Any]:
    """A home tab, or a modal with nothing to send; its title stands in the home as a first line."""
    room, numbers = Room(PAGE_WORDS), count()
    title = say(page.title, language)
    blocks = [header(title)] if page.home else []
    for place, part in enumerate(page.sections):
        for block in _section(part, language, keyboard, room, numbers):
            blocks.append(block | {"block_id": f"s{place}-{block['block_id']}"})
    if len(blocks) > MODAL_BLOCKS or room.left <= 0:
        blocks = [*blocks[: MODAL_BLOCKS - 1], small_print(say(t("slack.page.cut"), language))]
    if page.home:
        return {"type": "home", "callback_id": "page", "blocks": blocks}
    return {
        "type": "modal",
        "callback_id": "page",
        "title": plain_text(title, MODAL_WORD),
        "close": plain_text(say(t("slack.form.close"), language), MODAL_WORD),
        "blocks": blocks or [header(title)],  # Slack opens no empty view
    }


def _section(part: Section, language: str, keyboard: str, room: Room, numbers: Iterator[int]) -> Iterator[Block]:
    title = room.fit(say(part.title, language), HEADER) if part.title is not None else ""
    if title:
        yield header(title)
    yield from paragraphs(list(body_of(part.body, language, room)))
    facts = list(facts_of(part.facts, language, room))
    if facts:
        yield rich("facts", section(*facts))
    for place, row in enumerate(part.rows):
        drawn = _drawn(row.buttons, language, keyboard, numbers)
        if (line := _line(row, language, room)) is not None:
            yield line | {"block_id": f"line{place}"} | _beside(drawn)
    footer = room.fit(say(part.footer, language), CONTEXT) if part.footer is not None else ""
    if footer:
        yield small_print(footer)
    rows = [_drawn(row, language, keyboard, numbers) for row in part.buttons]
    for place, chunk in enumerate(made[at : at + ROW] for made in rows for at in range(0, len(made), ROW)):
        yield {"type": "actions", "block_id": f"row{place}", "elements": chunk}


def _drawn(buttons: Iterable[Button], language: str, keyboard: str, numbers: Iterator[int]) -> list[Block]:
    """The buttons that can be shown; each has its number, shown or not."""
    found = (button_of(button, next(numbers), language, keyboard) for button in buttons)
    return [button for button in found if button is not None]


def _line(row: Row, language: str, room: Room) -> Block | None:
    words = [say(row.label, language), say(row.value, language) if row.value is not None else ""]
    fitting = room.fit("\n".join(word for word in words if word.strip()), LINE)
    return {"type": "section", "text": plain_text(fitting, LINE)} if fitting else None


def _beside(drawn: list[Block]) -> Block:
    """One button stands beside its line; several are behind a menu."""
    if len(drawn) < 2:
        return {"accessory": drawn[0]} if drawn else {}
    options = [option(b["value"], b["text"]["text"]) for b in drawn[:MENU] if "value" in b]
    return {"accessory": {"type": "overflow", "action_id": drawn[0]["action_id"], "options": options}}
