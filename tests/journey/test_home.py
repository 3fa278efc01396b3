"""The app's home: what waits for a teammate, his visits of today, and for managers how the team stands."""

from datetime import timedelta
from pathlib import Path

from domain.appointments import BookingState
from domain.requests import State
from sandbox.slack.person import Person as Mate
from sandbox.slack.seen import Home
from tests.house import House, open_house, words
from tests.journey.ground import bookings_of, clock_goes_to, reports, requests_of, w
from tests.journey.test_promises import are_promised, on, on_monday_at_nine
from tests.journey.test_visits import has_a_visit


async def comes_home(house: House, mate: Mate, fragment: str) -> Home:
    """He opens the app's home, and it shows that."""
    await mate.opens_home()
    return await mate.sees_home(fragment)


def below(home: Home, heading: str) -> str:
    """What stands under a heading, up to the next one."""
    found: list[str] = []
    taking = False
    for block in home.blocks:
        if block["type"] == "header":
            taking = block["text"]["text"] == heading
        elif taking:
            found.append(str(block))
    return "\n".join(found)


async def test_a_technician_sees_what_nobody_has_taken_and_takes_it_there(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, ana, paolo = await house.arrives("en"), house.team["ana"], house.team["paolo"]
        card = await reports(house, emma)
        home = await comes_home(house, ana, w("home.free"))
        assert "1001 · Shades · Emma Whitfield" in below(home, w("home.free"))
        assert "1001" not in (await comes_home(house, paolo, w("home.free"))).text, "shades are not his trade"
        await ana.presses(w("team.take"), home)
        home = await ana.sees_home(w("home.free.empty"))
        assert "1001 · Shades" in below(home, w("home.queue")), "the page follows its own button"
        await house.quiet()
        assert "Ana Ruiz" in card.text


async def test_who_waits_for_me_and_what_is_late_stand_above_the_queue(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        await are_promised(house)
        await on_monday_at_nine(house)
        emma, ana = await house.arrives("en"), house.team["ana"]
        card = await reports(house, emma)
        await ana.presses("Take it", card)
        await house.quiet()
        home = await comes_home(house, ana, "1001")
        assert "Answer by" in below(home, w("home.queue"))
        await emma.types("Is anybody there?")
        await house.quiet()
        home = await comes_home(house, ana, w("home.asking"))
        assert "1001" in below(home, w("home.asking"))
        assert "1001" not in below(home, w("home.queue")), "each stands in one place"
        await on(house, 10, 45)
        home = await comes_home(house, ana, w("home.late"))
        assert "⚠ was due by" in below(home, w("home.late"))


async def test_what_is_due_first_stands_above(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        await on_monday_at_nine(house)
        claire, ana = await house.arrives("fr"), house.team["ana"]
        from_claire = await reports(house, claire, say=french)
        emma = await house.arrives("en")  # a larger plan: her time is over before
        from_emma = await reports(house, emma, "The blinds hum")
        for card in (from_claire, from_emma):
            await ana.presses("Take it", card)
            await house.quiet()
        queue = below(await comes_home(house, ana, "1002"), w("home.queue"))
        assert queue.index("1002 ·") < queue.index("1001 ·")


def french(key: str, count: int | None = None, **values: str) -> str:
    return words("fr", key, count, **values)


async def test_today_s_visits_have_addresses_and_on_the_way(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        claire, _ = await has_a_visit(house)
        visit = (await bookings_of(house))[0]
        mate = house.team[visit.technician]
        await clock_goes_to(house, visit.starts_at - timedelta(minutes=40))
        home = await comes_home(house, mate, w("home.visits"))
        assert "06300 Nice" in home.text
        assert "Claire Dubois" in below(home, w("home.visits"))
        await mate.presses(w("team.set_out"), home)
        await mate.sees_modal()
        assert await mate.fills({w("set_out.minutes"): "20 minutes"}) == {}
        await claire.sees("is on the way")
        await house.quiet()
        assert (await bookings_of(house))[0].state is BookingState.ON_THE_WAY


async def test_a_manager_looks_at_the_team_and_nobody_else_does(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        await are_promised(house)
        await on_monday_at_nine(house)
        emma, ana, marc = await house.arrives("en"), house.team["ana"], house.team["marc"]
        card = await reports(house, emma)
        await ana.presses("Take it", card)
        await on(house, 10, 45)
        home = await comes_home(house, marc, w("home.team"))
        await marc.presses(w("home.team"), home)
        team = await marc.sees_home(w("home.late.team"))
        assert "Ana Ruiz" in below(team, w("home.late.team"))
        assert w("state.claimed") in below(team, w("home.states"))
        assert w("summary.title", 30) in team.text
        await marc.presses(w("home.mine"), team)
        await marc.sees_home(w("home.queue"))
        mine = await comes_home(house, ana, w("home.queue"))
        assert w("home.team") not in mine.buttons


async def test_who_is_not_of_the_team_reads_only_that(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        await reports(house, await house.arrives("en"))
        guest = house.sandbox.slack.user("Gil Guest", id="U0GUEST", is_guest=True)
        home = await comes_home(house, guest, w("refusal.team_only"))
        assert home.buttons == []
        assert "Emma" not in home.text
        (request,) = await requests_of(house)
        assert request.state is State.OPEN
