"""On which days there is a reason to come back to a home: each once, at its time, whoever looks how often."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.advice import Year
from domain.catalogue import Effort, Known
from domain.coming_back import next_look, occasions, possible, still
from domain.declared import Words, months_after
from domain.follow_up_rules import FollowUps
from domain.money import Money
from domain.occasions import ContractFacts, DeviceFacts, HomeFacts, Left, Occasion, Rules, half_of
from domain.plans import Maintenance, Plan
from domain.prompt_kinds import Kind
from domain.tariff import Warranty
from domain.warranties import warranty_for
from tests.domain.ground import SAMPLE

DAY = timedelta(days=1)
TODAY = date(2026, 3, 2)
EFFORT = Effort(minutes=60)
AIR = Known(brand="Netarco", model="Air*", life_years=6, end_of_support=date(2027, 3, 31), firmware="6.4",
            upgrade=EFFORT, update=EFFORT)  # fmt: skip
RULES = Rules(FollowUps(), (AIR,), SAMPLE.tariff.warranties)


def plan(months: int = 12, price: int = 129, care: Maintenance | None = None) -> Plan:
    words = Words(en="x")
    return Plan(key="care", name=words, summary=words, prices={"month": price}, months=months, maintenance=care)


def contract(**facts: Any) -> ContractFacts:
    """Of the first of June 2025, for a year."""
    begins = facts.pop("starts_on", date(2025, 6, 1))
    usual: dict[str, Any] = {"plan": plan(), "period": "month", "renews_on": months_after(begins, 12)}
    return ContractFacts(id=7, starts_on=begins, **{**usual, "terms_since": begins, **facts})


def days_of(facts: HomeFacts, kind: Kind, rules: Rules = RULES, years: int = 2) -> list[tuple[str, date, date]]:
    """Each occasion of a kind with the first and the last day on which it is there, looking every day."""
    found: dict[str, tuple[date, date]] = {}
    for number in range(365 * years):
        day = TODAY + number * DAY
        for one in occasions(facts, rules, day):
            if one.kind is kind:
                found[one.occurrence] = found.get(one.occurrence, (day, day))[0], day
    return [(which, first, last) for which, (first, last) in found.items()]


def test_maintenance_is_proposed_three_weeks_before_it_is_due_and_counts_from_the_last_one_that_was_done() -> None:
    cared = contract(plan=plan(care=Maintenance()))
    assert days_of(HomeFacts(1, contract=cared), Kind.MAINTENANCE)[0] == (
        "2026-06-01", date(2026, 5, 11), date(2026, 7, 13),
    )  # fmt: skip
    done = contract(plan=plan(care=Maintenance()), maintained_on=date(2025, 11, 20))
    first = days_of(HomeFacts(1, contract=done), Kind.MAINTENANCE)[0]
    assert first[:2] == ("2026-11-20", date(2026, 10, 30))


@pytest.mark.parametrize(
    "facts",
    [
        {"maintaining": True},
        {"suspended": True},
        {"ends_on": date(2026, 5, 31)},
        {"plan": plan()},
    ],
)
def test_no_maintenance_is_proposed_that_somebody_sees_to_or_no_contract_provides_for(facts: dict[str, Any]) -> None:
    given_ = {"plan": plan(care=Maintenance()), **facts}
    assert days_of(HomeFacts(1, contract=contract(**given_)), Kind.MAINTENANCE, years=1) == []


def test_maintenance_of_the_31st_is_due_on_the_last_day_of_shorter_months() -> None:
    cared = contract(starts_on=date(2025, 8, 31), plan=plan(care=Maintenance(months=1)))
    due = [which for which, _, _ in days_of(HomeFacts(1, contract=cared), Kind.MAINTENANCE, years=1)]
    assert due[:4] == ["2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]


def test_warranties_that_end_in_one_month_are_told_together_before_the_first_of_them_ends() -> None:
    devices = (
        DeviceFacts(1, "Velamar", "Duo 40", warranty_until=date(2026, 5, 11)),
        DeviceFacts(2, "Vigilo", "Panel S", warranty_until=date(2026, 5, 14)),
        DeviceFacts(3, "Lumenor", "Dim 8", warranty_until=date(2025, 5, 11)),
    )
    assert days_of(HomeFacts(1, devices=devices), Kind.WARRANTY) == [("2026-05", date(2026, 3, 27), date(2026, 5, 14))]
    (told,) = occasions(HomeFacts(1, devices=devices), RULES, date(2026, 4, 1))
    assert [(end["device"], end["until"]) for end in told.facts["ends"]] == [(1, "2026-05-11"), (2, "2026-05-14")]


def test_the_warranty_of_the_installation_runs_from_the_day_of_the_hand_over() -> None:
    handed = HomeFacts(1, handed_over_on=date(2024, 6, 30))
    assert days_of(handed, Kind.WARRANTY) == [("2026-06", date(2026, 5, 15), date(2026, 6, 29))]


@given(
    installed=st.none() | st.dates(date(2020, 1, 1), date(2027, 1, 1)),
    own=st.none() | st.dates(date(2020, 1, 1), date(2029, 1, 1)),
    handed=st.none() | st.dates(date(2020, 1, 1), date(2027, 1, 1)),
    months=st.none() | st.integers(1, 60),
    kind=st.sampled_from(["device", "installation"]),
)
def test_the_last_day_that_is_told_is_the_last_one_on_which_a_price_knows_the_warranty(
    installed: date | None, own: date | None, handed: date | None, months: int | None, kind: str
) -> None:
    tariff = SAMPLE.tariff.model_copy(update={"warranties": (Warranty(kind=kind, months=months),)})
    device: Any = DeviceFacts(1, "Velamar", "Duo", installed_on=installed, warranty_until=own)
    home: Any = HomeFacts(1, handed_over_on=handed, devices=(device,))
    found = possible(home, Rules(FollowUps(), (), tariff.warranties), date(2020, 1, 1))
    ends = [date.fromisoformat(end["until"]) for o in found if o.kind is Kind.WARRANTY for end in o.facts["ends"]]
    if not ends:
        assert warranty_for(tariff, device, home, date(2020, 1, 2)) is None
        return
    (last,) = ends
    assert warranty_for(tariff, device, home, last) == kind
    assert warranty_for(tariff, device, home, last + DAY) is None


def test_a_renewal_is_told_in_time_with_the_plan_that_was_agreed_for_it() -> None:
    facts = HomeFacts(1, contract=contract(next_plan="gold"))
    assert days_of(facts, Kind.RENEWAL) == [("2026-06-01", date(2026, 4, 17), date(2026, 5, 31))]
    (told,) = [o for o in occasions(facts, RULES, date(2026, 5, 1)) if o.kind is Kind.RENEWAL]
    assert (told.facts["on"], told.facts["next"]) == ("2026-06-01", "gold")


@pytest.mark.parametrize("facts", [{"plan": plan(price=0)}, {"plan": plan(months=1)}, {"ends_on": date(2026, 5, 31)}])
def test_no_renewal_is_told_of_what_is_free_or_short_or_given_notice_of(facts: dict[str, Any]) -> None:
    assert days_of(HomeFacts(1, contract=contract(**facts)), Kind.RENEWAL) == []


def left(units: int, **facts: Any) -> Left:
    usual = {"per": "year", "granted": 5, "rollover": 0, "starts": date(2025, 6, 1), "ends": date(2026, 6, 1)}
    return Left(left=units, **{"key": "visits", **usual, **facts})


def test_an_allowance_is_nearly_used_at_four_fifths_and_not_before() -> None:
    for units, expected in ((5, 0), (2, 0), (1, 1), (0, 1)):
        found = days_of(HomeFacts(1, contract=contract(allowances=(left(units),))), Kind.ALLOWANCE_LOW)
        assert len(found) == expected, units
    assert found == [("visits 2025-06-01", TODAY, date(2026, 5, 28))]


def test_what_is_left_and_not_carried_over_is_told_a_month_before_it_is_gone() -> None:
    other = left(2, key="remote", rollover=1)
    facts = HomeFacts(1, contract=contract(allowances=(left(3), other)))
    assert days_of(facts, Kind.ALLOWANCE_LAPSES) == [("2026-06-01", date(2026, 5, 2), date(2026, 5, 28))]
    (told,) = [o for o in occasions(facts, RULES, date(2026, 5, 4)) if o.kind is Kind.ALLOWANCE_LAPSES]
    assert told.facts["allowances"] == {"visits": 3, "remote": 1}


@pytest.mark.parametrize("facts", [{"per": "month"}, {"rollover": 3}])
def test_what_is_carried_over_or_comes_anew_each_month_is_not_spoken_of(facts: dict[str, Any]) -> None:
    allowances = (left(3, **facts),)
    assert days_of(HomeFacts(1, contract=contract(allowances=allowances)), Kind.ALLOWANCE_LAPSES) == []


def device(number: int = 4, **facts: Any) -> DeviceFacts:
    return DeviceFacts(number, "NETARCO", "air 6", **facts)


def upgrade(*devices: DeviceFacts, day: date = TODAY, **facts: Any) -> Occasion | None:
    found = [o for o in occasions(HomeFacts(1, devices=devices, **facts), RULES, day) if o.kind is Kind.UPGRADE]
    assert len(found) <= 1
    return next(iter(found), None)


def test_a_device_is_old_on_its_birthday_also_when_it_was_put_in_on_a_leap_day() -> None:
    young = device(installed_on=date(2020, 2, 29))
    assert upgrade(young, day=date(2026, 2, 27)) is None
    old = upgrade(young, day=date(2026, 2, 28))
    assert old is not None
    assert (old.occurrence, old.facts) == ("age", {"reason": "age", "installed": "2020-02-29", "years": 6})


def test_the_end_of_support_is_told_half_a_year_before_and_ever_after() -> None:
    assert upgrade(device(), day=date(2026, 10, 1)) is None
    for day in (date(2026, 10, 2), date(2040, 1, 1)):
        found = upgrade(device(), day=day)
        assert found is not None
        assert found.facts == {"reason": "end_of_support", "on": "2027-03-31"}


def test_three_faults_within_a_year_are_a_reason_for_three_months() -> None:
    faults = (date(2025, 3, 3), date(2025, 9, 1), date(2026, 3, 1))
    found = upgrade(device(faults=faults))
    assert found is not None
    assert found.facts == {"reason": "faults", "times": 3, "last": "2026-03-01"}
    assert upgrade(device(faults=faults), day=date(2026, 5, 31)) is None
    assert upgrade(device(faults=(date(2025, 3, 1), *faults[1:]))) is None


def test_an_older_firmware_is_a_reason_and_one_that_nobody_knows_is_none() -> None:
    found = upgrade(device(firmware="6.3.9"))
    assert found is not None
    assert found.facts == {"reason": "firmware", "has": "6.3.9", "newest": "6.4"}
    assert upgrade(device(firmware="6.4.0")) is None
    assert upgrade(device()) is None


def test_one_home_is_offered_one_upgrade_at_a_time_the_most_pressing_first_and_the_next_after_ninety_days() -> None:
    old = device(4, installed_on=date(2019, 1, 1))
    faulty = device(5, faults=(TODAY, TODAY, TODAY))
    behind = device(6, firmware="1")
    found = upgrade(behind, old, faulty)
    assert found is not None
    assert found.subject == "device:5"
    offered = frozenset({("device:5", "faults")})
    assert upgrade(behind, old, faulty, offered=offered, offered_on=TODAY, day=TODAY + 89 * DAY) is None
    found = upgrade(behind, old, faulty, offered=offered, offered_on=TODAY, day=TODAY + 90 * DAY)
    assert found is not None
    assert (found.subject, found.occurrence) == ("device:4", "age")


def test_somebody_looks_on_the_day_on_which_a_home_may_be_offered_the_next_one() -> None:
    home = HomeFacts(1, devices=(device(installed_on=date(2019, 1, 1)),), offered_on=TODAY - 85 * DAY)
    assert next_look(home, RULES, TODAY) == TODAY + 5 * DAY


def test_a_fault_more_is_the_same_reason_with_another_number() -> None:
    faulty = device(faults=tuple(TODAY - number * DAY for number in (0, 10, 20, 30)))
    found = upgrade(faulty)
    assert found is not None
    assert (found.facts["times"], found.wanted_on) == (4, TODAY)
    assert len([one for one in possible(HomeFacts(1, devices=(faulty,)), RULES, TODAY) if one.holds_on(TODAY)]) == 1


def test_nobody_is_offered_an_upgrade_of_what_is_being_seen_to_and_one_put_off_still_holds() -> None:
    old = device(installed_on=date(2019, 1, 1))
    assert upgrade(device(installed_on=date(2019, 1, 1), busy=True)) is None
    told = HomeFacts(1, devices=(old,), offered=frozenset({("device:4", "age")}), offered_on=TODAY)
    assert not still(told, RULES, TODAY, Kind.UPGRADE, "device:4", "age")
    assert still(told, RULES, TODAY, Kind.UPGRADE, "device:4", "age~2026-03-02")
    assert not still(HomeFacts(1), RULES, TODAY, Kind.UPGRADE, "device:4", "age~2026-03-02")


def year(of: str, total: int) -> Year:
    return Year(of, Money(total, "EUR"), Money(0, "EUR"))


def test_a_plan_that_would_have_been_cheaper_by_a_seventh_is_told_once_before_the_renewal() -> None:
    judged = contract(years=(year("care", 10000), year("small", 8500), year("large", 9000)))
    facts = HomeFacts(1, contract=judged)
    assert days_of(facts, Kind.ADVICE) == [("2026-06-01", date(2026, 4, 2), date(2026, 5, 24))]
    (told,) = [o for o in occasions(facts, RULES, date(2026, 4, 2)) if o.kind is Kind.ADVICE]
    assert told.facts == {"plan": "small", "now": 10000, "then": 8500, "currency": "EUR"}


@pytest.mark.parametrize(
    "facts",
    [
        {"years": (year("care", 10000), year("small", 8501))},
        {"years": (year("small", 10),)},
        {"years": (year("care", 0), year("small", 0))},
        {"years": (year("care", 10000), year("small", 10)), "next_plan": "small"},
        {"years": (year("care", 10000), year("small", 10)), "suspended": True},
        {"years": (year("care", 10000), year("small", 10)), "ends_on": date(2026, 12, 31)},
        {"years": (year("care", 10000), year("small", 10)), "starts_on": date(2025, 12, 15), "plan": plan(months=3),
         "renews_on": date(2026, 3, 15)},
    ],
)  # fmt: skip
def test_no_advice_is_given_for_little_or_too_early_or_when_it_is_decided(facts: dict[str, Any]) -> None:
    found = days_of(HomeFacts(1, contract=contract(**facts)), Kind.ADVICE)
    assert [one for one in found if one[1] < date(2026, 9, 1)] == []


def test_people_are_asked_for_a_recommendation_once_a_half_after_something_was_done_or_ninety_days() -> None:
    assert days_of(HomeFacts(1), Kind.RECOMMEND) == []
    halves = [which for which, _, _ in days_of(HomeFacts(1, finished_on=TODAY), Kind.RECOMMEND)]
    assert halves == ["2026-1", "2026-2", "2027-1", "2027-2"]
    fresh = HomeFacts(1, contract=contract(starts_on=date(2026, 3, 1)))
    assert days_of(fresh, Kind.RECOMMEND)[0][1] >= date(2026, 5, 30)
    off = Rules(FollowUps(recommend=False))
    assert days_of(HomeFacts(1, finished_on=TODAY), Kind.RECOMMEND, off) == []


@pytest.mark.slow
def test_homes_are_spread_over_the_half_and_keep_their_distance() -> None:
    firsts = []
    for number in range(200):
        found = days_of(HomeFacts(number, finished_on=date(2020, 1, 1)), Kind.RECOMMEND, years=1)
        firsts.append(found[1][1])
        if len(found) > 2:
            assert (found[2][1] - found[1][1]).days > 170
    assert len(set(firsts)) > 60
    assert {half_of(day) for day in firsts} == {"2026-2"}


# ── whoever looks how often ──

DATES = st.dates(date(2025, 1, 1), date(2027, 6, 30))
ODD = st.sampled_from([date(2024, 2, 29), date(2025, 1, 31), date(2026, 2, 28), date(2025, 12, 31), date(2026, 6, 30)])
SOME = st.one_of(DATES, ODD)


@st.composite
def allotted(draw: st.DrawFn, key: str) -> Left:
    starts = draw(SOME)
    per = draw(st.sampled_from(["month", "quarter", "year"]))
    months = {"month": 1, "quarter": 3, "year": 12}[per]
    granted = draw(st.integers(1, 10))
    return Left(
        key, per, granted, draw(st.integers(0, 12)), draw(st.integers(0, 3)), starts, months_after(starts, months)
    )


@st.composite
def contracts(draw: st.DrawFn) -> ContractFacts:
    starts, term = draw(SOME), draw(st.sampled_from([1, 3, 12, 24]))
    care = Maintenance(months=draw(st.sampled_from([1, 2, 6, 12, 36])))
    signed = plan(term, draw(st.sampled_from([0, 129])), draw(st.sampled_from([None, care])))
    return ContractFacts(
        id=7, plan=signed, period="month", starts_on=starts,
        renews_on=months_after(starts, term * draw(st.integers(1, 3))),
        terms_since=draw(st.sampled_from([starts, months_after(starts, 1)])), ends_on=draw(st.none() | SOME),
        suspended=draw(st.booleans()), next_plan=draw(st.sampled_from([None, None, "gold"])),
        allowances=tuple(draw(allotted(key)) for key in draw(st.sampled_from([(), ("visits",), ("visits", "remote")]))),
        years=draw(st.sampled_from([(), (year("care", 10000), year("small", 100))])),
        maintained_on=draw(st.none() | SOME),
    )  # fmt: skip


DEVICES = st.builds(
    DeviceFacts, st.integers(1, 3), st.just("Netarco"), st.sampled_from(["Air 6", "Air 8"]),
    installed_on=st.none() | SOME | st.dates(date(2019, 6, 1), date(2021, 6, 30)), warranty_until=st.none() | SOME,
    firmware=st.sampled_from([None, "6.3", "6.4"]), faults=st.lists(SOME, max_size=6).map(tuple), busy=st.booleans(),
)  # fmt: skip
HOMES = st.builds(
    HomeFacts, st.integers(1, 500), handed_over_on=st.none() | SOME,
    devices=st.lists(DEVICES, max_size=3, unique_by=lambda one: one.id).map(tuple), contract=st.none() | contracts(),
    finished_on=st.none() | SOME, offered_on=st.none() | SOME,
    offered=st.sampled_from([frozenset(), frozenset({("device:1", "age"), ("device:2", "faults")})]),
)  # fmt: skip


@pytest.mark.slow
@settings(max_examples=120, deadline=None)
@given(facts=HOMES, first=DATES)
def test_who_looks_only_on_the_days_that_are_named_sees_what_who_looks_every_day_sees(
    facts: HomeFacts, first: date
) -> None:
    day, look, seen = first, first, []
    for _ in range(400):
        now = occasions(facts, RULES, day)
        assert len({one.key for one in now}) == len(now), "twice"
        assert all(one.holds_on(day) for one in now), "not on its days"
        assert len([one for one in now if one.kind is Kind.UPGRADE]) <= 1
        assert all(still(facts, RULES, day, *one.key) for one in now)
        if day == look:
            seen = now
            look = next_look(facts, RULES, day)
            assert day < look <= day + timedelta(days=30)
        assert now == seen, "something came or went between two looks"
        day += DAY


@pytest.mark.slow
@settings(max_examples=60, deadline=None)
@given(facts=HOMES, first=DATES)
def test_an_occasion_comes_once_and_keeps_its_days(facts: HomeFacts, first: date) -> None:
    """What is gone does not come again; only an upgrade may have to wait for a more pressing one."""
    windows: dict[Any, tuple[date, date]] = {}
    last: dict[Any, date] = {}
    for number in range(400):
        day = first + number * DAY
        for one in occasions(facts, RULES, day):
            if one.kind is Kind.UPGRADE:
                continue
            assert windows.setdefault(one.key, (one.wanted_on, one.until)) == (one.wanted_on, one.until)
            assert last.get(one.key, day - DAY) == day - DAY
            last[one.key] = day
