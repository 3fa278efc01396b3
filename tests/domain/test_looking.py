"""What the record says of a home: who hears of what, what is a fault of a device, when maintenance was done last."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.postgresql import PostgreSQL
from domain import bookings, consents, errands, looking
from domain.appointments import Booking, BookingState
from domain.areas import Area, Intent, Urgency
from domain.coming_back_events import HomeLooked
from domain.contracts import balances
from domain.coverage import Ruling
from domain.declared import months_after
from domain.homes import Device, Home, Member, Role
from domain.ledger import spend
from domain.occasions import HomeFacts
from domain.people import ConsentKind, Person, Presence
from domain.plans import Maintenance
from domain.prompting import Wish, ask, plan
from domain.prompts import Kind, Prompt, PromptState
from domain.requests import Request, State, open_request
from domain.requests import Wish as Asked
from domain.work import Work
from tests.domain import ground
from tests.domain.ground import MONDAY, SAMPLE, contract, home, person

CARE = SAMPLE.plan("signature")
DAY = timedelta(days=1)


def casa(work: Work, ref: str = "H1") -> tuple[Home, Person]:
    """A home with its owner."""
    marta = person(work, telegram=f"t{ref}")
    return home(work, ref, marta), marta


def device(work: Work, of: Home, ref: str = "D1", model: str = "Air 6", **facts: object) -> Device:
    usual = {"brand": "Netarco", "area": Area.NETWORK, "room": "Attic"}
    made = Device(ref=f"{of.ref}{ref}", home_id=of.id, model=model, **{**usual, **facts})
    work.session.add(made)
    work.session.flush()
    return made


def fault(
    work: Work, who: Person, of: Home, about: Device, days_ago: int, state: State = State.CLOSED, **facts: object
) -> Request:
    wish = Asked(Intent.PROBLEM, about.area, Urgency.NORMAL, "It is away", "C0SERVICE", about.id)
    made = open_request(Work(work.session, work.now - days_ago * DAY), who.id, of.id, wish)
    made.state, made.ended_at = state, work.now - days_ago * DAY
    for name, value in facts.items():
        setattr(made, name, value)
    work.session.flush()
    return made


def facts(work: Work, of: Home) -> HomeFacts:
    return looking.facts_of(work, SAMPLE, of)


def planned(work: Work) -> list[tuple[Kind, str, str]]:
    found = select(Prompt).order_by(Prompt.id)
    return [(p.kind, p.subject, p.occurrence) for p in work.session.scalars(found)]


def test_a_fault_is_what_somebody_reported_and_not_what_was_called_off_doubled_or_many_homes_trouble(
    work: Work,
) -> None:
    place, marta = casa(work)
    router, other = device(work, place), device(work, place, "D2")
    first = fault(work, marta, place, router, 30)
    fault(work, marta, place, router, 20, State.CANCELLED)
    fault(work, marta, place, router, 10, merged_into_id=first.id)
    fault(work, marta, place, router, 9, storm_id=1)
    fault(work, marta, place, other, 8)
    found = facts(work, place)
    assert [one.faults for one in found.devices] == [((MONDAY - 30 * DAY).date(),), ((MONDAY - 8 * DAY).date(),)]
    assert found.finished_on == (MONDAY - 30 * DAY).date()
    assert [one.busy for one in found.devices] == [False, False]
    fault(work, marta, place, other, 1, State.WAITING_PARTS)
    assert [one.busy for one in facts(work, place).devices] == [False, True]


def test_the_allowances_are_those_of_the_running_period_with_what_was_used(work: Work) -> None:
    place, marta = casa(work)
    signed = contract(work, place, "comfort", date(2025, 8, 15))
    asked = ground.request(work, marta, place)
    made = ground.priced(work, signed)
    assert made.verdict.ruling is Ruling.INCLUDED
    spend(work, bookings.contracts.account_of(signed), made.verdict.uses, asked.id, "quote:1")
    found = facts(work, place).contract
    assert found is not None
    left = {one.key: (one.granted, one.left, one.starts, one.ends) for one in found.allowances}
    assert left == {
        "remote": (60, 60, date(2026, 2, 15), date(2026, 5, 15)),
        "visits": (1, 0, date(2025, 8, 15), date(2026, 8, 15)),
    }
    assert {key: one.left for key, one in balances(work, signed).items()} == {"remote": 60, "visits": 0}


def test_the_last_twelve_months_are_only_worked_out_when_they_may_be_told(work: Work) -> None:
    place, _ = casa(work)
    contract(work, place, "signature", date(2025, 5, 2))
    work.now = datetime(2026, 2, 28, 12, tzinfo=UTC)
    found = facts(work, place).contract
    assert found is not None
    assert found.years == ()
    work.now = datetime(2026, 3, 4, 12, tzinfo=UTC)
    found = facts(work, place).contract
    assert found is not None
    totals = {year.plan: year.total.minor for year in found.years}
    assert totals == {"signature": 129 * 12 * 100, "comfort": 39 * 12 * 100, "essential": 0}


def yes_to_maintenance(work: Work, who: Person, of: Home, signed: int) -> Request:
    """He was asked, and wants it."""
    wish = Wish(Kind.MAINTENANCE, who.id, of.id, f"contract:{signed}", "2026-03-01", work.now, work.now + 30 * DAY)
    prompt = plan(work, SAMPLE, wish)
    assert prompt is not None
    ask(work, prompt)
    errand = errands.maintenance(SAMPLE, Maintenance())
    assert errand is not None
    asked = errands.take_up(work, SAMPLE, who.id, of, errand, "Maintenance")
    assert asked is not None
    prompt.request_id = asked.id
    work.session.flush()
    return asked


def test_maintenance_that_somebody_sees_to_is_not_proposed_and_counts_from_when_it_was_done(work: Work) -> None:
    place, marta = casa(work)
    signed = contract(work, place, "signature", date(2025, 3, 1))
    found = facts(work, place).contract
    assert found is not None
    assert (found.maintained_on, found.maintaining) == (None, False)
    asked = yes_to_maintenance(work, marta, place, signed.id)
    found = facts(work, place).contract
    assert found is not None
    assert (found.maintained_on, found.maintaining) == (None, True)
    held = ground.hold(work, asked, ground.offer(work, signed, work.now + DAY), work.now + timedelta(minutes=15))
    bookings.confirm(work, held, asked)
    work.now += 2 * DAY
    bookings.complete(work, work.session.get_one(Booking, held.id), asked, 60)
    asked.state = State.CLOSED
    found = facts(work, place).contract
    assert found is not None
    assert (found.maintained_on, found.maintaining) == (date(2026, 3, 3), False)
    again = [o for o in looking.coming_back.possible(facts(work, place), looking.Rules.of(SAMPLE), date(2026, 3, 4))
             if o.kind is Kind.MAINTENANCE]  # fmt: skip
    assert [one.occurrence for one in again] == ["2027-03-03", "2028-03-03"]


def test_maintenance_that_was_called_off_was_not_done(work: Work) -> None:
    place, marta = casa(work)
    signed = contract(work, place, "signature", date(2025, 3, 1))
    asked = yes_to_maintenance(work, marta, place, signed.id)
    held = ground.hold(work, asked, ground.offer(work, signed, work.now + DAY), work.now + timedelta(minutes=15))
    bookings.confirm(work, held, asked)
    held.state, asked.state = BookingState.CANCELLED, State.CANCELLED
    found = facts(work, place).contract
    assert found is not None
    assert (found.maintained_on, found.maintaining) == (None, False)


def test_owners_hear_what_is_theirs_to_decide_house_managers_the_rest_and_a_tenant_only_if_he_would_recommend_us(
    work: Work,
) -> None:
    place, marta = casa(work)
    roles = {"owner": marta}
    for role in (Role.MEMBER, Role.TENANT, Role.HOUSE_MANAGER):
        roles[role] = person(work, role, telegram=f"t{role}")
        work.session.add(Member(home_id=place.id, person_id=roles[role].id, role=role))
    gone = person(work, "Gone", telegram="tgone")
    gone.presence = Presence.BLOCKED
    work.session.add(Member(home_id=place.id, person_id=gone.id, role=Role.OWNER))
    left = person(work, "Left", telegram="tleft")
    work.session.add(Member(home_id=place.id, person_id=left.id, role=Role.OWNER, ended_at=work.now))
    work.session.flush()
    people = looking._told.all(work.session, home=place.id)
    heard = {kind: {p.id for p in looking.told(kind, people)} for kind in Kind}
    manager = roles[Role.HOUSE_MANAGER].id
    for kind in (Kind.UPGRADE, Kind.ADVICE):
        assert heard[kind] == {marta.id}
    for kind in (Kind.MAINTENANCE, Kind.WARRANTY, Kind.RENEWAL, Kind.ALLOWANCE_LOW, Kind.ALLOWANCE_LAPSES):
        assert heard[kind] == {marta.id, manager}
    assert heard[Kind.RECOMMEND] == {p.id for p in roles.values()}


def test_a_look_plans_each_occasion_once_and_says_when_to_look_again(work: Work) -> None:
    place, _ = casa(work)
    contract(work, place, "signature", date(2025, 4, 2))
    for _ in range(3):
        looking.look(work, SAMPLE, place)
    (renewal,) = [key for key in planned(work) if key[0] is Kind.RENEWAL]
    assert renewal[2] == "2026-04-02"
    looks = [fact for fact in work.events if isinstance(fact, HomeLooked)]
    assert len({look.again for look in looks}) == 1
    assert work.now < looks[0].again <= work.now + 31 * DAY
    assert looks[0].again.astimezone(looking.ZoneInfo(place.time_zone)).hour in (3, 4, 5)
    prompts = list(work.session.scalars(select(Prompt)))
    assert all(work.now <= prompt.due_at <= prompt.until for prompt in prompts)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Paris"])
def test_at_the_ends_of_the_world_the_next_look_is_never_the_same_day_again(work: Work, zone: str) -> None:
    place, _ = casa(work)
    place.time_zone = zone
    contract(work, place, "signature", date(2025, 4, 2))
    days = []
    for _ in range(20):
        looking.look(work, SAMPLE, place)
        days.append(looking.there(work, place))
        work.now = next(f for f in reversed(work.events) if isinstance(f, HomeLooked)).again
    assert len(set(days)) == len(days)
    assert max(days) - min(days) > 60 * DAY


def test_an_upgrade_is_planned_only_for_who_agreed_and_a_home_is_offered_one_at_a_time(work: Work) -> None:
    place, marta = casa(work)
    old = device(work, place, installed_on=months_after(MONDAY.date(), -80))
    device(work, place, "D2", "Core 10", firmware="10.1")
    looking.look(work, SAMPLE, place)
    assert planned(work) == []
    consents.agree(work, marta, ConsentKind.UPGRADES)
    looking.look(work, SAMPLE, place)
    assert planned(work) == [(Kind.UPGRADE, f"device:{old.id}", "age")]
    (prompt,) = work.session.scalars(select(Prompt))
    assert looking.holds(work, SAMPLE, prompt)
    ask(work, prompt)
    work.now += 10 * DAY
    looking.look(work, SAMPLE, place)
    assert len(planned(work)) == 1
    work.now += 80 * DAY
    looking.look(work, SAMPLE, place)
    assert [key[2] for key in planned(work)] == ["age", "firmware 10.3"]


def test_what_is_not_true_any_more_when_its_moment_comes_does_not_hold(work: Work) -> None:
    place, marta = casa(work)
    consents.agree(work, marta, ConsentKind.UPGRADES)
    old = device(work, place, installed_on=months_after(MONDAY.date(), -80))
    looking.look(work, SAMPLE, place)
    (prompt,) = work.session.scalars(select(Prompt))
    assert prompt.state is PromptState.PLANNED
    fault(work, marta, place, old, 0, State.OPEN)
    assert not looking.holds(work, SAMPLE, prompt)


def test_an_upgrade_costs_what_the_tariff_says_with_the_plans_discount_and_its_included_visit(work: Work) -> None:
    place, marta = casa(work)
    old = device(work, place)
    errand = errands.upgrade(SAMPLE, place, old, "age", MONDAY.date())
    assert errand is not None
    bare = errands.priced(work, SAMPLE, place, errand)
    assert bare is not None
    assert bare.quote.total.minor == 11000 + 34900
    signed = contract(work, place, "comfort")
    with_visit = errands.priced(work, SAMPLE, place, errand)
    assert with_visit is not None
    assert with_visit.quote.total.minor == 34900
    spend(
        work,
        bookings.contracts.account_of(signed),
        with_visit.verdict.uses,
        ground.request(work, marta, place).id,
        "quote:1",
    )
    discounted = errands.priced(work, SAMPLE, place, errand)
    assert discounted is not None
    assert discounted.quote.total.minor == 9900 + 34900


def test_a_warranty_pays_for_what_is_broken_and_not_for_age(work: Work) -> None:
    place, _ = casa(work)
    place.handed_over_on = MONDAY.date()
    fresh = device(work, place)
    costs = {}
    for reason in ("faults", "age", "end_of_support"):
        errand = errands.upgrade(SAMPLE, place, fresh, reason, MONDAY.date())
        assert errand is not None
        made = errands.priced(work, SAMPLE, place, errand)
        assert made is not None
        costs[reason] = made.quote.total.minor
    assert costs == {"faults": 0, "age": 45900, "end_of_support": 45900}


def test_newer_software_is_another_work_than_a_newer_device_and_what_is_not_offered_is_nothing(work: Work) -> None:
    place, _ = casa(work)
    update = errands.upgrade(SAMPLE, place, device(work, place), "firmware", MONDAY.date())
    assert update is not None
    assert (update.work, update.minutes, update.parts) == ("remote", 30, None)
    core = device(work, place, "D2", "Core 10")
    assert errands.upgrade(SAMPLE, place, core, "age", MONDAY.date()) is None
    assert errands.upgrade(SAMPLE, place, device(work, place, "D3", brand="Nobody"), "age", MONDAY.date()) is None


class Undone(Exception):  # noqa: N818 (nothing of a story stays)
    """The story is over."""


STORIES: tuple[Callable[[Work], None], ...] = (
    test_a_fault_is_what_somebody_reported_and_not_what_was_called_off_doubled_or_many_homes_trouble,
    test_the_allowances_are_those_of_the_running_period_with_what_was_used,
    test_maintenance_that_somebody_sees_to_is_not_proposed_and_counts_from_when_it_was_done,
    test_a_look_plans_each_occasion_once_and_says_when_to_look_again,
    test_an_upgrade_is_planned_only_for_who_agreed_and_a_home_is_offered_one_at_a_time,
)


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__[5:40])
async def test_it_is_the_same_on_a_server(server_record: str, story: Callable[[Work], None]) -> None:
    database = PostgreSQL(server_record)

    def unit(session: Session) -> None:
        story(Work(session, MONDAY, "test"))
        raise Undone

    try:
        with pytest.raises(Undone):
            await database.write(unit)
    finally:
        await database.close()
