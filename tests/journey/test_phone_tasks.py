"""Who cannot be reached in Telegram is called: nothing we owe him is lost, and nobody is called twice for it."""

from datetime import timedelta
from pathlib import Path

from sandbox.slack.seen import Post
from tests.house import open_house
from tests.journey.ground import arrives_in_english, bookings_of, books, is_done, reports, requests_of, w

TITLE = w("phone.title", name="", phone="")[:11]


def calls(card: Post) -> list[Post]:
    """The phone tasks in the thread."""
    return [post for post in card.thread if w("phone.say") in post.text]


async def test_who_stopped_the_bot_is_called_about_what_we_owe_him(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        james = await arrives_in_english(house, "C008")
        card = await reports(house, james, "The door does not open", "access")
        await books(house, james)
        ana = house.team["ana"]
        await james.blocks()
        await house.quiet()
        await ana.presses(w("team.reply"), card)
        await ana.sees_modal()
        assert await ana.fills({w("reply.words"): "Please leave the gate open"}) == {}
        await ana.submits()
        await house.quiet()
        (call,) = calls(card)
        assert "Please leave the gate open" in call.text
        assert "+" in call.text
        await ana.presses(w("phone.done"), call)
        await house.quiet()
        (call,) = calls(card)
        assert w("phone.told", name="Ana Ruiz", when="").rstrip(" ,") in call.text
        assert w("phone.done") not in call.buttons


async def test_the_reminder_and_the_end_of_a_visit_are_told_by_phone_and_stand_in_the_home(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        james = await arrives_in_english(house, "C008")
        card = await reports(house, james, "The door does not open", "access")
        await books(house, james)
        await house.team["ana"].presses(w("team.take"), card)
        await james.blocks()
        await house.quiet()
        (booking,) = await bookings_of(house)
        assert house.app is not None
        evening = booking.starts_at - timedelta(hours=10) - house.app.clock.now()
        await house.moves_clock(evening.total_seconds())
        await house.quiet()
        assert len(calls(card)) == 1, "the reminder"
        await house.moves_clock(timedelta(hours=11).total_seconds())
        await is_done(house, card)
        await house.quiet()
        said = calls(card)
        assert any("It is done" in post.text for post in said)
        ana = house.team["ana"]
        await ana.opens_home()
        home = await ana.sees_home(w("home.calls"))
        assert home.text.count(w("phone.done")) or home.buttons.count(w("phone.done"))
        assert (await requests_of(house))[0].number == "1001"


async def test_whom_we_can_reach_nobody_calls(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        james = await arrives_in_english(house, "C008")
        card = await reports(house, james, "The door does not open", "access")
        await books(house, james)
        await is_done(house, card)
        await james.sees("It is done", anywhere=True)
        await house.quiet()
        assert calls(card) == []
