"""Before we come: all is ready, or there is something we should know. Either way the team reads it in the thread."""

from collections.abc import Iterable

from handlers.cards.menu import ways_on
from handlers.cards.request import thread
from handlers.conversation import Handler, Step, Talk, button, standing
from handlers.homeowner import menu
from handlers.homeowner.mine import mine
from handlers.homeowner.solving import current
from handlers.messages import Message, Outgoing
from locales.text import t


def ready(talk: Talk) -> Iterable[Outgoing]:
    """Somebody is at home, we can park and get in."""
    request = mine(talk, talk.number("request"))
    yield Message(to=thread(request), body=(t("team.ready", name=talk.who.name),))
    yield talk.say(t("soon.thanks"), buttons=ways_on())


def tell(talk: Talk) -> Iterable[Outgoing]:
    """What should we know?"""
    request = mine(talk, talk.number("request"))
    return talk.go("soon.tell", request=request.id)


def _ask(talk: Talk) -> Message:
    return talk.say(
        t("soon.tell.ask"), buttons=((button("soon.nothing", "soon.nothing"), standing("menu.human", "human.ask")),)
    )


def told(talk: Talk) -> Iterable[Outgoing]:
    """His words or a photo, for the thread."""
    menu.keep(talk, current(talk))
    talk.end()
    yield talk.say(t("soon.told"), buttons=ways_on())


def nothing(talk: Talk) -> Iterable[Outgoing]:
    """There is nothing after all."""
    talk.end()
    yield talk.say(t("soon.thanks"), buttons=ways_on())


PRESSES: dict[str, Handler] = {"soon.ready": ready, "soon.tell": tell, "soon.nothing": nothing}
STEPS = {"soon.tell": Step(_ask, typed=told, media=told)}
