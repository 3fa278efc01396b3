"""Feeds: a technician's calendar under a secret address. Whoever has the address may read it, until it is revoked."""

import hashlib
import secrets
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Mapped, mapped_column

from domain.record import Short, Table, impersonal
from domain.requests import Happening
from domain.work import Work

BEHIND, AHEAD = timedelta(days=7), timedelta(days=60)
CHANGES = (
    *("Booked", "BookingCancelled", "BookingMoved", "TechnicianSwapped", "WorkDone"),
    *("CalendarEntered", "CalendarTakenBack"),
)


class Feed(Table):
    """One secret address: only the hash of its token is kept."""

    __tablename__ = "feeds"

    id: Mapped[int] = mapped_column(primary_key=True)
    technician: Mapped[str] = impersonal(Short, index=True)
    token_hash: Mapped[str] = impersonal(Short, unique=True)
    made_by: Mapped[str] = impersonal(Short)
    made_at: Mapped[datetime]
    revoked_by: Mapped[str | None] = impersonal(Short)
    revoked_at: Mapped[datetime | None]


def make(work: Work, technician: str, by: str) -> str:
    """A new address for somebody: its token, the only time it is seen. The one he had works no more."""
    revoke(work, technician, by)
    token = secrets.token_urlsafe(32)
    work.session.add(Feed(technician=technician, token_hash=_hashed(token), made_by=by, made_at=work.now))
    work.session.flush()
    return token


def revoke(work: Work, technician: str, by: str) -> bool:
    """His address works no more; whether there was one."""
    standing = select(Feed).where(Feed.technician == technician, Feed.revoked_at.is_(None))
    found = work.session.scalars(standing).all()
    for feed in found:
        feed.revoked_by, feed.revoked_at = by, work.now
    return bool(found)


def has_one(work: Work, technician: str) -> bool:
    """Whether he has an address that works."""
    standing = select(Feed.id).where(Feed.technician == technician, Feed.revoked_at.is_(None))
    return work.session.scalars(standing).first() is not None


def whose(work: Work, token: str) -> str | None:
    """Whose calendar stands under a token: unknown and revoked ones are the same, nobody's."""
    standing = select(Feed.technician).where(Feed.token_hash == _hashed(token), Feed.revoked_at.is_(None))
    return work.session.scalar(standing)


def changed_at(work: Work) -> datetime | None:
    """When anything last changed that a calendar may show."""
    return work.session.scalar(select(func.max(Happening.at)).where(Happening.name.in_(CHANGES)))


def _hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
