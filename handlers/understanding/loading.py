"""What understanding reads from files, read before the first message needs it: in a second, beside the start."""

from collections.abc import Iterable

from handlers.understanding.meaning import meant
from handlers.understanding.urgency import judged
from locales.time_words import time_words


def load(languages: Iterable[str]) -> None:
    """Read the words of danger and of time, and the model of meaning; safe in a thread of its own."""
    for language in languages:
        judged(language, language)
        time_words(language)
    meant("")
