"""Slots: every one that is offered can be kept, none that could be is missing; also on the nights the clocks change."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.areas import Area
from domain.company import Company, Member, Shift
from domain.declared import WEEKDAYS
from domain.slots import QUARTER, Slot, cell, free, moment, qualified, quarters, spread
from tests.domain.ground import SAMPLE

ZONES = ("Europe/Paris", "Atlantic/Canary", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC")
# The weeks around clock changes (Paris, New York, Lord Howe in 2026) and an ordinary one.
STARTS = ("2026-03-27", "2026-10-23", "2026-03-06", "2026-10-30", "2026-04-03", "2026-10-02", "2026-07-10")
# Edges of shifts: none in the hours that some clocks skip or repeat.
EDGES = [time(h, m) for h in (0, *range(4, 24)) for m in (0, 30)]


def naive(
    company: Company, area: Area, minutes: int, window: tuple[datetime, datetime], busy: dict[str, list[int]]
) -> Iterator[Slot]:
    """The same answer, by looking at every quarter hour of everybody."""
    team = [m for m in company.team if "technician" in m.roles and area in m.skills]
    team.sort(key=lambda m: (len(busy.get(m.key, [])), m.key))
    start = datetime.fromtimestamp(-(-window[0].timestamp() // 900) * 900, UTC)
    while start + QUARTER * quarters(minutes) <= datetime.fromtimestamp(window[1].timestamp() // 900 * 900, UTC):
        needed = [start + QUARTER * n for n in range(quarters(minutes))]
        for member in team:
            if all(works(company, member, at) and cell(at) not in busy.get(member.key, ()) for at in needed):
                yield Slot(start, needed[-1] + QUARTER, member.key)
                break
        start += QUARTER


def works(company: Company, member: Member, at: datetime) -> bool:
    """Whether somebody works at a moment, by the clock on his wall."""
    local = at.astimezone(ZoneInfo(member.time_zone or company.time_zone))
    day = local.date()
    if day in company.closing_days or any(first <= day <= last for first, last in member.absences):
        return False
    return any(WEEKDAYS[day.weekday()] in s.days and s.start <= local.time() < s.end for s in member.shifts)


@st.composite
def shifts(draw: st.DrawFn) -> Shift:
    start, end = sorted(draw(st.lists(st.sampled_from(EDGES), min_size=2, max_size=2, unique=True)))
    days = draw(st.sets(st.sampled_from(WEEKDAYS), min_size=1))
    return Shift(days=tuple(days), start=start, end=end)


@st.composite
def weeks(draw: st.DrawFn) -> tuple[Company, int, tuple[datetime, datetime], dict[str, list[int]]]:
    """A company, so many minutes of work, a window of a few days, and who is busy when."""
    begin = datetime.fromisoformat(draw(st.sampled_from(STARTS))).replace(tzinfo=UTC)
    opens = begin + timedelta(minutes=draw(st.integers(0, 2880)))
    window = (opens, opens + timedelta(minutes=draw(st.integers(0, 3 * 1440))))
    days = st.integers(-1, 5).map(lambda n: begin.date() + timedelta(days=n))
    team = [
        Member(
            key=key,
            name=key,
            slack=key,
            roles=("technician",),
            skills=draw(st.sampled_from([(Area.LIGHTING,), (Area.LIGHTING, Area.AUDIO), (Area.AUDIO,)])),
            time_zone=draw(st.none() | st.sampled_from(ZONES)),
            shifts=tuple(draw(st.lists(shifts(), max_size=3))),
            absences=tuple((d, d) for d in draw(st.lists(days, max_size=1))),
        )
        for key in ("a", "b", "c")
    ]
    cells = st.integers(cell(window[0]), max(cell(window[0]), cell(window[1]) - 1))
    busy = {key: sorted(draw(st.sets(cells, max_size=12))) for key in draw(st.sets(st.sampled_from("abc")))}
    changed = {
        "team": tuple(team),
        "closing_days": tuple(draw(st.lists(days, max_size=2))),
        "time_zone": draw(st.sampled_from(ZONES)),
    }
    return SAMPLE.model_copy(update=changed), draw(st.integers(1, 300)), window, busy


@given(weeks())
@settings(max_examples=100, deadline=None)
def test_the_offer_is_exactly_what_looking_at_every_quarter_hour_finds(
    week: tuple[Company, int, tuple[datetime, datetime], dict[str, list[int]]],
) -> None:
    company, minutes, window, busy = week
    offered = list(free(company, Area.LIGHTING, minutes, window, busy))
    assert offered == list(naive(company, Area.LIGHTING, minutes, window, busy))


@given(weeks())
@settings(max_examples=40, deadline=None)
def test_every_offer_can_be_kept(
    week: tuple[Company, int, tuple[datetime, datetime], dict[str, list[int]]],
) -> None:
    company, minutes, window, busy = week
    for slot in free(company, Area.LIGHTING, minutes, window, busy):
        member = company.member(slot.technician)
        assert Area.LIGHTING in member.skills
        assert slot.start.timestamp() % 900 == 0
        assert window[0] <= slot.start
        assert slot.end <= window[1]
        assert slot.end - slot.start == QUARTER * quarters(minutes)
        for number in range(cell(slot.start), cell(slot.end)):
            assert works(company, member, moment(number))
            assert number not in busy.get(member.key, ())


def worker(zone: str, start: time, end: time) -> Company:
    """A company of one, who works every day."""
    shift = Shift(days=WEEKDAYS, start=start, end=end)
    one = Member(
        key="a", name="A", slack="A", roles=("technician",), skills=(Area.AUDIO,), time_zone=zone, shifts=(shift,)
    )
    return SAMPLE.model_copy(update={"team": (one,), "closing_days": ()})


def starts(company: Company, day: date, minutes: int = 15) -> list[str]:
    """The starts offered on a day, as the worker's clock shows them."""
    local = ZoneInfo(company.team[0].time_zone or "")
    begin = datetime.combine(day, time(0), local).astimezone(UTC)
    window = (begin, datetime.combine(day + timedelta(days=1), time(0), local).astimezone(UTC))
    return [f"{s.start.astimezone(local):%H:%M}" for s in free(company, Area.AUDIO, minutes, window, {})]


def test_a_night_shift_is_an_hour_shorter_in_spring_and_longer_in_autumn() -> None:
    night = worker("Europe/Paris", time(0), time(6))
    assert [len(starts(night, date(2026, *day))) for day in ((3, 28), (3, 29), (10, 25))] == [24, 20, 28]
    assert "02:30" not in starts(night, date(2026, 3, 29))
    assert starts(night, date(2026, 10, 25)).count("02:30") == 2


def test_a_working_day_begins_at_nine_on_the_wall_before_and_after_the_change() -> None:
    day = worker("Europe/Paris", time(9), time(12))
    for on in ((3, 28), (3, 29), (3, 30), (10, 24), (10, 25), (10, 26)):
        found = starts(day, date(2026, *on), minutes=60)
        assert (found[0], found[-1], len(found)) == ("09:00", "11:00", 9)


def test_only_who_goes_to_the_region_visits_it_and_anybody_helps_from_afar() -> None:
    """Tom goes to the coast, Paolo to the hills, Yaiza everywhere."""
    goes = {"tom": ("coast",), "paolo": ("hills",), "yaiza": ()}
    team = tuple(SAMPLE.member(key).model_copy(update={"regions": regions}) for key, regions in goes.items())
    company = SAMPLE.model_copy(update={"team": team})
    window = (datetime(2026, 3, 3, 7, tzinfo=UTC), datetime(2026, 3, 3, 18, tzinfo=UTC))
    assert {
        region: [m.key for m in qualified(company, Area.NETWORK, region)] for region in ("coast", "hills", "sea")
    } == {
        "coast": ["tom", "yaiza"],
        "hills": ["paolo", "yaiza"],
        "sea": ["yaiza"],
    }
    assert [m.key for m in qualified(company, Area.NETWORK)] == ["tom", "paolo", "yaiza"]
    assert {s.technician for s in free(company, Area.NETWORK, 45, window, {}, "sea")} == {"yaiza"}
    assert "paolo" in {s.technician for s in free(company, Area.NETWORK, 45, window, {}, "hills")}


def test_the_lunch_break_belongs_to_nobody() -> None:
    """Ana works until 12:30 and from 14:00: no hour of hers begins at 12:00."""
    window = (datetime(2026, 3, 2, 7, tzinfo=UTC), datetime(2026, 3, 2, 18, tzinfo=UTC))
    only_ana = SAMPLE.model_copy(update={"team": (SAMPLE.member("ana"),)})
    paris = ZoneInfo("Europe/Paris")
    found = {f"{s.start.astimezone(paris):%H:%M}" for s in free(only_ana, Area.LIGHTING, 60, window, {})}
    assert {"09:00", "11:30", "14:00", "17:00"} <= found
    assert not {"08:45", "11:45", "12:00", "13:45", "17:15"} & found


def test_of_two_who_could_come_the_one_with_less_to_do_is_named() -> None:
    window = (datetime(2026, 3, 3, 8, tzinfo=UTC), datetime(2026, 3, 3, 12, tzinfo=UTC))
    afternoon = cell(datetime(2026, 3, 3, 11, tzinfo=UTC))
    busy = {"tom": [afternoon]}
    named = {s.technician for s in free(SAMPLE, Area.NETWORK, 30, window, busy) if s.start.hour == 9}
    assert named == {"paolo"}


def test_the_spread_is_the_first_of_each_half_day_and_pages_do_not_overlap() -> None:
    window = (datetime(2026, 3, 2, 7, tzinfo=UTC), datetime(2026, 3, 16, 7, tzinfo=UTC))
    everything = list(free(SAMPLE, Area.NETWORK, 45, window, {}))
    paris = ZoneInfo("Europe/Paris")
    halves = [(s.start.astimezone(paris).date(), s.start.astimezone(paris).hour >= 13) for s in everything]
    firsts = [s for n, s in enumerate(everything) if halves[n] not in halves[:n]]
    pages = [spread(everything, "Europe/Paris", 4, skip=4 * n) for n in range(4)]
    assert [s for page in pages for s in page] == firsts[:16]
    assert spread([], "Europe/Paris", 4) == []


def test_a_window_that_is_too_short_offers_nothing() -> None:
    at = datetime(2026, 3, 2, 9, tzinfo=UTC)
    assert list(free(SAMPLE, Area.LIGHTING, 60, (at, at + timedelta(minutes=59)), {})) == []
    assert list(free(SAMPLE, Area.LIGHTING, 60, (at, at), {})) == []
    assert [s.start for s in free(SAMPLE, Area.LIGHTING, 60, (at, at + timedelta(minutes=60)), {})] == [at]
