"""An invented company's months, written straight into the record: every table that a summary reads, at random."""

import random
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Table as Rows
from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from domain.appointments import Booking
from domain.charges import Charge
from domain.contracts import Contract
from domain.homes import Home, Member
from domain.people import Person
from domain.prompts import Prompt
from domain.proposals import StoredQuote
from domain.recommending import Recommendation
from domain.recoveries import Recovery
from domain.referrals import Referral, Referred
from domain.requests import Happening, Request
from domain.stored import StoredTariff
from domain.surveys import Survey
from tests.domain.ground import MONDAY, SAMPLE

GOOD = ("quick", "kind", "competent", "clean", "informed")
BAD = ("slow", "unfriendly", "not_solved", "expensive", "late", "unclear")
TEAM = ("ana", "tom", "yaiza", "paolo", None)
AREAS = ("lighting", "shades", "network", "security")
REGIONS = ("riviera", "alps", None)
LANGUAGES = ("en", "fr", "es", "it")
HOUR = timedelta(hours=1)


@dataclass
class World:
    """Rows by table, written at once."""

    seed: int
    now: datetime = MONDAY
    days: int = 90
    homes: int = 12
    rows: dict[type[Any], list[dict[str, Any]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.dice = random.Random(self.seed)

    def put(self, kind: type[Any], /, **values: Any) -> int:
        """A row, and its number."""
        rows = self.rows.setdefault(kind, [])
        rows.append({"id": len(rows) + 1, **values})
        return len(rows)

    def some(self) -> datetime:
        """Any moment of these days."""
        return self.now - self.days * timedelta(days=1) * self.dice.random()

    def write(self, session: Session) -> None:
        """All of it, parents first."""
        for kind in _ORDER:
            table = kind.__table__
            assert isinstance(table, Rows)
            if self.rows.get(kind):
                session.execute(insert(table), self.rows[kind])
                if session.get_bind().dialect.name == "postgresql":  # its own numbers go on after these
                    session.execute(text(f"SELECT setval('{table.name}_id_seq', {len(self.rows[kind])})"))


_ORDER: tuple[type[Any], ...] = (
    *(Person, Home, Member, StoredTariff, Contract, Request, Happening, StoredQuote, Booking, Charge, Survey),
    *(Recommendation, Recovery, Prompt, Referral, Referred),
)


def invented(seed: int, requests: int = 300, **more: Any) -> World:
    """Some months of a company."""
    world = World(seed, **more)
    _homes(world)
    for _ in range(requests):
        _request(world)
    for number in range(world.homes * 2):
        _recommends(world, number + 1)
    _comes_back(world)
    return world


def _homes(world: World) -> None:
    dice = world.dice
    terms = {plan.key: plan.model_dump(mode="json") for plan in SAMPLE.plans}
    world.put(StoredTariff, digest="t", body={}, first_used_at=world.now)
    for number in range(1, world.homes + 1):
        for _ in range(2):
            world.put(
                Person, name=f"Somebody {number}", language=dice.choice(LANGUAGES), language_chosen=False,
                presence="active", telegram=str(len(world.rows.get(Person, ()))), created_at=world.some(),
            )  # fmt: skip
        world.put(
            Home, ref=f"H{number}", name="Casa", address="Via Roma 1", postcode="10121", city="Torino", country="IT",
            region=dice.choice(REGIONS), time_zone="Europe/Rome",
        )  # fmt: skip
        world.put(Member, home_id=number, person_id=2 * number, role="owner")
        for begins, ends in dice.choice((((-400, None),), ((-400, -40), (-39, None)), ())):
            plan = dice.choice(sorted(terms))
            start, end = (None if n is None else world.now.date() + timedelta(days=n) for n in (begins, ends))
            world.put(
                Contract, ref=f"K{len(world.rows.get(Contract, ()))}", home_id=number, plan=plan, terms=terms[plan],
                state="ended" if ends else "active", period="year", starts_on=start, ends_on=end, term_months=12,
                terms_since=start, charged_since=start, version=1,
            )  # fmt: skip


def _request(world: World) -> None:
    dice, opened = world.dice, world.some()
    home = dice.choice((None, *range(1, world.homes + 1)))
    person = 2 * (home or dice.randint(1, world.homes))
    ends = opened + dice.random() * 200 * HOUR
    over = ends < world.now
    number = world.put(
        Request, home_id=home, person_id=person, intent="problem", area=dice.choice(AREAS), urgency="normal",
        story="It does not work.", state=dice.choice(("closed", "confirmed")) if over else "open", channel="C0SERVICE",
        assignee=dice.choice(TEAM), opened_at=opened, resolved_at=ends - HOUR if over else None,
        ended_at=ends if over else None, logged_by=dice.choice((None, None, "lena")), version=1,
    )  # fmt: skip
    subject = f"request:{number}"
    happens(world, "RequestOpened", subject, opened)
    if dice.random() < 0.8:
        happens(world, "WordsSent", subject, opened + (ends - opened) * dice.random() / 2, note=1)
    if over:
        solved = ends - HOUR
        if dice.random() < 0.2:
            happens(world, "RequestResolved", subject, solved - 2 * HOUR / 3, by="ana")
            happens(world, "RequestReopened", subject, solved - HOUR / 3)
        happens(world, "RequestResolved", subject, solved, by="ana")
        _helped(world, number, home, solved)
        _asked(world, number, person, ends)


def happens(world: World, name: str, subject: str, at: datetime, **facts: Any) -> None:
    """A line of the log."""
    world.put(Happening, name=name, subject=subject, actor="test", facts=facts, at=at)


def _helped(world: World, request: int, home: int | None, at: datetime) -> None:
    dice = world.dice
    if dice.random() < 0.3:
        return
    currency = SAMPLE.currency if dice.random() < 0.9 else "CHF"
    money = {"type": "money", "currency": currency}
    signed = [row["id"] for row in world.rows.get(Contract, ()) if row["home_id"] == home]
    quote = world.put(
        StoredQuote, request_id=request, tariff_id=1, contract_id=signed[-1] if signed else None, asked={}, verdict={},
        body={"by_plan": {**money, "minor": dice.choice((0, 9000, 45000))}}, total_minor=0, currency=currency,
        state="accepted", expires_at=at, created_at=at, version=1,
    )  # fmt: skip
    booking = world.put(
        Booking, request_id=request, quote_id=quote, help=dice.choice(("remote", "visit")), technician="ana",
        starts_at=at - HOUR, ends_at=at, window_minutes=0, state=dice.choice(("done", "done", "cancelled")),
        uid=str(quote), sequence=0, version=1,
    )  # fmt: skip
    for kind, chance in (("work", 0.6), ("goodwill", 0.1)):
        if dice.random() < chance:
            minor = dice.randint(1000, 20000)
            charged(
                world, f"{kind}:{booking}", kind, -minor if kind == "goodwill" else minor, at.date(), currency, request
            )


def charged(
    world: World, occasion: str, kind: str, minor: int, on: date, currency: str, request: int | None = None
) -> None:
    """What is owed."""
    world.put(
        Charge, occasion=occasion, kind=kind, request_id=request, amount_minor=minor, tax_minor=0, currency=currency,
        tax_rates=[], words={}, due_on=on, written_by="test", written_at=world.now,
    )  # fmt: skip


def _asked(world: World, request: int, person: int, ended: datetime) -> None:
    dice, asked = world.dice, ended + 4 * HOUR
    if asked > world.now:
        return
    for number in (1, 2)[: 2 if dice.random() < 0.1 else 1]:
        score = dice.choice((None, None, 5, 5, 5, 4, 4, 3, 2, 1))
        named = () if score is None else GOOD if score >= 4 else BAD
        remark = dice.choice((None, "Grazie, tutto bene", "Trop cher !")) if score else None
        survey = world.put(
            Survey, request_id=request, person_id=person, technician=dice.choice(TEAM), round=number,
            asked_at=asked + number * HOUR, score=score,
            reasons=dice.sample(named, dice.randint(0, min(2, len(named)))),
            remark=remark, answered_at=asked + 9 * HOUR if score else None, locked_at=asked if remark else None,
        )  # fmt: skip
        if score and score <= 2 and number == 1:
            world.put(
                Recovery, person_id=person, request_id=request, survey_id=survey, channel="C0SATIS", opened_at=asked,
                due_at=asked, warned=0, outcome=dice.choice(("open", "yes", "no")),
            )  # fmt: skip


def _recommends(world: World, person: int) -> None:
    asked = world.some()
    score = world.dice.choice((None, *range(11)))
    world.put(
        Recommendation, person_id=person, half="2026-1", asked_at=asked, score=score,
        answered_at=asked if score is not None else None,
    )  # fmt: skip


def _comes_back(world: World) -> None:
    dice = world.dice
    for number in range(40):
        asked, kind = world.some(), dice.choice(("upgrade", "upgrade", "warranty"))
        reply = dice.choice((None, "yes", "yes", "later"))
        led = dice.choice((None, dice.randint(1, len(world.rows[Request])))) if reply == "yes" else None
        world.put(
            Prompt, person_id=2, kind=kind, topic=None, subject=f"device:{number}", occurrence="age", facts={},
            wanted_at=asked, due_at=asked, until=asked, state="asked", asked_at=asked,
            opened_at=asked if reply else None, reply=reply, request_id=led,
        )  # fmt: skip
    for contract in range(1, len(world.rows.get(Contract, ())) + 1):
        happens(world, "ContractRenewed", f"contract:{contract}", world.some(), contract=contract)
        charged(world, f"s:{contract}", "subscription", 49000, world.some().date(), SAMPLE.currency)
    world.put(Referral, person_id=2, code="friend", made_at=world.now)
    for person in range(3, 9):
        signed = dice.choice((None, 1)) if world.rows.get(Contract) else None
        world.put(Referred, referral_id=1, person_id=person, came_at=world.some(), contract_id=signed)
