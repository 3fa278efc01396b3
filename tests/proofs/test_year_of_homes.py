"""A year with many homes in four time zones: whatever dies in between, everybody is asked politely and once."""

import asyncio
import os
import random
import signal
from collections import Counter
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.clock import Clock
from bot.company_file import reading
from bot.inbox import InboxState, inbox
from bot.outbox import OutboxState, outbox
from domain import consents
from domain.homes import Home
from domain.people import Consent, ConsentKind
from domain.people import Person as Customer
from domain.prompts import SERVICE, Prompt, PromptState
from domain.work import Work
from scheduling.timers import Timer, TimerState
from tests.house import SAMPLE
from tests.proofs.outside import Outside, outside
from tests.proofs.report import Report
from tests.proofs.year_ground import Resident, answers, settles

SEED = 20261122
DAY = 86_400.0


@pytest.mark.slow
async def test_a_year_of_homes_is_polite_and_exact(tmp_path: Path, full: bool, report: Report) -> None:
    dice = random.Random(SEED)
    homes, days, step = (300, 365, 1) if full else (12, 48, 4)
    async with outside(tmp_path) as out:
        residents = await moves_in(out, homes, dice)
        await out.starts()
        for resident in residents:
            await resident.person.starts()
        await out.quiet()
        kills = stops = away = 0
        for day in range(0, days, step):
            hours = dice.uniform(2, 8) if dice.random() < 0.15 else 0
            if hours:
                out.house.sandbox.faults.away("telegram")
                away += 1
            moves(out, step * DAY + dice.uniform(-4, 4) * 3600)
            if dice.random() < (0.1 if full else 0.35):
                await asyncio.sleep(dice.uniform(0, 1.0))
                kills += await killed(out)
            if hours:
                await asyncio.sleep(1)
                out.house.sandbox.faults.clear()
            if dice.random() < 0.08:
                await out.stops()
                stops += 1
                moves(out, dice.uniform(0.1, 2) * DAY)
                await out.starts()
            await arrived(out)
            for resident in residents:
                await answers(resident, dice)
            await out.quiet()
            if day == days // 2 // step * step:
                await out.in_database(lambda s: some_withdraw(s, dice))
        await arrived(out)
        found = await out.in_database(lambda s: looked_at(s, homes), looking=True)
    report.row(homes=homes, days=days, killed=kills, restarts=stops, outages=away, **found)


async def moves_in(out: Outside, number: int, dice: random.Random) -> list[Resident]:
    """Everybody who lives there; every other one agrees to suggestions and offers."""
    company = reading.read(SAMPLE / "company.toml")
    today = Clock(out.house.clock_file).now().date()
    unit, made = settles(out.house, company, number, dice, today)
    places = await out.in_database(unit)
    residents = [
        Resident(person, language, home, dice.choice((0.1, 0.5, 0.9)), n % 2 == 0)
        for n, ((person, language, *_), home) in enumerate(zip(made, places, strict=True))
    ]
    willing = [str(r.person.id) for r in residents if r.agrees]

    def agree(session: Session) -> None:
        work = Work(session, Clock(out.house.clock_file).now(), "test")
        for who in session.scalars(select(Customer).where(Customer.telegram.in_(willing))):
            for topic in consents.ASKED_FOR:
                consents.agree(work, who, topic)

    await out.in_database(agree)
    return residents


def some_withdraw(session: Session, dice: random.Random) -> None:
    """Some take their consent back."""
    for consent in session.scalars(select(Consent).where(Consent.withdrawn_at.is_(None))):
        if dice.random() < 0.3:
            consent.withdrawn_at = session.scalars(select(func.max(Prompt.asked_at))).one() or consent.given_at


def moves(out: Outside, seconds: float) -> None:
    """Time passes; the program walks there by itself."""
    file = out.house.clock_file
    before = float(file.read_text()) if file.exists() else 0.0
    fresh = file.with_suffix(".new")
    fresh.write_text(str(before + seconds))
    fresh.replace(file)


async def killed(out: Outside) -> int:
    """SIGKILL, wherever it is; the supervisor starts it again."""
    before = out.deaths
    with suppress(ProcessLookupError):
        assert out.process is not None
        os.kill(out.process.pid, signal.SIGKILL)
    while out.deaths == before:  # noqa: ASYNC110 (another process)
        await asyncio.sleep(0.05)
    await out.ready()
    return 1


async def arrived(out: Outside) -> None:
    """Until nothing that is due by now is left, and all that was said has left."""
    clock = Clock(out.house.clock_file)

    def due(session: Session) -> int:
        late = (
            select(func.count()).select_from(Timer).where(Timer.state == TimerState.SET, Timer.due_at <= clock.target())
        )
        return session.scalar(late) or 0

    async with asyncio.timeout(300):
        while await out.in_database(due, looking=True):  # noqa: ASYNC110 (another process)
            await asyncio.sleep(0.2)
    await out.quiet(120)


# ── what must be true ──


def looked_at(session: Session, homes: int) -> dict[str, Any]:
    """Every prompt of the year, against the rules; what is said of it in the table."""
    rules = reading.read(SAMPLE / "company.toml").follow_ups
    zones = {home.id: home.time_zone for home in session.scalars(select(Home))}
    asked = [p for p in session.scalars(select(Prompt).order_by(Prompt.id)) if p.state is PromptState.ASKED]
    sent = sent_at(session)
    for prompt in asked:
        assert prompt.asked_at is not None
        there = ZoneInfo(zones[prompt.home_id] if prompt.home_id else "Europe/Paris")
        for moment in (prompt.asked_at, *sent.get(prompt.id, ())):
            local = moment.astimezone(there)
            assert rules.daytime[0] <= local.time() < rules.daytime[1], (prompt.kind, local)
            assert local.weekday() != 6
        assert len(sent.get(prompt.id, ())) == 1, (prompt.kind, sent.get(prompt.id))
    assert_spaced(asked, rules.apart_days, rules.a_month)
    assert_agreed(session, asked)
    assert_rung_once(session)
    kinds = Counter(str(p.kind) for p in asked)
    return {
        "asked": len(asked),
        "kinds": ", ".join(f"{kind} {number}" for kind, number in sorted(kinds.items())),
        "at night": 0,
        "without consent": 0,
        "twice": 0,
        "people over a cap": 0,
    }


def sent_at(session: Session) -> dict[int, list[datetime]]:
    """When each prompt was put into a chat: the rows of the outbox that asked for word of how it went."""
    found: dict[int, list[datetime]] = {}
    for row in session.execute(select(outbox).where(outbox.c.state == OutboxState.SENT)):
        subject = (row.payload or {}).get("delivery") or ""
        if subject.startswith("prompt:"):
            found.setdefault(int(subject.partition(":")[2]), []).append(row.sent_at)
    return found


def assert_spaced(asked: Sequence[Prompt], apart: int, a_month: int) -> None:
    """The distance and the cap, for each person."""
    by_person: dict[int, list[datetime]] = {}
    for prompt in asked:
        if prompt.kind not in SERVICE and prompt.asked_at is not None:
            by_person.setdefault(prompt.person_id, []).append(prompt.asked_at)
    for moments in by_person.values():
        moments.sort()
        assert all(b - a >= timedelta(days=apart) for a, b in pairwise(moments))
        assert all(sum(a <= b < a + timedelta(days=30) for b in moments) <= a_month for a in moments)


def assert_agreed(session: Session, asked: Sequence[Prompt]) -> None:
    """What is suggested was agreed to, and had not been taken back."""
    known = {consent.id: consent for consent in session.scalars(select(Consent))}
    for prompt in asked:
        if prompt.topic in (ConsentKind.UPGRADES, ConsentKind.OFFERS):
            consent = known[prompt.consent_id or 0]
            assert prompt.asked_at is not None
            assert consent.withdrawn_at is None or consent.withdrawn_at >= prompt.asked_at


def assert_rung_once(session: Session) -> None:
    """Every timer came to the desk once, and nothing that came in was lost."""
    rows = list(session.scalars(select(inbox.c.external_id).where(inbox.c.source == "timer")))
    assert len(rows) == len(set(rows))
    rung = session.scalar(select(func.count()).select_from(Timer).where(Timer.state == TimerState.RUNG))
    assert rung == len(rows)
    states = Counter(session.scalars(select(inbox.c.state)))
    assert set(states) == {InboxState.DONE}, states
