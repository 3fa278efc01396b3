"""Spreading: the few times somebody is shown, the days there are, the evenings; page after page."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from domain.company import Company
from domain.slots import Search, Slot
from domain.spreading import Wanted, Window, days, few
from tests.domain.slot_ground import BEFORE, DAY, at, company, need, searching, shift, somebody, visit

PARIS = "Europe/Paris"
FORTNIGHT = Window(DAY, DAY + timedelta(days=14), "UTC")
TEAM = company(somebody("ana", shift(8, 12)), somebody("ben", shift(14, 20), time_zone="Europe/Paris"))


def looking(given: Company = TEAM) -> Search:
    return searching(given, need(), visit("ana", 8, 12), visit("ben", 15, 17))


def said(found: list[Slot], zone: str = "UTC") -> list[str]:
    return [f"{slot.start.astimezone(ZoneInfo(zone)):%a %H:%M}" for slot in found]


def test_one_sees_the_first_time_of_each_half_day() -> None:
    assert said(few(looking(), FORTNIGHT, 5)) == ["Tue 13:00", "Wed 08:00", "Wed 13:00", "Thu 08:00", "Thu 13:00"]


def test_pages_follow_each_other_without_a_gap_and_without_a_time_shown_twice() -> None:
    search, halves = looking(), list[Slot]()
    for slot in search.slots(FORTNIGHT.first, FORTNIGHT.until):
        if not any((h.start.date(), h.start.hour >= 13) == (slot.start.date(), slot.start.hour >= 13) for h in halves):
            halves.append(slot)
    pages = [few(search, FORTNIGHT, 4, skip=4 * number) for number in range(8)]
    assert [slot for page in pages for slot in page] == halves
    assert len(halves) == 27


def test_the_half_days_are_those_of_who_reads_them() -> None:
    found = said(few(looking(), Window(DAY, DAY + timedelta(days=14), PARIS), 4), PARIS)
    assert found == ["Tue 14:00", "Wed 09:00", "Wed 14:00", "Thu 09:00"]
    tokyo = said(few(looking(), Window(DAY, DAY + timedelta(days=14), "Asia/Tokyo"), 4), "Asia/Tokyo")
    assert tokyo == ["Tue 22:00", "Wed 02:00", "Wed 17:00", "Thu 00:00"]


def test_on_a_day_one_sees_a_time_each_hour() -> None:
    wanted = Wanted(day=date(2026, 3, 4))
    assert said(few(looking(), FORTNIGHT, 6, wanted=wanted)) == [
        "Wed 08:00", "Wed 09:00", "Wed 10:00", "Wed 11:00", "Wed 13:00", "Wed 14:00",
    ]  # fmt: skip
    assert said(few(looking(), FORTNIGHT, 6, skip=6, wanted=wanted)) == [
        "Wed 15:00",
        "Wed 16:00",
        "Wed 17:00",
        "Wed 18:00",
    ]


def test_the_next_hour_is_counted_from_the_time_that_is_shown() -> None:
    given = searching(company(somebody()), need(45), visit("ana", 9.5, 10.25))
    found = said(few(given, FORTNIGHT, 5, wanted=Wanted(day=DAY.date())))
    assert found == ["Tue 08:00", "Tue 10:15", "Tue 11:15", "Tue 12:15", "Tue 13:15"]


def test_a_day_is_a_day_where_one_lives_also_when_the_clocks_change() -> None:
    """That Sunday has 23 hours in Paris: from 23:00 (UTC) on Saturday to 22:00 on Sunday."""
    sunday = date(2026, 3, 29)
    now = datetime(2026, 3, 27, tzinfo=UTC)
    always = company(somebody("ana", shift(0, 24)))
    search, window = searching(always, need(15), now=now), Window(now, now + timedelta(days=9), PARIS)
    found = few(search, window, 99, wanted=Wanted(day=sunday))
    assert (len(found), found[0].start) == (23, datetime(2026, 3, 28, 23, tzinfo=UTC))
    assert found[-1].start == datetime(2026, 3, 29, 21, tzinfo=UTC)


def test_evenings_begin_when_the_company_says_on_the_readers_clock() -> None:
    evening = Wanted(evening_from=time(17))
    assert said(few(looking(), FORTNIGHT, 3, wanted=evening)) == ["Tue 17:00", "Wed 17:00", "Thu 17:00"]
    window = Window(DAY, DAY + timedelta(days=14), PARIS)
    assert said(few(looking(), window, 3, wanted=evening), PARIS) == ["Tue 18:00", "Wed 17:00", "Thu 17:00"]
    both = Wanted(date(2026, 3, 4), time(17))
    assert said(few(looking(), window, 9, wanted=both), PARIS) == ["Wed 17:00", "Wed 18:00", "Wed 19:00"]


def test_a_time_that_does_not_fit_makes_room_for_the_next() -> None:
    found = few(looking(), FORTNIGHT, 2, fits=lambda slot: slot.start.minute == 45)
    assert said(found) == ["Tue 13:45", "Wed 08:45"]
    assert few(looking(), FORTNIGHT, 2, fits=lambda _: False) == []


def test_the_days_that_have_a_time_come_one_after_the_other() -> None:
    given = company(somebody("ana", shift(8, 12, days=("wed", "fri"))), somebody("ben", shift(17, 20, days=("sat",))))
    fourth, sixth, seventh = (date(2026, 3, day) for day in (4, 6, 7))
    assert days(looking(given), FORTNIGHT, 3) == [fourth, sixth, seventh]
    assert days(looking(given), FORTNIGHT, 3, skip=2) == [seventh, date(2026, 3, 11), date(2026, 3, 13)]
    assert days(looking(given), FORTNIGHT, 9, wanted=Wanted(evening_from=time(17))) == [seventh, date(2026, 3, 14)]
    assert days(looking(given), FORTNIGHT, 9, skip=6) == []


def test_a_day_that_has_a_time_is_the_readers_day() -> None:
    found = days(looking(), Window(DAY, DAY + timedelta(days=14), "Asia/Tokyo"), 3)
    assert found == [date(2026, 3, 3), date(2026, 3, 4), date(2026, 3, 5)]
    only = searching(company(somebody("ana", shift(16, 20))), need())  # after midnight in Tokyo
    assert days(only, Window(DAY, DAY + timedelta(days=14), "Asia/Tokyo"), 2) == [date(2026, 3, 4), date(2026, 3, 5)]


def test_what_nobody_may_book_is_not_shown() -> None:
    search = looking()
    soon = Window(at(9, 1), at(14, 1), "UTC")
    assert said(few(search, soon, 9)) == ["Wed 09:00", "Wed 13:00"]
    assert said(few(search, soon, 9, wanted=Wanted(day=date(2026, 3, 4)))) == [
        "Wed 09:00", "Wed 10:00", "Wed 11:00", "Wed 13:00",
    ]  # fmt: skip
    assert few(search, soon, 9, wanted=Wanted(day=date(2026, 3, 5))) == []
    assert few(search, Window(BEFORE, BEFORE, "UTC"), 9) == []
