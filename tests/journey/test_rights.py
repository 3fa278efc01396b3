"""Who may what, as people meet it: guests, strangers, robots, people who left, and roles that a user group gives."""

import asyncio
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.standings import Standing
from sandbox.faults import Fault
from sandbox.slack import Person
from tests.house import House, brisk, open_house
from tests.journey.ground import notes_of, reports, requests_of, w

GROUPS = '[desk]\ngroups = { manager = "S0MANAGE" }\n'
SEND = "outbox_tray"


def with_groups(folder: Path) -> str:
    """The sample company's file, where a user group makes managers."""
    file = folder / "grouped.toml"
    file.write_text(brisk(folder).read_text().replace("[desk]\n", GROUPS))
    return str(file)


def succeeded(file: Path) -> None:
    """Lena's place in the company file is somebody else's now."""
    file.write_text(file.read_text().replace('slack = "U0LENA"', 'slack = "U0SUCCESSOR"'))


async def knows(house: House, people: int) -> None:
    """Until the house has learnt from Slack of so many people that are something particular."""

    def count(session: Session) -> int:
        return session.scalar(select(func.count()).select_from(Standing)) or 0

    async with asyncio.timeout(15):
        while await house.in_database(count) != people:  # noqa: ASYNC110 (nobody rings when it is learnt)
            await asyncio.sleep(0.1)


def told(person: Person, key: str) -> list[str]:
    """What he was told that nobody else sees."""
    return [post.text for post in person.ephemerals if w(key) in post.text]


async def test_a_guest_of_the_workspace_can_do_nothing_even_if_the_file_names_him(tmp_path: Path) -> None:
    async with open_house(tmp_path, asleep=True) as house:
        marc = house.team["marc"]  # the manager: Slack says that he is a guest now
        marc.user.is_guest = True
        await house.starts()
        await knows(house, 2)  # he, and our own bot
        emma = await house.arrives("en")
        card = await reports(house, emma)
        before = card.text
        await marc.presses("Take it", card)
        await marc.presses("Reply", card)
        await marc.commands("/satisfaction", channel="#service")
        said = await marc.writes_in_thread(card, "I am only looking")
        await marc.reacts(said, SEND)
        await house.quiet()
        assert len(told(marc, "refusal.guests_cannot")) == 4
        assert (marc.modal, card.text) == (None, before)
        assert "I am only looking" not in str([n.words for n in await notes_of(house)])
        assert not [b for b in emma.chat if "only looking" in b.text]


async def test_a_stranger_of_a_shared_channel_is_told_kindly_and_learns_nothing(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        ana, slack = house.team["ana"], house.sandbox.slack
        eve = slack.user("Eve Elsewhere", id="U0EVE", team_id="T0OTHERS")
        emma = await house.arrives("en")
        card = await reports(house, emma)
        said = await ana.writes_in_thread(card, "The gate code is in the book")
        slack.join(slack.space.channels["C0SERVICE"], eve.id)
        await house.quiet()
        await eve.message_shortcut("send_to_customer", said)
        await eve.presses("Take it", card)
        await eve.reacts(said, SEND)
        await house.quiet()
        assert len(told(eve, "refusal.other_workspace")) == 2
        assert len(told(eve, "refusal.team_only")) == 1  # Slack does not say whose reaction it is
        assert eve.trouble == []
        assert not [post for post in eve.ephemerals if "Emma" in post.text or "gate code" in post.text]
        assert not [b for b in emma.chat if "gate code" in b.text]
        (request,) = await requests_of(house)
        assert request.assignee is None


async def test_a_robots_reaction_sends_nothing_and_nobody_speaks_with_it(tmp_path: Path) -> None:
    async with open_house(tmp_path, asleep=True) as house:
        slack = house.sandbox.slack
        robot = slack.user("Robot", id="U0ROBOT", is_bot=True)
        slack.join(slack.space.channels["C0SERVICE"], robot.id)
        await house.starts()
        await knows(house, 2)
        emma = await house.arrives("en")
        card = await reports(house, emma)
        said = await house.team["ana"].writes_in_thread(card, "Between us: the motor is gone")
        await house.quiet()
        await robot.reacts(said, SEND)
        await house.quiet()
        assert robot.ephemerals == []
        assert not [b for b in emma.chat if "motor is gone" in b.text]


async def test_a_dispatcher_who_left_the_file_presses_an_old_card_in_vain(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        lena = house.team["lena"]
        emma = await house.arrives("en")
        card = await reports(house, emma)
        await house.stops()
        succeeded(Path(house.environment["COMPANY_FILE"]))
        await house.starts()
        await lena.presses("Take it", card)
        await house.quiet()
        assert len(told(lena, "refusal.team_only")) == 1
        (request,) = await requests_of(house)
        assert request.assignee is None


async def test_a_user_group_makes_a_manager_until_he_leaves_it_and_while_slack_is_away(tmp_path: Path) -> None:
    async with open_house(tmp_path, asleep=True) as house:
        slack, tom, lena = house.sandbox.slack, house.team["tom"], house.team["lena"]
        house.environment["COMPANY_FILE"] = with_groups(tmp_path)
        slack.group("S0MANAGE", [tom])
        await house.starts()
        await knows(house, 2)  # Tom, and our own bot
        await tom.commands("/satisfaction", channel="#service")
        await lena.commands("/satisfaction", channel="#service")
        await house.quiet()
        title = w("summary.title", 30)
        assert any(title in post.text for post in tom.ephemerals)
        assert not any(title in post.text for post in lena.ephemerals)
        assert any(w("roles.manager") in post.text and "Tom" in post.text for post in lena.ephemerals)
        await house.stops()
        for method in ("usergroups.users.list", "users.list"):
            house.sandbox.faults.add(Fault("status", "slack", method, times=99, error="internal_error"))
        await house.starts()  # Slack does not say who is who: what was known holds
        count = len([post for post in tom.ephemerals if title in post.text])
        await tom.commands("/satisfaction", channel="#service")
        await house.quiet()
        assert len([post for post in tom.ephemerals if title in post.text]) == count + 1
        slack.group("S0MANAGE", [lena])  # the event comes at once
        await slack.idle()
        await house.quiet()
        await tom.commands("/satisfaction", channel="#service")
        await lena.commands("/satisfaction", channel="#service")
        await house.quiet()
        assert len([post for post in tom.ephemerals if title in post.text]) == count + 1
        assert any(title in post.text for post in lena.ephemerals)


async def test_a_stranger_who_cannot_be_reached_makes_no_trouble(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        slack = house.sandbox.slack
        eve = slack.user("Eve Elsewhere", id="U0EVE", team_id="T0OTHERS")
        emma = await house.arrives("en")
        card = await reports(house, emma)
        slack.join(slack.space.channels["C0SERVICE"], eve.id)
        for method, error in (("chat.postEphemeral", "user_not_in_channel"), ("conversations.open", "user_not_found")):
            house.sandbox.faults.add(Fault("status", "slack", method, error=error))
        await eve.presses("Take it", card)
        await house.quiet()
        assert eve.ephemerals == []
        assert slack.posts("#trouble") == []
