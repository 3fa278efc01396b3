"""The reception: who is this, where does he stand, and what is always said around an answer."""

import traceback
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.exc import DBAPIError, IntegrityError, ProgrammingError
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from domain import standings
from domain.company import Company
from domain.people import by_telegram, meet
from domain.prepared import Nouns
from domain.standings import Kind
from domain.team import Member
from domain.work import Work
from handlers.conversation import Step, Talk, standing
from handlers.inbound import Checkout, Edited, FromPerson, Inbound, Media, Press, Sender, Typed
from handlers.messages import Answer, Channel, CheckoutAnswer, Delete, Fact, Homeowner, Message, Outgoing
from handlers.pipes import Draft, card_at
from locales.text import t


def welcome(work: Work, company: Company, inbound: Inbound, conversation: str, steps: Mapping[str, Step]) -> Talk:
    """Open the talk an inbound belongs to."""
    talk = Talk(work, company, inbound, Draft(conversation=conversation, said={}, turn=0), steps)
    if not isinstance(inbound, FromPerson):
        return talk
    if inbound.sender.network == "slack":
        talk.visitor, talk.teammate = _of_the_team(work, company, inbound.sender)
        work.actor = talk.teammate.key if talk.teammate else f"slack:{inbound.sender.user}"
        thread = inbound.place.thread or inbound.message
        talk.about = card_at(work.session, inbound.place.chat, thread) if thread else None
        return talk
    if inbound.place.kind == "private":
        talk.person = meet(work, inbound.sender.user, inbound.sender.name, language(company, inbound.sender))
        work.actor = f"person:{talk.person.id}"
        talk.draft = _draft(work.session, conversation)
        if isinstance(inbound, Typed | Media) and inbound.reply_to:
            talk.about = card_at(work.session, inbound.place.chat, inbound.reply_to)
    return talk


def _of_the_team(work: Work, company: Company, sender: Sender) -> tuple[Kind, Member | None]:
    """Who he is at this moment: guests, bots and people of other workspaces are nobody, even if the file names them."""
    kind, groups = standings.of(work, sender.user)
    if sender.foreign:
        kind = Kind.STRANGER
    listed = company.teammate(sender.user)
    if listed is None or kind is not Kind.MEMBER:
        return kind, None
    return kind, standings.with_groups(company, listed, groups)


def language(company: Company, sender: Sender) -> str:
    """The language to meet a stranger in: his app's, if we speak it."""
    wanted = (sender.language or "")[:2]
    return wanted if wanted in company.languages else company.languages[0]


_standing = Nouns(select(Draft).where(Draft.conversation == bindparam("of")), Draft)


def _draft(session: Session, conversation: str) -> Draft:
    draft: Draft | None = _standing.first(session, of=conversation)
    if draft is None:
        draft = Draft(conversation=conversation, step=None, said={}, turn=0)
        session.add(draft)
        session.flush()
    return draft


def ends(talk: Talk) -> Iterable[Outgoing]:
    """What goes with every answer: the press is ended, and a secret is taken out of the chat."""
    inbound = talk.inbound
    if isinstance(inbound, Press) and inbound.query and talk.person is not None:
        yield Answer(query=inbound.query, chat=inbound.place.chat, notice=talk.notice, language=talk.person.language)
    if isinstance(inbound, Typed | Media | Edited) and inbound.masked and talk.person is not None:
        if inbound.message:
            yield Delete(to=talk.me, remote=inbound.message)
        yield talk.say(t("secret.removed"))


def may_heal(fault: Exception) -> bool:
    """Whether waiting can help: the database was away, or two people raced."""
    if isinstance(fault, IntegrityError | ProgrammingError):
        return False
    return isinstance(fault, DBAPIError | StaleDataError | OSError | TimeoutError)


def apologise(
    session: Session, company: Company, read: Callable[[dict[str, Any]], Inbound], row: Any, fault: Exception
) -> Iterable[Outgoing]:
    """It is our fault: tell the person, with a number to quote and a human to turn to; tell the team."""
    inbound = read(row.payload)
    number = str(row.id)
    if isinstance(inbound, Checkout):
        speaks = language(company, inbound.sender)
        yield CheckoutAnswer(query=inbound.query, words=t("pay.not_now"), language=speaks)
    if isinstance(inbound, FromPerson) and inbound.sender.network == "telegram" and inbound.place.kind == "private":
        known = by_telegram(Work(session, row.received_at), inbound.sender.user)
        speaks = known.language if known is not None else language(company, inbound.sender)
        me = Homeowner(inbound.place.chat, known.id if known is not None else None, speaks)
        if isinstance(inbound, Press) and inbound.query:
            yield Answer(query=inbound.query, chat=inbound.place.chat, language=speaks)
        yield Message(
            to=me,
            body=(t("fault.ours", number=number),),
            buttons=((standing("menu.human", "human.ask"),),),
        )
    yield Message(
        to=Channel(company.channels.trouble or company.channels.requests),
        title=t("trouble.inbound.title", number=number),
        body=(t("trouble.inbound.body"),),
        facts=(Fact(t("trouble.what"), type(inbound).__name__), Fact(t("trouble.why"), type(fault).__name__)),
        buttons=((standing("trouble.retry", "trouble.retry", inbox=row.id),),),
    )


def where(fault: BaseException) -> str:
    """What went wrong and where, without the words of the fault: they may be somebody's own."""
    frames = traceback.extract_tb(fault.__traceback__)
    place = f" at {frames[-1].filename.rpartition('/')[2]}:{frames[-1].lineno}" if frames else ""
    return f"{type(fault).__name__}{place}"
