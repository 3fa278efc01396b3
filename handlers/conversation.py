"""A conversation: who speaks, where he stands in it, and what we say to him."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from domain.company import Company
from domain.homes import Home, homes_of
from domain.homes import Member as Membership
from domain.people import Person
from domain.standings import Kind
from domain.team import Member
from domain.work import Work
from handlers.inbound import FromPerson, Inbound, Media, Typed
from handlers.messages import Button, Homeowner, Message, Outgoing, Part, Plain
from handlers.pipes import Draft
from locales.text import Text, Value, t


@dataclass
class Talk:
    """One inbound on the desk, with everybody it concerns."""

    work: Work
    company: Company
    inbound: Inbound
    draft: Draft
    steps: "Mapping[str, Step]"
    person: Person | None = None  # the homeowner or stranger, when he speaks
    teammate: Member | None = None  # the member of the team, when he does: with the roles he has at this moment
    visitor: Kind = Kind.MEMBER  # what he is in our workspace, where he speaks in Slack
    args: dict[str, Plain] = field(default_factory=dict)  # what the pressed button says
    about: str | None = None  # the card that the message, thread or reaction belongs to
    notice: Text | None = None  # what the press is answered with
    revive: tuple[str, int] | None = None  # a dead letter to be tried again
    address: str | None = None  # under which people reach our web server
    bot: str | None = None  # our name in Telegram, once we know it

    @property
    def came(self) -> FromPerson:
        """The inbound, where the handler is one for people's deeds."""
        if not isinstance(self.inbound, FromPerson):
            raise TypeError(f"{type(self.inbound).__name__} comes from nobody")
        return self.inbound

    @property
    def who(self) -> Person:
        """The homeowner or stranger who speaks."""
        if self.person is None:
            raise TypeError("nobody speaks here")
        return self.person

    @property
    def staff(self) -> Member:
        """The teammate who speaks."""
        if self.teammate is None:
            raise TypeError("no teammate speaks here")
        return self.teammate

    @property
    def words(self) -> str:
        """What was written, or the caption."""
        if isinstance(self.inbound, Typed):
            return self.inbound.text
        return self.inbound.caption if isinstance(self.inbound, Media) else ""

    @property
    def me(self) -> Homeowner:
        """The private chat of whoever speaks."""
        return Homeowner(self.came.place.chat, self.who.id, self.who.language)

    def number(self, name: str) -> int:
        """A number the pressed button carries."""
        return int(self.args[name])

    def home(self) -> tuple[Home, Membership] | None:
        """The home he speaks about: his first one."""
        return next(iter(homes_of(self.work, self.who)), None)

    def zone(self) -> str:
        """The time zone he speaks in."""
        home = self.home()
        return home[0].time_zone if home else self.company.time_zone

    def say(self, *lines: Part, body: tuple[Part, ...] = (), **more: Any) -> Message:
        """A message to whoever speaks."""
        return Message(to=self.me, body=(*lines, *body), **more)

    def go(self, step: str, **said: Any) -> Iterable[Outgoing]:
        """Take the conversation to a step, remember what was said, and ask its question."""
        self.draft.step = step
        self.draft.said = {**self.draft.said, **said}
        self.draft.turn += 1
        self.draft.since = self.work.now
        return self.ask()

    def ask(self) -> Iterable[Outgoing]:
        """The question that stands, asked (again)."""
        if self.draft.step is None:
            return ()
        return (self.turned(self.steps[self.draft.step].ask(self)),)

    def turned(self, message: Message) -> Message:
        """The message with its buttons bound to this turn of the conversation."""
        return _with_turn(message, self.draft.turn)

    def end(self) -> None:
        """The conversation is over; its buttons are old from now on."""
        self.draft.step = None
        self.draft.said = {}
        self.draft.turn += 1
        self.draft.since = None


Handler = Callable[[Talk], Iterable[Outgoing]]
Hearing = Callable[[Talk], Iterable[Outgoing] | None]  # None: it is not for this question


@dataclass(frozen=True)
class Step:
    """One question of a conversation, and what hears its answer (what it does not hear goes the usual way)."""

    ask: Callable[[Talk], Message]
    typed: Hearing | None = None
    media: Hearing | None = None


def _with_turn(message: Message, turn: int) -> Message:
    return msgspec.structs.replace(message, turn=turn)


def to(person: Person) -> Homeowner | None:
    """The private chat of a person, if we can reach him."""
    if person.telegram is None or not person.presence.reachable:
        return None
    return Homeowner(person.telegram, person.id, person.language)


def reach(person: Person) -> Homeowner:
    """The same for what he has to know: where he cannot be reached, he is called."""
    return Homeowner(person.telegram or "", person.id, person.language)


def button(key: str, act: str, /, **args: Plain) -> Button:
    """A button of the standing question."""
    return Button(t(key), act, args)


def standing(key: str, act: str, /, **args: Plain) -> Button:
    """A button that outlives the question it came with."""
    return Button(t(key), act, args, standing=True)


def rows(buttons: Iterable[Button], width: int = 2) -> tuple[tuple[Button, ...], ...]:
    """Buttons, so many a row."""
    line = list(buttons)
    return tuple(tuple(line[i : i + width]) for i in range(0, len(line), width))


def spelled(kind: str, value: str) -> Value:
    """The word for one value of an enum: area, urgency, state, role."""
    return Text(f"{kind}.{value}")
