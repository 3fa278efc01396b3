"""May whoever speaks do this? Said no to in private: who may, and whom to ask."""

from dataclasses import dataclass

from domain import standings
from domain.money import Money
from domain.rights import MANAGERS, TEAM, Roles, may, may_grant
from domain.standings import Kind
from domain.work import Refusal
from handlers.conversation import Talk
from locales.text import Listing, t

NAMED = 3  # people to ask


class TeamOnly(Refusal):
    """Only members of the team may do this here."""


class GuestsCannot(Refusal):
    """A guest of the workspace may look on, no more."""


class OtherWorkspace(Refusal):
    """Who comes from another workspace may look on, no more."""


@dataclass
class NotYourRole(Refusal):
    """This is for others of the team."""

    roles: Listing
    names: Listing


@dataclass
class NobodyHasTheRole(Refusal):
    """This is for others of the team, and there are none."""

    roles: Listing


@dataclass
class AboveYourLimit(Refusal):
    """So much takes a manager."""

    amount: Money
    names: Listing


def belongs_here(talk: Talk) -> None:
    """Whether he is of the team at this moment. Raises TeamOnly, GuestsCannot, OtherWorkspace."""
    if talk.teammate is not None:
        return
    raise {Kind.GUEST: GuestsCannot, Kind.STRANGER: OtherWorkspace}.get(talk.visitor, TeamOnly)


def allowed(talk: Talk, roles: Roles) -> None:
    """Whether one of his roles is among these. Raises NotYourRole, NobodyHasTheRole."""
    if may(talk.staff, roles):
        return
    names, needed = _who_may(talk, roles), _spoken(roles)
    if names.items:
        raise NotYourRole(needed, names)
    raise NobodyHasTheRole(needed)


def granted(talk: Talk, amount: Money) -> None:
    """Whether he may give that much away, or ask for it, on his own word. Raises AboveYourLimit, NobodyHasTheRole."""
    if may_grant(talk.staff, talk.company, amount):
        return
    if not (names := _who_may(talk, MANAGERS)).items:
        raise NobodyHasTheRole(_spoken(MANAGERS))
    raise AboveYourLimit(amount, names)


def _spoken(roles: Roles) -> Listing:
    return Listing(tuple(t(f"roles.{role}") for role in ORDER if role in roles))


def _who_may(talk: Talk, roles: Roles) -> Listing:
    """Some who may, by the file or by a user group."""
    found = dict.fromkeys(
        m.name for role in ORDER if role in roles for m in standings.holders(talk.work, talk.company, role)
    )
    return Listing(tuple(found)[:NAMED], "or")


ORDER = tuple(role for role in ("technician", "dispatcher", "manager") if role in TEAM)
