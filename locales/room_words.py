"""How people name the rooms of a home, as `locales/<language>/understanding/rooms.toml` lists them."""

import tomllib
from functools import cache

from locales.catalogues import HERE


@cache
def room_words(language: str) -> dict[str, list[str]]:
    """The words for each room in one language, the plainest first."""
    return tomllib.loads((HERE / language / "understanding" / "rooms.toml").read_text(encoding="utf-8"))
