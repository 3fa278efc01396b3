"""The team's calendar: who is away, who comes instead, and who is asked whether another time suits him."""

from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.appointments import Booking, BookingState
from domain.calendar import CalendarEntry
from domain.proposed_times import ProposalState, ProposedTime
from sandbox.slack.person import Person as Mate
from sandbox.slack.seen import Post
from sandbox.telegram.person import Person
from tests.house import SAMPLE, House, open_house, words
from tests.journey.ground import bookings_of, calendars, is_offered_times, reports, w

PARIS = ZoneInfo("Europe/Paris")
it, fr = partial(words, "it"), partial(words, "fr")


async def has_a_visit(
    house: House, person: Person, area: str, say: Any = w, choice: int = 0
) -> tuple[Post, Booking]:  # fmt: skip
    """He reports something and books a visit; the team's card, and the appointment."""
    card = await reports(house, person, f"{area} is broken", area, say)
    times = await is_offered_times(person, say)
    await person.presses(times.labels[choice])
    await person.sees(say("solve.confirm"))
    await person.presses(say("solve.confirm"))
    await person.sees(say("booked.title"))
    await house.quiet()
    return card, (await bookings_of(house))[-1]


def day_of(booking: Booking) -> date:
    return booking.starts_at.astimezone(PARIS).date()


async def enters_absence(house: House, by: str, first: date, **more: Any) -> dict[str, str]:
    """A teammate enters an absence with `/calendar`; the errors by label."""
    teammate = house.team[by]
    await teammate.commands("/calendar", channel="#service")
    await teammate.sees("#service", w("calendar.new.away"), anywhere=True)
    await teammate.presses(w("calendar.new.away"), timeout=5)
    await teammate.sees_modal()
    errors = await teammate.fills({w("calendar.first"): first, **more})
    await house.quiet()
    return errors


async def proposals_of(house: House) -> list[ProposedTime]:
    def unit(session: Session) -> list[ProposedTime]:
        return list(session.scalars(select(ProposedTime).order_by(ProposedTime.id)))

    found: list[ProposedTime] = await house.in_database(unit)
    return found


async def entries_of(house: House) -> list[CalendarEntry]:
    def unit(session: Session) -> list[CalendarEntry]:
        return list(session.scalars(select(CalendarEntry).order_by(CalendarEntry.id)))

    found: list[CalendarEntry] = await house.in_database(unit)
    return found


async def test_ana_is_ill_and_emma_agrees_to_another_time_with_one_tap(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        card, visit = await has_a_visit(house, emma, "lighting")
        lena = house.team["lena"]
        day = day_of(visit)
        assert (
            await enters_absence(house, "lena", day, **{w("calendar.who"): "Ana Ruiz", w("calendar.reason"): "flu"})
            == {}
        )
        listed = await lena.sees("#service", w("absence.visits", 1), anywhere=True)
        assert "Emma Whitfield" in listed.text
        assert "flu" not in listed.text  # why somebody is away is nobody's business in a channel
        await lena.presses(w("absence.propose"), listed)
        asked = await emma.sees(w("time.sorry"))
        await house.quiet()
        assert w("absence.propose") in listed.buttons
        (made,) = await proposals_of(house)
        new = (await bookings_of(house))[-1]
        assert (new.state, new.technician, day_of(new) > day) == (BookingState.HELD, "ana", True)
        await lena.presses(w("absence.propose"), listed)  # twice asks nobody twice
        await house.quiet()
        assert len(await proposals_of(house)) == 1
        await emma.presses(w("time.agree"), on=asked)
        await emma.sees(w("time.moved"), anywhere=True)
        await house.quiet()
        assert w("time.settled") in asked.text
        old, new = await bookings_of(house)
        assert (old.state, new.state) == (BookingState.MOVED, BookingState.BOOKED)
        assert [(f["SEQUENCE"], f["STATUS"]) for f in calendars(emma)] == [("0", "CONFIRMED"), ("1", "CONFIRMED")]
        assert len({f["UID"] for f in calendars(emma)}) == 1
        assert (await proposals_of(house))[0].state is ProposalState.AGREED
        assert any(w("team.booked") in post.text for post in card.thread)
        assert made.proposed_by == "lena"


async def test_ana_is_well_again_and_emma_reads_that_her_time_stands(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        card, visit = await has_a_visit(house, emma, "lighting")
        lena = house.team["lena"]
        await enters_absence(house, "lena", day_of(visit), **{w("calendar.who"): "Ana Ruiz"})
        listed = await lena.sees("#service", w("absence.visits", 1), anywhere=True)
        await lena.presses(w("absence.propose"), listed)
        asked = await emma.sees(w("time.sorry"))
        await house.quiet()
        await lena.commands("/calendar", channel="#service")
        shown = await lena.sees("#service", w("calendar.list.all"))
        await lena.presses(next(b for b in shown.buttons if b.startswith("Take back")), shown)
        await lena.sees("#service", w("calendar.stand", 1))
        await emma.sees(w("time.stands"))
        await house.quiet()
        assert w("time.withdrawn") in asked.text
        assert not asked.buttons
        assert w("absence.propose") not in listed.buttons
        assert any(w("team.time.stands", name="Emma Whitfield") in post.text for post in card.thread)
        old, held = await bookings_of(house)
        assert (old.state, old.starts_at, held.state) == (BookingState.BOOKED, visit.starts_at, BookingState.EXPIRED)
        assert not [m for m in emma.chat if w("hold.over") in m.text]


def with_twins(folder: Path) -> Path:
    """The sample company where Tom works when Ana does."""
    text = (SAMPLE / "company.toml").read_text()
    head, *team = text.split("[[team]]")
    shifts = team[0][team[0].index("shifts = [") :]
    tom = next(n for n, part in enumerate(team) if 'key = "tom"' in part)
    team[tom] = team[tom][: team[tom].index("shifts = [")] + shifts
    file = folder / "company.toml"
    file.write_text("[[team]]".join([head, *team]))
    return file


def direct(mate: Mate, fragment: str) -> list[Post]:
    """What the app wrote to a teammate alone."""
    return [p for p in mate.posts() if not p.channel.startswith("#") and (fragment in p.text or fragment in p.buttons)]


async def test_tom_comes_instead_of_ana_and_marta_only_reads_who(tmp_path: Path) -> None:
    async with open_house(tmp_path, COMPANY_FILE=str(with_twins(tmp_path))) as house:
        marta = await house.arrives("it")
        card, visit = await has_a_visit(house, marta, "control", it)
        away, comes = ("ana", "tom") if visit.technician == "ana" else ("tom", "ana")
        mate = house.team[away]
        assert await enters_absence(house, away, day_of(visit)) == {}
        (mine,) = direct(mate, w("absence.propose"))
        await mate.presses(w("absence.propose"), mine)
        name = house.team[comes].name
        told = await marta.sees(it("swap.told", name=name))
        await house.quiet()
        assert await proposals_of(house) == []
        (after,) = await bookings_of(house)
        assert (after.technician, after.sequence, after.starts_at) == (comes, 1, visit.starts_at)
        assert name in told.text
        assert [f["SEQUENCE"] for f in calendars(marta)] == ["0", "1"]
        assert any(w("team.swapped", now=name, was=mate.name) in post.text for post in card.thread)
        assert name in card.text
        assert direct(house.team[comes], w("team.yours_now"))
        assert direct(mate, w("absence.done.swapped", number=1))


async def test_a_dispatcher_moves_claire_is_asked_and_chooses_another_time(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        claire = await house.arrives("fr")
        card, visit = await has_a_visit(house, claire, "lighting", fr)
        tom, lena = house.team["tom"], house.team["lena"]
        await tom.presses(w("team.move"), card)
        await tom.sees("#service", w("refusal.not_yours_to_move"))
        assert tom.modal is None
        await lena.presses(w("team.move"), card)
        form = await lena.sees_modal()
        offered = [str(o["text"]["text"]) for o in form.inputs[0].options]
        assert all("Ana Ruiz" in label and "on the road" in label for label in offered)
        assert await lena.fills({w("move.choice"): offered[3]}) == {}
        asked = await claire.sees(fr("time.sorry"))
        await house.quiet()
        assert (await bookings_of(house))[0].state is BookingState.BOOKED
        await claire.types("/menu")  # something else goes on meanwhile
        await claire.presses(fr("time.others"), on=asked)
        choice = await claire.sees(fr("time.others.ask"))
        await claire.presses(choice.labels[2])
        moved = await claire.sees(fr("time.moved"), anywhere=True)
        await house.quiet()
        stands = [b for b in await bookings_of(house) if b.state is BookingState.BOOKED]
        assert len(stands) == 1
        assert stands[0].quote_id == visit.quote_id
        assert fr("price.included") in moved.text  # her plan pays the visit, once
        assert [f["SEQUENCE"] for f in calendars(claire)] == ["0", "1"]
        assert fr("time.settled") in asked.text
        await claire.presses(choice.labels[0], on=choice)  # an old button
        await claire.sees(fr("refusal.too_late_to_move"))
        await house.quiet()
        assert len([b for b in await bookings_of(house) if b.state is BookingState.BOOKED]) == 1


async def test_who_does_not_answer_is_called_and_a_yes_on_the_phone_counts(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        claire = await house.arrives("fr")
        card, visit = await has_a_visit(house, claire, "lighting", fr, choice=3)
        lena = house.team["lena"]
        await lena.presses(w("team.move"), card)
        form = await lena.sees_modal()
        offered = [str(o["text"]["text"]) for o in form.inputs[0].options]
        assert await lena.fills({w("move.choice"): offered[-1]}) == {}
        await claire.sees(fr("time.sorry"))
        await house.quiet()
        claire.looks_away()
        (made,) = await proposals_of(house)
        assert house.app is not None
        await house.moves_clock((made.answer_by - house.app.clock.now()).total_seconds() + 5)
        await house.quiet()
        task = await lena.sees("#service", w("team.time.agreed"), anywhere=True)
        assert "+33639980103" in task.text
        assert not any(fr("hold.over") in b.text for b in claire.chat)  # she never asked for that time
        await house.team["tom"].presses(w("team.time.agreed"), task)
        await house.team["tom"].sees("#service", w("refusal.not_yours_to_move"))
        await lena.presses(w("team.time.agreed"), task)
        await claire.sees(fr("time.moved"))
        await house.quiet()
        (made,) = await proposals_of(house)
        assert (made.state, made.answered_by) == (ProposalState.AGREED, "lena")
        assert [b.state for b in await bookings_of(house)] == [
            BookingState.MOVED,
            BookingState.EXPIRED,
            BookingState.BOOKED,
        ]
        assert visit.id == (await bookings_of(house))[0].id


async def test_mistakes_are_told_at_their_field_and_what_is_entered_can_be_taken_back(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        assert house.app is not None
        today = house.app.clock.now().astimezone(PARIS).date()
        ana, lena = house.team["ana"], house.team["lena"]
        first, last = w("calendar.first"), w("calendar.last")
        before = {last: today - timedelta(days=3)}
        assert await enters_absence(house, "ana", today, **before) == {last: w("calendar.wrong.ends")}
        assert await ana.fills({first: today - timedelta(days=9)}) == {last: w("calendar.wrong.over")}
        assert await ana.fills({last: today + timedelta(days=900)}) == {last: w("calendar.wrong.long")}
        week = {first: today + timedelta(days=7), last: today + timedelta(days=13), w("calendar.reason"): "surgery"}
        assert await ana.fills(week) == {}
        await house.quiet()
        assert direct(ana, w("absence.none"))
        (entry,) = await entries_of(house)
        assert (entry.technician, entry.entered_by, entry.reason) == ("ana", "ana", "surgery")
        await house.team["tom"].commands("/calendar", channel="#service")
        theirs = await house.team["tom"].sees("#service", w("calendar.list.mine"))
        assert "surgery" not in theirs.text
        assert w("calendar.new.closed") not in theirs.buttons
        await lena.commands("/calendar", channel="#service")
        shown = await lena.sees("#service", w("calendar.list.all"))
        assert "surgery" in shown.text
        button = next(b for b in shown.buttons if b.startswith("Take back"))
        await lena.presses(button, shown)
        await lena.sees("#service", w("calendar.nothing"))
        (entry,) = await entries_of(house)
        assert (entry.removed_by, entry.removed_at is not None) == ("lena", True)
        await lena.presses(button, shown)
        await lena.sees("#service", w("refusal.taken_back_already"))


async def test_a_closing_day_holds_at_once_for_what_is_offered(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        marta = await house.arrives("it")
        await reports(house, marta, "La luce è rotta", "lighting", it)
        before = (await is_offered_times(marta, it)).labels[0]
        lena = house.team["lena"]
        assert house.app is not None
        today = house.app.clock.now().astimezone(PARIS).date()
        for n in (0, 1, 2, 3):
            await lena.commands("/calendar", channel="#service")
            await lena.sees("#service", w("calendar.new.closed"))
            await lena.presses(w("calendar.new.closed"), timeout=5)
            await lena.sees_modal()
            assert await lena.fills({w("calendar.first"): today + timedelta(days=n)}) == {}
            await house.quiet()
        await marta.presses(it("solve.evenings"))
        await marta.sees(it("solve.all_times"))
        await marta.presses(it("solve.all_times"))
        after = await marta.sees(it("solve.slot.ask"))
        assert before not in after.labels
