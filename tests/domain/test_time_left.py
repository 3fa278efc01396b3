"""What a promise says of the time that is left: in the time that counts, and the same for as long as it stands."""

from datetime import timedelta

from domain import promised
from domain.happened import write_down
from domain.requests import wait
from domain.work import Work
from handlers.cards.clocks import for_team, stands
from locales.phrasebook import say
from tests.domain.ground import MONDAY, SAMPLE, contract, home, person, request


def test_a_list_says_how_much_working_time_is_left_and_a_pause_keeps_it(work: Work) -> None:
    owner = person(work)
    place = home(work, owner=owner)
    contract(work, place, "signature")
    asked = request(work, owner, place)
    write_down(work, work.events.pop(), None)
    work.now = MONDAY + timedelta(hours=1)
    visit = next(c for c in promised.standing(work, SAMPLE, asked) if c.what == "visit")
    left = (visit.allowed - visit.used) // timedelta(minutes=1)
    assert left < visit.promise.minutes
    said = say(stands(visit, SAMPLE.time_zone), "en")
    assert "of working time left" in said
    assert "by " in said
    wait(work, asked, "parts")
    write_down(work, work.events.pop(), None)
    work.now += timedelta(days=3)
    paused = next(c for c in promised.standing(work, SAMPLE, asked) if c.what == "visit")
    assert (paused.allowed - paused.used) // timedelta(minutes=1) == left
    assert any(
        "⏸" in say(fact.value, "en") and "left" in say(fact.value, "en") for fact in for_team(work, SAMPLE, asked)
    )
