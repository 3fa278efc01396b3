"""What was promised, looked at for many requests at once: the same as for each alone, and as cheap as for one."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import event

from domain import calendar, promised
from domain.areas import Urgency
from domain.calendar import EntryKind, Wish
from domain.company import Company
from domain.happened import write_down
from domain.notes import Direction, Words, add_note, send
from domain.offering import promised_by
from domain.plans import Promise
from domain.queues import mine
from domain.requests import Request, claim, resolve, wait
from domain.work import Work
from tests.domain.ground import MONDAY, SAMPLE, contract, hold, home, offer, person, request

PARIS = ZoneInfo("Europe/Paris")
TUESDAY = datetime(2026, 3, 3, tzinfo=PARIS)
MARC = SAMPLE.member("marc")


def company() -> Company:
    """To whom no plan promises anything an answer is promised."""
    promises = (Promise(what="answer", minutes=240), Promise(what="solved", minutes=2000))
    return SAMPLE.model_copy(update={"desk": SAMPLE.desk.model_copy(update={"promises": promises})})


def lived(work: Work, number: int) -> Request:
    """A request with a life of its own: with a plan or without, answered, waiting, visited, solved."""
    who = person(work, f"Marta {number}")
    place = home(work, f"H{number}", who)
    signed = contract(work, place, ("comfort", "signature")[number % 2]) if number % 3 else None
    asked = request(work, who, place)
    asked.urgency = list(Urgency)[number % len(Urgency)]
    claim(work, asked, "ana")
    if number % 2:
        send(work, asked, Words(Direction.TO_HOMEOWNER, "Ana", "Tomorrow"), "ana", at_once=True)
        add_note(work, asked, Words(Direction.FROM_HOMEOWNER, "Marta", "At nine?"))
    if number % 5 == 0:
        wait(work, asked, "parts")
    if number == 7:
        hold(work, asked, offer(work, signed, MONDAY + timedelta(days=2)), MONDAY + timedelta(hours=1))
    if number % 7 == 4:
        resolve(work, asked, "ana", "Done", 20)
    for fact in work.events:
        write_down(work, fact, None)
    work.events.clear()
    return asked


def questions(work: Work, deed: Any) -> int:
    """How often the record is asked."""
    work.session.flush()
    counted: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        counted.append(statement)

    engine = work.session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    deed()
    event.remove(engine, "before_cursor_execute", note)
    return len(counted)


def test_of_many_it_stands_as_of_each_alone(work: Work) -> None:
    ours = company()
    asked = [lived(work, number) for number in range(20)]
    work.now += timedelta(hours=5)
    together = promised.stands(work, ours, asked)
    for one in asked:
        assert together[one.id].clocks == promised.standing(work, ours, one)
    found = {clock.standing for stand in together.values() for clock in stand.clocks}
    assert len(found) > 3, "they differ"


def test_a_list_of_many_asks_the_record_as_often_as_a_list_of_two(work: Work) -> None:
    ours = company()
    for number in range(2):
        lived(work, number)
    few = questions(work, lambda: mine(work, ours, "ana"))
    for number in range(2, 30):
        lived(work, number)
    work.session.expire_all()
    many = questions(work, lambda: mine(work, ours, "ana"))
    assert len(mine(work, ours, "ana")) > 20
    assert many <= few + 1, "prices are looked up where a promise names a work"


def test_the_working_time_is_drawn_once_and_anew_when_a_day_is_closed(work: Work) -> None:
    assert promised.worktime(work, company()) is not promised.worktime(work, SAMPLE)
    before = promised.worktime(work, SAMPLE)
    assert promised.worktime(work, SAMPLE) is before
    wish = Wish(EntryKind.CLOSED, None, TUESDAY, TUESDAY + timedelta(days=1))
    entry = calendar.enter(work, SAMPLE, wish, MARC)
    closed = promised.worktime(work, SAMPLE)
    assert closed.passed(TUESDAY, TUESDAY + timedelta(days=1)) == timedelta()
    calendar.take_back(work, entry, MARC)
    assert promised.worktime(work, SAMPLE) == before


def test_times_that_keep_the_promise_are_those_by_which_the_card_says_it_is_due(work: Work) -> None:
    """Marta reports at five on the eve of a closed day: the ✓ of a time and the clock of the card know of that day."""
    wish = Wish(EntryKind.CLOSED, None, TUESDAY, TUESDAY + timedelta(days=1))
    calendar.enter(work, SAMPLE, wish, MARC)
    work.now = datetime(2026, 3, 2, 17, tzinfo=PARIS)
    place = home(work, "VILLA", person(work))
    contract(work, place, "signature")
    asked = request(work, person(work), place)
    write_down(work, work.events[-1], None)
    plan = SAMPLE.plan("signature")
    until = promised_by(SAMPLE, plan, asked, "visit", promised.worktime(work, SAMPLE))
    dues = [c.due for c in promised.standing(work, SAMPLE, asked) if c.what in ("help", "visit")]
    assert until is not None
    assert until == min(due for due in dues if due is not None)
    without = promised_by(SAMPLE, plan, asked, "visit", promised.usual_time(SAMPLE))
    assert without is not None
    assert without < until
