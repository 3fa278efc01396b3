"""Words to a homeowner on bad days: he is away, Slack's news come in another order, Telegram asks to wait."""

from pathlib import Path

from sandbox.faults import Fault
from tests.house import open_house
from tests.journey.ground import w
from tests.journey.test_relay import CLOSED, PNG, SEND, begins, read_by


async def test_what_she_corrects_while_he_is_away_can_be_sent_again_when_he_is_back(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card = await begins(house)
        ana, tom = house.team["ana"], house.team["tom"]
        shown = await ana.uploads(card, "switch.png", PNG, "Press tihs")
        await house.quiet()
        await ana.reacts(shown, SEND)
        await emma.sees("Press tihs")
        await house.quiet()
        await emma.blocks()
        await house.quiet()
        await ana.edits(shown, "Press this")
        await house.quiet()
        assert "warning" in shown.reactions
        assert CLOSED not in shown.reactions, "he has not what she wrote"
        await emma.unblocks()
        await house.quiet()
        await tom.reacts(shown, SEND)
        await house.quiet()
        assert len(read_by(emma, "Press this")) == 1
        assert not read_by(emma, "Press tihs")
        assert sum(bubble.media == "photo" for bubble in emma.chat) == 1, "the photo was there already"
        assert CLOSED in shown.reactions
        assert "warning" not in shown.reactions


async def test_nothing_is_said_to_be_deleted_in_the_chat_of_somebody_who_is_away(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card = await begins(house)
        ana = house.team["ana"]
        said = await ana.writes_in_thread(card, "We come at ten")
        await house.quiet()
        await ana.reacts(said, SEND)
        await emma.sees("We come at ten")
        await house.quiet()
        await emma.blocks()
        await house.quiet()
        await ana.deletes(said)
        told = await ana.sees("#service", w("sent.deleted_here", name="Ana Ruiz"), anywhere=True)
        await ana.presses(w("sent.withdraw"), told)
        await house.quiet()
        assert read_by(emma, "We come at ten")
        assert not any(w("sent.withdrawn") in post.text for post in card.thread)
        await emma.unblocks()
        await house.quiet()
        await ana.presses(w("sent.withdraw"), told)
        await house.quiet()
        assert not read_by(emma, "We come at ten")


async def test_what_slack_tells_in_another_order_is_sent_as_it_reads_now(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card = await begins(house)
        ana = house.team["ana"]
        house.sandbox.slack.lose_events(1)
        said = await ana.writes_in_thread(card, "We come at tem")
        late = next(call.fields for call in house.sandbox.recording.calls if call.fault == "lost")
        await ana.edits(said, "We come at ten")
        await house.quiet()
        await house.sandbox.slack.inject(late)
        await house.quiet()
        await ana.reacts(said, SEND)
        await emma.sees("We come at ten")
        assert not read_by(emma, "We come at tem")


async def test_what_is_still_on_its_way_is_deleted_when_it_arrives(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card = await begins(house)
        ana = house.team["ana"]
        slow = Fault("status", "telegram", "sendMessage", str(emma.id), status=429, retry_after=1, times=2)
        house.sandbox.faults.add(slow)
        await ana.presses("Reply", card)
        await ana.sees_modal()
        await ana.fills({w("reply.words"): "For Tom only"})
        assert await ana.submits() == {}
        copy = await ana.sees("#service", "For Tom only", anywhere=True)
        await ana.presses(w("sent.withdraw"), copy, timeout=5)
        await house.quiet()
        assert not read_by(emma, "For Tom only")
        assert w("sent.withdrawn") in copy.text
