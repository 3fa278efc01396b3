"""What is one's own: the requests somebody may speak about, and the prices he may agree to."""

from domain.homes import Home, Member, Role, homes_of
from domain.money import Money
from domain.requests import Request
from domain.work import Refusal
from handlers.conversation import Talk


class NotYourRequest(Refusal):
    """A button shown to somebody else, or a home one has left."""


def mine(talk: Talk, request: int) -> Request:
    """A request of whoever speaks. Raises NotYourRequest."""
    found = talk.work.session.get(Request, request)
    if found is None or found.person_id != talk.who.id:
        raise NotYourRequest
    return found


def place_of(talk: Talk, home: int | None) -> tuple[Home, Member] | None:
    """That home of his; the one he speaks about where none is meant, or it is not his."""
    his = homes_of(talk.work, talk.who) if home is not None else []
    return next(((where, member) for where, member in his if where.id == home), talk.home())


def may_spend(talk: Talk, price: Money, home: int | None = None) -> bool:
    """Whether he may agree to that price himself: the owner to any, the others up to their limit."""
    place = place_of(talk, home)
    if place is None or not price:
        return place is not None
    if place[1].role is Role.OWNER:
        return True
    limit = place[1].spending_limit
    return limit is None or price.minor <= limit
