"""Promise clocks: what the plan promised, and how it stands with it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from domain.areas import Urgency
from domain.clocks import Clock, Kind, Mark, Standing, clocks
from domain.plans import Promise
from domain.working_time import Holidays, Hours, Timetable
from domain.worktime import Worktime

PARIS = ZoneInfo("Europe/Paris")
OFFICE = Worktime(
    Timetable(
        zone="Europe/Paris",
        entries=(
            Hours.model_validate(
                {"key": "day", "days": ["mon", "tue", "wed", "thu", "fri"], "ranges": ["09:00-12:00", "14:00-18:00"]}
            ),
        ),
        holidays=Holidays(country="FR"),
    ),
    "day",
    closed=((datetime(2026, 3, 5, tzinfo=PARIS), datetime(2026, 3, 6, tzinfo=PARIS)),),
)
ANSWER = Promise(what="answer", minutes=120)
REPLY = Promise(what="reply", minutes=60)
HELP = Promise(what="help", minutes=480)
VISIT = Promise(what="visit", minutes=840, clock="working")
SOLVED = Promise(what="solved", minutes=1440, clock="always")
ALL = (ANSWER, REPLY, HELP, VISIT, SOLVED)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """A time in March 2026 on a clock in Paris; the second is a Monday."""
    return datetime(2026, 3, day, hour, minute, tzinfo=PARIS)


def opened(when: datetime, urgency: Urgency = Urgency.NORMAL) -> Mark:
    return Mark(when, Kind.OPENED, urgency)


def read(marks: Sequence[Mark], now: datetime, promises: Sequence[Promise] = ALL) -> dict[str, Clock]:
    """The last clock of each kind."""
    return {clock.what: clock for clock in clocks(promises, marks, OFFICE, now)}


def test_an_answer_is_due_in_working_time_only() -> None:
    clock = read([opened(at(2, 17))], at(2, 17, 30))["answer"]
    assert (clock.standing, clock.used, clock.due) == (Standing.RUNNING, timedelta(minutes=30), at(3, 10))
    assert clock.reached(50) == at(2, 18)
    assert clock.reached(80) == at(3, 9, 36)


def test_lunch_a_closed_day_and_the_weekend_do_not_count() -> None:
    clock = read([opened(at(4, 15))], at(9, 9))["help"]
    assert clock.used == timedelta(hours=3 + 7)  # Wednesday afternoon and Friday: Thursday is closed
    assert (clock.standing, clock.due) == (Standing.OVER, at(6, 16))


def test_an_answer_in_time_keeps_the_promise_and_a_late_one_breaks_it() -> None:
    kept = read([opened(at(2, 9)), Mark(at(2, 11), Kind.WE_SPOKE)], at(4, 9))["answer"]
    assert (kept.standing, kept.ends, kept.due) == (Standing.KEPT, at(2, 11), None)
    late = read([opened(at(2, 9)), Mark(at(2, 11, 1), Kind.WE_SPOKE)], at(4, 9))["answer"]
    assert (late.standing, late.used, late.due) == (Standing.BROKEN, timedelta(minutes=121), at(2, 11))


def test_every_later_question_of_his_has_a_clock_of_its_own_from_his_first_words_on() -> None:
    marks = [
        opened(at(2, 9)),
        Mark(at(2, 9, 10), Kind.HE_SPOKE),  # before the first answer: that is what he waits for
        Mark(at(2, 9, 30), Kind.WE_SPOKE),
        Mark(at(2, 10), Kind.HE_SPOKE),
        Mark(at(2, 10, 30), Kind.HE_SPOKE),
        Mark(at(2, 11, 5), Kind.WE_SPOKE),
        Mark(at(2, 14), Kind.HE_SPOKE),
    ]
    replies = [c for c in clocks(ALL, marks, OFFICE, at(2, 14, 20)) if c.what == "reply"]
    assert [(c.began, c.standing) for c in replies] == [
        (at(2, 10), Standing.BROKEN),
        (at(2, 14), Standing.RUNNING),
    ]


def test_while_we_wait_for_him_or_for_parts_the_way_to_the_solution_stands() -> None:
    marks = [
        opened(at(2, 9)),
        Mark(at(2, 9, 30), Kind.WE_SPOKE),
        Mark(at(2, 10), Kind.WAITS_FOR_HIM),
        Mark(at(3, 10), Kind.GOES_ON),
        Mark(at(3, 11), Kind.WAITS_FOR_PARTS),
    ]
    found = read(marks, at(20, 9))
    assert {w: (c.standing, c.used, c.due) for w, c in found.items() if w != "answer"} == {
        "help": (Standing.PAUSED, timedelta(hours=2), None),
        "visit": (Standing.PAUSED, timedelta(hours=2), None),
        "solved": (Standing.PAUSED, timedelta(hours=2), None),
    }
    only_him = clocks([SOLVED], marks, OFFICE, at(20, 9), pauses=frozenset({Kind.WAITS_FOR_HIM}))
    assert [(c.standing, c.due) for c in only_him] == [(Standing.OVER, at(4, 9))]


def test_who_asks_while_parts_are_on_their_way_still_has_an_answer_to_come() -> None:
    marks = [
        opened(at(2, 9)),
        Mark(at(2, 9, 30), Kind.WE_SPOKE),
        Mark(at(2, 9, 40), Kind.WAITS_FOR_PARTS),
        Mark(at(2, 10), Kind.HE_SPOKE),
    ]
    clock = read(marks, at(2, 10, 30))["reply"]
    assert (clock.standing, clock.due) == (Standing.RUNNING, at(2, 11))


def test_what_becomes_more_urgent_is_due_by_the_new_promise_or_the_old_whichever_is_sooner() -> None:
    quick = Promise(what="help", urgencies=(Urgency.EMERGENCY,), minutes=30, clock="always")
    usual = Promise(what="help", urgencies=(Urgency.NORMAL,), minutes=120)
    soon = [opened(at(2, 9)), Mark(at(2, 9, 45), Kind.URGENCY, Urgency.EMERGENCY)]
    assert read(soon, at(2, 9, 50), [quick, usual])["help"].due == at(2, 10, 15)
    late = [opened(at(2, 9)), Mark(at(2, 10, 45), Kind.URGENCY, Urgency.EMERGENCY)]
    assert read(late, at(2, 10, 50), [quick, usual])["help"].due == at(2, 11)
    milder = [opened(at(2, 9), Urgency.EMERGENCY), Mark(at(2, 10), Kind.URGENCY, Urgency.NORMAL)]
    assert read(milder, at(2, 10), [quick, usual])["help"].due == at(2, 11)


def test_help_from_afar_is_no_visit_and_a_visit_that_was_not_needed_is_not_owed() -> None:
    afar = [opened(at(2, 9)), Mark(at(2, 10), Kind.HELPED)]
    assert {w: c.standing for w, c in read(afar, at(2, 11)).items()} == {
        "answer": Standing.KEPT,
        "help": Standing.KEPT,
        "visit": Standing.RUNNING,
        "solved": Standing.RUNNING,
    }
    solved = read([*afar, Mark(at(2, 10, 30), Kind.SOLVED)], at(20, 9))
    assert (solved["visit"].standing, solved["solved"].standing) == (Standing.VOID, Standing.KEPT)
    there = read([opened(at(2, 9)), Mark(at(6, 17), Kind.THERE)], at(20, 9))
    assert (there["visit"].standing, there["help"].standing) == (Standing.BROKEN, Standing.BROKEN)


def test_what_was_not_solved_after_all_goes_on_where_it_stood_and_he_waits_for_an_answer() -> None:
    marks = [
        opened(at(2, 9)),
        Mark(at(2, 10), Kind.SOLVED),
        Mark(at(4, 9), Kind.HE_SPOKE),  # thank you, but …
        Mark(at(4, 10), Kind.REOPENED),
    ]
    found = read(marks, at(4, 10, 30))
    assert (found["solved"].standing, found["solved"].used) == (Standing.RUNNING, timedelta(minutes=90))
    assert (found["reply"].began, found["reply"].due) == (at(4, 10), at(4, 11))
    assert "reply" not in read(marks[:3], at(4, 9, 30))  # what is solved asks for no answer


def test_what_is_taken_back_is_owed_no_more_but_what_was_late_stays_late() -> None:
    marks = [opened(at(2, 9)), Mark(at(2, 15), Kind.ENDED)]
    found = read(marks, at(20, 9))
    assert {w: c.standing for w, c in found.items()} == {
        "answer": Standing.BROKEN,
        "help": Standing.VOID,
        "visit": Standing.VOID,
        "solved": Standing.VOID,
    }


def test_a_promise_for_one_kind_of_work_holds_where_that_work_was_agreed() -> None:
    workshop = Promise(what="solved", work=("repair",), minutes=60)
    assert clocks([workshop], [opened(at(2, 9))], OFFICE, at(2, 10)) == []
    assert len(clocks([workshop], [opened(at(2, 9))], OFFICE, at(2, 10), work="repair")) == 1
