"""Whole walks in each of the four languages: nobody reads a key or another language, every calendar file is right.

A run walks each in two of the eight combinations of language and database, other ones for each walk; `--full` all.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import update

from domain.appointments import Booking, BookingState
from domain.homes import Home
from domain.money import Money
from domain.orders import PaymentState
from domain.people import Person as Customer
from domain.requests import Request, State
from locales.phrasebook import say
from locales.text import Day, Moment
from sandbox.faults import Fault
from sandbox.slack.seen import Post
from sandbox.telegram.person import Person
from tests.channels.test_receipt import words as printed
from tests.conftest import fresh_database
from tests.house import House, open_house, words
from tests.journey.ground import (
    bookings_of,
    books,
    clock_goes_to,
    is_offered_times,
    reports,
    requests_of,
    w,
)
from tests.journey.ics import Entry, opened
from tests.journey.readable import faults_in, speaks_another
from tests.journey.test_appointments import with_one_technician
from tests.journey.test_calendar import day_of, enters_absence
from tests.journey.test_paying import TOKEN, chooses, company, orders_of, pays_late, receipts, task, wants_a_visit
from tests.journey.test_visits import SUNDAY, owed

COMBINATIONS = [(language, kind) for kind in ("sqlite", "postgresql") for language in ("en", "fr", "es", "it")]
WALKS = ["moves_and_calls_off_late", "is_not_at_home", "who_waits", "is_ill", "pays_late", "pays_twice", "is_declined"]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Two combinations for each walk, so that all eight are walked in a run; or all of them."""
    if "combination" not in metafunc.fixturenames:
        return
    number = next(n for n, name in enumerate(WALKS) if metafunc.function.__name__.endswith(name))
    chosen = [COMBINATIONS[(2 * number + n * 5) % 8] for n in range(2)]
    metafunc.parametrize("combination", COMBINATIONS if metafunc.config.getoption("--full") else chosen, ids="-".join)


@dataclass
class Walk:
    """Where it is walked, and in which language."""

    language: str
    url: str
    folder: Path

    @property
    def say(self) -> Callable[..., str]:
        return partial(words, self.language)

    def house(self, file: str | None = None, **more: str) -> Any:
        return open_house(self.folder, self.url, **({"COMPANY_FILE": file} if file else {}), **more)

    def paid_house(self) -> Any:
        return self.house(company(self.folder), TELEGRAM_PAYMENT_TOKEN=TOKEN)


@pytest.fixture
def walk(combination: tuple[str, str], tmp_path: Path, request: pytest.FixtureRequest) -> Walk:
    """A combination, with a fresh database."""
    language, kind = combination
    sqlite = f"sqlite:///{tmp_path}/aftercare.db"
    return Walk(
        language,
        sqlite if kind == "sqlite" else fresh_database(request.getfixturevalue("postgresql")),
        tmp_path,
    )


def reads_well(person: Person, language: str) -> None:
    """All that he has read is in words, and in his language."""
    for bubble in person.chat:
        if not bubble.from_bot or "successful_payment" in bubble.raw:
            continue
        labels = () if "invoice" in bubble.raw else tuple(bubble.labels)  # the Pay button is the client's
        text = bubble.text or "".join(filter(None, [bubble.file_name]))
        assert list(faults_in(text, labels, language)) == []
        assert speaks_another(text, labels, language) is None


def entries(person: Person) -> list[Entry]:
    """His calendar files, in order."""
    found = [b for b in person.chat if b.file_name and b.file_name.endswith(".ics") and b.content]
    return [opened(b.content) for b in found if b.content]


async def zone_of(house: House, booking: Booking) -> str:
    """The time zone of the home an appointment is in."""

    def unit(session: Any) -> str:
        home = session.get_one(Home, session.get_one(Request, booking.request_id).home_id)
        return str(home.time_zone)

    found: str = await house.in_database(unit)
    return found


async def is_right(house: House, walk: Walk, entry: Entry, booking: Booking, sequence: int, off: bool = False) -> None:
    """A calendar file says what the record says: the same entry, the moment, on the clock of his home."""

    zone = await zone_of(house, booking)
    assert (entry.uid, entry.sequence) == (f"{booking.uid}@aftercare", sequence)
    assert (entry.status, entry.method) == (("CANCELLED", "CANCEL") if off else ("CONFIRMED", "PUBLISH"))
    assert (entry.zone, entry.starts, entry.ends) == (zone, booking.starts_at, booking.ends_at)
    assert entry.local == booking.starts_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    assert walk.say("help.visit") in entry.summary


async def comes(house: House, walk: Walk, ref: str) -> Person:
    """Somebody of the sample, as if this had been his language from the beginning."""
    change = update(Customer).where(Customer.ref == ref).values(language=walk.language)
    await house.in_database(lambda session: session.execute(change))
    return await house.arrives(walk.language, ref)


async def has_a_visit(
    house: House, walk: Walk, area: str = "lighting", choice: int = 0
) -> tuple[Person, Post, Booking]:  # fmt: skip
    """He has booked, and has a calendar file that is right."""
    person = await house.arrives(walk.language)
    card = await reports(house, person, f"{area} …", area, walk.say)
    await books(house, person, choice, say=walk.say)
    booking = (await bookings_of(house))[-1]
    (entry,) = entries(person)
    await is_right(house, walk, entry, booking, 0)
    return person, card, booking


async def test_he_moves_and_calls_off_late(walk: Walk) -> None:
    async with walk.house() as house:
        person, _, visit = await has_a_visit(house, walk)
        fee = say(Money(3000, "EUR"), walk.language)
        await clock_goes_to(house, visit.starts_at - timedelta(hours=3))
        await person.presses(walk.say("request.move"))
        await person.sees(walk.say("solve.way.ask"))
        had = say(Moment(visit.starts_at, await zone_of(house, visit), "short"), walk.language)
        times = await is_offered_times(person, walk.say)
        assert not any(had in label for label in times.labels)  # nobody pays for moving to the time he has
        await person.presses(times.labels[0])
        sure = await person.sees(walk.say("solve.confirm"))
        assert walk.say("solve.move.fee", fee=fee) in sure.text
        await person.presses(walk.say("solve.confirm"))
        await person.sees(walk.say("booked.moved"))
        await house.quiet()
        new = (await bookings_of(house))[-1]
        assert new.starts_at > visit.starts_at
        await is_right(house, walk, entries(person)[-1], new, 1)
        await clock_goes_to(house, new.starts_at - timedelta(minutes=30))
        await person.presses(walk.say("request.cancel"))
        sure = await person.sees(walk.say("request.cancel.ask"))
        assert fee in sure.text
        await person.presses(walk.say("request.cancel.yes"))
        await person.sees(walk.say("booking.off"))
        await house.quiet()
        assert await owed(house) == [3000, 3000]
        off = (await bookings_of(house))[-1]
        assert off.state is BookingState.CANCELLED
        await is_right(house, walk, entries(person)[-1], off, 2, off=True)
        assert len({entry.uid for entry in entries(person)}) == 1
        reads_well(person, walk.language)


async def test_he_is_not_at_home(walk: Walk) -> None:
    async with walk.house() as house:
        person, card, visit = await has_a_visit(house, walk)
        await clock_goes_to(house, visit.starts_at + timedelta(minutes=20))
        ana = house.team["ana"]
        await ana.presses(w("team.nobody"), card, timeout=5)
        await ana.sees_modal()
        assert await ana.fills({w("nobody.words"): "Rang three times"}) == {}
        fee = say(Money(5000, "EUR"), walk.language)
        told = await person.sees(walk.say("nobody_there.fee", fee=fee))
        await house.quiet()
        assert (await bookings_of(house))[0].state is BookingState.NO_ACCESS
        assert await owed(house) == [5000]
        await person.presses(walk.say("request.book"), on=told)
        await person.sees(walk.say("solve.way.ask"))
        await books(house, person, say=walk.say)
        again = (await bookings_of(house))[-1]
        assert (again.state, (await requests_of(house))[0].state) == (BookingState.BOOKED, State.BOOKED)
        assert entries(person)[-1].starts == again.starts_at > visit.starts_at
        assert not any("Rang three times" in bubble.text for bubble in person.chat)
        reads_well(person, walk.language)


async def test_the_first_in_line_does_not_answer_and_the_second_takes_it_who_waits(walk: Walk) -> None:
    async with walk.house(str(with_one_technician(walk.folder))) as house:
        await clock_goes_to(house, SUNDAY)
        has, second, first = [await comes(house, walk, ref) for ref in ("C003", "C004", "C007")]
        await reports(house, has, "…", "shades", walk.say)
        await books(house, has, say=walk.say)
        early = (await bookings_of(house))[-1]
        for person in (second, first):
            await reports(house, person, "…", "shades", walk.say)
            await is_offered_times(person, walk.say)
            await person.presses(walk.say("waiting.join"))
            await person.sees(walk.say("waiting.joined"))
            person.looks_away()
        await has.presses(walk.say("request.cancel"))
        await has.sees(walk.say("request.cancel.ask"))
        await has.presses(walk.say("request.cancel.yes"))
        await house.quiet()
        await first.sees(walk.say("freed.take"))
        held = next(b for b in await bookings_of(house) if b.state is BookingState.HELD)
        assert walk.say("freed.take") not in second.buttons()
        assert held.hold_until is not None
        await clock_goes_to(house, held.hold_until)
        kept = await second.sees(walk.say("freed.take"))
        await second.presses(walk.say("freed.take"), on=kept)
        await second.sees(walk.say("booked.title"))
        await house.quiet()
        (stands,) = [b for b in await bookings_of(house) if b.state is BookingState.BOOKED]
        assert stands.starts_at == early.starts_at
        await is_right(house, walk, entries(second)[-1], stands, stands.sequence)
        for person in (has, first, second):
            reads_well(person, walk.language)


async def test_he_is_asked_for_another_time_when_the_technician_is_ill(walk: Walk) -> None:
    async with walk.house() as house:
        person, _, visit = await has_a_visit(house, walk)
        lena, away = house.team["lena"], house.team[visit.technician].name
        assert await enters_absence(house, "lena", day_of(visit), **{w("calendar.who"): away}) == {}
        listed = await lena.sees("#service", w("absence.visits", 1), anywhere=True)
        await lena.presses(w("absence.propose"), listed)
        asked = await person.sees(walk.say("time.sorry"))
        await house.quiet()
        assert walk.say("time.old") in asked.text
        await person.presses(walk.say("time.agree"), on=asked)
        await person.sees(walk.say("time.moved"), anywhere=True)
        await house.quiet()
        old, new = await bookings_of(house)
        assert (old.state, new.state) == (BookingState.MOVED, BookingState.BOOKED)
        assert day_of(new) > day_of(old)
        before, after = entries(person)
        assert before.uid == after.uid
        await is_right(house, walk, after, new, 1)
        reads_well(person, walk.language)


async def test_his_time_is_booked_again_when_he_pays_late(walk: Walk) -> None:
    async with walk.paid_house() as house:
        person, _ = await wants_a_visit(house, walk.language)
        await chooses(house, person, say=walk.say)
        await pays_late(house, person)
        await person.sees(walk.say("booked.title"))
        await house.quiet()
        first, again = await bookings_of(house)
        assert (first.state, again.state) == (BookingState.EXPIRED, BookingState.BOOKED)
        await is_right(house, walk, entries(person)[-1], again, 0)
        assert len(receipts(person)) == 1
        reads_well(person, walk.language)


async def test_a_person_decides_when_he_pays_twice(walk: Walk) -> None:
    async with walk.paid_house() as house:
        person, _ = await wants_a_visit(house, walk.language)
        await chooses(house, person, say=walk.say)
        house.sandbox.faults.add(Fault("paid_twice", "telegram"))
        payment = await person.pays()
        await person.sees(walk.say("pay.astray.next"))
        await house.quiet()
        assert [o.state for o in await orders_of(house)] == [PaymentState.PAID, PaymentState.STRAY]
        told, lena = task(house, w("team.money.twice")), house.team["lena"]
        await lena.presses(w("team.money.back"), told)
        await lena.sees_modal()
        assert await lena.fills({w("payback.amount"): str(payment.total / 100), w("payback.words"): "Twice"}) == {}
        back = say(Money(payment.total, "EUR"), walk.language)
        await person.sees(walk.say("pay.given_back", amount=back))
        await house.quiet()
        (visit,) = [b for b in await bookings_of(house) if b.state is BookingState.BOOKED]
        await is_right(house, walk, entries(person)[-1], visit, 0)
        assert len(receipts(person)) == 1
        reads_well(person, walk.language)


async def test_a_second_card_works_when_the_first_is_declined(walk: Walk) -> None:
    async with walk.paid_house() as house:
        person, _ = await wants_a_visit(house, walk.language)
        asked = await chooses(house, person, say=walk.say)
        assert (await person.pays("declined")).reason == "declined"
        payment = await person.pays()
        assert payment.paid
        price = say(Money(payment.total, "EUR"), walk.language)
        offered = walk.say("solve.way.named", work=walk.say("help.visit"), price=price)
        assert any(offered in bubble.text for bubble in person.chat)
        assert asked.text.count(price) == 1
        await person.sees(walk.say("booked.title"))
        await house.quiet()
        (visit,) = await bookings_of(house)
        (paper,) = receipts(person)
        assert house.app is not None
        today = house.app.clock.now().astimezone(ZoneInfo(await zone_of(house, visit))).date()
        assert say(Day(today), walk.language) in printed(paper)  # with the year
        await clock_goes_to(house, visit.starts_at - timedelta(minutes=30))
        await person.presses(walk.say("request.cancel"))
        await person.sees(walk.say("request.cancel.ask"))
        await person.presses(walk.say("request.cancel.yes"))
        await person.sees(walk.say("booking.off"))
        await house.quiet()
        assert task(house, w("team.money.too_much"))
        assert [entry.sequence for entry in entries(person)] == [0, 1]
        reads_well(person, walk.language)
