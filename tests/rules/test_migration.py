"""From 0001 to 0002: what an older program wrote means the same to this one."""

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import msgspec
import pytest
from alembic import command
from sqlalchemy import Connection, func, select, text
from sqlalchemy.orm import Session

from bot import schema, settings
from domain import bookings, proposals
from domain.allotments import Allotment, Entry
from domain.appointments import Booking
from domain.contract_life import roll
from domain.contracts import Contract, balances, terms
from domain.coverage import Verdict
from domain.money import Money
from domain.requests import Request
from domain.stored import plan_of, tariff_of
from domain.work import Work
from scheduling import timers
from scheduling.followups import follow
from tests.domain.ground import SAMPLE, refusal_of
from tests.rules.test_record import inside

pytestmark = pytest.mark.slow  # `make check` proves that migrations and models agree, `make test` what they keep

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
EUR: dict[str, Any] = {"type": "money", "currency": "EUR"}
OLD_PLAN = {
    "key": "comfort", "name": {"en": "Comfort"}, "summary": {"en": "An hour"}, "price": "39", "period": "quarter",
    "areas": ["lighting", "network"], "excluded": ["power"], "discount": 10,
    "includes": [
        {"kind": "remote_minutes", "amount": 60, "per": "quarter"}, {"kind": "visits", "amount": 4, "per": "year"},
    ],
    "first_response_minutes": {"emergency": 30, "low": 960},
}  # fmt: skip
OLD_TARIFF = {
    "key": "tariff-2025", "remote_hour": "80", "visit_hour": "110", "step_minutes": 15, "tax_percent": "20",
    "tax_included": True, "quote_valid_days": 14,
}  # fmt: skip
OLD_VERDICT = {
    "help": "remote", "ruling": "partly", "clause": "allowance_short", "allowance": "remote_minutes", "before": 45,
    "used": 45,
}  # fmt: skip


def eur(minor: int) -> dict[str, Any]:
    return {**EUR, "minor": minor}


OLD_QUOTE = {
    "help": "remote", "minutes": 60,
    "lines": [
        {"what": "labour", "quantity": 60, "unit_price": eur(8000), "amount": eur(8000)},
        {"what": "plan", "quantity": 45, "unit_price": eur(8000), "amount": eur(-6000)},
        {"what": "discount", "quantity": 10, "unit_price": eur(2000), "amount": eur(-200)},
        {"what": "tax", "quantity": 20, "unit_price": eur(1800), "amount": eur(300)},
    ],
    "total": eur(1800), "tax": eur(300), "by_plan": eur(6000),
}  # fmt: skip

ROWS: list[tuple[str, dict[str, Any]]] = [
    (
        "people",
        {
            "id": 1,
            "name": "Marta",
            "language": "it",
            "language_chosen": False,
            "presence": "unlinked",
            "created_at": NOON,
        },
    ),
    (
        "homes",
        {
            "id": 1,
            "ref": "H1",
            "name": "Casa",
            "address": "Via Roma 1",
            "postcode": "10121",
            "city": "Torino",
            "country": "IT",
            "time_zone": "Europe/Rome",
        },
    ),
    (
        "contracts",
        {
            "id": 1,
            "ref": "K1",
            "home_id": 1,
            "plan": "comfort",
            "terms": OLD_PLAN,
            "state": "active",
            "starts_on": date(2025, 12, 31),
            "version": 1,
        },
    ),
    ("tariffs", {"id": 1, "digest": "old", "body": OLD_TARIFF, "first_used_at": NOON}),
    (
        "requests",
        {
            "id": 1,
            "home_id": 1,
            "person_id": 1,
            "intent": "problem",
            "area": "network",
            "urgency": "normal",
            "story": "It is slow.",
            "state": "booked",
            "verdict": OLD_VERDICT,
            "channel": "C0",
            "opened_at": NOON,
            "version": 1,
        },
    ),
    (
        "quotes",
        {
            "id": 7,
            "request_id": 1,
            "tariff_id": 1,
            "verdict": OLD_VERDICT,
            "body": OLD_QUOTE,
            "total_minor": 1800,
            "currency": "EUR",
            "expires_at": NOON,
            "created_at": NOON,
        },
    ),
    (
        "quotes",
        {
            "id": 8,
            "request_id": 1,
            "tariff_id": 1,
            "verdict": OLD_VERDICT,
            "body": OLD_QUOTE,
            "total_minor": 1800,
            "currency": "EUR",
            "expires_at": NOON,
            "created_at": NOON,
        },
    ),
    (
        "bookings",
        {
            "id": 5,
            "request_id": 1,
            "quote_id": 7,
            "help": "remote",
            "technician": "ana",
            "starts_at": NOON,
            "ends_at": NOON,
            "state": "booked",
            "uid": "u",
            "sequence": 0,
            "version": 1,
        },
    ),
    (
        "allotments",
        {
            "id": 3,
            "contract_id": 1,
            "kind": "remote_minutes",
            "period_start": date(2025, 12, 31),
            "granted": 60,
            "used": 60,
        },
    ),
    (
        "allotments",
        {"id": 4, "contract_id": 1, "kind": "visits", "period_start": date(2025, 12, 31), "granted": 4, "used": 1},
    ),
    (
        "ledger",
        {
            "id": 1,
            "allotment_id": 3,
            "request_id": 1,
            "reason": "booked",
            "subject": "booking:4",
            "quantity": 30,
            "at": NOON,
        },
    ),
    (
        "ledger",
        {
            "id": 2,
            "allotment_id": 3,
            "request_id": 1,
            "reason": "given_back",
            "subject": "booking:4",
            "quantity": -30,
            "at": NOON,
        },
    ),
    (
        "ledger",
        {
            "id": 3,
            "allotment_id": 3,
            "request_id": 1,
            "reason": "booked",
            "subject": "booking:5",
            "quantity": 60,
            "at": NOON,
        },
    ),
]


def older(connection: Connection) -> None:
    """What a program of 0001 wrote; one line of its statement is missing."""
    for table, row in ROWS:
        dates = {
            k: v.isoformat(sep=" ") if isinstance(v, datetime) and connection.dialect.name == "sqlite" else v
            for k, v in row.items()
        }
        values = {k: json.dumps(v) if isinstance(v, dict) else v for k, v in dates.items()}
        names = ", ".join(f":{name}" for name in values)
        connection.execute(text(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({names})"), values)


def _written(value: Any, dialect: str) -> Any:
    """A value as its column takes it."""
    if isinstance(value, dict):
        return json.dumps(value)
    return value.isoformat(sep=" ") if isinstance(value, datetime) and dialect == "sqlite" else value


@pytest.fixture
def moved(database_url: str) -> str:
    """A database of 0001 with people in it, brought to the newest schema."""
    url = settings.database_url(database_url)
    schema.migrate(url, "0001")
    inside(database_url, older)
    schema.migrate(url)
    return database_url


def works(connection: Connection) -> Iterator[Work]:
    with Session(connection, expire_on_commit=False) as session:
        yield Work(session, NOON, "test")


def test_contracts_tariffs_quotes_and_balances_mean_what_they_meant(moved: str) -> None:
    def unit(connection: Connection) -> None:
        work = next(works(connection))
        signed = work.session.get_one(Contract, 1)
        plan = terms(signed)
        assert plan is not None
        assert plan.prices == {"quarter": 39}
        assert (signed.period, signed.terms_since) == ("quarter", date(2025, 12, 31))
        assert (plan.serves("network"), plan.serves("power"), plan.serves("audio")) == (True, False, False)  # type: ignore[arg-type]
        assert (plan.discounts[0].percent, [p.minutes for p in plan.promises]) == (10, [30, 960])
        left = {key: balance.left for key, balance in balances(work, signed).items()}
        assert left == {"remote": 0, "visits": 3}
        for allotment in work.session.scalars(select(Allotment)):
            total = select(func.sum(Entry.quantity)).where(Entry.allotment_id == allotment.id)
            assert work.session.scalar(total) == allotment.balance
        assert {a.period_end for a in work.session.scalars(select(Allotment))} == {
            date(2026, 3, 31),
            date(2026, 12, 31),
        }
        tariff = tariff_of(work, 1)
        assert [(rule.work, rule.per_hour, rule.step) for rule in tariff.labour] == [
            (("remote",), 80, 15),
            (("visit",), 110, 15),
        ]
        rung = timers.claim(work.session, NOON)
        assert [(timer.kind, timer.subject) for timer in rung] == [("contract", "contract:1")]
        roll(work, SAMPLE, signed)
        follow(work, SAMPLE, work.events[0])
        assert signed.charged_until == date(2026, 3, 31)
        assert timers.next_due(work.session) == datetime(2026, 3, 31, tzinfo=UTC)

    inside(moved, unit)


def test_an_appointment_that_was_agreed_before_is_done_and_charged_as_agreed(moved: str) -> None:
    def unit(connection: Connection) -> None:
        work = next(works(connection))
        booking, asked = work.session.get_one(Booking, 5), work.session.get_one(Request, 1)
        stored = bookings.stored_quote(work, booking)
        quote = proposals.quote_of(stored)
        assert sum(line.amount.minor for line in quote.lines) == quote.total.minor == 1800
        assert (quote.taxes[0].percent, quote.net) == (20, Money(1500, "EUR"))
        assert (stored.state, work.session.get_one(proposals.StoredQuote, 8).state) == ("accepted", "expired")
        assert msgspec.convert(asked.verdict, Verdict).uses[0].units == 45
        assert plan_of(work, stored.plan_id) == terms(work.session.get_one(Contract, 1))
        assert refusal_of(lambda: proposals.replay(work, stored.id)) == "NotReplayable"
        charge = bookings.complete(work, booking, asked, 20)
        assert charge is not None
        assert (charge.amount_minor, charge.tax_minor) == (1800, 300)
        assert balances(work, work.session.get_one(Contract, 1))["remote"].left == 15  # 45 were agreed to
        work.session.flush()

    inside(moved, unit)


def test_what_is_written_now_does_not_go_back(moved: str) -> None:
    with pytest.raises(RuntimeError, match="restore the backup"):
        inside(moved, lambda connection: command.downgrade(schema.config(connection), "0001"))
