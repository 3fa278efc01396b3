"""Whom we cannot write to is called: what he was to read stands in the thread, until somebody has told him."""

from collections.abc import Iterable
from typing import Any

import msgspec

from domain import phone_tasks
from domain.people import Person
from domain.phone_tasks import PhoneTask
from domain.requests import Request
from handlers.cards.agenda import shortened
from handlers.cards.queue import NAME
from handlers.cards.request import headline, thread, who_is
from handlers.conversation import Handler, Talk, standing
from handlers.messages import Fact, Homeowner, Message, Outgoing, Part, Row, Said, Section
from locales.text import In, Moment, Value, t


class Unsaid(msgspec.Struct, frozen=True):
    """What he was to read; files and buttons aside."""

    title: Value | None = None
    body: tuple[Part, ...] = ()
    facts: tuple[Fact, ...] = ()


def unsaid(message: Message) -> dict[str, Any]:
    """What stands in a message, to be kept."""
    kept: dict[str, Any] = msgspec.to_builtins(Unsaid(message.title, message.body, message.facts))
    return kept


def instead(talk: Talk, said: Iterable[Outgoing]) -> Iterable[Outgoing]:
    """What goes to somebody who cannot be reached: what we owe him becomes a phone task, the rest is not said."""
    for one in said:
        if not isinstance(one, Message) or not isinstance(one.to, Homeowner) or _reachable(talk, one.to):
            yield one
        elif one.owed is not None:
            yield call(talk, one.owed, unsaid(one))


def _reachable(talk: Talk, to: Homeowner) -> bool:
    """What is said to somebody nobody has linked yet, in his own chat, arrives."""
    person = talk.work.session.get(Person, to.person) if to.person is not None else None
    return bool(to.chat) and (person is None or person.presence.reachable or person.telegram != to.chat)


def call(talk: Talk, number: int, words: dict[str, Any]) -> Message:
    """Somebody is to call whoever asked for the request, and say this."""
    request = talk.work.session.get_one(Request, number)
    return shown(talk, phone_tasks.owe(talk.work, request, words), request)


def shown(talk: Talk, task: PhoneTask, request: Request) -> Message:
    """A phone task in the thread, as it stands."""
    person = talk.work.session.get_one(Person, request.person_id)
    words = msgspec.convert(task.words, Unsaid)
    done = task.done_at is not None
    footer = None
    if task.done_at is not None:
        when = Moment(task.done_at, talk.company.time_zone, "short")
        footer = t("phone.told", name=who_is(talk.company, task.done_by or ""), when=when)
    return Message(
        to=thread(request),
        title=t("phone.title", name=person.name, phone=person.phone or "–"),
        body=(t("phone.say"), *words.body),
        facts=words.facts,
        footer=footer,
        buttons=() if done else ((standing("phone.done", "phone.done", task=task.id),),),
        about=f"phone:{task.id}",
        alert=not done and request.assignee is None,
    )


def done(talk: Talk) -> Iterable[Outgoing]:
    """He has been told."""
    task = talk.work.session.get_one(PhoneTask, talk.number("task"))
    phone_tasks.told(talk.work, task, talk.staff.key)
    yield shown(talk, task, talk.work.session.get_one(Request, task.request_id))


def rows(talk: Talk, most: int) -> tuple[Section, ...]:
    """Whom a teammate has to call, for the app's home."""
    everybody = bool({"dispatcher", "manager"} & set(talk.staff.roles))
    found = phone_tasks.waiting(talk.work, of=talk.staff.key, everybody=everybody)
    if not found:
        return ()
    lines = tuple(_row(task, request, person) for task, request, person in found[:most])
    more = t("page.more", len(found) - most) if len(found) > most else None
    return (Section(title=t("home.calls"), rows=lines, footer=more),)


def _row(task: PhoneTask, request: Request, person: Person) -> Row:
    words = msgspec.convert(task.words, Unsaid)
    value: Value = headline(request)
    if words.body:
        first = words.body[0]
        said = shortened(first.words) if isinstance(first, Said) else first.text if isinstance(first, In) else first
        value = t("page.two", first=value, second=said)
    who = t("page.two", first=shortened(person.name, NAME), second=person.phone or "–")
    buttons = (standing("phone.done", "phone.done", task=task.id), standing("team.reply", "team.reply",
                                                                           request=request.id))  # fmt: skip
    return Row(who, value, buttons)


PRESSES: dict[str, Handler] = {"phone.done": done}
