"""Looking out for storms: a request came, and others like it before. Is it one trouble?

Two who report at the same moment do not see each other's request: whoever looks for a storm in an area holds that
area's `storm_watches` row first, until his transaction ends. The key of a storm that lasts is unique besides.
"""

from collections.abc import Iterable
from contextlib import suppress
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.exc import IntegrityError

from domain import storm_events, storm_rules, storms
from domain.areas import Area, Intent, Urgency
from domain.company import Company
from domain.homes import Device, Home
from domain.requests import Request
from domain.storm_rules import Burst, Report
from domain.storms import RUNNING, Storm, StormMember, StormWatch
from domain.work import Work


def watch(work: Work, area: Area) -> None:
    """Hold an area until the transaction ends: what others report in it meanwhile is seen by them, with ours."""
    turned = update(StormWatch).where(StormWatch.area == area.value).values(looks=StormWatch.looks + 1)
    while work.session.execute(turned.returning(StormWatch.looks)).first() is None:
        with suppress(IntegrityError), work.session.begin_nested():  # somebody else may begin it at this moment
            work.session.execute(insert(StormWatch).values(area=area.value, looks=0))


def notice(work: Work, company: Company, request: Request) -> None:
    """A request came: it joins a storm that lasts, or it is the one that makes a storm of several."""
    report = report_of(work, request)
    if report is None or request.storm_id is not None:
        return
    watch(work, request.area)
    was_in = set(work.session.scalars(select(StormMember.storm_id).where(StormMember.request_id == request.id)))
    likely = [s for s in storms.lasting(work, request.area) if storm_rules.joins(s.likeness, s.last_at, report)]
    for storm in likely:
        if storm.id not in was_in:  # whoever took it out knew better
            storms.join(work, company, request, storms.held(work, storm.id))
            return
    rules = company.desk.storm
    if rules.automatic and not was_in:
        found = storm_rules.burst(_reports(work, company, request.area), rules, work.now)
        if found is not None:
            gather(work, company, found, None)


def gather(work: Work, company: Company, found: Burst, by: str | None) -> Storm:
    """Several requests become one trouble; where the same lasts already they join it. The area is held."""
    like = found.likeness
    known = work.session.scalar(select(Storm).where(Storm.key == like.key))
    storm = storms.held(work, known.id) if known is not None else Storm(
        key=like.key, area=like.area, brand=like.brand, region=like.region, begun_by=by, opened_at=work.now,
        last_at=work.now, told={}, warned={}, channel=company.channels.of(like.area, Urgency.NORMAL),
    )  # fmt: skip
    if known is None:
        work.session.add(storm)
        work.session.flush()
        work.happened(storm_events.StormBegan(storm.id, by))
    for number in found.requests:
        storms.join(work, company, work.session.get_one(Request, number), storm, later=known is not None)
    return storm


def sorted_anew(work: Work, company: Company, request: Request) -> None:
    """It is about another area: none of that storm, perhaps of another one."""
    if request.storm_id is not None and work.session.get_one(Storm, request.storm_id).lasts:
        storms.leave(work, request)
    notice(work, company, request)


def alike(work: Work, company: Company, request: Request) -> list[Burst]:
    """What a request has in common with others that came lately, the narrowest first; for who begins it by hand."""
    mine = report_of(work, request)
    if mine is None:
        return []
    found = storm_rules.groups([*_reports(work, company, request.area), mine])
    return sorted((one for one in found if one.likeness.holds(mine)), key=lambda one: one.likeness.width)


def report_of(work: Work, request: Request) -> Report | None:
    """A request as it can be like others; none where it stands alone."""
    if request.intent is not Intent.PROBLEM or request.urgency is Urgency.EMERGENCY or not request.running:
        return None
    return next(iter(_as_reports(work, Request.id == request.id)), None)


def _reports(work: Work, company: Company, area: Area) -> list[Report]:
    """What came lately in an area and is, and was, in no storm."""
    ever = select(StormMember.request_id)
    lately = (Request.area == area) & (Request.opened_at >= work.now - company.desk.storm.window)
    return _as_reports(work, lately & Request.storm_id.is_(None) & Request.id.not_in(ever))


def _as_reports(work: Work, which: Any) -> list[Report]:
    rows = work.session.execute(
        select(Request.id, Request.home_id, Request.opened_at, Request.area, Device.brand, Home.region)
        .join(Home, Home.id == Request.home_id)
        .outerjoin(Device, Device.id == Request.device_id)
        .where(which, Request.intent == Intent.PROBLEM, Request.urgency != Urgency.EMERGENCY)
        .where(Request.state.in_(RUNNING))
    ).all()
    lines = _providers(work, [row.home_id for row in rows if row.area is Area.NETWORK and row.brand is None])
    return [Report(r.id, r.home_id, r.opened_at, r.area, r.brand or lines.get(r.home_id), r.region) for r in rows]


def _providers(work: Work, homes: Iterable[int]) -> dict[int, str]:
    """The brand of a home's network, where it has one: nobody names the box when nothing works at all."""
    if not (wanted := set(homes)):
        return {}
    found: dict[int, set[str]] = {}
    asked = select(Device.home_id, Device.brand).where(Device.area == Area.NETWORK, Device.home_id.in_(wanted))
    for home, brand in work.session.execute(asked):
        found.setdefault(home, set()).add(brand)
    return {home: brands.pop() for home, brands in found.items() if len(brands) == 1}
