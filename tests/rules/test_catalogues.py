"""The code and the four catalogues say the same; every rule about phrases is seen to find its fault."""

import re
from pathlib import Path

import pytest

from tests.rules.catalogue_rules import RULES, Books
from tests.rules.ground import ROOT, copied

EN, FR, ES, IT = (f"locales/{language}/LC_MESSAGES/messages.po" for language in ("en", "fr", "es", "it"))
MENU = "handlers/homeowner/menu.py"


@pytest.fixture(scope="module")
def books() -> Books:
    return Books(ROOT)


@pytest.mark.parametrize("rule", RULES)
def test_the_catalogues_and_the_code_agree(books: Books, rule: str) -> None:
    assert [str(fault) for fault in RULES[rule](books)] == []


def test_the_catalogues_are_there_and_large(books: Books) -> None:
    assert {language: len(phrases) > 200 for language, phrases in books.phrases.items()} == dict.fromkeys(
        ("en", "fr", "es", "it"), True
    )
    assert len(books.uses) > 200


# the rule that must find it, the file, what is replaced (a pattern, once) by what
PLANTED = [
    ("seen", MENU, r't\("help\.title"\)', "t(talk.words)"),
    ("seen", MENU, r't\("help\.title"\)', 't(f"help.{talk.words}.title")'),
    ("there", MENU, r't\("help\.title"\)', 't("help.headline")'),
    ("there", IT, r'msgid "help\.title"', 'msgid "help.headline"'),
    ("there", "handlers/homeowner/solve.py", r'return "solve\.owner_decides"', 'return "solve.nobody_decides"'),
    ("there", "handlers/homeowner/report.py", r'_primary\("report\.send"', '_primary("report.post"'),
    ("used", MENU, r't\("help\.title"\)', 't("human.title")'),
    ("filled", MENU, r"phone=talk\.company\.phone", "number=talk.company.phone"),
    ("filled", MENU, r't\("help\.title"\)', 't("help.title", name=talk.who.name)'),
    ("filled", EN, r"By phone: \{phone\}", "By phone: {telephone}"),
    ("counted", "handlers/homeowner/report.py", r't\("report\.files", files\)', 't("report.files", count=files)'),
    ("alike", FR, r"Bonjour \{name\}", "Bonjour"),
    ("alike", ES, r"#\. Title of /help\.", "#. A title."),
    ("plurals", IT, r'msgstr\[1\] "[^"]*"\n', ""),
    ("plurals", FR, r"\{left\} visites", "des visites"),
    ("finished", ES, r'msgid "help\.title"\nmsgstr "[^"]+"', 'msgid "help.title"\nmsgstr ""'),
    ("finished", ES, r'msgid "help\.title"', '#, fuzzy\nmsgid "help.title"'),
    ("noted", EN, r"#\. Title of /help\.\n", ""),
    ("plain", EN, r'msgstr "What I can do"', 'msgstr "What <b>I</b> can do"'),
    ("plain", EN, r'msgstr "What I can do"', 'msgstr "What *I* can do"'),
    ("plain", EN, r'msgstr "What I can do"', 'msgstr "What _I_ can do"'),
    ("plain", EN, r'msgstr "What I can do"', 'msgstr "What I can do {"'),
    ("plain", EN, r'msgstr "What I can do"', 'msgstr "What I can do "'),
    ("plain", EN, r'msgstr "What I can do"', 'msgstr "What I  can do"'),
    ("fitting", IT, r'(msgid "reply\.submit"\nmsgstr ")', r"\1Ora invia la tua risposta "),
    ("fitting", IT, r'(msgid "press\.old"\nmsgstr ")', r"\1" + "Purtroppo no. " * 15),
    ("fitting", IT, r'(msgid "command\.help"\nmsgstr ")', r"\1" + "Purtroppo no. " * 20),
    ("french", FR, r"(Que puis-je faire pour vous).\?", r"\1 ?"),
    ("french", FR, r"(Que puis-je faire pour vous).\?", r"\1?"),
    ("french", FR, r'(msgid "help\.title"\nmsgstr ")', r"\1« Oui » "),
    ("spanish", ES, "¿", ""),
    ("spanish", ES, r'(msgid "help\.title"\nmsgstr ")', r"\1Vaya! "),
    ("quoted", EN, "’", "'"),
]


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return copied(tmp_path_factory.mktemp("catalogues"))


@pytest.mark.slow
@pytest.mark.parametrize(("rule", "file", "pattern", "by"), PLANTED)
def test_a_planted_fault_is_found(elsewhere: Path, rule: str, file: str, pattern: str, by: str) -> None:
    place = elsewhere / file
    before = place.read_text(encoding="utf-8")
    after, times = re.subn(pattern, by, before, count=1)
    assert times == 1, "the fault could not be planted"
    place.write_text(after, encoding="utf-8")
    try:
        assert list(RULES[rule](Books(elsewhere)))
    finally:
        place.write_text(before, encoding="utf-8")


def test_every_rule_is_seen_to_find_a_fault() -> None:
    assert {case[0] for case in PLANTED} == set(RULES)
