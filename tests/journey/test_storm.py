"""Many homes with the same trouble: one card, one honest message in everybody's language, solved together."""

from functools import partial
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.notes import Sending
from domain.people import Person as Customer
from domain.people import Presence
from domain.requests import State
from domain.storms import Ending, Storm
from domain.surveys import Survey
from locales.phrasebook import say
from locales.text import t
from sandbox.slack.person import Person as Mate
from sandbox.slack.seen import Post
from sandbox.telegram.person import Person
from tests.house import House, brisk, open_house, words
from tests.journey.ground import answers, notes_of, reports, requests_of, w
from tests.journey.test_deeds import does, said
from tests.journey.test_promises import are_promised, on, on_monday_at_nine, told

SIX = (("it", "C001"), ("en", "C007"), ("fr", "C014"), ("it", "C009"), ("es", "C005"), ("en", "C008"))
SPEAKS = {"it": "Buonasera, l’audio", "en": "No sound", "fr": "Plus de son", "es": "No hay sonido"}
SENT = {"it": "Ci siamo.", "en": "We are at it.", "fr": "On s’en occupe.", "es": "Estamos en ello."}
AGAIN = {"it": "Ora va.", "en": "It plays again.", "fr": "Tout remarche.", "es": "Ya suena."}


def small(folder: Path) -> str:
    """A company where three homes make a storm."""
    file = brisk(folder).with_name("small.toml")
    file.write_text(brisk(folder).read_text() + "\n[desk.storm]\nhomes = 3\n")
    return str(file)


async def writes(house: House, language: str, ref: str) -> tuple[Person, Post]:
    """Somebody reports that there is no sound."""
    person = await house.arrives(language, ref)
    await house.quiet()
    story = f"{SPEAKS[language]} {ref}"
    return person, await reports(house, person, story, "audio", partial(words, language))


async def six_write(house: House) -> tuple[list[Person], list[Post], Post]:
    """Six homes report the same; the card of the storm."""
    people, cards = [], []
    for language, ref in SIX:
        person, card = await writes(house, language, ref)
        people.append(person)
        cards.append(card)
    parent = await house.team["ana"].sees("#service", w("storm.lasts", 6), anywhere=True)
    return people, cards, parent


def label(language: str, homes: int) -> str:
    return say(t("storm.words", homes, language=t(f"language.{language}")), "en")


async def tells(house: House, mate: Mate, parent: Post, sent: dict[str, str]) -> None:
    """A teammate writes to everybody, and looks at it first."""
    await mate.presses(w("storm.tell"), parent)
    await mate.sees_modal()
    fields = {e.label: e for e in mate.modal.inputs} if mate.modal else {}
    given = {name: sent[lang] for name in fields for lang in SENT if name.startswith(f"In {w(f'language.{lang}')} ")}
    assert await mate.fills(given) == {}
    await mate.sees_modal("in")
    assert await mate.submits() == {}
    await house.quiet()


def read(person: Person, said: str) -> int:
    """In how many messages he has it."""
    return sum(said in bubble.text for bubble in person.chat)


async def the_storm(house: House) -> Storm:
    def unit(session: Session) -> Storm:
        return session.scalars(select(Storm)).one()

    found: Storm = await house.in_database(unit)
    return found


async def test_six_homes_one_card_one_message_in_four_languages_and_solved_together(tmp_path: Path) -> None:
    async with open_house(tmp_path, COMPANY_FILE=small(tmp_path)) as house:
        people, cards, parent = await six_write(house)
        ana, tom = house.team["ana"], house.team["tom"]
        assert w("storm.told.nobody") in parent.text
        assert said(parent, w("storm.began", 6))
        assert all(w("storm.label") in card.text for card in cards)
        for (language, _), person in zip(SIX, people, strict=True):
            assert read(person, words(language, "storm.known")), "each card says that it is known"
            assert not read(person, "Storm"), "what the team calls it stays with the team"

        await ana.presses(w("team.take"), parent)
        await house.quiet()
        assert "Ana Ruiz" in parent.text
        await ana.presses(w("storm.tell"), parent)
        modal = await ana.sees_modal()
        texts = {e.label: e.body.get("initial_value", "") for e in modal.inputs}
        assert texts[label("it", 2)] == words("it", "storm.standard", area=words("it", "area.audio"))
        assert texts[label("fr", 1)] == words("fr", "storm.standard", area=words("fr", "area.audio"))
        await ana.closes()
        await tells(house, ana, parent, SENT)
        for (language, _), person in zip(SIX, people, strict=True):
            assert read(person, SENT[language]) == 1
            assert [x for x in SENT.values() if read(person, x)] == [SENT[language]], "in his language alone"
        assert all(said(card, w("team.delivered")) for card in cards), "each thread says that he has it"
        assert said(parent, w("storm.told.done", 6, name="Ana Ruiz"))
        assert w("storm.of", done=6, all=6) in parent.text
        assert [note.sending for note in await notes_of(house)] == [Sending.DELIVERED] * 6

        claire, seventh = await writes(house, "fr", "C003")
        assert read(claire, SENT["fr"]) == 1, "who joins later reads it at once"
        await claire.sees(words("fr", "storm.known.wait"), anywhere=True)
        assert w("storm.lasts", 7) in parent.text
        assert said(parent, w("storm.joined", one="1007 · Audio"))
        await tells(house, tom, parent, SENT)
        assert read(claire, SENT["fr"]) == read(people[0], SENT["it"]) == 1, "nobody reads the same twice"

        await does(house, ana, cards[1], "desk.storm_out")
        assert w("storm.lasts", 6) in parent.text
        assert w("storm.label") not in cards[1].text
        assert read(people[1], w("storm.known")) == 0

        await ana.presses(w("storm.solve"), parent)
        await ana.sees_modal()
        homes = {"it": 2, "fr": 2, "es": 1, "en": 1}
        assert await ana.fills({label(language, homes[language]): AGAIN[language] for language in homes}) == {}
        await house.quiet()
        states = [request.state for request in await requests_of(house)]
        assert states == [State.RESOLVED, State.OPEN, *[State.RESOLVED] * 5]
        assert (await the_storm(house)).ending is Ending.SOLVED
        assert w("storm.was_solved") in parent.text
        await claire.sees(AGAIN["fr"], anywhere=True)
        assert not read(people[1], AGAIN["en"])

        await people[0].presses(words("it", "solved.yes"))
        await house.quiet()
        await house.moves_clock(5 * 24 * 3600)
        assert (await requests_of(house))[0].state is State.CONFIRMED
        assert await house.in_database(lambda session: session.scalars(select(Survey)).all()) == []
        assert seventh.text


async def test_who_cannot_be_reached_is_listed_to_be_phoned_and_the_list_shows_everybody(tmp_path: Path) -> None:
    async with open_house(tmp_path, COMPANY_FILE=small(tmp_path)) as house:
        people, _, parent = await six_write(house)
        lena = house.team["lena"]

        def gone(session: Session) -> None:
            session.scalars(select(Customer).where(Customer.ref == "C005")).one().presence = Presence.BLOCKED

        await house.in_database(gone)
        await lena.presses(w("storm.tell"), parent)
        shown = await lena.sees_modal()
        assert "+34600555105" in shown.text.replace(" ", "")
        await lena.closes()
        await tells(house, lena, parent, SENT)
        assert "Sofía Herrera" in parent.text
        assert w("storm.of", done=5, all=6) in parent.text
        assert not read(people[4], SENT["es"])
        await lena.presses(w("storm.list"), parent)
        listed = await lena.sees_modal()
        for name in ("Marta Rossi", "Emma Whitfield", "Amélie Roche", "Giulia Conti", "Sofía Herrera"):
            assert name in listed.text
        assert w("storm.row.phone", phone="+34600555105") in listed.text
        await lena.presses(w("desk.storm_out"), listed)
        await lena.sees_modal(w("storm.name", number="1", what="Audio"))
        await house.quiet()
        assert w("storm.lasts", 5) in parent.text


async def test_no_storm_and_each_is_seen_to_alone_and_reads_so(tmp_path: Path) -> None:
    async with open_house(tmp_path, COMPANY_FILE=small(tmp_path)) as house:
        people, cards, parent = await six_write(house)
        ana = house.team["ana"]
        await tells(house, ana, parent, SENT)
        await ana.presses(w("storm.deny"), parent)
        await ana.sees_modal(w("storm.deny.told"))
        assert await ana.submits() == {}
        await house.quiet()
        assert (await the_storm(house)).ending is Ending.NONE
        assert {request.storm_id for request in await requests_of(house)} == {None}
        await people[2].sees(words("fr", "storm.deny.standard"), anywhere=True)
        assert not read(people[2], words("fr", "storm.known"))
        assert all(w("storm.label") not in card.text for card in cards)
        await ana.presses(w("storm.list"), parent)
        await ana.sees_modal(w("storm.list.none"))


async def test_two_take_it_and_danger_leaves_it(tmp_path: Path) -> None:
    async with open_house(tmp_path, COMPANY_FILE=small(tmp_path)) as house:
        _, cards, parent = await six_write(house)
        ana, tom = house.team["ana"], house.team["tom"]
        button = next(e for e in parent.elements if e.label == w("team.take"))
        await ana.uses(button, None, parent)
        await house.quiet()
        await tom.uses(button, None, parent)
        await tom.sees("#service", w("refusal.taken_already", name="Ana Ruiz"), anywhere=True)
        await does(house, ana, cards[0], "desk.call_out")
        assert w("storm.lasts", 5) in parent.text
        assert w("storm.label") not in cards[0].text
        sorted_ = {w("sort.area"): w("area.lighting"), w("sort.urgency"): w("urgency.normal")}
        await does(house, ana, cards[1], "desk.sort", sorted_)
        assert w("storm.lasts", 4) in parent.text
        await house.quiet()
        assert [request.storm_id for request in await requests_of(house)] == [None, None, 1, 1, 1, 1]


async def test_a_teammate_begins_one_by_hand_and_puts_another_request_into_it(tmp_path: Path) -> None:
    async with open_house(tmp_path, COMPANY_FILE=small(tmp_path)) as house:
        _, first = await writes(house, "it", "C001")
        _, second = await writes(house, "en", "C007")
        ana = house.team["ana"]
        what = f"{w('area.audio')}, riviera"
        await does(house, ana, second, "desk.storm", {w("storm.choose"): w("storm.new", 2, what=what)})
        parent = await ana.sees("#service", w("storm.lasts", 2), anywhere=True)
        assert said(parent, w("storm.began_by", name="Ana Ruiz"))
        assert w("storm.label") in first.text
        _, third = await writes(house, "fr", "C014")  # of another region: only by hand
        assert w("storm.label") not in third.text
        await answers(house, first, "Which room is it?")
        await tells(house, ana, parent, SENT)
        assert (await requests_of(house))[0].talks == "ana", "she goes on talking with him"
        assert (await requests_of(house))[1].talks is None, "who was told like all others talks with nobody"
        await does(house, ana, third, "desk.storm", {w("storm.choose"): w("storm.name", number="1", what=what)})
        assert w("storm.lasts", 3) in parent.text
        assert said(third, SENT["fr"])


async def test_of_its_promises_whoever_has_it_is_warned_once(tmp_path: Path) -> None:
    async with open_house(tmp_path, COMPANY_FILE=small(tmp_path)) as house:
        await are_promised(house)
        await on_monday_at_nine(house)
        _, cards, parent = await six_write(house)
        ana = house.team["ana"]
        await ana.presses(w("team.take"), parent)
        await house.quiet()
        await on(house, 9, 55)
        assert len(told(ana, w("promise.warn", percent=50))) == 1, "six requests, one warning"
        await on(house, 10, 45)
        assert len(told(ana, w("promise.warn.over"))) == 1
        assert len([post for post in parent.thread if w("promise.warn.over") in post.text]) == 1
        assert not any(w("promise.warn.over") in post.text for card in cards for post in card.thread)
        assert all("⚠" in card.text for card in cards), "each card shows its own clock"


async def test_who_says_that_it_is_not_solved_is_seen_to_alone(tmp_path: Path) -> None:
    async with open_house(tmp_path, COMPANY_FILE=small(tmp_path)) as house:
        people, cards, parent = await six_write(house)
        ana = house.team["ana"]
        await ana.presses(w("storm.solve"), parent)
        await ana.sees_modal()
        assert await ana.submits() == {}, "an honest sentence stands there already"
        await house.quiet()
        await people[0].sees(words("it", "storm.solve.standard"), anywhere=True)
        await people[0].presses(words("it", "solved.no"))
        await house.quiet()
        one = (await requests_of(house))[0]
        assert (one.state, one.storm_id) == (State.REOPENED, None)
        assert said(cards[0], w("team.reopened"))
