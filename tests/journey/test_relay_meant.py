"""What she answers to a teammate belongs to the request it was about, and what he sends is what one reads."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.notes import Note
from tests.house import open_house
from tests.journey.ground import answers, is_done, reports, w
from tests.journey.test_relay import SEND, begins, last_note, read_by


async def test_her_reply_to_anas_words_goes_to_the_request_they_were_about(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, first = await begins(house)
        await answers(house, first, "Is the red lamp on?")
        asked = await emma.sees("Is the red lamp on?")
        second = await reports(house, emma, "The music stops", "audio")
        await answers(house, second, "Which room is it?", by="tom")
        await emma.sees("Which room is it?")
        await emma.types("Yes it is", reply_to=asked)
        await house.quiet()
        assert any("Yes it is" in post.text for post in first.thread)
        assert not any("Yes it is" in post.text for post in second.thread)
        await emma.types("The kitchen")
        await house.quiet()
        assert any("The kitchen" in post.text for post in second.thread)


async def test_her_reply_is_no_part_of_a_report_she_is_writing_nor_lost_when_it_was_solved(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, first = await begins(house)
        await answers(house, first, "Is the red lamp on?")
        asked = await emma.sees("Is the red lamp on?")
        await emma.types("/start")
        await emma.sees(w("menu.report"))
        await emma.presses(w("menu.report"))
        await emma.sees(w("report.area.ask"))
        await emma.presses(w("area.audio"))
        await emma.sees(w("report.story.ask", area=w("area.audio")))
        await emma.types("Only in the morning", reply_to=asked)
        await house.quiet()
        assert any("Only in the morning" in post.text for post in first.thread)
        await is_done(house, first)
        await emma.presses(w("solved.yes"), timeout=5)
        await house.quiet()
        await emma.types("It was the fuse", reply_to=asked)
        await house.quiet()
        assert any("It was the fuse" in post.text for post in first.thread)


async def test_what_is_too_long_to_be_corrected_later_is_not_sent_by_reaction_shortcut_or_form(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card = await begins(house)
        ana, refused = house.team["ana"], w("refusal.too_long_to_send", most=3000)
        long = await ana.writes_in_thread(card, "The whole story. " * 240)
        await house.quiet()
        await ana.reacts(long, SEND)
        await ana.sees("#service", refused)
        await ana.message_shortcut("send_to_customer", long)
        await house.quiet()
        assert len([post for post in ana.ephemerals if refused in post.text]) == 2
        await ana.presses(w("team.reply"), card)
        await ana.sees_modal()
        smiles = {w("reply.words"): "😀" * 1600}
        assert await ana.fills(smiles) == {w("reply.words"): refused}
        await ana.closes()
        assert not read_by(emma, "The whole story")
        short = await ana.writes_in_thread(card, "The short story")
        await house.quiet()
        await ana.reacts(short, SEND)
        bubble = await emma.sees("The short story")
        await ana.edits(short, "The long story. " * 240)
        await ana.sees("#service", refused, anywhere=True)
        await house.quiet()
        assert len([post for post in ana.ephemerals if refused in post.text]) == 3
        await ana.edits(short, "The shorter story, " + "a" * 2900)
        await house.quiet()
        assert "The shorter story" in bubble.text, "it fits, with her name, and is corrected in place"


async def test_the_shortcut_sends_what_is_read_not_what_we_had_stored(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card = await begins(house)
        ana = house.team["ana"]
        said = await ana.writes_in_thread(card, "We come on Tuesday")
        await house.quiet()

        def stale(session: Session) -> None:
            note = session.scalars(select(Note).order_by(Note.id.desc())).first()
            assert note is not None
            note.words = "We come on Monday"  # the news of her correction has not arrived

        await house.in_database(stale)
        await ana.message_shortcut("send_to_customer", said)
        await emma.sees("We come on Tuesday")
        await house.quiet()
        assert not read_by(emma, "Monday")
        assert (await last_note(house)).words == "We come on Tuesday"


async def test_what_he_answers_in_the_bots_direct_messages_is_not_lost_silently(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card = await begins(house)
        tom = house.team["tom"]
        await tom.writes_to_bot("Tell her I come at nine")
        await house.quiet()
        told = [post for post in tom.posts() if w("direct.nobody_reads") in post.text]
        assert [post.channel[:1] for post in told] == ["D"]
        assert not read_by(emma, "at nine")
        assert not any("at nine" in post.text for post in card.thread)
        before = len(card.thread)
        await tom.writes_in_thread(card, "I come at nine")
        await house.quiet()
        assert len(card.thread) == before + 1, "in a thread it says nothing of the kind"
        assert len([post for post in tom.posts() if w("direct.nobody_reads") in post.text]) == 1
