"""What leaves late: it is said with an apology, or it is over, and the team is told."""

from datetime import timedelta
from pathlib import Path

import pytest

from domain.appointments import Booking
from sandbox.slack.seen import Post
from sandbox.telegram.person import Person
from tests.house import House, open_house, words
from tests.journey.ground import answers, bookings_of, books, clock_goes_to, reports, w

HOUR = 3600.0
NOBODY = w("team.not_reminded", name="Emma Whitfield", phone="+447700900107")


async def later(house: House, seconds: float) -> None:
    """Time passes while something waits to leave."""
    assert house.app is not None
    house.clock_says(seconds)
    house.app.clock.adopt()


@pytest.mark.parametrize(("minutes", "sorry"), [(55, False), (65, True)])
async def test_an_answer_that_leaves_an_hour_late_begins_with_an_apology(
    tmp_path: Path, minutes: int, sorry: bool
) -> None:
    async with open_house(tmp_path) as house:
        marta = await house.arrives("it")
        card = await reports(house, marta, say=lambda key, *a, **v: words("it", key, *a, **v))
        house.sandbox.faults.away("telegram")
        await house.team["ana"].presses("Reply", card, timeout=5)
        await house.team["ana"].sees_modal()
        assert await house.team["ana"].fills({w("reply.words"): "Arrivo alle nove"}) == {}
        assert await house.team["ana"].submits() == {}
        await later(house, minutes * 60)
        house.sandbox.faults.clear()
        told = await marta.sees("Arrivo alle nove", timeout=30)
        await house.quiet()
        assert told.text.startswith(words("it", "late.sorry")) is sorry
        assert len([b for b in marta.chat if "Arrivo alle nove" in b.text]) == 1
        assert any(w("team.delivered") in post.text for post in card.thread)


async def test_an_answer_that_leaves_in_time_does_not_apologise(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        await answers(house, await reports(house, emma), "At nine")
        assert not (await emma.sees("At nine")).text.startswith(w("late.sorry"))


async def with_a_visit(house: House) -> tuple[Person, Post, Booking]:
    """Emma, her card, and a visit some days from now."""
    emma = await house.arrives("en")
    card = await reports(house, emma)
    await books(house, emma, choice=3)
    emma.looks_away()
    return emma, card, (await bookings_of(house))[0]


def reminders(emma: Person) -> list[str]:
    """What she was told about tomorrow, or today."""
    starts = [w(key, at="").split(":")[0] for key in ("reminder.visit", "reminder.today.visit")]
    return [b.text for b in emma.news() if any(start in b.text for start in starts)]


async def test_a_reminder_that_cannot_leave_in_time_is_not_said_and_the_team_calls(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card, booking = await with_a_visit(house)
        house.sandbox.faults.away("telegram")
        await clock_goes_to(house, booking.starts_at + timedelta(minutes=1))
        house.sandbox.faults.clear()
        await house.quiet()
        assert reminders(emma) == []
        assert len([post for post in card.thread if NOBODY in post.text]) == 1


async def test_who_was_reminded_is_not_called(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card, booking = await with_a_visit(house)
        await clock_goes_to(house, booking.starts_at - timedelta(hours=1))
        (told,) = reminders(emma)
        assert w("late.sorry") not in told
        assert not [post for post in card.thread if NOBODY in post.text]


async def rung_at_the_start(house: House, moment: float) -> None:
    """We were off when it should have rung."""
    await house.stops()
    house.clock_says(moment)
    await house.starts()
    await house.quiet()
    assert house.app is not None
    await house.app.alarm.beat()
    await house.quiet()


async def test_who_is_reminded_on_the_day_itself_reads_today_and_an_apology(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card, booking = await with_a_visit(house)
        assert house.app is not None
        wait = (booking.starts_at - house.app.clock.now()).total_seconds()
        await rung_at_the_start(house, wait - HOUR)
        (told,) = reminders(emma)
        assert told.startswith(w("late.sorry"))
        assert w("reminder.today.visit", at="").split(":")[0] in told
        assert not [post for post in card.thread if NOBODY in post.text]


async def test_when_we_were_off_over_the_appointment_the_team_hears_that_nobody_was_reminded(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card, booking = await with_a_visit(house)
        assert house.app is not None
        wait = (booking.starts_at - house.app.clock.now()).total_seconds()
        await rung_at_the_start(house, wait + HOUR)
        assert reminders(emma) == []
        assert len([post for post in card.thread if NOBODY in post.text]) == 1
