"""The words for each idea of one language, as `locales/<language>/understanding/ideas.txt` lists them."""

from functools import cache

from locales.catalogues import HERE


@cache
def idea_words(language: str) -> dict[str, list[str]]:
    """Idea → its words; a star at the end of one stands for any ending."""
    lines = (HERE / language / "understanding" / "ideas.txt").read_text(encoding="utf-8").splitlines()
    parts = (line.partition(":") for line in lines if line and not line.startswith("#"))
    return {idea.strip(): [word.strip() for word in words.split(",")] for idea, _, words in parts}
