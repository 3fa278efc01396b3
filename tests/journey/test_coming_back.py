"""Coming back: asked in his daytime, once; and one tap ends it, at once."""

from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.consents import TEXT
from domain.people import Consent
from domain.prompts import Kind, OptOut, Prompt, PromptState
from sandbox.telegram.person import Person
from tests.house import House, open_house
from tests.journey.ground import is_done, reports, w

DAY = 86400.0


async def prompts_of(house: House) -> list[Prompt]:
    """The questions how it was: asked, or to come."""

    def unit(session: Session) -> list[Prompt]:
        return list(session.scalars(select(Prompt).where(Prompt.kind == Kind.SURVEY).order_by(Prompt.id)))

    found: list[Prompt] = await house.in_database(unit)
    return found


async def is_helped(house: House, emma: Person, story: str = "It stops half way") -> None:
    """She reports something, and it is solved."""
    card = await reports(house, emma, story)
    await is_done(house, card)
    await emma.sees(w("solved.yes"))
    await emma.presses(w("solved.yes"))
    await house.quiet()


async def is_asked(house: House, emma: Person, days: float = 1) -> None:
    """Some days pass, and she is asked how it was."""
    await house.moves_clock(days * DAY)
    await house.quiet()
    await emma.sees(w("survey.scale"))


def questions(emma: Person) -> int:
    """How often she was asked how it was."""
    return sum(w("survey.scale") in b.text for b in emma.chat if b.from_bot)


async def test_who_wants_no_more_gets_no_more_from_that_moment_on(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        await is_helped(house, emma)
        await is_asked(house, emma)
        await emma.presses(w("prompt.stop"))
        shown = await emma.sees(w("prompt.stop.done"))
        assert w("survey.scale") in shown.text  # the question itself says what became of it
        await emma.presses(w("preferences.open"))
        page = await emma.sees(w("preferences.title"))
        assert page.text.count(f": {w('preferences.off')}") == 4
        await is_helped(house, emma, "Now the other one")
        await house.moves_clock(10 * DAY)
        assert questions(emma) == 1
        # She turns it on again herself: then she is asked again.
        await emma.types("/preferences")
        await emma.sees(w("preferences.title"))
        await emma.presses(w("preferences.start", topic=w("topic.surveys")))
        await emma.sees(w("preferences.stop", topic=w("topic.surveys")))
        await is_helped(house, emma, "And a third one")
        await is_asked(house, emma)


async def test_who_opts_out_before_the_question_comes_is_not_asked(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        await is_helped(house, emma)
        assert [p.state for p in await prompts_of(house)] == [PromptState.PLANNED]
        await emma.types("/preferences")
        await emma.sees(w("preferences.title"))
        await emma.presses(w("preferences.stop", topic=w("topic.surveys")))
        await emma.sees(w("preferences.start", topic=w("topic.surveys")))
        await house.quiet()
        await house.moves_clock(3 * DAY)
        assert questions(emma) == 0
        (let_go,) = await prompts_of(house)
        assert (let_go.state, let_go.let_go_for) == (PromptState.LET_GO, "not_wanted")


async def test_later_comes_back_after_two_weeks_and_once(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        await is_helped(house, emma)
        await is_asked(house, emma)
        await emma.presses(w("prompt.later"))
        await emma.sees(w("prompt.later.done", day="").rstrip(" ."))
        await house.moves_clock(10 * DAY)
        assert questions(emma) == 1
        await house.moves_clock(8 * DAY)
        assert questions(emma) == 2
        await house.moves_clock(40 * DAY)
        assert questions(emma) == 2


async def test_what_cannot_leave_in_his_daytime_waits_for_the_next_day(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        await is_helped(house, emma)
        (planned,) = await prompts_of(house)
        assert house.app is not None
        there = ZoneInfo("Europe/Paris")
        night = planned.due_at.astimezone(there).replace(hour=23, minute=0)
        house.sandbox.faults.away("telegram")
        await house.moves_clock((night - house.app.clock.now()) / timedelta(seconds=1))
        house.sandbox.faults.clear()
        await house.quiet(30)
        assert questions(emma) == 0
        (waits,) = await prompts_of(house)
        assert waits.state is PromptState.PLANNED
        assert waits.due_at > night
        await house.moves_clock(3 * DAY)
        await emma.sees(w("survey.scale"))
        await house.moves_clock(9 * DAY)
        assert questions(emma) == 2  # she has not answered: she is reminded, once
        await house.moves_clock(30 * DAY)
        assert questions(emma) == 2


async def test_what_she_agrees_to_is_kept_with_its_words_and_taken_back_with_one_tap(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        await emma.types("/preferences")
        await emma.sees(w("preferences.title"))
        await emma.presses(w("preferences.start", topic=w("topic.upgrades")))
        await emma.sees(w("preferences.stop", topic=w("topic.upgrades")))
        await emma.presses(w("preferences.stop", topic=w("topic.upgrades")))
        await emma.sees(w("preferences.start", topic=w("topic.upgrades")))
        await emma.presses(w("preferences.stop", topic=w("topic.maintenance")))
        await emma.sees(w("preferences.start", topic=w("topic.maintenance")))
        await house.quiet()

        def kept(session: Session) -> tuple[list[tuple[str, str, bool]], list[str]]:
            given = session.scalars(select(Consent))
            return [(c.kind, c.language, c.withdrawn_at is not None) for c in given], list(
                session.scalars(select(OptOut.of))
            )

        assert await house.in_database(kept) == ([("upgrades", "en", True)], ["topic:maintenance"])


async def test_who_is_satisfied_is_asked_once_what_else_she_wants_to_hear_of(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        await is_helped(house, emma)
        await is_asked(house, emma)
        await emma.presses("5")
        await emma.sees(w("consent.ask"))
        await emma.presses(w("consent.yes.upgrades"))
        await emma.sees(w("consent.thanks", topic=w("topic.upgrades")))
        await is_helped(house, emma, "Now the other one")
        await is_asked(house, emma, 8)
        await emma.presses("5")
        await house.quiet()
        assert sum(w("consent.ask") in b.text for b in emma.chat if b.from_bot) == 1

        def given(session: Session) -> list[tuple[str, str, str]]:
            return [(c.kind, c.language, c.text_version) for c in session.scalars(select(Consent))]

        assert await house.in_database(given) == [("upgrades", "en", TEXT)]
