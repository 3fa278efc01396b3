"""What a teammate promised, as the team and the homeowner read it: what, until when, and what became of it."""

from datetime import datetime

from domain import commitments
from domain.commitments import Commitment, Counted, Outcome
from domain.company import Company
from domain.requests import Request
from domain.work import Work
from handlers.cards.agenda import shortened
from handlers.cards.request import headline, thread, who_is
from handlers.conversation import standing
from handlers.messages import Button, Fact, Message, Row, Said, Section
from locales.text import Moment, Text, t

MOST = 3  # lines on a card
WORDS = 80  # characters of a sentence, on a card
ROWS = 5  # lines in the app's home


def for_team(work: Work, company: Company, request: Request) -> list[Fact]:
    """What is open, what is due first above."""
    return [
        Fact(t("commitment.by", name=who_is(company, one.keeper)), _line(one, company.time_zone, work.now))
        for one in commitments.open_for(work, request)[:MOST]
    ]


def stands(one: Commitment, zone: str, now: datetime) -> Text:
    """Until when, or that its time is over."""
    return by(one.due_at, zone, now)


def by(due_at: datetime, zone: str, now: datetime) -> Text:
    """By when something is due, or that this moment is over."""
    at = Moment(due_at, zone, "short")
    return t("clock.by", at=at) if due_at > now else t("clock.over", at=at)


def _line(one: Commitment, zone: str, now: datetime) -> Text:
    return t("commitment.line", when=stands(one, zone, now), words=shortened(one.words, WORDS))


def in_thread(work: Work, company: Company, one: Commitment) -> Message:
    """The promise itself, in the thread of its request: always as it stands now."""
    request = work.session.get_one(Request, one.request_id)
    is_open, zone = one.outcome is Outcome.OPEN, company.time_zone
    when = stands(one, zone, work.now) if is_open else Moment(one.due_at, zone, "short")
    became: tuple[Fact, ...] = ()
    if not is_open:
        by = who_is(company, one.settled_by) if one.settled_by else t(f"state.{request.state}")
        became = (Fact(t("commitment.became"), t("commitment.said_by", outcome=t(f"outcome.{one.outcome}"), name=by)),)
    reply = ((standing("team.reply", "team.reply", request=request.id),),) if one.outcome is Outcome.BROKEN else ()
    return Message(
        to=thread(request),
        body=(t("commitment.pinned", name=who_is(company, one.keeper)), Said(one.words)),
        facts=(
            Fact(t("commitment.due"), when),
            Fact(t("commitment.customer"), t("commitment.knows") if one.told else t("commitment.knows_not")),
            *became,
        ),
        buttons=deeds(one, work.now) or reply,
        about=about(one),
    )


def about(one: Commitment) -> str:
    """The identity of its message in the thread."""
    return f"commitment:{one.id}"


def deeds(one: Commitment, now: datetime) -> tuple[tuple[Button, ...], ...]:
    """What can be said of it while it is open; what is due cannot be withdrawn."""
    if one.outcome is not Outcome.OPEN:
        return ()
    ahead = (standing("commitment.withdraw", "commitment.withdraw", commitment=one.id),) if one.due_at > now else ()
    return ((*answers(one), *ahead),)


def answers(one: Commitment) -> tuple[Button, ...]:
    """Was it kept?"""
    return (
        standing("commitment.yes", "commitment.yes", commitment=one.id),
        standing("commitment.no", "commitment.no", commitment=one.id),
        standing("commitment.later", "commitment.later", commitment=one.id),
    )


def mine(work: Work, keeper: str, zone: str) -> tuple[Section, ...]:
    """What somebody promised, in the app's home; nothing when there is nothing."""
    found = commitments.kept_by(work, keeper)
    if not found:
        return ()
    more = t("page.more", len(found) - ROWS) if len(found) > ROWS else None
    rows = tuple(
        Row(
            shortened(one.words, WORDS),
            t("page.two", first=headline(request), second=stands(one, zone, work.now)),
            (*answers(one), standing("team.reply", "team.reply", request=request.id)),
        )
        for one, request in found[:ROWS]
    )
    return (Section(title=t("home.promised"), rows=rows, footer=more),)


def summary(found: Counted) -> tuple[Fact, ...]:
    """How many were kept of those that were due, and what is open; of the team, never of one person."""
    kept = t("summary.promises.of", kept=found.kept, due=found.due) if found.due else t("summary.promises.none")
    unanswered = (Fact(t("summary.promises.unanswered"), found.unanswered),) if found.unanswered else ()
    return (Fact(t("summary.promises"), kept), Fact(t("summary.promises.open"), found.open), *unanswered)
