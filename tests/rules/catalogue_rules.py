"""What is asked of the four catalogues, rule by rule: each rule yields the faults it finds."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from locales.phrasebook import BLANK, LANGUAGES
from tests.rules.ground import Fault
from tests.rules.phrases_in_code import Use, said_in

SMALL = {"notice": 200, "title": 24, "submit": 24}  # characters: callback answers; words of a Slack form
LONGEST_COMMAND = 256
SAMPLE = "123456"  # as long as a request number will ever be
NARROW = "\u00a0\u202f"  # the spaces that do not break

MARKUP = re.compile(r"<\s*/?[a-zA-Z!]|&\w+;|[*`~]|(?<!\w)_|_(?!\w)")
LIMIT = re.compile(r"at most (\d+) characters")


@dataclass(frozen=True)
class Phrase:
    """One key in one language."""

    language: str
    key: str
    forms: tuple[str, ...]
    plural: bool
    fuzzy: bool
    note: str

    @property
    def place(self) -> str:
        return f"{self.language}: {self.key}"

    @property
    def blanks(self) -> frozenset[str]:
        return frozenset(name for form in self.forms for name in BLANK.findall(form))


class Books:
    """The four catalogues of a tree, and its code."""

    def __init__(self, root: Path) -> None:
        self.catalogues: dict[str, Catalog] = {}
        self.phrases: dict[str, dict[str, Phrase]] = {}
        for language in LANGUAGES:
            with (root / "locales" / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
                self.catalogues[language] = read_po(file, locale=language)
            read = [_phrase(language, message) for message in self.catalogues[language] if message.id]
            self.phrases[language] = {phrase.key: phrase for phrase in read}
        self.uses, self.riddles = said_in(root)

    def all(self) -> Iterator[Phrase]:
        for phrases in self.phrases.values():
            yield from phrases.values()


def _phrase(language: str, message: Message) -> Phrase:
    plural = not isinstance(message.id, str)
    forms = (message.string,) if isinstance(message.string, str) else tuple(message.string)
    note = " ".join(message.auto_comments)
    return Phrase(language, message.id[0] if plural else str(message.id), forms, plural, message.fuzzy, note)


def seen(books: Books) -> Iterator[Fault]:
    """Every key in the code can be told without running it."""
    for riddle in books.riddles:
        yield Fault(riddle.place, f"the key cannot be seen: {riddle.what}")


def there(books: Books) -> Iterator[Fault]:
    """What the code says, every catalogue has."""
    for language, phrases in books.phrases.items():
        for use in books.uses:
            if use.key not in phrases:
                yield Fault(use.place, f"{language} has no {use.key}")


def used(books: Books) -> Iterator[Fault]:
    """What a catalogue has, the code says."""
    said = {use.key for use in books.uses}
    for phrase in books.all():
        if phrase.key not in said:
            yield Fault(phrase.place, "nobody says this")


def filled(books: Books) -> Iterator[Fault]:
    """The blanks are the values that the code gives: none missing, none given for nothing."""
    for use in books.uses:
        phrase = books.phrases["en"].get(use.key)
        if phrase is None or use.values is None:
            continue
        given = use.values | ({"count"} if use.counted else set())
        if missing := phrase.blanks - given:
            yield Fault(use.place, f"{use.key} is not given {', '.join(sorted(missing))}")
        if not use.family and (idle := use.values - phrase.blanks):
            yield Fault(use.place, f"{use.key} does not mention {', '.join(sorted(idle))}")
    yield from _idle_in_families(books)


def _idle_in_families(books: Books) -> Iterator[Fault]:
    """One call that says one of several phrases: each value is mentioned by one of them."""
    calls: dict[str, list[Use]] = {}
    for use in books.uses:
        if use.family and use.values:
            calls.setdefault(f"{use.place} {sorted(use.values)}", []).append(use)
    for uses in calls.values():
        mentioned = [books.phrases["en"][u.key].blanks for u in uses if u.key in books.phrases["en"]]
        if idle := (uses[0].values or frozenset()).difference(*mentioned):
            yield Fault(uses[0].place, f"nothing said here mentions {', '.join(sorted(idle))}")


def counted(books: Books) -> Iterator[Fault]:
    """A phrase has plural forms if and only if it is said with a count."""
    for use in books.uses:
        phrase = books.phrases["en"].get(use.key)
        if phrase is not None and use.counted != phrase.plural:
            yield Fault(use.place, f"{use.key} {'needs' if use.counted else 'has'} plural forms")


def alike(books: Books) -> Iterator[Fault]:
    """The blanks, and whether there are plurals, are the same in all languages; so is the note for translators."""
    for phrase in books.all():
        english = books.phrases["en"].get(phrase.key)
        if english is None:
            yield Fault(phrase.place, "English does not have it")
        elif (phrase.blanks, phrase.plural) != (english.blanks, english.plural):
            yield Fault(phrase.place, f"blanks {sorted(phrase.blanks)}, in English {sorted(english.blanks)}")
        elif phrase.note != english.note:
            yield Fault(phrase.place, "the note for the translator is another one in English")


def plurals(books: Books) -> Iterator[Fault]:
    """As many forms as the language has; only the number itself may be left out of one."""
    for phrase in books.all():
        wanted = books.catalogues[phrase.language].num_plurals if phrase.plural else 1
        if sum(bool(form.strip()) for form in phrase.forms) != wanted:
            yield Fault(phrase.place, f"{len(phrase.forms)} forms, {phrase.language} has {wanted}")
        for form in phrase.forms:
            if lost := phrase.blanks - frozenset(BLANK.findall(form)) - {"count"}:
                yield Fault(phrase.place, f"one form has lost {', '.join(sorted(lost))}")


def finished(books: Books) -> Iterator[Fault]:
    """Nothing is empty, doubtful or left over."""
    for phrase in books.all():
        if phrase.fuzzy or not all(form.strip() for form in phrase.forms):
            yield Fault(phrase.place, "empty or fuzzy")
    for language, catalogue in books.catalogues.items():
        for left in catalogue.obsolete:
            yield Fault(language, f"left over: {left}")


def noted(books: Books) -> Iterator[Fault]:
    """Every phrase has a note for whoever translates it."""
    for phrase in books.all():
        if len(phrase.note) < 4:
            yield Fault(phrase.place, "no note for the translator")


def plain(books: Books) -> Iterator[Fault]:
    """No markup; no blank that is none; no space at the ends, none twice."""
    for phrase in books.all():
        for form in phrase.forms:
            bare = BLANK.sub("", form)
            if MARKUP.search(bare) or "{" in bare or "}" in bare:
                yield Fault(phrase.place, f"markup: {form}")
            if form != form.strip() or re.search(r"\s\s", form):
                yield Fault(phrase.place, f"spaces: {form!r}")


def fitting(books: Books) -> Iterator[Fault]:
    """What stands where there is little room is short: the note, the network or the place in the code says so."""
    roles = {use.key: SMALL[use.role] for use in books.uses if use.role in SMALL}
    for phrase in books.all():
        limits = [int(number) for number in LIMIT.findall(phrase.note)]
        limits += [roles[phrase.key]] if phrase.key in roles else []
        limits += [LONGEST_COMMAND] if phrase.key.startswith("command.") else []
        for form in phrase.forms:
            length = len(BLANK.sub(SAMPLE, form))
            if limits and length > min(limits):
                yield Fault(phrase.place, f"{length} characters, at most {min(limits)}")


def french(books: Books) -> Iterator[Fault]:
    """Before : ; ! ? » and after « stands a space that does not break."""
    for phrase in books.phrases["fr"].values():
        for form in phrase.forms:
            if re.search(rf"(?<![{NARROW}!?])[:;!?»]|«(?![{NARROW}])", form):
                yield Fault(phrase.place, f"a space that does not break is missing: {form}")


def spanish(books: Books) -> Iterator[Fault]:
    """A question and an exclamation are opened, too."""
    for phrase in books.phrases["es"].values():
        for form in phrase.forms:
            for opens, closes in ("¿?", "¡!"):
                marks = re.findall(f"[{opens}{closes}]", form)
                if marks != [opens, closes] * (len(marks) // 2):
                    yield Fault(phrase.place, f"{opens} and {closes} do not pair: {form}")


def quoted(books: Books) -> Iterator[Fault]:
    """Quotation marks and apostrophes are the curly ones."""
    for phrase in books.all():
        for form in phrase.forms:
            if "'" in form or '"' in form or "..." in form:
                yield Fault(phrase.place, f"typewriter's marks: {form}")


RULES: dict[str, Callable[[Books], Iterator[Fault]]] = {
    rule.__name__: rule
    for rule in (
        *(seen, there, used, filled, counted, alike, plurals, finished),
        *(noted, plain, fitting, french, spanish, quoted),
    )
}
