"""The ground of the walk through the relay: who is there, and how one waits until everybody has heard of everything."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.notes import Note, Sending
from sandbox.slack.person import Person as Teammate
from sandbox.telegram.person import Person
from tests.house import SAMPLE, House, words
from tests.proofs.relay_book import Book, Room, Said

SEND = "outbox_tray"
MOMENT = 60  # seconds in which something can be taken back
SPEAK = {"C007": "en", "C003": "fr", "C001": "it"}
NAMES = ("English", "Français", "Español", "Italiano")
STATES = {
    Sending.NOT: "internal",
    Sending.WAITING: "waiting",
    Sending.SENT: "sent",
    Sending.DELIVERED: "sent",
    Sending.FAILED: "failed",
    Sending.UNDONE: "undone",
    Sending.WITHDRAWN: "withdrawn",
}
Step = Callable[[], Awaitable[Any]]


def unhurried(folder: Path) -> str:
    """The sample company's file, where what is sent can be taken back for a minute."""
    file = folder / "unhurried.toml"
    text = (SAMPLE / "company.toml").read_text().replace("undo_seconds = 5", f"undo_seconds = {MOMENT}")
    file.write_text(text)
    return str(file)


@dataclass
class Ground:
    """One house, and everybody in it."""

    house: House
    dice: random.Random
    files: tuple[str, str]  # the company that gives a moment, and the one that gives none
    book: Book = field(init=False)
    rooms: list[Room] = field(default_factory=list)
    team: list[Teammate] = field(default_factory=list)
    late: list[tuple[Said, dict[str, Any]]] = field(default_factory=list)  # events that are still under way
    often: dict[str, int] = field(default_factory=dict)  # how often a step is taken, where it is not the usual
    numbers: int = 0
    taken: int = 0
    at_once: bool = False

    async def begins(self, *, few: bool = False) -> None:
        """Three homeowners (or two), their requests; three of the team, and a guest who is in the channel only."""
        self.house.sandbox.delays.acknowledge = 5.0  # what a stopped program has not taken comes again
        slack = self.house.sandbox.slack
        self.team = [self.house.team[key] for key in ("ana", "tom", "paolo")]
        self.guest = slack.user("Zed Guest", id="U0ZED")
        await self.guest.joins("#service")
        self.book = Book(self.house, {one.id for one in self.team}, slack.space.bot.id)
        for ref, language in list(SPEAK.items())[: 2 if few else 3]:

            def w(key: str, count: int | None = None, *, language: str = language, **values: Any) -> str:
                return words(language, key, count, **values)

            person = await self.house.arrives(language, ref)
            for area in ("shades", "lighting")[: 1 if few and self.rooms else 2]:
                self.rooms.append(await self.reports(person, area, w))

    async def reports(self, person: Person, area: str, w: Any) -> Room:
        story = self.his_words(person)
        await person.sees(w("menu.report"), anywhere=True)
        await person.presses(w("menu.report"))
        await person.sees(w("report.area.ask"))
        await person.presses(w(f"area.{area}"))
        await person.sees(w(f"area.{area}"))
        await person.types(story)
        await person.sees(w("report.send"))
        await person.presses(w("report.send"))
        await person.sees(w("solve.leave"))
        await person.presses(w("solve.leave"))
        await self.settles()
        return Room(person, await self.team[0].sees("#service", story, anywhere=True))

    def his_words(self, person: Person) -> str:
        self.numbers += 1
        self.book.his[f"hm{self.numbers}e"] = str(person.id)
        return f"Something is wrong hm{self.numbers}e"

    @property
    def now(self) -> float:
        return self.house.sandbox.clock.now().timestamp()

    async def moves(self, seconds: float) -> None:
        """Time passes."""
        await self.house.moves_clock(seconds)

    async def quiet(self) -> None:
        await self.house.quiet(40)

    async def settles(self) -> None:
        """Until everybody has heard of everything."""
        await self.house.sandbox.slack.idle(20)
        assert await self.house.sandbox.changed.until(
            lambda: all(i.delivered for i in self.house.sandbox.telegram.state.updates.pending) or None, 20
        )
        await self.quiet()

    def anybody(self) -> Teammate:
        return self.dice.choice(self.team)

    def room(self) -> Room:
        return self.dice.choice(self.rooms)

    def one(self, *states: str, **how: bool) -> Said | None:
        """One text in such a state, the newer ones rather."""
        found = self.book.of(*states, **how)[-12:]
        return self.dice.choice(found) if found else None

    def added(self, room: Room | None, by: Teammate, **more: Any) -> Said:
        self.numbers += 1
        said = Said(self.numbers, room, by, None, **more)
        self.book.said.append(said)
        return said

    def wording(self, said: Said) -> str:
        plain = (f"We look at it {said.token}", f"{said.token} <!here> *maybe*", f"{said.token} & more: {said.token}")
        return self.dice.choice(plain)

    async def nothing(self) -> None:
        """He thinks better of it."""

    async def note_of(self, said: Said) -> Note | None:
        """What the record holds of it, if it has been heard of."""

        def unit(session: Session) -> Note | None:
            if said.post is not None:
                found = select(Note).where(Note.source == f"slack:{said.post.message.channel}:{said.post.ts}")
            else:
                found = select(Note).where(Note.words.contains(said.token))
            return session.scalars(found).one_or_none()

        note: Note | None = await self.house.in_database(unit)
        return note

    async def learns(self, said: Said, before: str | None) -> None:
        """Which way it went."""
        note = await self.note_of(said)
        assert note is not None
        said.state = STATES[note.sending]
        said.shown = said.token if said.state == "sent" else before
