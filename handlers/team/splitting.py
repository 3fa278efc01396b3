"""Something else was in it, too: a request of its own, with words the customer may read and a note that he may not."""

from collections.abc import Iterable

from sqlalchemy import select

from domain import desk
from domain.areas import Area, Urgency
from domain.notes import Direction, Note, fits
from domain.people import Person
from domain.requests import Request, Wish
from domain.routing import channel_for
from domain.storm_watching import notice
from handlers.cards.agenda import shortened
from handlers.cards.request import home_of
from handlers.cards.verdict import write_down
from handlers.conversation import Handler, Talk
from handlers.messages import Field, FormErrors, Outgoing, Said
from handlers.refusals import FormRefused
from handlers.team.deeds import LONGEST, sorted_as, sorting_fields
from handlers.team.requests import form, form_again, request_of, said_in
from locales.text import In, Value, t

MOST_TO_PICK, LONGEST_TO_PICK = 20, 70  # of his words, and characters of them in the list


def _person(talk: Talk, request: Request) -> Person:
    return talk.work.session.get_one(Person, request.person_id)


def _his(talk: Talk, request: Request) -> list[Note]:
    """What he wrote about it himself, the newest first."""
    found = select(Note).where(Note.request_id == request.id, Note.direction == Direction.FROM_HOMEOWNER)
    return list(talk.work.session.scalars(found.where(Note.words != "").order_by(Note.id.desc()).limit(MOST_TO_PICK)))


def ask(talk: Talk) -> Iterable[Outgoing]:
    """Which words of his, or what else shall he read; and what is for the team alone?"""
    request = request_of(talk)
    name = _person(talk, request).name
    options: tuple[tuple[str, Value], ...] = tuple(
        (str(note.id), shortened(note.words, LONGEST_TO_PICK)) for note in _his(talk, request)
    )
    picked = (Field("hers", t("split.hers", name=name), "choice", options=options, optional=True),) if options else ()
    read = Field(
        "words", t("split.words", name=name), "lines", hint=t("split.hint"), optional=True, longest=LONGEST
    )  # fmt: skip
    fields = (*sorting_fields(talk, request.area, Urgency.NORMAL), *picked, read, _inside("note", None))
    return form(talk, request, "split", (t("split.intro", name=name),), fields)


def _inside(field: str, initial: str | None) -> Field:
    """Slack keeps what was typed where a field keeps its name: on the second page it has another."""
    return Field(field, t("split.note"), "lines", initial=initial, optional=True, longest=LONGEST)


def preview(talk: Talk) -> Iterable[Outgoing]:
    """What he will read on his card, to be corrected; nothing has been made yet."""
    request = request_of(talk)
    person, words, note = _person(talk, request), _drafted(talk, request), said_in(talk, "note")
    if not words and not note:
        raise FormRefused(FormErrors({"words": t("form.words_missing")}))
    area, urgency = sorted_as(talk)
    intro = (
        t("reply.preview", name=person.name, language=t(f"language.{person.language}")),
        In(t("request.headline", number="…", area=t(f"area.{area}")), person.language),
        *((Said(words),) if words else ()),
    )
    fields = (
        Field("again", t("reply.again"), "lines", initial=words, optional=True, longest=LONGEST),
        _inside("inside", note),
    )
    return form_again(
        talk, request, "split", {"area": area.value, "urgency": urgency.value}, intro, fields, t("split.make")
    )  # fmt: skip


def _drafted(talk: Talk, request: Request) -> str:
    """His own words that were picked, then what was written for him. Raises FormRefused."""
    picked = next((note.words for note in _his(talk, request) if str(note.id) == said_in(talk, "hers")), "")
    words = "\n\n".join(part for part in (picked.strip(), said_in(talk, "words")) if part)
    if not fits(words):
        raise FormRefused(FormErrors({"words": t("canned.too_long", most=LONGEST)}))
    return words


def split(talk: Talk) -> Iterable[Outgoing]:
    """A request of its own, for the same customer: he has its card, the note is in its thread."""
    request = request_of(talk)
    area, urgency = Area(str(talk.args["area"])), Urgency(str(talk.args["urgency"]))
    channel = channel_for(talk.work, talk.company, home_of(talk.work, request), area, urgency)
    fresh = desk.split(talk.work, request, Wish(request.intent, area, urgency, said_in(talk, "again"), channel))
    write_down(talk.work, talk.company, fresh)
    notice(talk.work, talk.company, fresh)
    if inside := said_in(talk, "inside"):
        desk.note(talk.work, fresh, talk.staff.name, inside)
    return ()


PRESSES: dict[str, Handler] = {"team.split": ask}
FORMS: dict[str, Handler] = {"team.split.sent": preview, "team.split.go": split}
