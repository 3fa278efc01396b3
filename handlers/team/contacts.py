"""Strangers who shared their number: the team says who they are."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain.homes import AccountTaken, homes_of, link
from domain.people import ClaimState, ContactClaim, Person
from domain.work import Refusal
from handlers.cards.menu import first_name, menu_buttons
from handlers.cards.request import who_is
from handlers.conversation import Handler, Talk, standing, to
from handlers.messages import Button, Channel, Fact, Message, Outgoing
from locales.text import t


@dataclass(eq=False)
class ClaimDecided(Refusal):
    """Somebody of the team has decided already."""

    by: str


class NoSuchClaim(Refusal):
    """There is no such claim."""


class AlreadyConnected(Refusal):
    """The account, or the customer, is connected to somebody else already: a teammate hears it in his own words."""


def card(talk: Talk, claim: ContactClaim) -> Message:
    """Who shared which number, and whom it suggests."""
    session = talk.work.session
    person = session.get_one(Person, claim.person_id)
    customer = session.get(Person, claim.suggested_id) if claim.suggested_id else None
    home = next(iter(homes_of(talk.work, customer)), None) if customer else None
    facts = [Fact(t("claim.writes_as"), person.name), Fact(t("claim.number"), claim.phone)]
    if customer is not None and home is not None:
        facts.append(Fact(t("claim.suggests"), t("claim.customer", name=customer.name, home=home[0].name)))
    return Message(
        to=Channel(talk.company.channels.requests),
        title=t("claim.title"),
        body=(t(f"claim.{claim.state}" if customer else "claim.unknown"),),
        facts=tuple(facts),
        buttons=_buttons(claim) if customer is not None else (),
        about=f"claim:{claim.id}",
        fresh=claim.created_at == talk.work.now,  # asked for the first time, or again: the old card scrolled away
    )


def _buttons(claim: ContactClaim) -> tuple[tuple[Button, ...], ...]:
    if claim.state is not ClaimState.WAITING:
        return ()
    return ((standing("claim.yes", "claim.yes", claim=claim.id), standing("claim.no", "claim.no", claim=claim.id)),)


def _waiting(talk: Talk) -> ContactClaim:
    claim = talk.work.session.get(ContactClaim, talk.number("claim"))
    if claim is None or claim.suggested_id is None:
        raise NoSuchClaim
    if claim.state is not ClaimState.WAITING:
        raise ClaimDecided(who_is(talk.company, claim.decided_by or ""))
    claim.decided_by = talk.staff.key
    return claim


def confirm(talk: Talk) -> Iterable[Outgoing]:
    """It is he: link the account to the customer."""
    claim = _waiting(talk)
    claim.state = ClaimState.CONFIRMED
    session = talk.work.session
    visitor = session.get_one(Person, claim.person_id)
    customer = session.get_one(Person, claim.suggested_id)
    home = homes_of(talk.work, customer)[0][0]
    try:
        link(talk.work, visitor, customer, home.id)
    except AccountTaken as taken:
        raise AlreadyConnected from taken
    chat = to(customer)
    if chat is not None:
        yield Message(
            to=chat,
            title=t("menu.welcome", name=first_name(customer.name)),
            body=(t("menu.intro", home=home.name), t("menu.ask")),
            buttons=menu_buttons(),
        )
    yield card(talk, claim)


def refuse(talk: Talk) -> Iterable[Outgoing]:
    """It is somebody else: he is told how to go on."""
    claim = _waiting(talk)
    claim.state = ClaimState.REFUSED
    person = talk.work.session.get_one(Person, claim.person_id)
    chat = to(person)
    if chat is not None:
        yield Message(
            to=chat,
            body=(t("claim.not_found", phone=talk.company.phone),),
            buttons=((standing("stranger.message", "stranger.message"),),),
        )
    yield card(talk, claim)


PRESSES: dict[str, Handler] = {"claim.yes": confirm, "claim.no": refuse}
