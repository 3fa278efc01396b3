"""Answers to what was asked by itself: on which card they stand, and that he has answered."""

from collections.abc import Collection

from sqlalchemy import select

from domain import prompting
from domain.prompts import Kind, Prompt, PromptState, Reply
from handlers.asking import about
from handlers.conversation import Talk
from handlers.inbound import Press
from handlers.pipes import card_at


def prompt_of(talk: Talk, kinds: Collection[Kind], subject: str) -> Prompt | None:
    """The question about something whose button was pressed, else the last one that was asked."""
    return next((prompt for prompt in prompts_of(talk, kinds) if prompt.subject == subject), None)


def prompts_of(talk: Talk, kinds: Collection[Kind]) -> list[Prompt]:
    """What he was asked of these kinds: the one whose button was pressed first, then the newest."""
    his = select(Prompt).where(Prompt.person_id == talk.who.id, Prompt.kind.in_(kinds))
    asked = his.where(Prompt.state == PromptState.ASKED).order_by(Prompt.asked_at.desc(), Prompt.id.desc())
    found = list(talk.work.session.scalars(asked))
    pressed = named(talk, _card(talk))
    return sorted(found, key=lambda prompt: prompt is not pressed)


def _card(talk: Talk) -> str | None:
    came = talk.inbound
    if not isinstance(came, Press) or came.message is None:
        return None
    return card_at(talk.work.session, came.place.chat, came.message)


def named(talk: Talk, card: str | None) -> Prompt | None:
    """The prompt that a card of his shows."""
    kind, _, number = (card or "").partition(":")
    found = talk.work.session.get(Prompt, int(number)) if kind == "prompt" else None
    return found if found is not None and found.person_id == talk.who.id else None


def answered(talk: Talk, prompt: Prompt | None) -> str | None:
    """He has answered it; the card that shows his answer."""
    if prompt is None:
        return None
    if prompt.reply is not Reply.YES:
        prompting.replied(talk.work, talk.company, prompting.held(talk.work, prompt.id), Reply.YES)
    return about(prompt)
