"""The search for slots against an oracle that asks every rule on its own, for every quarter hour and everybody: the
same starts, a crew that can come, and of several the one whom the company prefers. The second table
says how often each rule alone kept somebody from a start: none of them is there for nothing.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

import pytest

from domain.slots import Search, Slot
from domain.team import Member
from tests.domain.slot_oracle import Oracle, World
from tests.domain.slot_rules import RULES, broken
from tests.domain.slot_worlds import SEED as SEED
from tests.domain.slot_worlds import searching, world
from tests.proofs.report import Report

PARTS = 8
WORLDS = 2_000
SAMPLE = 64
TRAITS = ("clocks change", "midnight shift", "two zones", "feast", "bases within")


def expected(oracle: Oracle, seen: Counter[str]) -> dict[datetime, list[Member]]:
    """Every start that can be kept, with those who could come; notes which rule alone kept somebody from one."""
    found = {}
    for start in oracle.starts():
        possible = []
        for member in oracle.company.team:
            no = broken(oracle, member, start)
            if not no:
                possible.append(member)
            elif len(no) == 1:
                seen[no[0]] += 1
        if oracle.in_window(start) and oracle.crew_from(possible):
            found[start] = possible
    return found


def fault(oracle: Oracle, slot: Slot, possible: list[Member]) -> str:
    """What is wrong with who comes; nothing: "" ."""
    team = [member for member in possible if member.key in slot.people]
    if len(slot.people) != len(oracle.places) or len(team) != len(oracle.places) or not oracle.crew_from(team):
        return f"{slot.people} come, possible are {[m.key for m in possible]} as {oracle.places}"
    if not all(oracle.may_be(oracle.company.member(k), g) for k, g in zip(slot.people, oracle.places, strict=True)):
        return f"{slot.people} come in another order than {oracle.places}"
    if len(oracle.places) == 1:
        best = oracle.preferred(possible, slot.start)
        if (best.key, *oracle.why(best, slot.start)) != (slot.technician, *(slot.why or ())[:4]):
            return f"{slot.technician} comes because of {slot.why}, preferred is {best.key}"
    return ""


def wrong(given: World, seen: Counter[str]) -> list[str]:
    """Where the search and the oracle do not agree in a world."""
    oracle, search = Oracle(given), searching(given)
    right = expected(oracle, seen)
    offered = {slot.start: slot for slot in search.slots(given.first, given.until)}
    seen["slots"] += len(right)
    seen["worlds"] += 1
    seen.update(given.traits)
    found = [f"{start} is {'missing' if start in right else 'not possible'}" for start in right.keys() ^ offered.keys()]
    found += [f"{s}: {no}" for s, slot in offered.items() if s in right and (no := fault(oracle, slot, right[s]))]
    return found + list(misjudged(oracle, search, right))


def misjudged(oracle: Oracle, search: Search, right: dict[datetime, list[Member]]) -> Iterator[str]:
    """Whoever is named, by a button of yesterday or by hand, is kept to the same rules."""
    team = oracle.company.team
    named = [[team[0]], [team[-1]], [team[0], team[-1]], [*team[:3]]]
    for start, possible in list(right.items())[::5]:
        for people in (*named, possible[: len(oracle.places)], possible[:1] * 2):
            once = len({m.key for m in people}) == len(people) == len(oracle.places)
            able = once and all(m in possible for m in people) and oracle.crew_from(people)
            if search.keeps([m.key for m in people], start) != able:
                yield f"{start}: {[m.key for m in people]} {'could' if able else 'cannot'} keep it"


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_whoever_looks_for_a_time_is_offered_all_that_can_be_kept_and_nothing_else(
    part: int, full: bool, report: Report
) -> None:
    seen: Counter[str] = Counter()
    size = (WORLDS if full else SAMPLE) // PARTS
    for number in range(part * WORLDS, part * WORLDS + size):
        assert (number, wrong(world(number), seen)) == (number, [])
    assert all(seen[trait] for trait in TRAITS)
    assert not full or all(seen[rule] for rule in RULES)
    report.row(part=part + 1, **{name: seen[name] for name in ("worlds", "slots", *TRAITS)}, wrong=0)
    report.row(part=part + 1, **{rule: seen[rule] for rule in RULES})
