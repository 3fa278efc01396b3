"""A link for friends: one for each, whoever comes by it counts once, and the sender is thanked once."""

from datetime import date

from domain import homes, referrals
from domain.satisfaction_events import ReferralCame, ReferralSigned
from domain.work import Work
from tests.domain.ground import contract, home, person


def test_everybody_has_one_link_and_it_stays_the_same(work: Work) -> None:
    marta, luigi = person(work, "Marta Rossi"), person(work, "Luigi")
    own = referrals.link_of(work, marta)
    assert referrals.link_of(work, marta) is own
    assert referrals.link_of(work, luigi).code != own.code
    assert referrals.sender(work, f"ref_{own.code}") == (own, marta)
    assert referrals.sender(work, own.code) is None
    assert referrals.sender(work, "ref_nobody") is None


def test_who_comes_by_two_links_came_by_the_first_and_nobody_by_his_own(work: Work) -> None:
    marta, luigi, paula = (person(work, name) for name in ("Marta", "Luigi", "Paula"))
    first, second = referrals.link_of(work, marta), referrals.link_of(work, luigi)
    assert referrals.came(work, first, marta) is None
    one = referrals.came(work, first, paula)
    assert one is not None
    assert referrals.came(work, first, paula) is None
    assert referrals.came(work, second, paula) is None
    assert [type(fact) for fact in work.events] == [ReferralCame]
    assert referrals.of_person(work, paula.id) is one


def test_the_stranger_who_turns_out_to_be_a_customer_still_came_by_that_link(work: Work) -> None:
    marta, stranger, customer = person(work, "Marta"), person(work, "?", telegram="7"), person(work, "Paula")
    referrals.came(work, referrals.link_of(work, marta), stranger)
    homes.link(work, stranger, customer, home(work, owner=customer).id)
    work.session.expire_all()
    assert referrals.of_person(work, customer.id) is not None
    assert referrals.of_person(work, stranger.id) is None


def test_a_contract_counts_once_and_only_if_it_began_after_he_came(work: Work) -> None:
    marta, paula = person(work, "Marta"), person(work, "Paula")
    casa = home(work, owner=paula)
    old, new = contract(work, casa, starts=date(2026, 1, 1)), contract(work, home(work, "H2", paula))
    new.starts_on = date(2026, 4, 1)
    one = referrals.came(work, referrals.link_of(work, marta), paula)
    assert one is not None
    assert referrals.waiting_for(work, old, [paula.id]) == []
    assert referrals.waiting_for(work, new, [marta.id]) == []
    assert referrals.waiting_for(work, new, [paula.id]) == [one]
    assert referrals.thank(work, one.id) is None, "he has not signed"
    for signed in (new, old):
        referrals.signed(work, one, signed)
    assert [fact for fact in work.events if isinstance(fact, ReferralSigned)] == [ReferralSigned(new.id, one.id)]
    assert referrals.thank(work, one.id) is marta
    assert referrals.thank(work, one.id) is None
