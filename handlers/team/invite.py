"""Inviting a customer: a one-time link, the same as a code for a camera, and what to say with it."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain import homes
from domain.homes import INVITATION_LIFE
from domain.people import Presence
from domain.work import Refusal
from handlers.cards.menu import first_name
from handlers.conversation import Handler, Talk
from handlers.messages import Document, Fact, Importance, Message, Outgoing, Teammate
from handlers.team.customer import subject
from locales.text import In, t


@dataclass(eq=False)
class WritesAlready(Refusal):
    """He writes to us already: there is nothing to invite him to."""

    name: str


@dataclass(eq=False)
class NoHomeToInviteTo(Refusal):
    """An invitation is into a home, and he has none."""

    name: str


def give(talk: Talk) -> Iterable[Outgoing]:
    """For whoever asked, in his direct messages; what it says is kept nowhere else."""
    whose = subject(talk)
    person, home = whose.person, whose.home
    if person.presence is Presence.ACTIVE:
        raise WritesAlready(person.name)
    if home is None:
        raise NoHomeToInviteTo(person.name)
    token = homes.invite(talk.work, home, person)
    start = f"/start {token}"
    link = f"https://t.me/{talk.bot}?start={token}" if talk.bot else None
    words = t("invite.words", name=first_name(person.name), company=talk.company.name, link=link or start)
    yield Message(
        to=Teammate(talk.came.sender.user),
        title=t("invite.title", name=person.name),
        body=(t("invite.how", hours=INVITATION_LIFE.days * 24), In(words, person.language)),
        facts=(Fact(t("team.home"), home.name), Fact(t("customer.phone"), person.phone or "–")),
        media=(Document("code", "invitation.png", {"link": link}),) if link else (),
        importance=Importance.CRITICAL,
        secret=True,
    )


PRESSES: dict[str, Handler] = {"invite.give": give}
