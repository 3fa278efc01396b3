"""Claiming: which rows of the outbox a process takes into its hands, and how it holds on to them."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from bot.addresses import FAST
from bot.clock import real
from bot.outbox import LEASE, STANDING, Parcel, outbox, parcel

SWEEPER = 4711  # the number of PostgreSQL's advisory lock
_one_sweeper = select(func.pg_try_advisory_xact_lock(SWEEPER))


def renew(session: Session, owner: str) -> None:
    """Hold on to what is in our hands, when half of its lease is over."""
    mine = select(outbox.c.id).where(outbox.c.owner == owner, STANDING, outbox.c.lease_until < real() + LEASE / 2)
    # In one order, and past what is being marked at this moment: two who hold rows of each other's would wait for ever.
    held = mine.order_by(outbox.c.id).with_for_update(skip_locked=True)
    session.execute(update(outbox).where(outbox.c.id.in_(held)).values(lease_until=real() + LEASE))


def sweep(session: Session, owner: str, room: Mapping[str, int] | None, limit: int = 500) -> tuple[list[Parcel], bool]:
    """Claim what nobody holds any more: what somebody waits for first, and then the oldest.

    Of a network no more than there is `room` for: the rest is left to whoever can send it sooner, and it is said that
    there is more. Without any `room` (the only process, at its start) all is claimed. A target of which another process
    still holds a row is left to that process: its order must not break. For the same reason whatever stands in a chat
    before something urgent is as urgent.
    """
    loose = or_(outbox.c.lease_until.is_(None), outbox.c.lease_until < real())
    held = select(outbox.c.target).where(STANDING, ~loose, outbox.c.owner != owner)
    soonest = func.min(outbox.c.rank).over(partition_by=outbox.c.target)
    wanted = select(outbox.c.id, outbox.c.owner, outbox.c.network, outbox.c.target).where(STANDING)
    wanted = wanted.order_by(soonest, outbox.c.id).limit(limit)
    if room is not None:
        wanted = wanted.where(loose, outbox.c.target.not_in(held))
    if session.get_bind().dialect.name == "postgresql" and not session.scalar(_one_sweeper):
        return [], False  # two at once could share a target's rows between them
    full = [network for network, left in (room or {}).items() if not left]
    found = session.execute(wanted.where(outbox.c.network.not_in(full) | outbox.c.target.startswith(FAST))).all()
    before = {row.id: row.owner for row in _within(found, room or {})}
    more = bool(full) or len(before) < len(found)
    if not before:
        return [], more
    claim = update(outbox).where(outbox.c.id.in_(before)).values(owner=owner, lease_until=real() + LEASE)
    rows = sorted(session.execute(claim.returning(outbox)).mappings(), key=lambda row: row["id"])
    # What nobody ever held cannot have left; what somebody held may have.
    return [parcel(session, dict(row), suspect=before[row["id"]] is not None) for row in rows], more


def _within(found: Iterable[Any], room: Mapping[str, int]) -> Iterator[Any]:
    """So many of each network as there is room for; answers to presses need none."""
    left = dict(room)
    for row in found:
        if row.network not in left or row.target.startswith(FAST):
            yield row
        elif left[row.network]:
            left[row.network] -= 1
            yield row
