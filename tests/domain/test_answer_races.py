"""Answers and what is made good, by many at the same moment on PostgreSQL: one each, and without its guard several."""

from typing import Any

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.postgresql import PostgreSQL
from domain import recoveries, referrals, surveys
from domain.contracts import Contract
from domain.people import Person
from domain.recoveries import Recovery
from domain.referrals import Referred
from domain.surveys import Survey
from domain.work import Work
from tests.domain.ground import MONDAY, SAMPLE
from tests.domain.racing import ATTEMPTS, POOL, Racers, breathe

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("races")]

RECOVERIES = select(func.count()).select_from(Recovery)


@pytest.fixture
async def racers(server_record: str) -> Any:
    database = PostgreSQL(server_record, POOL - 5)
    yield Racers(database)
    await database.close()


async def one_question(racers: Racers) -> int:
    """Somebody was asked how it was; the request."""
    await racers.line_up()

    def unit(session: Session) -> None:
        work = Work(session, MONDAY, "test")
        asked = work.session.get_one(recoveries.Request, racers.requests[0])
        assert surveys.ask(work, asked) is not None

    await racers.database.write(unit)
    return racers.requests[0]


async def one_recovery(racers: Racers) -> int:
    """He was not satisfied, and nobody has it; its number."""
    request = await one_question(racers)

    def unit(session: Session) -> int:
        work = Work(session, MONDAY, "test")
        survey = surveys.held(work, request)
        assert survey is not None
        surveys.answer(work, survey, 1)
        one = recoveries.answered(work, SAMPLE, survey)
        assert one is not None
        return one.id

    found: int = await racers.database.write(unit)
    return found


async def test_many_low_answers_at_once_open_one_recovery(racers: Racers) -> None:
    request = await one_question(racers)

    def deed(work: Work, number: int) -> bool:
        survey = surveys.held(work, request)
        assert survey is not None
        surveys.answer(work, survey, 1 + number % 2)
        return recoveries.answered(work, SAMPLE, survey) is not None

    assert set(await racers.race(deed)) == {True}
    assert await racers.count(RECOVERIES) == 1


async def test_without_holding_the_answer_everybody_opens_one_and_the_record_refuses(racers: Racers) -> None:
    request = await one_question(racers)

    def deed(work: Work, _number: int) -> bool:
        survey = work.session.scalars(select(Survey).where(Survey.request_id == request)).one()
        if recoveries.of_answer(work, survey) is None:
            breathe(work)
            made = {"opened_at": MONDAY, "due_at": MONDAY, "channel": "C0HAPPY", "person_id": survey.person_id}
            work.session.add(Recovery(survey_id=survey.id, request_id=request, **made))
        return True

    with pytest.raises(IntegrityError, match="uq_recoveries_survey_id"):
        await racers.race(deed)


async def test_many_take_it_at_once_and_one_has_it(racers: Racers) -> None:
    number = await one_recovery(racers)

    def deed(work: Work, mine: int) -> bool:
        one = recoveries.held(work, number)
        if one.owner is not None:
            return False
        recoveries.take(work, one, f"mate{mine}")
        return True

    came = await racers.race(deed)
    assert (came.count(True), came.count(False)) == (1, ATTEMPTS - 1)


async def test_without_holding_it_several_believe_that_they_have_it(racers: Racers) -> None:
    number = await one_recovery(racers)

    def deed(work: Work, mine: int) -> bool:
        one = work.session.get_one(Recovery, number)
        if one.owner is not None:
            return False
        breathe(work)
        recoveries.take(work, one, f"mate{mine}")
        return True

    assert (await racers.race(deed)).count(True) > 1


async def has_sent_somebody(racers: Racers) -> None:
    """Somebody came by a friend's link and has a contract now."""
    await racers.line_up()

    def unit(session: Session) -> None:
        work = Work(session, MONDAY, "test")
        sender, friend = (session.get_one(Person, racers.visitors[n]) for n in (0, 1))
        one = referrals.came(work, referrals.link_of(work, sender), friend)
        assert one is not None
        referrals.signed(work, one, session.get_one(Contract, racers.contract))

    await racers.database.write(unit)


async def test_the_sender_is_thanked_once(racers: Racers) -> None:
    await has_sent_somebody(racers)

    def deed(work: Work, _number: int) -> bool:
        return referrals.thank(work, work.session.scalars(select(Referred.id)).one()) is not None

    assert (await racers.race(deed)).count(True) == 1


async def test_looking_first_whether_he_was_thanked_thanks_him_often(racers: Racers) -> None:
    await has_sent_somebody(racers)

    def deed(work: Work, _number: int) -> bool:
        one = work.session.scalars(select(Referred)).one()
        if one.thanked_at is not None:
            return False
        breathe(work)
        work.session.execute(update(Referred).values(thanked_at=work.now))
        return True

    assert (await racers.race(deed)).count(True) > 1
