"""Whether somebody can come at a time: each rule on its own, for the oracle of slots and for whoever is kept to it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import pairwise

from domain.declared import WEEKDAYS
from domain.roads import Place
from domain.team import Member
from tests.domain.slot_oracle import QUARTER, STEP, Oracle, Visit, minutes_of, road, wall

Rule = Callable[[Oracle, Member, datetime, datetime], bool]


def is_technician(_o: Oracle, member: Member, _begin: datetime, _end: datetime) -> bool:
    return "technician" in member.roles


def has_the_skill(o: Oracle, member: Member, _begin: datetime, _end: datetime) -> bool:
    return o.need.area in member.skills


def knows_the_brand(o: Oracle, member: Member, _begin: datetime, _end: datetime) -> bool:
    known = [brand.lower() for brand in member.brands]
    return o.need.brand is None or not known or o.need.brand.lower() in known


def has_a_grade(o: Oracle, member: Member, _begin: datetime, _end: datetime) -> bool:
    return any(o.may_be(member, grade) for grade in o.places)


def goes_there(o: Oracle, member: Member, _begin: datetime, _end: datetime) -> bool:
    if o.need.place is None or o.need.region is None:
        return True
    return not member.regions or o.need.region in member.regions


def works_then(o: Oracle, member: Member, begin: datetime, end: datetime) -> bool:
    return all(o.works(member, begin + n * QUARTER) for n in range((end - begin) // QUARTER))


def is_not_taken(o: Oracle, member: Member, begin: datetime, end: datetime) -> bool:
    return not any(v.start < end and begin < v.end for v in o.visits[member.key])


def is_not_reserved(o: Oracle, member: Member, begin: datetime, end: datetime) -> bool:
    """No quarter that it takes is touched by what is kept for the urgent."""
    if o.need.urgent:
        return True
    zone = member.time_zone or o.company.time_zone
    for reserve in o.company.booking.reserve:
        if reserve.team and member.key not in reserve.team:
            continue
        for n in range((end - begin) // QUARTER):
            quarter = begin + n * QUARTER
            still = quarter - o.world.now >= timedelta(hours=reserve.until_hours)
            if still and any(in_week(wall(zone, quarter + m * STEP), reserve.days, reserve.ranges) for m in range(3)):
                return False
    return True


def in_week(at: datetime, days: tuple[str, ...], ranges: tuple[tuple[int, int], ...]) -> bool:
    """Whether a moment lies in ranges that begin on these weekdays."""
    minute = at.hour * 60 + at.minute
    today, before = WEEKDAYS[at.weekday()] in days, WEEKDAYS[at.weekday() - 1] in days
    return any(
        (today and begin <= minute and (end <= begin or minute < end)) or (before and end <= begin and minute < end)
        for begin, end in ranges
    )


def has_room_that_day(o: Oracle, member: Member, begin: datetime, _end: datetime) -> bool:
    mosts = [most for most in (member.most_a_day, o.company.booking.most_a_day) if most]
    return not mosts or len([v for v in o.same_day(member, begin) if v.ours]) < min(mosts)


def comes_in_time(o: Oracle, member: Member, begin: datetime, end: datetime) -> bool:
    """From the visit before to here, from here to the one after; what is done from afar leaves time for the way."""
    before, after = o.visit_before(member, begin), o.visit_after(member, end)
    if o.need.place is None:
        if before is None or after is None or before.place is None or after.place is None:
            return True
        idle = o.idle(member, before.end, after.start) - (end - begin)
        return minutes_of(idle) >= road(o.company, before.place, after.place)
    for other, idle_from, idle_to in ((before, before and before.end, begin), (after, end, after and after.start)):
        if other is None or idle_from is None or idle_to is None or other.place is None:
            continue
        ends = (other.place, o.need.place) if other is before else (o.need.place, other.place)
        if minutes_of(o.idle(member, idle_from, idle_to)) < road(o.company, *ends):
            return False
    return True


def sets_out_in_working_time(o: Oracle, member: Member, begin: datetime, end: datetime) -> bool:
    """Where that is declared: to the first visit of a tour and home from the last one he drives in his working time."""
    if o.company.roads.base == "outside" or member.base is None or not o.works(member, begin):
        return True
    base, (opens, closes) = Place(member.base.zone, member.base.at), o.tour(member, begin)
    own = [v for v in o.near(member, begin, end) if opens <= v.start and v.end <= closes]
    own = sorted([*own, Visit(member.key, begin, end, o.need.place)], key=lambda v: v.start)
    placed = [v for v in own if v.place is not None]
    if not placed or is_taken(own):
        return True
    first, last = placed[0], placed[-1]
    earlier = sum((v.long for v in own if v.start < first.start), timedelta())
    later = sum((v.long for v in own if v.start > last.start), timedelta())
    out_matters = (o.need.place is None and begin < first.start) or first.start == begin
    home_matters = (o.need.place is None and begin > last.start) or last.start == begin
    assert first.place is not None
    assert last.place is not None
    if out_matters and minutes_of(first.start - opens - earlier) < road(o.company, base, first.place):
        return False
    return not home_matters or minutes_of(closes - last.end - later) >= road(o.company, last.place, base)


def is_taken(own: list[Visit]) -> bool:
    """Two at the same time: another rule sees to that."""
    return any(one.end > other.start for one, other in pairwise(own))


RULES: dict[str, Rule] = {
    rule.__name__: rule
    for rule in (
        is_technician, has_the_skill, knows_the_brand, has_a_grade, goes_there, works_then, is_not_taken,
        is_not_reserved, has_room_that_day, comes_in_time, sets_out_in_working_time,
    )
}  # fmt: skip


def broken(o: Oracle, member: Member, start: datetime) -> list[str]:
    """The rules that keep somebody from that start."""
    return [name for name, rule in RULES.items() if not rule(o, member, *o.block(start))]
