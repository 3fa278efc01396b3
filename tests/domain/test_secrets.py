"""People paste passwords and codes; the guard strikes them out and leaves everything else alone."""

import random
import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.secret_shapes import DOT
from domain.secrets import mask

SECRETS = """
my password is [hunter2]
My password is [banana]
my password is [banana] and my name is Tom
the wifi password is [Casa2024!]
wifi password [Casa2024!]
Wifi: CasaRossi / password: [blu3mare]
password:[hunter2]
Password = [letmein]
pwd: [hunter2]
passwd [s3cret-Home]
pass: [abcd1234]
user admin pass: [Zx81!zx]
I changed the password to [hunter2]
the password was changed to [sunflower9]
the password for the router is [admin123]
password for the wifi is "[blue sky 12]"
the wifi key is [9F3A77C1D2]
the network key: [9F3A77C1D2]
PIN [1234]
my pin is [4521], please hurry
pin code: [4521]
the alarm code is [4521]
the alarm code is now [4521]
alarm code [4521]
alarm code changed, it's now [4521]
the code for the alarm is [4521#]
the code of the front door is [45 21]
gate code: [A4521]
door code [7788] and come in
the keypad code is [4521] and [7788]
the codes are [4521] and [7788]
the code is [4521]
[4521] is the alarm code
[hunter2] is my password
my card is [4111 1111 1111 1111]
card [4111-1111-1111-1111] until 12/27, cvv [123]
[378282246310005] is the number on the card
code [4521] for the gate, ring when there
my passwords are [hunter2] and [hunter3]
mon mot de passe est [soleil]
le mot de passe du wifi est [Maison2024]
mot de passe : [soleil]
mdp: [azerty12]
PIN-[4521]
wifi pass [Casa2024]
code boîte à clés [0482]
password: `[hunter2]`
password: *[hunter2]*
password: [granada]
Alarm code: *[4521]*
mdp wifi [Maison2024!]
la clé wifi est [9F3A77C1D2]
clé du wifi : [9F3A77C1D2]
j'ai changé le mot de passe en [Soleil99]
le code de l'alarme est [4521]
le code de l’alarme, c'est [4521]
code alarme [4521]
le digicode est [45B12]
digicode [4521A]
le code du portail : [7788]
le code d'entrée est le [7788]
le code est [4521]
[4521] est le code de l'alarme
la contraseña es [girasol]
mi contraseña es [Casa2024]
contraseña: [girasol]
la clave del wifi es [Casa2024]
clave wifi: [Casa2024]
he cambiado la contraseña a [Casa2025]
el código de la alarma es [4521]
código alarma [4521]
el pin es [1234]
el código de la puerta: [7788]
el código del garaje es ahora [7788]
la password è [girasole]
la password del wifi è [Casa2024]
password: [girasole]
la mia password e' [Casa2024]
la chiave del wifi è [9F3A77C1D2]
ho cambiato la password in [Casa2025]
parola d'ordine: [girasole]
il codice dell'antifurto è [1234]
il codice dell’allarme è [1234#]
codice allarme [1234]
il codice del cancello: [7788]
[1234] è il codice dell'allarme
""".strip().splitlines()

HARMLESS = """
error code E12
error code 4521
the error code is 4521
the panel shows error code 45
the alarm panel shows error code 4521
fault code: 1234
the code lock is broken
the code does not work
the alarm code does not work
the alarm code is wrong
the alarm code is 10 minutes late
I forgot my password
I forgot the alarm code
my password does not work
my password is not working
my password is wrong
my password is wrong and I am locked out
the password is written on the box
the password is too short
the password is 8 characters long
password: forgotten
password reset please
I typed the password 3 times
the password was changed in 2019
the password was changed yesterday
the password does not work, my phone is +33612345678
I forgot the password, my request is 1042
the password page says 404
could you send me the password?
what is the wifi password?
the alarm rang 3 times
the alarm rang at 12:30
the light costs 120 €
it costs €1,250.00 in total
call me at +33 6 12 34 56 78
call me at 0612345678
my request number is 1042
request 1042 please
come on 12/03/2026 at 14:30
the postcode is 06000
the product code is 123456
the order code: 4521
promo code 12345
the key is under the mat
key: under the mat
pin 3 of the connector is bent
it is 1234 Main Street
the serial number is 4521778812345678
the code review is done
the access code reader RX450 is dead
the code on invoice 20231 is wrong
the door code stopped working in 2024
the alarm code expires in 2026
le code de la porte a changé en 2024
il codice della porta non va dal 2024
the pins are bent
the TV shows 4521
barcode 4006381333931
code erreur 45
code d'erreur 4521
le code erreur est 4521
le code postal est 06000
le code promo est 12345
j'ai oublié mon mot de passe
le mot de passe ne marche pas
mon mot de passe est incorrect
mot de passe oublié
mot de passe : oublié
le mot de passe est trop court
le code de l'alarme ne marche plus
l'alarme a sonné 3 fois
le clavier à code est cassé
la clé est sous le paillasson
appelez-moi au 06 12 34 56 78
le mot de passe ne marche pas, mon numéro est 0612345678
la visite coûte 110 €
rendez-vous le 12/03/2026 à 14 h 30
ma demande 1042
código de error 45
el código de error es 4521
el código postal es 28001
he olvidado mi contraseña
la contraseña no funciona
mi contraseña es incorrecta
la clave es reiniciar
la alarma sonó 3 veces
el teclado de la puerta está roto
mi teléfono es 612345678
la visita cuesta 110 €
codice errore 45
il codice di errore è 4521
il codice fiscale è RSSMRA80A01H501U
il codice cliente è 45217
codice postale 20121
ho dimenticato la password
la password non funziona
la mia password è sbagliata
la password è scritta sulla scatola
l'allarme ha suonato 3 volte
la tastiera a codice è rotta
la chiave è sotto il vaso
il mio telefono è 3331234567
la visita costa 110 €
il 12/03/2026 alle 14:30
la richiesta 1042
marta@example.com
https://example.com/password/reset
""".strip().splitlines()


def units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2


def test_the_tables_are_as_long_as_promised() -> None:
    assert len(SECRETS) >= 40
    assert len(HARMLESS) >= 60


@pytest.mark.parametrize("line", SECRETS)
def test_a_secret_is_struck_out_and_nothing_else(line: str) -> None:
    text = re.sub(r"[\[\]]", "", line)
    assert mask(text) == re.sub(r"\[(.*?)\]", lambda found: DOT * units(found[1]), line)


@pytest.mark.parametrize("line", SECRETS)
def test_a_secret_in_capitals_is_struck_out_too(line: str) -> None:
    text = re.sub(r"[\[\]]", "", line).upper()
    assert mask(text) == re.sub(r"\[(.*?)\]", lambda found: DOT * units(found[1]), line.upper())


@pytest.mark.parametrize("line", HARMLESS)
def test_what_only_sounds_like_a_secret_stays(line: str) -> None:
    assert mask(line) == line


@pytest.mark.parametrize(
    ("line", "language", "masked"),
    [
        ("il codice e 4521", "it", "il codice e ••••"),
        ("le code de la porte et 4521", "fr", "le code de la porte et ••••"),
        ("la clave ez girasol7", "es", "la clave ez ••••••••"),
        ("the code and the price e 4521", "en", "the code and the price e 4521"),
    ],
)
def test_a_misspelt_is_counts_in_its_own_language(line: str, language: str, masked: str) -> None:
    assert mask(line, language) == masked


def test_an_emoji_in_a_password_keeps_the_offsets_of_telegram() -> None:
    text = "password: 🔑abc12 ok 🔑"
    assert mask(text) == "password: ••••••• ok 🔑"
    assert units(mask(text)) == units(text)


def test_accents_written_as_two_characters_are_understood() -> None:
    assert mask("la contrasen\u0303a es girasol") == "la contrasen\u0303a es •••••••"
    assert mask("il codice e\u0300 4521") == "il codice e\u0300 ••••"


def test_a_card_number_with_a_typo_is_no_card() -> None:
    assert mask("4111 1111 1111 1112") == "4111 1111 1111 1112"


VOCABULARY = sorted(set(" ".join(SECRETS + HARMLESS).replace("[", "").replace("]", "").split()))
SOUP = st.lists(st.sampled_from([*VOCABULARY, ":", "•••", "\n", "🔑", "\u0301", '"']), max_size=40).map(" ".join)


@pytest.mark.slow
@given(st.one_of(st.text(), SOUP), st.sampled_from([None, "en", "fr", "es", "it", "xx"]))
@settings(max_examples=600, deadline=None)
def test_any_text_keeps_its_length_and_is_masked_once_for_all(text: str, language: str | None) -> None:
    masked = mask(text, language)
    assert units(masked) == units(text)
    assert mask(masked, language) == masked


@pytest.mark.slow
@pytest.mark.parametrize(
    "piece",
    [
        *(
            "password ",
            "password is ",
            "the code of the door is ",
            "1 ",
            "1",
            " ",
            "a",
            ":",
            "'",
            "pin\n",
            "•",
            "\u0301",
        ),
        *("password password: is is to ", "4111 1111 1111 1111 ", '"', "is my password ", "code-code ", "è "),
    ],
)
def test_a_hundred_kilobytes_are_read_in_linear_time(piece: str) -> None:
    started = time.thread_time()
    mask(piece * (100_000 // len(piece)))
    assert time.thread_time() - started < 8


def test_random_words_of_the_trade_in_any_order_never_raise() -> None:
    chance = random.Random(7)
    for _ in range(500):
        mask(" ".join(chance.choices(VOCABULARY, k=60)), chance.choice([None, "it"]))
