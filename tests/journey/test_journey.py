"""The whole journey: from a homeowner's phone to the team and back, in each of the four languages."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.appointments import Booking, BookingState
from domain.homes import Home
from domain.prompts import Kind, Prompt
from domain.requests import Request
from sandbox.telegram.person import Person
from scheduling.timers import Timer
from tests.house import House, open_house, words
from tests.journey.ground import clock_goes_to

HOUR = 3600
STORY = {
    "en": "The shades in the living room stop half way",
    "fr": "Les stores du salon s’arrêtent à mi-hauteur",
    "es": "Las persianas del salón se quedan a medias",
    "it": "Le tende del soggiorno si fermano a metà",
}


@pytest.mark.parametrize("language", ["en", "fr", "es", "it"])
async def test_a_homeowner_is_helped_from_the_first_word_to_the_last(
    tmp_path: Path, database_url: str, language: str, full: bool
) -> None:
    # On SQLite we ask both networks, on PostgreSQL both call us; with --full each way on each.
    for hooked in (False, True) if full else (database_url.startswith("postgresql"),):
        folder = tmp_path / ("hooked" if hooked else "asking")
        folder.mkdir()
        await is_helped(folder, database_url, language, hooked=hooked)


async def is_helped(folder: Path, database_url: str, language: str, *, hooked: bool) -> None:
    """From the first word to the last."""

    def w(key: str, count: int | None = None, **values: object) -> str:
        return words(language, key, count, **values)

    async with open_house(folder, database_url, hooked=hooked) as house:
        homeowner = await house.arrives(language)
        await reports(house, homeowner, language, w)
        await books(house, homeowner, w)
        await talks_with_the_team(house, homeowner, language, w)
        await is_reminded(house, homeowner, w)
        await is_helped_and_says_so(house, homeowner, w)
        await tells_how_it_was(house, homeowner, w)


async def reports(house: House, homeowner: Person, language: str, w: Callable[..., str]) -> None:
    """He says what is wrong, with two photos; the team has it in its channel."""
    ana = house.team["ana"]
    greeting = await homeowner.sees(w("menu.report"))
    assert homeowner.name.split()[0] in greeting.text or greeting.text
    await homeowner.presses(w("menu.report"))
    await homeowner.sees(w("report.area.ask"))
    await homeowner.presses(w("area.shades"))
    await homeowner.types(STORY[language])
    await homeowner.sees(STORY[language])
    await homeowner.sends_photo(n=2)
    await homeowner.sees(w("report.files", 2))
    await homeowner.presses(w("report.send"))
    offer = await homeowner.sees(w("solve.way.ask"))
    assert w("help.visit") in offer.text
    card = await ana.sees("#service", STORY[language])
    assert "1001" in card.text
    await house.quiet()
    files = [file for post in card.thread for file in post.files]
    assert len(files) == 2


async def books(house: House, homeowner: Person, w: Callable[..., str]) -> None:
    """He picks a visit, a time, and gets a calendar file; both cards say so."""
    visit = next(
        label for label in homeowner.buttons() if label.startswith(w("solve.way.visit", price="").rstrip(" ·"))
    )
    await homeowner.presses(visit)
    times = await homeowner.sees(w("solve.slot.ask"))
    await homeowner.presses(times.labels[3])
    await homeowner.sees(w("solve.confirm"))
    await homeowner.presses(w("solve.confirm"))
    await homeowner.sees(w("booked.title"))
    await house.quiet()
    entry = next(bubble for bubble in homeowner.chat if bubble.file_name and bubble.file_name.endswith(".ics"))
    assert entry.content is not None
    assert b"BEGIN:VEVENT" in entry.content
    card = next(bubble for bubble in homeowner.chat if w("state.booked") in bubble.text)
    assert card.history, "the card is edited in place"
    await house.team["ana"].sees("#service", words("en", "state.booked"), anywhere=True)


async def talks_with_the_team(house: House, homeowner: Person, language: str, w: Callable[..., str]) -> None:
    """Ana takes it and answers; he answers back; what she says in the thread stays inside."""
    ana = house.team["ana"]
    card = await ana.sees("#service", STORY[language], anywhere=True)
    await ana.presses("Take it", card)
    await homeowner.sees(w("claimed.by", name=ana.name, about="1001").split("1001")[0])
    await ana.presses("Reply", card)
    await ana.sees_modal("1001")
    errors = await ana.fills({words("en", "reply.words"): "<b>Bonjour</b> & hello @here"})
    assert errors == {}
    preview = ana.modal
    assert preview is not None
    assert w("reply.how") in preview.text, "as he will read it, in his language"
    assert await ana.submits() == {}
    await homeowner.sees("<b>Bonjour</b> & hello @here")
    await house.quiet()
    assert any(words("en", "team.delivered") in post.text for post in card.thread)
    await homeowner.types("<!channel> *merci* & <b>ciao</b>")
    await homeowner.sees_nothing(0.3)  # he talks with Ana: nobody talks over them
    await house.quiet()
    assert any("<!channel> *merci* & <b>ciao</b>" in post.text for post in card.thread)
    await ana.writes_in_thread(card, "between us: order a new motor")
    await homeowner.sees_nothing(0.4)


async def is_reminded(house: House, homeowner: Person, w: Callable[..., str]) -> None:
    """The day before, at five in the afternoon of his home, he is reminded, once."""

    def reminder(session: Session) -> tuple[datetime, datetime, str]:
        booking = session.scalars(select(Booking).where(Booking.state == BookingState.BOOKED)).one()
        home = session.get_one(Home, session.get_one(Request, booking.request_id).home_id)
        due = session.scalars(select(Timer.due_at).where(Timer.kind == "reminder")).one()
        return due, booking.starts_at, home.time_zone

    due, start, zone = await house.in_database(reminder)
    assert due.astimezone(ZoneInfo(zone)).hour == 17
    assert (start.astimezone(ZoneInfo(zone)).date() - due.astimezone(ZoneInfo(zone)).date()).days == 1
    assert house.app is not None
    homeowner.looks_away()
    await house.moves_clock((due - house.app.clock.now()).total_seconds() + 60)
    await homeowner.sees(w("request.move"))
    homeowner.looks_away()
    await house.moves_clock((start - house.app.clock.now()).total_seconds() - HOUR)
    await homeowner.sees(w("soon.visit"))
    await homeowner.presses(w("soon.ready"))
    await homeowner.sees(w("soon.thanks"))
    homeowner.looks_away()
    await house.moves_clock((start - house.app.clock.now()).total_seconds() + 2 * HOUR)
    await homeowner.sees_nothing(0.2)


async def is_helped_and_says_so(house: House, homeowner: Person, w: Callable[..., str]) -> None:
    """Ana writes what was done; he says that it works."""
    ana = house.team["ana"]
    card = await ana.sees("#service", "1001", anywhere=True)
    await ana.presses("Solved…", card)
    await ana.sees_modal("1001")
    errors = await ana.fills({words("en", "resolve.words"): " ", words("en", "resolve.minutes"): "soon"})
    assert errors
    errors = await ana.fills(
        {words("en", "resolve.words"): "New motor, limits set", words("en", "resolve.minutes"): "70"}
    )
    assert errors == {}
    assert await ana.submits() == {}
    await homeowner.sees("New motor, limits set")
    await homeowner.presses(w("solved.yes"))
    await homeowner.sees(w("solved.thanks"))


async def tells_how_it_was(house: House, homeowner: Person, w: Callable[..., str]) -> None:
    """In his daytime he is asked; his two is told at once; the manager reads the summary."""
    planned = select(Prompt.due_at).where(Prompt.kind == Kind.SURVEY)
    await clock_goes_to(house, await house.in_database(lambda session: session.scalars(planned).one()))
    await homeowner.sees(w("survey.scale"))
    await homeowner.presses("2")
    await homeowner.sees(w("survey.words"))
    marc = house.team["marc"]
    await marc.sees("#satisfaction", words("en", "low.title", score="2"))
    await homeowner.presses(w("survey.words"))
    await homeowner.sees(w("survey.words.ask"))
    await homeowner.types("He came two hours late")
    await homeowner.sees(w("survey.kept"))
    await marc.commands("/satisfaction", channel="#service")
    await house.quiet()
    assert any("2.0 of 5" in post.text for post in marc.ephemerals)
    tom = house.team["tom"]
    await tom.commands("/satisfaction", channel="#service")
    await house.quiet()
    who = words("en", "refusal.not_your_role", roles=words("en", "roles.manager"), names=marc.name)
    assert any(who in post.text for post in tom.ephemerals)
