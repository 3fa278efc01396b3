"""What Slack says of people: who is in a user group, who is a guest, a bot, of another workspace. Kept here, because no
click waits for Slack; while it is away, what was last known holds."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Mapped, mapped_column

from domain.company import Company
from domain.record import Name, Table, choice, impersonal
from domain.team import Member, Role
from domain.work import Work


class Kind(StrEnum):
    """What somebody is in our workspace."""

    MEMBER = "member"
    GUEST = "guest"
    BOT = "bot"
    STRANGER = "stranger"  # of another workspace, met in a shared channel


class Standing(Table):
    """One person of whom there is something to know; of plain members in no group there is no row."""

    __tablename__ = "standings"

    user: Mapped[str] = mapped_column(Name, primary_key=True, info={"personal": True})
    kind: Mapped[Kind] = mapped_column(choice(Kind), default=Kind.MEMBER)
    groups: Mapped[list[Any]] = impersonal()  # ids of user groups that give a role
    seen_at: Mapped[datetime]


_one = select(Standing.kind, Standing.groups).where(Standing.user == bindparam("user"))


def of(work: Work, user: str) -> tuple[Kind, tuple[str, ...]]:
    """What is known of somebody, and the user groups he is in."""
    found = work.session.execute(_one, {"user": user}).one_or_none()
    return (found.kind, tuple(found.groups)) if found else (Kind.MEMBER, ())


def with_groups(company: Company, member: Member, groups: Iterable[str]) -> Member:
    """The teammate with the roles that his user groups give him, besides those of the company file."""
    inside = set(groups)
    more = tuple(role for role, group in company.desk.groups.items() if group in inside and role not in member.roles)
    return member.model_copy(update={"roles": (*member.roles, *more)}) if more else member


def holders(work: Work, company: Company, role: Role) -> list[Member]:
    """Who of the team has the role, by the file or by a user group."""
    group = company.desk.groups.get(role)
    if group is None:
        return [m for m in company.team if role in m.roles]
    listed = {m.slack for m in company.team}
    known = work.session.scalars(select(Standing).where(Standing.user.in_(listed), Standing.kind == Kind.MEMBER))
    inside = {standing.user for standing in known if group in standing.groups}
    return [m for m in company.team if role in m.roles or m.slack in inside]


def learn(work: Work, kinds: Mapping[str, Kind], groups: Mapping[str, Iterable[str]]) -> None:
    """All that Slack says now: who is no plain member, and who is in which group. What it says no more is forgotten."""
    inside: dict[str, list[str]] = {}
    for group, users in groups.items():
        for user in users:
            inside.setdefault(user, []).append(group)
    wanted = {user for user, kind in kinds.items() if kind is not Kind.MEMBER} | inside.keys()
    known = {standing.user: standing for standing in work.session.scalars(select(Standing))}
    for user in known.keys() - wanted:
        work.session.delete(known[user])
    for user in sorted(wanted):
        _set(work, known.get(user), user, kinds.get(user, Kind.MEMBER), sorted(inside.get(user, ())))


def _set(work: Work, standing: Standing | None, user: str, kind: Kind, groups: list[str]) -> None:
    if standing is None:
        work.session.add(Standing(user=user, kind=kind, groups=groups, seen_at=work.now))
    else:
        standing.kind, standing.groups, standing.seen_at = kind, groups, work.now


def group_changed(work: Work, company: Company, group: str, added: Iterable[str], removed: Iterable[str]) -> None:
    """Slack says who came into a user group and who left it; groups that give no role are none of our business."""
    if group not in company.desk.groups.values():
        return
    out = set(removed)
    for user in sorted({*added, *out}):
        standing = work.session.get(Standing, user)
        groups = {*(standing.groups if standing else ())} - {group}
        kind = standing.kind if standing else Kind.MEMBER
        _set(work, standing, user, kind, sorted(groups if user in out else {*groups, group}))
