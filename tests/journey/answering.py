"""What the stories about satisfaction share: being asked, answering, and looking into the record."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from domain.people import Consent, ConsentKind
from domain.people import Person as Customer
from domain.prompts import OptOut, Prompt, PromptState
from domain.recoveries import Recovery
from domain.surveys import Survey
from domain.work import Work
from sandbox.slack.person import Person as Mate
from sandbox.slack.seen import Post
from sandbox.telegram.bubbles import Bubble, Button
from sandbox.telegram.person import Person
from tests.house import House
from tests.journey.ground import is_done, reports, w
from tests.journey.test_pinned_promises import at

SLOW, LATE = w("reason.slow"), w("reason.late")


async def is_asked(house: House, ref: str | None = None, language: str = "en", say: Any = w) -> tuple[Person, Bubble]:
    """It is a Tuesday; something was solved on Monday, and he is asked how it was."""
    await on_weekday(house, 0, 10)
    person = await house.arrives(language, ref)
    card = await reports(house, person, say=say)
    ana = house.team["ana"]
    await ana.presses("Take it", card)
    await house.quiet()
    await is_done(house, card)
    await person.presses(say("solved.yes"))
    await person.sees(say("solved.thanks"))
    await at(house, 1, 13)
    return person, await person.sees(say("survey.scale"), anywhere=True)


async def on_weekday(house: House, weekday: int, hour: int) -> None:
    """The next one of that name, at that hour in Paris."""
    assert house.app is not None
    now = house.app.clock.now()
    await at(house, (weekday - now.weekday() - 1) % 7 + 1, hour)


async def is_unhappy(house: House, score: str = "1") -> tuple[Person, Bubble, Post, Mate]:
    """He answers with a low score: the team has its card."""
    person, question = await is_asked(house)
    await person.presses(score)
    await person.sees(w("recovery.offer"))
    await house.quiet()
    ana = house.team["ana"]
    return person, question, await ana.sees("#satisfaction", w("low.title", score=score), anywhere=True), ana


async def fills(house: House, mate: Mate, card: Post, press: str, words: str) -> None:
    """He says something about the card in its form."""
    await mate.presses(w(f"recovery.{press}"), card, timeout=5)
    await mate.sees_modal()
    assert await mate.fills({w(f"making_good.words.{press}"): words}) == {}
    await house.quiet()


def button(bubble: Bubble, label: str) -> Button:
    """A button as it stands there now, to be pressed when it does not any more."""
    return next(one for row in bubble.buttons for one in row if one.label == label)


async def days_go_by(house: House, days: int) -> None:
    """One after the other."""
    for _ in range(days):
        await at(house, 1, 13)


async def surveys_of(house: House) -> list[Survey]:
    """Every question that was put, oldest first."""
    return await rows(house, Survey)


async def recoveries_of(house: House) -> list[Recovery]:
    """Everything that was to be made good."""
    return await rows(house, Recovery)


async def rows(house: House, table: Any) -> list[Any]:
    """A whole table, oldest first."""

    def unit(session: Session) -> list[Any]:
        return list(session.scalars(select(table).order_by(table.id)))

    found: list[Any] = await house.in_database(unit)
    return found


async def agrees(house: House, ref: str, topic: ConsentKind) -> None:
    """He has agreed to hear of something."""

    def unit(session: Session) -> None:
        work = Work(session, house.app.clock.now() if house.app else None, "test")  # type: ignore[arg-type]
        person = session.scalars(select(Customer).where(Customer.ref == ref)).one()
        given = {"text_version": "2026-11", "language": person.language, "given_at": work.now - timedelta(days=1)}
        session.add(Consent(person_id=person.id, kind=topic, **given))

    await house.in_database(unit)


async def wants_nothing_else(house: House, ref: str) -> None:
    """What else there would be to ask him is not in the way of what a story is about."""

    def unit(session: Session) -> None:
        person = session.scalars(select(Customer.id).where(Customer.ref == ref)).one()
        moment = house.app.clock.now() if house.app else None
        for of in ("topic:maintenance", "kind:recommend"):
            session.add(OptOut(person_id=person, of=of, at=moment))
        planned = update(Prompt).where(Prompt.person_id == person, Prompt.state == PromptState.PLANNED)
        session.execute(planned.values(state=PromptState.LET_GO, let_go_for="not_wanted"))

    await house.in_database(unit)
