"""A link for friends: who would recommend us has one of his own, and who comes by it is greeted in his name."""

from collections.abc import Iterable

from msgspec.structs import replace

from domain import referrals
from domain.people import Person, Presence
from domain.prompts import Kind, Prompt
from handlers.asking import Asking
from handlers.cards.menu import first_name
from handlers.conversation import Talk
from handlers.homeowner import menu
from handlers.messages import Homeowner, Message, Outgoing
from locales.text import t


def link(talk: Talk, person: Person) -> str | None:
    """His own; none as long as nobody knows our name in Telegram."""
    if talk.bot is None:
        return None
    return f"https://t.me/{talk.bot}?start={referrals.PREFIX}{referrals.link_of(talk.work, person).code}"


def _can_be_made(talk: Talk, _prompt: Prompt) -> bool:
    return talk.bot is not None


def offer(talk: Talk, prompt: Prompt, to: Homeowner) -> Message:
    """The link, to be passed on if he likes."""
    own = link(talk, talk.work.session.get_one(Person, prompt.person_id)) or ""
    return Message(to=to, body=(t("referral.offer", company=talk.company.name), t("referral.link", link=own)))


def arrived(talk: Talk, parameter: str) -> Iterable[Outgoing]:
    """Somebody came by a friend's link: he reads the friend's first name, and nothing else of him."""
    found = referrals.sender(talk.work, parameter)
    if found is None or talk.home() is not None:
        yield from menu.home(talk)
        yield from talk.ask()
        return
    own, sender = found
    referrals.came(talk.work, own, talk.who)
    greeting = menu.stranger(talk)
    if sender.presence is not Presence.ERASED and sender.id != talk.who.id:
        greeting = replace(greeting, body=(t("referral.by", name=first_name(sender.name)), *greeting.body))
    yield greeting


KINDS: dict[Kind, Asking] = {Kind.REFERRAL: Asking(_can_be_made, offer)}
