"""Coming back by ourselves: the timers of prompts, and of the looks whether there is an occasion for one."""

from collections.abc import Callable
from datetime import time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from domain import campaign_events, coming_back_events, events, prompting, surveys
from domain.company import Company
from domain.homes import Home
from domain.prompting import Wish
from domain.prompts import Kind, Prompt
from domain.requests import Request
from domain.work import Work
from scheduling import looks, timers
from scheduling.daytime import at_local
from scheduling.looks import LOOK

PROMPT = "prompt"  # something we come back with by ourselves: a question, a suggestion
CAMPAIGN = "campaign"  # the next people of a campaign have their turn

EARLY = time(8)  # when a campaign goes on, on days on which the company works

Policy = Callable[[Work, Company, Any], None]


# ── prompts ──


def ended(work: Work, company: Company, fact: events.RequestConfirmed | events.RequestClosed) -> None:
    """How was it? Some hours later, if it is one of those that are asked about."""
    rules, request = company.follow_ups, work.session.get_one(Request, fact.request)
    if not surveys.drawn(request.id, rules.survey_percent):
        return
    wanted = work.now + timedelta(hours=rules.survey_after_hours)
    until = wanted + timedelta(days=rules.survey_open_days)
    prompting.plan(
        work, company, Wish(Kind.SURVEY, request.person_id, request.home_id, fact.subject, "first", wanted, until)
    )


def _planned(work: Work, company: Company, fact: coming_back_events.PromptPlanned) -> None:
    prompt = work.session.get_one(Prompt, fact.prompt)
    timers.put(work, PROMPT, fact.subject, _its_day(work, company, prompt), fact.at)


def _its_day(work: Work, company: Company, prompt: Prompt) -> str:
    """Which prompt, and the date there: once a day at most."""
    there = ZoneInfo(prompting.zone_of(work, company, prompt))
    return f"{prompt.id} {prompt.due_at.astimezone(there):%Y-%m-%d}"


def _let_go(work: Work, company: Company, fact: coming_back_events.PromptLetGo) -> None:
    still = [_its_day(work, company, prompt) for prompt in prompting.planned(work, fact.person)]
    timers.keep(work, fact.subject, still, PROMPT)


# ── looks ──


def _looked(work: Work, _company: Company, fact: coming_back_events.HomeLooked) -> None:
    timers.clear(work, fact.subject, LOOK)
    timers.put(work, LOOK, fact.subject, fact.again.isoformat(), fact.again)


def _linked(work: Work, company: Company, fact: events.PersonLinked) -> None:
    looks.first(work, company, work.session.get_one(Home, fact.home))


# ── campaigns ──


def _campaign(
    work: Work, company: Company, fact: campaign_events.CampaignStarted | campaign_events.CampaignWent
) -> None:
    timers.clear(work, fact.subject, CAMPAIGN)
    day = fact.day if isinstance(fact, campaign_events.CampaignStarted) else fact.following
    if day is not None:
        due = at_local(day, EARLY, company.time_zone)
        timers.put(work, CAMPAIGN, fact.subject, day.isoformat(), max(due, work.now))


def _stopped(work: Work, _company: Company, fact: campaign_events.CampaignStopped) -> None:
    timers.clear(work, fact.subject)


POLICY: dict[type[events.Event], Policy] = {
    coming_back_events.PromptPlanned: _planned,
    coming_back_events.PromptLetGo: _let_go,
    coming_back_events.HomeLooked: _looked,
    events.PersonLinked: _linked,
    campaign_events.CampaignStarted: _campaign,
    campaign_events.CampaignWent: _campaign,
    campaign_events.CampaignStopped: _stopped,
}
