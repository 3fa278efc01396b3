"""The whole life of a request, worked by three teammates with every button there is on its card and in its menu."""

from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from domain.appointments import BookingState
from domain.requests import State
from handlers.cards.team_card import AFTER, MENU
from sandbox.slack.person import Person as Mate
from sandbox.slack.seen import Post
from sandbox.telegram.person import Person
from tests.house import House, open_house
from tests.journey.ground import bookings_of, reports, requests_of, w

PARIS = ZoneInfo("Europe/Paris")


@dataclass
class Desk:
    """The card, who works on it, and which of its buttons have been used."""

    house: House
    emma: Person
    card: Post
    used: set[str] = field(default_factory=set)
    seen: set[str] = field(default_factory=set)

    def looks(self) -> None:
        """What can be pressed now."""
        self.seen |= set(self.card.buttons)

    async def press(self, mate: Mate, key: str, *fills: dict[str, Any]) -> None:
        """A button of the card, and its form (or both pages of it)."""
        self.looks()
        self.used.add(w(key))
        await mate.presses(w(key), self.card, timeout=10)
        await self._fill(mate, fills)

    async def menu(self, mate: Mate, what: str, *fills: dict[str, Any]) -> None:
        """An entry of its menu."""
        self.looks()
        self.used.add(w(f"desk.{what}"))
        await mate.selects(w("slack.menu"), w(f"desk.{what}"), self.card)
        await self._fill(mate, fills)

    async def _fill(self, mate: Mate, fills: tuple[dict[str, Any], ...]) -> None:
        for filled in fills:
            await mate.sees_modal()
            assert await mate.fills(filled) == {}
        await self.house.quiet()

    async def state(self) -> State:
        return (await requests_of(self.house))[0].state


async def offered(desk: Desk, mate: Mate) -> None:
    """A time is chosen for her, and she takes it."""
    await desk.house.quiet()
    desk.used.add(w("desk.book"))
    await mate.selects(w("slack.menu"), w("desk.book"), desk.card)
    (choice,) = (await mate.sees_modal()).inputs
    assert await mate.fills({w("book.choice"): choice.body["options"][-1]["text"]["text"]}) == {}
    asked = await desk.emma.sees(w("book.take"))
    await desk.emma.presses(w("book.take"), on=asked)
    await desk.emma.sees(w("booked.title"), anywhere=True)
    await desk.house.quiet()


async def the_visit_begins(desk: Desk) -> None:
    booking = next(b for b in await bookings_of(desk.house) if b.state is BookingState.BOOKED)
    assert desk.house.app is not None
    ahead = booking.starts_at + timedelta(minutes=5) - desk.house.app.clock.now()
    await desk.house.moves_clock(ahead.total_seconds())
    await desk.house.quiet()


async def is_understood(desk: Desk, lena: Mate, ana: Mate, tom: Mate) -> None:
    """It is taken, sorted, asked about, handed over, talked about."""
    emma, house = desk.emma, desk.house
    await desk.press(lena, "team.take")
    await desk.press(tom, "team.take_over")
    answers = {w("question.words"): "Which side?", w("question.answers"): "Left\nRight"}
    await desk.press(tom, "team.question", answers)
    await emma.presses("Left", on=await emma.sees("Which side?"))
    await house.quiet()
    await desk.press(tom, "team.question", {w("question.words"): "Since when?"})
    await desk.menu(tom, "answered")
    await desk.menu(tom, "note", {w("note.words"): "The ladder is in the shed"})
    await desk.menu(tom, "sort", {w("sort.area"): w("area.lighting"), w("sort.urgency"): w("urgency.high")})
    await desk.menu(tom, "sort", {w("sort.area"): w("area.shades"), w("sort.urgency"): w("urgency.normal")})
    await desk.menu(tom, "commitment", {w("commitment.words"): "I shall call you tomorrow"})
    await desk.menu(tom, "storm")
    (choice,) = (await tom.sees_modal()).inputs
    assert await tom.fills({w("storm.choose"): choice.body["options"][-1]["text"]["text"]}) == {}
    await house.quiet()
    await desk.press(tom, "storm.show")
    await tom.sees_modal("1001")
    await tom.closes()
    await desk.menu(tom, "storm_out")
    await desk.menu(tom, "hand_over", {w("hand_over.who"): ana.name, w("hand_over.words"): "Yours: a motor, I think"})
    assert (await requests_of(house))[0].assignee == "ana"
    await desk.press(ana, "team.reply", {w("reply.words"): "I shall look at it"}, {})
    await emma.sees("I shall look at it")
    await emma.types("Thank you, it hums")
    await house.quiet()
    assert any("it hums" in post.text for post in desk.card.thread)
    await desk.press(ana, "team.hand_back")
    await emma.sees(w("talk.handed_back"))


async def waits(desk: Desk, ana: Mate) -> None:
    """It rests, waits for a part, becomes two and one again, and rings for an hour."""
    house = desk.house
    assert house.app is not None
    today = house.app.clock.now().astimezone(PARIS).date()
    await desk.menu(ana, "snooze", {w("snooze.day"): today + timedelta(days=1), w("snooze.hour"): "10:00"})
    await house.moves_clock(36 * 3600)
    await house.quiet()
    await desk.menu(ana, "part", {w("part.what"): "motor RX-2", w("part.day"): today + timedelta(days=9)})
    assert await desk.state() is State.WAITING_PARTS
    await desk.menu(ana, "part_here")
    assert await desk.state() is State.CLAIMED
    words = {w("split.words", name="Emma Whitfield"): "And the lamp flickers", w("sort.area"): w("area.lighting")}
    await desk.menu(ana, "split", words, {})
    other = await ana.sees("#service", "And the lamp flickers", anywhere=True)
    desk.used.add(w("desk.merge"))
    await ana.selects(w("slack.menu"), w("desk.merge"), other)
    await ana.sees_modal()
    assert await ana.fills({w("merge.number"): "1001"}) == {}
    await house.quiet()
    await desk.menu(ana, "call_out")
    service, desk.card = desk.card, await ana.sees("#urgent", w("request.urgency"), anywhere=True)
    await desk.menu(ana, "sort", {w("sort.area"): w("area.shades"), w("sort.urgency"): w("urgency.normal")})
    desk.card = service  # it is back where it was


async def is_priced_and_booked(desk: Desk, lena: Mate, ana: Mate) -> None:
    """A price is made, a time is found, moved, told late; nobody is there; a second visit takes place."""
    emma = desk.emma
    why = {w("more.words"): "The motor has to be replaced"}
    price = {w("price.work"): w("help.visit"), w("more.minutes"): "120", w("price.lines"): "Motor; 60"}
    await desk.menu(ana, "price", price, why)
    await emma.presses(w("more.decline"), on=await emma.sees("Motor"))
    await desk.house.quiet()
    await offered(desk, lena)
    await desk.press(ana, "team.price", {w("more.minutes"): "60", w("price.lines"): "Fuse; 5"}, why)
    ask = await emma.sees("Fuse")
    await emma.presses(next(label for label in ask.labels if label.startswith(w("more.agree", now=""))), on=ask)
    await desk.house.quiet()
    desk.used.add(w("team.move"))
    await lena.presses(w("team.move"), desk.card)
    (choice,) = (await lena.sees_modal()).inputs
    assert await lena.fills({w("move.choice"): choice.body["options"][0]["text"]["text"]}) == {}
    await desk.house.quiet()
    await the_visit_begins(desk)
    await desk.press(ana, "team.late", {})
    await desk.press(ana, "team.nobody", {w("nobody.words"): "Rang three times"})
    await offered(desk, lena)
    await the_visit_begins(desk)
    await desk.menu(ana, "visit_over", {w("visit_over.words"): "The ladder is too short"})
    await offered(desk, lena)
    await the_visit_begins(desk)
    await desk.press(ana, "team.set_out", {})


async def ends(desk: Desk, ana: Mate, marc: Mate) -> None:
    """It is solved, is not, is solved; then a credit, a note, and it is opened once more."""
    emma = desk.emma
    amount = w("goodwill.amount", currency="EUR")
    await desk.menu(marc, "goodwill", {amount: "25", w("goodwill.words"): "We were late"})
    await solves(desk, ana, "New motor")
    await emma.presses(w("solved.no"), on=await emma.sees("New motor"))
    await desk.house.quiet()
    assert await desk.state() is State.REOPENED
    await solves(desk, ana, "New fuse, too")
    await emma.presses(w("solved.yes"), on=await emma.sees("New fuse, too"))
    await desk.house.quiet()
    assert await desk.state() is State.CONFIRMED
    await desk.menu(marc, "note", {w("note.words"): "Ask again in spring"})
    await desk.menu(marc, "goodwill", {amount: "10", w("goodwill.words"): "And thank you"})
    await desk.menu(marc, "reopen")
    assert await desk.state() is State.REOPENED


async def solves(desk: Desk, mate: Mate, words: str) -> None:
    await desk.press(mate, "team.resolve", {w("resolve.words"): words}, {})


async def test_three_teammates_use_every_button_of_a_request(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        desk = Desk(house, emma, await reports(house, emma))
        lena, ana, tom, marc = (house.team[key] for key in ("lena", "ana", "tom", "marc"))
        await is_understood(desk, lena, ana, tom)
        await waits(desk, ana)
        await is_priced_and_booked(desk, lena, ana)
        await ends(desk, ana, marc)
        desk.looks()
        menu = {w(f"desk.{what}") for what in (*MENU, *AFTER, "part_here", "storm_out")}
        assert (desk.seen | menu) - desk.used <= {w("slack.menu")}, "every button that was seen was used"
        inside = ("shed", "a motor, I think", "Rang three times", "Ask again in spring")
        assert not [b for b in emma.chat if any(words in b.text for words in inside)]
