"""The rota: the quarter hours in which somebody works, as bits, against the clock on the wall."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.rota import DAY, Span, bits, cell, moment, next_cell, quarters, tours, working
from domain.team import OtherHours
from tests.domain import slot_worlds
from tests.domain.slot_ground import company, shift, somebody
from tests.domain.slot_oracle import Oracle
from tests.domain.slot_worlds import entries_of, number_of

MONDAY = number_of(datetime(2026, 3, 2, tzinfo=UTC))


def hours(mask: int, first: int = MONDAY) -> list[str]:
    """The runs of a mask, as hours."""
    found, length = list[str](), mask.bit_length()
    edges = [n for n in range(length + 1) if (mask >> n & 1) != (mask >> n - 1 & 1 if n else 0)]
    for begin, end in zip(edges[::2], edges[1::2], strict=True):
        found.append(f"{moment(first + begin):%a %H:%M}-{moment(first + end):%H:%M}")
    return found


@pytest.mark.parametrize("number", range(60_000, 60_027))
def test_everybody_works_when_the_clock_on_the_wall_says_so_also_where_two_blocks_meet(number: int) -> None:
    world = slot_worlds.world(number)
    oracle, entries = Oracle(world), entries_of(world.entries)
    first = number_of(world.now.replace(hour=0, minute=0, second=0))
    blocks = (Span(first, first + 2 * DAY), Span(first + 2 * DAY, first + 4 * DAY), Span(first, first + 4 * DAY))
    for member in world.company.team:
        one, other, both = (working(world.company, member, block, entries) for block in blocks)
        assert both == one | other << 2 * DAY
        assert both == sum(1 << n for n in range(4 * DAY) if oracle.works(member, moment(first + n)))


@given(st.lists(st.tuples(st.integers(-50, 250), st.integers(-50, 250))), st.integers(0, 60), st.integers(1, 150))
def test_spans_are_drawn_as_far_as_they_lie_in_the_block_and_none_that_ends_before_it_begins(
    spans: list[tuple[int, int]], first: int, long: int
) -> None:
    drawn = bits(spans, Span(first, first + long))
    assert drawn == sum(1 << n for n in range(long) if any(a <= first + n < b for a, b in spans))


@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from((0, 1, 9, 15, 16, 17, 40)))))
def test_a_tour_ends_with_four_hours_of_rest(day: list[tuple[int, int]]) -> None:
    works = [on for busy, idle in day for on in (*[True] * busy, *[False] * idle)]
    found, rest = list[list[int]](), 99
    for number, at_work in enumerate(works):
        if at_work and rest >= 16:
            found.append([number, number + 1])
        elif at_work:
            found[-1][1] = number + 1
        rest = 0 if at_work else rest + 1
    assert [list(tour) for tour in tours(sum(1 << n for n, on in enumerate(works) if on))] == found


@given(st.integers(0, 4_000_000_000_000_000))
def test_a_moment_lies_in_one_quarter_hour_and_the_next_begins_with_it_or_after(micro: int) -> None:
    at = datetime.fromtimestamp(0, UTC) + timedelta(microseconds=micro)
    assert moment(cell(at)) <= at < moment(cell(at) + 1)
    assert moment(next_cell(at) - 1) < at <= moment(next_cell(at))


def test_minutes_are_rounded_up_to_quarters() -> None:
    assert [quarters(minutes) for minutes in (0, 1, 15, 16, 60)] == [0, 1, 1, 2, 4]


def test_a_shift_is_worth_its_whole_quarters_and_a_break_all_it_touches() -> None:
    ana = somebody("ana", shift(8 + 1 / 6, 12 + 1 / 6), breaks=("10:05-10:10",))
    assert hours(working(company(ana), ana, Span(MONDAY, MONDAY + DAY))) == ["Mon 08:15-10:00", "Mon 10:15-12:00"]


def test_who_works_ten_minutes_works_no_quarter_and_not_for_ever() -> None:
    ana = somebody("ana", shift(8 + 1 / 12, 8 + 1 / 6))
    assert working(company(ana), ana, Span(MONDAY, MONDAY + DAY)) == 0


def test_two_shifts_that_meet_within_a_quarter_are_one() -> None:
    ana = somebody("ana", shift(8, 10 + 1 / 6), shift(10 + 1 / 6, 12))
    assert hours(working(company(ana), ana, Span(MONDAY, MONDAY + DAY))) == ["Mon 08:00-12:00"]


def test_the_night_before_a_day_off_is_worked_to_its_end() -> None:
    tuesday = datetime(2026, 3, 3, tzinfo=UTC).date()
    ana = somebody("ana", shift(22, 6), absences=((tuesday, tuesday),))
    block = Span(MONDAY + DAY // 2, MONDAY + 3 * DAY)
    assert hours(working(company(ana), ana, block), block.first) == ["Mon 22:00-06:00", "Wed 22:00-00:00"]


def test_other_hours_of_a_date_have_no_breaks_but_those_they_leave() -> None:
    monday = datetime(2026, 3, 2, tzinfo=UTC).date()
    other = (OtherHours(day=monday, ranges=("10:00-14:00", "23:00-01:00")),)
    ana = somebody("ana", breaks=("12:00-13:00",), other_hours=other)
    found = hours(working(company(ana), ana, Span(MONDAY, MONDAY + 2 * DAY)))
    assert found == ["Mon 10:00-14:00", "Mon 23:00-01:00", "Tue 08:00-12:00", "Tue 13:00-18:00"]


def test_a_company_that_is_changed_does_not_work_as_before() -> None:
    ana, block = somebody(), Span(MONDAY, MONDAY + DAY)
    before = company(ana)
    assert working(before, ana, block)
    closed = before.model_copy(update={"closing_days": (datetime(2026, 3, 2, tzinfo=UTC).date(),)})
    assert working(closed, ana, block) == 0
    assert working(before, ana, block)
