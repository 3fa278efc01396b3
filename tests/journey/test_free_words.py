"""Words that nobody asked for: what is surely meant is done and said back, what is not is asked; in four languages."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from sandbox.telegram.bubbles import Bubble
from sandbox.telegram.person import Person
from tests.house import brings_what_it_wrote, open_house, words
from tests.journey.ground import bookings_of, books, reports, w

FAULT = {
    "en": "the blinds in the living room won't come down any more",
    "fr": "les stores du salon ne descendent plus",
    "es": "las persianas del salón ya no bajan",
    "it": "le tapparelle del soggiorno non scendono più",
}
ROOM = {
    "en": "living room",
    "fr": "salon",
    "es": "salón",
    "it": "living room",
}  # as the home's list has it, else as he says
MOVE = {
    "en": "could we move the appointment to Thursday afternoon please?",
    "fr": "peut-on déplacer le rendez-vous à jeudi après-midi ?",
    "es": "¿podemos cambiar la cita al jueves por la tarde?",
    "it": "possiamo spostare l'appuntamento a giovedì pomeriggio?",
}
CANCEL = {
    "en": "I need to cancel my appointment",
    "fr": "je dois annuler mon rendez-vous",
    "es": "tengo que cancelar mi cita",
    "it": "devo annullare il mio appuntamento",
}
COVERED = {
    "en": "is a visit included in my plan?",
    "fr": "est-ce qu'une visite est comprise dans mon contrat ?",
    "es": "¿mi plan incluye una visita?",
    "it": "nel mio contratto è compresa una visita?",
}
COST = {
    "en": "how much does a technician's visit cost?",
    "fr": "combien coûte le déplacement d'un technicien ?",
    "es": "¿cuánto cuesta la visita de un técnico?",
    "it": "quanto costa l'uscita di un tecnico?",
}
PERSON = {
    "en": "can I talk to a real person please",
    "fr": "je voudrais parler à quelqu'un s'il vous plaît",
    "es": "quiero hablar con una persona, por favor",
    "it": "vorrei parlare con una persona per favore",
}
ORDER = {
    "en": "turn off the lights in the kitchen",
    "fr": "éteins la lumière de la cuisine",
    "es": "apaga las luces de la cocina",
    "it": "spegni le luci della cucina",
}
NONE_OF_OURS = {
    "en": "who won the football world cup in 1998?",
    "fr": "qui a gagné la coupe du monde de football en 1998 ?",
    "es": "¿quién ganó el mundial de fútbol de 1998?",
    "it": "chi ha vinto i mondiali di calcio del 1998?",
}
ALL = pytest.mark.parametrize("language", ["en", "fr", "es", "it"])


def speaking(language: str) -> Any:
    return lambda key, *count, **values: words(language, key, *count, **values)


@ALL
async def test_a_fault_in_his_own_words_is_one_tap_from_a_request(tmp_path: Path, language: str) -> None:
    say = speaking(language)
    async with open_house(tmp_path) as house:
        person = await house.arrives(language)
        await person.types(FAULT[language])
        check = await person.sees(say("report.send"))
        assert say("report.check.understood", area="|").split("|")[0] in check.text
        assert say("area.shades") in check.text
        assert ROOM[language] in check.text.lower(), "the room, and the device where there is one of them"
        await person.presses(say("report.send"))
        await person.sees(say("solve.leave"))
        await house.quiet()
        await house.team["ana"].sees("#service", FAULT[language], anywhere=True)


@ALL
async def test_an_appointment_is_moved_and_called_off_with_words_and_a_tap(tmp_path: Path, language: str) -> None:
    say = speaking(language)
    async with open_house(tmp_path) as house:
        person = await house.arrives(language)
        await reports(house, person, FAULT[language], say=say)
        await books(house, person, say=say)
        (before,) = await bookings_of(house)
        person.looks_away()
        await person.types(MOVE[language])
        times = await person.sees(say("solve.all_times"))
        assert times.labels
        await house.quiet()
        assert (await bookings_of(house))[0].starts_at == before.starts_at, "words move nothing"
        await person.presses(times.labels[0])
        await person.sees(say("solve.confirm"))
        await person.presses(say("solve.confirm"))
        await person.sees(say("booked.moved"))
        await house.quiet()
        person.looks_away()
        await person.types(CANCEL[language])
        await person.sees(say("request.cancel"))
        await person.presses(say("request.cancel"))
        await person.sees(say("request.cancel.yes"))


@ALL
async def test_questions_are_answered_at_once(tmp_path: Path, language: str) -> None:
    say = speaking(language)
    async with open_house(tmp_path) as house:
        person = await house.arrives(language)
        for said, answer in (
            (COVERED[language], say("contract.statement")),
            (COST[language], say("meant.describe")),
            (ORDER[language], say("meant.fails")),
            (NONE_OF_OURS[language], say("meant.team")),
        ):
            person.looks_away()
            await person.types(said)
            shown = await person.sees(answer)
            assert say("menu.human") in shown.labels or say("meant.team") in shown.labels or shown.labels
        person.looks_away()
        await person.types(PERSON[language])
        await person.sees(say("human.title"))
        await house.quiet()
        await house.team["ana"].sees("#service", PERSON[language], anywhere=True)


async def test_who_asks_how_something_is_done_reads_the_companys_own_answer(tmp_path: Path) -> None:
    shutil.copytree("bot/sample/answers", tmp_path / "answers")
    async with open_house(tmp_path) as house:
        marta = await house.arrives("it")
        say = speaking("it")
        await marta.types("come faccio a cambiare la password del wifi?")
        shown = await marta.sees(say("meant.fails"))
        assert "Wi-Fi" in shown.text
        assert say("meant.team") in shown.labels
        await marta.presses(say("meant.team"))
        await marta.sees(say("human.title"))


async def is_misunderstood(emma: Person) -> Bubble:
    """She gives the house an order and says that it was none; what she is asked then."""
    await emma.types(ORDER["en"])
    await emma.sees(w("meant.fails"))
    await emma.presses(w("meant.not_that"))
    return await emma.sees(w("meant.which.unsure"))


async def test_a_wrong_guess_is_two_taps_from_the_right_one(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        asked = await is_misunderstood(emma)
        assert ORDER["en"] in asked.text
        await emma.presses(w("menu.report"))
        await emma.sees(w("report.area.ask"))
        await emma.presses(w("area.lighting"))
        check = await emma.sees(w("report.send"))
        assert ORDER["en"] in check.text, "nothing he said is lost"


async def test_who_is_asked_what_he_means_chooses_it_or_goes_another_way_and_keeps_his_words(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        asked = await is_misunderstood(emma)
        emma.looks_away()
        await emma.presses(asked.labels[0])
        await emma.sees(w("meant.not_that"))
        await emma.presses(w("meant.not_that"))
        await emma.sees(w("meant.which.unsure"))
        await emma.types("/report")
        question = await emma.sees(w("report.area.ask"))
        assert ORDER["en"] in question.text


async def test_who_writes_nothing_that_makes_sense_is_asked_and_never_stuck(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        for noise in ("asdf qwer", "42", "🙈🙉🙊"):
            emma.looks_away()
            await emma.types(noise)
            shown = await emma.sees(w("meant.team"))
            assert len(shown.labels) >= 3
        await emma.presses(w("meant.team"))
        await emma.sees(w("human.title"))


async def test_in_another_language_he_is_offered_to_go_on_in_it(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        await emma.types(COVERED["fr"])
        shown = await emma.sees(w("contract.statement"))
        assert "Français" in shown.labels
        await emma.presses("Français")
        await emma.sees(words("fr", "language.chosen"))


async def test_a_question_beside_a_running_request_is_answered_and_the_team_reads_it_too(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        card = await reports(house, emma)
        await emma.presses(w("solve.leave"))
        emma.looks_away()
        await emma.types(COVERED["en"])
        await emma.sees(w("contract.statement"))
        await house.quiet()
        assert any(COVERED["en"] in post.text for post in card.thread)


async def test_what_only_this_company_calls_so_is_understood_as_it_says(tmp_path: Path) -> None:
    brings_what_it_wrote(tmp_path)
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        await emma.types("the screen zip on the terrace is stuck and does not come down")
        await emma.sees(w("report.send"))
        assert w("area.shades") in emma.news()[-1].text
