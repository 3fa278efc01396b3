"""What happens to an update before it is written down: secrets go, and characters that no database takes."""

import logging
import re
from typing import Any

from bot.channels.arrival import Arrival
from bot.channels.telegram_reader import conversation, external_id
from domain.secrets import mask

LOG = logging.getLogger(__name__)
DEEPEST = 50  # levels; Telegram's own updates have about ten
WORDS = ("text", "caption")
OURS = ("reply_markup",)  # the words of our own buttons
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")  # one UTF-16 unit each, as is what takes their place: offsets stay right


def arrival(raw: dict[str, Any]) -> Arrival:
    """The row of the inbox for an update; never raises for an update that came out of JSON."""
    return Arrival("telegram", external_id(raw), conversation(raw), guard(raw))


def guard(raw: dict[str, Any]) -> dict[str, Any]:
    """The update with what looks secret masked, wherever words are; `masked` is set only when something was."""
    walk = _Walk()
    safe: dict[str, Any] = walk.over(raw, 0)
    if walk.masked:
        return {**safe, "masked": True}
    # The flag is ours: nobody outside can claim it.
    return {key: value for key, value in safe.items() if key != "masked"} if "masked" in safe else safe


class _Walk:
    """One pass over an update; what does not change is not copied."""

    def __init__(self) -> None:
        self.masked = False

    def over(self, value: Any, depth: int) -> Any:
        if isinstance(value, str):
            return UNSTORABLE.sub("\N{REPLACEMENT CHARACTER}", value) if UNSTORABLE.search(value) else value
        if not isinstance(value, dict | list):
            return value
        if depth >= DEEPEST:
            return None
        if isinstance(value, list):
            items = [self.over(item, depth + 1) for item in value]
            return items if any(a is not b for a, b in zip(items, value, strict=True)) else value
        fields = {self.over(key, depth): self._field(key, item, depth + 1) for key, item in value.items()}
        same = fields.keys() == value.keys() and all(fields[key] is value[key] for key in fields)
        return value if same else fields

    def _field(self, key: str, value: Any, depth: int) -> Any:
        value = self.over(value, depth)
        return self._words(value) if key in WORDS and isinstance(value, str) else value

    def _words(self, text: str) -> str:
        try:
            safe = mask(text)
        except Exception:  # our own fault; better no words than a password in the database
            LOG.exception("the secrets guard failed: all words of an update are hidden")
            safe = "•" * len(text)
        if safe == text:
            return text
        self.masked = True
        return safe
