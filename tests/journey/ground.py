"""What the stories share: reporting, booking, and looking into the record."""

from datetime import datetime, timedelta
from typing import Any

from icalendar import Calendar
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from domain.appointments import Booking
from domain.charges import Charge, ChargeKind
from domain.notes import Note
from domain.requests import Request
from sandbox.slack.seen import Post
from sandbox.telegram.bubbles import Bubble
from sandbox.telegram.person import Person
from scheduling.looks import LOOK
from scheduling.timers import Timer
from tests.house import House, words

STORY = "The shades in the living room stop half way"


def w(key: str, count: int | None = None, **values: Any) -> str:
    """A phrase in English."""
    return words("en", key, count, **values)


async def reports(house: House, person: Person, story: str = STORY, area: str = "shades", say: Any = w) -> Post:
    """He logs a request and is shown the ways to solve it; the team's card."""
    await person.sees(say("menu.report"), anywhere=True)
    await person.presses(say("menu.report"))
    await person.sees(say("report.area.ask"))
    await person.presses(say(f"area.{area}"))
    await person.sees(say(f"area.{area}"))
    await person.types(story)
    await person.sees(say("report.send"))
    await person.presses(say("report.send"))
    await person.sees(say("solve.leave"))
    await house.quiet()
    return await house.team["ana"].sees("#service", story, anywhere=True)


async def arrives_in_english(house: House, ref: str) -> Person:
    """Somebody of the sample opens his invitation and asks to be spoken to in English."""
    person = await house.arrives("en", ref)
    await house.quiet()
    await person.types("/language")
    await person.sees("English")
    await person.presses("English")
    await person.sees(w("language.chosen"))
    return person


async def is_offered_times(person: Person, say: Any = w) -> Bubble:
    """He wants a visit and sees when."""
    start = say("solve.way.visit", price="").rstrip(" ·")
    await person.presses(next(label for label in person.buttons() if label.startswith(start)))
    return await person.sees(say("solve.slot.ask"))


async def books(
    house: House, person: Person, choice: int = 0, title: str = "booked.title", say: Any = w
) -> None:  # fmt: skip
    """He books a visit."""
    times = await is_offered_times(person, say)
    await person.presses(times.labels[choice])
    await person.sees(say("solve.confirm"))
    await person.presses(say("solve.confirm"))
    await person.sees(say(title))
    await house.quiet()


async def is_done(house: House, card: Post, by: str = "ana", text: str = "It is done") -> None:
    """A teammate says that it is solved."""
    teammate = house.team[by]
    await teammate.presses("Solved…", card, timeout=5)
    await teammate.sees_modal()
    errors = await teammate.fills({w("resolve.words"): text})
    assert errors == {}
    assert await teammate.submits() == {}
    await house.quiet()


async def answers(house: House, card: Post, text: str, by: str = "ana") -> None:
    """A teammate writes to the homeowner."""
    teammate = house.team[by]
    await teammate.presses("Reply", card, timeout=5)
    await teammate.sees_modal()
    errors = await teammate.fills({w("reply.words"): text})
    assert errors == {}
    assert await teammate.submits() == {}
    await house.quiet()


def calendars(person: Person) -> list[dict[str, str]]:
    """The calendar files in a chat, in order."""
    found = []
    for bubble in person.chat:
        if bubble.file_name and bubble.file_name.endswith(".ics") and bubble.content is not None:
            entry = Calendar.from_ical(bubble.content)
            (event,) = entry.walk("VEVENT")
            told = {"METHOD": str(entry["METHOD"])}
            found.append(told | {name: str(event[name]) for name in ("UID", "SEQUENCE", "STATUS")})
    return found


async def requests_of(house: House) -> list[Request]:
    """Every request, oldest first."""

    def unit(session: Session) -> list[Request]:
        return list(session.scalars(select(Request).order_by(Request.id)))

    found: list[Request] = await house.in_database(unit)
    return found


async def notes_of(house: House) -> list[Note]:
    """Everything that was said, oldest first."""

    def unit(session: Session) -> list[Note]:
        return list(session.scalars(select(Note).order_by(Note.id)))

    found: list[Note] = await house.in_database(unit)
    return found


async def bookings_of(house: House) -> list[Booking]:
    """Every booking, oldest first."""

    def unit(session: Session) -> list[Booking]:
        return list(session.scalars(select(Booking).order_by(Booking.id)))

    found: list[Booking] = await house.in_database(unit)
    return found


async def nobody_looks(house: House) -> None:
    """Whether there is an occasion to come back to a home is not looked at: the story alone decides."""
    await house.in_database(lambda session: session.execute(delete(Timer).where(Timer.kind == LOOK)))


async def clock_goes_to(house: House, moment: datetime) -> None:
    """The clock is moved to a moment."""
    assert house.app is not None
    await house.moves_clock((moment - house.app.clock.now()).total_seconds() + 1)


async def charges_of(house: House, kind: ChargeKind) -> list[int]:
    """What was written for the accounting, in cents."""

    def unit(session: Session) -> list[int]:
        written = session.scalars(select(Charge).where(Charge.kind == kind).order_by(Charge.id))
        return [charge.amount.minor for charge in written]

    found: list[int] = await house.in_database(unit)
    return found


async def begins(house: House, minutes: int = 5) -> None:
    """The clock goes to the appointment."""
    booking = (await bookings_of(house))[-1]
    assert house.app is not None
    ahead = booking.starts_at - house.app.clock.now() + timedelta(minutes=minutes)
    await house.moves_clock(ahead.total_seconds())
    await house.quiet()
