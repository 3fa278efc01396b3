"""What homeowners do when nobody asked for it: commands, additions, edits, files, secrets, and strange letters."""

import json
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.inbox import inbox
from domain.requests import State
from tests.house import House, open_house, words
from tests.journey.ground import STORY, answers, notes_of, reports, requests_of, w


async def test_commands_are_answered_in_the_middle_of_anything(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        await emma.sees(w("menu.report"))
        await emma.presses(w("menu.report"))
        await emma.sees(w("report.area.ask"))
        await emma.presses(w("area.shades"))
        await emma.types(STORY)
        await emma.sees(w("report.send"))
        for command, seen in (
            ("/contract", w("contract.title", plan="Signature", home="Villa Belvedere")),
            ("/help", w("help.title")),
            ("/language", w("language.ask")),
            ("/human", w("human.title")),
        ):
            await emma.types(command)
            await emma.sees(seen)
        await emma.types("/help")
        question = await emma.sees(w("report.send"))  # the question that stands is put again
        assert STORY in question.text
        await emma.types("/cancel")
        await emma.sees(w("cancel.done"))
        await emma.types("/cancel")
        await emma.sees(w("cancel.which"))  # the message to the team is still there
        assert set(emma.commands()) >= {"report", "contract", "human", "language", "cancel", "help"}


async def test_leaving_the_offer_says_that_the_request_is_logged(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        await reports(house, emma)
        await emma.types("/cancel")
        await emma.sees(w("cancel.left", about="1001 · Shades"))
        (request,) = await requests_of(house)
        assert request.state is State.OPEN


async def test_another_language_changes_the_buttons_and_the_card(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        await reports(house, emma)
        card = await emma.sees(w("request.status"), anywhere=True)
        await emma.types("/language")
        await emma.sees(w("language.ask"))
        await emma.presses("Français")
        await emma.sees(words("fr", "solve.way.ask"))  # the question that stood, in the new language
        await house.quiet()
        assert words("fr", "state.open") in card.text
        assert words("fr", "request.book") in card.labels
        await emma.types("/menu")
        await emma.sees(words("fr", "menu.report"))
        await answers(house, house.sandbox.slack.posts("#service")[1], "Bonjour")
        await emma.sees(words("fr", "reply.how"))


async def test_words_are_added_to_what_is_open_and_what_is_new_makes_a_second_request(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        card = await reports(house, emma)
        await emma.types("/cancel")
        await emma.sees(w("cancel.left", about="1001 · Shades"))
        await emma.types("Only the left one")
        await emma.sees(w("words.added", about="1001 · Shades"))
        await emma.sends_photo("The gate camera is dark")
        await emma.sees(w("words.new"))
        await emma.presses(w("words.new"))
        await emma.sees(w("report.area.ask"))
        await emma.presses(w("area.security"))
        await emma.sees(w("report.send"))
        await emma.presses(w("report.send"))
        await emma.sees(w("solve.leave"))
        await house.quiet()
        assert any("Only the left one" in post.text for post in card.thread)
        assert [r.area.value for r in await requests_of(house)] == ["shades", "security"]
        second = await house.team["ana"].sees("#service", "1002 · Security", anywhere=True)
        assert [file for post in second.thread for file in post.files]


async def test_what_is_new_does_not_wipe_what_is_being_written(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        await reports(house, emma)
        await emma.types("/cancel")
        await emma.types("And the doorbell is mute")
        await emma.sees(w("words.new"))
        await emma.types("/report the hall light flickers")
        await emma.sees("the hall light flickers")
        await emma.presses(w("words.new"))
        question = await emma.sees("the hall light flickers")
        assert "And the doorbell is mute" in question.text


async def test_an_edited_message_reaches_the_team_wherever_it_was_said(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        await emma.sees(w("menu.report"))
        await emma.presses(w("menu.report"))
        await emma.sees(w("report.area.ask"))
        await emma.types("The shades stop")
        await emma.sees("The shades stop")
        second = await emma.types("on the east side")
        await emma.sees("on the east side")
        await emma.edits(second, "on the west side")
        asked = await emma.sees("on the west side")
        assert "The shades stop" in asked.text
        assert "east" not in asked.text
        await emma.presses(w("area.shades"))
        await emma.sees(w("report.send"))
        await emma.presses(w("report.send"))
        await emma.sees(w("solve.leave"))
        card = await house.team["ana"].sees("#service", "on the west side", anywhere=True)
        await emma.edits(second, "on the north side")  # after it was sent
        added = await emma.types("since Monday")
        await emma.sees(w("words.new"))
        await emma.edits(added, "since Sunday")
        await house.quiet()
        said = "\n".join(post.text for post in card.thread)
        assert "✏️ on the north side" in said
        assert "✏️ since Sunday" in said


async def test_whatever_is_sent_reaches_the_thread(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        card = await reports(house, emma)
        await emma.sends_voice()
        await emma.sees(w("words.new"))
        await emma.sends_video("it hums")
        await emma.sees(w("words.new"))
        await emma.sends_document("invoice.pdf", b"%PDF-1.4 tiny", mime="application/pdf")
        await emma.sees(w("words.new"))
        await emma.shares_location(43.7047, 7.3087)
        await emma.sees(w("words.added", about="1001 · Shades"))
        await emma.shares_contact("+33612345678", None, name="My plumber")
        await emma.sees(w("words.added", about="1001 · Shades"))
        await house.quiet()
        said = "\n".join(post.text for post in card.thread)
        for wanted in (
            w("team.sent.voice", name="Emma Whitfield"),
            w("team.sent.video", name="Emma Whitfield"),
            w("team.sent.document", name="Emma Whitfield"),
            "it hums",
            "invoice.pdf",
            "43.70470, 7.30870",
            "My plumber",
            "+33612345678",
        ):
            assert wanted in said
        assert len([file for post in card.thread for file in post.files]) == 3


async def test_a_secret_is_hidden_everywhere_and_taken_out_of_the_chat(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        card = await reports(house, emma)
        told = await emma.types("my alarm code is 4521, the wifi password: sunflower88")
        await emma.sees(w("secret.removed"))
        await emma.sees_gone(told)
        photo = (await emma.sends_photo("PIN: 9944"))[0]
        await emma.sees_gone(photo)
        own = await emma.types("nothing secret here")
        await emma.edits(own, "ok, the door code is 7713")
        await emma.sees_gone(own)
        await house.quiet()
        everything = await everything_of(house)
        shown = "\n".join(post.text + post.fallback for post in house.sandbox.slack.posts("#service"))
        for secret in ("4521", "sunflower88", "9944", "7713"):
            assert secret not in everything
            assert secret not in shown
        assert "my alarm code is ••••" in shown
        assert card.thread


async def everything_of(house: House) -> str:
    """All that was written down: what came in, what was said, what was kept."""

    def unit(session: Session) -> str:
        rows = session.execute(select(inbox.c.payload)).scalars().all()
        return json.dumps(list(rows), ensure_ascii=False)

    notes = "\n".join(note.words for note in await notes_of(house))
    stories = "\n".join(request.story for request in await requests_of(house))
    return f"{await house.in_database(unit)}\n{notes}\n{stories}"


LETTERS = {
    "right to left": "الستائر لا تعمل \u202eabc\u202c שלום",
    "emoji": "👩‍👩‍👧‍👦 the 🏳️‍🌈 lamp 🇫🇷 👍🏽 e\u0301",
    "nothing to see": "a\u200bb\u200dc\ufeffd",
    "markup": '<script>alert("1")</script> <b>bold</b> *star* _under_ `code` ~x~',
    "escaped": "&lt;b&gt; &amp; < > & &nbsp; &#60;",
    "mentions": "<!channel> <!here> <@U0ANA> <#C0SERVICE> @here @channel <https://example.com|click>",
    "blanks": "{name} {number} %s %(x)s {0}",
}


@pytest.mark.parametrize("text", LETTERS.values(), ids=LETTERS.keys())
async def test_words_are_shown_as_they_were_written_on_both_sides(tmp_path: Path, text: str) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        card = await reports(house, emma, text)
        assert seen(text) in seen(card.text)
        assert any(seen(text) in seen(bubble.text) for bubble in emma.chat if bubble.from_bot)
        await answers(house, card, text)
        await house.quiet()
        reply = [b for b in emma.chat if b.from_bot and w("reply.how") in b.text][-1]
        assert seen(text) in seen(reply.text)
        copies = [post.text for post in card.thread if w("team.replied", name="Ana Ruiz") in post.text]
        assert seen(text) in seen(copies[-1])


def seen(text: str) -> str:
    """What can be seen of a text: marks of direction and of no width are nobody's words."""
    return "".join(c for c in text if c not in "\u200b\u202e\u202c\ufeff")


async def test_the_longest_message_arrives_whole(tmp_path: Path) -> None:
    long = " ".join(f"word{n}" for n in range(700))[:4096].strip()
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        card = await reports(house, emma)
        await emma.types(long)
        await emma.sees(w("words.new"))
        await house.quiet()
        assert any(long in " ".join(post.text.split()) for post in card.thread)
        await emma.types("/report")
        await emma.types(long)
        await emma.sees(w("report.area.ask"))
        await house.quiet()
        shown = " ".join(" ".join(b.text for b in emma.chat if b.from_bot).split())
        assert "word0 word1" in shown
        assert long.split()[-1] in shown


async def test_a_message_that_comes_again_under_a_new_number_is_kept_once(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        await reports(house, emma)
        await emma.types("/cancel")
        await emma.sees(w("cancel.left", about="1001 · Shades"))
        await emma.types("It also squeaks")
        await emma.sees(w("words.new"))

        def came(session: Session) -> dict[str, object]:
            rows = session.scalars(select(inbox.c.payload).where(inbox.c.source == "telegram").order_by(inbox.c.id))
            found: dict[str, object] = next(p for p in rows if p.get("message", {}).get("text") == "It also squeaks")
            return found

        again = await house.in_database(came)
        house.sandbox.telegram.inject(again | {"update_id": int(str(again["update_id"])) + 1000})
        await emma.sees(w("words.new"))
        await house.quiet()
        assert house.app is not None
        assert house.app.desk.failed == 0
        assert [note.words for note in await notes_of(house)].count("It also squeaks") == 1
