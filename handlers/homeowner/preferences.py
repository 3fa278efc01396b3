"""Preferences: what we may come back with by ourselves. Asked once, at a good moment; changed whenever one likes."""

from collections.abc import Iterable
from datetime import timedelta

from domain import consents, prompting
from domain.people import ConsentKind, Person
from domain.prompting import Wish
from domain.prompts import Kind
from handlers.conversation import Handler, Talk, standing, to
from handlers.messages import Button, Fact, Message, Outgoing
from locales.text import t

ABOUT = "preferences"


def open_(talk: Talk) -> Iterable[Outgoing]:
    """What he gets, with a button for each."""
    yield _page(talk, fresh=True)


def _page(talk: Talk, *, fresh: bool = False) -> Message:
    facts, buttons = [], []
    for topic in ConsentKind:
        wanted = consents.wants(talk.work, talk.who.id, topic)
        facts.append(Fact(t(f"topic.{topic}"), t("preferences.on" if wanted else "preferences.off")))
        buttons.append((_switch(topic, wanted=wanted),))
    return talk.say(
        title=t("preferences.title"),
        body=(t("preferences.what"), t("preferences.always")),
        facts=tuple(facts),
        buttons=(*buttons, (standing("menu.home", "menu.home"), standing("menu.human", "human.ask"))),
        about=ABOUT,
        fresh=fresh,
    )


def _switch(topic: ConsentKind, *, wanted: bool) -> Button:
    label = t("preferences.stop" if wanted else "preferences.start", topic=t(f"topic.{topic}"))
    return Button(label, "preferences.switch", {"topic": topic.value, "on": int(not wanted)}, standing=True)


def switch(talk: Talk) -> Iterable[Outgoing]:
    """On or off, at once."""
    topic = ConsentKind(str(talk.args["topic"]))
    if talk.args["on"]:
        consents.agree(talk.work, talk.who, topic)
    else:
        prompting.withdraw(talk.work, talk.who, topic)
    yield _page(talk)


def ask_once(talk: Talk, person: Person) -> Iterable[Outgoing]:
    """At a good moment, and never again: may we come back with more than he has asked for?"""
    chat = to(person)
    homes = talk.home()
    wish = Wish(
        Kind.CONSENT, person.id, homes[0].id if homes else None, f"person:{person.id}", consents.TEXT,
        talk.work.now, talk.work.now + timedelta(days=1),
    )  # fmt: skip
    asked_of = [topic for topic in consents.ASKED_FOR if not consents.wants(talk.work, person.id, topic)]
    if chat is None or homes is None or not asked_of or prompting.put_at_once(talk.work, wish) is None:
        return
    yield Message(
        to=chat,
        body=(t("consent.ask"), *(t(f"consent.{topic}") for topic in asked_of), t("consent.free")),
        buttons=(
            *((Button(t(f"consent.yes.{topic}"), "consent.yes", {"topic": topic.value}, standing=True),)
              for topic in asked_of),
            (standing("consent.no", "consent.no"),),
        ),
    )  # fmt: skip


def agreed(talk: Talk) -> Iterable[Outgoing]:
    """He wants to hear of it."""
    topic = ConsentKind(str(talk.args["topic"]))
    consents.agree(talk.work, talk.who, topic)
    ways = (standing("preferences.open", "preferences.open"), standing("menu.home", "menu.home"))
    yield talk.say(t("consent.thanks", topic=t(f"topic.{topic}")), buttons=(ways,))


def declined(talk: Talk) -> Iterable[Outgoing]:
    """He does not: nothing comes, and nobody asks again."""
    ways = (standing("preferences.open", "preferences.open"), standing("menu.home", "menu.home"))
    yield talk.say(t("consent.declined"), buttons=(ways,))


PRESSES: dict[str, Handler] = {
    "preferences.open": open_,
    "preferences.switch": switch,
    "consent.yes": agreed,
    "consent.no": declined,
}
COMMANDS: dict[str, Handler] = {"preferences": open_}
