"""Times: two who want the same, holds that run out, moving, cancelling, and what a plan pays."""

import re
from datetime import timedelta
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.allotments import Entry
from domain.appointments import BookingState
from domain.occupancy import Cell
from domain.requests import State
from scheduling.briefs import EVENING, MORNING
from scheduling.coming_back import LOOK
from scheduling.followups import CONTRACT
from scheduling.timers import Timer
from tests.house import SAMPLE, House, open_house, words
from tests.journey.ground import (
    arrives_in_english,
    bookings_of,
    books,
    calendars,
    clock_goes_to,
    is_done,
    is_offered_times,
    reports,
    requests_of,
    w,
)

ALWAYS = (CONTRACT, MORNING, EVENING, LOOK)  # set whatever becomes of an appointment


async def used_and_cells(house: House) -> tuple[int, int]:
    """What the plans have paid, and how many quarter hours are taken."""

    def unit(session: Session) -> tuple[int, int]:
        taken = select(func.sum(Entry.quantity)).where(Entry.request_id.is_not(None))
        return -(session.scalar(taken) or 0), session.scalar(select(func.count()).select_from(Cell)) or 0

    found: tuple[int, int] = await house.in_database(unit)
    return found


async def test_of_two_who_press_the_same_time_one_gets_it_and_the_other_is_offered_others(tmp_path: Path) -> None:
    async with open_house(tmp_path, COMPANY_FILE=str(with_one_technician(tmp_path))) as house:
        claire, etienne = await arrives_in_english(house, "C003"), await arrives_in_english(house, "C004")
        await reports(house, claire, "Claire's blind is stuck")
        await reports(house, etienne, "Etienne's blind is stuck")
        hers, his = await is_offered_times(claire), await is_offered_times(etienne)
        same = hers.labels[0]
        assert same == his.labels[0]
        await claire.presses(same)
        await claire.sees(w("solve.confirm"))
        await etienne.presses(same, on=his)
        await etienne.sees(w("refusal.slot_taken"))
        others = await etienne.sees(w("solve.slot.ask"))
        assert same not in others.labels
        await etienne.presses(others.labels[0])
        for person in (claire, etienne):
            await person.sees(w("solve.confirm"), anywhere=True)
            await person.presses(w("solve.confirm"))
            await person.sees(w("booked.title"))
        await house.quiet()
        first, second = await bookings_of(house)
        assert first.technician == second.technician
        assert first.starts_at != second.starts_at


def with_one_technician(folder: Path) -> Path:
    """The sample company when only Ana can come."""
    head, *team = (SAMPLE / "company.toml").read_text().split("[[team]]")
    head = re.sub(r"crew = .*", "", head)  # for work that is done by two
    areas = re.search(r"(?s)areas = (\[.*?\])", head)
    assert areas is not None
    ana = re.sub(r"skills = .*", lambda _: f"skills = {areas[1]}", team[0])
    file = folder / "company.toml"
    file.write_text("[[team]]".join([head, ana, next(part for part in team if "U0LENA" in part)]))
    return file


async def test_a_time_that_nobody_confirms_is_free_again_and_can_be_chosen_anew(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        await reports(house, emma)
        times = await is_offered_times(emma)
        await emma.presses(times.labels[0])
        question = await emma.sees(w("solve.confirm"))
        emma.looks_away()
        await house.moves_clock(16 * 60)
        await emma.sees(w("hold.over"))
        assert (await used_and_cells(house)) == (0, 0)
        await emma.presses(w("solve.confirm"), on=question)
        await emma.sees(w("refusal.hold_gone"))
        await emma.sees(w("solve.way.ask"))
        await books(house, emma)
        assert [b.state for b in await bookings_of(house)] == [BookingState.EXPIRED, BookingState.BOOKED]


async def test_a_moved_appointment_keeps_its_request_its_price_and_the_calendar_right(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        claire = await arrives_in_english(house, "C003")  # her plan pays one visit a year
        await reports(house, claire)
        await books(house, claire)
        assert (await used_and_cells(house))[0] == 1
        await claire.presses(w("request.move"))
        offer = await claire.sees(w("solve.way.ask"))
        assert w("solve.way.visit", price=w("price.included")) in offer.labels
        await books(house, claire, choice=2, title="booked.moved")
        old, new = await bookings_of(house)
        assert (old.state, new.state) == (BookingState.MOVED, BookingState.BOOKED)
        assert len(await requests_of(house)) == 1
        assert (await requests_of(house))[0].state is State.BOOKED
        used, cells = await used_and_cells(house)
        assert used == 1
        assert cells == 7  # 90 minutes and 15 to clear up, once
        files = sorted(calendars(claire), key=lambda f: f["SEQUENCE"])
        assert [(f["METHOD"], f["SEQUENCE"], f["STATUS"]) for f in files] == [
            ("PUBLISH", "0", "CONFIRMED"),
            ("PUBLISH", "1", "CONFIRMED"),  # her calendar moves the entry it has
        ]
        assert files[0]["UID"] == files[1]["UID"]


async def test_a_cancelled_request_frees_the_time_and_gives_the_visit_back(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        card = await reports(house, emma)
        await books(house, emma)
        assert (await used_and_cells(house))[0] == 1
        await emma.presses(w("request.cancel"))
        await emma.sees(w("request.cancel.ask"))
        await emma.presses(w("request.cancel.yes"))
        await emma.sees(w("request.cancelled", about="1001 · Shades"))
        await emma.sees(w("booking.off"))
        await house.quiet()
        assert (await used_and_cells(house)) == (0, 0)
        assert [f["METHOD"] for f in calendars(emma)] == ["PUBLISH", "CANCEL"]
        assert len({f["UID"] for f in calendars(emma)}) == 1
        assert w("state.cancelled") in card.text
        assert any(w("team.unbooked") in post.text for post in card.thread)

        def still_set(session: Session) -> list[str]:
            return list(session.scalars(select(Timer.kind).where(Timer.state == "set", Timer.kind.not_in(ALWAYS))))

        assert await house.in_database(still_set) == []


async def test_what_is_solved_before_the_visit_needs_no_visit(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        card = await reports(house, emma)
        await books(house, emma)
        await is_done(house, card, text="Reset from afar")
        await emma.sees("Reset from afar")
        assert (await used_and_cells(house)) == (0, 0)
        assert [f["METHOD"] for f in calendars(emma)] == ["PUBLISH", "CANCEL"]


async def test_a_time_is_not_booked_for_what_ended_meanwhile(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        card = await reports(house, emma)
        times = await is_offered_times(emma)
        await emma.presses(times.labels[0])
        question = await emma.sees(w("solve.confirm"))
        await is_done(house, card)
        await emma.presses(w("solve.confirm"), on=question)
        await emma.sees(w("refusal.not_now", number="1001", state=w("state.resolved")))
        assert emma.buttons()
        assert (await used_and_cells(house)) == (0, 0)


async def test_a_tenant_sees_no_contract_and_books_nothing_beyond_his_limit(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        bruno = await house.arrives("it", "C013")  # tenant, without a limit of his own to spend
        await bruno.sees(words("it", "menu.report"))
        await bruno.types("/contract")
        refused = await bruno.sees(words("it", "refusal.not_your_contract"))
        assert words("it", "menu.human") in refused.labels
        await reports(house, bruno, say=lambda key, *a, **v: words("it", key, *a, **v))
        offer = await bruno.sees(words("it", "solve.owner_decides"))
        assert offer.labels == [words("it", key) for key in ("price.why", "solve.leave", "menu.human")]
        await bruno.presses(words("it", "solve.leave"))
        await bruno.sees(words("it", "solve.left", number="1001"))


async def test_the_reminder_comes_the_day_before_and_not_for_what_was_moved(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        await reports(house, emma)
        await books(house, emma, choice=3)
        (booking,) = await bookings_of(house)
        emma.looks_away()
        await clock_goes_to(house, booking.starts_at - timedelta(hours=1))
        told = [b for b in emma.news() if w("reminder.visit", at="").split("{")[0].split(":")[0] in b.text]
        assert len(told) == 1
        assert w("request.move") in told[0].labels


async def test_a_visit_that_was_kept_is_done_and_nobody_is_reminded_of_it(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        claire = await arrives_in_english(house, "C003")
        card = await reports(house, claire)
        await books(house, claire, choice=3)
        (visit,) = await bookings_of(house)
        await clock_goes_to(house, visit.starts_at + timedelta(minutes=20))
        shown = next(line for line in card.text.splitlines() if w("help.visit") in line)
        claire.looks_away()
        await is_done(house, card, text="New motor")
        (visit,) = await bookings_of(house)
        assert visit.state is BookingState.DONE
        assert shown in card.text  # it was then, and stays on the card
        assert await used_and_cells(house) == (1, 2)  # the visit is paid, the rest of the time is free
        assert not any(w("team.unbooked") in post.text for post in card.thread)
        await claire.sees("New motor")
        assert [f["METHOD"] for f in calendars(claire)] == ["PUBLISH"]
        await claire.presses(w("solved.no"))
        await claire.sees(w("solved.not_yet", number="1001"))
        await house.quiet()

        def still_set(session: Session) -> list[str]:
            return list(session.scalars(select(Timer.kind).where(Timer.state == "set", Timer.kind.not_in(ALWAYS))))

        assert await house.in_database(still_set) == []
