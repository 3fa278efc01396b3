"""What conversations keep between two messages: where one stands, which buttons were shown, which cards hang where."""

import secrets
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import UniqueConstraint, bindparam, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from domain.record import Name, Short, Table, impersonal, personal
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
_board = insert(Keyboard.__table__)  # type: ignore[arg-type]
_shown = select(Keyboard.acts, Keyboard.turn).where(
    Keyboard.id == bindparam("token"), Keyboard.place == bindparam("place")
)
_card_at = select(Card.about).where(Card.target == bindparam("to"), Card.remote == bindparam("there"))
_remote_of = select(Card.remote).where(Card.target == bindparam("to"), Card.about == bindparam("what"))


def make_keyboard(session: Session, place: str, turn: int | None, buttons: list[Button], now: datetime) -> str:
    """Write the buttons of a message down and return the token they carry."""
    token = secrets.token_urlsafe(12)
    acts = [{"act": b.act, "args": b.args, "standing": b.standing} for b in buttons]
    session.execute(_board, {"id": token, "place": place, "turn": turn, "acts": acts, "made_at": now})
    return token


def pressed(session: Session, place: str, token: str) -> Pressed | None:
    """What a press means: nothing when the button is unknown, or was shown somewhere else."""
    name, _, number = token.rpartition(".")
    board = session.execute(_shown, {"token": name, "place": place}).one_or_none()
    if board is None or not number.isdecimal() or int(number) >= len(board.acts):
        return None
    button = board.acts[int(number)]
    return Pressed(button["act"], button["args"], None if button["standing"] else board.turn)


def card_at(session: Session, target: str, remote: str) -> str | None:
    """What the card is about that hangs at this place."""
    return session.scalar(_card_at, {"to": target, "there": remote})


def remote_of(session: Session, target: str, about: str) -> str | None:
    """Where the card about this hangs."""
    return session.scalar(_remote_of, {"to": target, "what": about})
