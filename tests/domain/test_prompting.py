"""Prompting: planned for a polite moment, looked at again, asked once; and nothing without a word of his."""

import heapq
import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.database import sqlite_engine
from domain import consents, prompting
from domain.coming_back_events import PromptPlanned
from domain.consents import ASKED_FOR, TOPICS
from domain.people import Consent, ConsentKind, Person
from domain.prompting import Wish
from domain.prompts import SERVICE, Kind, Prompt, PromptState, Reply
from domain.work import Work
from tests.domain.ground import MONDAY, SAMPLE, home, person
from tests.journey.ground import words

ANSWERED = Kind.CONSENT  # put in a talk, never planned


def wish(work: Work, who: Person, kind: Kind = Kind.WARRANTY, subject: str = "device:1", **more: Any) -> Wish:
    """Something to come back with, from now on and for two months."""
    given = {"occurrence": "first", "wanted": work.now, "until": work.now + timedelta(days=60), **more}
    return Wish(kind, who.id, None, subject, **given)


@pytest.fixture
def marta(work: Work) -> Person:
    """Somebody who lives in Paris."""
    who = person(work)
    home(work)
    return who


def ring(work: Work, prompt: Prompt, *, reachable: bool = True, still: bool = True) -> bool:
    """Its moment comes."""
    work.now = max(work.now, prompt.due_at)
    return prompting.ring(work, SAMPLE, prompt, reachable=reachable, still=lambda: still)


def test_the_same_thing_is_planned_once(work: Work, marta: Person) -> None:
    assert prompting.plan(work, SAMPLE, wish(work, marta)) is not None
    assert prompting.plan(work, SAMPLE, wish(work, marta)) is None
    assert prompting.plan(work, SAMPLE, wish(work, marta, subject="device:2")) is not None


@pytest.mark.parametrize("kind", [kind for kind in Kind if TOPICS[kind] in ASKED_FOR])
def test_nothing_is_suggested_to_who_did_not_agree(work: Work, marta: Person, kind: Kind) -> None:
    topic = TOPICS[kind]
    assert topic is not None
    assert prompting.plan(work, SAMPLE, wish(work, marta, kind)) is None
    consents.agree(work, marta, topic)
    planned = prompting.plan(work, SAMPLE, wish(work, marta, kind))
    assert planned is not None
    assert planned.consent_id is not None
    consents.withdraw(work, marta, topic)
    assert not ring(work, planned)
    assert (planned.state, planned.let_go_for) == (PromptState.LET_GO, "not_wanted")


@pytest.mark.parametrize("whose", ["nobody’s", "another person’s", "for something else"])
def test_the_table_itself_refuses_what_nobody_agreed_to(work: Work, marta: Person, whose: str) -> None:
    other = person(work, "P2")
    consents.agree(work, other, ConsentKind.UPGRADES)
    consents.agree(work, marta, ConsentKind.OFFERS)
    work.session.flush()
    theirs = {c.person_id: c.id for c in work.session.scalars(select(Consent))}
    consent = {"nobody’s": None, "another person’s": theirs[other.id], "for something else": theirs[marta.id]}[whose]
    work.session.add(
        Prompt(
            person_id=marta.id, kind=Kind.UPGRADE, topic=ConsentKind.UPGRADES, subject="device:1", occurrence="first",
            facts={}, wanted_at=work.now, due_at=work.now, until=work.now, consent_id=consent,
        )
    )  # fmt: skip
    with pytest.raises(IntegrityError):
        work.session.flush()
    work.session.rollback()


def test_who_agreed_once_has_one_consent_that_stands(work: Work, marta: Person) -> None:
    for _ in range(2):
        consents.agree(work, marta, ConsentKind.UPGRADES)
    consents.withdraw(work, marta, ConsentKind.UPGRADES)
    consents.agree(work, marta, ConsentKind.UPGRADES)
    work.session.flush()
    all_of_them = work.session.scalars(select(Consent).order_by(Consent.id)).all()
    assert [(c.text_version, c.language, c.withdrawn_at is None) for c in all_of_them] == [
        (consents.TEXT, marta.language, False),
        (consents.TEXT, marta.language, True),
    ]


def test_the_words_that_one_agrees_to_have_a_version() -> None:
    # Who changes the words changes consents.TEXT, and adds a line here: what somebody agreed to stays provable.
    keys = ["consent.ask", *(f"consent.{topic}" for topic in ASKED_FOR), "consent.free"]
    said = "\n".join(words(language, key) for language in ("en", "fr", "es", "it") for key in keys)
    assert {"2026-11": WORDING}[consents.TEXT] == sha256(said.encode()).hexdigest()[:16]


WORDING = "3f9fa83cc724e504"


def test_what_is_not_true_any_more_is_let_go_and_planned_again_when_it_is(work: Work, marta: Person) -> None:
    planned = prompting.plan(work, SAMPLE, wish(work, marta))
    assert planned is not None
    assert not ring(work, planned, still=False)
    assert planned.let_go_for == "not_true"
    again = prompting.plan(work, SAMPLE, wish(work, marta))
    assert again is planned
    assert ring(work, planned)
    assert prompting.plan(work, SAMPLE, wish(work, marta)) is None


def test_two_things_for_one_person_keep_their_distance(work: Work, marta: Person) -> None:
    first = prompting.plan(work, SAMPLE, wish(work, marta))
    second = prompting.plan(work, SAMPLE, wish(work, marta, subject="device:2"))
    assert first is not None
    assert second is not None
    assert ring(work, first)
    assert not ring(work, second)  # it was planned for the same morning: it waits
    assert second.due_at >= work.now + timedelta(days=SAMPLE.follow_ups.apart_days)
    assert ring(work, second)


def test_later_comes_back_once_and_never_not_at_all(work: Work, marta: Person) -> None:
    planned = prompting.plan(work, SAMPLE, wish(work, marta))
    assert planned is not None
    assert ring(work, planned)
    prompting.replied(work, SAMPLE, planned, Reply.LATER)
    (back,) = prompting.planned(work, marta.id)
    assert back.due_at >= work.now + timedelta(days=SAMPLE.follow_ups.later_days)
    assert ring(work, back)
    prompting.replied(work, SAMPLE, back, Reply.NEVER)
    assert prompting.plan(work, SAMPLE, wish(work, marta, subject="device:2")) is None
    assert prompting.plan(work, SAMPLE, wish(work, marta, Kind.MAINTENANCE, "contract:1")) is not None


def test_stop_all_stops_all_but_what_belongs_to_the_contract(work: Work, marta: Person) -> None:
    for topic in ASKED_FOR:
        consents.agree(work, marta, topic)
    made = [prompting.plan(work, SAMPLE, wish(work, marta, kind)) for kind in Kind if kind is not ANSWERED]
    first = next(prompt for prompt in made if prompt is not None)
    prompting.replied(work, SAMPLE, first, Reply.STOP)
    assert {p.kind for p in prompting.planned(work, marta.id)} <= {Kind.RENEWAL}
    for kind in Kind:
        again = prompting.plan(work, SAMPLE, wish(work, marta, kind, subject="another:1"))
        assert (again is None) == (TOPICS[kind] is not None)


def test_what_could_not_be_sent_today_comes_on_another_day(work: Work, marta: Person) -> None:
    planned = prompting.plan(work, SAMPLE, wish(work, marta))
    assert planned is not None
    assert ring(work, planned)
    before = planned.due_at
    prompting.postpone(work, SAMPLE, planned)
    assert planned.state is PromptState.PLANNED
    assert planned.due_at.date() > before.date()


ZONES = ("Europe/Paris", "Atlantic/Canary", "Pacific/Auckland", "America/Sao_Paulo", "Asia/Kathmandu")


@pytest.mark.slow
@pytest.mark.parametrize("zone", ZONES)
def test_in_any_months_everybody_is_asked_politely(empty_record: Path, zone: str, full: bool) -> None:
    for seed in range(200 if full else 4):
        with _fresh(empty_record) as work:
            _months(work, zone, random.Random(f"{zone} {seed}"))


@contextmanager
def _fresh(empty_record: Path) -> Iterator[Work]:
    """A unit of work that is never committed."""
    engine = sqlite_engine(f"sqlite:///{empty_record}")
    with Session(engine, expire_on_commit=False) as session:
        yield Work(session, MONDAY, "test")
        session.rollback()
    engine.dispose()


def _months(work: Work, zone: str, dice: random.Random) -> None:
    """Wishes of all kinds at any time; he agrees, withdraws, says later, never, stop; now and then we are away."""
    who, place = person(work), home(work, zone=zone)
    rules, there = SAMPLE.follow_ups, ZoneInfo(zone)
    bell: list[tuple[datetime, int]] = []
    asked: list[tuple[datetime, Prompt]] = []
    end = work.now + timedelta(days=120)
    while work.now < end:
        _somebody_does_something(work, who, place.id, dice)
        for fact in work.events:
            if isinstance(fact, PromptPlanned):
                heapq.heappush(bell, (fact.at, fact.prompt))
        work.events.clear()
        work.now += timedelta(hours=dice.choice((1, 9, 30, 90, 24 * 9)))
        while bell and bell[0][0] <= work.now:
            prompt = work.session.get_one(Prompt, heapq.heappop(bell)[1])
            allowed = consents.allows(work, who.id, prompt.kind)
            if prompting.ring(work, SAMPLE, prompt, reachable=True, still=lambda: True):
                assert allowed
                asked.append((work.now, prompt))
    for at, prompt in asked:
        local = at.astimezone(there)
        assert rules.daytime[0] <= local.time() < rules.daytime[1]
        assert local.weekday() != 6
        assert prompt.until >= at
    counted = sorted(at for at, prompt in asked if prompt.kind not in SERVICE)
    assert all(b - a >= timedelta(days=rules.apart_days) for a, b in pairwise(counted))
    assert all(sum(a <= b < a + timedelta(days=30) for b in counted) <= rules.a_month for a in counted)
    assert set(Counter(prompt.id for _, prompt in asked).values()) <= {1}


def _somebody_does_something(work: Work, who: Person, place: int, dice: random.Random) -> None:
    for topic in ConsentKind:
        if dice.random() < 0.2:
            consents.agree(work, who, topic)
        elif dice.random() < 0.05:
            prompting.withdraw(work, who, topic)
    for kind in dice.sample(list(Kind), 3):
        wanted = work.now + timedelta(hours=dice.randrange(0, 24 * 20))
        until = wanted + timedelta(days=dice.randrange(1, 50))
        subject = f"thing:{dice.randrange(6)}"
        prompting.plan(work, SAMPLE, Wish(kind, who.id, place, subject, f"{work.now:%Y-%m}", wanted, until))
    done = work.session.scalars(select(Prompt).where(Prompt.state == PromptState.ASKED, Prompt.reply.is_(None))).all()
    for prompt in done:
        reply = dice.choice((None, None, Reply.YES, Reply.LATER, Reply.NEVER if dice.random() < 0.2 else Reply.LATER))
        if reply is not None:
            prompting.replied(work, SAMPLE, prompt, reply)
