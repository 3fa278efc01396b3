"""The day in a technician's direct messages: in the morning what it brings, in the evening what is open."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sandbox.slack.person import Person as Mate
from sandbox.slack.seen import Post
from tests.house import House, open_house
from tests.journey.ground import bookings_of, clock_goes_to, is_done, w
from tests.journey.test_visits import has_a_visit


def told(mate: Mate, fragment: str) -> list[Post]:
    """What stands in his direct messages."""
    return [post for post in mate.posts() if post.channel.startswith("D") and fragment in post.text]


async def the_day_of_the_visit(house: House, key: str) -> datetime:
    """Midnight before it, where the technician is."""
    assert house.app is not None
    zone = house.app.company.member(key).time_zone or house.app.company.time_zone
    start = (await bookings_of(house))[0].starts_at.astimezone(ZoneInfo(zone))
    return start.replace(hour=0, minute=0, second=0, microsecond=0)


async def test_the_day_begins_with_its_visits_and_notes_and_ends_with_what_is_open(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        claire, card = await has_a_visit(house)
        visit = (await bookings_of(house))[0]
        mate = house.team[visit.technician]
        await mate.writes_in_thread(card, "Bring the long ladder")
        await house.quiet()
        midnight = await the_day_of_the_visit(house, visit.technician)
        await clock_goes_to(house, midnight + timedelta(hours=7))
        assert not told(mate, w("brief.visits", 1)), "his shift has not begun"
        await clock_goes_to(house, midnight + timedelta(hours=11))
        (brief,) = told(mate, w("brief.visits", 1))
        assert "06300 Nice" in brief.text
        assert "Bring the long ladder" in brief.text
        assert "The shades in the living room" in brief.text
        await clock_goes_to(house, midnight + timedelta(hours=22))
        (evening,) = told(mate, w("evening.title"))
        assert w("evening.not_set_out") in evening.text
        await clock_goes_to(house, midnight + timedelta(days=9))
        assert len(told(mate, w("brief.visits", 1))) == 1, "once a day, and not on days without visits"
        others = [m for key, m in house.team.items() if key != visit.technician]
        assert not [post for m in others for post in told(m, w("brief.visits", 1))]
        assert claire


async def test_who_has_done_everything_is_left_alone_in_the_evening(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        _, card = await has_a_visit(house)
        visit = (await bookings_of(house))[0]
        await clock_goes_to(house, visit.ends_at)
        await is_done(house, card, by=visit.technician)
        midnight = await the_day_of_the_visit(house, visit.technician)
        await clock_goes_to(house, midnight + timedelta(hours=22))
        assert not told(house.team[visit.technician], w("evening.title"))


async def test_who_was_taken_out_of_the_file_gets_nothing_more(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        await has_a_visit(house)
        visit = (await bookings_of(house))[0]
        assert house.app is not None
        left = tuple(m for m in house.app.company.team if m.key != visit.technician)
        house.app.company = house.app.company.model_copy(update={"team": left})
        await clock_goes_to(house, visit.starts_at + timedelta(days=1))
        assert not told(house.team[visit.technician], w("brief.visits", 1))
