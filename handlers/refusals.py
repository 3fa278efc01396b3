"""Refusals: a rule said no. It is an answer: said, then the question that still stands."""

import re
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from enum import StrEnum

from domain.money import Money
from domain.work import Refusal
from handlers.cards.menu import ways_on
from handlers.conversation import Talk, spelled
from handlers.inbound import FromPerson
from handlers.messages import FormErrors, Importance, Message, Outgoing, Teammate
from locales.text import Listing, Text, Value


class FormRefused(Exception):  # noqa: N818 (an answer, not an error)
    """A form cannot be taken as it was filled in: the fields and what is wrong with them."""

    def __init__(self, errors: FormErrors) -> None:
        super().__init__(errors)
        self.errors = errors


def phrase(no: Refusal) -> Text:
    """The sentence of a refusal: the class names it, its fields fill its blanks."""
    name = re.sub(r"(?<!^)(?=[A-Z])", "_", type(no).__name__).lower()
    named: list[str] = [f.name for f in fields(no)] if is_dataclass(no) else []
    values: dict[str, Value] = {field: _value(field, getattr(no, field)) for field in named}
    return Text(f"refusal.{name}", values)


def _value(name: str, value: object) -> Value:
    if isinstance(value, StrEnum):
        return spelled(name, value.value)
    return value if isinstance(value, (str, int, Money, Listing, Text)) else str(value)


def said(talk: Talk, no: Refusal) -> Iterable[Outgoing]:
    """Say it to whoever is refused, and where he stands."""
    if talk.person is not None:
        yield talk.say(phrase(no), buttons=() if talk.draft.step else ways_on())
        yield from talk.ask()
    elif isinstance(talk.inbound, FromPerson):
        place = talk.inbound.place
        where = place.chat if place.kind == "channel" else None
        # A visitor may not be reached at all: then nothing is lost, and nobody is told of a dead letter.
        yield Message(
            to=Teammate(talk.inbound.sender.user, where, place.thread),
            body=(phrase(no),),
            importance=Importance.NORMAL if talk.teammate else Importance.LOW,
        )
