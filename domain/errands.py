"""Errands: work that we propose by ourselves (maintenance, a newer device, newer software), and its price.

A yes opens a request for just that work: as long as the company declares, by whom, with the parts. It is priced by the
same rules as everything else, so that what was told is what stands on the times he chooses from.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from domain import contracts, proposals
from domain.areas import Area, Intent, Urgency
from domain.cases import Case, Crew
from domain.catalogue import Effort, Known, find
from domain.company import Company
from domain.homes import Device, Home
from domain.labour import NoPrice
from domain.money import Money
from domain.plans import Maintenance, Plan
from domain.pricing import Priced, price
from domain.proposals import Promise
from domain.requests import Request, Wish, open_request
from domain.routing import channel_for
from domain.stored import keep
from domain.tariff import NO_PLAN
from domain.warranties import warranty_for
from domain.work import Work

FAULTS, FIRMWARE = "faults", "firmware"
OURS = "occasion"  # whose price it is: nobody's in particular


@dataclass(frozen=True)
class Errand:
    """Work with everything that decides its price besides the home, its contract and the hour."""

    work: str
    minutes: int
    area: Area
    crew: tuple[Crew, ...]
    intent: Intent
    parts: Money | None = None
    device: int | None = None
    warranty: str | None = None


def maintenance(company: Company, care: Maintenance) -> Errand | None:
    """The visit that a plan provides for; none where the company does not offer that work any more."""
    job = next((job for job in company.offered(care.area) if job.work == care.work), None)
    if job is None:
        return None
    return Errand(care.work, care.minutes, care.area, job.people(company.tariff), Intent.VISIT)


def upgrade(company: Company, home: Home, device: Device, reason: str, today: date) -> Errand | None:
    """What would be done about a device; none where the company does not offer that (any more).

    A warranty is for what is broken: it pays where faults are the reason, and not for age or a newer version.
    """
    known = find(company.catalogue, device.brand, device.model)
    effort = effort_for(known, reason) if known is not None else None
    if effort is None or all(job.work != effort.work for job in company.offered(device.area)):
        return None
    parts = None if effort.parts is None else Money.of(effort.parts, company.currency)
    warranty = warranty_for(company.tariff, device, home, today) if reason == FAULTS else None
    crew = effort.people(company.tariff)
    return Errand(effort.work, effort.minutes, device.area, crew, Intent.UPGRADE, parts, device.id, warranty)


def effort_for(known: Known, reason: str) -> Effort | None:
    """What a reason asks for: newer software, or a newer device."""
    return known.update if reason == FIRMWARE else known.upgrade


def case_of(home: Home, plan: Plan | None, errand: Errand) -> Case:
    """The facts, as the tariff asks for them."""
    return Case(
        work=errand.work,
        minutes=errand.minutes,
        area=errand.area,
        crew=errand.crew,
        region=home.region,
        zone=home.zone,
        complexity=home.complexity,
        km=Decimal(home.km) if home.km is not None else None,
        warranty=errand.warranty,
        plan=plan.key if plan else NO_PLAN,
        parts=errand.parts,
    )


def priced(work: Work, company: Company, home: Home, errand: Errand) -> Priced | None:
    """What it costs in the usual hours, with what the plan includes and takes off; none where a person looks first."""
    contract = contracts.running(work, home.id)
    plan, left = contracts.terms(contract), contracts.balances(work, contract)
    try:
        return price(
            company.tariff, company.currency, company.time_zone, case_of(home, plan, errand), plan, left
        )  # fmt: skip
    except NoPrice:
        return None


def begin(work: Work, company: Company, person: int, home: Home, errand: Errand, story: str) -> Request | None:
    """He wants it: a request for just this work, at the price he was told. None where it has no price any more."""
    told = priced(work, company, home, errand)
    if told is None:
        return None
    channel = channel_for(work, company, home, errand.area, Urgency.LOW)
    wish = Wish(errand.intent, errand.area, Urgency.LOW, story, channel, errand.device)
    request = open_request(work, person, home.id, wish)
    until = work.now + timedelta(days=company.tariff.quote_valid_days)
    promise = Promise(told, keep(work, company.tariff).id, until)
    stored = proposals.propose(work, request.id, promise, contracts.running(work, home.id))
    stored.made_by = OURS
    proposals.accept(work, stored)
    return request
