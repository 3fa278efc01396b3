"""What a manager types behind /satisfaction, in four languages and any order."""

from datetime import date

import pytest

from domain.summaries_answers import By
from domain.work import Work
from handlers.management.asked_days import NotUnderstoodDays, asked
from tests.domain.ground import SAMPLE


@pytest.mark.parametrize(
    ("words", "first", "last", "by"),
    [
        ("week", date(2026, 3, 2), date(2026, 3, 8), None),
        ("Month by plan", date(2026, 3, 1), date(2026, 3, 31), By.PLAN),
        ("last quarter", date(2025, 10, 1), date(2025, 12, 31), None),
        ("l’année dernière par domaine", date(2025, 1, 1), date(2025, 12, 31), By.AREA),
        ("par technicien, ce mois", date(2026, 3, 1), date(2026, 3, 31), By.TECHNICIAN),
        ("el año pasado por región", date(2025, 1, 1), date(2025, 12, 31), By.REGION),
        ("trimestre", date(2026, 1, 1), date(2026, 3, 31), None),
        ("la settimana scorsa per lingua", date(2026, 2, 23), date(2026, 3, 1), By.LANGUAGE),
        ("MESE PER AMBITO", date(2026, 3, 1), date(2026, 3, 31), By.AREA),
        ("semana por técnico", date(2026, 3, 2), date(2026, 3, 8), By.TECHNICIAN),
    ],
)
def test_the_days_and_the_groups_are_understood(work: Work, words: str, first: date, last: date, by: By | None) -> None:
    found = asked(work, SAMPLE, words)
    assert (found.days.first, found.days.last, found.by) == (first, last, by)


@pytest.mark.parametrize("words", ["", "  ", "by area"])
def test_without_days_it_is_the_last_thirty(work: Work, words: str) -> None:
    found = asked(work, SAMPLE, words)
    assert (found.days.count, found.days.until) == (30, work.now)


@pytest.mark.parametrize("words", ["fortnight", "week month", "by plan by area", "last", "week of the cat", "; DROP"])
def test_anything_else_is_refused(work: Work, words: str) -> None:
    with pytest.raises(NotUnderstoodDays):
        asked(work, SAMPLE, words)
