"""Consents: what somebody agreed to, in which words and when; and what he does not want any more.

How it was, and what contract and devices need, belongs to what he has with us: he can have it stopped. What could be
better in his home, and offers, come only if he agreed to that.
"""

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError

from domain.coming_back_events import ConsentGiven, ConsentWithdrawn
from domain.people import Consent, ConsentKind, Person
from domain.prompts import Kind, OptOut
from domain.work import Work

ASKED_FOR = (ConsentKind.UPGRADES, ConsentKind.OFFERS)  # nothing of it comes without his word
TEXT = "2026-11"  # the version of the words he agrees to: a test fails when they change and this does not

TOPICS: dict[Kind, ConsentKind | None] = {
    Kind.SURVEY: ConsentKind.SURVEYS,
    Kind.SURVEY_AGAIN: ConsentKind.SURVEYS,
    Kind.SECOND_ASK: ConsentKind.SURVEYS,
    Kind.RECOMMEND: ConsentKind.SURVEYS,
    Kind.CONSENT: None,
    Kind.MAINTENANCE: ConsentKind.MAINTENANCE,
    Kind.WARRANTY: ConsentKind.MAINTENANCE,
    Kind.ALLOWANCE_LOW: ConsentKind.MAINTENANCE,
    Kind.ALLOWANCE_LAPSES: ConsentKind.MAINTENANCE,
    Kind.RENEWAL: None,
    Kind.UPGRADE: ConsentKind.UPGRADES,
    Kind.ADVICE: ConsentKind.UPGRADES,
    Kind.REFERRAL: ConsentKind.OFFERS,
    Kind.CAMPAIGN: ConsentKind.OFFERS,
}


def standing(work: Work, person: int, kind: ConsentKind) -> Consent | None:
    """The consent that holds; until the end of the transaction nobody withdraws it."""
    his = select(Consent).where(Consent.person_id == person, Consent.kind == kind, Consent.withdrawn_at.is_(None))
    return work.session.scalar(his.with_for_update())


def wants(work: Work, person: int, topic: ConsentKind) -> bool:
    """Whether we may come back to him with that."""
    if topic in ASKED_FOR:
        return standing(work, person, topic) is not None
    return not _opted_out(work, person, f"topic:{topic}")


def allows(work: Work, person: int, kind: Kind) -> bool:
    """The same for one kind of prompt: he may want none of that kind, and others of its topic."""
    topic = TOPICS[kind]
    return (topic is None or wants(work, person, topic)) and not _opted_out(work, person, f"kind:{kind}")


def agree(work: Work, person: Person, topic: ConsentKind) -> None:
    """He wants it; written down with the words he read, their language and the time. Once more is no news."""
    if wants(work, person.id, topic):
        return
    if topic not in ASKED_FOR:
        work.session.execute(delete(OptOut).where(OptOut.person_id == person.id, OptOut.of == f"topic:{topic}"))
    else:
        given = Consent(
            person_id=person.id, kind=topic, text_version=TEXT, language=person.language, given_at=work.now
        )  # fmt: skip
        try:
            with work.session.begin_nested():
                work.session.add(given)
        except IntegrityError:  # he pressed twice, at the same moment
            return
    # Who turns a topic on again means all of it.
    of = [f"kind:{kind}" for kind, its in TOPICS.items() if its is topic]
    work.session.execute(delete(OptOut).where(OptOut.person_id == person.id, OptOut.of.in_(of)))
    work.happened(ConsentGiven(person.id, topic))


def withdraw(work: Work, person: Person, topic: ConsentKind) -> None:
    """He does not want it (any more)."""
    if not wants(work, person.id, topic):
        return
    if topic in ASKED_FOR:
        his = update(Consent).where(Consent.person_id == person.id, Consent.kind == topic)
        work.session.execute(his.where(Consent.withdrawn_at.is_(None)).values(withdrawn_at=work.now))
    else:
        _opt_out(work, person.id, f"topic:{topic}")
    work.happened(ConsentWithdrawn(person.id, topic))


def never(work: Work, person: Person, kind: Kind) -> None:
    """He wants no prompt of this kind any more; others of its topic he does."""
    _opt_out(work, person.id, f"kind:{kind}")


def _opted_out(work: Work, person: int, of: str) -> bool:
    return work.session.scalar(select(OptOut.id).where(OptOut.person_id == person, OptOut.of == of)) is not None


def _opt_out(work: Work, person: int, of: str) -> None:
    if _opted_out(work, person, of):
        return
    try:
        with work.session.begin_nested():
            work.session.add(OptOut(person_id=person, of=of, at=work.now))
    except IntegrityError:  # at the same moment somewhere else
        return
