"""Making something good: taking it, writing, calling, and how it came out."""

from collections.abc import Iterable

from domain import commitments, desk, recoveries
from domain.commitments import Outcome
from domain.people import Person
from domain.recoveries import Recovery
from domain.requests import Request
from handlers.cards import recovery as cards
from handlers.cards.menu import first_name
from handlers.cards.request import who_is
from handlers.conversation import Handler, Talk
from handlers.messages import Field, Form, Outgoing
from handlers.team.relay import reply_form
from handlers.team.requests import TakenAlready, words_of
from locales.text import In, t

LONGEST = 1000  # characters


def _meant(talk: Talk) -> Recovery:
    """The one that a button or form names."""
    return recoveries.held(talk.work, talk.number("recovery"))


def take(talk: Talk) -> Iterable[Outgoing]:
    """I see to it. Who did not see that somebody has it is told who."""
    one = _meant(talk)
    if one.running and one.owner not in (None, talk.staff.key, talk.args.get("was")):
        raise TakenAlready(who_is(talk.company, one.owner or ""))
    recoveries.take(talk.work, one, talk.staff.key)
    return ()


def write(talk: Talk) -> Iterable[Outgoing]:
    """The form of a reply, with our apology in his language: to be made one's own."""
    one = _meant(talk)
    person = talk.work.session.get_one(Person, one.person_id)
    request = talk.work.session.get_one(Request, one.request_id)
    sorry = t("recovery.apology", name=first_name(person.name), teammate=talk.staff.name, company=talk.company.name)
    return reply_form(talk, request, In(sorry, person.language) if one.running else None)


def ask_called(talk: Talk) -> Iterable[Outgoing]:
    """What was said?"""
    return _form(talk, "called")


def called(talk: Talk) -> Iterable[Outgoing]:
    """It is kept with the request; the call that was promised is made."""
    one, words = _meant(talk), words_of(talk)
    desk.note(talk.work, talk.work.session.get_one(Request, one.request_id), talk.staff.name, words)
    call = commitments.of_source(talk.work, cards.about(one))
    if call is not None and call.outcome is Outcome.OPEN:
        commitments.keep(talk.work, call, talk.staff.key)
    recoveries.contacted(talk.work, one, talk.staff.key)
    return ()


def ask_good(talk: Talk) -> Iterable[Outgoing]:
    """How was it made good?"""
    return _form(talk, "good")


def good(talk: Talk) -> Iterable[Outgoing]:
    """From tomorrow on he is asked whether it is."""
    recoveries.made_good(talk.work, _meant(talk), words_of(talk), talk.staff.key)
    return ()


def ask_not(talk: Talk) -> Iterable[Outgoing]:
    """Why can it not be made good?"""
    return _form(talk, "not")


def could_not(talk: Talk) -> Iterable[Outgoing]:
    """It is written down as it is."""
    recoveries.could_not(talk.work, _meant(talk), words_of(talk), talk.staff.key)
    return ()


def _form(talk: Talk, kind: str) -> Iterable[Outgoing]:
    """One question about one recovery. Raises RecoveryOver."""
    came, one = talk.came, _meant(talk)
    if not one.running:
        raise recoveries.RecoveryOver
    if came.trigger is None:
        return
    yield Form(
        trigger=came.trigger,
        user=came.sender.user,
        act=f"recovery.{kind}.sent",
        args={"recovery": one.id},
        title=t(f"making_good.title.{kind}"),
        intro=(t(f"making_good.intro.{kind}"), *cards.said(talk.work, one)),
        fields=(Field("words", t(f"making_good.words.{kind}"), "lines", longest=LONGEST),),
        submit=t(f"making_good.submit.{kind}"),
    )


PRESSES: dict[str, Handler] = {
    "recovery.take": take,
    "recovery.write": write,
    "recovery.called": ask_called,
    "recovery.good": ask_good,
    "recovery.not": ask_not,
}
FORMS: dict[str, Handler] = {
    "recovery.called.sent": called,
    "recovery.good.sent": good,
    "recovery.not.sent": could_not,
}
