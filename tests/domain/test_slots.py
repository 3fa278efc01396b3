"""Slots: every one that is offered can be kept; also on the nights the clocks change. All of them: tests/proofs."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from domain.areas import Area
from domain.cases import Crew
from domain.company import Company
from domain.declared import WEEKDAYS, Shift
from domain.need import qualified
from domain.roads import Place, Roads
from domain.rota import Entries, Span
from domain.slots import LOOKED_AT
from domain.team import BookingRules, OtherHours, Reserve
from tests.domain import slot_worlds
from tests.domain.slot_ground import (
    BEFORE,
    DAY,
    at,
    company,
    need,
    offered,
    searching,
    shift,
    somebody,
    starts,
    visit,
)
from tests.domain.slot_oracle import Oracle
from tests.domain.slot_rules import broken
from tests.domain.slot_worlds import number_of

HERE, THERE = Place("1", None, 1), Place("2", None, 2)
EVERY_QUARTER = [f"{hour:02}:{minute:02}" for hour in range(24) for minute in (0, 15, 30, 45)]


@pytest.mark.parametrize("number", range(50_000, 50_024))
def test_nobody_who_is_offered_breaks_a_rule(number: int) -> None:
    world = slot_worlds.world(number)
    oracle = Oracle(world)
    for slot in slot_worlds.searching(world).slots(world.first, world.until):
        assert oracle.in_window(slot.start)
        assert slot.end - slot.start == timedelta(minutes=-(-world.need.minutes // 15) * 15)
        for key in slot.people:
            assert (slot.start, key, broken(oracle, world.company.member(key), slot.start)) == (slot.start, key, [])


# ── the clocks ──


def worker(zone: str, *shifts: Shift) -> Company:
    """A company of one, who works every day."""
    return company(somebody("ana", *shifts, time_zone=zone), time_zone="UTC")


def on(given: Company, day: date, minutes: int = 15) -> list[str]:
    """The starts offered on a day, as the worker's clock shows them."""
    local = ZoneInfo(given.team[0].time_zone or "")
    begin, end = (datetime.combine(day + timedelta(days=n), time(), local).astimezone(UTC) for n in (0, 1))
    found = searching(given, need(minutes), now=begin - timedelta(days=2)).slots(begin, end)
    return [f"{slot.start.astimezone(local):%H:%M}" for slot in found]


def test_a_night_shift_is_an_hour_shorter_in_spring_and_longer_in_autumn() -> None:
    night = worker("Europe/Paris", shift(0, 6))
    assert [len(on(night, date(2026, *day))) for day in ((3, 28), (3, 29), (10, 25))] == [24, 20, 28]
    assert "02:30" not in on(night, date(2026, 3, 29))
    assert on(night, date(2026, 10, 25)).count("02:30") == 2


def test_a_shift_over_midnight_goes_on_while_the_clocks_change() -> None:
    night = worker("Europe/Paris", shift(22, 6))
    assert [len(on(night, date(2026, *day))) for day in ((3, 28), (3, 29), (10, 25))] == [32, 28, 36]
    assert len(on(night, date(2026, 3, 28), minutes=7 * 60)) == 1  # from 22:00 to 06:00 it is seven hours


def test_a_working_day_begins_at_nine_on_the_wall_before_and_after_the_change() -> None:
    day = worker("Europe/Paris", shift(9, 12))
    for day_of_year in ((3, 28), (3, 29), (3, 30), (10, 24), (10, 25), (10, 26)):
        found = on(day, date(2026, *day_of_year), minutes=60)
        assert (found[0], found[-1], len(found)) == ("09:00", "11:00", 9)


def test_each_works_by_the_clock_where_he_is() -> None:
    given = company(somebody("ana", time_zone="Europe/Paris"), somebody("ben", time_zone="Atlantic/Canary"))
    found = list(offered(searching(given, need())))
    assert (found[0], found[-1]) == (("07:00", ("ana",)), ("17:00", ("ben",)))


# ── his hours ──


def test_a_break_belongs_to_nobody() -> None:
    found = starts(searching(company(somebody(breaks=("12:10-12:50",))), need()), 10, 15)
    assert found == [t for t in EVERY_QUARTER if "10:00" <= t <= "11:00" or "13:00" <= t < "15:00"]


def test_on_a_date_with_other_hours_the_shifts_do_not_count_and_no_hours_are_a_day_off() -> None:
    ana = somebody(other_hours=(OtherHours(day=DAY.date(), ranges=("10:00-11:30",)), OtherHours(day=date(2026, 3, 4))))
    search = searching(company(ana), need())
    assert starts(search) == ["10:00", "10:15", "10:30"]
    assert starts(search, 24, 48) == []


def test_an_entry_takes_hours_away_gives_others_and_closes_the_house() -> None:
    def span(begin: float, end: float) -> tuple[Span, ...]:
        return (Span(number_of(at(begin)), number_of(at(end))),)

    given = company(somebody("ana", shift(8, 12)), somebody("ben", shift(8, 10)))
    entered = Entries(span(11, 12), {"ana": span(8, 10)}, {"ben": span(20, 21)})
    found = dict(offered(searching(given, need(), entries=entered)))
    assert set(found) == {"08:00", "08:15", "08:30", "08:45", "09:00", "10:00", "20:00"}
    assert (found["08:00"], found["10:00"], found["20:00"]) == (("ben",), ("ana",), ("ben",))


def test_on_a_feast_only_those_work_who_said_so() -> None:
    """The sample's holidays are those of France: the first of May is one."""
    team = [somebody(key, shift(8, 10, holidays=rule)) for key, rule in
            (("ana", "never"), ("ben", "also"), ("cleo", "only"))]  # fmt: skip
    feast = datetime(2026, 5, 1, tzinfo=UTC)
    for rule, works in (("closed", {"ben", "cleo"}), ("open", {"ana", "ben"})):
        booking = BookingRules(holidays=rule, prefer=())
        alone = [company(one, booking=booking) for one in team]
        found = {
            c.team[0].key
            for c in alone
            if searching(c, need(), now=feast - timedelta(days=3)).at(feast.replace(hour=8))
        }
        assert found == works


# ── who ──


def test_only_who_goes_to_the_region_visits_it_and_anybody_helps_from_afar() -> None:
    goes = {"tom": ("coast",), "paolo": ("hills",), "yaiza": ()}
    given = company(*(somebody(key, regions=regions) for key, regions in goes.items()))
    for region, visitors in (("coast", ["tom", "yaiza"]), ("hills", ["paolo", "yaiza"]), ("sea", ["yaiza"])):
        assert [m.key for m in qualified(given, need(place=HERE, region=region))] == visitors
    assert [m.key for m in qualified(given, need(region="sea"))] == ["tom", "paolo", "yaiza"]


def test_skill_brand_and_grade_decide_who_is_asked() -> None:
    given = company(
        somebody("ana", brands=("Lutron",), grades=("programmer",)),
        somebody("ben", brands=("Loxone",)),
        somebody("cleo", grades=("technician",)),
        somebody("dora", skills=(Area.AUDIO,)),
        somebody("emil", roles=("dispatcher",)),
    )
    assert [m.key for m in qualified(given, need())] == ["ana", "ben", "cleo"]
    assert [m.key for m in qualified(given, need(brand="LUTRON"))] == ["ana", "cleo"]
    assert [m.key for m in qualified(given, need(crew=(Crew("programmer"),)))] == ["ana", "ben"]


def test_two_technicians_and_a_programmer_come_when_there_are_as_many_and_not_before() -> None:
    team = (
        somebody("ana", shift(8, 12), grades=("technician",)),
        somebody("ben", shift(10, 16), grades=("technician", "programmer")),
        somebody("cleo", shift(9, 14)),
    )
    wish = need(crew=(Crew("technician", 2), Crew("programmer")))
    found = list(offered(searching(company(*team), wish)))
    assert [start for start, _ in found] == ["10:00", "10:15", "10:30", "10:45", "11:00"]
    assert {people[-1] for _, people in found} <= {"ben", "cleo"}
    assert starts(searching(company(*team[:2]), wish)) == []


def test_of_many_who_could_come_enough_are_looked_at_to_make_up_a_crew() -> None:
    """The only programmer comes last in the file, after more than are usually looked at."""
    many = (somebody(f"t{n}", grades=("technician",)) for n in range(LOOKED_AT + 10))
    given = company(*many, somebody("ana", grades=("programmer",)))
    slot = searching(given, need(crew=(Crew("technician"), Crew("programmer")))).at(at(9))
    assert slot is not None
    assert slot.people == ("t0", "ana")


# ── when ──


def test_getting_ready_and_clearing_up_are_part_of_his_day_but_not_of_the_appointment() -> None:
    search = searching(company(somebody()), need(50, before=20, after=10), visit("ana", 12, 13))
    found = starts(search)
    assert (found[0], found[-1]) == ("08:30", "16:45")
    assert [t for t in EVERY_QUARTER if t not in found and "08:30" <= t <= "16:45"] == [
        t for t in EVERY_QUARTER if "11:00" <= t < "13:30"
    ]
    slot = search.at(at(9))
    assert slot is not None
    assert slot.end == at(10)


def test_nothing_is_offered_that_has_begun_nor_whose_getting_ready_would_have() -> None:
    given, now = company(somebody()), at(10) + timedelta(seconds=1)
    assert starts(searching(given, need(), now=now))[0] == "10:15"
    assert starts(searching(given, need(before=25), now=now))[0] == "10:45"


def test_a_window_without_a_quarter_hour_in_it_offers_nothing() -> None:
    search = searching(company(somebody()), need())
    assert list(search.slots(at(9), at(9))) == []
    assert list(search.slots(at(9) + timedelta(minutes=1), at(9) + timedelta(minutes=15))) == []
    assert [s.start for s in search.slots(at(9), at(9) + timedelta(seconds=1))] == [at(9)]


def test_work_of_two_days_is_offered_to_who_works_day_and_night_also_at_the_end_of_a_week() -> None:
    search = searching(company(somebody("ana", shift(0, 24))), need(2 * 1440), visit("ana", 0, 12))
    assert [s.start for s in search.slots(DAY, at(12.5))] == [at(12), at(12.25)]
    assert len(list(search.slots(at(0, day=4), at(0, day=9)))) == 5 * 96


def test_a_day_is_full_after_so_many_appointments_his_own_affairs_aside() -> None:
    day = [visit("ana", 8, 9), visit("ana", 10, 11), visit("ana", 12, 13, ours=False)]
    three, two = (company(somebody(most_a_day=most)) for most in (3, 2))
    assert starts(searching(three, need(), *day)) != []
    assert starts(searching(two, need(), *day)) == []
    assert starts(searching(two, need(), *day), 24, 48) != []
    house = company(somebody(most_a_day=3), booking=BookingRules(most_a_day=2, prefer=()))
    assert starts(searching(house, need(), *day)) == []


def test_his_day_ends_when_it_is_midnight_where_he_works() -> None:
    """In Kathmandu it is midnight at a quarter past six in the evening (UTC)."""
    ana = somebody("ana", shift(0, 24), most_a_day=1, time_zone="Asia/Kathmandu")
    found = starts(searching(company(ana), need(), visit("ana", 16, 17)))
    assert found == [t for t in EVERY_QUARTER if t >= "18:15"]


def test_what_is_kept_for_the_urgent_is_open_to_them_and_to_all_shortly_before() -> None:
    kept = Reserve(ranges=("08:10-10:05",), until_hours=24, team=("ana",))
    given = company(somebody(), booking=BookingRules(reserve=(kept,), prefer=()))
    early = starts(searching(given, need()))
    assert early == [t for t in EVERY_QUARTER if "10:15" <= t <= "17:00"]
    assert starts(searching(given, need(urgent=True)))[0] == "08:00"
    on_the_eve = BEFORE + timedelta(hours=9, minutes=20)  # what begins before 09:20 is open by now
    assert starts(searching(given, need(15), now=on_the_eve), 8, 10.5) == [
        "08:00", "08:15", "08:30", "08:45", "09:00", "09:15", "10:15",
    ]  # fmt: skip
    other = company(somebody("ben"), booking=given.booking)
    assert starts(searching(other, need()))[0] == "08:00"


def test_there_must_be_time_for_the_way_from_the_visit_before_and_to_the_one_after() -> None:
    day = (visit("ana", 9, 10, THERE), visit("ana", 10, 10.5), visit("ana", 13, 14, THERE))
    given = company(somebody("ana", shift(9, 14)), roads=Roads(otherwise=40))
    assert starts(searching(given, need(place=HERE), *day)) == ["11:15"]
    assert starts(searching(given, need(place=THERE), *day))[-1] == "12:00"


def test_somebody_who_is_named_is_kept_to_the_same_rules() -> None:
    given = company(somebody("ana"), somebody("ben", shift(12, 18)))
    search = searching(given, need(), visit("ana", 8, 9))
    assert [search.keeps(who, at(h)) for who, h in ((["ana"], 9), (["ana"], 8), (["ben"], 9), (["ben"], 12))] == [
        True, False, False, True,
    ]  # fmt: skip
    assert not search.keeps(["ana", "ben"], at(12))
    assert not search.keeps([], at(12))
    assert not search.keeps(["nobody"], at(12))
    assert not search.keeps(["ana"], at(9) + timedelta(minutes=5))
    pair = searching(given, need(crew=(Crew("technician", 2),)))
    assert [pair.keeps(who, at(12)) for who in (["ana", "ben"], ["ana", "ana"], ["ana"])] == [True, False, False]


def test_every_weekday_has_its_name() -> None:
    given = company(somebody("ana", shift(8, 9, days=WEEKDAYS[1:2])))
    assert [s.start for s in searching(given, need()).slots(DAY, at(0, day=15))] == [at(8), at(8, day=7), at(8, day=14)]
