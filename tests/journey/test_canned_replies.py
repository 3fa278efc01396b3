"""Canned replies: chosen with a reply, filled in, seen before they leave; made, changed and retired by whoever may."""

from pathlib import Path

from domain.requests import State
from locales.phrasebook import say
from locales.text import t
from sandbox.slack.person import Person as Mate
from sandbox.slack.seen import Modal
from tests.house import House, open_house, words
from tests.journey.ground import arrives_in_english, books, notes_of, reports, requests_of, w
from tests.journey.test_deeds import said

LOOKING, PHOTO, VISIT = "We are looking into it", "Please send a photo", "Your appointment"
ENGLISH, ITALIAN = (say(t("replies.words", language=t(f"language.{spoken}")), "en") for spoken in ("en", "it"))


async def opens_page(house: House, mate: Mate, rest: str = "") -> Modal:
    """The page of the canned replies."""
    await mate.commands("/aftercare", f"replies {rest}".strip(), channel="#service")
    return await mate.sees_modal(w("replies.title"))


async def makes(house: House, mate: Mate, filled: dict[str, str]) -> dict[str, str]:
    """A new one, from the page; what is wrong with it, if anything is."""
    await mate.presses(w("replies.new"))
    await mate.sees_modal(w("replies.title.new"))
    wrong = await mate.fills(filled)
    await house.quiet()
    return wrong


async def test_a_canned_reply_is_read_in_his_language_with_its_blanks_filled_in(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        marta = await house.arrives("it")
        card = await reports(house, marta, "La tapparella non scende", say=lambda *a, **k: words("it", *a, **k))
        ana = house.team["ana"]
        await ana.presses("Reply", card)
        modal = await ana.sees_modal()
        assert modal.labels[0] == w("canned.choose")
        assert await ana.fills({w("canned.choose"): LOOKING}) == {}
        preview = await ana.sees_modal(w("reply.again"))
        ready = "Buongiorno Marta, grazie del messaggio. Ana Ruiz se ne occupa e Le scriverà [entro quando]."
        assert preview.values[w("reply.again")] == ready
        assert w("canned.left", blanks="[entro quando]") in preview.text
        still = w("canned.still_open", blanks="[entro quando]")
        assert await ana.submits() == {w("reply.again"): still}, "nobody reads a blank"
        await marta.sees_nothing(0.3)
        assert await ana.fills({w("reply.again"): ready.replace("[entro quando]", "entro domani [mattina]")}) == {}
        await marta.sees("entro domani [mattina].")
        await house.quiet()
        assert [note.words for note in await notes_of(house)] == [
            ready.replace("[entro quando]", "entro domani [mattina]")
        ]


async def test_what_there_is_nothing_for_is_left_to_a_person(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        james = await arrives_in_english(house, "C008")
        card = await reports(house, james, "The door does not open", "access")
        ana = house.team["ana"]
        await ana.presses("Reply", card)
        await ana.sees_modal()
        more = {w("canned.choose"): VISIT, w("reply.words"): "Please leave the gate open."}
        assert await ana.fills(more) == {}
        preview = await ana.sees_modal(w("reply.again"))
        assert f"[{w('blank.appointment')}]" in preview.values[w("reply.again")]
        assert preview.values[w("reply.again")].endswith("beforehand?\n\nPlease leave the gate open.")
        await ana.closes(whole=True)
        await books(house, james)
        await ana.presses("Reply", card)
        await ana.sees_modal()
        assert await ana.fills(more) == {}
        preview = await ana.sees_modal(w("reply.again"))
        assert "[" not in preview.values[w("reply.again")]
        assert await ana.submits() == {}
        await james.sees("Please leave the gate open.")


async def test_neither_words_nor_a_canned_reply_is_no_answer_and_both_may_be_too_long(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        card = await reports(house, emma)
        ana = house.team["ana"]
        await ana.presses("Reply", card)
        await ana.sees_modal()
        assert await ana.fills({w("reply.words"): " "}) == {w("reply.words"): w("form.words_missing")}
        long = {w("canned.choose"): LOOKING, w("reply.words"): "x" * 2990}
        assert await ana.fills(long) == {w("reply.words"): w("canned.too_long", most=3000)}


async def test_solved_with_a_canned_reply_its_cause_and_what_he_will_read(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        card = await reports(house, emma)
        ana = house.team["ana"]
        await ana.presses(w("team.resolve"), card)
        await ana.sees_modal()
        done = {w("canned.choose"): "What we did", w("resolve.cause"): w("cause.wear"), w("resolve.minutes"): "25"}
        assert await ana.fills(done) == {}
        preview = await ana.sees_modal(w("reply.again"))
        assert w("solved.ask", name="Ana Ruiz") in preview.text
        assert w("canned.still_open", blanks="[what was done]") in (await ana.submits()).values()
        await emma.sees_nothing(0.3)
        fine = preview.values[w("reply.again")].replace("[what was done]", "changed the motor")
        assert await ana.fills({w("reply.again"): fine}) == {}
        await emma.sees("We have changed the motor and tried it out together with you.")
        await house.quiet()
        (request,) = await requests_of(house)
        assert (request.state, request.cause, request.minutes_spent) == (State.RESOLVED, "wear", 25)
        assert w("cause.wear") in card.text
        assert not any(w("cause.wear") in bubble.text for bubble in emma.chat)
        await ana.commands("/aftercare", "find whitfield", channel="#service")
        await house.quiet()
        await ana.presses(ana.ephemerals[-1].buttons[0], ana.ephemerals[-1])
        page = await ana.sees_modal(w("customer.title"))
        assert w("cause.wear") in page.text


async def test_managers_change_the_teams_and_everybody_his_own_and_the_page_says_who_did_what(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        card = await reports(house, emma)
        ana, marc = house.team["ana"], house.team["marc"]
        await opens_page(house, ana)
        assert ana.modal is not None
        assert [e.label for e in ana.modal.elements if e.kind == "overflow"] == [], "the team's are not hers to change"
        filled = {w("replies.name"): "My goodbye", ENGLISH: "Goodbye {name}, yours {teammate}"}
        assert await makes(house, ana, filled) == {}
        mine = await ana.sees_modal("My goodbye")
        assert w("replies.log.made", name="Ana Ruiz", reply="My goodbye") in mine.text
        assert mine.stack == [w("replies.title")], "the form is gone, the page beneath shows it"
        await ana.closes()
        await opens_page(house, marc)
        assert marc.modal is not None
        assert "My goodbye" not in marc.modal.text
        unknown = await makes(house, marc, {w("replies.name"): "Ring us", ENGLISH: "Ring {phone}"})
        known = "{name}, {number}, {home}, {teammate}, {appointment}, {company}"
        assert unknown == {ENGLISH: w("refusal.unknown_blank", blank="{phone}", known=known)}
        assert await marc.fills({w("replies.name"): "Ring us", ENGLISH: "Ring us, {name}", ITALIAN: "Chiami"}) == {}
        await marc.sees_modal(w("replies.log.made", name="Marc Delcourt", reply="Ring us"))
        await house.quiet()
        await ana.presses("Reply", card)
        modal = await ana.sees_modal()
        labels = [option["text"]["text"] for option in modal.inputs[0].options]
        assert {"Ring us", "My goodbye", PHOTO} <= set(labels)
        assert [group["label"]["text"] for group in modal.inputs[0].body["option_groups"]] == [
            w("canned.of_team"),
            w("canned.own"),
        ]
        assert await ana.fills({w("canned.choose"): "My goodbye"}) == {}
        assert await ana.submits() == {}
        await emma.sees("Goodbye Emma, yours Ana Ruiz")
        await house.quiet()
        assert said(card, "Goodbye Emma, yours Ana Ruiz")


async def test_a_reply_is_changed_and_retired_and_whoever_was_late_is_told(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        card = await reports(house, emma)
        ana, marc = house.team["ana"], house.team["marc"]
        page = await opens_page(house, marc, "photo")
        assert LOOKING not in page.text
        await marc.presses(w("replies.change"), page)
        modal = await marc.sees_modal(w("replies.title.change"))
        was = modal.values[ENGLISH]
        await ana.presses("Reply", card)
        await ana.sees_modal()
        assert await marc.fills({ENGLISH: "Hello {name}, a photo of [what], please."}) == {}
        changed = await marc.sees_modal(w("replies.log.changed", name="Marc Delcourt", reply=PHOTO))
        assert was[:40] in changed.text, "what it said before"
        assert "a photo of [what], please" in changed.text
        await house.quiet()
        late = {w("canned.choose"): PHOTO}  # her form was open already
        assert await ana.fills(late) == {w("canned.choose"): w("refusal.no_such_reply")}
        await ana.closes(whole=True)
        await ana.presses("Reply", card)
        await ana.sees_modal()
        assert await ana.fills(late) == {}
        assert "a photo of [what], please" in (await ana.sees_modal(w("reply.again"))).values[w("reply.again")]
        await ana.closes(whole=True)
        row = next(e for e in changed.elements if e.kind == "overflow" and PHOTO in e.block["text"]["text"])
        await marc.uses(row, w("replies.retire"), changed)
        await marc.sees_modal(w("replies.log.retired", name="Marc Delcourt", reply=PHOTO))
        await house.quiet()
        await ana.presses("Reply", card)
        modal = await ana.sees_modal()
        assert PHOTO not in [option["text"]["text"] for option in modal.inputs[0].options]


async def test_who_may_not_is_told_so_and_nothing_changes(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        marc, ana = house.team["marc"], house.team["ana"]
        page = await opens_page(house, marc)
        row = next(e for e in page.elements if e.kind == "overflow")
        await ana.opens_home()
        await house.quiet()
        await ana.presses(w("replies.open"), ana.home)
        hers = await ana.sees_modal(w("replies.title"))
        await ana.uses(row, w("replies.retire"), hers)  # the button of somebody else's page
        await house.quiet()
        fresh = await opens_page(house, marc)
        assert fresh.text == page.text
