"""A visit that did not solve it: a part is missing, or it goes on another day; and an appointment that is a call."""

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from domain.appointments import BookingState
from domain.charges import ChargeKind
from domain.requests import State
from sandbox.slack.seen import Post
from tests.house import House, open_house
from tests.journey.ground import arrives_in_english, begins, bookings_of, charges_of, reports, requests_of, w
from tests.journey.test_deeds import does, said
from tests.journey.test_visits import has_a_visit

PARIS = ZoneInfo("Europe/Paris")


def motor(house: House) -> dict[str, object]:
    """A motor that comes in five days."""
    assert house.app is not None
    today = house.app.clock.now().astimezone(PARIS).date()
    return {w("part.what"): "motor RX-2", w("part.day"): today + timedelta(days=5)}


async def asks(house: House, card: Post, words: str) -> None:
    """Ana asks the homeowner something, from the card."""
    ana = house.team["ana"]
    await ana.presses(w("team.question"), card)
    await ana.sees_modal()
    assert await ana.fills({w("question.words"): words}) == {}
    await house.quiet()


async def test_ana_is_there_and_a_part_is_missing_her_visit_is_done_and_the_part_is_awaited(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        james, card = await has_a_visit(house)
        ana = house.team["ana"]
        await begins(house)
        await does(house, ana, card, "desk.part", {**motor(house), w("resolve.minutes"): "20"})
        (request,), (visit,) = await requests_of(house), await bookings_of(house)
        assert (request.state, visit.state) == (State.WAITING_PARTS, BookingState.DONE)
        await james.sees("A part is on its way", anywhere=True)
        await does(house, ana, card, "desk.part_here")
        assert (await requests_of(house))[0].running
        await ana.selects(w("slack.menu"), w("desk.book"), card)  # and the next visit can be found
        await ana.sees_modal()


async def test_without_the_part_the_visit_of_tomorrow_makes_no_sense_and_is_called_off_free(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        james, card = await has_a_visit(house)
        await does(house, house.team["ana"], card, "desk.part", motor(house))
        (request,), (visit,) = await requests_of(house), await bookings_of(house)
        assert (request.state, visit.state) == (State.WAITING_PARTS, BookingState.CANCELLED)
        await james.sees(w("booking.off"), anywhere=True)
        assert await charges_of(house, ChargeKind.CANCELLATION) == []


async def test_a_part_is_awaited_also_while_he_has_not_answered(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        card = await reports(house, emma)
        ana = house.team["ana"]
        await asks(house, card, "Which side?")
        assert (await requests_of(house))[0].state is State.WAITING_HOMEOWNER
        await does(house, ana, card, "desk.part", motor(house))
        assert (await requests_of(house))[0].state is State.WAITING_PARTS
        await emma.types("The left one")
        await house.quiet()
        assert (await requests_of(house))[0].state is State.WAITING_PARTS, "his answer is not the part"


async def test_a_visit_took_place_and_did_not_solve_it(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        james, card = await has_a_visit(house)
        ana = house.team["ana"]
        await does(house, ana, card, "desk.visit_over")
        await ana.sees("#service", w("refusal.not_begun_yet"), anywhere=True)
        await begins(house)
        await does(house, ana, card, "desk.visit_over", {w("visit_over.words"): "Bring the long ladder"})
        (request,), (visit,) = await requests_of(house), await bookings_of(house)
        assert visit.state is BookingState.DONE
        assert request.state in (State.OPEN, State.CLAIMED)
        assert said(card, w("visit_over.done", name="Ana Ruiz"))
        assert said(card, "Bring the long ladder")
        told = await james.sees(w("visit_over.told", name="Ana Ruiz"))
        assert "ladder" not in told.text
        assert w("team.set_out") not in card.buttons


async def test_to_a_call_nobody_sets_out_and_nobody_is_at_the_door(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        james = await arrives_in_english(house, "C008")
        card = await reports(house, james)
        remote = w("solve.way.remote", price="").rstrip(" ·")
        await james.presses(next(label for label in james.buttons() if label.startswith(remote)))
        await james.presses((await james.sees(w("solve.slot.ask"))).labels[0])
        await james.presses(w("solve.confirm"), on=await james.sees(w("solve.confirm")))
        await james.sees(w("booked.title"))
        await house.quiet()
        assert w("team.late") in card.buttons
        assert not {w("team.set_out"), w("team.nobody")} & set(card.buttons)
