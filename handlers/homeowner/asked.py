"""A question of the team's, with answers to press: one tap, or any words."""

from collections.abc import Iterable

from domain import desk
from domain.notes import Note
from handlers.cards.sent import as_read
from handlers.conversation import Handler, Talk
from handlers.homeowner.mine import mine
from handlers.messages import Outgoing
from locales.text import t


def answer(talk: Talk) -> Iterable[Outgoing]:
    """The answer goes to the thread; the question shows it, and has no buttons any more."""
    question = talk.work.session.get_one(Note, talk.number("note"))
    request = mine(talk, question.request_id)
    if desk.answered(talk.work, question, request, talk.number("answer"), talk.who.name) is None:
        talk.notice = t("question.answered")
    yield as_read(question, talk.me, request)


PRESSES: dict[str, Handler] = {"question.answer": answer}
