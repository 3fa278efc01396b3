"""Phone numbers: what a person types is kept in one form, and what can be no number is told."""

import pytest

from domain import phones


@pytest.mark.parametrize(
    ("typed", "country", "kept"),
    [
        ("+33 6 12 34 56 78", None, "+33612345678"),
        ("06 12 34 56 78", "FR", "+33612345678"),
        ("06 12 34 56 78", None, None),
        ("+33 12", None, None),
        ("call me", "FR", None),
        ("", "FR", None),
    ],
)
def test_a_number_is_kept_in_one_form(typed: str, country: str | None, kept: str | None) -> None:
    assert phones.written(typed, country) == kept


@pytest.mark.parametrize(
    ("phone", "country", "verdict"),
    [
        ("+33 1 23 45 67 89", "FR", "possible"),
        ("01 23 45 67 89", "FR", "possible"),
        ("123", "FR", "impossible"),
        ("01 23 45 67 89", "", "impossible"),
        ("", "FR", "possible"),
        ("+33 1 23 45 67 89", "XX", "nowhere"),
    ],
)
def test_a_company_can_be_called(phone: str, country: str, verdict: phones.Verdict) -> None:
    assert phones.judged(phone, country) == verdict


def test_what_was_looked_up_beforehand_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(phones, "_learnt", {})
    phones.learn("123", "FR", "possible")
    assert phones.judged("123", "FR") == "possible"
