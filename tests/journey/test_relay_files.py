"""Photos and files that a teammate puts into a form: seen by name first, then each is in the homeowner's chat, once."""

from pathlib import Path
from typing import Any

from domain.notes import Sending
from domain.requests import State
from sandbox.slack.person import Person as Mate
from sandbox.slack.seen import Post
from sandbox.telegram.person import Person
from tests.house import open_house
from tests.journey.ground import notes_of, requests_of, w
from tests.journey.test_deeds import said
from tests.journey.test_relay import PNG, begins, unhurried

FILES, PHOTOS = w("reply.files"), w("resolve.photos")


def files_of(person: Person) -> list[tuple[str | None, bytes | None]]:
    """What he has besides words."""
    return [(bubble.file_name, bubble.content) for bubble in person.chat if bubble.media]


async def is_replying(ana: Mate, card: Post) -> None:
    await ana.presses("Reply", card)
    await ana.sees_modal()


async def test_what_she_attaches_goes_with_her_words_after_the_preview_each_file_once(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card = await begins(house)
        ana = house.team["ana"]
        await is_replying(ana, card)
        both = [("switch.png", PNG), ("Manual.pdf", b"%PDF-1.4 how to")]
        assert await ana.fills({w("reply.words"): "This is the switch", FILES: both}) == {}
        preview = await ana.sees_modal(w("reply.again"))
        assert "switch.png, Manual.pdf" in preview.text
        await emma.sees_nothing(0.3)
        assert files_of(emma) == [], "nothing leaves before she has seen it"
        assert await ana.submits() == {}
        await emma.sees("This is the switch", anywhere=True)
        await house.quiet()
        assert [content for _, content in files_of(emma)] == [PNG, b"%PDF-1.4 how to"]
        assert files_of(emma)[1][0] == "Manual.pdf"
        (copy,) = [post for post in card.thread if "This is the switch" in post.text]
        assert w("team.delivered") in copy.text
        there = [file.name for post in card.thread for file in post.files]
        assert there == ["switch.png", "Manual.pdf"], "the team sees what he got"
        assert w("sent.withdraw") not in copy.buttons, "a file cannot be taken out of his chat"


async def test_a_file_alone_is_an_answer_and_left_preview_sends_nothing(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card = await begins(house)
        ana = house.team["ana"]
        await is_replying(ana, card)
        assert await ana.fills({FILES: ("switch.png", PNG)}) == {}
        await ana.sees_modal(w("reply.again"))
        await ana.closes(whole=True)
        await house.quiet()
        assert files_of(emma) == []
        assert await notes_of(house) == []
        await is_replying(ana, card)
        assert await ana.fills({FILES: ("switch.png", PNG)}) == {}
        assert await ana.submits() == {}
        await emma.sees("Ana Ruiz", anywhere=True)
        await house.quiet()
        assert [content for _, content in files_of(emma)] == [PNG]


async def test_taken_back_in_time_neither_words_nor_files_leave(tmp_path: Path) -> None:
    async with open_house(tmp_path, COMPANY_FILE=unhurried(tmp_path)) as house:
        emma, card = await begins(house)
        ana = house.team["ana"]
        await is_replying(ana, card)
        two = [("one.png", PNG), ("two.png", PNG + b"2")]
        await ana.fills({w("reply.words"): "Not this one", FILES: two})
        assert await ana.submits() == {}
        copy = await ana.sees("#service", "Not this one", anywhere=True)
        await ana.presses(w("sent.undo"), copy)
        await house.quiet()
        await house.moves_clock(60)
        assert files_of(emma) == []
        assert w("sent.undone") in copy.text
        await is_replying(ana, card)
        await ana.fills({w("reply.words"): "But this one", FILES: two})
        assert await ana.submits() == {}
        await house.quiet()
        await house.moves_clock(31)
        await emma.sees("But this one", anywhere=True)
        await house.quiet()
        assert [content for _, content in files_of(emma)] == [PNG, PNG + b"2"]
        names = [file.name for post in card.thread for file in post.files]
        assert names == ["one.png", "two.png"] * 2, "the copy shows them once, although it changes"


async def test_a_program_a_file_too_large_and_too_many_are_refused_at_the_field(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card = await begins(house)
        ana = house.team["ana"]
        await is_replying(ana, card)
        for name in ("setup.exe", "page.html", "drawing.svg", "nameless"):
            assert await ana.fills({FILES: (name, b"MZ")}) == {FILES: w("files.not_these", name=name)}
        large = ("film.mp4", bytes(10 * 1024 * 1024 + 1))
        assert list(await ana.fills({FILES: large})) == [FILES]  # Slack's own word: it takes no more
        assert await ana.fills({FILES: ("film.mp4", b"film"), w("reply.words"): "Look"}) == {}
        await ana.closes(whole=True)
        await is_replying(ana, card)
        assert list(await ana.fills({FILES: [(f"{n}.png", PNG) for n in range(6)]})) == [FILES]
        await ana.closes()
        assert files_of(emma) == []


async def test_what_slack_lets_through_is_looked_at_once_more(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card = await begins(house)
        ana = house.team["ana"]
        await is_replying(ana, card)
        assert ana.modal is not None

        async def sends(*files: dict[str, Any]) -> dict[str, str]:
            """Past Slack's own client, which is no guard."""
            assert ana.modal is not None
            place = next(e for e in ana.modal.inputs if e.kind == "file_input")
            whole = [{"id": f"F{n}", "mimetype": "image/png", "size": 10, **file} for n, file in enumerate(files)]
            ana.modal.view.values[place.block_id][place.action_id]["files"] = whole
            return await ana.interactions.submit(ana.user, ana.modal.view)

        many = [{"name": f"{n}.png"} for n in range(6)]
        assert await sends(*many) == {"files": w("files.too_many", most=5)}
        large = {"name": "a.png", "size": 10 * 1024 * 1024 + 1}
        assert await sends(large) == {"files": w("files.too_large", name="a.png", megabytes=10)}
        program = {"name": "photo.png", "mimetype": "application/x-msdownload"}
        assert await sends(program) == {"files": w("files.not_these", name="photo.png")}
        await house.quiet()
        assert files_of(emma) == []


async def test_solved_with_a_photo_he_has_it_before_the_question(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card = await begins(house)
        ana = house.team["ana"]
        await ana.presses(w("team.resolve"), card)
        await ana.sees_modal()
        done = {w("resolve.words"): "New motor", w("resolve.cause"): w("cause.defect")}
        assert list(await ana.fills({**done, PHOTOS: ("report.pdf", b"%PDF-1.4")})) == [PHOTOS]
        assert await ana.fills({PHOTOS: [("before.png", PNG), ("after.png", PNG + b"2")]}) == {}
        preview = await ana.sees_modal(w("reply.again"))
        assert "before.png, after.png" in preview.text
        assert files_of(emma) == []
        assert await ana.submits() == {}
        asked = await emma.sees(w("solved.ask", name="Ana Ruiz"))
        await house.quiet()
        assert "New motor" in asked.text
        assert [content for _, content in files_of(emma)] == [PNG, PNG + b"2"]
        assert emma.chat.index(asked) > max(n for n, bubble in enumerate(emma.chat) if bubble.media)
        (request,) = await requests_of(house)
        assert (request.state, request.cause, request.talks) == (State.RESOLVED, "defect", None)
        (note,) = await notes_of(house)
        assert (len(note.files), note.sending) == (2, Sending.DELIVERED)
        assert said(card, w("team.delivered"))


async def test_no_photo_is_sent_that_is_none(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card = await begins(house)
        ana = house.team["ana"]
        await ana.presses(w("team.resolve"), card)
        modal = await ana.sees_modal()
        await ana.fills({w("resolve.words"): "New motor"}, submit=False)
        place = next(e for e in modal.inputs if e.kind == "file_input")
        film = {"id": "F1", "name": "film.jpg", "mimetype": "video/mp4", "size": 10}
        modal.view.values[place.block_id][place.action_id]["files"] = [film]
        wrong = await ana.interactions.submit(ana.user, modal.view)
        assert wrong == {"files": w("files.no_photo", name="film.jpg")}
        assert (await requests_of(house))[0].running
        assert files_of(emma) == []


async def test_a_file_that_is_gone_is_told_and_the_words_arrive(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card = await begins(house)
        ana = house.team["ana"]
        await is_replying(ana, card)
        two = [("gone.png", PNG), ("there.png", PNG + b"2")]
        await ana.fills({w("reply.words"): "Two pictures", FILES: two})
        gone = next(f for f in house.sandbox.slack.space.files.values() if f.name == "gone.png")
        gone.content = None  # deleted in Slack meanwhile
        assert await ana.submits() == {}
        await emma.sees("Two pictures", anywhere=True)
        await house.quiet()
        assert [content for _, content in files_of(emma)] == [PNG + b"2"]
        assert (await notes_of(house))[0].sending is Sending.FAILED
        assert any(w("slack.file.missing", name="gone.png") in post.text for post in card.thread)
