"""Arriving: by invitation, as a stranger, in a group; and being linked."""

from collections.abc import Iterable

from domain import events, phones
from domain.homes import claim_contact, enter
from domain.people import ClaimState, Group, Person, Presence
from domain.referrals import PREFIX
from domain.requests import running_of
from domain.work import Refusal
from handlers.cards.menu import stranger_buttons, ways_on
from handlers.conversation import Handler, Step, Talk, button, standing
from handlers.homeowner import menu, referral, requests
from handlers.inbound import Blocked, Contact, Media
from handlers.messages import Homeowner, Message, Outgoing
from locales.text import t


class NotYourNumber(Refusal):
    """Only one's own number can be shared."""


class NumberNotGood(Refusal):
    """That is no phone number."""


def start(talk: Talk) -> Iterable[Outgoing]:
    """/start: with an invitation one is let in; by a friend's link one is greeted in his name; else just greeted."""
    token = talk.words.strip()
    if token.startswith(PREFIX):
        yield from referral.arrived(talk, token)
        return
    if token and talk.home() is None:
        talk.person = enter(talk.work, token, talk.who)
        talk.end()
        yield menu.menu(talk, "menu.welcome")
        return
    yield from menu.home(talk)
    yield from talk.ask()


def ask_contact(talk: Talk) -> Iterable[Outgoing]:
    """Show the network's own button for the phone number."""
    yield talk.say(t("stranger.share_how"), ask_for="contact")


def contact(talk: Talk) -> Iterable[Outgoing]:
    """A phone number: only his own counts; the team decides whether he is whom it suggests."""
    shared = talk.inbound
    assert isinstance(shared, Contact)
    if not shared.own and talk.home() is not None:
        return requests.place(talk)  # a plumber's card, say: it goes to the team
    if not shared.own:
        raise NotYourNumber
    number = _normal(shared.phone)
    return _own_number(talk, number)


def _own_number(talk: Talk, number: str) -> Iterable[Outgoing]:
    if talk.home() is not None:
        yield talk.say(t("stranger.known_already"), ask_for="nothing")
        yield from menu.home(talk)
        return
    claim = claim_contact(talk.work, talk.who, number)
    if claim.state is ClaimState.REFUSED:  # today already: the team is not asked again, and he hears the same
        yield talk.say(
            t("claim.not_found", phone=talk.company.phone),
            ask_for="nothing",
            buttons=((standing("stranger.message", "stranger.message"),), *ways_on()),
        )
        yield from talk.ask()
        return
    if claim.suggested_id is None and not running_of(talk.work, talk.who.id):
        menu.call_somebody(talk, number)
    talk.work.happened(events.ContactShared(talk.who.id, claim.id))
    yield talk.say(
        t("stranger.thanks"), t("human.call", phone=talk.company.phone), ask_for="nothing", buttons=ways_on()
    )
    yield from talk.ask()


def _normal(phone: str) -> str:
    number = phones.written(phone if phone.startswith("+") else f"+{phone}")
    if number is None:
        raise NumberNotGood
    return number


def ask_message(talk: Talk) -> Iterable[Outgoing]:
    """A stranger wants to tell the team something."""
    return talk.go("stranger.message")


def _message_question(talk: Talk) -> Message:
    return talk.say(t("stranger.message_ask"), buttons=((button("menu.back", "stranger.back"),),))


def message(talk: Talk) -> Iterable[Outgoing]:
    """What he wants to tell, or show."""
    talk.end()
    request = menu.call_somebody(talk, talk.words)
    if isinstance(talk.inbound, Media):
        menu.keep(talk, request)
    yield talk.say(t("stranger.message_kept", number=request.number), buttons=stranger_buttons())


def back(talk: Talk) -> Iterable[Outgoing]:
    """He thought better of it."""
    talk.end()
    return menu.home(talk)


def group(talk: Talk) -> Iterable[Outgoing]:
    """A group chat is answered once, then left alone."""
    chat = talk.came.place.chat
    if talk.work.session.get(Group, chat) is not None:
        return
    talk.work.session.add(Group(chat=chat, greeted_at=talk.work.now))
    wanted = (talk.came.sender.language or "")[:2]
    language = wanted if wanted in talk.company.languages else talk.company.languages[0]
    yield Message(to=Homeowner(chat, None, language), body=(t("group.private_only", company=talk.company.name),))


def blocked(talk: Talk) -> Iterable[Outgoing]:
    """He stopped the bot, or allowed it again."""
    was = talk.inbound
    assert isinstance(was, Blocked)
    gone(talk, talk.who) if was.blocked else back_again(talk, talk.who)
    return ()


def gone(talk: Talk, person: Person) -> None:
    """Note, once, that somebody cannot be reached."""
    if person.presence is Presence.ACTIVE:
        person.presence = Presence.BLOCKED
        talk.work.happened(events.PersonBlocked(person.id))


def back_again(talk: Talk, person: Person) -> None:
    """Note that he can."""
    if person.presence is Presence.BLOCKED:
        person.presence = Presence.ACTIVE
        talk.work.happened(events.PersonReturned(person.id))


COMMANDS: dict[str, Handler] = {"start": start}
PRESSES: dict[str, Handler] = {
    "stranger.share": ask_contact,
    "stranger.message": ask_message,
    "stranger.back": back,
}
STEPS = {"stranger.message": Step(_message_question, typed=message, media=message)}
