"""The program stops and starts between any two deeds of the journey, and the same thing comes in several times."""

import asyncio
import random
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.inbox import inbox
from domain.notes import Note
from domain.requests import Happening
from sandbox.telegram.webhook import SECRET_HEADER
from tests.house import HOOK, House, open_house, words
from tests.journey.test_journey import (
    books,
    is_helped_and_says_so,
    is_reminded,
    reports,
    talks_with_the_team,
    tells_how_it_was,
)
from tests.proofs.outside import patient
from tests.proofs.report import Report

SEED = 20260106
DEEDS = {
    *("types", "presses", "sends_photo", "starts"),  # with the phone
    *("fills", "writes_in_thread", "commands"),  # at the desk
}


class Interrupted:
    """A person before each of whose deeds the program is stopped and started."""

    def __init__(self, person: Any, house: House, restarts: list[str]) -> None:
        self._person, self._house, self._restarts = person, house, restarts

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._person, name)
        if name not in DEEDS:
            return found

        async def after_a_restart(*given: Any, **named: Any) -> Any:
            await self._house.stops()
            await self._house.starts()
            self._restarts.append(name)
            return await found(*given, **named)

        return after_a_restart


@pytest.mark.slow
@pytest.mark.parametrize("hooked", [False, True], ids=["polling", "hooks"])
async def test_a_restart_between_any_two_deeds_of_the_journey_loses_nothing(
    tmp_path: Path, hooked: bool, report: Report
) -> None:
    def w(key: str, count: int | None = None, **values: object) -> str:
        return words("en", key, count, **values)

    restarts: list[str] = []
    async with open_house(tmp_path, hooked=hooked) as house:
        patient(house)
        homeowner: Any = Interrupted(await house.arrives("en"), house, restarts)
        house.team = {key: Interrupted(person, house, restarts) for key, person in house.team.items()}  # type: ignore[misc]
        await reports(house, homeowner, "en", w)
        await books(house, homeowner, w)
        await talks_with_the_team(house, homeowner, "en", w)
        await is_reminded(house, homeowner, w)
        await is_helped_and_says_so(house, homeowner, w)
        await tells_how_it_was(house, homeowner, w)
        states = await house.in_database(lambda s: set(s.scalars(select(inbox.c.state))))
    assert len(restarts) >= 20
    assert states == {"done"}
    report.row(way="hooks" if hooked else "polling", restarts=len(restarts), lost=0)


@pytest.mark.parametrize("hooked", [False, True], ids=["polling", "hooks"])
async def test_the_same_thing_several_times_at_once_has_one_effect(
    tmp_path: Path, hooked: bool, full: bool, report: Report
) -> None:
    dice = random.Random(SEED)
    rounds = 25 if full else 5
    async with open_house(tmp_path, hooked=hooked) as house:
        patient(house)
        marta = await house.arrives("en")
        await marta.sees(words("en", "menu.report"))
        ana = house.team["ana"]
        await marta.presses(words("en", "menu.report"))
        await marta.presses(words("en", "area.shades"))
        await marta.types("The shades do not move")
        await marta.sees("The shades do not move")
        await marta.presses(words("en", "report.send"))
        await marta.sees(words("en", "solve.way.ask"))
        await marta.presses(words("en", "solve.leave"))
        card = await ana.sees("#service", "The shades do not move")
        await house.quiet()  # nobody writes under a card before Slack has told us that it hangs
        for number in range(rounds):
            await marta.types(f"word {number}")
            await again_on_telegram(house, dice.randint(1, 4))
            await ana.writes_in_thread(card, f"between us {number}")
            await house.sandbox.slack.idle()
            many = dice.randint(1, 4)
            await asyncio.gather(*(house.sandbox.slack.redeliver() for _ in range(many)))
        await ana.presses("Take it", card)
        redo = (house.sandbox.slack.redeliver(kind="interactive") for _ in range(4))
        await asyncio.gather(*redo)
        await ana.presses("Reply", card)
        await ana.sees_modal("1001")
        await ana.fills({words("en", "reply.words"): "We come"})
        await ana.submits()
        await asyncio.gather(*(house.sandbox.slack.redeliver(kind="interactive") for _ in range(3)))
        await house.quiet()
        counts = await house.in_database(notes_and_claims)
        count = select(func.count()).where(inbox.c.source == "telegram")
        rows = await house.in_database(lambda s: s.scalar(count))
        happened = len(house.sandbox.telegram.state.updates.all)
        said = sum("We come" in bubble.text for bubble in marta.chat if bubble.from_bot)
        thread = [post.text for post in card.thread]
    expected = {"We come": 1}
    expected |= {f"{what} {n}": 1 for what in ("word", "between us") for n in range(rounds)}
    assert counts == (expected, 1)
    assert said == 1
    assert rows == happened, "an update that came again was written down again"
    assert all(sum(text.endswith(f"word {n}") for text in thread) == 1 for n in range(rounds))
    report.row(way="hooks" if hooked else "polling", things=2 * rounds + 3, deliveries="1 to 5 of each", effects=1)


def notes_and_claims(session: Session) -> tuple[dict[str, int], int]:
    counted = session.execute(select(Note.words, func.count()).group_by(Note.words))
    notes = {str(text): int(n) for text, n in counted}
    claims = session.scalar(select(func.count()).where(Happening.name == "RequestClaimed"))
    return notes, claims or 0


async def again_on_telegram(house: House, times: int) -> None:
    """The newest update once more, `times` times: side by side by web hook, in one answer by polling."""
    if not house.hooked:
        house.sandbox.telegram.redeliver(times=times)
        return
    updates = house.sandbox.telegram.state.updates
    update = updates.all[max(updates.all)]
    url = f"{house.environment['PUBLIC_URL']}/telegram"
    async with aiohttp.ClientSession(headers={SECRET_HEADER: HOOK}) as session:

        async def post() -> int:
            async with session.post(url, json=update) as answer:
                return answer.status

        assert set(await asyncio.gather(*(post() for _ in range(times)))) == {200}
