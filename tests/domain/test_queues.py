"""Queues: what waits for whom, in the order in which it is due."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from bot.postgresql import PostgreSQL
from domain import queues
from domain.events import PromiseWarned
from domain.finding import find
from domain.notes import Direction, Words, add_note, send
from domain.plans import Promise
from domain.requests import Happening, Request, State, claim, resolve
from domain.work import Work
from tests.domain.ground import MONDAY, SAMPLE, person, request

SOON = SAMPLE.model_copy(
    update={
        "desk": SAMPLE.desk.model_copy(
            update={
                "promises": (
                    Promise(what="answer", minutes=60, urgencies=("high",)),
                    Promise(what="answer", minutes=240),
                )
            }
        )
    }
)


def opened(work: Work, urgency: str = "normal", by: str | None = "ana") -> Request:
    """A request that was logged now, and by whom it was taken."""
    asked = request(work, person(work), None)
    asked.urgency = urgency
    work.session.add(Happening(name="RequestOpened", subject=f"request:{asked.id}", actor="t", facts={}, at=work.now))
    if by:
        claim(work, asked, by)
    work.session.flush()
    return asked


def numbers(found: list[queues.Owed]) -> list[int]:
    return [owed.request.id for owed in found]


def test_what_is_due_first_stands_first_and_nobody_elses(work: Work) -> None:
    calm, urgent = opened(work), opened(work, "high")
    opened(work, by="tom")
    assert numbers(queues.mine(work, SOON, "ana")) == [urgent.id, calm.id]
    assert [owed.late for owed in queues.mine(work, SOON, "ana")] == [False, False]
    work.now += timedelta(minutes=90)
    assert [owed.late for owed in queues.mine(work, SOON, "ana")] == [True, False]


def test_who_spoke_last_waits_and_what_we_only_said_among_us_does_not_count(work: Work) -> None:
    asked = opened(work)
    assert not queues.mine(work, SOON, "ana")[0].asks
    add_note(work, asked, Words(Direction.FROM_HOMEOWNER, "Emma", "Hello?"))
    assert queues.mine(work, SOON, "ana")[0].asks
    add_note(work, asked, Words(Direction.INTERNAL, "Ana", "I call her"))
    assert queues.mine(work, SOON, "ana")[0].asks
    send(work, asked, Words(Direction.TO_HOMEOWNER, "Ana", "Tomorrow"), "ana")
    assert not queues.mine(work, SOON, "ana")[0].asks


def test_nobody_has_it_and_he_knows_about_it(work: Work) -> None:
    free = opened(work, by=None)
    for key, sees in (("ana", True), ("paolo", False), ("lena", True), ("marc", True)):
        found = numbers(queues.free(work, SOON, SAMPLE.member(key), 10))
        assert (free.id in found) == sees, key


def test_late_is_what_is_late_now_not_what_once_was(work: Work) -> None:
    warned, answered = opened(work, "high"), opened(work, "high")
    for asked in (warned, answered):
        told = PromiseWarned(asked.id, "answer", work.now, 100)
        facts = {"what": told.what, "percent": told.percent, "began": told.began.isoformat()}
        row = Happening(name="PromiseWarned", subject=told.subject, actor="t", facts=facts, at=work.now)
        work.session.add(row)
    opened(work, "normal")
    work.now += timedelta(minutes=90)
    spoke = Happening(name="WordsSent", subject=f"request:{answered.id}", actor="t", facts={}, at=work.now)
    work.session.add(spoke)
    assert numbers(queues.late(work, SOON)) == [warned.id]


def test_what_stands_where_is_counted(work: Work) -> None:
    opened(work)
    opened(work, by=None)
    resolve(work, opened(work), "ana", "Done", None)
    assert queues.counted(work) == {State.CLAIMED: 1, State.OPEN: 1, State.RESOLVED: 1}


def test_finding_asks_for_a_number(work: Work) -> None:
    asked = opened(work)
    assert [hit.request for hit in find(work, asked.number, "FR")[0]] == [asked.id]
    assert find(work, "zzz", "FR") == ([], False)


class Undone(Exception):  # noqa: N818 (nothing of a test stays)
    """It went well."""


ALL = (
    test_what_is_due_first_stands_first_and_nobody_elses,
    test_who_spoke_last_waits_and_what_we_only_said_among_us_does_not_count,
    test_nobody_has_it_and_he_knows_about_it,
    test_late_is_what_is_late_now_not_what_once_was,
    test_what_stands_where_is_counted,
    test_finding_asks_for_a_number,
)


async def test_a_server_answers_the_same(server_record: str) -> None:
    database = PostgreSQL(server_record)
    for check in ALL:

        def unit(session: Session, check: Callable[[Work], None] = check) -> None:
            check(Work(session, MONDAY, "test"))
            raise Undone

        with pytest.raises(Undone):
            await database.write(unit)
    await database.close()
