"""Commitments: what a teammate said he would do is pinned once, kept or not, and counted as it was."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.postgresql import PostgreSQL
from domain import commitments, desk_events
from domain.clocks import Kind
from domain.commitments import Commitment, Outcome, Wish
from domain.happened import write_down
from domain.histories import histories
from domain.requests import Deed, Request, advance
from domain.work import Work
from scheduling.followups import COMMITMENT, COMMITMENT_SOON, follow
from scheduling.timers import Timer, TimerState, claim
from tests.domain.ground import MONDAY, SAMPLE, home, person, refusal_of, request
from tests.domain.racing import Racers, breathe

TOMORROW = MONDAY + timedelta(days=1)
CALL = "I shall call tomorrow at 10"


def asked(work: Work) -> Request:
    """Marta's request."""
    who = person(work)
    return request(work, who, home(work, f"H{who.id}", who))


def pinned(work: Work, about: Request, due: datetime = TOMORROW, **more: Any) -> Commitment:
    """Ana has promised something."""
    return commitments.pin(work, about, Wish(CALL, due, "ana", **more), "ana")


def rings(work: Work) -> list[tuple[str, datetime]]:
    """What is to ring, in order."""
    work.session.flush()
    found = select(Timer.kind, Timer.due_at).where(Timer.state == TimerState.SET).order_by(Timer.due_at)
    return [(kind, due) for kind, due in work.session.execute(found)]


def follows(work: Work) -> None:
    """Scheduling hears of all that happened."""
    for fact in work.events:
        follow(work, SAMPLE, fact)
    work.events.clear()


# ── pinning ──


def test_what_is_said_in_one_message_is_pinned_once(work: Work) -> None:
    about = asked(work)
    pinned(work, about, source="slack:C1:1.5")
    assert refusal_of(lambda: pinned(work, about, source="slack:C1:1.5")) == "PinnedAlready"
    pinned(work, about)
    pinned(work, about)
    assert len(commitments.open_for(work, about)) == 3, "from the menu as often as one likes"


def test_the_past_cannot_be_promised_and_nothing_for_what_is_called_off(work: Work) -> None:
    about = asked(work)
    assert refusal_of(lambda: pinned(work, about, MONDAY)) == "OverAlready"
    advance(about, Deed.CANCEL)
    assert refusal_of(lambda: pinned(work, about)) == "NotNow"


def test_what_the_homeowner_reads_is_an_answer_to_him_and_what_stays_with_us_is_none(work: Work) -> None:
    about = asked(work)
    for told in (False, True):
        pinned(work, about, told=told)
    for fact in work.events:
        write_down(work, fact, None)
    kinds = [mark.kind for mark in histories(work, [about])[about.id].marks()]
    assert kinds == [Kind.OPENED, Kind.WE_SPOKE]


# ── kept, not kept, another time, withdrawn ──


def test_it_is_settled_once_and_the_same_word_of_the_same_person_is_no_news(work: Work) -> None:
    one = pinned(work, asked(work))
    work.events.clear()
    commitments.keep(work, one, "ana")
    commitments.keep(work, one, "ana")
    assert len(work.events) == 1
    for deed in (commitments.keep, commitments.break_, commitments.withdraw):
        assert refusal_of(lambda deed=deed: deed(work, one, "tom")) == "AnsweredAlready"
    assert refusal_of(lambda: commitments.break_(work, one, "ana")) == "AnsweredAlready"
    assert refusal_of(lambda: commitments.move(work, one, TOMORROW + timedelta(days=1), "ana")) == "AnsweredAlready"
    assert (one.outcome, one.settled_by) == (Outcome.KEPT, "ana")


def test_what_is_due_cannot_be_withdrawn_any_more(work: Work) -> None:
    about = asked(work)
    early, late = pinned(work, about), pinned(work, about)
    commitments.withdraw(work, early, "ana")
    work.now = TOMORROW
    assert refusal_of(lambda: commitments.withdraw(work, late, "ana")) == "DueAlready"
    assert commitments.counted(work, MONDAY) == commitments.Counted(due=1, kept=0, open=1, unanswered=1)


def test_another_time_counts_only_while_the_first_one_is_ahead(work: Work) -> None:
    about = asked(work)
    early, late = pinned(work, about), pinned(work, about)
    commitments.move(work, early, TOMORROW + timedelta(hours=2), "ana")
    work.now = TOMORROW + timedelta(minutes=1)
    commitments.move(work, late, TOMORROW + timedelta(hours=2), "ana")
    assert commitments.counted(work, MONDAY) == commitments.Counted(due=1, kept=0, open=2, unanswered=0)
    for one in (early, late):
        commitments.keep(work, one, "ana")
    assert commitments.counted(work, MONDAY) == commitments.Counted(due=2, kept=1, open=0, unanswered=0)
    assert late.missed_at == TOMORROW


def test_it_cannot_be_moved_into_the_past_and_the_same_time_is_no_news(work: Work) -> None:
    one = pinned(work, asked(work))
    work.events.clear()
    commitments.move(work, one, TOMORROW, "ana")
    assert work.events == []
    assert refusal_of(lambda: commitments.move(work, one, MONDAY, "ana")) == "OverAlready"


# ── what becomes of the request ──


def test_solved_before_it_was_due_it_is_kept_and_what_was_due_already_is_still_asked_for(work: Work) -> None:
    about = asked(work)
    ahead, over = pinned(work, about), pinned(work, about, MONDAY + timedelta(hours=1))
    work.now = MONDAY + timedelta(hours=2)
    commitments.solved(work, about)
    assert (ahead.outcome, ahead.settled_by, over.outcome) == (Outcome.KEPT, None, Outcome.OPEN)
    commitments.not_solved(work, about)
    assert ahead.outcome is Outcome.OPEN, "it was not solved after all"


def test_what_a_person_said_was_kept_stays_kept_when_it_is_reopened(work: Work) -> None:
    about = asked(work)
    one = pinned(work, about)
    commitments.keep(work, one, "ana")
    commitments.not_solved(work, about)
    assert one.outcome is Outcome.KEPT


def test_called_off_nothing_is_owed_and_it_counts_nowhere(work: Work) -> None:
    about = asked(work)
    pinned(work, about)
    commitments.called_off(work, about)
    assert commitments.open_for(work, about) == []
    assert commitments.counted(work, MONDAY) == commitments.Counted(0, 0, 0, 0)


def test_merged_it_holds_in_the_request_that_goes_on_and_rings_as_before(work: Work) -> None:
    about, into = asked(work), asked(work)
    one = pinned(work, about)
    follows(work)
    before = rings(work)
    commitments.go_over(work, about, into)
    follows(work)
    assert commitments.open_for(work, into) == [one]
    assert rings(work) == before


# ── when it rings ──


def test_it_warns_an_hour_before_and_asks_when_it_is_due(work: Work) -> None:
    pinned(work, asked(work))
    follows(work)
    assert rings(work) == [(COMMITMENT_SOON, TOMORROW - timedelta(hours=1)), (COMMITMENT, TOMORROW)]


def test_nobody_is_warned_of_what_he_has_just_promised_for_the_next_hour(work: Work) -> None:
    pinned(work, asked(work), MONDAY + timedelta(minutes=50))
    follows(work)
    assert [kind for kind, _ in rings(work)] == [COMMITMENT]


def test_a_company_may_want_no_warning(work: Work) -> None:
    quiet = SAMPLE.model_copy(update={"desk": SAMPLE.desk.model_copy(update={"commitment_warning_minutes": 0})})
    pinned(work, asked(work))
    for fact in work.events:
        follow(work, quiet, fact)
    assert [kind for kind, _ in rings(work)] == [COMMITMENT]


def test_moved_and_moved_back_it_rings_then_and_only_then(work: Work) -> None:
    one = pinned(work, asked(work))
    for due in (TOMORROW + timedelta(days=3), TOMORROW):
        commitments.move(work, one, due, "ana")
        follows(work)
        assert rings(work) == [(COMMITMENT_SOON, due - timedelta(hours=1)), (COMMITMENT, due)]
    commitments.keep(work, one, "ana")
    follows(work)
    assert rings(work) == []


def test_it_is_asked_three_times_an_hour_apart_and_never_again(work: Work) -> None:
    one = pinned(work, asked(work))
    follows(work)
    times = []
    for _ in range(6):
        due = [at for _, at in rings(work)]
        if not due:
            break
        work.now = due[-1]
        for rung in claim(work.session, work.now):
            if rung.kind == COMMITMENT:
                number = rung.occurrence.partition(" ")[2]
                times.append(rung.due_at)
                work.happened(desk_events.CommitmentAsked(one.request_id, one.id, int(number or 1)))
        follows(work)
    assert times == [TOMORROW + timedelta(hours=n) for n in range(3)]


def test_reopened_it_rings_again_at_once_when_its_time_is_over(work: Work) -> None:
    about = asked(work)
    pinned(work, about)
    commitments.solved(work, about)
    follows(work)
    assert rings(work) == []
    work.now = TOMORROW + timedelta(hours=5)
    commitments.not_solved(work, about)
    follows(work)
    assert rings(work) == [(COMMITMENT, work.now)]


@pytest.mark.parametrize(
    ("day", "hour", "expected"),
    [
        (date(2026, 3, 28), time(10), datetime(2026, 3, 28, 9, tzinfo=UTC)),
        (date(2026, 3, 29), time(10), datetime(2026, 3, 29, 8, tzinfo=UTC)),  # the night had 23 hours
        (date(2026, 3, 29), time(2, 30), datetime(2026, 3, 29, 1, 30, tzinfo=UTC)),  # it is half past three there
        (date(2026, 10, 25), time(2, 30), datetime(2026, 10, 25, 0, 30, tzinfo=UTC)),  # the first of two
        (date(2026, 10, 25), time(10), datetime(2026, 10, 25, 9, tzinfo=UTC)),
    ],
)
def test_the_hour_that_was_said_is_the_hour_on_the_wall_whatever_the_clocks_were_changed_to(
    work: Work, day: date, hour: time, expected: datetime
) -> None:
    due = commitments.moment(day, hour, "Europe/Paris")
    assert due == expected
    pinned(work, asked(work), due)
    follows(work)
    assert rings(work) == [(COMMITMENT_SOON, due - timedelta(hours=1)), (COMMITMENT, due)], "a real hour before"


@pytest.mark.parametrize(
    ("words", "hour"),
    [
        (CALL, time(10)),
        ("I come at 14:30, with 2 people", time(14, 30)),
        ("Je passe vers 9h45", time(9, 45)),
        ("Je passe à 15 h", time(15)),
        ("mañana a las 16.15", time(16, 15)),
        ("I bring 2 of them", time(10)),  # two is no hour of ours
        ("Number 1004 is done by Friday", time(10)),
        ("between 9 and 11", time(10)),
        ("It costs 12.505", time(10)),
        ("call 06 12 34 56 78 at 9", time(10)),
        ("soon", time(10)),
    ],
)
def test_the_form_proposes_the_hour_that_stands_in_the_sentence_in_digits(words: str, hour: time) -> None:
    assert commitments.hour_in(words) == hour


# ── the summary ──


def test_the_summary_counts_what_was_due_in_its_days(work: Work) -> None:
    about = asked(work)
    long_ago, kept, broken = (pinned(work, about, MONDAY + timedelta(days=days)) for days in (1, 20, 21))
    pinned(work, about, MONDAY + timedelta(days=90))
    for one in (long_ago, kept):
        commitments.keep(work, one, "ana")
    commitments.break_(work, broken, "ana")
    work.now = MONDAY + timedelta(days=40)
    since = work.now - timedelta(days=30)
    assert commitments.counted(work, since) == commitments.Counted(due=2, kept=1, open=1, unanswered=0)


def test_somebody_sees_his_own_with_what_is_due_first_above(work: Work) -> None:
    about = asked(work)
    later, sooner = pinned(work, about, TOMORROW + timedelta(days=1)), pinned(work, about)
    commitments.pin(work, about, Wish("Tom will bring it", TOMORROW, "tom"), "ana")
    assert commitments.kept_by(work, "ana") == [(sooner, about), (later, about)]
    assert commitments.kept_by(work, "paolo") == []


# ── races ──


@pytest.mark.slow
@pytest.mark.xdist_group("races")
@pytest.mark.parametrize(
    ("deed", "won"),
    [
        (lambda work, one, n: commitments.keep(work, one, f"t{n}"), 1),
        (lambda work, one, n: (commitments.keep if n % 2 else commitments.break_)(work, one, f"t{n}"), 1),
    ],
    ids=["all say yes", "half say no"],
)
async def test_many_answer_at_once_and_one_of_them_was_first(
    server_record: str, deed: Callable[[Work, Commitment, int], None], won: int
) -> None:
    database = PostgreSQL(server_record)
    racers = Racers(database, 8)
    await racers.line_up()

    def pins(session: Session) -> int:
        work = Work(session, MONDAY, "test")
        return pinned(work, session.get_one(Request, racers.requests[0])).id

    one = await database.write(pins)

    def answers(work: Work, number: int) -> bool:
        breathe(work)
        deed(work, commitments.held(work, one), number)
        return bool(work.events)

    found = await racers.race(answers)
    await database.close()
    assert found.count(True) == won
    assert found.count("AnsweredAlready") == 7


@pytest.mark.slow
@pytest.mark.xdist_group("races")
async def test_many_pin_one_message_at_once_and_it_is_pinned_once(server_record: str) -> None:
    database = PostgreSQL(server_record)
    racers = Racers(database, 8)
    await racers.line_up()

    def pins(work: Work, number: int) -> bool:
        about = work.session.get_one(Request, racers.requests[0])
        breathe(work)
        pinned(work, about, source="slack:C1:1.5")
        return True

    found = await racers.race(pins)
    await database.close()
    assert found.count(True) == 1
    assert found.count("PinnedAlready") == 7
