"""The way in and around: greeting, menu, help, language, cancel, a human."""

from collections.abc import Iterable

from domain.areas import Area, Intent, Urgency
from domain.people import speak
from domain.requests import Direction, Request, Wish, Words, add_note, open_request, running_of
from handlers.cards.menu import first_name, menu_buttons
from handlers.cards.request import headline
from handlers.conversation import Handler, Talk, rows, standing
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
        buttons=(
            (standing("stranger.share", "stranger.share"),),
            (standing("stranger.message", "stranger.message"),),
            (standing("menu.language", "language.ask"),),
        ),
    )


def help_(talk: Talk) -> Iterable[Outgoing]:
    """What can be done here, in a few lines."""
    known = talk.home() is not None
    yield talk.say(
        title=t("help.title"),
        body=(t("help.known" if known else "help.stranger"), t("help.call", phone=talk.company.phone)),
        buttons=menu_buttons() if known else ((standing("stranger.message", "stranger.message"),),),
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
    """He chose."""
    speak(talk.who, str(talk.args["language"]))
    yield talk.say(t("language.chosen"), buttons=menu_buttons() if talk.home() else ())
    yield from talk.ask() if talk.draft.step else ([] if talk.home() else [stranger(talk)])


def cancel(talk: Talk) -> Iterable[Outgoing]:
    """Leave what one is in the middle of; else ask which request is meant."""
    if talk.draft.step is not None:
        talk.end()
        yield talk.say(t("cancel.done"), buttons=menu_buttons() if talk.home() else ())
        return
    mine = [r for r in running_of(talk.work, talk.who.id) if r.running]
    if not mine:
        yield talk.say(t("cancel.nothing"), buttons=menu_buttons() if talk.home() else ())
        return
    which = [Button(headline(r), "request.cancel", {"request": r.id}, standing=True) for r in mine]
    yield talk.say(t("cancel.which"), buttons=(*rows(which, 1), (standing("menu.keep", "menu.home"),)))


def human(talk: Talk) -> Iterable[Outgoing]:
    """A person, one tap away, everywhere; what was being written stays where it was."""
    already = next((r for r in running_of(talk.work, talk.who.id) if r.running), None)
    if already is None:
        already = call_somebody(talk, talk.words)
    else:
        add_note(talk.work, already, from_homeowner(talk, talk.words or "🙋"))
    yield talk.say(
        title=t("human.title"),
        body=(t("human.coming", number=already.number), t("human.call", phone=talk.company.phone)),
    )
    yield from talk.ask()


def call_somebody(talk: Talk, words: str) -> Request:
    """Log a wish to speak to a person."""
    place = talk.home()
    wish = Wish(
        Intent.HUMAN,
        Area.OTHER,
        Urgency.NORMAL,
        words,
        talk.company.channels.of(Area.OTHER, Urgency.NORMAL),
    )
    return open_request(talk.work, talk.who.id, place[0].id if place else None, wish)


def from_homeowner(talk: Talk, words: str) -> Words:
    """Words of whoever speaks, with the place they stand at."""
    return Words(Direction.FROM_HOMEOWNER, talk.who.name, words, source=source(talk))


def source(talk: Talk) -> str | None:
    """The identity of the message on its network."""
    came = talk.came
    return f"{came.place.network}:{came.place.chat}:{came.message}" if came.message else None


PRESSES: dict[str, Handler] = {
    "menu.home": home,
    "language.ask": ask_language,
    "language.pick": pick_language,
    "human.ask": human,
    "menu.help": help_,
}

COMMANDS: dict[str, Handler] = {
    "help": help_,
    "language": ask_language,
    "cancel": cancel,
    "human": human,
    "menu": home,
}
