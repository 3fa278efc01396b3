"""What the team can do with a request, from its card: each deed with what the homeowner and the team then see."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.appointments import BookingState
from domain.areas import Area, Urgency
from domain.charges import Charge
from domain.requests import State
from sandbox.slack.person import Person as Mate
from sandbox.slack.seen import Post
from sandbox.telegram.person import Person
from tests.house import House, open_house
from tests.journey.ground import STORY, bookings_of, calendars, notes_of, reports, requests_of, w

PARIS = ZoneInfo("Europe/Paris")


async def does(house: House, mate: Mate, card: Post, what: str, filled: dict[str, Any] | None = None) -> None:
    """Chooses something from the card's menu, and fills in its form."""
    await mate.selects(w("slack.menu"), w(what), card)
    if filled is not None:
        await mate.sees_modal()
        assert await mate.fills(filled) == {}
    await house.quiet()


def direct(mate: Mate, words: str) -> list[Post]:
    """What stands in his direct messages."""
    return [post for post in mate.posts() if post.channel.startswith("D") and words in post.text]


def said(card: Post, words: str) -> bool:
    """Whether the thread has it."""
    return any(words in post.text for post in card.thread)


async def test_ana_hands_over_to_tom_with_what_he_should_know(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        card = await reports(house, emma)
        ana, tom = house.team["ana"], house.team["tom"]
        who = {w("hand_over.who"): tom.name, w("hand_over.words"): "She prefers the morning"}
        await does(house, ana, card, "desk.hand_over", who)
        (told,) = direct(tom, w("hand_over.yours", name="Ana Ruiz"))
        assert STORY in told.text
        assert "She prefers the morning" in told.text
        assert said(card, "She prefers the morning")
        assert (await requests_of(house))[0].assignee == "tom"
        await emma.sees(w("claimed.by", name=tom.name, about="1001 · Shades"))
        assert not [b for b in emma.chat if "prefers the morning" in b.text]
        await ana.selects(w("slack.menu"), w("desk.hand_over"), card)
        await ana.sees_modal()
        assert await ana.fills({w("hand_over.who"): tom.name}) == {w("hand_over.who"): w("refusal.same_hands")}


async def test_two_take_it_at_once_one_has_it_and_the_other_is_told_who(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        card = await reports(house, emma)
        ana, tom = house.team["ana"], house.team["tom"]
        button = next(e for e in card.elements if e.label == w("team.take"))
        await asyncio.gather(ana.uses(button, None, card), tom.uses(button, None, card))
        await house.quiet()
        (request,) = await requests_of(house)
        winner, other = (ana, tom) if request.assignee == "ana" else (tom, ana)
        await other.sees("#service", w("refusal.taken_already", name=winner.name), anywhere=True)
        await other.presses(w("team.take_over"), card)  # now he knows
        await house.quiet()
        assert (await requests_of(house))[0].assignee == ("tom" if winner is ana else "ana")


async def test_it_is_about_something_else_and_more_urgent(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        card = await reports(house, emma)
        ana = house.team["ana"]
        sorted_ = {w("sort.area"): w("area.lighting"), w("sort.urgency"): w("urgency.high")}
        await does(house, ana, card, "desk.sort", sorted_)
        (request,) = await requests_of(house)
        assert (request.area, request.urgency) == (Area.LIGHTING, Urgency.HIGH)
        assert w("area.lighting") in card.text
        assert said(card, w("sort.done", was=w("area.shades"), now=w("area.lighting")))
        await emma.sees("1001 · Lighting", anywhere=True)
        await does(house, ana, card, "desk.call_out")
        tom = house.team["tom"]
        await tom.sees("#urgent", w("team.emergency", number="1001"), anywhere=True)
        urgent = await tom.sees("#urgent", w("request.urgency"), anywhere=True)
        assert {w("team.take"), w("team.resolve")} <= set(urgent.buttons), "the card itself hangs there"
        assert said(urgent, w("team.emergency", number="1001"))
        assert said(urgent, w("routed.here"))
        assert card.buttons == [w("routed.show")], "the old one only says where it went"
        await emma.types("There is smoke")
        await house.quiet()
        assert said(urgent, "There is smoke")
        await tom.writes_in_thread(card, "I am on it")  # who has not seen that it went
        await house.quiet()
        assert "I am on it" in [note.words for note in await notes_of(house)]
        await does(house, tom, urgent, "desk.sort", {w("sort.urgency"): w("urgency.normal")})
        assert w("team.resolve") in card.buttons, "no emergency: it is back"
        assert urgent.buttons == [w("routed.show")]


async def test_it_rests_until_its_hour_or_until_she_writes(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        card = await reports(house, emma)
        ana = house.team["ana"]
        await ana.presses("Take it", card)
        await house.quiet()
        assert house.app is not None
        today = house.app.clock.now().astimezone(PARIS).date()
        tomorrow = {w("snooze.day"): today + timedelta(days=1), w("snooze.hour"): "10:00"}
        await does(house, ana, card, "desk.snooze", tomorrow)
        assert w("snooze.label") in card.text
        await house.moves_clock(48 * 3600)
        assert direct(ana, w("snooze.over"))
        assert w("snooze.label") not in card.text
        await does(house, ana, card, "desk.snooze", {w("snooze.day"): today + timedelta(days=9)})
        await emma.types("It got worse")
        await house.quiet()
        assert len(direct(ana, w("snooze.over"))) == 2
        assert w("snooze.label") not in card.text
        await ana.selects(w("slack.menu"), w("desk.snooze"), card)
        await ana.sees_modal()
        past = {w("snooze.day"): today - timedelta(days=1)}
        assert await ana.fills(past) == {w("snooze.day"): w("refusal.over_already")}


async def test_a_part_is_waited_for_and_its_day_rings(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        card = await reports(house, emma)
        ana = house.team["ana"]
        await ana.presses("Take it", card)
        await house.quiet()
        assert house.app is not None
        day = house.app.clock.now().astimezone(PARIS).date() + timedelta(days=3)
        await does(house, ana, card, "desk.part", {w("part.what"): "motor RX-2", w("part.day"): day})
        told = await emma.sees("A part is on its way", anywhere=True)
        assert "RX-2" not in told.text
        assert w("state.waiting_parts") in card.text
        assert "motor RX-2" in card.text
        await house.moves_clock(4 * 24 * 3600)
        (rung,) = direct(ana, w("part.due", part="motor RX-2"))
        await ana.presses(w("part.here"), rung)
        await house.quiet()
        assert (await requests_of(house))[0].state is State.CLAIMED
        assert "motor RX-2" not in card.text.split(w("team.home"))[1].split("\n")[0]


async def test_a_question_with_answers_is_answered_with_one_tap(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        card = await reports(house, emma)
        ana = house.team["ana"]
        await ana.presses(w("team.question"), card)
        await ana.sees_modal()
        many = {w("question.words"): "Which side?", w("question.answers"): "\n".join("abcdefg")}
        wrong = w("question.too_many", most=6, longest=60)
        assert await ana.fills(many) == {w("question.answers"): wrong}
        assert await ana.fills({w("question.answers"): "Left\n Right \n\nBoth"}) == {}
        asked = await emma.sees("Which side?")
        assert asked.labels[:3] == ["Left", "Right", "Both"]
        await house.quiet()
        assert w("state.waiting_homeowner") in card.text
        await emma.presses("Right", on=asked)
        await house.quiet()
        assert w("question.chosen", answer="Right") in asked.text
        assert "Left" not in asked.labels
        assert said(card, "Right")
        assert (await requests_of(house))[0].state is State.CLAIMED
        notes = [note.words for note in await notes_of(house)]
        assert notes == ["Which side?", "Right"]


async def reports_twice(house: House) -> tuple[Person, Post, Post]:
    """Emma says the same twice; both cards."""
    emma = await house.arrives("en")
    first = await reports(house, emma)
    await emma.presses(w("solve.leave"))
    await house.quiet()
    return emma, first, await reports(house, emma, "The blind again", "shades")


async def test_two_reports_of_the_same_become_one_and_one_becomes_two(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, first, second = await reports_twice(house)
        ana = house.team["ana"]
        await does(house, ana, second, "desk.merge", {w("merge.number"): "#1001"})
        assert said(first, "The blind again")
        assert said(second, w("merge.away", into="1001 · Shades"))
        await emma.sees(w("merge.told", number="1002"), anywhere=True)
        one, two = await requests_of(house)
        assert (one.running, two.state, two.merged_into_id) == (True, State.CANCELLED, one.id)
        await ana.selects(w("slack.menu"), w("desk.merge"), first)
        await ana.sees_modal()
        assert await ana.fills({w("merge.number"): "77"}) == {w("merge.number"): w("merge.unknown")}
        assert await ana.fills({w("merge.number"): "1001"}) == {
            w("merge.number"): w("refusal.not_that_one", number="1001")
        }
        await ana.closes()
        new = {w("split.words", name="Emma Whitfield"): "And the lamp flickers", w("sort.area"): w("area.lighting")}
        await does(house, ana, first, "desk.split", new)
        assert await ana.submits() == {}
        await house.quiet()
        third = await ana.sees("#service", "And the lamp flickers", anywhere=True)
        assert said(first, w("split.away", one="1003 · Lighting"))
        assert said(third, w("split.here", one="1001 · Shades"))
        assert w("team.verdict") in third.text  # as on every card: what the contract says of it
        await emma.sees("1003 · Lighting", anywhere=True)


async def test_what_was_merged_by_mistake_goes_on_by_itself_again_with_its_notes(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, first, second = await reports_twice(house)
        ana = house.team["ana"]
        await does(house, ana, second, "desk.note", {w("note.words"): "It is the one in the hall"})
        await does(house, ana, second, "desk.merge", {w("merge.number"): "1001"})
        await does(house, ana, second, "desk.unmerge")
        one, two = await requests_of(house)
        assert (two.state, two.merged_into_id, two.ended_at) == (State.REOPENED, None, None)
        assert one.running
        assert said(second, "It is the one in the hall")
        assert said(second, w("unmerge.here", one="1001 · Shades"))
        assert said(first, w("unmerge.away", one="1002 · Shades"))
        assert said(second, w("team.reopened.by", name="Ana Ruiz"))
        assert not said(second, w("team.reopened"))
        await emma.sees(w("unmerge.told", number="1001"), anywhere=True)
        assert [note.request_id for note in await notes_of(house) if "hall" in note.words] == [two.id]
        await ana.presses(w("team.take"), second)
        await house.quiet()
        assert (await requests_of(house))[1].state is State.CLAIMED


async def test_what_was_called_off_is_opened_again_when_she_phones(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        card = await reports(house, emma)
        own = await emma.sees(w("request.cancel"), anywhere=True)
        await emma.presses(w("request.cancel"), on=own)
        await emma.sees(w("request.cancel.yes"))
        await emma.presses(w("request.cancel.yes"))
        await house.quiet()
        assert (await requests_of(house))[0].state is State.CANCELLED
        ana = house.team["ana"]
        await does(house, ana, card, "desk.note", {w("note.words"): "She phoned: it stops again"})
        await does(house, ana, card, "desk.reopen")
        assert (await requests_of(house))[0].state is State.REOPENED
        assert w("state.reopened") in card.text
        assert said(card, w("team.reopened.by", name="Ana Ruiz"))


async def test_what_is_split_off_shows_her_only_words_meant_for_her_and_only_after_a_preview(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        card = await reports(house, emma)
        await emma.types("And the lamp in the hall flickers")
        await house.quiet()
        ana, hers, inside = house.team["ana"], w("split.words", name="Emma Whitfield"), "I think she broke it herself"
        await does(house, ana, card, "desk.split", {w("split.note"): inside, w("sort.area"): w("area.lighting")})
        assert len(await requests_of(house)) == 1, "it is shown first"
        await ana.closes()
        await ana.selects(w("slack.menu"), w("desk.split"), card)
        form = await ana.sees_modal(hers)
        assert not form.values[hers], "nothing of hers is filled in that nobody picked"
        picked = {w("split.hers", name="Emma Whitfield"): "And the lamp in the hall flickers"}
        assert await ana.fills({**picked, w("split.note"): inside, w("sort.area"): w("area.lighting")}) == {}
        shown = await ana.sees_modal("And the lamp in the hall flickers")
        assert shown.values[w("split.note")] == inside
        assert await ana.submits() == {}
        await house.quiet()
        own = await emma.sees("1002 · Lighting", anywhere=True)
        assert "And the lamp in the hall flickers" in own.text
        await ana.sees("#service", inside, anywhere=True)
        assert not [b for b in emma.chat if inside in b.text]
        assert [r.story for r in await requests_of(house)][1] == "And the lamp in the hall flickers"


async def test_a_note_stays_inside_and_a_finished_request_is_opened_again(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        card = await reports(house, emma)
        ana = house.team["ana"]
        await does(house, ana, card, "desk.note", {w("note.words"): "The neighbour has a key"})
        assert said(card, "The neighbour has a key")
        await ana.presses(w("team.resolve"), card)
        await ana.sees_modal()
        await ana.fills({w("resolve.words"): "Done"})
        await ana.submits()
        await emma.sees(w("solved.yes"))
        await emma.presses(w("solved.yes"))
        await house.quiet()
        await does(house, ana, card, "desk.reopen")
        assert (await requests_of(house))[0].state is State.REOPENED
        assert not [b for b in emma.chat if "neighbour" in b.text]


async def test_ana_chooses_a_time_for_emma_who_only_taps_yes(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        card = await reports(house, emma)
        ana = house.team["ana"]
        await ana.selects(w("slack.menu"), w("desk.book"), card)
        modal = await ana.sees_modal()
        (choice,) = modal.inputs
        times = [option["text"]["text"] for option in choice.body["options"]]
        assert any(w("price.included") in label for label in times)
        assert await ana.fills({w("book.choice"): times[-1]}) == {}
        asked = await emma.sees(w("book.take"))
        assert "Ana Ruiz" in asked.text
        await house.quiet()
        (held,) = await bookings_of(house)
        assert held.state is BookingState.HELD
        await emma.presses(w("book.take"), on=asked)
        await emma.sees(w("booked.title"), anywhere=True)
        await house.quiet()
        assert (await bookings_of(house))[0].state is BookingState.BOOKED
        assert w("desk.book") not in card.text
        assert len(calendars(emma)) == 1


async def test_who_does_not_want_that_time_says_so_and_somebody_looks_again(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        card = await reports(house, emma)
        ana = house.team["ana"]
        await ana.selects(w("slack.menu"), w("desk.book"), card)
        (choice,) = (await ana.sees_modal()).inputs
        assert await ana.fills({w("book.choice"): choice.body["options"][0]["text"]["text"]}) == {}
        asked = await emma.sees(w("book.decline"))
        await emma.presses(w("book.decline"), on=asked)
        await emma.sees(w("book.declined.told"))
        await house.quiet()
        assert said(card, w("book.declined"))
        assert (await bookings_of(house))[0].state is BookingState.EXPIRED
        await emma.presses(w("book.take"), on=asked)  # changed her mind: it is gone
        await emma.sees(w("refusal.hold_gone"))


async def test_goodwill_is_credited_with_its_reason_and_above_the_limit_by_a_manager(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        card = await reports(house, emma)
        ana, manager = house.team["ana"], house.team["marc"]
        amount = w("goodwill.amount", currency="EUR")
        await ana.selects(w("slack.menu"), w("desk.goodwill"), card)
        await ana.sees_modal()
        much = {amount: "5000", w("goodwill.words"): "We were very late"}
        (told,) = (await ana.fills(much)).values()
        assert "Marc Delcourt" in told
        assert await ana.fills({amount: "-1"}) == {amount: w("goodwill.wrong")}
        await ana.closes()
        await does(house, manager, card, "desk.goodwill", {amount: "25.50", w("goodwill.words"): "We were late"})
        credited = await emma.sees("We were late")
        assert "€25.50" in credited.text
        assert said(card, "We were late")

        def unit(session: Session) -> list[tuple[int, Any]]:
            return [(c.amount_minor, c.words["values"]["why"]) for c in session.scalars(select(Charge))]

        assert await house.in_database(unit) == [(-2550, "We were late")]
