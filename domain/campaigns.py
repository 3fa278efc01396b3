"""Campaigns: what a manager writes to many who agreed to that, spread over the days."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Mapped, mapped_column

from domain import prompting
from domain.areas import Area
from domain.campaign_events import (
    CampaignChanged,
    CampaignDiscarded,
    CampaignDrafted,
    CampaignStarted,
    CampaignStopped,
    CampaignWent,
)
from domain.campaign_people import FIRST, Whom, agreed_of, counted, still_one
from domain.company import Company
from domain.promised import worktime
from domain.prompts import Kind, Prompt, PromptState
from domain.record import Name, Short, Table, choice, impersonal
from domain.work import Refusal, Work
from domain.worktime import NOTHING

LONGEST_NAME, LONGEST_WORDS = 80, 800  # characters
MOST_A_DAY = 500
FARTHEST = timedelta(days=366)  # from today to its first day
STANDS = timedelta(days=14)  # who could not be asked politely by then is not asked
PATIENCE = timedelta(days=30)  # after so long a rest in which nobody had a polite moment, nobody is waited for
STOPPED = "stopped"  # why a prompt of it was let go


class CampaignState(StrEnum):
    """The life of a campaign."""

    DRAFT = "draft"
    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"


class Campaign(Table):
    """What is written, to whom, from when on, and to how many a day."""

    __tablename__ = "campaigns"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = impersonal(Name)
    whom: Mapped[dict[str, Any]] = impersonal()  # plans, regions, brand, model, installed before
    words: Mapped[dict[str, Any]] = impersonal()  # by language
    work: Mapped[str | None] = impersonal(Short)  # what a yes asks for: a kind of work
    area: Mapped[str | None] = impersonal(Short)
    starts_on: Mapped[date]
    a_day: Mapped[int]
    state: Mapped[CampaignState] = mapped_column(choice(CampaignState), default=CampaignState.DRAFT)
    made_by: Mapped[str] = impersonal(Short)
    made_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]  # stopped, or done

    @property
    def subject(self) -> str:
        """What prompts and timers call it."""
        return f"campaign:{self.id}"

    @property
    def to(self) -> Whom:
        """Whom it is for."""
        return msgspec.convert(self.whom, Whom)


@dataclass(frozen=True)
class Wish:
    """What a manager wants to write, to whom, and when."""

    name: str
    whom: Whom
    words: dict[str, str]
    work: str | None
    area: str | None
    starts_on: date
    a_day: int


@dataclass(eq=False)
class CampaignStands(Refusal):
    """It stands where this makes no sense: it runs, was stopped, or is done."""

    name: str
    campaign: CampaignState


class NoSuchCampaign(Refusal):
    """It is not there (any more)."""


class NobodyAgreed(Refusal):
    """None of those it is for agreed to get offers."""


class CampaignWithoutName(Refusal):
    """It has no name, or a very long one."""


@dataclass(eq=False)
class CampaignTooMany(Refusal):
    """So many a day are none, or too many."""

    most: int


class CampaignDayWrong(Refusal):
    """Its first day is over, or far away."""


class CampaignWorkWrong(Refusal):
    """What a yes asks for is not offered (any more)."""


class CampaignWithoutWords(Refusal):
    """A language has no words, or too many."""


# ── the draft ──


def check(work: Work, company: Company, wish: Wish) -> None:
    """Whether all but its words can stay so. Raises one of the refusals."""
    if not 0 < len(wish.name.strip()) <= LONGEST_NAME:
        raise CampaignWithoutName
    if not 0 < wish.a_day <= MOST_A_DAY:
        raise CampaignTooMany(MOST_A_DAY)
    today = company.today(work.now)
    if not today <= wish.starts_on <= today + FARTHEST:
        raise CampaignDayWrong
    if (wish.work, wish.area) != (None, None) and not offered(company, wish.work, wish.area):
        raise CampaignWorkWrong


def offered(company: Company, kind: str | None, area: str | None) -> bool:
    """Whether the company offers that kind of work in that area."""
    return area in company.areas and any(job.work == kind for job in company.offered(Area(area)))


def _written(work: Work, company: Company, wish: Wish) -> dict[str, Any]:
    check(work, company, wish)
    words = {language: wish.words.get(language, "").strip() for language in company.languages}
    if not all(0 < len(said) <= LONGEST_WORDS for said in words.values()):
        raise CampaignWithoutWords
    return {
        **{"name": wish.name.strip(), "whom": msgspec.to_builtins(wish.whom), "words": words, "work": wish.work},
        **{"area": wish.area, "starts_on": wish.starts_on, "a_day": wish.a_day},
    }


def draft(work: Work, company: Company, wish: Wish, by: str) -> Campaign:
    """Write one down; nobody reads it yet. Raises as `check` does, CampaignWithoutWords."""
    made = Campaign(**_written(work, company, wish), state=CampaignState.DRAFT, made_by=by, made_at=work.now)
    work.session.add(made)
    work.session.flush()
    work.happened(CampaignDrafted(made.id, by))
    return made


def change(work: Work, company: Company, campaign: Campaign, wish: Wish, by: str) -> None:
    """Another text, other people, another day. Raises as `draft` does, CampaignStands."""
    _only(campaign, CampaignState.DRAFT)
    for name, value in _written(work, company, wish).items():
        setattr(campaign, name, value)
    work.happened(CampaignChanged(campaign.id, by))


def discard(work: Work, campaign: Campaign, by: str) -> None:
    """It was not wanted. Raises CampaignStands."""
    _only(campaign, CampaignState.DRAFT)
    work.session.delete(campaign)
    work.happened(CampaignDiscarded(campaign.id, by))


def held(work: Work, number: int) -> Campaign:
    """One as it is now; nobody else changes it until we are done. Raises NoSuchCampaign."""
    work.session.flush()
    row = select(Campaign).where(Campaign.id == number)
    found = work.session.scalar(row.with_for_update().execution_options(populate_existing=True))
    if found is None:
        raise NoSuchCampaign
    return found


def newest(work: Work, most: int) -> list[Campaign]:
    """Those that are not over first, then the others; the newest of each."""
    over = Campaign.state.in_((CampaignState.STOPPED, CampaignState.DONE))
    return list(work.session.scalars(select(Campaign).order_by(over, Campaign.id.desc()).limit(most)))


def how_many(work: Work) -> int:
    """All there are."""
    return work.session.scalar(select(func.count()).select_from(Campaign)) or 0


def _only(campaign: Campaign, state: CampaignState) -> None:
    if campaign.state is not state:
        raise CampaignStands(campaign.name, campaign.state)


# ── it goes out ──


def start(work: Work, company: Company, campaign: Campaign, by: str) -> None:
    """From its first day on some people a day are planned. Raises CampaignStands, NobodyAgreed."""
    _only(campaign, CampaignState.DRAFT)
    if not counted(work, campaign.to).agreed:
        raise NobodyAgreed
    campaign.state = CampaignState.RUNNING
    work.happened(CampaignStarted(campaign.id, by, working_day(work, company, campaign.starts_on)))


def working_day(work: Work, company: Company, since: date) -> date:
    """That day, today at the earliest, or the next one on which the company works."""
    there, time_that_counts = ZoneInfo(company.time_zone), worktime(work, company)
    day = max(since, company.today(work.now))
    for ahead in (day + timedelta(days=n) for n in range(FARTHEST.days)):
        first, until = (datetime.combine(ahead + timedelta(days=n), time(), there) for n in (0, 1))
        if time_that_counts.passed(first, until) > NOTHING:
            return ahead
    return day  # a company that never works: better on that day than never


def last_day(work: Work, company: Company, campaign: Campaign, people: int) -> date:
    """The day on which the last of so many people would have their turn."""
    day = working_day(work, company, campaign.starts_on)
    for _ in range((max(people, 1) - 1) // campaign.a_day):
        day = working_day(work, company, day + timedelta(days=1))
    return day


def go_on(work: Work, company: Company, campaign: Campaign) -> None:
    """The next people, as many as there are for a day; and when the others come, if there are any left."""
    if campaign.state is not CampaignState.RUNNING:
        return
    planned, left = 0, False
    for person, home in agreed_of(work, campaign.to, but_for=campaign.id):
        if planned == campaign.a_day:
            left = True
            break
        until = work.now + STANDS
        wish = prompting.Wish(
            Kind.CAMPAIGN, person, home, campaign.subject, FIRST, work.now, until, {}, campaign.id
        )  # fmt: skip
        if prompting.plan(work, company, wish) is None:
            left = True  # perhaps there is a polite moment tomorrow
        else:
            planned += 1
    today = company.today(work.now)
    if not left or (not planned and _resting(work, company, campaign, today)):
        campaign.state, campaign.settled_at = CampaignState.DONE, work.now
        work.happened(CampaignWent(campaign.id, planned, None))
        return
    following = working_day(work, company, today + timedelta(days=1))
    work.happened(CampaignWent(campaign.id, planned, following))


def _resting(work: Work, company: Company, campaign: Campaign, today: date) -> bool:
    """Whether for a long time nobody could be planned any more."""
    its = select(func.max(Prompt.wanted_at)).where(Prompt.campaign_id == campaign.id, Prompt.occurrence == FIRST)
    last = work.session.scalar(its)
    since = max(company.today(last) if last is not None else campaign.starts_on, campaign.starts_on)
    return today - since > PATIENCE


def stop(work: Work, campaign: Campaign, by: str) -> None:
    """Nobody else reads it: what was planned is let go at once. Raises CampaignStands."""
    _only(campaign, CampaignState.RUNNING)
    campaign.state, campaign.settled_at = CampaignState.STOPPED, work.now
    waiting = select(Prompt.id).where(Prompt.campaign_id == campaign.id, Prompt.state == PromptState.PLANNED)
    for number in work.session.scalars(waiting.order_by(Prompt.person_id, Prompt.id)).all():
        prompt = prompting.held(work, number)
        if prompt.state is PromptState.PLANNED:
            prompting.let_go(work, prompt, STOPPED)
    work.happened(CampaignStopped(campaign.id, by))


def of(work: Work, prompt: Prompt) -> Campaign:
    """The campaign a prompt belongs to."""
    return work.session.get_one(Campaign, prompt.campaign_id)


def words_in(campaign: Campaign, company: Company, language: str) -> str:
    """What it says in a language; in the company's first one where it has no words of that."""
    words = campaign.words
    return str(words.get(language) or words.get(company.languages[0]) or next(iter(words.values()), ""))


def still(work: Work, prompt: Prompt) -> bool:
    """Whether it is still to be said: nobody stopped it, and he is still one of those it is for."""
    campaign = of(work, prompt)
    if campaign.state is CampaignState.STOPPED:
        return False
    return still_one(work, campaign.to, prompt.person_id)
