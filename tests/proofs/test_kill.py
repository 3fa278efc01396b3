"""The process dies at every place where dying could hurt; a supervisor starts it again; nobody notices."""

import random
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.failpoints import NAMES
from tests.proofs.outside import Books, Outside, assert_all_done, books, outside, twice_on_slack, twice_on_telegram
from tests.proofs.report import Report
from tests.proofs.story import ANSWER, REPLY, Story, is_claimed, w

SEED = 20260105
SAMPLE = 8
LATE = ("timers.claimed", "timers.before_commit", "timers.after_commit")
# From the network's taking a message to our note of it: only here may a person read something twice.
SENDING = ("sender.after_send.telegram", "sender.before_mark", "sender.before_mark_commit")


@dataclass(frozen=True)
class Kill:
    """Where, at which passage, and before which step of the story the program is told to die."""

    name: str
    passage: int
    arm_at: str

    @property
    def id(self) -> str:
        return f"{self.name}-{self.passage}"


def kills(dice: random.Random, rounds: int) -> list[Kill]:
    """Every failpoint at its first passage, then at a later one each."""
    found = []
    for number in range(rounds):
        for name in NAMES:
            passage = 1 if number == 0 else dice.randint(2, 3)
            if name in LATE:
                found.append(Kill(name, passage if name != "timers.after_commit" else 1, "waits_too_long"))
            elif name.startswith("slack.answered"):
                found.append(Kill(name, 1, "the_team_answers"))
            elif name.startswith("slack."):
                found.append(Kill(name, min(passage, 2), "the_team_takes_it"))
            elif name == "sender.before_files.slack":  # there is one photo
                found.append(Kill(name, 1, "begins_a_report"))
            elif name == "sweep.claimed":
                found.append(Kill(name, 1 + 2 * passage, "tells_and_shows"))
            else:
                found.append(Kill(name, passage, "opens_the_invitation" if number == 0 else "begins_a_report"))
    return list(dict.fromkeys(found))


ALL = kills(random.Random(SEED), 2)
FEW = {kill.id for kill in random.Random(SEED).sample(ALL, SAMPLE)}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """All kills with --full, else the sample."""
    if "kill" in metafunc.fixturenames:
        chosen = ALL if metafunc.config.getoption("--full") else [kill for kill in ALL if kill.id in FEW]
        metafunc.parametrize("kill", chosen, ids=[kill.id for kill in chosen])


@pytest.mark.slow
async def test_a_program_that_is_killed_loses_nothing(kill: Kill, tmp_path: Path, report: Report) -> None:
    async with outside(tmp_path, hooked=kill.name.startswith("webhook.")) as out:
        await Story(out).tell(kill.arm_at, f"{kill.name}:{kill.passage}")
        await out.died()
        await out.quiet()
        found = await out.in_database(books)
        assert out.deaths == 1, f"it never passed {kill.name} {kill.passage} times"
        twice = assert_nothing_lost_or_twice(out, found, kill.name)
    report.row(place=kill.name, passage=kill.passage, lost=0, twice_telegram=twice, twice_slack=0)


def assert_nothing_lost_or_twice(out: Outside, found: Books, name: str) -> int:
    assert_all_done(found)
    assert sorted(found.notes) == sorted(
        [
            ("from_homeowner", "", True),
            ("to_homeowner", REPLY, False),
            ("from_homeowner", ANSWER, False),
        ]
    )
    for fact in ("PersonLinked", "RequestOpened", "SlotHeld", "HoldExpired", "RequestClaimed"):
        assert found.facts[fact] == 1, (fact, found.facts)
    again = twice_on_telegram(out.house)
    for place in again:
        row = found.sent_as.get(place)
        assert row in out.unmarked, f"{place} is a copy though nothing was under way"
    assert len(again) <= sum(out.unmarked.values())
    if name not in SENDING:
        assert len(again) <= 1, "at most what happened to be on its way"
    assert twice_on_slack(out.house) == []
    chat = out.house.people["C007"].chat
    allowed = 1 + len(again)
    for said in (w("hold.over"), REPLY):
        assert 1 <= sum(said in bubble.text for bubble in chat if bubble.from_bot) <= allowed, said
    assert 1 <= sum(is_claimed(bubble.text) for bubble in chat) <= allowed
    thread = next(post for post in out.house.sandbox.slack.posts("#service") if post.thread).thread
    assert sum(ANSWER in post.text for post in thread) == 1
    assert sum(REPLY in post.text for post in thread) == 1
    return len(again)
