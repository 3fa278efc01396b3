"""The day of an appointment, and the times one can choose from: as homeowners and technicians live it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.appointments import BookingState
from domain.charges import Charge
from domain.money import Money
from domain.requests import State
from domain.waiting import Waiting
from locales.phrasebook import say
from sandbox.slack.seen import Post
from sandbox.telegram.person import Person
from tests.house import House, open_house
from tests.journey.ground import (
    arrives_in_english,
    bookings_of,
    books,
    clock_goes_to,
    is_offered_times,
    reports,
    requests_of,
    w,
)
from tests.journey.test_appointments import with_one_technician

SUNDAY = datetime(2027, 3, 7, 9, 0, tzinfo=UTC)


async def owed(house: House) -> list[int]:
    """The charges, in minor units."""

    def unit(session: Session) -> list[int]:
        return list(session.scalars(select(Charge.amount_minor).where(Charge.kind == "cancellation")))

    found: list[int] = await house.in_database(unit)
    return found


async def has_a_visit(house: House, ref: str = "C003") -> tuple[Person, Post]:
    """Somebody who has booked a visit, and the team's card."""
    person = await arrives_in_english(house, ref)
    card = await reports(house, person)
    await books(house, person)
    return person, card


async def says(house: House, card: Post, button: str, answers: dict[str, str]) -> dict[str, str]:
    """Ana presses a button of the card and fills in its form; what the form objects to."""
    ana = house.team["ana"]
    await ana.presses(w(button), card, timeout=5)
    await ana.sees_modal()
    errors = await ana.fills(answers)
    await house.quiet()
    return errors


async def test_a_homeowner_hears_when_we_set_out_and_when_we_are_late(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        claire, card = await has_a_visit(house)
        visit = (await bookings_of(house))[0]
        await clock_goes_to(house, visit.starts_at - timedelta(minutes=30))
        assert await says(house, card, "team.late", {w("late.minutes"): "1 hour 30 minutes"}) == {}
        late = await claire.sees("running late")
        assert w("running_late.free") in late.text
        assert await says(house, card, "team.set_out", {w("set_out.minutes"): "20 minutes"}) == {}
        await claire.sees("is on the way")
        await claire.presses(w("request.cancel"), on=late)
        sure = await claire.sees(w("request.cancel.ask"))
        assert "€" in sure.text or "cost" not in sure.text
        visit = (await bookings_of(house))[0]
        assert visit.state is BookingState.ON_THE_WAY


async def test_who_moves_in_the_last_hours_sees_what_it_costs_before_he_agrees(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        claire, _ = await has_a_visit(house)
        visit = (await bookings_of(house))[0]
        await clock_goes_to(house, visit.starts_at - timedelta(hours=3))
        await claire.presses(w("request.move"))
        await claire.sees(w("solve.way.ask"))
        times = await is_offered_times(claire)
        await claire.presses(times.labels[3])
        sure = await claire.sees(w("solve.confirm"))
        fee = say(Money(3000, "EUR"), "en")
        assert w("solve.move.fee", fee=fee) in sure.text
        assert await owed(house) == []
        await claire.presses(w("solve.confirm"))
        await claire.sees(w("booked.moved"))
        await house.quiet()
        assert await owed(house) == [3000]


async def test_moving_costs_nothing_when_we_are_late(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        claire, card = await has_a_visit(house)
        visit = (await bookings_of(house))[0]
        await clock_goes_to(house, visit.starts_at - timedelta(hours=1))
        await says(house, card, "team.late", {w("late.minutes"): "2 hours"})
        await claire.sees("running late")
        await claire.presses(w("request.move"))
        await claire.sees(w("solve.way.ask"))
        times = await is_offered_times(claire)
        await claire.presses(times.labels[0])
        sure = await claire.sees(w("solve.confirm"))
        assert w("solve.move.fee", fee="").split("costs")[0] not in sure.text
        await claire.presses(w("solve.confirm"))
        await claire.sees(w("booked.moved"))
        await house.quiet()
        assert await owed(house) == []


async def test_nobody_opens_and_the_homeowner_reads_the_fee_and_how_to_go_on(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        claire, card = await has_a_visit(house)
        errors = await says(house, card, "team.nobody", {})
        assert list(errors.values()) == [w("nobody.too_early")]
        await house.team["ana"].closes()
        visit = (await bookings_of(house))[0]
        await clock_goes_to(house, visit.starts_at + timedelta(minutes=20))
        assert await says(house, card, "team.nobody", {w("nobody.words"): "Rang three times"}) == {}
        told = await claire.sees("nobody opened")
        await house.quiet()
        assert any("Rang three times" in post.text for post in card.thread)
        assert "Rang three times" not in told.text
        assert say(Money(5000, "EUR"), "en") in told.text
        assert w("request.book") in told.labels
        request = (await requests_of(house))[0]
        assert (request.state, (await bookings_of(house))[0].state) == (State.OPEN, BookingState.NO_ACCESS)
        assert await owed(house) == [5000]


@pytest.mark.parametrize("answer", ["ready", "something"])
async def test_two_hours_before_he_says_that_all_is_ready_or_what_we_should_know(tmp_path: Path, answer: str) -> None:
    async with open_house(tmp_path) as house:
        claire, card = await has_a_visit(house)
        visit = (await bookings_of(house))[0]
        await clock_goes_to(house, visit.starts_at - timedelta(minutes=110))
        await claire.sees(w("soon.visit"))
        if answer == "ready":
            await claire.presses(w("soon.ready"))
            await claire.sees(w("soon.thanks"))
            await house.quiet()
            assert any(w("team.ready", name="Claire Dubois") in post.text for post in card.thread)
            return
        await claire.presses(w("soon.tell"))
        await claire.sees(w("soon.tell.ask"))
        await claire.types("The dog is friendly, the drive is full")
        await claire.sees(w("soon.told"))
        await house.quiet()
        assert any("The dog is friendly" in post.text for post in card.thread)


async def test_a_day_and_the_evenings_can_be_asked_for(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        claire = await arrives_in_english(house, "C003")
        await reports(house, claire)
        await is_offered_times(claire)
        await claire.presses(w("solve.day"))
        days = await claire.sees(w("solve.day.ask"))
        chosen = days.labels[1]
        await claire.presses(chosen)
        times = await claire.sees(w("solve.slot.ask"))
        number = chosen.split()[1] if chosen.split()[0].isalpha() else chosen.split()[0]
        assert all(f" {number} " in f" {label} " for label in times.labels[:2])
        await claire.presses(w("solve.evenings"))
        await claire.sees(w("solve.all_times"))
        await claire.presses(w("solve.all_times"))
        await claire.sees(w("solve.evenings"))


async def test_the_time_can_be_asked_for_in_words(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        await clock_goes_to(house, SUNDAY)
        claire = await arrives_in_english(house, "C003")
        card = await reports(house, claire)
        await is_offered_times(claire)
        await claire.types("could you come on wednesday, after 2 pm? the gate is open all day long")
        times = await claire.sees("As you asked: ")
        assert "from 14:00" in times.text or "from 2:00" in times.text
        offered = [label for label in times.labels if "Wed" in label]
        assert offered
        assert not any(label[:3] in ("Mon", "Tue", "Thu", "Fri") for label in times.labels)
        await house.quiet()
        assert any("the gate is open all day long" in post.text for post in card.thread)  # it was more than a time
        await claire.types("not in the morning")
        times = await claire.sees("any time but")
        await claire.presses(w("solve.all_times"))
        await claire.sees(w("solve.evenings"))
        await claire.types("tuesday the 12th")  # a Friday
        which = await claire.sees(w("solve.which.ask"))
        chosen = which.labels[0]
        await claire.presses(chosen)
        await claire.sees(f"As you asked: {chosen}")
        await claire.types("thursday at half past nine in the evening")
        times = await claire.sees(w("solve.slot.near"))
        assert "Thu" in times.labels[0]
        await claire.types("I shall ask my husband")
        await house.quiet()
        assert any("I shall ask my husband" in post.text for post in card.thread)


async def test_a_time_that_becomes_free_is_offered_to_one_after_another(tmp_path: Path) -> None:
    async with open_house(tmp_path, COMPANY_FILE=str(with_one_technician(tmp_path))) as house:
        await clock_goes_to(house, SUNDAY)
        emma = await house.arrives("en")  # the larger plan: she is asked first
        claire = await arrives_in_english(house, "C003")
        etienne = await arrives_in_english(house, "C004")
        early = await takes_the_first(house, claire)
        for person in (etienne, emma):  # so far apart that both cannot be served in one morning
            await reports(house, person)
            await is_offered_times(person)
            await person.presses(w("waiting.join"))
            await person.sees(w("waiting.joined"))
            person.looks_away()
        await claire.presses(w("request.cancel"))
        await claire.sees(w("request.cancel.ask"))
        await claire.presses(w("request.cancel.yes"))
        await house.quiet()
        kept = await emma.sees(w("freed.take"))
        assert w("freed.take") not in etienne.buttons()
        etienne.looks_away()
        await emma.presses(w("freed.decline"), on=kept)
        await house.quiet()
        second = await etienne.sees(w("freed.take"))
        await etienne.presses(w("freed.take"), on=second)
        await etienne.sees(w("booked.title"))
        await house.quiet()
        standing = [b for b in await bookings_of(house) if b.state is BookingState.BOOKED]
        assert [b.starts_at for b in standing] == [early]

        def places(session: Session) -> list[str]:
            return [str(p.state) for p in session.scalars(select(Waiting).order_by(Waiting.id))]

        assert sorted(await house.in_database(places)) == ["served", "waiting"]


async def takes_the_first(house: House, person: Person) -> object:
    """He books the first time there is; when it begins."""
    await reports(house, person)
    await books(house, person)
    return (await bookings_of(house))[-1].starts_at
