"""Ranks: what somebody waits for rings before what is ours to ask; and what is taken back is forgotten in the end."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from domain.work import Work
from handlers.due import DUE
from scheduling.ranks import RANKS, Rank, rank_of
from scheduling.timers import Timer, claim, clear, forget, next_due, put
from tests.domain.ground import MONDAY


def rung(work: Work, limit: int = 100, ranks: tuple[Rank, ...] = tuple(Rank)) -> list[str]:
    return [one.subject for one in claim(work.session, MONDAY + timedelta(hours=1), limit, ranks)]


def test_somebody_has_thought_about_every_kind() -> None:
    assert set(DUE) <= set(RANKS), "say in scheduling/ranks.py whether somebody waits for it"
    assert rank_of("nobody thought of it") is Rank.PROMISED


def test_who_waits_is_before_what_was_promised_and_that_before_what_is_ours_to_ask(work: Work) -> None:
    put(work, "prompt", "request:1", "first", MONDAY)
    put(work, "reminder", "booking:2", "1", MONDAY + timedelta(minutes=1))
    put(work, "send", "note:3", "1", MONDAY + timedelta(minutes=2))
    put(work, "reminder", "booking:4", "1", MONDAY)
    assert rung(work) == ["note:3", "booking:4", "booking:2", "request:1"]


def test_a_hundred_questions_do_not_keep_a_reminder_waiting(work: Work) -> None:
    for number in range(100):
        put(work, "prompt", f"request:{number}", "first", MONDAY)
    put(work, "reminder", "booking:1", "1", MONDAY + timedelta(minutes=30))
    assert rung(work, limit=10)[0] == "booking:1"
    assert rung(work, limit=10) == [f"request:{n}" for n in range(9, 19)]


def test_what_is_ours_to_ask_can_be_left_for_later(work: Work) -> None:
    put(work, "prompt", "request:1", "first", MONDAY)
    put(work, "hold", "booking:1", "1", MONDAY)
    assert rung(work, ranks=(Rank.WAITED_FOR, Rank.PROMISED)) == ["booking:1"]
    assert next_due(work.session) == MONDAY
    assert rung(work) == ["request:1"]


def test_who_sets_a_timer_may_say_another_rank_and_say_it_again(work: Work) -> None:
    put(work, "reminder", "booking:1", "1", MONDAY, rank=Rank.OURS)
    put(work, "reminder", "booking:2", "1", MONDAY)
    assert rung(work, limit=1) == ["booking:2"]
    put(work, "prompt", "request:1", "first", MONDAY - timedelta(hours=1))
    put(work, "reminder", "booking:1", "1", MONDAY)
    assert rung(work) == ["booking:1", "request:1"]


def test_there_is_no_other_rank(work: Work) -> None:
    put(work, "hold", "booking:1", "1", MONDAY)
    with pytest.raises(IntegrityError, match="known_rank"):
        work.session.execute(text("UPDATE timers SET rank = 3"))


def test_what_was_taken_back_is_forgotten_and_what_has_rung_never(work: Work) -> None:
    for subject in ("booking:1", "booking:2", "booking:3"):
        put(work, "hold", subject, "1", MONDAY)
    put(work, "hold", "booking:4", "1", MONDAY + timedelta(days=40))
    assert len(rung(work, limit=1)) == 1
    clear(work, "booking:2")
    clear(work, "booking:4")
    assert forget(work.session, MONDAY) == 0
    assert forget(work.session, MONDAY + timedelta(days=30)) == 1
    left = work.session.execute(select(Timer.subject, Timer.state).order_by(Timer.subject)).all()
    assert [tuple(map(str, row)) for row in left] == [
        ("booking:1", "rung"),
        ("booking:3", "set"),
        ("booking:4", "cleared"),
    ]
