"""A price a teammate makes: more time, further lines, another grade, his own; and what the homeowner's tap changes."""

from pathlib import Path
from typing import Any

from domain.charges import ChargeKind
from domain.team import Member
from sandbox.slack.seen import Post
from sandbox.telegram.person import Person
from tests.house import House, open_house
from tests.journey.ground import (
    arrives_in_english,
    begins,
    bookings_of,
    books,
    charges_of,
    is_done,
    reports,
    requests_of,
    w,
)
from tests.journey.test_prices import euros

OWN = w("price.own", currency="EUR")
WHY = {w("more.words"): "The cable in the wall is broken"}


async def makes(house: House, card: Post, filled: dict[str, Any], why: dict[str, Any] | None = None) -> None:
    """Ana works a price out, looks at it and asks."""
    ana = house.team["ana"]
    booked = any(e.label == w("team.price") for e in card.elements)
    await (ana.presses(w("team.price"), card) if booked else ana.selects(w("slack.menu"), w("desk.price"), card))
    await ana.sees_modal()
    assert await ana.fills(filled) == {}
    await ana.sees_modal(w("price.preview"))
    assert await ana.fills(why or WHY) == {}
    await house.quiet()


async def has_a_visit(house: House) -> tuple[Person, Post]:
    """James has booked one, and it has begun."""
    james = await arrives_in_english(house, "C008")
    card = await reports(house, james, "The door does not open", "access")
    await books(house, james)
    await begins(house)
    return james, card


async def test_more_time_costs_more_only_after_his_yes(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        james, card = await has_a_visit(house)
        ana = house.team["ana"]
        await ana.presses(w("team.price"), card)
        await ana.sees_modal()
        for minutes in ("60", "soon"):
            assert await ana.fills({w("more.minutes"): minutes})
        assert await ana.fills({w("more.minutes"): "120"}) == {}
        await ana.sees_modal(w("price.preview"))
        assert await ana.fills(WHY) == {}
        await james.sees("The cable in the wall is broken", anywhere=True)
        ask = await james.sees(w("more.ceiling", was=euros("135")))
        assert euros("245") in ask.text
        await is_done(house, card)
        assert await charges_of(house, ChargeKind.WORK) == [13500], "without a yes the agreed price is the ceiling"


async def test_a_yes_that_comes_too_late_is_asked_for_again_at_the_price_of_the_day(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        james, card = await has_a_visit(house)
        await makes(house, card, {w("more.minutes"): "120"})
        await james.sees(w("more.ceiling", was=euros("135")))
        await house.moves_clock(15 * 24 * 3600)
        await house.quiet()
        await james.presses(w("more.agree", now=euros("245")))
        await james.sees(w("refusal.quote_expired"))
        again = await james.sees(w("more.ceiling", was=euros("135")))
        await james.presses(w("more.agree", now=euros("245")), on=again)
        await james.sees(w("more.agreed", price=euros("245")))


async def test_his_yes_is_the_new_ceiling(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        james, card = await has_a_visit(house)
        await makes(house, card, {w("more.minutes"): "120", w("price.lines"): "Cable, 20 m; 35\nStrike plate; 12,50"})
        ask = await james.sees(w("more.ceiling", was=euros("135")))
        assert "Cable, 20 m" in ask.text
        assert "Strike plate" in ask.text
        await james.presses(w("more.agree", now=euros("292.50")))
        await james.sees(w("more.agreed", price=euros("292.50")))
        await house.quiet()
        assert any(w("team.more.agreed", now=euros("292.50")) in post.text for post in card.thread)
        ana = house.team["ana"]
        await ana.presses("Solved…", card, timeout=5)
        await ana.sees_modal()
        assert await ana.fills({w("resolve.words"): "Cable replaced", w("resolve.minutes"): "60"}) == {}
        assert await ana.submits() == {}
        await house.quiet()
        assert await charges_of(house, ChargeKind.WORK) == [18250], "an hour after all, and what was built in"


async def test_a_price_for_what_is_not_booked_yet_then_a_time_and_it_costs_that(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        james = await arrives_in_english(house, "C008")
        card = await reports(house, james, "The door does not open", "access")
        long = {w("price.work"): w("help.visit"), w("more.minutes"): "150", w("price.lines"): "New lock; 80"}
        await makes(house, card, long)
        ana = house.team["ana"]
        shown = await ana.sees("#service", w("team.asked_price"), anywhere=True)
        assert euros("380") in shown.text
        ask = await james.sees(w("line.total"))
        assert "New lock" in ask.text
        await james.presses(w("more.agree", now=euros("380")))
        await james.sees(w("price.agreed", price=euros("380")))
        times = await james.sees(w("solve.slot.ask"))
        await james.presses(times.labels[0])
        await james.sees(w("solve.confirm"))
        await james.presses(w("solve.confirm"))
        await james.sees(w("booked.title"))
        await house.quiet()
        (booking,) = await bookings_of(house)
        assert (booking.ends_at - booking.starts_at).seconds == 150 * 60
        await begins(house)
        await is_done(house, card)
        assert await charges_of(house, ChargeKind.WORK) == [38000]


async def test_a_price_of_his_own_needs_a_reason_and_above_the_limit_a_manager(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        james, card = await has_a_visit(house)
        assert house.app is not None
        tom, nora = house.team["tom"], house.team[manager(house.app.company.team)]
        await tom.presses(w("team.price"), card)
        await tom.sees_modal()
        for amount in ("150", "-3", "much"):
            assert OWN in await tom.fills({w("more.minutes"): "60", OWN: amount})
        for line in ("Cable 35", "; 35", "Cable; Infinity", "Cable; 1e400", "Cable; 3.999", "Cable; 0"):
            wrong = await tom.fills({w("more.minutes"): "60", OWN: "", w("price.lines"): line})
            assert wrong == {w("price.lines"): w("price.wrong_line", line=line)}
        await nora.presses(w("team.price"), card)
        await nora.sees_modal()
        assert await nora.fills({w("more.minutes"): "60", OWN: "150"}) == {}
        await nora.sees_modal(w("price.preview"))
        assert await nora.fills(WHY) == {}
        ask = await james.sees(w("more.ceiling", was=euros("135")))
        assert w("line.fixed_for", why="The cable in the wall is broken") in ask.text
        await james.presses(w("more.agree", now=euros("150")))
        await james.sees(w("more.agreed", price=euros("150")))
        await is_done(house, card)
        assert await charges_of(house, ChargeKind.WORK) == [15000]


def manager(team: tuple[Member, ...]) -> str:
    """Who may grant anything."""
    return next(m.key for m in team if "manager" in m.roles)


async def test_no_charge_is_a_price_too_with_a_reason_and_beyond_the_limit_by_a_manager(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        james, card = await has_a_visit(house)
        assert house.app is not None
        tom, nora = house.team["tom"], house.team[manager(house.app.company.team)]
        for amount in ("0", "5"):  # the tariff says 135: all but nothing of it is given away
            await tom.presses(w("team.price"), card)
            await tom.sees_modal()
            assert OWN in await tom.fills({w("more.minutes"): "60", OWN: amount})
            await tom.closes()
        await nora.presses(w("team.price"), card)
        await nora.sees_modal()
        assert await nora.fills({w("more.minutes"): "60", OWN: "0"}) == {}
        await nora.sees_modal(w("price.no_charge"))
        assert await nora.fills({w("more.words"): "It was our own fault"}) == {}
        ask = await james.sees(w("more.ask_free", name=nora.name, time="1 hour", was=euros("135")), anywhere=True)
        assert w("line.fixed_for", why="It was our own fault") in ask.text
        await james.presses(w("more.agree", now=w("price.no_charge")), on=ask)
        await james.sees(w("more.agreed_free"))
        await house.quiet()
        assert w("price.no_charge") in card.text
        await is_done(house, card)
        assert await charges_of(house, ChargeKind.WORK) == []


async def test_no_is_no_and_the_team_hears_it(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        james = await arrives_in_english(house, "C008")
        card = await reports(house, james, "The door does not open", "access")
        await makes(house, card, {w("price.work"): w("help.visit"), w("more.minutes"): "60", OWN: "90"})
        await james.sees(w("line.fixed_for", why="The cable in the wall is broken"))
        await james.presses(w("more.decline"))
        await james.sees(w("price.declined"))
        await house.quiet()
        assert any(w("team.price.declined", price=euros("90")) in post.text for post in card.thread)
        assert (await requests_of(house))[0].running


async def test_a_yes_to_a_price_that_lapsed_calls_the_team(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        james = await arrives_in_english(house, "C008")
        card = await reports(house, james, "The door does not open", "access")
        await makes(house, card, {w("price.work"): w("help.visit"), w("more.minutes"): "60", OWN: "90"})
        await james.sees(w("line.fixed_for", why="The cable in the wall is broken"))
        await house.moves_clock(40 * 24 * 3600)
        await house.quiet()
        await james.presses(w("more.agree", now=euros("90")))
        await james.sees(w("price.over"))
        await house.quiet()
        assert any(w("team.price.over", price=euros("90")) in post.text for post in card.thread)
