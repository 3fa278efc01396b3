"""What the team writes stays with the team, unless it is sent on purpose; what was sent can be followed and mended."""

from pathlib import Path
from typing import Any

from domain.notes import Direction, Note, Sending
from sandbox.slack.seen import Post
from sandbox.telegram.person import Person
from tests.house import SAMPLE, House, open_house
from tests.journey.ground import notes_of, reports, w

SEND = "outbox_tray"
OPEN, CLOSED = "hourglass_flowing_sand", "white_check_mark"


def unhurried(folder: Path, seconds: int = 30) -> str:
    """The sample company's file, where words can be taken back for a while."""
    text = (SAMPLE / "company.toml").read_text()
    file = folder / "unhurried.toml"
    file.write_text(text.replace("undo_seconds = 5", f"undo_seconds = {seconds}"))
    return str(file)


def read_by(person: Person, words: str) -> list[Any]:
    """What stands in his chat with these words."""
    return [bubble for bubble in person.chat if words in bubble.text]


async def begins(house: House) -> tuple[Person, Post]:
    """Emma has reported something; the card in Slack."""
    emma = await house.arrives("en")
    return emma, await reports(house, emma)


async def last_note(house: House) -> Note:
    return (await notes_of(house))[-1]


async def test_what_stands_in_a_thread_reaches_her_with_the_companys_reaction_and_not_before(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card = await begins(house)
        ana, tom = house.team["ana"], house.team["tom"]
        said = await ana.writes_in_thread(card, "We come on Thursday with the new motor")
        await house.quiet()
        await ana.reacts(said, "eyes")
        await house.quiet()
        assert not read_by(emma, "new motor")
        await tom.reacts(said, SEND)
        bubble = await emma.sees("We come on Thursday with the new motor")
        assert bubble.text.startswith("Ana Ruiz")
        await house.quiet()
        assert list(said.reactions) == ["eyes", SEND, CLOSED]
        await ana.reacts(said, SEND)  # a second teammate, or twice: he has it once
        await house.quiet()
        assert len(read_by(emma, "new motor")) == 1
        note = await last_note(house)
        assert (note.direction, note.sending, note.sent_by) == (Direction.TO_HOMEOWNER, Sending.DELIVERED, "tom")
        await emma.types("Thursday is fine")
        await house.quiet()
        assert any("Thursday is fine" in post.text for post in card.thread)


async def test_the_shortcut_sends_too_and_says_so_to_whoever_chose_it(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card = await begins(house)
        ana = house.team["ana"]
        said = await ana.writes_in_thread(card, "Is anybody at home on Monday?")
        await house.quiet()
        assert await ana.message_shortcut("send_to_customer", said)
        await emma.sees("Is anybody at home on Monday?")
        await ana.message_shortcut("send_to_customer", said)
        await ana.sees("#service", w("refusal.sent_already"))
        await house.quiet()
        assert len(read_by(emma, "anybody at home")) == 1
        await emma.types("Yes, at nine")
        hers = await ana.sees("#service", "Yes, at nine", anywhere=True)
        await ana.message_shortcut("send_to_customer", hers)
        await ana.sees("#service", w("refusal.not_your_words"))
        loose = await ana.writes("#service", "Lunch?")
        await ana.message_shortcut("send_to_customer", loose)
        await ana.sees("#service", w("refusal.not_in_a_thread"))
        await emma.sees_nothing(0.3)


async def test_it_can_be_taken_back_for_a_moment_by_button_or_by_taking_the_reaction_off(tmp_path: Path) -> None:
    async with open_house(tmp_path, COMPANY_FILE=unhurried(tmp_path)) as house:
        emma, card = await begins(house)
        ana = house.team["ana"]
        one = await ana.writes_in_thread(card, "This is for Tom")
        two = await ana.writes_in_thread(card, "This too")
        await house.quiet()
        await ana.reacts(one, SEND)
        await house.quiet()
        assert OPEN in one.reactions
        await ana.unreacts(one, SEND)
        await house.quiet()
        assert OPEN not in one.reactions
        await ana.message_shortcut("send_to_customer", two)
        offered = await ana.sees("#service", w("sent.waiting", seconds=30))
        await ana.presses(w("sent.undo"), offered)
        await ana.presses("Reply", card)
        await ana.sees_modal()
        await ana.fills({w("reply.words"): "And this"})
        assert await ana.submits() == {}
        copy = await ana.sees("#service", "And this", anywhere=True)
        await ana.presses(w("sent.undo"), copy)
        await house.quiet()
        assert w("sent.undone") in copy.text
        await house.moves_clock(60)
        assert not [*read_by(emma, "This "), *read_by(emma, "And this")]
        notes = await notes_of(house)
        assert [(n.direction, n.sending) for n in notes[-3:]] == [(Direction.INTERNAL, Sending.UNDONE)] * 3
        await ana.reacts(one, SEND)  # after all
        await house.quiet()
        await house.moves_clock(31)
        await emma.sees("This is for Tom")
        await house.quiet()
        assert CLOSED in one.reactions
        await ana.unreacts(one, SEND)  # too late: he has it
        await house.quiet()
        assert len(read_by(emma, "This is for Tom")) == 1


async def test_what_she_corrects_is_corrected_in_his_chat_and_what_she_deletes_can_be_deleted_there(
    tmp_path: Path,
) -> None:
    async with open_house(tmp_path) as house:
        emma, card = await begins(house)
        ana = house.team["ana"]
        said = await ana.writes_in_thread(card, "We come at tem")
        await house.quiet()
        await ana.edits(said, "We come at ten")  # nobody has it yet
        await house.quiet()
        await ana.reacts(said, SEND)
        bubble = await emma.sees("We come at ten")
        await house.quiet()
        await ana.edits(said, "We come at eleven")
        await house.quiet()
        assert "We come at eleven" in bubble.text
        assert len(read_by(emma, "We come at")) == 1
        await ana.deletes(said)
        told = await ana.sees("#service", w("sent.deleted_here", name="Ana Ruiz"), anywhere=True)
        assert "We come at eleven" in bubble.text, "he still has it"
        await ana.presses(w("sent.withdraw"), told)
        await ana.sees("#service", w("sent.withdrawn"), anywhere=True)
        await house.quiet()
        assert not read_by(emma, "We come at")
        between_us = await ana.writes_in_thread(card, "He is difficult")
        await house.quiet()
        await ana.deletes(between_us)
        await house.quiet()
        assert (await last_note(house)).words == "", "what a teammate deletes for himself is kept nowhere"


async def test_what_is_too_old_to_be_deleted_says_that_it_was_withdrawn(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card = await begins(house)
        ana = house.team["ana"]
        said = await ana.writes_in_thread(card, "We come at ten")
        await house.quiet()
        await ana.reacts(said, SEND)
        bubble = await emma.sees("We come at ten")
        await house.quiet()
        await house.moves_clock(3 * 86_400)  # Telegram deletes within two days
        await ana.deletes(said)
        told = await ana.sees("#service", w("sent.deleted_here", name="Ana Ruiz"), anywhere=True)
        await ana.presses(w("sent.withdraw"), told)
        await ana.sees("#service", w("sent.emptied"), anywhere=True)
        await house.quiet()
        assert not read_by(emma, "We come at")
        assert w("reply.withdrawn") in bubble.text


async def test_a_written_answer_is_corrected_from_its_copy(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card = await begins(house)
        ana = house.team["ana"]
        await ana.presses("Reply", card)
        await ana.sees_modal()
        await ana.fills({w("reply.words"): "The part is odered"})
        await ana.fills({w("reply.again"): "The part is ordered"})  # seen in the preview, and mended there
        bubble = await emma.sees("The part is ordered")
        copy = await ana.sees("#service", w("team.delivered"), anywhere=True)
        await ana.presses(w("sent.correct"), copy)
        await ana.sees_modal()
        await ana.fills({w("reply.words"): "The part is here"})
        await house.quiet()
        assert "The part is here" in bubble.text
        assert "The part is here" in copy.text
        assert w("team.delivered") in copy.text


async def test_a_photo_in_the_thread_is_sent_with_its_words(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card = await begins(house)
        ana = house.team["ana"]
        shown = await ana.uploads(card, "switch.png", PNG, "Please press this switch")
        await house.quiet()
        await emma.sees_nothing(0.3)
        await ana.reacts(shown, SEND)
        await house.quiet()
        assert len(read_by(emma, "Please press this switch")) == 1
        assert [bubble.content for bubble in emma.chat if bubble.media == "photo"] == [PNG]
        assert CLOSED in shown.reactions


async def test_what_cannot_be_delivered_is_marked_with_the_reason(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card = await begins(house)
        ana = house.team["ana"]
        said = await ana.writes_in_thread(card, "Are you there?")
        await house.quiet()
        await emma.blocks()
        await house.quiet()
        await ana.reacts(said, SEND)
        await house.quiet()
        assert "warning" in said.reactions
        assert CLOSED not in said.reactions
        assert any("+447700900107" in post.text for post in card.thread)
        assert (await last_note(house)).sending is Sending.FAILED


async def test_while_ana_talks_the_assistant_is_quiet_until_she_hands_back(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card = await begins(house)
        ana = house.team["ana"]
        said = await ana.writes_in_thread(card, "Which room is it?")
        await house.quiet()
        await ana.reacts(said, SEND)
        await emma.sees("Which room is it?")
        await house.quiet()
        await emma.types("The living room")
        await emma.sees_nothing(0.4)
        await house.quiet()
        assert any("The living room" in post.text for post in card.thread)
        assert w("team.hand_back") in card.buttons
        await ana.presses(w("team.hand_back"), card)
        await emma.sees(w("talk.handed_back"))
        await house.quiet()
        assert w("team.hand_back") not in card.buttons
        await emma.types("Also the bedroom")
        await emma.sees(w("words.new"))


async def test_after_a_long_silence_the_assistant_answers_again(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card = await begins(house)
        ana = house.team["ana"]
        said = await ana.writes_in_thread(card, "I look into it")
        await house.quiet()
        await ana.reacts(said, SEND)
        await emma.sees("I look into it")
        await house.moves_clock(11 * 3600)
        await emma.types("Any news?")
        await emma.sees_nothing(0.4)
        await house.moves_clock(2 * 3600)
        await emma.types("Hello?")
        await emma.sees_nothing(0.4)  # she wrote two hours ago: somebody still listens
        await house.moves_clock(13 * 3600)
        await house.quiet()
        await emma.types("Nobody there?")
        await emma.sees(w("words.new"))


PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001"
    "a5f645400000000049454e44ae426082"
)
