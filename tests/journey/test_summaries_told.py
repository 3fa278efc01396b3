"""What managers are told: when they ask, by itself every week and month, and when something is wrong."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.requests import Request
from domain.surveys import Survey
from sandbox.slack.person import Person as Mate
from sandbox.slack.seen import Post
from scheduling.digests import DIGEST, WRONG
from scheduling.timers import Timer, TimerState
from tests.house import House, open_house
from tests.journey.ground import clock_goes_to, is_done, reports, w
from tests.journey.test_deeds import PARIS
from tests.journey.test_home import comes_home

SCORES = (5, 5, 4, 5, 2, 4, 5, 3)
MENTION = "Quick and kind <!channel>"


async def answers_in(house: House, *scores: int, back: timedelta = timedelta(0), by: str = "ana") -> None:
    """People were asked, and answered at once, so long ago."""
    assert house.app is not None
    at = house.app.clock.now() - back

    def unit(session: Session) -> None:
        asked = session.scalars(select(Request).order_by(Request.id)).first()
        assert asked is not None
        for number, score in enumerate(scores):
            made = Request(**{c.name: getattr(asked, c.name) for c in Request.__table__.columns if c.name != "id"})
            made.state, made.resolved_at, made.ended_at = "closed", at, at  # type: ignore[assignment]
            session.add(made)
            session.flush()
            remark = MENTION if number == 0 else None
            session.add(Survey(
                request_id=made.id, person_id=made.person_id, technician=by, round=1, asked_at=at, answered_at=at,
                score=score, reasons=["quick"] if score >= 4 else ["late"], remark=remark,
            ))  # fmt: skip

    await house.in_database(unit)


async def monday(house: House, hour: int = 9, minute: int = 1) -> datetime:
    """The next Monday in Paris with no month beginning in its first days."""
    assert house.app is not None
    now = house.app.clock.now().astimezone(PARIS)
    following = now + timedelta(days=(7 - now.weekday()) % 7 or 7)
    while (following + timedelta(days=3)).day <= 4:
        following += timedelta(days=7)
    return following.replace(hour=hour, minute=minute, second=0, microsecond=0).astimezone(UTC)


def told(house: House, key: str) -> list[Post]:
    """What stands in the channel of satisfaction."""
    head = w(key, first="", last="").split(",")[0]
    return [post for post in house.team["marc"].posts() if post.from_bot and post.text.startswith(head)]


def pictures(mate: Mate, direct_only: bool) -> list[bytes]:
    """The pictures he sees."""
    posts = [post for post in mate.posts() if post.channel.startswith("D") is direct_only]
    return [file.content for post in posts for file in post.files if file.title == "satisfaction.png"]


async def test_a_manager_asks_and_he_alone_reads_it_with_a_picture_in_his_direct_messages(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        await reports(house, emma)
        await answers_in(house, *SCORES, back=timedelta(minutes=1))
        marc, tom = house.team["marc"], house.team["tom"]
        await marc.commands("/satisfaction", "month by technician", channel="#service")
        await house.quiet()
        (said,) = [post for post in marc.ephemerals if "Ana Ruiz" in post.text]
        assert "4.1 of 5 (" in said.text
        assert w("summary.chart.here") in said.text
        assert w("reason.quick") in said.text
        assert "<!channel>" in said.text, "as it was written, and nobody is called"
        (picture,) = pictures(marc, direct_only=True)
        assert picture[:8] == b"\x89PNG\r\n\x1a\n"
        assert not pictures(tom, direct_only=True)
        assert not [post for post in tom.posts() if "4.1 of 5" in post.text]
        await tom.commands("/satisfaction", "month", channel="#service")
        await house.quiet()
        who = w("refusal.not_your_role", roles=w("roles.manager"), names=marc.name)
        assert any(who in post.text for post in tom.ephemerals)
        assert not pictures(tom, direct_only=True)


async def test_a_word_that_is_not_understood_is_answered_with_what_can_be_typed(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        marc = house.team["marc"]
        await marc.commands("/satisfaction", "fortnight", channel="#service")
        await house.quiet()
        assert any(w("refusal.not_understood_days", words="fortnight") in post.text for post in marc.ephemerals)


async def test_the_home_of_a_manager_shows_the_answers_with_their_bounds(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        await reports(house, emma)
        await answers_in(house, *SCORES, back=timedelta(minutes=1))
        marc = house.team["marc"]
        await comes_home(house, marc, w("home.team"))
        await marc.presses(w("home.team"))
        home = await marc.sees_home(w("summary.good"))
        assert "75% (41%–93%)" in home.text
        assert w("summary.good_reasons") in home.text


async def test_a_week_of_answers_is_told_once_on_monday_morning_whatever_is_restarted(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        await reports(house, emma)
        await clock_goes_to(house, await monday(house, 8))
        await answers_in(house, *SCORES, back=timedelta(days=3))
        assert not told(house, "summary.digest.week")
        assert house.app is not None
        nine = house.app.clock.now().astimezone(PARIS).replace(hour=9, minute=0, second=1).astimezone(UTC)
        await house.stops()
        await house.moves_clock(3600)
        await house.starts()
        await asyncio.sleep(1)
        await house.quiet()
        (post,) = told(house, "summary.digest.week")
        assert "4.1 of 5 (" in post.text
        assert w("reason.quick") in post.text
        assert len(pictures(house.team["marc"], direct_only=False)) == 1
        for _ in range(2):
            await house.stops()
            await house.starts()
            await house.quiet()
        await clock_goes_to(house, nine + timedelta(days=2))
        assert len(told(house, "summary.digest.week")) == 1
        assert len(pictures(house.team["marc"], direct_only=False)) == 1
        rung = await house.in_database(lambda s: [t.occurrence for t in s.scalars(
            select(Timer).where(Timer.kind == DIGEST, Timer.state == TimerState.RUNG))])  # fmt: skip
        assert len([one for one in rung if one.startswith("week")]) == len(set(rung)) == len(rung)


async def test_of_a_week_without_anything_nothing_is_told(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        await clock_goes_to(house, await monday(house, 10))
        assert not told(house, "summary.digest.week")


async def test_three_low_scores_in_a_day_are_told_at_once_and_once(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        await is_done(house, await reports(house, emma))
        for _ in range(4):  # nobody objects; then she is asked
            await house.moves_clock(86_400)
        card = await emma.sees(w("survey.scale"), anywhere=True)
        await answers_in(house, 1, 2, back=timedelta(seconds=5))
        assert not warned(house), "nobody has looked yet"
        await emma.presses("1")
        await house.quiet()
        await house.moves_clock(60)
        (post,) = warned(house)
        assert w("summary.wrong.low", 3) in post.text
        await emma.presses("2", on=card)
        await house.quiet()
        await house.moves_clock(60)
        assert len(warned(house)) == 1
        rung = await house.in_database(lambda s: s.scalars(select(Timer.state).where(Timer.kind == WRONG)).all())
        assert rung == [TimerState.RUNG]


def warned(house: House) -> list[Post]:
    """What says that something is wrong today."""
    return [post for post in house.team["marc"].posts() if w("summary.wrong") in post.text]
