"""A year with many homes: who lives there, what they have, and how each answers when we come back by ourselves."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy.orm import Session

from domain.areas import Area
from domain.company import Company
from domain.contracts import Contract, ContractState
from domain.homes import Device, Home, Member, Role
from domain.people import Person as Customer
from domain.people import Presence
from sandbox.telegram.bubbles import Bubble
from sandbox.telegram.person import Person
from tests.house import House, words

ZONES = ("Europe/Paris", "Atlantic/Canary", "Pacific/Auckland", "America/New_York")
LANGUAGES = ("en", "fr", "es", "it")
PLANS = ("comfort", "signature", "essential")


@dataclass
class Resident:
    """Somebody who lives in one of the homes."""

    person: Person
    language: str
    home: int
    answers: float  # how often he answers at all
    agrees: bool  # whether he wants suggestions and offers

    def w(self, key: str, **values: Any) -> str:
        return words(self.language, key, **values)


def settles(house: House, company: Company, number: int, dice: random.Random, today: date) -> list[Any]:
    """So many homes with contracts and devices, each with an owner whom Telegram reaches."""
    made = []
    for n in range(number):
        language = LANGUAGES[n % len(LANGUAGES)]
        person = house.sandbox.telegram.person(f"Owner{n}", "Test", language=language)
        made.append((person, language, ZONES[n % len(ZONES)], PLANS[n % len(PLANS)]))

    def unit(session: Session) -> list[int]:
        return [_home(session, company, n, one, dice, today) for n, one in enumerate(made)]

    return [unit, made]


def _home(
    session: Session, company: Company, n: int, one: tuple[Person, str, str, str], dice: random.Random, today: date
) -> int:
    person, language, zone, plan_key = one
    home = Home(
        ref=f"Y{n}", name=f"Home {n}", address="1 Street", postcode="1", city="Town", country="FR",
        region="riviera", time_zone=zone, handed_over_on=today - timedelta(days=dice.randrange(100, 3000)),
    )  # fmt: skip
    owner = Customer(
        ref=f"YP{n}", name=person.user.first_name, language=language, telegram=str(person.id),
        presence=Presence.ACTIVE, created_at=datetime.combine(today, time(8), UTC),
    )  # fmt: skip
    session.add_all((home, owner))
    session.flush()
    session.add(Member(home_id=home.id, person_id=owner.id, role=Role.OWNER))
    plan = company.plan(plan_key)
    began = today - timedelta(days=dice.randrange(20, 700))
    session.add(
        Contract(
            ref=f"YC{n}", home_id=home.id, plan=plan.key, terms=plan.model_dump(mode="json"),
            period=next(iter(plan.prices)), state=ContractState.ACTIVE, starts_on=began, term_months=12,
            charged_until=today,
        )
    )  # fmt: skip
    known = list(company.catalogue)
    for d in range(dice.randrange(1, 4)):
        entry = dice.choice(known)
        installed = today - timedelta(days=dice.randrange(30, 4000))
        session.add(
            Device(
                ref=f"YD{n}.{d}", home_id=home.id, area=dice.choice((Area.SHADES, Area.NETWORK, Area.LIGHTING)),
                room="Hall", brand=entry.brand, model=entry.model.rstrip("*"), installed_on=installed,
                warranty_until=installed + timedelta(days=dice.choice((730, 1095, 3650))),
            )
        )  # fmt: skip
    session.flush()
    return home.id


def asked(resident: Resident) -> Iterator[Bubble]:
    """What we came back with and he has not answered."""
    out = resident.w("prompt.never")
    yield from (b for b in resident.person.chat if b.from_bot and not b.deleted and out in b.labels)


async def answers(resident: Resident, dice: random.Random) -> None:
    """He looks at what has come since, and answers some of it in his own way."""
    for bubble in list(asked(resident))[-2:]:
        if dice.random() > resident.answers:
            continue
        scores = [label for label in bubble.labels if label in {"1", "2", "3", "4", "5"}]
        ways = [resident.w("prompt.later")] * 3 + [resident.w("prompt.never")]
        if scores:
            ways = [dice.choice(scores)] * 12 + ways
        elif dice.random() < 0.02:
            ways = [resident.w("prompt.stop")]
        await resident.person.presses(dice.choice(ways), on=bubble)
