"""What is one's own: the requests somebody may speak about, and the prices he may agree to."""

from domain.homes import Role
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


def may_spend(talk: Talk, price: Money) -> bool:
    """Whether he may agree to that price himself: the owner to any, the others up to their limit."""
    place = talk.home()
    if place is None or not price:
        return place is not None
    if place[1].role is Role.OWNER:
        return True
    limit = place[1].spending_limit
    return limit is None or price.minor <= limit
