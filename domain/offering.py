"""Offering: what a job for a request needs, from when to when one may book it, and what was promised."""

from datetime import datetime, timedelta

from domain import calendar, occupancy
from domain.areas import Area, Help, Urgency
from domain.company import Company, Job
from domain.homes import Device, Home
from domain.need import Need
from domain.plans import Plan
from domain.requests import Request
from domain.slots import Search
from domain.spreading import Window
from domain.work import Work
from domain.worktime import ALWAYS, Worktime

URGENT = (Urgency.EMERGENCY, Urgency.HIGH)


def need_of(
    work: Work, company: Company, job: Job, area: Area, home: Home | None, *, brand: str | None = None,
    urgent: bool = False, same: frozenset[str] = frozenset(),
) -> Need:  # fmt: skip
    """What a job needs. From afar only somebody who can do it; a visit also his way there."""
    visit = company.help_of(job.work) is Help.VISIT
    return Need(
        area=area,
        minutes=job.minutes,
        crew=job.people(company.tariff) if job.crew or job.grade or job.technicians > 1 else (),
        before=job.before,
        after=job.after,
        brand=brand,
        region=home.region if home and visit else None,
        place=occupancy.place_of(home) if home and visit else None,
        urgent=urgent,
        known=occupancy.known_in(work, home.id if home else None),
        same=same,
    )


def search_for(work: Work, company: Company, request: Request, job: Job) -> Search:
    """Looks for times for a request; its own appointment is no hindrance, and who had it comes first."""
    home = work.session.get(Home, request.home_id) if request.home_id is not None else None
    device = work.session.get(Device, request.device_id) if request.device_id is not None else None
    need = need_of(
        work, company, job, request.area, home,
        brand=device.brand if device else None, urgent=request.urgency in URGENT,
        same=occupancy.coming_for(work, request.id),
    )  # fmt: skip
    return searching(work, company, need, but_for=request.id)


def searching(work: Work, company: Company, need: Need, but_for: int | None = None) -> Search:
    """Looks for times in the record as it is now."""
    return Search(company, need, work.now, occupancy.diaries(work, but_for), calendar.entries(work))


def window_of(company: Company, job: Job, now: datetime, zone: str) -> Window:
    """From when up to when it may be booked: the job's notice, the company's horizon."""
    notice = company.booking.notice_minutes if job.notice_minutes is None else job.notice_minutes
    return Window(
        now + timedelta(minutes=notice), now + timedelta(minutes=notice, days=company.booking.horizon_days), zone
    )


def promised_by(
    company: Company, plan: Plan | None, request: Request, work_kind: str, working: Worktime
) -> datetime | None:
    """Until when the plan promises that help has begun: the earliest of its promises that fit."""
    if plan is None:
        return None
    meant = {"help", "visit"} if company.help_of(work_kind) is Help.VISIT else {"help"}
    ends = (
        (working if promise.clock == "working" else ALWAYS).later(request.opened_at, timedelta(minutes=promise.minutes))
        for promise in plan.promises
        if promise.what in meant
        and request.urgency in promise.urgencies
        and (not promise.work or work_kind in promise.work)
    )
    return min((end for end in ends if end is not None), default=None)
