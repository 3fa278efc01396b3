"""What the team wrote while Slack could not tell us: it arrives when the connection is back, and once."""

import asyncio
import itertools
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.inbox import inbox
from domain.notes import Note
from sandbox.faults import Fault
from tests.house import House, open_house
from tests.journey.ground import answers, arrives_in_english, is_done, notes_of, reports, w

WORDS = "The motor is on order"
PATIENCE = 30.0


async def said(house: House, text: str = WORDS) -> list[Note]:
    """The notes with these words."""
    return [note for note in await notes_of(house) if note.words == text]


async def rows_with(house: House, text: str = WORDS) -> list[str]:
    """The states of the inbox rows with these words."""

    def unit(session: Session) -> list[str]:
        rows = session.execute(select(inbox).where(inbox.c.source == "slack"))
        return [row.state for row in rows if (row.payload["body"].get("event") or {}).get("text") == text]

    found: list[str] = await house.in_database(unit)
    return found


async def arrives_in_the_record(house: House, text: str = WORDS) -> None:
    """Until somebody's words were seen to."""
    async with asyncio.timeout(PATIENCE):
        while not await said(house, text):
            await house.quiet()


def read(house: House) -> list[str]:
    """The heads of the threads that were read, each time."""
    return [call.fields["ts"] for call in house.sandbox.recording.of("slack", "conversations.replies")]


async def until_read(house: House, times: int) -> None:
    """Until threads were read so often."""
    assert await house.sandbox.changed.until(lambda: len(read(house)) >= times or None, PATIENCE)


async def test_words_whose_event_never_came_arrive_once_the_socket_is_back(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, ana = await house.arrives("en"), house.team["ana"]
        card = await reports(house, emma)
        await house.sandbox.slack.drop_socket()
        house.sandbox.slack.lose_events(1)
        await ana.writes_in_thread(card, WORDS)
        await house.sandbox.slack.until_connected(PATIENCE)
        await arrives_in_the_record(house)
        await house.sandbox.slack.drop_socket()  # it is read again, and is no news
        await until_read(house, len(read(house)) + 1)
        await house.quiet()
        assert [note.author for note in await said(house)] == ["Ana Ruiz"]
        assert await rows_with(house) == ["done"]
        assert not [bubble for bubble in emma.chat if WORDS in bubble.text]  # what the team says there stays there


async def test_words_that_are_read_first_and_told_later_are_one_note(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        slack = house.sandbox.slack
        emma, ana = await house.arrives("en"), house.team["ana"]
        card = await reports(house, emma)
        await slack.drop_socket()
        slack.lose_events(1)
        await ana.writes_in_thread(card, WORDS)
        (lost,) = [call for call in house.sandbox.recording.of("slack", "message") if call.fault == "lost"]
        await arrives_in_the_record(house)
        await slack.until_connected(PATIENCE)
        assert [await slack.inject(lost.fields) for _ in range(3)] == [True] * 3
        await house.quiet()
        assert len(await said(house)) == 1
        assert await rows_with(house) == ["done"]


@pytest.mark.parametrize("hooked", [False, True])
async def test_words_that_were_written_while_we_were_off_arrive_at_the_start(tmp_path: Path, hooked: bool) -> None:
    async with open_house(tmp_path, hooked=hooked) as house:
        emma, ana = await house.arrives("en"), house.team["ana"]
        card = await reports(house, emma)
        await answers(house, card, "We are looking for it")  # our own copy in the thread is not somebody's words
        await house.stops()
        house.sandbox.slack.lose_events(2)
        await ana.writes_in_thread(card, WORDS)
        await ana.uploads(card, "motor.jpg", b"\xff\xd8\xff", "and a photo")
        await house.starts()
        await arrives_in_the_record(house, "and a photo")
        assert len(await said(house)) == 1


async def test_slack_asks_to_wait_and_is_asked_again(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, ana = await house.arrives("en"), house.team["ana"]
        card = await reports(house, emma)
        slow = Fault(
            "status", "slack", "conversations.replies", status=429, retry_after=1, error="ratelimited", times=2
        )
        house.sandbox.faults.add(slow)
        await house.sandbox.slack.drop_socket()
        house.sandbox.slack.lose_events(1)
        await ana.writes_in_thread(card, WORDS)
        await arrives_in_the_record(house)
        assert slow.hits == 2
        at = [call.at for call in house.sandbox.recording.of("slack", "conversations.replies")]
        assert all((later - sooner).total_seconds() >= 1 for sooner, later in itertools.pairwise(at))


async def test_only_threads_of_open_requests_are_read(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, luigi = await house.arrives("en"), await arrives_in_english(house, "C001")
        finished = await reports(house, emma)
        running = await reports(house, luigi, "The speakers hum", "audio")
        await is_done(house, finished)
        await emma.presses(w("solved.yes"))
        await emma.sees(w("solved.thanks"))
        await house.quiet()
        await house.sandbox.slack.drop_socket()
        house.sandbox.slack.lose_events(2)
        await house.team["ana"].writes_in_thread(finished, "Just for us")
        await house.team["ana"].writes_in_thread(running, WORDS)
        await arrives_in_the_record(house)
        assert set(read(house)) == {running.ts}
        assert await said(house, "Just for us") == []
