"""What is said when words go to a homeowner on purpose: to him, and to the team how it went."""

from collections.abc import Iterable
from datetime import timedelta

import msgspec

from domain import desk, desk_events
from domain.notes import Note, Sending
from domain.people import Person
from domain.requests import Request
from handlers import phoning
from handlers.cards import sent
from handlers.cards.menu import menu_buttons
from handlers.cards.request import thread
from handlers.conversation import Talk, reach, to
from handlers.inbound import Delivered
from handlers.messages import LATE, Delete, Message, Outgoing, Said
from locales.text import Text, t

DELETED_WITHIN = timedelta(hours=47)  # of Telegram's 48: after that a message can only be changed


def _of(talk: Talk, fact: desk_events.OfNote) -> tuple[Note, Request, Person]:
    session = talk.work.session
    request = session.get_one(Request, fact.request)
    return session.get_one(Note, fact.note), request, session.get_one(Person, request.person_id)


def waiting(talk: Talk, fact: desk_events.WordsWaiting) -> Iterable[Outgoing]:
    """The team sees that they leave in a moment, and how to take them back."""
    note, request, _ = _of(talk, fact)
    if note.sending is not Sending.WAITING:
        return
    if note.source is None:
        yield sent.copy(request, note, t("sent.waiting", seconds=talk.company.desk.undo_seconds))
    else:
        yield from sent.put(note, sent.WAITING)
        if fact.again:
            yield from sent.put(note, sent.FAILED, added=False)


def left(talk: Talk, fact: desk_events.WordsSent) -> Iterable[Outgoing]:
    """They go to the homeowner; from now on he is being talked with, and the assistant is quiet."""
    note, request, person = _of(talk, fact)
    chat = to(person)
    if chat is None:
        note.sending = Sending.FAILED
        yield from _shown(request, note, t("team.unreachable", name=person.name, phone=person.phone or "–"))
        yield phoning.call(talk, request.id, phoning.unsaid(Message(to=reach(person), body=(Said(note.words),))))
        return
    if request.running and note.sent_by is not None:
        request.talks = note.sent_by
    desk.his_turn(talk.work, request, note)
    if note.source is None:
        yield sent.copy(request, note, t("team.on_its_way"))
    read = msgspec.structs.replace(sent.as_read(note, chat, request), sorry_after=talk.work.now + LATE)
    if read.media and sent.hangs(talk, note) is not None:
        read = msgspec.structs.replace(read, media=())  # an earlier wording came with it
    yield read


def taken_back(talk: Talk, fact: desk_events.WordsTakenBack) -> Iterable[Outgoing]:
    """They stay with the team."""
    note, request, _ = _of(talk, fact)
    yield from sent.put(note, sent.WAITING, added=False)
    if note.source is None:
        yield sent.copy(request, note, t("sent.undone"))


def changed(talk: Talk, fact: desk_events.WordsChanged) -> Iterable[Outgoing]:
    """What he has is changed in place; the team's copy too."""
    note, request, person = _of(talk, fact)
    chat = to(person)
    if chat is None:
        note.sending = Sending.FAILED
        yield from _shown(request, note, t("team.unreachable", name=person.name, phone=person.phone or "–"))
        return
    if note.source is None:
        yield sent.copy(request, note, t("team.on_its_way"))
    yield msgspec.structs.replace(sent.as_read(note, chat, request), media=())  # the file is there already


def withdrawn(talk: Talk, fact: desk_events.WordsWithdrawn) -> Iterable[Outgoing]:
    """It is taken out of his chat; the team reads that it is, and that he may have read it."""
    note, request, person = _of(talk, fact)
    desk.not_asked(talk.work, request, note)
    chat = to(person)
    empties = chat is not None and talk.work.now - note.at > DELETED_WITHIN and sent.hangs(talk, note) is not None
    if chat is not None and empties:
        yield sent.emptied(note, chat)
    else:
        yield from _out_of_his_chat(talk, note)
    yield from sent.put(note, sent.DELIVERED, added=False)
    told = t("sent.emptied") if empties else t("sent.withdrawn")
    if note.source is None:
        yield sent.copy(request, note, told)
    else:
        yield Message(to=thread(request), body=(told,))


def _out_of_his_chat(talk: Talk, note: Note) -> Iterable[Outgoing]:
    """Where it has not arrived yet, it is taken out when it has."""
    found = sent.hangs(talk, note)
    if found is not None:
        yield Delete(to=found[0], remote=found[1])


def went(talk: Talk, note: Note, how: Delivered) -> Iterable[Outgoing]:
    """How it went: the team's copy says so, or a mark on what the teammate wrote; a failure with its reason."""
    if note.sending is Sending.WITHDRAWN and how.ok:  # it was still on its way
        yield from _out_of_his_chat(talk, note)
    if note.sending not in (Sending.DELIVERED, Sending.FAILED):
        return  # something else has been done with it since
    request = talk.work.session.get_one(Request, note.request_id)
    if not how.ok:
        desk.not_asked(talk.work, request, note)
    reason = t("team.not_delivered", reason=how.reason[:200])
    yield from _shown(request, note, t("team.delivered") if how.ok else reason, ok=how.ok)


def _shown(request: Request, note: Note, status: Text, *, ok: bool = False) -> Iterable[Outgoing]:
    if note.source is None:
        yield sent.copy(request, note, status)
        return
    yield from sent.put(note, sent.WAITING, added=False)
    yield from sent.put(note, sent.DELIVERED if ok else sent.FAILED)
    yield from sent.put(note, sent.FAILED if ok else sent.DELIVERED, added=False)
    if not ok:
        yield Message(to=thread(request), body=(status,), about=f"note:{note.id}:why")


def handed_back(talk: Talk, fact: desk_events.HandedBack) -> Iterable[Outgoing]:
    """The homeowner reads that the assistant answers again."""
    request = talk.work.session.get_one(Request, fact.request)
    chat = to(talk.work.session.get_one(Person, request.person_id))
    if chat is not None:
        yield Message(to=chat, body=(t("talk.handed_back"),), buttons=menu_buttons())
