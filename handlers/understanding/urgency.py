"""How soon somebody must look: by tested rules, and a small model beside them that may add a danger, never deny one."""

from bisect import bisect_left
from collections.abc import Iterator

import msgspec

from domain.areas import Urgency
from handlers.understanding.danger_model import ENOUGH, opinion
from handlers.understanding.urgency_doubts import Doubts, Told, live
from handlers.understanding.urgency_rules import CLOSE, EMERGENCIES, HIGH, Rule
from handlers.understanding.urgency_text import Word, frosts_of, languages_of, questions_of, words_of
from handlers.understanding.urgency_words import Mark, marks_of

OLD = range(75, 111)
AGE_NEAR = 4
SHOUT = 2  # “FIRE”, “fire help”
SHOUTED = (("fire_bare", "fire"), ("gas", "gas"), ("shut_in", "shut_in"))
FEWEST = 3  # words, for the model to have a say
# What a message that fits no rule is about, by the one thing it names.
LIKELY = (
    ("gas", "gas"),
    ("eggs", "gas"),
    ("smoke", "smoke"),
    ("fire_bare", "fire"),
    ("burnt", "burning"),
    ("shut_in", "shut_in"),
    ("lift", "shut_in"),
    ("caught", "shut_in"),
    ("locked_out", "locked_out"),
    ("outside", "locked_out"),
    ("someone", "intruder"),
    ("intrude", "intruder"),
    ("detector", "detector"),
    ("alarm", "siren"),
    ("sewage", "water"),
    ("water", "water"),
    ("life_support", "electric"),
    ("very_hot", "overheating"),
    ("elec", "electric"),
    ("heat", "no_heating"),
    ("cold_body", "no_heating"),
)
CHILLY = range(3, 16)
THERMOMETER_NEAR = 4
KIND_TRIES = 60  # a message that repeats itself is not read for ever

Span = tuple[int, int]


class Danger(msgspec.Struct, frozen=True):
    """How urgent a message is (None: the intent decides), what kind of danger (None: not clear), what says so."""

    level: Urgency | None
    kind: str | None = None
    because: tuple[Span, ...] = ()


def judged(text: str, lang: str) -> Danger:
    """The urgency of a message, whatever language it is said to be in."""
    words = words_of(text)
    if not words:
        return Danger(None)
    told, found = _read(text, words, lang)
    if found.level is Urgency.EMERGENCY or len(words) < FEWEST or _taken_back(told):
        return found
    second = opinion(text, lang)
    if second.score > ENOUGH:
        return Danger(Urgency.EMERGENCY, _likely(told), second.because)
    return found


def by_rules(text: str, lang: str) -> Danger:
    """The urgency of a message by the rules alone."""
    words = words_of(text)
    return _read(text, words, lang)[1] if words else Danger(None)


def _read(text: str, words: list[Word], lang: str) -> tuple[Told, Danger]:
    told = live(marks_of(words, languages_of(words, lang)), words)
    _figures(text, words, told)
    for group, kind in SHOUTED if len(words) <= SHOUT else ():
        if told.get(group):
            return told, Danger(Urgency.EMERGENCY, kind, _spans((told[group][0],), words))
    doubts = Doubts(told, words, questions_of(text))
    for rule in EMERGENCIES:
        found = next(_real(rule, told, words, doubts), None)
        if found:
            return told, Danger(Urgency.EMERGENCY, rule.kind, _spans(found, words))
    return told, _lesser(told, words, doubts)


def _taken_back(told: Told) -> bool:
    """Whether it is said to be over, imagined, elsewhere, asked about or played: the model does not overrule that."""
    unreal = told.get("imagined") or told.get("asks") or told.get("fiction") or (told.get("past") and told.get("was"))
    elsewhere = told.get("elses") and not told.get("ours")
    return bool(told.get("over")) or bool((unreal or elsewhere) and not told.get("now"))


def _likely(told: Told) -> str | None:
    """The kind of danger a message that fits no rule is most likely about."""
    return next((kind for group, kind in LIKELY if told.get(group)), None)


def _lesser(told: Told, words: list[Word], doubts: Doubts) -> Danger:
    wait = told.get("wait", [])
    if wait and not told.get("visit"):
        return Danger(Urgency.LOW, None, _spans((wait[0],), words))
    for rule in HIGH:
        found = next(_real(rule, told, words, doubts), None)
        if found and not (set(rule.groups) & {"heat", "no_heat"} and told.get("one_room")):
            return Danger(Urgency.HIGH, None, _spans(found, words))
    return Danger(None)


def _figures(text: str, words: list[Word], told: Told) -> None:
    """Degrees below zero are frost; eighty beside a person is his age; eleven degrees indoors is a cold room."""
    starts = [word.start for word in words]
    for start, end in frosts_of(text):
        at = bisect_left(starts, start)
        if at < len(words) and words[at].start < end:
            told["frost"].append(Mark("frost", at, at))
    people = [mark.first for mark in told.get("old_person", ())]
    for at, word in enumerate(words):
        if word.text.isdecimal() and len(word.text) < 4 and int(word.text) in OLD:
            near = bisect_left(people, at - AGE_NEAR)
            if near < len(people) and people[near] <= at + AGE_NEAR:
                told["aged"].append(Mark("aged", at, at))
    _chills(words, told)


def _chills(words: list[Word], told: Told) -> None:
    degrees = {mark.first for mark in told.get("degrees", ())}
    rooms = {mark.last for mark in told.get("thermometer", ())}
    for at, word in enumerate(words):
        indoors = at + 1 in degrees or any(near in rooms for near in range(at - THERMOMETER_NEAR, at))
        if indoors and word.text.isdecimal() and len(word.text) < 3 and int(word.text) in CHILLY:
            told["chill"].append(Mark("chill", at, at))


def _real(rule: Rule, told: Told, words: list[Word], doubts: Doubts) -> Iterator[tuple[Mark, ...]]:
    """The places where a rule holds and nothing takes it back."""
    for tries, found in enumerate(_combined(rule, told, words)):
        if not doubts.about(rule.kind, found[0].first, found[0].last):
            yield found
        if tries > KIND_TRIES:
            return


def _combined(rule: Rule, told: Told, words: list[Word]) -> Iterator[tuple[Mark, ...]]:
    if not all(told.get(group) for group in rule.groups):
        return
    for first in told[rule.groups[0]]:
        found: tuple[Mark, ...] = (first,)
        for group in rule.groups[1:]:
            within = CLOSE.get((rule.groups[0], group), rule.within)
            other = _beside(first, told[group], within, words, rule.anywhere and within == rule.within)
            if other is None:
                break
            found = (*found, other)
        else:
            yield found


def _beside(mark: Mark, others: list[Mark], within: int, words: list[Word], anywhere: bool) -> Mark | None:
    """The first other mark close enough, in the same sentence unless it may be anywhere, of other or more words."""
    start = bisect_left(others, mark.first - within, key=lambda other: other.first)
    for other in others[start:]:
        if other.first > mark.last + within:
            return None
        apart = other.last < mark.first or other.first > mark.last or other.length > mark.length
        if apart and (anywhere or words[other.first].sentence == words[mark.first].sentence):
            return other
    return None


def _spans(marks: tuple[Mark, ...], words: list[Word]) -> tuple[Span, ...]:
    return tuple(sorted({(words[mark.first].start, words[mark.last].end) for mark in marks}))
