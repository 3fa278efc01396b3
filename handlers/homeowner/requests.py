"""One's own requests: the list, words and files that belong to one, cancelling, and whether it is solved."""

from collections.abc import Iterable

import msgspec
from sqlalchemy import select

from domain import bookings, requests
from domain.requests import Direction, Note, Request, Words, add_note, running_of
from handlers.cards.menu import menu_buttons
from handlers.cards.request import excerpt, for_homeowner, headline
from handlers.conversation import Handler, Talk, standing
from handlers.homeowner import menu, report
from handlers.homeowner.solve import mine
from handlers.inbound import Edited, Location, Media
from handlers.messages import Button, Message, Outgoing, Said
from locales.text import t


def listing(talk: Talk) -> Iterable[Outgoing]:
    """What is running, as cards at the end of the chat."""
    running = running_of(talk.work, talk.who.id)[:5]
    if not running:
        yield talk.say(t("requests.none"), buttons=menu_buttons() if talk.home() else ())
    for request in running:
        card = for_homeowner(talk.work, talk.company, request)
        if card is not None:
            yield msgspec.structs.replace(card, fresh=True)


def words(talk: Talk) -> Iterable[Outgoing]:
    """Free words and files outside any question: an addition to what is running, else something new."""
    request = _meant(talk)
    if request is None:
        return report.words(talk) if talk.home() is not None else _from_stranger(talk)
    note = _keep(talk, request)
    return [_kept(talk, request, note)]


def _from_stranger(talk: Talk) -> Iterable[Outgoing]:
    """A stranger's first words are not lost: they go to the team."""
    request = menu.call_somebody(talk, talk.words)
    if isinstance(talk.inbound, Media):
        _keep(talk, request)
    yield talk.say(t("stranger.message_kept", number=request.number))
    yield menu.stranger(talk)


def _meant(talk: Talk) -> Request | None:
    """The request that words without a question belong to: the one replied to, else the newest running one."""
    running = running_of(talk.work, talk.who.id)
    if talk.about and talk.about.startswith("request:"):
        replied = talk.work.session.get(Request, int(talk.about.split(":")[1]))
        if replied is not None and replied.person_id == talk.who.id and (replied.running or replied in running):
            return replied
    return next(iter(running), None)


def _keep(talk: Talk, request: Request) -> Note:
    inbound = talk.inbound
    file = msgspec.to_builtins(inbound.file) if isinstance(inbound, Media) else None
    text = talk.words
    if isinstance(inbound, Location):
        text = f"📍 {inbound.latitude:.5f}, {inbound.longitude:.5f}"
    said = Words(Direction.FROM_HOMEOWNER, talk.who.name, text, file, menu.source(talk))
    return add_note(talk.work, request, said)


def _kept(talk: Talk, request: Request, note: Note) -> Message:
    new = (Button(t("words.new"), "words.new", {"note": note.id}, standing=True),) if talk.home() else ()
    album = talk.inbound.album if isinstance(talk.inbound, Media) else None
    return talk.say(
        t("words.added", about=headline(request)),
        buttons=((*new, standing("menu.human", "human.ask")),),
        about=f"album:{album}" if album else None,
        wait=0.7 if album else 0.0,
    )


def something_new(talk: Talk) -> Iterable[Outgoing]:
    """The words did not belong there: they begin a report of their own."""
    note = talk.work.session.get_one(Note, talk.number("note"))
    mine(talk, note.request_id)
    talk.draft.said = {"story": note.words}
    if note.file is not None:
        talk.draft.said["files"] = [{"file": note.file, "caption": note.words, "source": f"{note.source}:again"}]
    return talk.go("report.area")


def place(talk: Talk) -> Iterable[Outgoing]:
    """A place on the map: it belongs to what is running, else it is told to a person."""
    request = _meant(talk) or menu.call_somebody(talk, "")
    _keep(talk, request)
    yield talk.say(t("words.added", about=headline(request)))
    yield from talk.ask()


def edited(talk: Talk) -> Iterable[Outgoing]:
    """He changed his words: so do we, and the team sees both."""
    came = talk.inbound
    assert isinstance(came, Edited)
    note = talk.work.session.scalar(select(Note).where(Note.source == menu.source(talk)))
    if note is not None and note.words != came.text:
        note.words = came.text
        request = talk.work.session.get_one(Request, note.request_id)
        add_note(talk.work, request, Words(Direction.FROM_HOMEOWNER, talk.who.name, f"✏️ {came.text}"))
    elif note is None and (talk.draft.step or "").startswith("report."):
        talk.draft.said = {**talk.draft.said, "story": came.text}
        yield from talk.ask()


def ask_cancel(talk: Talk) -> Iterable[Outgoing]:
    """Sure?"""
    request = mine(talk, talk.number("request"))
    body = (Said(excerpt(request.story)),) if request.story else ()
    yield talk.say(
        title=headline(request),
        body=(*body, t("request.cancel.ask")),
        buttons=(
            (
                Button(t("request.cancel.yes"), "request.cancelled", {"request": request.id}, "danger", standing=True),
                standing("menu.keep", "request.kept", request=request.id),
            ),
        ),
    )


def kept(talk: Talk) -> Iterable[Outgoing]:
    """It stays as it is."""
    request = mine(talk, talk.number("request"))
    yield talk.say(t("request.kept", about=headline(request)))


def cancelled(talk: Talk) -> Iterable[Outgoing]:
    """It is not wanted any more: its appointment is called off too."""
    request = mine(talk, talk.number("request"))
    bookings.release_holds_of(talk.work, request)
    for booking in bookings.booked_for(talk.work, request):
        bookings.cancel(talk.work, booking, request)
    requests.cancel(talk.work, request)
    if talk.draft.said.get("request") == request.id:
        talk.end()
    yield talk.say(t("request.cancelled", about=headline(request)), buttons=menu_buttons())


def solved(talk: Talk) -> Iterable[Outgoing]:
    """It works again."""
    request = mine(talk, talk.number("request"))
    requests.confirm(talk.work, request)
    yield talk.say(t("solved.thanks"), buttons=menu_buttons())


def not_solved(talk: Talk) -> Iterable[Outgoing]:
    """It does not: the team hears of it at once."""
    request = mine(talk, talk.number("request"))
    requests.reopen(talk.work, request)
    yield talk.say(t("solved.not_yet", number=request.number))


PRESSES: dict[str, Handler] = {
    "request.list": listing,
    "words.new": something_new,
    "request.cancel": ask_cancel,
    "request.kept": kept,
    "request.cancelled": cancelled,
    "solved.yes": solved,
    "solved.no": not_solved,
}
