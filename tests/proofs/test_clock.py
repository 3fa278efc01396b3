"""Time that jumps, and time that is slept through: every follow-up comes once, at its own hour, and none is missed."""

import random
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.inbox import inbox
from domain.prompts import Kind, Prompt, PromptState
from domain.requests import Happening
from sandbox.slack import Post
from sandbox.telegram.person import Person
from scheduling.briefs import EVENING, MORNING
from scheduling.digests import DIGEST
from scheduling.followups import CONTRACT
from scheduling.looks import LOOK
from scheduling.promise_watch import PROMISE
from scheduling.timers import Timer, TimerState
from tests.house import House, open_house, words
from tests.proofs.outside import patient
from tests.proofs.report import Report

SEED = 20260109
DAY = 86_400.0
PATIENCE = 30.0
# What rings for the same subject again and again, at other hours.
AGAIN = (CONTRACT, MORNING, EVENING, PROMISE, LOOK, DIGEST)


def w(key: str, count: int | None = None, **values: Any) -> str:
    return words("en", key, count, **values)


async def reports(house: House, marta: Person, story: str) -> Post:
    """She reports something new; the card in the team's channel."""
    await marta.types("/report")
    await marta.sees(w("report.area.ask"), timeout=PATIENCE)
    await marta.presses(w("area.shades"))
    await marta.sees(w("report.story.ask", area=w("area.shades")), timeout=PATIENCE)
    await marta.types(story)
    await marta.sees(story, timeout=PATIENCE)
    await marta.presses(w("report.send"))
    await marta.sees(w("solve.way.ask"), timeout=PATIENCE)
    return await house.team["ana"].sees("#service", story, timeout=PATIENCE, anywhere=True)


async def holds(marta: Person, index: int) -> None:
    visit = next(label for label in marta.buttons() if label.startswith(w("solve.way.visit", price="").rstrip(" ·")))
    await marta.presses(visit)
    times = await marta.sees(w("solve.slot.ask"), timeout=PATIENCE)
    await marta.presses(times.labels[index])
    await marta.sees(w("solve.confirm"), timeout=PATIENCE)


async def books(marta: Person, index: int) -> None:
    await holds(marta, index)
    await marta.presses(w("solve.confirm"))
    await marta.sees(w("booked.title"), timeout=PATIENCE)


async def solved(house: House, card: Post, number: int) -> None:
    ana = house.team["ana"]
    await ana.presses(w("team.resolve"), card)
    await ana.sees_modal(str(1000 + number), timeout=PATIENCE)
    assert await ana.fills({w("resolve.words"): f"Done {number}", w("resolve.minutes"): "30"}) == {}
    assert await ana.submits() == {}


def rung(session: Session) -> list[tuple[str, str, datetime, datetime]]:
    """(kind, subject, when it was due, when its inbound was handled), in the order of handling."""
    rows = session.execute(select(inbox).where(inbox.c.source == "timer").order_by(inbox.c.done_at, inbox.c.id))
    return [(r.payload["kind"], r.payload["subject"], datetime.fromisoformat(r.payload["at"]), r.done_at) for r in rows]


def left_over(session: Session) -> list[Timer]:
    return list(session.scalars(select(Timer).where(Timer.state == TimerState.SET)))


async def test_a_week_that_passes_at_once_halts_at_each_due_hour_in_order(tmp_path: Path, report: Report) -> None:
    async with open_house(tmp_path) as house:
        patient(house)
        marta = await house.arrives("en")
        await marta.sees(w("menu.report"), timeout=PATIENCE)
        card = await reports(house, marta, "The first story")
        await marta.presses(w("solve.leave"))
        await solved(house, card, 1)
        await marta.sees("Done 1", timeout=PATIENCE)
        await reports(house, marta, "The second story")
        await books(marta, 3)
        await reports(house, marta, "The third story")
        await holds(marta, 2)
        await house.quiet(PATIENCE)
        assert house.app is not None
        began = house.app.clock.now()
        await house.moves_clock(7 * DAY)
        await house.app.alarm.beat()
        await house.quiet(PATIENCE)
        rang = await house.in_database(rung)
        facts = await house.in_database(lambda s: Counter(s.scalars(select(Happening.name))))
        late = [f"{kind}: {(done - due).total_seconds():.1f} s" for kind, _, due, done in rang]
    assert set(Counter((kind, subject, due) for kind, subject, due, _ in rang).values()) == {1}
    kinds = [kind for kind, *_ in rang if kind not in AGAIN]
    assert kinds[0] == "hold"
    assert kinds.index("silence") < kinds.index("prompt")
    assert sorted(kinds) == ["hold", "prompt", "reminder", "silence", "soon"]
    assert [due for _, _, due, _ in rang] == sorted(due for _, _, due, _ in rang)
    for kind, _, due, done in rang:
        assert timedelta(0) <= done - due < timedelta(minutes=1), (kind, due, done)
        assert began < due < began + timedelta(days=7)
    assert (facts["HoldExpired"], facts["RequestClosed"], facts["SurveyAsked"]) == (1, 1, 1)
    report.row(jump="a week", rang=", ".join(kinds), lateness="; ".join(late))


@pytest.mark.slow
async def test_a_year_with_restarts_misses_nothing_and_does_nothing_twice(
    tmp_path: Path, full: bool, report: Report
) -> None:
    dice = random.Random(SEED)
    days, restarts, number = 0.0, 0, 0
    async with open_house(tmp_path) as house:
        patient(house)
        marta = await house.arrives("en")
        await marta.sees(w("menu.report"), timeout=PATIENCE)
        while days < (365 if full else 60):
            number += 1
            card = await reports(house, marta, f"Story number {number}.")
            await books(marta, dice.randrange(3))
            steps = [dice.uniform(6, 9), *(dice.uniform(0.2, 4) for _ in range(4)), 4.0]
            for index, step in enumerate(steps):
                days += step
                # The time passes while nobody is at work: each time over another follow-up, and now and then besides.
                if index == (number - 1) % len(steps) or dice.random() < 0.4:
                    await house.stops()
                    await house.moves_clock(step * DAY)
                    await house.starts()
                    restarts += 1
                    assert house.app is not None
                    await house.app.alarm.beat()
                else:
                    await house.moves_clock(step * DAY)
                await house.quiet(PATIENCE)
                if index == 0:
                    await solved(house, card, number)
                    await house.quiet(PATIENCE)
        assert house.app is not None
        rang = await house.in_database(rung)
        now = house.app.clock.now()
        overdue = [t for t in await house.in_database(left_over) if t.due_at <= now]
        facts = await house.in_database(lambda s: Counter(s.scalars(select(Happening.name))))
        prompts = await house.in_database(lambda s: Counter((p.kind, p.state) for p in s.scalars(select(Prompt))))
        asked = Counter(b.text for b in marta.chat if b.from_bot and b.shows(w("survey.scale")))
    once = Counter((kind, subject, at if kind in AGAIN else None) for kind, subject, at, _ in rang if kind != "prompt")
    assert overdue == []
    assert set(once.values()) == {1}
    # Each is asked about once, and who is silent is reminded once; the last ones may still wait for a polite day.
    surveys = {state: many for (kind, state), many in prompts.items() if kind is Kind.SURVEY}
    assert facts["RequestClosed"] == sum(surveys.values()) == number
    assert set(surveys) <= {PromptState.ASKED, PromptState.PLANNED}
    assert facts["SurveyAsked"] == surveys[PromptState.ASKED] >= number - 2
    assert sum(asked.values()) == surveys[PromptState.ASKED] + prompts[Kind.SURVEY_AGAIN, PromptState.ASKED]
    kinds = Counter(kind for kind, *_ in rang)
    assert kinds["silence"] == number <= kinds["prompt"]
    report.row(days=round(days), restarts=restarts, requests=number, rang=sum(kinds.values()), twice=0, missed=0)
