"""What the team writes in a thread stays with the team, unless it is sent on purpose: by form, shortcut or reaction."""

from collections.abc import Iterable

import msgspec

from domain import desk_events, notes, requests
from domain.notes import LEFT, Direction, LeftAlready, Note, Sending, Words
from domain.people import Person
from domain.requests import Request
from domain.work import Refusal
from handlers.cards import sent as cards
from handlers.cards.request import thread
from handlers.conversation import Handler, Talk, standing, to
from handlers.inbound import Chosen, Edited, Media, Reacted, Typed
from handlers.messages import Field, Form, FormErrors, Message, Outgoing, Teammate
from handlers.refusals import FormRefused
from handlers.team.attaching import attached, files_field, named, packed, unpacked, with_files
from handlers.team.canned import again, canned_field, corrected, drafted
from handlers.team.requests import LONGEST_REPLY, form, form_again, request_of, words_of
from handlers.team.threads import request_there, source_of
from locales.text import In, t

MISSED = (Sending.FAILED, Sending.UNDONE)  # it has not arrived as it is now; an earlier wording may have


class NotInAThread(Refusal):
    """What stands outside a request's thread can be sent to nobody."""


class NotYourWords(Refusal):
    """Only what a teammate wrote can be sent: not the homeowner's own words, nor the assistant's."""


class SecretInside(Refusal):
    """There is a secret in it that was hidden: it is not sent on."""


class NotSeenYet(Refusal):
    """We have not read that message yet."""


class NothingToHandBack(Refusal):
    """Nobody of the team talks with the homeowner at this moment."""


def said_in_thread(talk: Talk) -> Iterable[Outgoing]:
    """Kept with the request, for the team alone; what is written to the app in private is read by nobody, so we say."""
    came, request = talk.inbound, request_there(talk)
    if request is None and talk.came.place.kind == "private" and isinstance(came, Typed | Media):
        return (_nobody_reads(talk),)
    if request is not None and isinstance(came, Typed | Media):
        # Several files of one message are several notes; they are sent together, by the message they came in.
        source = source_of(talk) + (f"#{came.file.id}" if isinstance(came, Media) and came.album else "")
        if notes.known(talk.work, source) is None:
            file = msgspec.to_builtins(came.file) if isinstance(came, Media) else None
            notes.add_note(talk.work, request, Words(Direction.INTERNAL, talk.staff.name, talk.words, file, source))
    return ()


def _nobody_reads(talk: Talk) -> Message:
    """Once for each message, however many files it has."""
    return Message(
        to=Teammate(talk.came.sender.user),
        body=(t("direct.nobody_reads"),),
        buttons=((standing("find.open", "find.open"),),),
        about=f"direct:{talk.came.message}",
    )


def _written_there(talk: Talk) -> list[Note]:
    """What was said in the message that is meant: one note, or one for each of its files."""
    return notes.written(talk.work, source_of(talk))


def chosen(talk: Talk) -> Iterable[Outgoing]:
    """*Send to customer*, on a message of the thread."""
    came = talk.inbound
    assert isinstance(came, Chosen)
    if came.message is None:
        raise NotInAThread
    if came.author is None:
        raise NotYourWords
    if came.masked:
        raise SecretInside
    request, found = request_there(talk), _written_there(talk)
    if request is None:
        raise NotInAThread
    if not found:
        if not came.text.strip():
            raise NotSeenYet
        words = Words(Direction.TO_HOMEOWNER, _author(talk, came.author), came.text, source=source_of(talk))
        _send(talk, request, words)
    else:
        if came.text.strip() or found[0].file is not None:  # what he reads counts, should we not know it yet
            notes.change(talk.work, found[0], came.text)
        _send_all(talk, found)
    yield from _undo(talk)


def _author(talk: Talk, user: str) -> str:
    member = talk.company.teammate(user)
    if member is None:
        raise NotYourWords
    return member.name


def _send_all(talk: Talk, found: list[Note]) -> None:
    for note in found:
        if note.direction is Direction.FROM_HOMEOWNER:
            raise NotYourWords
        request = talk.work.session.get_one(Request, note.request_id)
        _send(talk, request, Words(Direction.TO_HOMEOWNER, note.author, note.words, note.file, note.source))


def _send(talk: Talk, request: Request, words: Words) -> None:
    """In a moment, or at once where the company wants no moment."""
    notes.send(talk.work, request, words, talk.staff.key, at_once=not talk.company.desk.undo_seconds)


def _undo(talk: Talk) -> Iterable[Outgoing]:
    """Only whoever sent it sees how to take it back."""
    place = talk.came.place
    waiting = [n for n in _written_there(talk) if n.sending is Sending.WAITING]
    if not waiting:
        return
    yield Message(
        to=Teammate(talk.came.sender.user, place.chat, place.thread or talk.came.message),
        body=(t("sent.waiting", seconds=talk.company.desk.undo_seconds),),
        buttons=((standing("sent.undo", "sent.undo", note=waiting[0].id),),),
    )


def reacted(talk: Talk) -> Iterable[Outgoing]:
    """The company's reaction sends what it is put on; taken off in time, it is not sent."""
    came = talk.inbound
    assert isinstance(came, Reacted)
    found = _written_there(talk)
    if not came.added:
        for note in found:
            if note.sending is Sending.WAITING:
                notes.undo(talk.work, note)
        return ()
    if not found:
        raise NotSeenYet
    if all(note.sending in (Sending.WAITING, *LEFT) for note in found):
        return ()  # a second teammate puts it too: it has been sent
    _send_all(talk, found)
    return ()


def edited(talk: Talk) -> Iterable[Outgoing]:
    """Somebody changed what he wrote: what was sent changes at the homeowner's, the rest stays with us."""
    came = talk.inbound
    assert isinstance(came, Edited)
    found = _written_there(talk)
    for note in found[:1]:
        if note.sending in LEFT and came.masked:
            raise SecretInside
        notes.change(talk.work, note, came.text)
    request = request_there(talk)
    if not found and request is not None and not came.files:  # the news of the message itself come later, or never
        notes.add_note(
            talk.work, request, Words(Direction.INTERNAL, talk.staff.name, came.text, source=source_of(talk))
        )
    return ()


def deleted(talk: Talk) -> Iterable[Outgoing]:
    """Somebody deleted what he wrote: what waits is not sent; of what was sent the team is told that he has it."""
    for note in _written_there(talk):
        request = talk.work.session.get_one(Request, note.request_id)
        if note.sending is Sending.WAITING:
            notes.undo(talk.work, note)
        if note.sending in LEFT or (note.sending in MISSED and cards.hangs(talk, note) is not None):
            yield Message(
                to=thread(request),
                body=(t("sent.deleted_here", name=note.author),),
                buttons=((cards.withdrawing(note),),) if note.file is None else (),
            )
        elif note.direction is Direction.INTERNAL:
            note.words, note.file = "", None


def ask_reply(talk: Talk) -> Iterable[Outgoing]:
    """Open the form for an answer to the homeowner."""
    return reply_form(talk, request_of(talk))


def reply_form(talk: Talk, request: Request, begun: In | None = None) -> Iterable[Outgoing]:
    """The form for an answer; `begun`: what is proposed, in the homeowner's language."""
    person = talk.work.session.get_one(Person, request.person_id)
    hint, most = t("reply.hint"), LONGEST_REPLY
    answer = Field("words", t("reply.words"), "lines", hint=hint, initial=begun, optional=True, longest=most)
    intro = t("reply.intro", name=person.name, language=t(f"language.{person.language}"))
    fields = (*canned_field(talk, person), answer, files_field(t("reply.files")))
    return form(talk, request, "reply", (intro,), fields)


def preview(talk: Talk) -> Iterable[Outgoing]:
    """What he will read, and the words once more, to be corrected or sent."""
    request, files = request_of(talk), attached(talk)
    person = talk.work.session.get_one(Person, request.person_id)
    draft = drafted(talk, request, person)
    if not draft.words and not files:
        raise FormRefused(FormErrors({"words": t("form.words_missing")}))
    intro = (
        t("reply.preview", name=person.name, language=t(f"language.{person.language}")),
        *cards.preview(talk.staff.name, draft.words, person, request),
        *named(files),
    )
    kept = {"files": packed(files), **draft.args}
    return form_again(talk, request, "reply", kept, intro, (again(draft, must=not files),), t("reply.send"))


def reply(talk: Talk) -> Iterable[Outgoing]:
    """It leaves in a moment; the first one who answers has the request."""
    request, files = request_of(talk), unpacked(talk)
    words = corrected(talk, must=not files)
    if request.assignee is None and request.running:
        requests.claim(talk.work, request, talk.staff.key)
    _send(talk, request, with_files(talk.staff.name, words, files))
    return ()


def _note(talk: Talk) -> Note:
    return notes.held(talk.work, talk.number("note"))


def undo(talk: Talk) -> Iterable[Outgoing]:
    """Not sent after all: with everything that came in the same message."""
    note = _note(talk)
    root = (note.source or "").partition("#")[0]
    together = [n for n in notes.written(talk.work, root) if n.sending is Sending.WAITING] if root else []
    for one in together or [note]:
        notes.undo(talk.work, one)
    return ()


def ask_correct(talk: Talk) -> Iterable[Outgoing]:
    """Open the form with the words he has."""
    note = _note(talk)
    if talk.came.trigger is None:
        return
    request = talk.work.session.get_one(Request, note.request_id)
    yield Form(
        trigger=talk.came.trigger,
        user=talk.came.sender.user,
        act="sent.corrected",
        args={"note": note.id},
        title=t("correct.title"),
        intro=(t("correct.intro", number=request.number),),
        fields=(Field("words", t("reply.words"), "lines", initial=note.words, longest=LONGEST_REPLY),),
        submit=t("correct.submit"),
    )


def correct(talk: Talk) -> Iterable[Outgoing]:
    """What he has is changed."""
    notes.change(talk.work, _note(talk), words_of(talk))
    return ()


def withdraw(talk: Talk) -> Iterable[Outgoing]:
    """Out of his chat again; from whom we cannot reach nothing can be taken."""
    note = _note(talk)
    if note.sending in MISSED and cards.hangs(talk, note) is None:
        raise LeftAlready
    request = talk.work.session.get_one(Request, note.request_id)
    person = talk.work.session.get_one(Person, request.person_id)
    if to(person) is None:
        yield Message(to=thread(request), body=(t("team.unreachable", name=person.name, phone=person.phone or "–"),))
        return
    notes.withdraw(talk.work, note)


def hand_back(talk: Talk) -> Iterable[Outgoing]:
    """The assistant answers again."""
    request = request_of(talk)
    if request.talks is None:
        raise NothingToHandBack
    request.talks = None
    talk.work.happened(desk_events.HandedBack(request.id))
    return ()


PRESSES: dict[str, Handler] = {
    "team.reply": ask_reply,
    "team.hand_back": hand_back,
    "sent.undo": undo,
    "sent.correct": ask_correct,
    "sent.withdraw": withdraw,
}
FORMS: dict[str, Handler] = {"team.reply.sent": preview, "team.reply.go": reply, "sent.corrected": correct}
SHORTCUTS: dict[str, Handler] = {"send_to_customer": chosen}
