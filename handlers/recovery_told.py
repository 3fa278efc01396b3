"""What is said when somebody was not satisfied: to whoever makes it good, to himself, to the team how it came out."""

from collections.abc import Iterable

from domain import commitments, desk_events, events, recommending, recoveries, satisfaction_events, surveys
from domain.commitments import Wish
from domain.notes import Note
from domain.people import Person
from domain.recoveries import Recovered, Recovery
from domain.requests import Request
from domain.surveys import Survey
from handlers.cards import recovery as cards
from handlers.cards.answer import AGAIN, reasons
from handlers.cards.commitment import by, in_thread
from handlers.cards.request import headline, who_is
from handlers.conversation import Talk, standing, to
from handlers.messages import Channel, Fact, Importance, Message, Outgoing, Said, Teammate
from handlers.promises import Height, rung, told
from locales.phrasebook import say
from locales.text import Span, t

FIRST = 100  # at the opening: whom the ladder names when it is too late, whoever has it before all others


def source(one: Recovery) -> str:
    """What its call is pinned under."""
    return cards.about(one)


# ── answers ──


Scored = events.SurveyAnswered | events.SurveyRemarked | satisfaction_events.SurveyReasoned


def scored(talk: Talk, fact: Scored) -> Iterable[Outgoing]:
    """A low answer opens a recovery, a better one ends it; words are told always."""
    survey = surveys.held(talk.work, fact.request, fact.round)
    if survey is None:
        return
    if survey.round == AGAIN:
        yield from _asked_again(talk, survey)
        return
    yield from _meant(talk, survey)
    if recoveries.of_answer(talk.work, survey) is None and survey.remark:
        yield _words(talk, survey)


def recommended(
    talk: Talk, fact: satisfaction_events.RecommendAnswered | satisfaction_events.RecommendRemarked
) -> Iterable[Outgoing]:
    """The same for the question whether he would recommend us."""
    asked = recommending.held(talk.work, fact.recommendation)
    if asked is None:
        return
    yield from _meant(talk, asked)
    if recoveries.of_answer(talk.work, asked) is None and asked.remark:
        yield Message(
            to=Channel(talk.company.channels.satisfaction or talk.company.channels.requests),
            title=t("score.recommend", score=str(asked.score)),
            body=(Said(asked.remark),),
            facts=(Fact(t("team.customer"), talk.work.session.get_one(Person, asked.person_id).name),),
            about=f"recommend:{asked.id}",
        )


def _meant(talk: Talk, answer: recoveries.Answer) -> Iterable[Outgoing]:
    """What it opens, ends or changes; what is opened or ended shows its card itself."""
    known = len(talk.work.events)
    one = recoveries.answered(talk.work, talk.company, answer)
    if one is not None and len(talk.work.events) == known:
        yield cards.for_team(talk.work, talk.company, one)


def _words(talk: Talk, survey: Survey) -> Message:
    """Words that came with a score that is not low."""
    request = talk.work.session.get_one(Request, survey.request_id)
    named = (t("survey.because", reasons=reasons(survey)),) if survey.reasons else ()
    return Message(
        to=Channel(talk.company.channels.satisfaction or talk.company.channels.requests),
        title=t("score.title", score=str(survey.score)),
        body=(headline(request), *named, Said(survey.remark or "")),
        facts=(
            Fact(t("team.customer"), talk.work.session.get_one(Person, survey.person_id).name),
            Fact(t("low.technician"), who_is(talk.company, survey.technician or "–")),
        ),
        buttons=((standing("team.reply", "team.reply", request=request.id),),),
        about=f"survey:{request.id}",
    )


def _asked_again(talk: Talk, survey: Survey) -> Iterable[Outgoing]:
    """Is it all right now? His answer says how it came out."""
    for one in recoveries.made_good_of(talk.work, survey.request_id):
        if survey.score is not None:
            recoveries.second_answer(talk.work, one, survey.score)
        if survey.remark:
            yield Message(to=cards.thread(one), body=(t("second.wrote"), Said(survey.remark)), about=source(one) + ":2")


# ── the recovery ──


def _one(talk: Talk, fact: satisfaction_events.OfRecovery) -> Recovery:
    return talk.work.session.get_one(Recovery, fact.recovery)


def opened(talk: Talk, fact: satisfaction_events.RecoveryOpened) -> Iterable[Outgoing]:
    """The card stands in the channel, whoever makes it good reads it himself, the homeowner is offered a call."""
    one = _one(talk, fact)
    people = told(talk, one.owner, FIRST)
    yield cards.for_team(talk.work, talk.company, one, alert=not people)
    for member in people:
        yield Message(
            to=Teammate(member.slack),
            title=cards.title(talk.work, one),
            body=tuple(cards.said(talk.work, one)),
            facts=(Fact(t("recovery.due"), by(one.due_at, member.time_zone or talk.company.time_zone, talk.work.now)),),
            buttons=((cards.take(one), standing("recovery.write", "recovery.write", recovery=one.id),
                      standing("recovery.called", "recovery.called", recovery=one.id)),),
            importance=Importance.CRITICAL,
        )  # fmt: skip
    chat = to(talk.work.session.get_one(Person, one.person_id))
    if chat is not None and one.call_at is None:
        yield cards.offer(talk.work, talk.company, chat, one)


def taken(talk: Talk, fact: satisfaction_events.RecoveryTaken) -> Iterable[Outgoing]:
    """The card says who; the call that was promised is his to keep."""
    one = _one(talk, fact)
    yield cards.for_team(talk.work, talk.company, one)
    call = commitments.of_source(talk.work, source(one))
    if call is not None:
        commitments.give(call, fact.by)
        yield in_thread(talk.work, talk.company, call)


def warned(talk: Talk, fact: satisfaction_events.RecoveryWarned) -> Iterable[Outgoing]:
    """So much of its time has passed: whoever the ladder names reads it."""
    one = _one(talk, fact)
    yield cards.for_team(talk.work, talk.company, one)
    due = Fact(t("recovery.due"), by(one.due_at, talk.company.time_zone, talk.work.now))
    buttons = (cards.take(one), standing("recovery.write", "recovery.write", recovery=one.id))
    height = Height(fact.percent, cards.title(talk.work, one), due, cards.thread(one), buttons, f"{source(one)}:due")
    yield from rung(told(talk, one.owner, fact.percent), height)


def call_chosen(talk: Talk, fact: satisfaction_events.CallChosen) -> Iterable[Outgoing]:
    """When he wants to be called stands on the card, and is a promise of whoever makes it good."""
    one = _one(talk, fact)
    yield cards.for_team(talk.work, talk.company, one)
    people = told(talk, one.owner, FIRST)
    request = talk.work.session.get_one(Request, one.request_id)
    person = talk.work.session.get_one(Person, one.person_id)
    zone = cards.zone(talk.work, talk.company, one)
    if people:
        words = say(t("recovery.call.words", when=Span(fact.begins, fact.until, zone)), person.language)
        keeper = people[0].key
        wish = Wish(words, fact.until, keeper, told=True, source=source(one), his_own=True)
        commitments.pin(talk.work, request, wish, keeper)
    for member in people:
        there = member.time_zone or talk.company.time_zone
        yield Message(
            to=Teammate(member.slack),
            title=cards.title(talk.work, one),
            body=(t("recovery.call.wanted", name=person.name, phone=person.phone or "–",
                    when=Span(fact.begins, fact.until, there)),),
            buttons=((cards.take(one), standing("recovery.called", "recovery.called", recovery=one.id)),),
            importance=Importance.CRITICAL,
        )  # fmt: skip


def shown(talk: Talk, fact: satisfaction_events.OfRecovery) -> Iterable[Outgoing]:
    """The card has it as it stands now."""
    yield cards.for_team(talk.work, talk.company, _one(talk, fact))


def settled(talk: Talk, fact: satisfaction_events.RecoverySettled) -> Iterable[Outgoing]:
    """The card and its thread say how it came out; whoever made it good reads it himself."""
    one = _one(talk, fact)
    yield cards.for_team(talk.work, talk.company, one)
    words = cards.outcome(one)
    yield Message(to=cards.thread(one), body=(words,), about=f"{source(one)}:outcome")
    member = next((m for m in talk.company.team if m.key == one.owner), None)
    if member is not None and fact.by is None and one.outcome is not Recovered.RAISED:
        yield Message(to=Teammate(member.slack), title=cards.title(talk.work, one), body=(words,))
    chat = to(talk.work.session.get_one(Person, one.person_id))
    if chat is not None and one.outcome is Recovered.RAISED:
        yield Message(to=chat, body=(t("recovery.raised.told"),), about=source(one))


def words_left(talk: Talk, fact: desk_events.WordsSent) -> Iterable[Outgoing]:
    """Somebody of the team wrote to him: that is noted with what is to be made good."""
    note = talk.work.session.get_one(Note, fact.note)
    for one in recoveries.of_request(talk.work, fact.request):
        if note.sent_by is not None:
            recoveries.contacted(talk.work, one, note.sent_by)
    return ()
