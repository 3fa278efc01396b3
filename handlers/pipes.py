"""What conversations keep between two messages: where one stands, which buttons were shown, which cards hang where."""

import secrets
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import String, UniqueConstraint, bindparam, cast, insert, literal, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain.prepared import Prepared
from domain.record import Name, Short, Table, impersonal, personal
from domain.requests import UNFINISHED, Request
from handlers.messages import Button, Plain


class Draft(Table):
    """Where a conversation stands: the step, what was said so far, and the turn its buttons carry."""

    __tablename__ = "drafts"

    conversation: Mapped[str] = mapped_column(Name, primary_key=True, info={"personal": True})
    step: Mapped[str | None] = impersonal(Short)
    said: Mapped[dict[str, Any]] = personal()
    turn: Mapped[int] = mapped_column(default=0)
    since: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class Keyboard(Table):
    """The buttons of one message: opaque to the network, bound to the place they were sent to."""

    __tablename__ = "keyboards"

    id: Mapped[str] = mapped_column(Short, primary_key=True, info={"personal": False})
    place: Mapped[str] = personal(Name)
    turn: Mapped[int | None]  # the question they belong to; none: they stand for ever
    acts: Mapped[list[Any]] = impersonal()
    made_at: Mapped[datetime] = mapped_column(index=True)


class Card(Table):
    """A message of ours that hangs somewhere and is edited in place."""

    __tablename__ = "cards"
    __table_args__ = (UniqueConstraint("target", "remote"),)

    target: Mapped[str] = mapped_column(Name, primary_key=True, info={"personal": True})
    about: Mapped[str] = mapped_column(Name, primary_key=True, info={"personal": False})
    remote: Mapped[str] = impersonal(Name)


class Pressed(msgspec.Struct, frozen=True):
    """What a button turned out to mean."""

    act: str
    args: dict[str, Plain]
    turn: int | None


# What nearly every message needs is built once, and goes past the unit of work.
_boards, _cards = Keyboard.__table__.c, Card.__table__.c
_board = Prepared(insert(Keyboard).values({column: bindparam(column.key) for column in _boards}))
_shown = Prepared(
    select(_boards.acts, _boards.turn).where(_boards.id == bindparam("token"), _boards.place == bindparam("place"))
)
_card_at = Prepared(select(_cards.about).where(_cards.target == bindparam("to"), _cards.remote == bindparam("there")))
_remote_of = Prepared(select(_cards.remote).where(_cards.target == bindparam("to"), _cards.about == bindparam("what")))


def make_keyboard(session: Session, place: str, turn: int | None, buttons: list[Button], now: datetime) -> str:
    """Write the buttons of a message down and return the token they carry."""
    token = secrets.token_urlsafe(12)
    acts = [{"act": b.act, "args": b.args, "standing": b.standing} for b in buttons]
    _board.done(session, id=token, place=place, turn=turn, acts=acts, made_at=now)
    return token


def pressed(session: Session, place: str, token: str) -> Pressed | None:
    """What a press means: nothing when the button is unknown, or was shown somewhere else."""
    name, _, number = token.rpartition(".")
    acts, turn = _shown.first(session, token=name, place=place) or ((), None)
    if not number.isdecimal() or int(number) >= len(acts):
        return None
    button = acts[int(number)]
    return Pressed(button["act"], button["args"], None if button["standing"] else turn)


def card_at(session: Session, target: str, remote: str) -> str | None:
    """What the card is about that hangs at this place."""
    session.flush()
    found = _card_at.first(session, to=target, there=remote)
    return found[0] if found else None


def open_threads(session: Session, most: int) -> list[tuple[str, str]]:
    """Channel and head of the threads whose request is not finished, the newest requests first."""
    hangs = (Card.target == Request.channel) & (Card.about == literal("request:").concat(cast(Request.id, String)))
    found = select(Card.target, Card.remote).join(Request, hangs).where(Request.state.in_(UNFINISHED))
    return [(row.target, row.remote) for row in session.execute(found.order_by(Request.id.desc()).limit(most))]


def remote_of(session: Session, target: str, about: str) -> str | None:
    """Where the card about this hangs."""
    session.flush()
    found = _remote_of.first(session, to=target, what=about)
    return found[0] if found else None
