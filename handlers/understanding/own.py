"""The company's own phrases come before what the model thinks: what a message means in its words."""

import msgspec

from domain.areas import Intent
from domain.company import Company
from domain.own_phrases import Phrases
from handlers.understanding.meaning import meant
from handlers.understanding.readings import Decision, Guess, Meaning

OF_A_PART = (Intent.PROBLEM, Intent.HOWTO, Intent.COMMAND)  # what concerns one part of the home


def meaning_of(message: str, company: Company, language: str) -> Meaning:
    """What a message means, at that company, of somebody who is spoken to in that language."""
    return in_its_words(meant(message), message, company.phrases(language))


def in_its_words(meaning: Meaning, message: str, phrases: Phrases | None) -> Meaning:
    """The meaning as the company says it; as it is where it says nothing."""
    if phrases is None:
        return meaning
    whole = phrases.whole(message)
    if whole is not None and whole.intent is not None:
        surely = Guess(whole.intent, whole.area, 1.0)
        others = tuple(guess for guess in meaning.guesses if guess.intent is not whole.intent)
        return msgspec.structs.replace(
            meaning,
            intent=whole.intent,
            area=whole.area,
            confidence=1.0,
            decision=Decision.ACT,
            guesses=(surely, *others),
        )
    area = phrases.area_in(message)
    if area is None or meaning.intent not in OF_A_PART:
        return meaning
    guesses = tuple(msgspec.structs.replace(g, area=area) if g.intent in OF_A_PART else g for g in meaning.guesses)
    return msgspec.structs.replace(meaning, area=area, guesses=tuple(dict.fromkeys(guesses)))
