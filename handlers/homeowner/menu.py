"""The way in and around: greeting, menu, help, language, cancel, a human."""

from collections.abc import Iterable

import msgspec

from domain import bookings
from domain.areas import Area, Intent, Urgency
from domain.notes import Direction, Note, Words, add_note
from domain.people import speak
from domain.requests import Request, Wish, open_request, running_of
from domain.routing import channel_for
from handlers.cards.menu import first_name, menu_buttons, stranger_buttons
from handlers.cards.request import for_homeowner, headline
from handlers.conversation import Handler, Talk, rows, standing
from handlers.inbound import Contact, Location, Media, Press
from handlers.messages import Button, Message, Outgoing
from locales.text import t

NATIVE = {"en": "English", "fr": "Français", "es": "Español", "it": "Italiano"}  # each in its own words


def home(talk: Talk) -> Iterable[Outgoing]:
    """The menu."""
    if talk.home() is None:
        yield stranger(talk)
    else:
        yield menu(talk)


def menu(talk: Talk, greeting: str = "menu.greeting") -> Message:
    """What a homeowner can do, with his name and home on top."""
    place = talk.home()
    return talk.say(
        title=t(greeting, name=first_name(talk.who.name)),
        body=(t("menu.intro", home=place[0].name if place else ""), t("menu.ask")),
        buttons=menu_buttons(),
    )


def stranger(talk: Talk) -> Message:
    """What a stranger is told: what this is, and the two ways in."""
    return talk.say(
        title=t("stranger.welcome", company=talk.company.name),
        body=(t("stranger.what"), t("stranger.how")),
        buttons=stranger_buttons(),
    )


def buttons(talk: Talk) -> tuple[tuple[Button, ...], ...]:
    """The menu's buttons for whoever speaks, a homeowner or a stranger."""
    return menu_buttons() if talk.home() is not None else stranger_buttons()


def help_(talk: Talk) -> Iterable[Outgoing]:
    """What can be done here, in a few lines."""
    known = talk.home() is not None
    yield talk.say(
        title=t("help.title"),
        body=(t("help.known" if known else "help.stranger"), t("help.call", phone=talk.company.phone)),
        buttons=menu_buttons() if known else stranger_buttons(),
    )
    yield from talk.ask()


def ask_language(talk: Talk) -> Iterable[Outgoing]:
    """Which language?"""
    chosen = [
        Button(NATIVE[language], "language.pick", {"language": language}, standing=True)
        for language in talk.company.languages
    ]
    yield talk.say(t("language.ask"), buttons=rows(chosen))


def pick_language(talk: Talk) -> Iterable[Outgoing]:
    """He chose: what is said from now on is in that language, and so are the cards that hang already."""
    speak(talk.who, str(talk.args["language"]))
    for request in running_of(talk.work, talk.who.id):
        card = for_homeowner(talk.work, talk.company, request)
        if card is not None:
            yield card
    yield talk.say(t("language.chosen"), buttons=buttons(talk))
    yield from talk.ask()


def cancel(talk: Talk) -> Iterable[Outgoing]:
    """Leave what one is in the middle of; else ask which request is meant."""
    if talk.draft.step is not None:
        logged = talk.work.session.get(Request, int(talk.draft.said.get("request", 0)))
        if logged is not None:
            bookings.release_holds_of(talk.work, logged)
        talk.end()
        left = t("cancel.done") if logged is None else t("cancel.left", about=headline(logged))
        yield talk.say(left, buttons=buttons(talk))
        return
    mine = [r for r in running_of(talk.work, talk.who.id) if r.running]
    if not mine:
        yield talk.say(t("cancel.nothing"), buttons=buttons(talk))
        return
    which = [Button(headline(r), "request.cancel", {"request": r.id}, standing=True) for r in mine]
    yield talk.say(t("cancel.which"), buttons=(*rows(which, 1), (standing("menu.keep", "menu.home"),)))


def human(talk: Talk) -> Iterable[Outgoing]:
    """A person, one tap away, everywhere; what was being written stays where it was."""
    return human_about(talk, talk.words)


def human_about(talk: Talk, words: str) -> Iterable[Outgoing]:
    """A person is called, and told these words."""
    already = next((r for r in running_of(talk.work, talk.who.id) if r.running), None)
    if already is None:
        already = call_somebody(talk, words)
    else:
        add_note(talk.work, already, from_homeowner(talk, words or "🙋"))
    yield talk.say(
        title=t("human.title"),
        body=(t("human.coming", number=already.number), t("human.call", phone=talk.company.phone)),
        buttons=((standing("menu.home", "menu.home"),),),
    )
    yield from talk.ask()


def call_somebody(talk: Talk, words: str, intent: Intent = Intent.HUMAN) -> Request:
    """Log what a person has to see to: a wish to speak to somebody, about the contract, about a deduction."""
    place = talk.home()
    wish = Wish(
        intent,
        Area.OTHER,
        Urgency.NORMAL,
        words,
        channel_for(talk.work, talk.company, place[0] if place else None, Area.OTHER, Urgency.NORMAL),
    )
    return open_request(talk.work, talk.who.id, place[0].id if place else None, wish)


def from_homeowner(talk: Talk, words: str) -> Words:
    """Words of whoever speaks, with the place they stand at."""
    return Words(Direction.FROM_HOMEOWNER, talk.who.name, words, source=source(talk))


def source(talk: Talk) -> str | None:
    """The identity of the message on its network; a press is on a message of ours and has none."""
    came = talk.came
    if came.message is None or isinstance(came, Press):
        return None
    return f"{came.place.network}:{came.place.chat}:{came.message}"


def spoken(talk: Talk) -> str:
    """What came in, in words: what was written, the caption, the place or the card that was shared."""
    came = talk.inbound
    if isinstance(came, Location):
        return f"📍 {came.latitude:.5f}, {came.longitude:.5f}"
    return f"📇 {came.name} {came.phone}" if isinstance(came, Contact) else talk.words


def keep(talk: Talk, request: Request) -> Note:
    """Keep what came in, whatever it is, with a request: the team reads it in the thread."""
    file = msgspec.to_builtins(talk.inbound.file) if isinstance(talk.inbound, Media) else None
    return add_note(
        talk.work, request, Words(Direction.FROM_HOMEOWNER, talk.who.name, spoken(talk), file, source(talk))
    )


def keep_files(talk: Talk, request: Request) -> None:
    """The files of a report that is being written go with a request."""
    for file in talk.draft.said.get("files", []):
        words = Words(Direction.FROM_HOMEOWNER, talk.who.name, file["caption"], file["file"], file["source"])
        add_note(talk.work, request, words)


def keep_lines(talk: Talk, request: Request) -> None:
    """So do its words, where they are not the request's own story."""
    for line in talk.draft.said.get("lines", []):
        words = Words(Direction.FROM_HOMEOWNER, talk.who.name, line["words"], source=line["source"])
        add_note(talk.work, request, words)


PRESSES: dict[str, Handler] = {
    "menu.home": home,
    "language.ask": ask_language,
    "language.pick": pick_language,
    "human.ask": human,
}

COMMANDS: dict[str, Handler] = {
    "help": help_,
    "language": ask_language,
    "cancel": cancel,
    "human": human,
    "menu": home,
}
