"""It is solved: what was done, how long it took, what was wrong, photos; and what the homeowner will read."""

from collections.abc import Iterable

from domain import desk, notes
from domain.people import Person
from domain.requests import Request
from handlers.cards.names import cause_label, causes
from handlers.cards.request import headline
from handlers.conversation import Handler, Talk
from handlers.messages import Field, FormErrors, Outgoing, Part, Plain, Said
from handlers.refusals import FormRefused
from handlers.team.attaching import attached, files_field, named, packed, unpacked, with_files
from handlers.team.canned import again, canned_field, corrected, drafted
from handlers.team.requests import LONGEST_REPLY, filled, form, form_again, minutes_in, minutes_of, request_of
from locales.text import In, Value, t


def ask_resolution(talk: Talk) -> Iterable[Outgoing]:
    """Open the form that ends the work."""
    request = request_of(talk)
    person = talk.work.session.get_one(Person, request.person_id)
    options: tuple[tuple[str, Value], ...] = tuple(
        (key, cause_label(talk.company, key)) for key in causes(talk.company)
    )
    ready = canned_field(talk, person)  # with one of these chosen, nothing has to be written
    words = Field(
        "words", t("resolve.words"), "lines", hint=t("resolve.hint"), optional=bool(ready), longest=LONGEST_REPLY
    )  # fmt: skip
    fields = (
        *ready,
        words,
        Field("minutes", t("resolve.minutes"), "number", optional=True),
        Field("cause", t("resolve.cause"), "choice", options=options, initial=request.cause, optional=True),
        files_field(t("resolve.photos"), photos=True),
    )
    intro: tuple[Part, ...] = (t("resolve.intro"),)
    return form(talk, request, "resolve", intro, fields)


def preview_resolution(talk: Talk) -> Iterable[Outgoing]:
    """What he will read, and the words once more, to be corrected or sent."""
    request, minutes, cause = request_of(talk), minutes_of(talk), _cause(talk, request_of(talk))
    person = talk.work.session.get_one(Person, request.person_id)
    draft, files = drafted(talk, request, person), attached(talk, photos=True)
    if not draft.words:
        raise FormRefused(FormErrors({"words": t("form.words_missing")}))
    intro: tuple[Part, ...] = (
        t("reply.preview", name=person.name, language=t(f"language.{person.language}")),
        In(headline(request), person.language),
        In(t("solved.ask", name=talk.staff.name), person.language),
        Said(draft.words),
        *named(files),
    )
    kept: dict[str, Plain] = {"minutes": minutes if minutes is not None else "", "cause": cause or ""}
    kept |= {"files": packed(files), **draft.args}
    return form_again(talk, request, "resolve", kept, intro, (again(draft),), t("resolve.submit.again"))


def resolve(talk: Talk) -> Iterable[Outgoing]:
    """What was booked took place; an appointment that is still to come is not needed any more."""
    request, words = request_of(talk), corrected(talk)
    minutes = minutes_in(str(talk.args.get("minutes", "")))
    if files := unpacked(talk):
        # Before the question: its buttons stay at the end of his chat. He has seen the preview: it leaves at once.
        notes.send(talk.work, request, with_files(talk.staff.name, "", files), talk.staff.key, at_once=True)
    desk.solve(talk.work, request, talk.staff.key, words, minutes, str(talk.args.get("cause", "")) or None)
    return ()


def _cause(talk: Talk, request: Request) -> str | None:
    """What was chosen. Raises FormRefused where the company has no such cause any more."""
    cause = str(filled(talk).get("cause") or "")
    if cause and cause not in (*causes(talk.company), request.cause):
        raise FormRefused(FormErrors({"cause": t("form.choose")}))
    return cause or None


PRESSES: dict[str, Handler] = {"team.resolve": ask_resolution}
FORMS: dict[str, Handler] = {"team.resolve.sent": preview_resolution, "team.resolve.go": resolve}
