"""Storms in the record: who joins, who is told, how they end; and many who report at the very same moment."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from bot.database import sqlite_engine
from bot.postgresql import PostgreSQL
from domain import bookings, queues, requests, storm_deeds, storm_events, storm_rules, storm_watching, storms
from domain.appointments import BookingState
from domain.areas import Area, Intent, Urgency
from domain.homes import Device, Home
from domain.notes import Note, Sending
from domain.people import Person
from domain.record import metadata
from domain.requests import Request, State, Wish, open_request
from domain.storms import Ending, Storm
from domain.work import Work
from tests.domain.ground import MONDAY, SAMPLE, hold, home, offer, person, refusal_of, request
from tests.domain.racing import breathe

SOON = timedelta(minutes=15)
HOMES = SAMPLE.desk.storm.homes
TOLD = {"it": "Ci siamo.", "fr": "On s’en occupe."}


def lives(work: Work, number: int, region: str = "riviera", language: str = "it") -> tuple[Person, Home]:
    """Somebody with a home."""
    owner = person(work, f"P{number}", telegram=f"t{number}")
    owner.language = language
    place = home(work, f"H{number}", owner)
    place.region = region
    work.session.flush()
    return owner, place


def reports(
    work: Work, number: int, area: Area = Area.NETWORK, region: str = "riviera", language: str = "it"
) -> Request:
    """A home reports, and it is noticed."""
    owner, place = lives(work, number, region, language)
    made = request(work, owner, place, area)
    storm_watching.notice(work, SAMPLE, made)
    return made


def storm_of(work: Work, homes: int = HOMES) -> tuple[Storm, list[Request]]:
    """So many homes report the same."""
    made = [reports(work, n) for n in range(homes)]
    (storm,) = storms.lasting(work)
    return storm, made


def in_it(work: Work, storm: Storm) -> set[int]:
    return {child.request.id for child in storms.children(work, storm)}


def notes(work: Work) -> list[Note]:
    return list(work.session.scalars(select(Note).order_by(Note.id)))


def test_it_begins_with_the_home_that_makes_it_enough_and_takes_the_earlier_ones(work: Work) -> None:
    made = [reports(work, n) for n in range(HOMES - 1)]
    assert storms.lasting(work) == []
    made.append(reports(work, HOMES))
    (storm,) = storms.lasting(work)
    assert (storm.area, storm.region, storm.begun_by) == (Area.NETWORK, "riviera", None)
    assert in_it(work, storm) == {one.id for one in made}
    began = [fact for fact in work.events if isinstance(fact, storm_events.StormBegan | storm_events.StormJoined)]
    assert began[0] == storm_events.StormBegan(storm.id, None)
    assert [fact.later for fact in began[1:] if isinstance(fact, storm_events.StormJoined)] == [False] * HOMES


def test_a_like_request_joins_and_an_unlike_one_does_not(work: Work) -> None:
    storm, made = storm_of(work)
    other, elsewhere, like = reports(work, 20, Area.SHADES), reports(work, 21, region="lyon"), reports(work, 22)
    assert (other.storm_id, elsewhere.storm_id, like.storm_id) == (None, None, storm.id)
    work.now += timedelta(hours=25)
    assert reports(work, 23).storm_id is None, "a day later it is something else"
    assert len(storms.lasting(work)) == 1
    assert len(made) == HOMES


def test_the_network_of_a_home_is_its_provider_where_nobody_names_the_device(work: Work) -> None:
    for number in range(HOMES):
        owner, place = lives(work, number, region=f"r{number}")
        device = {"area": Area.NETWORK, "room": "Hall", "model": "Air 6"}
        work.session.add(Device(ref=f"D{number}", home_id=place.id, brand="Netarco", **device))
        work.session.flush()
        storm_watching.notice(work, SAMPLE, request(work, owner, place, Area.NETWORK))
    (storm,) = storms.lasting(work)
    assert (storm.brand, storm.region) == ("Netarco", None)


def test_danger_stands_alone_and_what_becomes_dangerous_leaves(work: Work) -> None:
    storm, made = storm_of(work)
    owner, place = lives(work, 30)
    wish = Wish(Intent.PROBLEM, Area.NETWORK, Urgency.EMERGENCY, "It smells burnt", "C0")
    danger = open_request(work, owner.id, place.id, wish)
    storm_watching.notice(work, SAMPLE, danger)
    assert danger.storm_id is None
    assert refusal_of(lambda: storms.join(work, SAMPLE, danger, storm)) == "StandsAlone"
    requests.raise_emergency(work, made[0])
    storms.goes_by_itself(work, made[0])
    assert made[0].storm_id is None
    assert len(in_it(work, storm)) == HOMES - 1


def test_an_emergency_makes_no_storm_of_the_others(work: Work) -> None:
    owner, place = lives(work, 30)
    wish = Wish(Intent.PROBLEM, Area.NETWORK, Urgency.EMERGENCY, "It smells burnt", "C0")
    storm_watching.notice(work, SAMPLE, open_request(work, owner.id, place.id, wish))
    for number in range(HOMES - 1):
        reports(work, number)
    assert storms.lasting(work) == []


def test_everybody_is_told_once_in_his_language_and_who_joins_later_reads_the_newest(work: Work) -> None:
    storm, _ = storm_of(work)
    assert storm_deeds.tell_everybody(work, SAMPLE, storm, TOLD, "ana") == HOMES
    assert [note.words for note in notes(work)] == ["Ci siamo."] * HOMES
    assert all(note.sent_by is None and note.author == "Ana Ruiz" for note in notes(work)), "nobody talks with them"
    assert storm_deeds.tell_everybody(work, SAMPLE, storm, TOLD, "tom") == 0, "nobody reads the same twice"
    reports(work, 40, language="fr")
    assert notes(work)[-1].words == "On s’en occupe."
    assert storm_deeds.tell_everybody(work, SAMPLE, storm, {**TOLD, "it": "Fatto a metà."}, "tom") == HOMES
    assert len(notes(work)) == 2 * HOMES + 1


def test_who_has_two_homes_in_it_reads_it_once(work: Work) -> None:
    storm, made = storm_of(work)
    owner = work.session.get_one(Person, made[0].person_id)
    second = home(work, "H2ND", owner)
    second.region = "riviera"
    storm_watching.notice(work, SAMPLE, request(work, owner, second, Area.NETWORK))
    assert storm_deeds.tell_everybody(work, SAMPLE, storm, TOLD, "ana") == HOMES
    assert len(notes(work)) == HOMES
    assert all(child.told for child in storms.children(work, storm))


def test_whom_no_words_reach_he_is_tried_again_and_not_counted(work: Work) -> None:
    storm, made = storm_of(work)
    gone = work.session.get_one(Person, made[0].person_id)
    gone.telegram = None
    work.session.flush()
    assert storm_deeds.tell_everybody(work, SAMPLE, storm, TOLD, "ana") == HOMES - 1
    notes(work)[0].sending = Sending.FAILED
    gone.telegram = "t0"
    assert storm_deeds.tell_everybody(work, SAMPLE, storm, TOLD, "ana") == 1


def test_who_was_taken_out_stays_out_until_a_teammate_puts_him_back(work: Work) -> None:
    storm, made = storm_of(work)
    storms.leave(work, made[0])
    assert refusal_of(lambda: storms.leave(work, made[0])) == "NotInAStorm"
    storm_watching.notice(work, SAMPLE, made[0])
    assert made[0].storm_id is None
    storms.join(work, SAMPLE, made[0], storm)
    assert made[0].storm_id == storm.id


def test_solved_solves_all_that_run_and_nothing_can_be_done_with_it_any_more(work: Work) -> None:
    storm, made = storm_of(work)
    requests.cancel(work, made[0])
    assert storm_deeds.solve(work, storm, {"it": "Ora va."}, "ana") == HOMES - 1
    assert [one.state for one in made] == [State.CANCELLED] + [State.RESOLVED] * (HOMES - 1)
    assert made[1].resolution == "Ora va."
    assert (storm.ending, storm.key) == (Ending.SOLVED, None)
    for deed in (
        lambda: storm_deeds.take(work, storm, "tom"),
        lambda: storm_deeds.tell_everybody(work, SAMPLE, storm, TOLD, "tom"),
        lambda: storm_deeds.solve(work, storm, TOLD, "tom"),
        lambda: storm_deeds.deny(work, storm, "tom"),
        lambda: storms.join(work, SAMPLE, reports(work, 50), storm),
    ):
        assert refusal_of(deed) == "StormOver"
    requests.reopen(work, made[1])
    storms.goes_by_itself(work, made[1])
    assert made[1].storm_id is None, "it is not solved for him: somebody sees to him alone"


def test_where_somebody_is_just_at_work_it_goes_on_and_what_is_still_ahead_is_called_off(work: Work) -> None:
    storm, made = storm_of(work)
    began, ahead = (
        hold(work, one, offer(work, None, work.now + timedelta(hours=hour), kind="remote", minutes=30), work.now + SOON)
        for one, hour in zip(made, (1, 4), strict=False)
    )
    for booking, one in ((began, made[0]), (ahead, made[1])):
        bookings.confirm(work, booking, one)
    work.now += timedelta(hours=1, minutes=10)
    assert storm_deeds.solve(work, storm, {"it": "Ora va."}, "ana") == HOMES - 1
    assert (made[0].state, made[0].storm_id, began.state) == (State.BOOKED, None, BookingState.BOOKED)
    assert (made[1].state, ahead.state) == (State.RESOLVED, BookingState.CANCELLED)


def test_what_is_in_a_storm_is_not_offered_to_technicians_one_by_one(work: Work) -> None:
    reports(work, 90, region="lyon")
    storm, _ = storm_of(work)
    lena = SAMPLE.member("lena")
    assert len(queues.free(work, SAMPLE, lena, 50)) == 1
    storm_deeds.deny(work, storm, "ana")
    assert len(queues.free(work, SAMPLE, lena, 50)) == 1 + HOMES


def test_no_storm_lets_everybody_go_and_the_same_ones_make_none_again(work: Work) -> None:
    storm, made = storm_of(work)
    storm_deeds.deny(work, storm, "ana")
    assert {one.storm_id for one in made} == {None}
    assert reports(work, 60).storm_id is None
    assert storms.lasting(work) == []


def test_sorted_into_another_area_it_leaves_and_may_join_another_storm(work: Work) -> None:
    storm, made = storm_of(work)
    for number in range(70, 70 + HOMES):
        reports(work, number, Area.POWER)
    (power,) = storms.lasting(work, Area.POWER)
    made[0].area = Area.POWER
    storm_watching.sorted_anew(work, SAMPLE, made[0])
    assert made[0].storm_id == power.id != storm.id


def test_a_teammate_begins_one_before_there_are_enough(work: Work) -> None:
    made = [reports(work, n) for n in range(2)]
    options = storm_watching.alike(work, SAMPLE, made[1])
    assert [(one.likeness.region, one.homes) for one in options] == [("riviera", 2), (None, 2)]
    storm = storm_deeds.begin_by_hand(work, SAMPLE, made[1], options[0].likeness.key, "ana")
    assert storm is not None
    assert (storm.begun_by, in_it(work, storm)) == ("ana", {one.id for one in made})


def test_where_it_is_switched_off_only_a_teammate_begins_one(work: Work) -> None:
    desk = SAMPLE.desk.model_copy(update={"storm": storm_rules.StormRules(automatic=False, homes=2)})
    company = SAMPLE.model_copy(update={"desk": desk})
    for number in range(6):
        owner, place = lives(work, number)
        storm_watching.notice(work, company, request(work, owner, place, Area.NETWORK))
    assert storms.lasting(work) == []


# ── at the same moment ──

RACERS = 12


def _prepared(session: Session) -> list[tuple[int, int]]:
    for table in reversed(metadata.sorted_tables):
        session.execute(table.delete())
    work = Work(session, MONDAY, "test")
    return [(who.id, place.id) for who, place in (lives(work, n) for n in range(RACERS))]


def _opens(session: Session, who: int, place: int) -> tuple[Work, Request]:
    work = Work(session, MONDAY, "test")
    wish = Wish(Intent.PROBLEM, Area.NETWORK, Urgency.NORMAL, "Nothing works", "C0")
    return work, open_request(work, who, place, wish)


def _counted(session: Session) -> tuple[int, int]:
    inside = select(func.count()).select_from(Request).where(Request.storm_id.is_not(None))
    return session.scalar(select(func.count()).select_from(Storm)) or 0, session.scalar(inside) or 0


@pytest.fixture
async def server(server_record: str) -> Any:
    database = PostgreSQL(server_record, RACERS + 5)
    yield database
    await database.close()


async def race(server: PostgreSQL, *, guarded: bool) -> tuple[int, int]:
    """All homes report at once: how many storms there are, and how many requests in them."""
    places = await server.write(_prepared)

    def reports_at_once(session: Session, who: int, place: int) -> None:
        work, made = _opens(session, who, place)
        if guarded:
            breathe(work)
            storm_watching.notice(work, SAMPLE, made)
            return
        lately = storm_watching._reports(work, SAMPLE, Area.NETWORK)
        breathe(work)
        found = storm_rules.burst(lately, SAMPLE.desk.storm, work.now)
        if found is not None:
            storm_watching.gather(work, SAMPLE, found, None)

    await asyncio.gather(*(server.write(lambda s, a=a, b=b: reports_at_once(s, a, b)) for a, b in places))
    return await server.read(_counted)


@pytest.mark.slow
@pytest.mark.xdist_group("races")
async def test_twelve_homes_at_the_same_moment_are_one_storm(server: PostgreSQL) -> None:
    assert await race(server, guarded=True) == (1, RACERS)


@pytest.mark.slow
@pytest.mark.xdist_group("races")
async def test_without_holding_the_area_nobody_sees_the_others_and_there_is_no_storm(server: PostgreSQL) -> None:
    assert await race(server, guarded=False) == (0, 0)


def test_on_sqlite_twelve_homes_at_the_same_moment_are_one_storm_too(record: Engine) -> None:
    engine = sqlite_engine(record.url, pool_size=RACERS, max_overflow=0)
    with Session(engine) as session, session.begin():
        places = _prepared(session)

    def reports_at_once(place: tuple[int, int]) -> None:
        with Session(engine) as session, session.begin():
            work, made = _opens(session, *place)
            storm_watching.notice(work, SAMPLE, made)

    with ThreadPoolExecutor(RACERS) as pool:
        list(pool.map(reports_at_once, places))
    with Session(engine) as session:
        assert _counted(session) == (1, RACERS)
    engine.dispose()
