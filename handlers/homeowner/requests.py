"""One's own requests: the list, words and files that belong to one, cancelling, and whether it is solved."""

from collections.abc import Iterable

import msgspec
from sqlalchemy import select

from domain import bookings, leaving, requests
from domain.money import Money
from domain.notes import Direction, Note, Words, add_note
from domain.requests import Request, running_of
from handlers.cards.menu import ways_on
from handlers.cards.request import excerpt, for_homeowner, headline
from handlers.conversation import Handler, Talk, standing
from handlers.homeowner import afterwards, menu, report, understood
from handlers.homeowner.mine import mine
from handlers.inbound import Edited, Media
from handlers.messages import Button, Message, Outgoing, Plain, Said
from locales.text import t


def listing(talk: Talk) -> Iterable[Outgoing]:
    """What is running, as cards at the end of the chat."""
    running = running_of(talk.work, talk.who.id)[:5]
    if not running:
        yield talk.say(t("requests.none"), buttons=menu.buttons(talk))
    for request in running:
        card = for_homeowner(talk.work, talk.company, request)
        if card is not None:
            yield msgspec.structs.replace(card, fresh=True)


def words(talk: Talk) -> Iterable[Outgoing]:
    """Free words and files outside any question: to a score just given, to what is running, else something new."""
    replied = replied_to(talk)
    said = afterwards.heard(talk) if replied is None else None
    if said is not None:
        return said
    request = replied or _meant(talk)
    if request is None:
        return understood.words(talk) if talk.home() is not None else _from_stranger(talk)
    note = menu.keep(talk, request)
    if request.talks is not None:
        return ()  # he talks with somebody: nobody talks over them
    answered = understood.beside(talk, request) if replied is None else None
    return [_kept(talk, request, note)] if answered is None else answered


def _from_stranger(talk: Talk) -> Iterable[Outgoing]:
    """A stranger's first words are not lost: they go to the team."""
    request = menu.call_somebody(talk, talk.words)
    if isinstance(talk.inbound, Media):
        menu.keep(talk, request)
    yield talk.say(t("stranger.message_kept", number=request.number), buttons=menu.buttons(talk))


def replied_to(talk: Talk) -> Request | None:
    """The request of a teammate's words that he replies to: what he says belongs there, whatever else is running."""
    kind, _, number = (talk.about or "").partition(":")
    note = talk.work.session.get(Note, int(number)) if kind == "note" and number.isdecimal() else None
    request = talk.work.session.get_one(Request, note.request_id) if note is not None else None
    if request is None or request.person_id != talk.who.id:
        return None
    while request.merged_into_id is not None:
        request = talk.work.session.get_one(Request, request.merged_into_id)
    return request


def _meant(talk: Talk) -> Request | None:
    """The request that words without a question belong to: the one replied to, else the newest running one."""
    running = running_of(talk.work, talk.who.id)
    if talk.about and talk.about.startswith("request:"):
        replied = talk.work.session.get(Request, int(talk.about.split(":")[1]))
        if replied is not None and replied.person_id == talk.who.id and (replied.running or replied in running):
            return replied
    return next((r for r in running if r.talks is not None), None) or next(iter(running), None)


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
    return report.begin_with(talk, note)


def place(talk: Talk) -> Iterable[Outgoing]:
    """A place on the map, or somebody's card: it belongs to what is being written or running, else to a person."""
    if report.writing(talk):
        yield from report.told(talk)
        return
    request = replied_to(talk) or _meant(talk) or menu.call_somebody(talk, "")
    yield _kept(talk, request, menu.keep(talk, request))
    yield from talk.ask()


def edited(talk: Talk) -> Iterable[Outgoing]:
    """He changed his words: so do we, and the team sees both."""
    came = talk.inbound
    assert isinstance(came, Edited)
    source = menu.source(talk)
    note = talk.work.session.scalar(select(Note).where(Note.source == source))
    if note is not None and note.words == came.text:
        return
    if note is not None:
        note.words = came.text
        _tell_edit(talk, talk.work.session.get_one(Request, note.request_id), came.text)
    elif report.corrected(talk, source, came.text):
        yield from talk.ask()
    elif newest := next(iter(running_of(talk.work, talk.who.id)), None):
        _tell_edit(talk, newest, came.text)


def _tell_edit(talk: Talk, request: Request, words: str) -> None:
    add_note(talk.work, request, Words(Direction.FROM_HOMEOWNER, talk.who.name, f"✏️ {words}"))


def ask_cancel(talk: Talk) -> Iterable[Outgoing]:
    """Sure? With what it costs, when it costs something by now."""
    request = mine(talk, talk.number("request"))
    body = (Said(excerpt(request.story)),) if request.story else ()
    fee = _fee(talk, request)
    told = (t("request.cancel.fee", fee=fee),) if fee else ()
    args: dict[str, Plain] = {"request": request.id, "fee": fee.minor if fee else 0}
    yield talk.say(
        title=headline(request),
        body=(*body, *told, t("request.cancel.ask")),
        buttons=(
            (
                Button(t("request.cancel.yes"), "request.cancelled", args, "danger", standing=True),
                standing("menu.keep", "request.kept", request=request.id),
            ),
        ),
    )


def _fee(talk: Talk, request: Request) -> Money | None:
    """What it costs to call the appointments off now."""
    each = (leaving.fee_now(talk.work, b, request) for b in bookings.booked_for(talk.work, request))
    fees = [levy.amount for levy in each if levy is not None]
    return sum(fees[1:], fees[0]) if fees else None


def kept(talk: Talk) -> Iterable[Outgoing]:
    """It stays as it is."""
    request = mine(talk, talk.number("request"))
    yield talk.say(t("request.kept", about=headline(request)), buttons=ways_on())


def cancelled(talk: Talk) -> Iterable[Outgoing]:
    """It is not wanted any more: its appointment is called off too, at the price he was shown."""
    request = mine(talk, talk.number("request"))
    fee = _fee(talk, request)
    if fee is not None and fee.minor > int(talk.args.get("fee", 0)):
        yield from ask_cancel(talk)  # meanwhile it costs more than he was told
        return
    bookings.release_holds_of(talk.work, request)
    for booking in bookings.booked_for(talk.work, request):
        leaving.call_off(talk.work, booking, request)
    requests.cancel(talk.work, request)
    if talk.draft.said.get("request") == request.id:
        talk.end()
    yield talk.say(t("request.cancelled", about=headline(request)), buttons=menu.buttons(talk))


def solved(talk: Talk) -> Iterable[Outgoing]:
    """It works again."""
    request = mine(talk, talk.number("request"))
    requests.confirm(talk.work, request)
    yield talk.say(t("solved.thanks"), buttons=menu.buttons(talk))


def not_solved(talk: Talk) -> Iterable[Outgoing]:
    """It does not: the team hears of it at once."""
    request = mine(talk, talk.number("request"))
    requests.reopen(talk.work, request)
    yield talk.say(t("solved.not_yet", number=request.number), buttons=ways_on())


PRESSES: dict[str, Handler] = {
    "request.list": listing,
    "words.new": something_new,
    "request.cancel": ask_cancel,
    "request.kept": kept,
    "request.cancelled": cancelled,
    "solved.yes": solved,
    "solved.no": not_solved,
    **understood.PRESSES,
}
STEPS = understood.STEPS
