"""What the team sees of words that go to a homeowner: a copy in the thread, with how far they have come."""

import msgspec

from domain.notes import LEFT, Note, Sending
from domain.people import Person
from domain.requests import Request
from handlers.cards.request import thread
from handlers.conversation import Talk, standing
from handlers.inbound import File
from handlers.messages import Attached, Button, Channel, Homeowner, Importance, Message, Outgoing, Part, React, Said
from handlers.pipes import remote_of
from locales.text import In, Text, t

WAITING, DELIVERED, FAILED = "hourglass_flowing_sand", "white_check_mark", "warning"  # put on what a teammate wrote


def copy(request: Request, note: Note, status: Text) -> Message:
    """The team's copy of what was written to the homeowner, with how it went and what can still be done."""
    words = (Said(note.words),) if note.words else ()
    return Message(
        to=thread(request),
        body=(t("team.replied", name=note.author), *words),
        footer=status,
        buttons=_buttons(note),
        media=_files(note) if note.source is None else (),  # what came in a message stands there already
        about=f"note:{note.id}",
    )


def _files(note: Note) -> tuple[Attached, ...]:
    return tuple(Attached("slack", msgspec.convert(file, File)) for file in note.files)


def _buttons(note: Note) -> tuple[tuple[Button, ...], ...]:
    if note.sending is Sending.WAITING:
        return ((standing("sent.undo", "sent.undo", note=note.id),),)
    if note.sending in LEFT and note.file is None:  # a file stands in a message of its own
        return ((standing("sent.correct", "sent.correct", note=note.id), withdrawing(note)),)
    return ()


def withdrawing(note: Note) -> Button:
    """Takes it out of his chat."""
    return standing("sent.withdraw", "sent.withdraw", note=note.id)


def as_read(note: Note, chat: Homeowner, request: Request) -> Message:
    """What the homeowner reads: who writes, and how to answer. A second time it changes what he has."""
    return Message(
        to=chat,
        title=t("reply.from", name=note.author, number=request.number),
        body=(*((Said(note.words),) if note.words else ()), *_pressed(note)),
        footer=t("reply.how") if note.answered is None else None,
        media=_files(note),
        buttons=(*_answers(note), (standing("menu.human", "human.ask"),)),
        about=f"note:{note.id}",
        importance=Importance.RELAY,
        delivery=f"note:{note.id}",
        owed=request.id,
    )


def emptied(note: Note, chat: Homeowner) -> Message:
    """What stands in place of words that are too old to be deleted."""
    return Message(
        to=chat,
        body=(t("reply.withdrawn"),),
        buttons=((standing("menu.human", "human.ask"),),),
        about=f"note:{note.id}",
        importance=Importance.RELAY,
    )


def _answers(note: Note) -> tuple[tuple[Button, ...], ...]:
    """What he may press, one in a row."""
    if note.answered is not None:
        return ()
    return tuple(
        (Button(str(answer), "question.answer", {"note": note.id, "answer": number}, standing=True),)
        for number, answer in enumerate(note.answers or [])
    )


def _pressed(note: Note) -> tuple[Text, ...]:
    if note.answered is None or not note.answers:
        return ()
    return (t("question.chosen", answer=str(note.answers[note.answered])),)


def hangs(talk: Talk, note: Note) -> tuple[Homeowner, str] | None:
    """Where it (or an earlier wording of it) stands in the homeowner's chat, be he reachable or not."""
    request = talk.work.session.get_one(Request, note.request_id)
    person = talk.work.session.get_one(Person, request.person_id)
    if person.telegram is None:
        return None
    there = remote_of(talk.work.session, person.telegram, f"note:{note.id}")
    return (Homeowner(person.telegram, person.id, person.language), there) if there is not None else None


def preview(author: str, words: str, person: Person, request: Request) -> tuple[Part, ...]:
    """The same, shown to the team before it leaves, in the homeowner's language."""
    language = person.language
    title = In(t("reply.from", name=author, number=request.number), language)
    return (title, *((Said(words),) if words else ()), In(t("reply.how"), language))


def place_of(note: Note) -> tuple[Channel, str] | None:
    """Where a teammate wrote it in Slack, when he did."""
    network, _, where = (note.source or "").partition(":")
    channel, _, ts = where.partition(":")
    return (Channel(channel), ts.partition("#")[0]) if network == "slack" and ts else None


def put(note: Note, name: str, *, added: bool = True) -> list[Outgoing]:
    """A reaction on what a teammate wrote, or off it again."""
    place = place_of(note)
    if place is None:
        return []
    return [React(to=place[0], remote=place[1], name=name, added=added, importance=Importance.NORMAL)]
