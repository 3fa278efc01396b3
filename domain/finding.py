"""Finding a customer: by name, home, town, request number or phone, however it is written."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import Row, select

from domain import phones
from domain.homes import Home, Member
from domain.people import Person, Presence
from domain.requests import Request, numbered
from domain.work import Work

MOST = 15
FEWEST_DIGITS = 5  # of a phone number that is not written in full
APART = str.maketrans(dict.fromkeys("-'’‘.,;:/()", " "))
LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})


@dataclass(frozen=True)
class Hit:
    """A customer (in one of his homes), and the request whose number was asked for."""

    person: int
    home: int | None
    request: int | None = None


def folded(words: str) -> str:
    """Words as they are compared: without case, accents and marks."""
    plain = unicodedata.normalize("NFKD", words.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c)).translate(LETTERS).translate(APART)


def phone(written: str, countries: Iterable[str]) -> set[str]:
    """What a phone number may be (E.164), as one writes it in any of these countries."""
    return {number for country in (None, *countries) if (number := phones.written(written, country)) is not None}


def valid_phone(written: str, country: str) -> str | None:
    """The number in full (E.164), if it is one."""
    return next(iter(phone(written, ()) or phone(written, (country,))), None)


def find(work: Work, words: str, country: str, most: int = MOST) -> tuple[list[Hit], bool]:
    """Who is meant, the likeliest first, and whether there are more than `most`."""
    wanted = folded(words).split()
    if not wanted:
        return [], False
    found = list(dict.fromkeys([*_numbered(work, words), *_by_phone(work, words, country), *_named(work, wanted)]))
    return found[:most], len(found) > most


def _numbered(work: Work, words: str) -> Iterator[Hit]:
    request = numbered(work, words.strip().removeprefix("#").strip())
    if request is not None:
        yield Hit(request.person_id, request.home_id, request.id)


def _by_phone(work: Work, words: str, country: str) -> Iterator[Hit]:
    digits = "".join(str(unicodedata.digit(c)) for c in words if c.isdigit())
    if len(digits) < FEWEST_DIGITS or any(c.isalpha() for c in words):
        return
    everywhere = work.session.scalars(select(Home.country).distinct()).all()
    whole, end = phone(words, {country, *everywhere}), digits.lstrip("0")
    rows = _people(work)
    exact = [row for row in rows if row[2] in whole]
    for row in exact or [row for row in rows if end and (row[2] or "").endswith(end)]:
        yield Hit(row[0], row[1])


def _named(work: Work, wanted: Sequence[str]) -> list[Hit]:
    """All words must be found in the name, the home or where it stands; names that begin with them first."""
    hits: list[tuple[int, str, Hit]] = []
    for person, home, _, name, *where in _people(work):
        called, place = folded(name), folded(" ".join(part or "" for part in where))
        if all(word in called or word in place for word in wanted):
            inside = sum(not any(part.startswith(word) for part in called.split()) for word in wanted)
            hits.append((inside, called, Hit(person, home)))
    return [hit for *_, hit in sorted(hits, key=lambda hit: hit[:2])]


def _people(work: Work) -> Sequence[Row[int, int, str | None, str, str, str, str]]:
    """Everybody we know, once for each of his homes: columns only, for there may be thousands."""
    asked = (
        select(Person.id, Home.id, Person.phone, Person.name, Home.name, Home.city, Home.address)
        .outerjoin(Member, (Member.person_id == Person.id) & Member.ended_at.is_(None))
        .outerjoin(Home, Home.id == Member.home_id)
        .where(Person.presence != Presence.ERASED)
        .order_by(Person.id, Member.id)
    )
    return work.session.execute(asked).all()


def requests_at(work: Work, person: Person, home: Home | None) -> list[Request]:
    """The requests of a home, or of somebody without one, the newest first."""
    asked = select(Request).where(Request.home_id == home.id) if home else select(Request).where(
        Request.person_id == person.id)  # fmt: skip
    return list(work.session.scalars(asked.order_by(Request.id.desc())))
