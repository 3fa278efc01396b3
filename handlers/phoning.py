"""Whom we cannot write to is called: what he was to read stands in the thread, until somebody has told him."""

from collections.abc import Iterable
from typing import Any, Literal

import msgspec

from domain import phone_tasks
from domain.people import Person
from domain.phone_tasks import PhoneTask
from domain.requests import Request
from handlers.cards.agenda import shortened
from handlers.cards.queue import NAME
from handlers.cards.request import headline, thread, who_is
from handlers.conversation import Handler, Talk, standing
from handlers.messages import Button, Fact, Homeowner, Message, Outgoing, Part, Row, Said, Section
from locales.text import In, Moment, Value, t

ASKS = ("offered:", "quote:")  # what a message is about that wants a yes or a no: a time that is kept, a price


class Unsaid(msgspec.Struct, frozen=True, omit_defaults=True):
    """What he was to read; files and buttons aside."""

    title: Value | None = None
    body: tuple[Part, ...] = ()
    facts: tuple[Fact, ...] = ()
    asks: str | None = None  # what he is to say yes or no to
    answer: Literal["yes", "no"] | None = None  # what he said


def unsaid(message: Message) -> dict[str, Any]:
    """What stands in a message, to be kept."""
    asks = message.about if (message.about or "").startswith(ASKS) else None
    kept: dict[str, Any] = msgspec.to_builtins(Unsaid(message.title, message.body, message.facts, asks))
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
        said = f"phone.{words.answer}.told" if words.answer else "phone.told"
        footer = t(said, name=who_is(talk.company, task.done_by or ""), when=when)
    return Message(
        to=thread(request),
        title=t("phone.title", name=person.name, phone=person.phone or "–"),
        body=(t("phone.say"), *words.body),
        facts=words.facts,
        footer=footer,
        buttons=() if done else (_buttons(task, words),),
        about=f"phone:{task.id}",
        alert=not done and request.assignee is None,
    )


def _buttons(task: PhoneTask, words: Unsaid) -> tuple[Button, ...]:
    """What he said, where he is asked something; else, or without an answer: that he knows."""
    said = (
        Button(t("phone.yes"), "phone.yes", {"task": task.id}, "primary", standing=True),
        standing("phone.no", "phone.no", task=task.id),
    )
    return (*(said if words.asks else ()), standing("phone.done", "phone.done", task=task.id))


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
    buttons = (*_buttons(task, words), standing("team.reply", "team.reply", request=request.id))
    return Row(who, value, buttons)


PRESSES: dict[str, Handler] = {"phone.done": done}
