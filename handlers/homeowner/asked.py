"""A question of the team's, with answers to press: one tap, or any words."""

from collections.abc import Iterable

from domain import bookings, desk, desk_events
from domain.appointments import Booking, BookingState, HoldGone
from domain.notes import Note
from handlers.cards.sent import as_read
from handlers.conversation import Handler, Talk, standing
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


def decline(talk: Talk) -> Iterable[Outgoing]:
    """Not the time that the team chose: it is free again, and somebody looks for another one."""
    booking = talk.work.session.get_one(Booking, talk.number("booking"))
    request = mine(talk, booking.request_id)
    if booking.state is not BookingState.HELD:
        raise HoldGone
    bookings.release_holds_of(talk.work, request)
    talk.work.happened(desk_events.TimeDeclined(request.id, booking.id))
    buttons = ((standing("request.book", "solve.ways", request=request.id), standing("menu.human", "human.ask")),)
    yield talk.say(t("book.declined.told"), buttons=buttons)


PRESSES: dict[str, Handler] = {"question.answer": answer, "offered.decline": decline}
