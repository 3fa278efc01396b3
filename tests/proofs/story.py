"""A slice of the journey that passes every failpoint: told with the patience of people whose program may die."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from sandbox.slack import Post
from sandbox.telegram.person import Person
from tests.house import words
from tests.proofs.outside import PATIENCE, Outside

PROBLEM = "The shades in the living room stop half way"
REPLY = "We are on our way, the motor is here"
ANSWER = "Thank you, the gate is open"
QUARTER = 900.0


def w(key: str, count: int | None = None, **values: Any) -> str:
    """A phrase in English, up to its first value."""
    return words("en", key, count, **values)


@dataclass
class Story:
    """The people, and what they see on the way."""

    out: Outside
    seen: dict[str, Any] = field(default_factory=dict)

    @property
    def marta(self) -> Person:
        return self.out.house.people["C007"]

    async def tell(self, arm_at: str = "", failpoint: str = "") -> None:
        """All steps in order; before the step named `arm_at` the program is started anew with the failpoint."""
        for step in STEPS:
            if step.__name__ == arm_at:
                await self.out.stops()
                if arm_at == "waits_too_long":  # the clock moves while nobody is at work: due at the first beat
                    await self.out.house.moves_clock(2 * QUARTER)
                    self.seen["late"] = True
                await self.out.starts(failpoint, wait=False)
                await asyncio.sleep(0.5)
                await self.out.ready()
            elif self.out.process is None:
                await self.out.starts()
            await step(self)


async def insists(act: Callable[[], Awaitable[Any]], seen: Callable[[], bool], house: Outside) -> None:
    """Do it (again) until it shows: what a person does whose press came to nothing."""
    for _ in range(6):
        await act()
        if await house.house.sandbox.changed.until(lambda: seen() or None, PATIENCE / 6):
            return
    raise AssertionError("it never showed")


async def opens_the_invitation(story: Story) -> None:
    marta = await story.out.house.arrives("en")
    await marta.sees(w("menu.report"), timeout=PATIENCE)


async def begins_a_report(story: Story) -> None:
    await story.marta.presses(w("menu.report"))
    await story.marta.sees(w("report.area.ask"), timeout=PATIENCE)
    await story.marta.presses(w("area.shades"))
    await story.marta.sees(w("report.story.ask", area=w("area.shades")), timeout=PATIENCE)


async def tells_and_shows(story: Story) -> None:
    await story.marta.types(PROBLEM)
    await story.marta.sees(PROBLEM, timeout=PATIENCE)
    await story.marta.sends_photo()
    await story.marta.sees(w("report.files", 1), timeout=PATIENCE)
    await story.marta.presses(w("report.send"))
    await story.marta.sees(w("solve.way.ask"), timeout=PATIENCE)


async def the_team_has_it(story: Story) -> None:
    ana = story.out.house.team["ana"]
    card: Post = await ana.sees("#service", PROBLEM, timeout=PATIENCE, anywhere=True)
    story.seen["card"] = card

    def photos() -> int | None:
        return sum(len(post.files) for post in card.thread) or None

    assert await story.out.house.sandbox.changed.until(photos, PATIENCE), "the photo is not in the thread"


async def picks_a_time(story: Story) -> None:
    marta = story.marta
    visit = next(label for label in marta.buttons() if label.startswith(w("solve.way.visit", price="").rstrip(" ·")))
    await marta.presses(visit)
    times = await marta.sees(w("solve.slot.ask"), timeout=PATIENCE)
    await marta.presses(times.labels[2])
    await marta.sees(w("solve.confirm"), timeout=PATIENCE)


async def waits_too_long(story: Story) -> None:
    story.marta.looks_away()
    if "late" not in story.seen:
        await story.out.house.moves_clock(2 * QUARTER)
    await story.marta.sees(w("hold.over"), timeout=PATIENCE, anywhere=True)


async def the_team_takes_it(story: Story) -> None:
    ana, card, marta = story.out.house.team["ana"], story.seen["card"], story.marta
    marta.looks_away()
    await insists(
        lambda: ana.presses("Take it", card) if "Take it" in card.buttons else asyncio.sleep(0.5),
        lambda: any(is_claimed(bubble.text) for bubble in marta.chat),
        story.out,
    )


def is_claimed(text: str) -> bool:
    return w("claimed.by", name="Ana Ruiz", about="").rstrip(". ") in text


async def the_team_answers(story: Story) -> None:
    ana, card, marta = story.out.house.team["ana"], story.seen["card"], story.marta

    async def answers() -> None:
        if not ana.modal:
            await ana.presses("Reply", card)
            if not await story.out.house.sandbox.changed.until(lambda: ana.modal or None, 5.0):
                return
        if w("reply.again") not in ana.modal.labels:  # or what he will read is shown already, from the time before
            await ana.fills({w("reply.words"): REPLY})
        await ana.submits()

    await insists(answers, lambda: any(REPLY in bubble.text for bubble in marta.chat), story.out)
    delivered = w("team.delivered")
    assert await story.out.house.sandbox.changed.until(
        lambda: any(delivered in post.text for post in card.thread) or None, PATIENCE
    ), "the team is not told that it arrived"


async def she_answers(story: Story) -> None:
    card = story.seen["card"]
    await story.marta.types(ANSWER)  # Ana talks with her: the assistant is quiet
    assert await story.out.house.sandbox.changed.until(
        lambda: any(ANSWER in post.text for post in card.thread) or None, PATIENCE
    ), "her words are not in the thread"


STEPS: tuple[Callable[[Story], Awaitable[None]], ...] = (
    opens_the_invitation,
    begins_a_report,
    tells_and_shows,
    the_team_has_it,
    picks_a_time,
    waits_too_long,
    the_team_takes_it,
    the_team_answers,
    she_answers,
)
