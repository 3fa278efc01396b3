"""The meaning of date and time words: what holds for every message, and what is done with the answer."""

import time
import unicodedata
from datetime import date, datetime, timedelta
from datetime import time as clock

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from handlers.understanding.when import When, Wish, fits, understood
from handlers.understanding.when_text import folded
from handlers.understanding.when_words import lexicon
from locales.catalogues import LANGUAGES
from locales.time_words import time_words

at = datetime.fromisoformat  # local times, as the home has them
WEDNESDAY = at("2026-11-18T10:20")
FRIDAY = at("2026-11-20T09:05")
WORDS = sorted({" ".join(parts) for lang in LANGUAGES for phrases in lexicon(lang).values() for parts, _ in phrases})
moments = st.datetimes(min_value=at("2000-01-01T00:00"), max_value=at("2090-01-01T00:00"))
languages = st.sampled_from(LANGUAGES)
timely = st.lists(
    st.one_of(st.sampled_from(WORDS), st.integers(0, 99).map(str), st.sampled_from(list("/-.,:?!"))), max_size=14
)


def holds_together(when: When, text: str, now: datetime) -> None:
    """What is true of every answer."""
    assert not (when.wishes and when.readings)
    assert len(when.readings) in (0, 2)
    wishes = [*when.wishes, *when.never, *(wish for reading in when.readings for wish in reading)]
    for wish in wishes:
        assert (wish.first is None) == (wish.last is None)
        assert wish.first is None or wish.last is None or now.date() <= wish.first <= wish.last
        assert wish.until is None or wish.since is not None
        assert wish.until is None or wish.since is None or wish.since < wish.until
    assert all(0 <= start < end <= len(text) for start, end in when.taken)
    assert bool(wishes) == bool(when.taken)


@given(st.text(max_size=300), languages, moments)
@example("٣/١٢ 💡 مرحبا", "it", WEDNESDAY)
@example("m̷̛o̴n̸d̵a̶y̷ at 3̷", "en", WEDNESDAY)
@example("ﷺ ² ½ ① 3º ß İ ﬁ", "es", WEDNESDAY)
@example("9" * 5000, "fr", WEDNESDAY)
@example("\ud800 demain", "fr", WEDNESDAY)
def test_no_text_whatever_is_too_much(text: str, lang: str, now: datetime) -> None:
    holds_together(understood(text, lang, now), text, now)


@settings(max_examples=600, deadline=None)
@given(timely, languages, moments)
def test_words_of_time_in_any_order_give_an_answer_that_holds_together(
    said: list[str], lang: str, now: datetime
) -> None:
    text = " ".join(said)
    holds_together(understood(text, lang, now), text, now)


@given(timely, languages, moments)
def test_capitals_change_nothing(said: list[str], lang: str, now: datetime) -> None:
    text = " ".join(said)
    assert understood(text.upper(), lang, now).wishes == understood(text, lang, now).wishes


@given(st.text())
def test_a_folded_text_knows_where_its_signs_stood(text: str) -> None:
    small, places = folded(text)
    assert len(places) == len(small) + 1
    assert list(places) == sorted(places)
    assert all(0 <= place <= len(text) for place in places)


def test_what_was_understood_is_pointed_out_in_the_message_as_it_was_typed() -> None:
    text = "Bonjour 😀, passez plutôt vendredi l’après-midi"
    decomposed = unicodedata.normalize("NFD", text)
    for said in (text, decomposed):
        taken = [said[start:end] for start, end in understood(said, "fr", WEDNESDAY).taken]
        assert [unicodedata.normalize("NFC", part) for part in taken] == ["vendredi", "l’après-midi"]
    accented = unicodedata.normalize("NFD", "lunedì")
    assert understood(accented, "it", WEDNESDAY).taken == ((0, len(accented)),)
    assert understood("lunedì, grazie", "it", WEDNESDAY).taken == ((0, len("lunedì")),)


def test_next_friday_said_on_a_friday_is_in_a_week() -> None:
    assert understood("next Friday", "en", FRIDAY).wishes == (Wish(date(2026, 11, 27), date(2026, 11, 27)),)


def test_friday_said_on_a_friday_is_asked_about() -> None:
    today, later = understood("vendredi", "fr", FRIDAY).readings
    assert (today[0].first, later[0].first) == (date(2026, 11, 20), date(2026, 11, 27))


def test_the_end_of_the_day_is_none() -> None:
    assert understood("domani dopo le 6", "it", WEDNESDAY).wishes == (
        Wish(date(2026, 11, 19), date(2026, 11, 19), clock(18), None),
    )


@pytest.mark.parametrize(
    ("said", "lang"),
    [("wedneday", "en"), ("satturday", "en"), ("mecredi", "fr"), ("miercols", "es"), ("domenca", "it")],
)
def test_a_weekday_with_a_letter_too_few_or_too_many_is_that_weekday(said: str, lang: str) -> None:
    assert understood(said, lang, FRIDAY).wishes


@pytest.mark.parametrize(
    ("said", "lang"),
    [("¿vienes?", "es"), ("the sun sensor", "en"), ("vue sur mer", "fr"), ("al mar", "es"), ("it may be", "en")],
)
def test_a_word_that_only_looks_like_a_day_is_none(said: str, lang: str) -> None:
    assert understood(said, lang, FRIDAY) == When()


@given(moments)
def test_every_day_of_the_calendar_has_a_coming_monday_within_a_week(now: datetime) -> None:
    when = understood("lunedì", "it", now)
    days = [wish.first for wish in when.wishes or (when.readings[0][0], when.readings[1][0])]
    assert all(day is not None and day.weekday() == 0 for day in days)
    assert now.date() <= days[0] <= now.date() + timedelta(7)  # type: ignore[operator]


def test_a_slot_fits_a_wish_when_it_begins_within_its_days_and_hours() -> None:
    when = understood("friday after 4", "en", WEDNESDAY)
    assert fits(when, at("2026-11-20T16:00"))
    assert fits(when, at("2026-11-20T23:30"))
    assert not fits(when, at("2026-11-20T15:59"))
    assert not fits(when, at("2026-11-21T16:00"))


def test_a_slot_at_the_very_end_of_a_wish_does_not_fit() -> None:
    assert not fits(understood("domani mattina", "it", WEDNESDAY), at("2026-11-19T12:00"))


def test_both_readings_fit_until_it_is_known_which_is_meant() -> None:
    when = understood("vendredi prochain", "fr", WEDNESDAY)
    assert fits(when, at("2026-11-20T09:00"))
    assert fits(when, at("2026-11-27T09:00"))
    assert not fits(when, at("2026-11-23T09:00"))


def test_without_a_wish_every_slot_fits_but_the_refused() -> None:
    assert fits(When(), WEDNESDAY)
    when = understood("el viernes no", "es", WEDNESDAY)
    assert fits(when, at("2026-11-23T09:00"))
    assert not fits(when, at("2026-11-20T09:00"))


def test_a_refusal_within_a_wish_is_stronger() -> None:
    when = understood("next week except Wednesday", "en", WEDNESDAY)
    assert fits(when, at("2026-11-24T09:00"))
    assert not fits(when, at("2026-11-25T09:00"))


def test_every_language_names_every_day_and_month() -> None:
    for lang in LANGUAGES:
        words = time_words(lang)
        assert set(words.weekday) == set(range(7))
        assert set(words.month) | set(words.weak_month) == set(range(1, 13))
        assert set(range(1, 22)) <= set(words.number)


@pytest.mark.parametrize("length", [300, 4096])
def test_a_long_message_is_read_in_the_time_of_a_short_breath(length: int) -> None:
    said = "bonjour pouvez vous plutôt passer jeudi après 18h, le chauffage fait un bruit bizarre depuis lundi. " * 41
    best = 1.0
    for _ in range(5):
        began = time.perf_counter()
        understood(said[:length], "fr", WEDNESDAY)
        best = min(best, time.perf_counter() - began)
    assert best < 0.05  # ten times what it takes: the machine may be busy
