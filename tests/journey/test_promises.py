"""What a plan promises is watched: the team is told before it is too late, each once, and the homeowner sees it."""

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.contracts import Contract
from sandbox.slack.person import Person as Mate
from sandbox.slack.seen import Post
from tests.ground.test_reload import edits, reads
from tests.house import House, open_house
from tests.journey.ground import answers, reports, w

PARIS = ZoneInfo("Europe/Paris")


async def on_monday_at_nine(house: House) -> None:
    """The next Monday, when the office opens."""
    assert house.app is not None
    now = house.app.clock.now().astimezone(PARIS)
    monday = (now + timedelta(days=7 - now.weekday())).replace(hour=9, minute=0, second=0, microsecond=0)
    await house.moves_clock((monday - now).total_seconds())


async def on(house: House, hour: int, minute: int = 0) -> None:
    """Later that day."""
    assert house.app is not None
    now = house.app.clock.now().astimezone(PARIS)
    await house.moves_clock((now.replace(hour=hour, minute=minute, second=30, microsecond=0) - now).total_seconds())


def told(mate: Mate, words: str) -> list[Post]:
    """What stands in his direct messages."""
    return [post for post in mate.posts() if post.channel.startswith("D") and words in post.text]


async def are_promised(house: House) -> None:
    """All contracts promise a first answer in 100 minutes, and every further one in an hour."""

    def unit(session: Session) -> None:
        for contract in session.scalars(select(Contract)):
            soon = [{"what": "answer", "minutes": 100}, {"what": "reply", "minutes": 60}]
            contract.terms = {**contract.terms, "promises": soon}

    await house.in_database(unit)


async def test_who_has_a_request_is_told_at_half_time_and_the_ladder_above_when_it_is_over(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        await are_promised(house)
        await on_monday_at_nine(house)
        emma = await house.arrives("en")
        card = await reports(house, emma)
        ana, lena = house.team["ana"], house.team["lena"]
        own = next(b for b in emma.chat if w("promise.answer") in b.text)
        assert "10:4" in own.text, "she sees until when she is answered"
        assert w("promise.answer") in card.text
        await ana.presses("Take it", card)
        await house.quiet()
        await on(house, 9, 45)
        assert not told(ana, w("promise.warn", percent=50))
        await on(house, 9, 52)
        assert len(told(ana, w("promise.warn", percent=50))) == 1
        await on(house, 10, 22)
        assert len(told(ana, w("promise.warn", percent=80))) == 1
        await on(house, 10, 42)
        assert len(told(ana, w("promise.warn.over"))) == 1
        assert "⚠" in card.text
        assert not told(lena, w("promise.warn.over"))
        await on(house, 11, 2)
        assert len(told(lena, w("promise.warn.over"))) == 1
        assert len(told(ana, w("promise.warn", percent=50))) == 1, "each exactly once"


async def test_an_answer_in_time_ends_it_and_her_next_words_begin_the_next(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        await are_promised(house)
        await on_monday_at_nine(house)
        emma = await house.arrives("en")
        card = await reports(house, emma)
        ana = house.team["ana"]
        await on(house, 9, 10)
        await answers(house, card, "Which room?")
        await emma.sees("Which room?")
        assert w("promise.answer") not in card.text
        await on(house, 9, 58)
        assert not told(ana, w("promise.warn", percent=50))
        await emma.types("The kitchen")
        await house.quiet()
        assert w("promise.reply") in card.text
        await on(house, 10, 29)
        assert len(told(ana, w("promise.warn", percent=50))) == 1
        await answers(house, card, "Thank you")
        await on(house, 11, 30)
        assert not told(ana, w("promise.warn.over"))


async def test_nobody_is_told_of_an_answer_nobody_has_taken_on_but_the_channel(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        await are_promised(house)
        await on_monday_at_nine(house)
        emma = await house.arrives("en")
        card = await reports(house, emma)
        await on(house, 9, 52)
        assert any(w("promise.warn", percent=50) in post.text for post in card.thread)
        await on(house, 10, 42)
        assert len(told(house.team["lena"], w("promise.warn.over"))) == 1, "the next rung of the ladder"


async def test_a_day_that_the_company_file_closes_moves_the_promise_on_the_card_and_its_warnings(
    tmp_path: Path,
) -> None:
    async with open_house(tmp_path) as house:
        await are_promised(house)
        await on_monday_at_nine(house)
        emma = await house.arrives("en")
        card = await reports(house, emma)
        ana = house.team["ana"]
        await ana.presses("Take it", card)
        await house.quiet()
        assert "10:4" in card.text
        assert house.app is not None
        monday = house.app.clock.now().astimezone(PARIS).date()
        edits(house, ("closing_days = [", f"closing_days = [{monday}, "))
        await reads(house, w("company.read.now"))
        await on(house, 9, 52)
        await house.quiet()
        assert not told(ana, w("promise.warn", percent=50))
        assert "10:4" not in card.text
        assert "Tue" in card.text
