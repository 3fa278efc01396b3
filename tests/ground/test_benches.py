"""The benches compare the same with the same: what they time is right."""

from bench.slots import Town, all_pairs, eight_spread, first_eight, naive_pairs


def test_the_bench_of_times_finds_by_bits_what_plain_datetimes_find() -> None:
    town = Town(12, bookings=600)
    some = town.company.team[:6]  # one of each pattern: breaks, other hours, another zone
    keys = {member.key for member in some}
    naive = set(naive_pairs(town, some))
    assert {pair for pair in all_pairs(town) if pair[1] in keys} == naive
    assert len(naive) > 1000
    assert first_eight(town) == eight_spread(town) == 8
