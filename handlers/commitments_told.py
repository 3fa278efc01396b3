"""What is said of a teammate's promise: in the thread, to whoever is to keep it, to the homeowner who knows of it."""

from collections.abc import Iterable

from msgspec.structs import replace

from domain import commitments, desk_events, events, standings
from domain.commitments import Commitment
from domain.people import Person
from domain.requests import Request
from domain.team import Member
from handlers.cards.commitment import answers, in_thread, stands
from handlers.cards.request import headline, thread, who_is, zone_of
from handlers.cards.team_card import for_team
from handlers.conversation import Talk, reach, standing
from handlers.messages import LATE, Fact, Importance, Message, Outgoing, Said, Teammate
from locales.text import Moment, Text, t

LAST_TIME = 3  # then the dispatchers are asked, and nobody any more


def _one(talk: Talk, fact: desk_events.OfCommitment) -> tuple[Commitment, Request]:
    session = talk.work.session
    return session.get_one(Commitment, fact.commitment), session.get_one(Request, fact.request)


def made(talk: Talk, fact: desk_events.CommitmentMade) -> Iterable[Outgoing]:
    """The thread has it; who is to keep what somebody else promised reads it; the homeowner, where he is to know."""
    one, request = _one(talk, fact)
    yield in_thread(talk.work, talk.company, one)
    member = _member(talk, one.keeper)
    if member is not None and one.keeper != fact.by:
        yield _directly(talk, one, request, member, t("commitment.yours", name=who_is(talk.company, fact.by)))
    if fact.told:
        at = Moment(one.due_at, zone_of(talk.work, talk.company, request), "short")
        yield from _homeowner(talk, one, request, t("commitment.told", name=who_is(talk.company, one.keeper), at=at))


def moved(talk: Talk, fact: desk_events.CommitmentMoved) -> Iterable[Outgoing]:
    """The thread says who moved it; the homeowner who knows of it reads the new time, with our apology."""
    one, request = _one(talk, fact)
    yield in_thread(talk.work, talk.company, one)
    at = Moment(one.due_at, talk.company.time_zone, "short")
    yield Message(to=thread(request), body=(t("commitment.moved", name=who_is(talk.company, fact.by), at=at),))
    if one.told:
        zone = zone_of(talk.work, talk.company, request)
        was, now = Moment(fact.was, zone, "short"), Moment(one.due_at, zone, "short")
        yield from _homeowner(talk, one, request, t("commitment.moved.told", was=was, at=now))


def settled(talk: Talk, fact: desk_events.CommitmentSettled) -> Iterable[Outgoing]:
    """The thread has what became of it. Who knows of one that a teammate withdraws is told."""
    one, request = _one(talk, fact)
    yield in_thread(talk.work, talk.company, one)
    if one.told and fact.outcome == "withdrawn" and fact.by is not None:
        yield from _homeowner(talk, one, request, t("commitment.withdrawn.told"))


def reopened(talk: Talk, fact: desk_events.CommitmentReopened) -> Iterable[Outgoing]:
    """The thread has it as it stands now."""
    yield in_thread(talk.work, talk.company, _one(talk, fact)[0])


def went_over(talk: Talk, fact: desk_events.CommitmentWentOver) -> Iterable[Outgoing]:
    """The other thread has it, too: from now on it is that one's."""
    yield replace(in_thread(talk.work, talk.company, _one(talk, fact)[0]), fresh=True)


def soon(talk: Talk, one: Commitment) -> Iterable[Outgoing]:
    """It is due before long: whoever is to keep it is told."""
    request = talk.work.session.get_one(Request, one.request_id)
    for member in _keepers(talk, one, request):
        yield _directly(talk, one, request, member, t("commitment.soon"))


def asked(talk: Talk, fact: desk_events.CommitmentAsked) -> Iterable[Outgoing]:
    """Was it kept? Whoever was to keep it is asked, and asked again; at last the dispatchers."""
    one, request = _one(talk, fact)
    yield in_thread(talk.work, talk.company, one)
    last = fact.time >= LAST_TIME
    people = standings.holders(talk.work, talk.company, "dispatcher") if last else _keepers(talk, one, request)
    words = t("commitment.ask_others", name=who_is(talk.company, one.keeper)) if last else t("commitment.ask")
    for member in people:
        yield _directly(talk, one, request, member, words)
    if not people:
        yield Message(to=thread(request), body=(words, Said(one.words)), buttons=(answers(one),), alert=True)


def solved(talk: Talk, fact: events.RequestResolved) -> Iterable[Outgoing]:
    """What was promised for later is kept."""
    commitments.solved(talk.work, talk.work.session.get_one(Request, fact.request))
    return ()


def not_solved(talk: Talk, fact: events.RequestReopened) -> Iterable[Outgoing]:
    """What was kept by solving it is open again."""
    commitments.not_solved(talk.work, talk.work.session.get_one(Request, fact.request))
    return ()


def called_off(talk: Talk, fact: events.OfRequest) -> Iterable[Outgoing]:
    """Nothing of it is owed any more."""
    commitments.called_off(talk.work, talk.work.session.get_one(Request, fact.request))
    return ()


def merged(talk: Talk, fact: desk_events.RequestMerged) -> Iterable[Outgoing]:
    """What was promised holds in the request that goes on: its card and its thread have it."""
    session = talk.work.session
    into = session.get_one(Request, fact.into)
    commitments.go_over(talk.work, session.get_one(Request, fact.request), into)
    if commitments.open_for(talk.work, into):
        yield for_team(talk.work, talk.company, into)


def _member(talk: Talk, key: str | None) -> Member | None:
    return next((m for m in talk.company.team if m.key == key), None)


def _keepers(talk: Talk, one: Commitment, request: Request) -> list[Member]:
    """Who is to keep it; when he has left us, whoever has the request; when nobody has it, the dispatchers."""
    member = _member(talk, one.keeper) or _member(talk, request.assignee)
    return [member] if member else standings.holders(talk.work, talk.company, "dispatcher")


def _directly(talk: Talk, one: Commitment, request: Request, member: Member, words: Text) -> Message:
    """In his direct messages, where he can answer."""
    zone = member.time_zone or talk.company.time_zone
    return Message(
        to=Teammate(member.slack),
        title=headline(request),
        body=(words, Said(one.words)),
        facts=(Fact(t("commitment.due"), stands(one, zone, talk.work.now)),),
        buttons=(answers(one),),
        importance=Importance.CRITICAL,
    )


def _homeowner(talk: Talk, one: Commitment, request: Request, words: Text) -> Iterable[Outgoing]:
    """He reads it in his chat; who cannot be reached is to be called."""
    yield Message(
        to=reach(talk.work.session.get_one(Person, request.person_id)),
        owed=request.id,
        title=headline(request),
        body=(words, Said(one.words)),
        buttons=((standing("menu.human", "human.ask"),),),
        sorry_after=talk.work.now + LATE,
    )
