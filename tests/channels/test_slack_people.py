"""Who is who in Slack, asked for in the background: the whole of it is handed over, or nothing."""

from collections.abc import AsyncIterator, Mapping

import pytest
from slack_sdk.errors import SlackApiError

from bot.channels.slack_client import NEWEST, Client
from bot.channels.slack_people import People, kind_of
from domain.standings import Kind
from sandbox.faults import Fault
from sandbox.server import Sandbox

Learnt = tuple[dict[str, Kind], dict[str, list[str]]]


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as running:
        yield running


@pytest.fixture
def learnt() -> list[Learnt]:
    return []


def people(sandbox: Sandbox, learnt: list[Learnt], *groups: str) -> People:
    """Whoever asks, for these user groups."""

    async def home() -> str:
        return "T0AFTER01"

    async def learn(kinds: Mapping[str, Kind], inside: Mapping[str, list[str]]) -> None:
        learnt.append((dict(kinds), dict(inside)))

    client = Client("xoxb-1", sandbox.slack.api_url)
    return People(lambda: client, home, lambda: frozenset(groups), learn, pause=0)


async def test_a_round_tells_who_is_no_plain_member_and_who_is_in_each_group(
    sandbox: Sandbox, learnt: list[Learnt]
) -> None:
    slack = sandbox.slack
    ana, tom = slack.user("Ana", id="U0ANA"), slack.user("Tom", id="U0TOM")
    slack.user("Gus", id="U0GUS", is_guest=True)
    slack.user("Robot", id="U0ROBOT", is_bot=True)
    slack.user("Eve", id="U0EVE", team_id="T0OTHERS")
    slack.group("S0A", [ana, tom])
    slack.group("S0B", [])
    await people(sandbox, learnt, "S0A", "S0B").look()
    kinds = {"U0AFTERBOT": Kind.BOT, "U0GUS": Kind.GUEST, "U0ROBOT": Kind.BOT, "U0EVE": Kind.STRANGER}
    assert learnt == [(kinds, {"S0A": ["U0ANA", "U0TOM"], "S0B": []})]
    assert sandbox.recording.problems == []


async def test_a_large_workspace_is_read_page_by_page(sandbox: Sandbox, learnt: list[Learnt]) -> None:
    for number in range(2 * NEWEST):
        sandbox.slack.user(f"Guest {number}", id=f"U0G{number}", is_guest=number % 2 == 0)
    await people(sandbox, learnt).look()
    ((kinds, _),) = learnt
    assert list(kinds.values()).count(Kind.GUEST) == NEWEST
    assert len(list(sandbox.recording.of("slack", "users.list"))) == 3


async def test_a_mistyped_group_is_empty_and_the_rest_is_known_all_the_same(
    sandbox: Sandbox, learnt: list[Learnt], caplog: pytest.LogCaptureFixture
) -> None:
    sandbox.slack.group("S0A", [sandbox.slack.user("Ana", id="U0ANA")])
    await people(sandbox, learnt, "S0A", "S0NONE").look()
    assert learnt[0][1] == {"S0A": ["U0ANA"], "S0NONE": []}
    assert "S0NONE" in caplog.text


@pytest.mark.parametrize("method", ["usergroups.users.list", "users.list"])
async def test_while_slack_does_not_say_nothing_is_handed_over(
    sandbox: Sandbox, learnt: list[Learnt], method: str
) -> None:
    sandbox.slack.group("S0A", [])
    sandbox.faults.add(Fault("status", "slack", method, error="internal_error"))
    asking = people(sandbox, learnt, "S0A")
    with pytest.raises(SlackApiError):
        await asking.look()
    assert learnt == []
    await asking.look()
    assert len(learnt) == 1


@pytest.mark.parametrize(
    ("user", "kind"),
    [
        ({"team_id": "T1"}, Kind.MEMBER),
        ({}, Kind.MEMBER),
        ({"team_id": "T1", "is_restricted": True}, Kind.GUEST),
        ({"team_id": "T1", "is_ultra_restricted": True}, Kind.GUEST),
        ({"team_id": "T1", "is_bot": True}, Kind.BOT),
        ({"team_id": "T9"}, Kind.STRANGER),
        ({"team_id": "T1", "is_stranger": True}, Kind.STRANGER),
        ({"team_id": "T9", "is_bot": True}, Kind.STRANGER),
        ({"team_id": "T1", "is_restricted": "yes"}, Kind.MEMBER),
    ],
)
def test_what_slack_says_of_somebody_is_one_word(user: dict[str, object], kind: Kind) -> None:
    assert kind_of(user, "T1") is kind
