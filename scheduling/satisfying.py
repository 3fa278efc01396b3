"""Satisfaction: which answer sets and clears which timer and question. A part of the policy of `followups`."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from domain import contracts, events, prompting, recoveries, referrals, satisfaction_events, surveys
from domain.company import Company
from domain.homes import homes_of
from domain.people import Person
from domain.prompting import Wish
from domain.prompts import Kind
from domain.recommending import PROMOTES
from domain.recoveries import Recovery
from domain.referrals import Referred
from domain.requests import Request
from domain.work import Work
from scheduling import timers
from scheduling.daytime import in_daytime

RECOVERY = "recovery"  # so much of the time in which something is made good has passed
RECOVERY_END = "recovery_end"  # he was asked whether it is all right now, and has not said so
REFERRAL = "referral"  # a contract was signed: by somebody whom a friend sent?
THANKS = "thanks"  # somebody whom he sent has signed: he is thanked


def _survey_asked(work: Work, company: Company, fact: events.SurveyAsked) -> None:
    """Who does not answer is asked once more."""
    rules, request = company.follow_ups, work.session.get_one(Request, fact.request)
    if fact.round == 1:
        wanted = work.now + timedelta(days=rules.survey_again_days)
        wish(work, company, Kind.SURVEY_AGAIN, request, wanted, work.now + timedelta(days=rules.survey_open_days))


def wish(work: Work, company: Company, kind: Kind, request: Request, wanted: datetime, until: datetime) -> None:
    """One question about one request."""
    subject = f"request:{request.id}"
    prompting.plan(work, company, Wish(kind, request.person_id, request.home_id, subject, "first", wanted, until))


def _survey_answered(work: Work, company: Company, fact: events.SurveyAnswered) -> None:
    """Nobody asks once more: its place is free for something else."""
    person = work.session.get_one(Request, fact.request).person_id
    for prompt in prompting.planned(work, person):
        if prompt.kind is Kind.SURVEY_AGAIN and prompt.subject == fact.subject and fact.round == 1:
            prompting.let_go(work, prompt, prompting.UNTRUE)
    _pleased(work, company, fact)


def _pleased(work: Work, company: Company, fact: events.SurveyAnswered | satisfaction_events.RecommendAnswered) -> None:
    """Who is very satisfied may have a link for friends, once a year, if he agreed to hear of such things."""
    if isinstance(fact, satisfaction_events.RecommendAnswered):
        pleased, person = fact.score >= PROMOTES, fact.person
    else:
        pleased = fact.round == 1 and fact.score >= surveys.BEST
        person = work.session.get_one(Request, fact.request).person_id
    if not pleased:
        return
    home = next((home for home, _ in homes_of(work, work.session.get_one(Person, person))), None)
    if home is not None:
        wanted = work.now + timedelta(days=1)
        subject, year = f"person:{person}", str(work.now.astimezone(ZoneInfo(home.time_zone)).year)
        wish = Wish(Kind.REFERRAL, person, home.id, subject, year, wanted, wanted + timedelta(days=60))
        prompting.plan(work, company, wish)


def _recovery(
    work: Work, company: Company, fact: satisfaction_events.RecoveryOpened | satisfaction_events.RecoveryWarned
) -> None:
    due = recoveries.next_warning(work, company, work.session.get_one(Recovery, fact.recovery))
    timers.clear(work, fact.subject, RECOVERY)
    if due is not None:
        timers.put(work, RECOVERY, fact.subject, due.isoformat(), due)


def _made_good(work: Work, company: Company, fact: satisfaction_events.RecoveryMadeGood) -> None:
    timers.clear(work, fact.subject, RECOVERY)
    due = work.now + timedelta(days=company.follow_ups.survey_open_days)
    timers.put(work, RECOVERY_END, fact.subject, work.now.isoformat(), due)
    request = work.session.get_one(Request, work.session.get_one(Recovery, fact.recovery).request_id)
    wish(work, company, Kind.SECOND_ASK, request, work.now + timedelta(days=1), due - timedelta(days=7))


def _recovered(work: Work, _company: Company, fact: satisfaction_events.RecoverySettled) -> None:
    timers.clear(work, fact.subject, RECOVERY, RECOVERY_END)


def _referred(work: Work, company: Company, fact: satisfaction_events.ReferralSigned) -> None:
    sender = referrals.sent_by(work, work.session.get_one(Referred, fact.referred).referral_id)
    zone = next((home.time_zone for home, _ in homes_of(work, sender)), company.time_zone)
    due = in_daytime(work.now, zone, company.follow_ups.daytime)
    timers.put(work, THANKS, f"referred:{fact.referred}", "first", due)


def _linked(work: Work, _company: Company, fact: events.PersonLinked) -> None:
    signed = contracts.running(work, fact.home)
    if signed is not None and referrals.of_person(work, fact.person) is not None:
        look_who_sent_them(work, signed.id, f"person:{fact.person}")


def look_who_sent_them(work: Work, contract: int, occurrence: str) -> None:
    """A contract runs: did one of these people come by a friend's link?"""
    timers.put(work, REFERRAL, f"contract:{contract}", occurrence, work.now)


POLICY: dict[type[events.Event], Callable[[Work, Company, Any], None]] = {
    events.SurveyAsked: _survey_asked,
    events.SurveyAnswered: _survey_answered,
    events.PersonLinked: _linked,
    satisfaction_events.RecommendAnswered: _pleased,
    satisfaction_events.RecoveryOpened: _recovery,
    satisfaction_events.RecoveryWarned: _recovery,
    satisfaction_events.RecoveryMadeGood: _made_good,
    satisfaction_events.RecoverySettled: _recovered,
    satisfaction_events.ReferralSigned: _referred,
}
