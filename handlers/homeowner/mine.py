"""What is one's own: a request that somebody may speak about."""

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
