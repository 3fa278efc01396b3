"""Finding: accents, case, marks and ways of writing a phone number make no difference."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.finding import MOST, Hit, find, folded, phone, valid_phone
from domain.homes import Member, Role
from domain.people import Person, Presence
from domain.work import Work
from tests.domain.ground import home, person, request


def lives(work: Work, name: str, at: str = "H1", number: str | None = None) -> Hit:
    """Somebody with that name, in a home of his own."""
    somebody, place = person(work), home(work, at)
    somebody.name, somebody.phone = name, number
    work.session.add(Member(home_id=place.id, person_id=somebody.id, role=Role.OWNER))
    work.session.flush()
    return Hit(somebody.id, place.id)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("strasse", "Anna Straße"),
        ("oconnor", "James OConnor"),
        ("o connor", "James O’Connor"),
        ("lefevre", "Nathalie LEFÈVRE"),
        ("łukasz", "Lukasz Nowak"),
        ("soren", "Søren Kjær"),
        ("kjaer", "Søren Kjær"),
        ("دينا", "دينا حداد"),
        ("jean pierre", "Jean-Pierre Petit"),
    ],
)
def test_a_name_is_found_without_its_marks(work: Work, written: str, name: str) -> None:
    hit = lives(work, name)
    assert find(work, written, "FR") == ([hit], False)


def test_who_begins_with_the_words_comes_first(work: Work) -> None:
    inside, first = lives(work, "Bellamar Costa", "H1"), lives(work, "Amar Bell", "H2")
    assert find(work, "amar", "FR")[0] == [first, inside]


def test_all_words_count_in_name_and_home_together(work: Work) -> None:
    hit, _ = lives(work, "Ana Ruiz", "H1"), lives(work, "Ana Lopez", "H2")
    assert find(work, "ana ruiz torino", "FR")[0] == [hit]
    assert find(work, "ana ruiz bordeaux", "FR")[0] == []


def test_a_request_number_names_its_customer(work: Work) -> None:
    hit = lives(work, "Ana Ruiz")
    asked = request(work, work.session.get_one(Person, hit.person), None)
    for written in (asked.number, f"#{asked.number}", f" # {asked.number} "):
        assert find(work, written, "FR")[0] == [Hit(hit.person, None, asked.id)]


@pytest.mark.parametrize("written", ["06 39 98 01 03", "+33639980103", "0033 6.39.98.01.03", "(0)639980103", "980103"])
def test_a_number_is_found_however_it_is_written(work: Work, written: str) -> None:
    hit, _ = lives(work, "Ana", "H1", "+33639980103"), lives(work, "Ben", "H2", "+34600555105")
    assert find(work, written, "FR")[0] == [hit]


def test_an_erased_customer_is_found_no_more(work: Work) -> None:
    hit = lives(work, "Ana Ruiz")
    work.session.get_one(Person, hit.person).presence = Presence.ERASED
    assert find(work, "ana", "FR") == ([], False)


def test_at_most_fifteen_and_that_there_are_more(work: Work) -> None:
    for number in range(MOST + 1):
        lives(work, f"Ana {number:02}", f"H{number}")
    found, more = find(work, "ana", "FR")
    assert (len(found), more) == (MOST, True)


@given(st.text(max_size=60))
def test_nothing_anybody_types_is_too_much(words: str) -> None:
    folded(words)
    phone(words, ("FR", "ES"))
    assert (valid_phone(words, "FR") or "+").startswith("+")
