"""The team's desk and what it owes: emergencies, take-overs, forms, strangers in Slack, silence, old buttons."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

from domain.requests import State
from tests.house import open_house, words
from tests.journey.ground import answers, is_done, reports, requests_of, w

DAY = timedelta(days=1).total_seconds()


async def test_the_emergency_button_rings_for_everybody_at_once(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        await emma.sees(w("menu.report"))
        await emma.types("The panel looks strange")
        await emma.sees(w("emergency.button"))
        await emma.presses(w("emergency.button"))
        told = await emma.sees(w("emergency.title"))
        assert "112" in told.text
        assert "+33 4 65 71 01 42" in told.text
        await house.team["tom"].sees("#urgent", w("team.emergency", number="1001"), anywhere=True)
        await house.quiet()
        posts = house.sandbox.slack.posts("#urgent")
        rung = [post for post in posts if "+447700900107" in post.text]
        assert rung
        assert "The panel looks strange" in rung[0].text
        assert any(part.get("type") == "broadcast" for part in parts_of(rung[0].blocks))
        await emma.types("it gets worse")
        await emma.sees(w("words.added", about="1001 · Control"))
        await house.quiet()
        assert any("it gets worse" in post.text for post in house.sandbox.slack.posts("#urgent"))


def parts_of(blocks: list[Any]) -> Iterator[dict[str, Any]]:
    """Every piece of a message."""
    for block in blocks:
        yield block
        yield from parts_of(block.get("elements", []))


async def test_what_is_not_solved_is_opened_again_and_the_team_is_told(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        card = await reports(house, emma)
        await is_done(house, card)
        await emma.sees(w("solved.ask", name="Ana Ruiz"))
        await emma.presses(w("solved.no"))
        await emma.sees(w("solved.not_yet", number="1001"))
        await house.team["tom"].sees("#service", w("team.reopened"), anywhere=True)
        await emma.types("It stops again, a little higher")
        await house.quiet()
        assert w("state.reopened") in card.text
        assert any("a little higher" in post.text for post in card.thread)
        await is_done(house, card, text="Now really")
        await emma.sees("Now really")
        await emma.presses(w("solved.yes"))
        await emma.sees(w("solved.thanks"))
        await emma.presses(w("solved.yes"))  # pressed again, late
        await emma.sees(w("refusal.not_now", number="1001", state=w("state.confirmed")))


async def test_silence_closes_a_solved_request(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        card = await reports(house, emma)
        await is_done(house, card)
        await house.moves_clock(3 * DAY + 60)
        assert w("state.closed") in card.text
        (request,) = await requests_of(house)
        assert request.state is State.CLOSED
        await house.moves_clock(2 * DAY)
        await emma.sees(w("survey.scale"), anywhere=True)


async def test_who_blocks_us_is_called_instead_once_and_is_welcome_back(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        card = await reports(house, emma)
        await emma.blocks()
        told = w("team.blocked", name="Emma Whitfield", phone="+447700900107")
        await house.team["ana"].sees("#service", told)
        await answers(house, card, "Are you there?")
        await answers(house, card, "Hello?")
        posts = house.sandbox.slack.posts("#service")
        assert len([post for post in posts if told in post.text]) == 1
        unreachable = w("team.unreachable", name="Emma Whitfield", phone="+447700900107")
        assert len([post for post in posts if unreachable in post.text]) == 2
        await emma.unblocks()
        await emma.types("Here I am again")
        await emma.sees(w("words.new"))
        await answers(house, card, "Welcome back")
        await emma.sees("Welcome back")


async def test_who_presses_an_old_button_is_told_and_sees_where_he_stands(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        await emma.sees(w("menu.report"))
        await emma.presses(w("menu.report"))
        old = await emma.sees(w("report.area.ask"))
        await emma.presses(w("area.shades"))
        await emma.sees(w("area.shades"))
        press = await emma.presses(w("area.audio"), on=old)
        assert press.notice == w("press.old")
        await emma.sees(w("report.story.ask", area=w("area.shades")))
        await emma.types("/cancel")
        await emma.sees(w("cancel.done"))
        press = await emma.presses(w("area.audio"), on=old)
        assert press.notice == w("press.old")
        await emma.sees(w("menu.ask"))


async def test_somebody_elses_button_does_nothing(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, marta = await house.arrives("en"), await house.arrives("it")
        card = await reports(house, emma)
        await marta.sees(words("it", "menu.report"))
        own = await emma.sees(w("request.cancel"), anywhere=True)
        button = next(b for row in own.buttons for b in row if b.label == w("request.cancel"))
        greeting = next(b for b in reversed(marta.chat) if b.from_bot)
        press = await marta.presses_button(button, on=greeting)  # the very token, out of her own chat
        assert press.notice == words("it", "press.unknown")
        await marta.sees(words("it", "menu.ask"))
        await house.quiet()
        assert w("state.open") in card.text


async def test_who_is_not_in_the_company_file_can_do_nothing_in_slack(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        slack = house.sandbox.slack
        guest = slack.user("Gil Guest", id="U0GUEST", is_guest=True)
        other = slack.user("Otto Other", id="U0OTHER")
        foreign = slack.user("Fay Foreign", id="U0FOREIGN", team_id="T0FOREIGN")
        emma = await house.arrives("en")
        card = await reports(house, emma)
        await house.quiet()
        before = card.text
        for person in (guest, other, foreign):
            slack.join(slack.space.channels["C0SERVICE"], person.id)
            await person.presses("Take it", card)
            await person.presses("Reply", card)
            await person.writes_in_thread(card, f"{person.name} was here")
            await person.commands("/satisfaction", channel="#service")
            await house.quiet()
            assert person.modal is None
        assert any(w("refusal.team_only") in post.text for post in other.ephemerals)
        assert any(w("refusal.team_only") in post.text for post in guest.ephemerals)
        assert card.text == before
        (request,) = await requests_of(house)
        assert request.assignee is None
        assert not [b for b in emma.chat if "was here" in b.text]


async def test_a_form_says_what_is_wrong_and_keeps_what_was_written(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        ana = house.team["ana"]
        emma = await house.arrives("en")
        card = await reports(house, emma)
        await ana.presses("Solved…", card)
        await ana.sees_modal("1001")
        for minutes in ("-5", "1.5", "1441", "an hour"):
            errors = await ana.fills({w("resolve.words"): "New fuse", w("resolve.minutes"): minutes})
            assert list(errors) == [w("resolve.minutes")], minutes
        assert ana.modal is not None
        assert await ana.fills({w("resolve.minutes"): "90"}) == {}
        assert await ana.submits() == {}
        await ana.sees_no_modal()
        await emma.sees("New fuse")
        await ana.presses("Reply", card)
        await ana.sees_modal("1001")
        assert list(await ana.fills({w("reply.words"): " \n "})) == [w("reply.words")]


async def test_a_request_can_be_taken_over_and_a_second_press_is_no_news(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        ana, tom = house.team["ana"], house.team["tom"]
        emma = await house.arrives("en")
        card = await reports(house, emma)
        await ana.presses("Take it", card)
        await emma.sees(w("claimed.by", name="Ana Ruiz", about="1001 · Shades"))
        await house.quiet()
        assert "Ana Ruiz" in card.text
        emma.looks_away()
        await ana.presses("Take it over", card)
        await house.quiet()
        assert [b for b in emma.news() if "Ana Ruiz is" in b.text] == []
        await tom.presses("Take it over", card)
        await emma.sees(w("claimed.by", name="Tom Keller", about="1001 · Shades"))
        await house.quiet()
        assert "Tom Keller" in card.text
        assert "Ana Ruiz" not in card.text


async def test_a_button_of_the_team_that_is_too_late_is_answered(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        ana = house.team["ana"]
        emma = await house.arrives("en")
        card = await reports(house, emma)
        take = next(e for e in card.elements if e.label == "Take it")
        await is_done(house, card, by="tom")
        await ana.uses(take, None, card)
        await house.quiet()
        late = w("refusal.not_now", number="1001", state=w("state.resolved"))
        old = w("refusal.old_button")
        assert any(late in post.text or old in post.text for post in ana.ephemerals)


async def test_asking_for_a_human_again_and_again_is_heard_each_time(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        menu = await emma.sees(w("menu.human"))
        for _ in range(3):
            await emma.presses(w("menu.human"), on=menu)
            await emma.sees(w("human.coming", number="1001"))
        await house.quiet()
        assert house.app is not None
        assert house.app.desk.failed == 0
        assert len(await requests_of(house)) == 1


async def test_words_about_the_survey_are_not_asked_for_twice(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        card = await reports(house, emma)
        await is_done(house, card)
        await emma.presses(w("solved.yes"))
        await emma.sees(w("solved.thanks"))
        await house.moves_clock(DAY + 6 * 3600)
        await emma.sees(w("survey.scale"))
        await emma.presses("5")
        thanks = await emma.sees(w("survey.words"))
        old = next(button for row in thanks.buttons for button in row if button.label == w("survey.words"))
        await emma.presses(w("survey.words"))
        await emma.types("Lovely work")
        await emma.sees(w("survey.kept"))
        await emma.presses_button(old, on=thanks)
        await emma.sees(w("refusal.survey_over"))
        await emma.types("By the way: the hall is dark")
        question = await emma.sees(w("report.send"))
        assert "the hall is dark" in question.text


async def test_the_card_knows_what_was_reported_before_about_the_same(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        first = await reports(house, emma)
        assert w("team.before") not in first.text
        await is_done(house, first)
        await emma.presses(w("solved.yes"))
        await emma.sees(w("solved.thanks"))
        await emma.types("/report")
        second = await reports(house, emma, "They stop again, higher up")
        assert f"{w('team.before')}: 1001" in second.text.replace("*", "")
        assert w("state.confirmed") in second.text
