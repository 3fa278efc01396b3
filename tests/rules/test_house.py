"""The rules of the house hold, and each is seen to find what breaks it."""

import re
from pathlib import Path

import pytest

from bot import logs, settings
from tests.rules.ground import FLOORS, ROOT, tracked
from tests.rules.house_rules import LONGEST_FILE, LONGEST_FUNCTION, MEDIAN_FUNCTION, RULES, broken, middle

HANDLER = "handlers/homeowner/planted.py"

# the rule, the file the fault is in, and the fault
PLANTED = [
    ("sentences", HANDLER, 'Message(to=chat, body=("Your request is open.",))'),
    ("sentences", HANDLER, 'Button("Yes", "go")'),
    ("sentences", HANDLER, 'Button(label="Oui", act="go")'),
    ("sentences", HANDLER, 'Fact(t("a.b"), f"until {later} at most")'),
    ("sentences", HANDLER, 'ANSWER = "We are sorry."'),
    ("sentences", HANDLER, 'ANSWER = "<b>"'),
    ("sentences", "bot/planted.py", 'yield talk.say(title="It is booked")'),
    ("clocks", HANDLER, "from datetime import datetime\nat = datetime.now()"),
    ("clocks", HANDLER, "import datetime\nat = datetime.datetime.utcnow()"),
    ("clocks", "bot/planted.py", "from datetime import date\nat = date.today()"),
    ("clocks", "domain/planted.py", "import time\nat = time.time()"),
    ("imports", HANDLER, "def late():\n    import json\n    return json"),
    ("imports", HANDLER, "def late():\n    if True:\n        from json import loads\n    return loads"),
    ("imports", HANDLER, 'import importlib\nimportlib.import_module("bot.desk")'),
    ("imports", "bot/database.py", 'import importlib\nimportlib.import_module("telegram")'),
    ("names", "handlers/utils.py", ""),
    ("names", "bot/services/mail.py", ""),
    ("lengths", HANDLER, "x = 1\n" * (LONGEST_FILE + 1)),
    ("lengths", HANDLER, "def long():\n" + "    x = 1\n" * LONGEST_FUNCTION),
    ("loading", "domain/planted.py", 'notes = relationship("Note")'),
    ("formats", HANDLER, "words = talk.words.format(name=1)"),
    ("formats", HANDLER, "words = talk.words % (1, 2)"),
    ("mocks", "handlers/planted.py", "from unittest.mock import Mock"),
    ("mocks", "handlers/planted.py", "from unittest import mock"),
    ("commits", HANDLER, "talk.work.session.commit()"),
    ("commits", "domain/planted.py", "work.session.begin()"),
    ("secrets", "bot/planted.py", "print(settings.slack_token.get_secret_value())"),
    ("secrets", "bot/planted.py", 'log.info("in", token=settings.slack_token.get_secret_value())'),
    ("secrets", "bot/planted.py", 'address = f"{base}/{settings.slack_token.get_secret_value()}"'),
    ("secrets", "bot/planted.py", "raise ValueError(settings.slack_token.get_secret_value())"),
]


@pytest.mark.parametrize("rule", RULES)
def test_the_rule_holds(rule: str) -> None:
    assert [str(fault) for fault in broken(rule, ROOT)] == []


@pytest.mark.parametrize("rule", ["imports", "mocks"])
def test_the_rule_holds_in_tests_and_benches(rule: str) -> None:
    assert [str(fault) for fault in broken(rule, ROOT, "tests", "bench")] == []


@pytest.mark.parametrize(("rule", "place", "fault"), PLANTED)
def test_what_breaks_the_rule_is_found(tmp_path: Path, rule: str, place: str, fault: str) -> None:
    file = tmp_path / place
    file.parent.mkdir(parents=True)
    file.write_text(f"{fault}\n")
    assert broken(rule, tmp_path)


def test_every_rule_is_seen_to_find_something() -> None:
    assert {case[0] for case in PLANTED} == set(RULES)


def test_functions_are_short_in_the_middle() -> None:
    assert {floor: middle(ROOT, floor) <= MEDIAN_FUNCTION for floor in FLOORS} == dict.fromkeys(FLOORS, True)


# ── what is written into the repository ──

LATER = re.compile(r"\b(?:TO" + r"DO|FIX" + r"ME|X" + r"XX)\b")
HERE = re.compile(r"(?<![\w.])/(?:wor" + r"k|roo" + r"t|hom" + r"e/\w+|Use" + r"rs)/|/tm" + r"p/notes")
REGISTRY = re.compile(
    r"index-u" + r"rl|pyp" + r"i\.org|pythonho" + r"sted|artifac" + r"tory|/simp" + r"le/?$", re.MULTILINE
)
NOT_OURS = ("sandbox/data/",)  # published schemas, as they came


def texts() -> dict[str, str]:
    """Every text file in the repository that is ours."""
    found = {}
    for file in tracked():
        place = file.relative_to(ROOT).as_posix()
        if not place.startswith(NOT_OURS):
            try:
                found[place] = file.read_text(encoding="utf-8")
            except UnicodeDecodeError:
                continue
    return found


def spots(pattern: re.Pattern[str], where: dict[str, str]) -> list[str]:
    """The files, and what of the pattern stands in them."""
    return [f"{place}: {found[0]}" for place, text in where.items() for found in pattern.finditer(text)]


@pytest.fixture(scope="module")
def written() -> dict[str, str]:
    return texts()


def test_nothing_is_left_for_later(written: dict[str, str]) -> None:
    assert spots(LATER, written) == []
    assert spots(LATER, {"planted": "# TO" + "DO: later"})


def test_no_path_of_a_machine_is_written_down(written: dict[str, str]) -> None:
    assert spots(HERE, written) == []
    assert spots(HERE, {"planted": "see /wor" + "k/main"})
    assert spots(HERE, {"planted": "cd /hom" + "e/ana/notes"})


def test_no_address_of_a_registry_is_written_down(written: dict[str, str]) -> None:
    allowed = {place: text.replace("--no-emit-index-u" + "rl", "") for place, text in written.items()}
    assert spots(REGISTRY, allowed) == []
    assert spots(REGISTRY, {"planted": "--index-u" + "rl https://registry.example/simp" + "le"})


def unhashed(text: str) -> list[str]:
    """Requirements without a hash, or with an address."""
    joined = re.sub(r"\\\n", " ", text)
    wanted = [line for line in joined.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    return [
        line[:60]
        for line in wanted
        if not re.match(r"[\w.-]+(?:\[[\w,-]+\])?==\S+ .*--hash=sha256:[0-9a-f]{64}", line) or "://" in line
    ]


def test_every_requirement_is_pinned_with_its_hash_and_without_an_address() -> None:
    text = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    assert unhashed(text) == []
    assert "://" not in text
    assert unhashed("babel==2.18.0\n") == ["babel==2.18.0"]
    assert unhashed("babel>=2.18.0 --hash=sha256:" + "0" * 64)
    assert unhashed("babel @ https://example.com/babel.whl --hash=sha256:" + "0" * 64)


# ── secrets at run time ──

GIVEN = {
    "TELEGRAM_TOKEN": "5000000001:AA-telegram-secret",
    "SLACK_TOKEN": "xoxb-slack-secret",
    "SLACK_SOCKET_TOKEN": "xapp-1-socket-secret",
    "SLACK_SECRET": "signing-secret-of-ours",
    "TELEGRAM_WEBHOOK_SECRET": "hook-secret-of-ours-0123456789",
    "FEED_TOKEN": "feed-secret-of-ours",
    "DATABASE_URL": "postgresql://aftercare:database-secret@host/aftercare",
}


def test_the_settings_do_not_show_their_secrets() -> None:
    read = settings.read(GIVEN)
    shown = f"{read} {read!r} {read.model_dump()} {read.model_dump_json()}"
    assert "secret" not in re.sub(r"\w*secret'?\"?[=:]|_secret\b", "", shown)


def test_a_log_line_does_not_show_a_token() -> None:
    for name in ("TELEGRAM_TOKEN", "SLACK_TOKEN", "SLACK_SOCKET_TOKEN"):
        line = {"event": f"cannot reach https://api.example/bot{GIVEN[name]}/getMe", "n": 1}
        assert GIVEN[name] not in str(logs._redact(None, "error", line))


@pytest.mark.parametrize("name", sorted(set(GIVEN) - {"FEED_TOKEN", "SLACK_SECRET"}))
def test_a_fault_in_a_setting_does_not_repeat_it(name: str) -> None:
    with pytest.raises(settings.SettingsFault) as told:
        settings.read({**GIVEN, "PUBLIC_URL": "https://bot.example.com", name: "§ wrong and private §"})
    assert "private" not in f"{told.value} {told.value!r}"
