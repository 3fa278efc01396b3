"""Routing: the channel in which the team sees a request."""

from domain import contracts
from domain.areas import Area, Urgency
from domain.company import Company
from domain.homes import Home
from domain.work import Work


def channel_for(work: Work, company: Company, home: Home | None, area: Area, urgency: Urgency) -> str:
    """By how urgent it is, the plan of the home, its region, and what it is about, as the company declares."""
    plan = contracts.terms(contracts.running(work, home.id if home else None))
    return company.channels.of(area, urgency, home.region if home else None, plan.key if plan else None)
