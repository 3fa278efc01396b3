"""Where in a thread somebody did something: in which request's, and on which message."""

from domain.requests import Request
from handlers.conversation import Talk


def source_of(talk: Talk) -> str:
    """The message, as the record names it."""
    came = talk.came
    return f"slack:{came.place.chat}:{came.message}"


def request_there(talk: Talk) -> Request | None:
    """The request whose thread this is."""
    kind, _, number = (talk.about or "").partition(":")
    return talk.work.session.get(Request, int(number)) if kind == "request" and number.isdecimal() else None
