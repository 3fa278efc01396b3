"""Photos on their way to the team while Telegram cannot give them: later, once, and nobody waits behind them."""

from pathlib import Path

import pytest

from sandbox.faults import Fault
from sandbox.slack.seen import Post
from sandbox.telegram.files import PHOTO
from sandbox.telegram.person import Person
from tests.house import House, open_house
from tests.journey.ground import reports, w

MISSING = w("slack.file.missing", name="\0").split("\0")[0]
PATIENCE = 30.0


async def with_a_request(house: House) -> tuple[Person, Post]:
    """Emma, and the card of what she reported."""
    emma = await house.arrives("en")
    return emma, await reports(house, emma)


async def shows(house: House, emma: Person, card: Post) -> None:
    """She sends a photo; its words are in the thread."""
    await emma.sends_photo(content=PHOTO)
    found = await house.sandbox.changed.until(lambda: bool(announced(card)) or None, PATIENCE)
    assert found, "the photo was not even announced"


def announced(card: Post) -> list[Post]:
    """The words above her photos."""
    return [post for post in card.thread if w("team.sent.photo", name="Emma Whitfield") in post.text]


def photos(card: Post) -> list[bytes | None]:
    """What is in the thread."""
    return [file.content for post in card.thread for file in post.files]


def missing(card: Post) -> list[Post]:
    """Where the team was told that a file is not to be had."""
    return [post for post in card.thread if MISSING in post.text]


@pytest.mark.parametrize(
    "fault",
    [
        Fault("status", "telegram", "getFile", status=502, times=3),
        Fault("status", "telegram", "getFile", status=429, retry_after=1, times=2),
        Fault("reset_before", "telegram", "file", times=3),
    ],
    ids=["502", "429", "reset"],
)
async def test_a_photo_that_cannot_be_had_for_the_moment_comes_later_and_once(tmp_path: Path, fault: Fault) -> None:
    async with open_house(tmp_path) as house:
        emma, card = await with_a_request(house)
        house.sandbox.faults.add(Fault(**vars(fault)))
        await shows(house, emma, card)
        await house.quiet(PATIENCE)
        assert photos(card) == [PHOTO]
        assert len(announced(card)) == 1
        assert missing(card) == []


async def test_nobody_waits_behind_a_photo_that_waits(tmp_path: Path) -> None:
    async with open_house(tmp_path, BACKOFF_SECONDS="30") as house:
        emma, card = await with_a_request(house)
        house.sandbox.faults.add(Fault("status", "telegram", "getFile", status=502, times=None))
        await shows(house, emma, card)
        await emma.types("and it squeaks")
        assert await house.sandbox.changed.until(
            lambda: any("and it squeaks" in post.text for post in card.thread) or None, PATIENCE
        )
        assert (photos(card), missing(card)) == ([], [])  # it still waits
        house.sandbox.faults.clear()
        await house.quiet(PATIENCE)
        assert photos(card) == [PHOTO]


async def test_a_photo_that_is_gone_is_told_at_once(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card = await with_a_request(house)
        gone = house.sandbox.faults.add(
            Fault("status", "telegram", "getFile", status=400, error="Bad Request: file is too big", times=None)
        )
        await shows(house, emma, card)
        await house.quiet(PATIENCE)
        assert len(missing(card)) == 1
        assert gone.hits == 1


async def test_a_photo_that_never_comes_is_told_after_as_many_tries_as_any_message(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card = await with_a_request(house)
        never = house.sandbox.faults.add(Fault("status", "telegram", "getFile", status=500, times=None))
        await shows(house, emma, card)
        await emma.types("are you there?")
        await house.quiet(PATIENCE)
        assert len(missing(card)) == 1
        assert len(announced(card)) == 1
        assert never.hits == 9  # the eight of any message, and the one that let the others pass
        house.sandbox.faults.clear()
        await emma.sends_photo(content=PHOTO)
        await house.quiet(PATIENCE)
        assert photos(card) == [PHOTO]


async def test_a_photo_that_waited_over_a_restart_comes_once(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card = await with_a_request(house)
        away = Fault("status", "telegram", "getFile", status=502, times=None)
        house.sandbox.faults.add(away)
        await shows(house, emma, card)
        assert await house.sandbox.changed.until(lambda: away.hits >= 2 or None, PATIENCE)
        await house.stops()
        house.sandbox.faults.clear()
        await house.starts()
        await house.quiet(PATIENCE)
        assert photos(card) == [PHOTO]
        assert (len(announced(card)), missing(card)) == (1, [])
