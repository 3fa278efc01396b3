"""Refusals: every rule that can say no says it in four languages, with everything filled in."""

import pytest

from domain.work import Refusal
from locales.phrasebook import LANGUAGES, say, speaks
from tests.rules.phrases_in_code import refusals, refused

ALL = sorted(set(refusals()), key=lambda kind: kind.__name__)


def test_there_are_many() -> None:
    assert len(ALL) >= 15


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
def test_every_refusal_is_said_in_every_language(kind: type[Refusal]) -> None:
    for language in LANGUAGES:
        words = say(refused(kind), language)
        assert len(words) > 10
        assert "{" not in words


def test_a_refusal_without_its_phrase_would_be_seen() -> None:
    class NeverWritten(Refusal):
        """A rule that was just added."""

    assert not speaks(refused(NeverWritten).key)
