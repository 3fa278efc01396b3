"""What the tests of the Slack side stand on: a few phrases of their own, payloads as Slack writes them, an inbox."""

import asyncio
import copy
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.channels.arrival import Arrival
from bot.channels.carrier import Letter
from handlers.messages import FormErrors, Outgoing
from locales import catalogues
from locales.text import Text, t

PHRASES = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Language: {language}\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "test.words"
msgstr "{{words}}"

msgid "slack.form.close"
msgstr "Close"

msgid "slack.file.missing"
msgstr "A file could not be brought here: {{name}}"
"""


@pytest.fixture(scope="module")
def phrases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """A phrasebook of the tests' own, in two languages."""
    books: Path = tmp_path_factory.mktemp("locales")
    for language in ("en", "fr"):
        book = books / language / "LC_MESSAGES"
        book.mkdir(parents=True)
        (book / "messages.po").write_text(PHRASES.format(language=language), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogues, "HERE", books)
        catalogues.catalogue.cache_clear()
        yield
    catalogues.catalogue.cache_clear()


def words(said: str) -> Text:
    """A phrase that says exactly this."""
    return t("test.words", words=said)


def event(inner: dict[str, Any], **outer: Any) -> dict[str, Any]:
    body = {
        "type": "event_callback",
        "team_id": "T1",
        "api_app_id": "A1",
        "event_id": "Ev1",
        "event_time": 1763772000,
        "is_ext_shared_channel": False,
        "event": inner,
    }
    return {"kind": "event", "body": body | outer}


def message(**more: Any) -> dict[str, Any]:
    plain = {"type": "message", "user": "U1", "channel": "C1", "channel_type": "channel", "ts": "10.1", "text": "hello"}
    return plain | more


def action(item: dict[str, Any], **more: Any) -> dict[str, Any]:
    body = {
        "type": "block_actions",
        "team": {"id": "T1", "domain": "aftercare"},
        "user": {"id": "U1", "username": "ana", "name": "ana", "team_id": "T1"},
        "api_app_id": "A1",
        "trigger_id": "1.2.3",
        "container": {"type": "message", "message_ts": "10.1", "channel_id": "C1", "is_ephemeral": False},
        "channel": {"id": "C1", "name": "service"},
        "message": {"type": "message", "ts": "10.1", "text": "a card"},
        "actions": [{"action_id": "b0", "block_id": "row0", "action_ts": "11.1", **item}],
    }
    return {"kind": "action", "body": body | more}


def submission(values: dict[str, Any], **more: Any) -> dict[str, Any]:
    view = {
        "id": "V1",
        "hash": "1.h",
        "type": "modal",
        "callback_id": "form",
        "private_metadata": "k7",
        "state": {"values": {name: {name: element} for name, element in values.items()}},
    }
    body = {
        "type": "view_submission",
        "team": {"id": "T1"},
        "user": {"id": "U1", "name": "ana", "team_id": "T1"},
        "api_app_id": "A1",
        "trigger_id": "1.2.3",
        "view": view | more,
    }
    return {"kind": "view", "body": body}


def command(text: str = "", **more: Any) -> dict[str, Any]:
    body = {
        "command": "/satisfaction",
        "text": text,
        "team_id": "T1",
        "user_id": "U1",
        "user_name": "ana",
        "channel_id": "C1",
        "channel_name": "service",
        "trigger_id": "1.2.3",
        "api_app_id": "A1",
    }
    return {"kind": "command", "body": body | more}


STRANGE: list[Any] = [None, True, 0, -1, 1e308, "", "\0", "\ud800", "<@U1>", "x" * 5000, [], {}, [None], {"a": [{}]}]


def spoiled(raw: Any, chance: random.Random) -> Any:
    """The payload with one to three of its places changed, taken out, or swapped for something strange."""
    raw = copy.deepcopy(raw)
    for _ in range(chance.randint(1, 3)):
        places: list[tuple[Any, Any]] = []
        pile: list[Any] = [raw]
        while pile:
            holder = pile.pop()
            if isinstance(holder, dict | list):
                keys = list(holder) if isinstance(holder, dict) else list(range(len(holder)))
                places += [(holder, key) for key in keys]
                pile += [holder[key] for key in keys]
        if not places:
            break
        holder, key = chance.choice(places)
        if chance.random() < 0.3:
            del holder[key]
        else:
            holder[key] = copy.deepcopy(chance.choice(STRANGE))
    return raw


def letter(payload: Outgoing, **more: str | None) -> Letter:
    """A letter with everything it needs."""
    given: dict[str, Any] = {"id": 1, "key": "letter:1", "payload": payload, "language": "en", "keyboard": "k7"}
    return Letter(**given | more)


class Inbox:
    """Where rows go: keeps them, can refuse them, and answers forms."""

    def __init__(self) -> None:
        self.rows: list[Arrival] = []
        self.broken = False
        self.errors: FormErrors | None = None
        self.slow = 0.0  # seconds for writing a row
        self.thinks = 0.0  # and for answering a form
        self.filled = asyncio.Event()
        self.came = asyncio.Event()

    async def accept(self, rows: list[Arrival]) -> None:
        self.came.set()
        await asyncio.sleep(self.slow)
        if self.broken:
            raise ConnectionError("the database is away")
        self.rows += rows

    async def answer(self, row: Arrival) -> FormErrors | None:
        await self.accept([row])
        await asyncio.sleep(self.thinks)
        self.filled.set()
        return self.errors


async def until(reached: Callable[[], object], timeout: float = 5.0) -> None:
    """Wait for something that nobody announces."""
    async with asyncio.timeout(timeout):
        while not reached():  # noqa: ASYNC110
            await asyncio.sleep(0.02)
