"""Prompting: a prompt is planned for a polite moment, looked at again when that comes, and asked once.

Two prompts for one person never meet: whoever plans or asks holds his row, and the timers of one person ring one after
the other.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import or_, select

from domain import consents
from domain.coming_back_events import PromptAsked, PromptLetGo, PromptPlanned, PromptReplied
from domain.company import Company
from domain.consents import TOPICS
from domain.homes import Home, Member
from domain.manners import MONTH, Manners, NeverAgain, earliest
from domain.pausing import paused
from domain.people import ConsentKind, Person
from domain.prompts import SERVICE, Kind, Prompt, PromptState, Reply
from domain.work import Work

ORDER = tuple(Kind)  # where two want the same days, the earlier one here comes first
REMINDED = {Kind.SURVEY: Kind.SURVEY_AGAIN}
FAR = timedelta(days=60)
UNTRUE = "not_true"  # and if it comes true again, it is planned again


@dataclass(frozen=True)
class Wish:
    """What shall be asked: of whom, about what, from when on it makes sense and how long."""

    kind: Kind
    person: int
    home: int | None
    subject: str
    occurrence: str
    wanted: datetime
    until: datetime
    facts: dict[str, Any] = field(default_factory=dict)
    campaign: int | None = None


def plan(work: Work, company: Company, wish: Wish) -> Prompt | None:
    """Find its moment. None: it was planned before, he does not want it, or there is no polite moment in time."""
    hold(work, wish.person)
    known = _known(work, wish)
    if (known is not None and known.let_go_for != UNTRUE) or not consents.allows(work, wish.person, wish.kind):
        return None
    made = known or Prompt(
        person_id=wish.person, kind=wish.kind, topic=TOPICS[wish.kind], subject=wish.subject,
        occurrence=wish.occurrence, campaign_id=wish.campaign,
    )  # fmt: skip
    made.home_id, made.facts, made.until = wish.home, wish.facts, wish.until
    made.wanted_at = made.due_at = wish.wanted
    moment = polite(work, company, made, max(wish.wanted, work.now))
    if moment is None:
        return None
    made.due_at, made.state, made.let_go_for = moment, PromptState.PLANNED, None
    made.consent_id = _consent(work, made)
    work.session.add(made)
    work.session.flush()
    work.happened(PromptPlanned(wish.person, made.id, made.due_at))
    return made


def _consent(work: Work, prompt: Prompt) -> int | None:
    """What allows it, where it needs to be allowed."""
    if prompt.topic is None or prompt.topic not in consents.ASKED_FOR:
        return None
    standing = consents.standing(work, prompt.person_id, prompt.topic)
    return standing.id if standing is not None else None


def _known(work: Work, wish: Wish) -> Prompt | None:
    same = select(Prompt).where(
        Prompt.person_id == wish.person, Prompt.kind == wish.kind,
        Prompt.subject == wish.subject, Prompt.occurrence == wish.occurrence,
    )  # fmt: skip
    return work.session.scalar(same)


def hold(work: Work, person: int) -> None:
    """Until the end of the transaction nobody else plans or asks anything of him (SQLite has one writer anyway)."""
    work.session.flush()
    work.session.execute(select(Person.id).where(Person.id == person).with_for_update())


def held(work: Work, number: int) -> Prompt:
    """One as it is now; nobody else changes it until we are done."""
    found = work.session.scalars(select(Prompt).where(Prompt.id == number)).one()
    hold(work, found.person_id)
    work.session.refresh(found)
    return found


def zone_of(work: Work, company: Company, prompt: Prompt) -> str:
    """Where he lives: the prompt's home, else his first one, else where the company is."""
    zone = select(Home.time_zone)
    if prompt.home_id is not None:
        return work.session.scalars(zone.where(Home.id == prompt.home_id)).one()
    his = zone.join(Member, Member.home_id == Home.id).where(
        Member.person_id == prompt.person_id, Member.ended_at.is_(None)
    )
    return work.session.scalar(his.order_by(Member.id).limit(1)) or company.time_zone


def polite(work: Work, company: Company, prompt: Prompt, since: datetime) -> datetime | None:
    """The first moment from then on at which it may be asked; None when that is too late."""
    manners = company.follow_ups.manners
    others: list[datetime] = []
    if prompt.kind in SERVICE:
        manners = Manners(manners.hours, manners.days, timedelta(0), 1_000_000, manners.spread)
    else:
        others = _others(work, prompt)
    try:
        at = earliest(manners, zone_of(work, company, prompt), since, others, f"person:{prompt.person_id}")
    except NeverAgain:
        return None
    return at if at <= prompt.until else None


def _others(work: Work, prompt: Prompt) -> list[datetime]:
    """When he was asked something lately, and when he will be asked what comes first."""
    before = ORDER[: ORDER.index(prompt.kind)]
    rows = work.session.execute(
        select(Prompt.asked_at, Prompt.due_at)
        .where(Prompt.person_id == prompt.person_id, Prompt.kind.not_in(SERVICE), Prompt.id != (prompt.id or 0))
        .where(
            or_(
                (Prompt.state == PromptState.ASKED) & (Prompt.asked_at > work.now - FAR),
                (Prompt.state == PromptState.PLANNED) & Prompt.kind.in_(before) & (Prompt.due_at < work.now + MONTH),
            )
        )
    )
    return [asked or max(due, work.now) for asked, due in rows]


def ring(work: Work, company: Company, prompt: Prompt, *, reachable: bool, still: Callable[[], bool]) -> bool:
    """Its moment has come: whether it is asked now. If not, it has another day, or is let go.

    `reachable`: whether Telegram reaches him; `still`: whether it is still true.
    """
    if prompt.state is not PromptState.PLANNED or prompt.due_at > work.now:
        return False  # it was let go meanwhile, or has another moment
    if (why := _not_any_more(work, prompt, reachable=reachable, still=still)) is not None:
        let_go(work, prompt, why)
        return False
    moment = polite(work, company, prompt, work.now)
    if moment != work.now or paused(work, prompt):
        postpone(work, company, prompt, moment)
        return False
    ask(work, prompt)
    return True


def _not_any_more(work: Work, prompt: Prompt, *, reachable: bool, still: Callable[[], bool]) -> str | None:
    if not reachable:
        return "unreached"
    if not consents.allows(work, prompt.person_id, prompt.kind):
        return "not_wanted"
    if prompt.until < work.now:
        return "too_late"
    return None if still() else UNTRUE


def ask(work: Work, prompt: Prompt) -> None:
    """It is put to him now."""
    prompt.state, prompt.asked_at = PromptState.ASKED, work.now
    work.happened(PromptAsked(prompt.person_id, prompt.id, prompt.kind.value))


def put_at_once(work: Work, wish: Wish) -> Prompt | None:
    """What belongs to a talk he is in: it is planned and asked in one. None when it was asked before."""
    hold(work, wish.person)
    if _known(work, wish) is not None:
        return None
    made = Prompt(
        person_id=wish.person, home_id=wish.home, kind=wish.kind, topic=TOPICS[wish.kind], subject=wish.subject,
        occurrence=wish.occurrence, facts=wish.facts, wanted_at=work.now, due_at=work.now, until=wish.until,
    )  # fmt: skip
    work.session.add(made)
    work.session.flush()
    ask(work, made)
    return made


def postpone(work: Work, company: Company, prompt: Prompt, since: datetime | None = None) -> None:
    """Not today: on another day there, the first polite one; when that is too late it is let go."""
    prompt.state, prompt.asked_at = PromptState.PLANNED, None
    moment = polite(work, company, prompt, max(since or work.now, _tomorrow(work, company, prompt)))
    if moment is None:
        let_go(work, prompt, "too_late")
        return
    prompt.due_at = moment
    work.happened(PromptPlanned(prompt.person_id, prompt.id, moment))


def _tomorrow(work: Work, company: Company, prompt: Prompt) -> datetime:
    there = ZoneInfo(zone_of(work, company, prompt))
    day = work.now.astimezone(there).date() + timedelta(days=1)
    return datetime.combine(day, time(), there).astimezone(UTC)


def closes_at(work: Work, company: Company, prompt: Prompt) -> datetime:
    """When his daytime ends today: what could not be sent by then is not sent today."""
    there = ZoneInfo(zone_of(work, company, prompt))
    day = work.now.astimezone(there).date()
    return datetime.combine(day, company.follow_ups.daytime[1], there).astimezone(UTC)


def let_go(work: Work, prompt: Prompt, why: str) -> None:
    """It is not asked any more; `why`: not_true, not_wanted, too_late, unreached."""
    prompt.state = PromptState.UNREACHED if why == "unreached" else PromptState.LET_GO
    prompt.let_go_for = why
    work.happened(PromptLetGo(prompt.person_id, prompt.id, why))


def opened(work: Work, prompt: Prompt) -> None:
    """He looked at it."""
    prompt.opened_at = prompt.opened_at or work.now


def replied(work: Work, company: Company, prompt: Prompt, reply: Reply, *, still: bool = True) -> None:
    """What he wants; a later word takes the place of an earlier one, and works at once.

    `still`: whether it still holds: what does not is not put off either.
    """
    opened(work, prompt)
    prompt.reply, prompt.replied_at = reply, work.now
    person = work.session.get_one(Person, prompt.person_id)
    if prompt.kind in REMINDED:  # who said something to it is not reminded of it
        reminder = REMINDED[prompt.kind]
        drop(work, person.id, lambda other: other.kind is reminder and other.subject == prompt.subject)
    if reply is Reply.LATER and still:
        _again(work, company, prompt)
    elif reply is Reply.NEVER:
        consents.never(work, person, prompt.kind)
        drop(work, person.id, lambda other: other.kind is prompt.kind)
    elif reply is Reply.STOP:
        stop(work, person)
    work.happened(PromptReplied(prompt.person_id, prompt.id, reply.value))


def _again(work: Work, company: Company, prompt: Prompt) -> None:
    wanted = work.now + timedelta(days=company.follow_ups.later_days)
    until = max(prompt.until, wanted + timedelta(days=company.follow_ups.apart_days + 30))
    again = f"{prompt.occurrence.partition('~')[0]}~{work.now:%Y-%m-%d}"
    wish = Wish(
        prompt.kind, prompt.person_id, prompt.home_id, prompt.subject, again, wanted, until,
        dict(prompt.facts), prompt.campaign_id,
    )  # fmt: skip
    plan(work, company, wish)


def stop(work: Work, person: Person) -> None:
    """Nothing of all this any more; what belongs to his contract stays."""
    for topic in ConsentKind:
        consents.withdraw(work, person, topic)
    drop(work, person.id, lambda prompt: prompt.topic is not None)


def withdraw(work: Work, person: Person, topic: ConsentKind) -> None:
    """Nothing of this topic any more: what was planned is let go at once."""
    consents.withdraw(work, person, topic)
    drop(work, person.id, lambda prompt: prompt.topic is topic)


def untrue(work: Work, subject: str) -> None:
    """What was planned about something is not true any more; it may come true again."""
    work.session.flush()
    about = select(Prompt).where(Prompt.subject == subject, Prompt.state == PromptState.PLANNED)
    for prompt in work.session.scalars(about).all():
        let_go(work, prompt, UNTRUE)


def drop(work: Work, person: int, which: Callable[[Prompt], bool]) -> None:
    """Let go what was planned for him and is not wanted any more."""
    for prompt in planned(work, person):
        if which(prompt):
            let_go(work, prompt, "not_wanted")


def planned(work: Work, person: int) -> list[Prompt]:
    """What waits for its moment."""
    work.session.flush()
    his = select(Prompt).where(Prompt.person_id == person, Prompt.state == PromptState.PLANNED)
    return list(work.session.scalars(his.order_by(Prompt.due_at, Prompt.id)))
