"""An emergency passes every threshold: what makes one, what takes it back, what does not."""

import time
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.areas import Urgency
from handlers.understanding.danger_model import opinion
from handlers.understanding.urgency import by_rules, judged

EMERGENCY, HIGH, LOW = Urgency.EMERGENCY, Urgency.HIGH, Urgency.LOW
KINDS = set(
    "smoke fire gas burning electric overheating water locked_out shut_in intruder siren detector no_heating".split()
)


@pytest.mark.parametrize(
    ("text", "lang", "kind"),
    [
        ("no fire but the whole kitchen is full of smoke", "en", "smoke"),
        ("pas de flammes mais toute la cuisine est enfumée", "fr", "smoke"),
        ("no hay fuego pero la cocina está llena de humo", "es", "smoke"),
        ("non c'è fuoco ma la cucina è piena di fumo", "it", "smoke"),
        ("no idea where the smoke comes from", "en", "smoke"),
        ("odore di gas fortissimo, siamo usciti", "it", "gas"),
    ],
)
def test_a_real_danger_beside_a_denial_counts(text: str, lang: str, kind: str) -> None:
    assert (judged(text, lang).level, judged(text, lang).kind) == (EMERGENCY, kind)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("no smoke, no fire, just the camera is offline", "en"),
        ("ça ne sent pas le gaz", "fr"),
        ("no huele a quemado", "es"),
        ("non c'è odore di bruciato", "it"),
        ("there was a burning smell in May, it has been fixed", "en"),
        ("la fuite du mois dernier est réparée", "fr"),
        ("at my friend's house the cellar was flooded", "en"),
        ("smoke in the hall, false alarm, it was only toast", "en"),
        ("hay humo en la cocina. Falsa alarma, era la tostadora.", "es"),
        ("what if there is smoke when we are away?", "en"),
        ("¿qué pasa si hay fuego?", "es"),
        ("the movie with the house on fire won't play", "en"),
        ("how much is a smoke detector", "en"),
        ("we tested the siren, it would not stop, all good now", "en"),
        ("il rilevatore di fumo suona una volta al minuto, pila scarica", "it"),
        ("to prevent a fire I unplug the charger", "en"),
        ("you guys are on fire", "en"),
        ("I burned a CD and it won't play", "en"),
    ],
)
def test_denied_over_imagined_elsewhere_or_played_is_no_emergency(text: str, lang: str) -> None:
    assert judged(text, lang).level is not EMERGENCY


@pytest.mark.parametrize(
    ("text", "lang", "level"),
    [
        ("no hot water since this morning", "en", HIGH),
        ("la porte d'entrée ne se verrouille plus", "fr", HIGH),
        ("¿viene hoy el técnico?", "es", HIGH),
        ("graffio sulla tastiera, nessuna fretta", "it", LOW),
        ("can you come on monday for the camera", "en", None),
        ("", "en", None),
    ],
)
def test_what_is_less_than_an_emergency_has_its_level_or_none(text: str, lang: str, level: Urgency | None) -> None:
    assert (judged(text, lang).level, judged(text, lang).kind) == (level, None)


def test_patience_does_not_take_an_emergency_back() -> None:
    assert judged("smell of gas in the kitchen, no rush", "en").level is EMERGENCY


@pytest.mark.parametrize(
    ("ours", "harmless"),
    [
        ("radiators cold and -8 outside", "radiators cold and 8 outside"),
        ("heating dead, my mother is 86", "heating dead, my mother is 56"),
    ],
)
def test_frost_and_old_age_are_read_from_figures(ours: str, harmless: str) -> None:
    assert (by_rules(ours, "en").kind, by_rules(harmless, "en").level) == ("no_heating", HIGH)


def test_a_lost_a_doubled_and_a_swapped_letter_are_forgiven() -> None:
    assert {judged(f"there are {word} in the socket", "en").kind for word in ("flammes", "flmaes", "flmes")} == {"fire"}


def test_words_of_another_language_count() -> None:
    assert judged("hay smoke en la cocina", "es").kind == "smoke"
    assert judged("c'è odore di gas in cucina", "fr").kind == "gas"


def test_the_words_that_say_so_are_shown() -> None:
    text = "Hello, there's a strong SMELL of Gás here"
    assert [text[start:end] for start, end in judged(text, "en").because] == ["SMELL", "Gás"]


def test_danger_may_be_told_after_a_harmless_sentence() -> None:
    assert (
        judged("Yesterday we tested the alarm, all fine. Now sparks come out of the socket.", "en").kind == "electric"
    )


@given(text=st.text(max_size=300), lang=st.sampled_from(["en", "fr", "es", "it", "de", ""]))
def test_whatever_is_typed_nothing_is_raised_and_spans_lie_in_the_text(text: str, lang: str) -> None:
    danger = judged(text, lang)
    assert danger.kind in KINDS or danger.kind is None
    assert danger.level is EMERGENCY or danger.kind is None
    assert all(0 <= start < end <= len(text) for start, end in danger.because)
    assert bool(danger.because) == (danger.level is not None)


@given(text=st.text(max_size=300), lang=st.sampled_from(["en", "fr", "es", "it", "de", ""]))
def test_the_rules_name_the_kind_of_every_emergency_they_find(text: str, lang: str) -> None:
    danger = by_rules(text, lang)
    assert (danger.kind in KINDS) == (danger.level is EMERGENCY)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("there is a puddle creeping out from behind the dishwasher and my socks are soaked", "en"),
        ("il y a un type dans ma cuisine et je ne le connais pas", "fr"),
        ("mi abuelo está en el montacargas y no se mueve", "es"),
        ("la nonna è al freddo da stanotte e trema tutta", "it"),
    ],
)
def test_a_danger_told_as_no_rule_expects_is_still_found(text: str, lang: str) -> None:
    assert judged(text, lang).level is EMERGENCY


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("what is the code of the guest wifi", "en"),
        ("je voudrais déplacer le rendez-vous de jeudi", "fr"),
        ("la persiana del salón baja torcida", "es"),
        ("grazie mille, tutto perfetto", "it"),
    ],
)
def test_everyday_messages_are_no_danger_to_the_model(text: str, lang: str) -> None:
    assert opinion(text, lang).score < 0


def test_the_model_does_not_overrule_what_is_said_to_be_over() -> None:
    text = "sparky little cloud came from the rack, false alarm, all fixed now"
    assert judged(text, "en").level is not EMERGENCY


def test_a_question_out_of_curiosity_is_no_emergency_and_one_in_need_is() -> None:
    assert by_rules("can a camera see through smoke?", "en").level is not EMERGENCY
    assert by_rules("is it normal that the plug gives off smoke?", "en").level is EMERGENCY
    assert by_rules("smoke from the plug??", "en").level is EMERGENCY


@pytest.mark.parametrize(
    ("text", "lang", "kind"),
    [
        ("the shutter came down on my daughter's fingers", "en", "shut_in"),
        ("blind is crushing fingers", "en", "shut_in"),
        ("le concentrateur d'oxygène de papa n'a plus de courant", "fr", "electric"),
        ("mi abuela tirita, tiene 90 años", "es", "no_heating"),
        ("in casa 9 gradi e abbiamo un neonato", "it", "no_heating"),
        ("the little box shows 180 ppm carbon monoxide", "en", "detector"),
        ("gaz!!", "fr", "gas"),
    ],
)
def test_caught_limbs_lost_breath_cold_rooms_and_shouts_are_found_by_rule(text: str, lang: str, kind: str) -> None:
    assert (by_rules(text, lang).level, by_rules(text, lang).kind) == (EMERGENCY, kind)


WORDS = st.sampled_from(
    "no what if smoke gas smell fire socket not , . but yesterday was the alarm won't stop ~ -5".split()
)


@given(words=st.lists(WORDS, max_size=40))
def test_words_of_danger_in_any_order_raise_nothing(words: list[str]) -> None:
    assert judged(" ".join(words), "en").level in (None, EMERGENCY, HIGH, LOW)


@given(before=st.sampled_from(["Hello!", "Bonjour.", "Hi there, it's Anna.", "Buenas tardes!"]))
def test_a_greeting_and_capitals_change_nothing(before: str) -> None:
    assert judged(f"{before} WATER IS COMING THROUGH THE CEILING", "en").kind == "water"


def took(text: str) -> float:
    """Milliseconds of our own work (the machine may be busy), the median of seven."""
    spent = []
    for _ in range(7):
        before = time.process_time()
        judged(text, "en")
        spent.append((time.process_time() - before) * 1000)
    return median(spent)


def test_a_usual_message_takes_few_milliseconds_and_the_longest_no_more_than_tens() -> None:
    usual = "the alarm won't arm since this morning and the app says zone four is open, windows are all shut"
    took(usual)
    assert took(usual) < 5  # usually one, on a busy machine two
    for long in ("no smoke no gas " * 256, "what if there is smoke gas smell burnt socket hot water everywhere " * 62):
        assert took(long[:4096]) < 40  # usually about ten; a quadratic search takes seconds
