"""Coming back by ourselves: the timers of prompts, and of the looks whether there is an occasion for one."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import String, cast, literal, select

from domain import coming_back_events, events, prompting
from domain.company import Company
from domain.contracts import Contract
from domain.homes import Home, Member
from domain.looking import first_look
from domain.prompting import Wish
from domain.prompts import Kind, Prompt
from domain.requests import Request
from domain.work import Work
from scheduling import timers
from scheduling.timers import Timer, TimerState

PROMPT = "prompt"  # something we come back with by ourselves: a question, a suggestion
LOOK = "look"  # whether there is an occasion to come back to a home

AT_ONCE = 500  # homes that are looked at for the first time, in one unit of work

Policy = Callable[[Work, Company, Any], None]


# ── prompts ──


def ended(work: Work, company: Company, fact: events.RequestConfirmed | events.RequestClosed) -> None:
    """How was it? Some hours later."""
    rules, request = company.follow_ups, work.session.get_one(Request, fact.request)
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
    _look(work, fact.home, fact.again)


def _look(work: Work, home: int, at: datetime) -> None:
    subject = f"home:{home}"
    timers.clear(work, subject, LOOK)
    timers.put(work, LOOK, subject, at.isoformat(), at)


def look_again(work: Work, home: int | None) -> None:
    """Something changed that may be an occasion, or end one: somebody looks next morning."""
    if home is not None:
        _look(work, home, first_look(work.session.get_one(Home, home), work.now))


def _of_contract(work: Work, _company: Company, fact: events.OfContract) -> None:
    look_again(work, work.session.get_one(Contract, fact.contract).home_id)


def _of_work(work: Work, _company: Company, fact: events.WorkDone) -> None:
    look_again(work, work.session.get_one(Request, fact.request).home_id)


def _linked(work: Work, _company: Company, fact: events.PersonLinked) -> None:
    look_again(work, fact.home)


def _agreed(work: Work, _company: Company, fact: coming_back_events.ConsentGiven) -> None:
    his = select(Member.home_id).where(Member.person_id == fact.person, Member.ended_at.is_(None))
    for home in work.session.scalars(his).all():
        look_again(work, home)


POLICY: dict[type[events.Event], Policy] = {
    coming_back_events.PromptPlanned: _planned,
    coming_back_events.PromptLetGo: _let_go,
    coming_back_events.HomeLooked: _looked,
}

# What may be an occasion to come back, or end one: somebody looks.
OCCASIONS: dict[type[events.Event], Policy] = {
    events.ContractActivated: _of_contract,
    events.ContractSuspended: _of_contract,
    events.ContractResumed: _of_contract,
    events.ContractEnded: _of_contract,
    events.ContractRenewed: _of_contract,
    events.PlanChanged: _of_contract,
    events.ChangeAgreed: _of_contract,
    events.NoticeGiven: _of_contract,
    events.WorkDone: _of_work,
    events.PersonLinked: _linked,
    coming_back_events.ConsentGiven: _agreed,
}


def begin(work: Work) -> int:
    """Homes nobody has looked at yet (they were imported, or are older than this program): the first of them, so many.

    Each next morning, at a minute of its own.
    """
    its = literal("home:") + cast(Home.id, String)
    set_already = select(Timer.id).where(Timer.kind == LOOK, Timer.subject == its, Timer.state == TimerState.SET)
    found = work.session.scalars(select(Home).where(~set_already.exists()).order_by(Home.id).limit(AT_ONCE)).all()
    for home in found:
        at = first_look(home, work.now)
        timers.put(work, LOOK, f"home:{home.id}", at.isoformat(), at)
    return len(found)
