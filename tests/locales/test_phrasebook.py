"""The phrasebook: every kind of value as a native would write it, and nobody's words are mistaken for blanks."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import msgspec
import pytest

from domain.money import Money
from locales.phrasebook import LANGUAGES, catalogue, say, speaks
from locales.text import Day, Listing, Minutes, Moment, Percent, Span, Text, Value, t

PARIS = "Europe/Paris"
SATURDAY = datetime(2026, 3, 28, 13, 30, tzinfo=UTC)  # 14:30 in Paris, the day before the clocks change
SUNDAY = datetime(2026, 3, 29, 6, 5, tzinfo=UTC)  # 08:05: an hour further on
N, T = "\u00a0", "\u202f"  # the space that does not break, and the thin one
AUDIO, LIGHT, POWER = t("area.audio"), t("area.lighting"), t("area.power")

# the value, and its words in English, French, Spanish and Italian
GOLDEN: list[tuple[Value, str, str, str, str]] = [
    (Money(123450, "EUR"), "€1,234.50", f"1{T}234,50{N}€", f"1.234,50{N}€", f"1.234,50{N}€"),
    (Money(8000, "EUR"), "€80.00", f"80,00{N}€", f"80,00{N}€", f"80,00{N}€"),
    (Money(-2667, "EUR"), "−€26.67", f"−26,67{N}€", f"−26,67{N}€", f"−26,67{N}€"),
    (Money(1200, "JPY"), "JP¥1,200", f"1{T}200{N}JPY", f"1.200{N}JPY", f"1.200{N}JPY"),
    (
        Moment(SATURDAY, PARIS),
        "Saturday 28 March, 14:30",
        "samedi 28 mars, 14:30",
        "sábado 28 de marzo, 14:30",
        "sabato 28 marzo, 14:30",
    ),
    (
        Moment(SUNDAY, PARIS),
        "Sunday 29 March, 08:05",
        "dimanche 29 mars, 08:05",
        "domingo 29 de marzo, 8:05",
        "domenica 29 marzo, 08:05",
    ),
    (Moment(SATURDAY, PARIS, "time"), "14:30", "14:30", "14:30", "14:30"),
    (
        Moment(SATURDAY, PARIS, "day"),
        "Saturday 28 March",
        "samedi 28 mars",
        "sábado 28 de marzo",
        "sabato 28 marzo",
    ),
    (
        Moment(SATURDAY, PARIS, "short"),
        *("Sat 28 Mar 14:30", "sam. 28 mars 14:30", "sáb 28 mar 14:30", "sab 28 mar 14:30"),
    ),
    (Moment(SATURDAY, "Atlantic/Canary", "time"), "13:30", "13:30", "13:30", "13:30"),
    (
        Span(SATURDAY, SATURDAY + timedelta(minutes=90), PARIS),
        "Saturday 28 March, 14:30–16:00",
        "samedi 28 mars, 14:30–16:00",
        "sábado 28 de marzo, 14:30–16:00",
        "sabato 28 marzo, 14:30–16:00",
    ),
    (Day(date(2026, 12, 3), "short"), "Thu 3 Dec", "jeu. 3 déc.", "jue 3 dic", "gio 3 dic"),
    (Day(date(2026, 1, 1)), "1 January 2026", "1 janvier 2026", "1 de enero de 2026", "1 gennaio 2026"),
    (Minutes(0), "0 minutes", "0 minute", "0 minutos", "0 minuti"),
    (Minutes(1), "1 minute", "1 minute", "1 minuto", "1 minuto"),
    (Minutes(45), "45 minutes", "45 minutes", "45 minutos", "45 minuti"),
    (Minutes(60), "1 hour", f"1{N}heure", "1 hora", "1 ora"),
    (Minutes(90), "1 hour 30 minutes", f"1{N}heure 30 minutes", "1 hora 30 minutos", "1 ora 30 minuti"),
    (Minutes(120), "2 hours", f"2{N}heures", "2 horas", "2 ore"),
    (Percent(Decimal(50)), "50%", f"50{N}%", f"50{N}%", "50%"),
    (Percent(Decimal(33)), "33%", f"33{N}%", f"33{N}%", "33%"),
    (Listing(()), "", "", "", ""),
    (Listing(("Ana",)), "Ana", "Ana", "Ana", "Ana"),
    (Listing(("Ana", "Tom")), "Ana and Tom", "Ana et Tom", "Ana y Tom", "Ana e Tom"),
    (
        Listing(("Ana", "Tom", "Paolo"), "or"),
        "Ana, Tom or Paolo",
        "Ana, Tom ou Paolo",
        "Ana, Tom o Paolo",
        "Ana, Tom o Paolo",
    ),
    (
        Listing((AUDIO, LIGHT)),
        "Audio and Lighting",
        "Audio et Éclairage",
        "Sonido e Iluminación",  # “y” becomes “e” before an i
        "Audio e Illuminazione",
    ),
    (
        Listing((AUDIO, LIGHT, POWER)),
        "Audio, Lighting and Power",
        "Audio, Éclairage et Électricité",
        "Sonido, Iluminación y Electricidad",
        "Audio, Illuminazione ed Elettricità",  # “e” becomes “ed” before an e
    ),
    (
        Listing(("Ana", "Hielo Azul", "Óscar"), "or"),
        "Ana, Hielo Azul or Óscar",
        "Ana, Hielo Azul ou Óscar",
        "Ana, Hielo Azul u Óscar",  # “o” becomes “u” before an o
        "Ana, Hielo Azul o Óscar",
    ),
    (Listing(("Ana", "Hielo Azul")), "Ana and Hielo Azul", "Ana et Hielo Azul", "Ana y Hielo Azul", "Ana e Hielo Azul"),
    (7, "7", "7", "7", "7"),
]


@pytest.mark.parametrize("golden", GOLDEN, ids=lambda golden: type(golden[0]).__name__)
def test_a_value_is_said_as_a_native_writes_it(golden: tuple[Value, str, str, str, str]) -> None:
    assert tuple(say(golden[0], language) for language in LANGUAGES) == golden[1:]


@pytest.mark.parametrize(
    ("count", "said"),
    [
        (0, ("0 files added", "0 fichier ajouté", "0 archivos añadidos", "0 file aggiunti")),
        (1, ("1 file added", "1 fichier ajouté", "1 archivo añadido", "1 file aggiunto")),
        (2, ("2 files added", "2 fichiers ajoutés", "2 archivos añadidos", "2 file aggiunti")),
        (21, ("21 files added", "21 fichiers ajoutés", "21 archivos añadidos", "21 file aggiunti")),
    ],
)
def test_the_plural_is_the_languages_own(count: int, said: tuple[str, ...]) -> None:
    assert tuple(say(t("report.files", count), language) for language in LANGUAGES) == said


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_people_write_is_never_a_blank(language: str) -> None:
    written = "{name} {phone} {0} {} %s %(name)s {name!r} \\g<1>"
    said = say(t("team.emergency.call", name=written, phone="{name}"), language)
    assert written in said
    assert say(written, language) == written
    assert said.count("{name}") == 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_phrase_in_a_phrase_is_said_in_the_same_language(language: str) -> None:
    area = say(t("area.audio"), language)
    headline = say(t("request.headline", number="1042", area=t("area.audio")), language)
    assert area in headline
    assert "1042" in headline


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_unknown_key_is_a_mistake_of_ours(language: str) -> None:
    for key in ("no.such.phrase", ""):
        assert not speaks(key, language)
        with pytest.raises(KeyError):
            say(t(key), language)


def test_a_missing_value_is_a_mistake_of_ours() -> None:
    with pytest.raises(KeyError, match="name"):
        say(t("menu.greeting"), "en")


def test_a_language_we_do_not_speak_is_refused() -> None:
    with pytest.raises(OSError, match="de"):
        catalogue("de")


@pytest.mark.parametrize("value", [golden[0] for golden in GOLDEN] + [t("report.files", 3), t("menu.ask")])
def test_what_is_said_survives_the_outbox(value: Value) -> None:
    """A text is kept as JSON until it leaves; it says the same afterwards."""
    kept = msgspec.json.encode(Text("claim.customer", {"name": value, "home": "x"}))
    read = msgspec.json.decode(kept, type=Text)
    assert say(read.values["name"], "fr") == say(value, "fr")
