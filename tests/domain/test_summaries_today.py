"""Something is wrong today: three low scores, or far more promises not kept than usual."""

from datetime import timedelta

import pytest

from domain.requests import Happening
from domain.summaries_today import Today, today
from domain.surveys import Survey
from domain.work import Work
from tests.domain.ground import MONDAY, SAMPLE, person, request


@pytest.mark.parametrize(
    ("low", "broken", "usual", "wrong"),
    [
        (0, 0, 0, False),
        (2, 0, 0, False),
        (3, 0, 0, True),
        (0, 2, 0, False),
        (0, 3, 0, True),
        (0, 3, 1, True),
        (0, 3, 1.1, False),
        (0, 30, 11, False),  # many, and no more than they always are
        (2, 2, 0, False),
    ],
)
def test_what_is_wrong(low: int, broken: int, usual: float, wrong: bool) -> None:
    assert Today(low, broken, usual).wrong is wrong


def test_a_day_is_the_companys_and_a_promise_counts_once(work: Work) -> None:
    midnight = MONDAY - timedelta(hours=10)  # in Paris
    for score, at in ((1, midnight), (2, MONDAY), (3, MONDAY), (1, midnight - timedelta(minutes=1))):
        asked = request(work, person(work), None)
        put = {"person_id": asked.person_id, "round": 1, "asked_at": at}
        work.session.add(Survey(request_id=asked.id, score=score, answered_at=at, **put))
    for number, percent, back in ((1, 100, 0), (1, 150, 0), (2, 80, 0), (3, 100, 0), (4, 100, 3), (5, 100, 40)):
        facts = {"what": "answer", "began": "2026-03-01T09:00:00Z", "percent": percent}
        at = MONDAY - timedelta(days=back)
        work.session.add(Happening(name="PromiseWarned", subject=f"request:{number}", actor="x", facts=facts, at=at))
    found = today(work, SAMPLE)
    assert (found.low, found.broken, found.usual) == (2, 2, pytest.approx(1 / 28))
