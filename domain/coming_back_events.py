"""Facts about what we come back with by ourselves."""

from datetime import datetime

from domain.events import Event, OfPerson


class OfPrompt(OfPerson, frozen=True):
    """A fact about a prompt."""

    prompt: int


class PromptPlanned(OfPrompt, frozen=True):
    """It has its moment, the first or another one."""

    at: datetime


class PromptAsked(OfPrompt, frozen=True):
    """It was put to him."""

    kind: str


class PromptLetGo(OfPrompt, frozen=True):
    """It is not put any more."""

    why: str


class PromptReplied(OfPrompt, frozen=True):
    """He said what he wants."""

    reply: str


class ConsentGiven(OfPerson, frozen=True):
    """He agreed to hear of something."""

    topic: str


class ConsentWithdrawn(OfPerson, frozen=True):
    """He wants to hear of it no more."""

    topic: str


class HomeLooked(Event, frozen=True):
    """Somebody looked whether there is an occasion to come back to a home; the next look is on a day."""

    home: int
    again: datetime

    @property
    def subject(self) -> str:
        return f"home:{self.home}"
