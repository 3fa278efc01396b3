"""Homes and people: who is let in, how, and what nobody can find out by trying."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from domain import people
from domain.homes import (
    INVITATION_LIFE,
    AccountTaken,
    Invitation,
    InvitationNotGood,
    Member,
    Role,
    claim_contact,
    devices_of,
    enter,
    homes_of,
    invite,
    link,
    members_of,
    suggest,
)
from domain.people import ContactClaim, Person, Presence
from domain.work import Refusal, Work
from tests.domain.ground import home, person, refusal_of


def test_an_invitation_lets_in_once_and_only_its_hash_is_kept(work: Work) -> None:
    marta = person(work)
    casa = home(work, owner=marta)
    token = invite(work, casa, marta)
    visitor = people.meet(work, "700", "M", "en")
    assert enter(work, token, visitor) is marta
    assert (marta.telegram, marta.presence, visitor.telegram) == ("700", Presence.ACTIVE, None)
    assert [type(e).__name__ for e in work.events] == ["PersonLinked"]
    kept = work.session.scalars(select(Invitation)).one()
    assert token not in kept.token_hash
    assert (kept.used_at, kept.created_by) == (work.now, "test")


def used(work: Work) -> str:
    marta = person(work)
    token = invite(work, home(work, owner=marta), marta)
    enter(work, token, people.meet(work, "1", "M", "it"))
    return token


def expired(work: Work) -> str:
    marta = person(work)
    token = invite(work, home(work, owner=marta), marta)
    work.now += INVITATION_LIFE
    return token


def unknown(_work: Work) -> str:
    return "no-such-token"


@pytest.mark.parametrize("way", [used, expired, unknown])
def test_used_expired_and_unknown_are_answered_alike(work: Work, way: Callable[[Work], str]) -> None:
    token = way(work)
    visitor = people.meet(work, "999", "Somebody", "en")
    with pytest.raises(Refusal) as no:
        enter(work, token, visitor)
    assert (type(no.value), vars(no.value), no.value.args) == (InvitationNotGood, {}, ())
    assert visitor.telegram == "999"


def test_a_moment_before_the_end_it_is_still_good(work: Work) -> None:
    token = expired(work)
    work.now -= timedelta(seconds=1)
    assert enter(work, token, people.meet(work, "1", "M", "it")).name == "Marta"


def test_an_account_of_one_customer_is_not_given_to_another(work: Work) -> None:
    marta, luigi = person(work, telegram="1"), person(work, "Luigi")
    home(work, "H1", marta)
    casa = home(work, "H2", luigi)
    token = invite(work, casa, luigi)
    with pytest.raises(AccountTaken):
        enter(work, token, marta)
    assert (marta.telegram, luigi.telegram) == ("1", None)


def test_a_customer_with_another_account_keeps_it(work: Work) -> None:
    marta = person(work, telegram="1")
    casa = home(work, owner=marta)
    visitor = people.meet(work, "2", "M", "en")
    assert refusal_of(lambda: link(work, visitor, marta, casa.id)) == "AccountTaken"
    assert (marta.telegram, visitor.telegram) == ("1", "2")


def test_the_language_a_stranger_chose_is_kept_unless_the_customer_has_chosen(work: Work) -> None:
    for customers, chosen, spoken in ((False, True, "fr"), (True, True, "it"), (False, False, "it")):
        marta = person(work)
        casa = home(work, f"H{marta.id}", marta)
        marta.language_chosen = customers
        visitor = people.meet(work, f"t{marta.id}", "M", "en")
        if chosen:
            people.speak(visitor, "fr")
        link(work, visitor, marta, casa.id)
        assert marta.language == spoken


def test_the_same_person_is_met_once(work: Work) -> None:
    first = people.meet(work, "1", "Sam", "en")
    again = people.meet(work, "1", "Samuel", "fr")
    assert first is again
    assert (first.name, first.language, first.presence) == ("Sam", "en", Presence.ACTIVE)
    assert work.session.scalar(select(func.count()).select_from(Person)) == 1


@pytest.mark.parametrize(
    ("presence", "reachable"),
    [(Presence.UNLINKED, False), (Presence.ACTIVE, True), (Presence.BLOCKED, False), (Presence.ERASED, False)],
)
def test_only_who_is_there_can_be_reached(presence: Presence, reachable: bool) -> None:
    assert presence.reachable is reachable


def test_who_moved_out_is_no_member_any_more(work: Work) -> None:
    marta, tenant = person(work), person(work, "Tom")
    casa, chalet = home(work, "H1", marta), home(work, "H2", marta)
    left = Member(home_id=casa.id, person_id=tenant.id, role=Role.TENANT)
    work.session.add(left)
    assert {p.name for p in members_of(work, casa.id)} == {"Marta", "Tom"}
    assert [h.ref for h, _ in homes_of(work, marta)] == [casa.ref, chalet.ref]
    left.ended_at = work.now
    work.session.flush()
    assert [p.name for p in members_of(work, casa.id)] == ["Marta"]
    assert homes_of(work, tenant) == []
    assert devices_of(work, casa.id) == []


def test_a_shared_number_suggests_its_customer_and_is_written_down_once(work: Work) -> None:
    marta = person(work, phone="+393331234567")
    home(work, owner=marta)
    person(work, "No home", phone="+393330000000")
    visitor = people.meet(work, "1", "M", "it")
    claim = claim_contact(work, visitor, "+393331234567")
    assert (claim.suggested_id, claim.state) == (marta.id, people.ClaimState.WAITING)
    assert claim_contact(work, visitor, "+393331234567") is claim
    assert claim_contact(work, visitor, "+393330000000").suggested_id is None
    assert suggest(work, "+390000000000") is None
    assert work.session.scalar(select(func.count()).select_from(ContactClaim)) == 2
