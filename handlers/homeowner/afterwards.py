"""Words that nobody asked for, right after a score: they belong to it, where nothing else is waited for."""

from collections.abc import Iterable
from datetime import timedelta

from domain import recommending, surveys
from domain.prompts import Kind
from domain.recommending import Recommendation
from domain.requests import Request, State, running_of
from domain.surveys import Survey
from handlers.conversation import Talk
from handlers.homeowner import answers, recommend, survey
from handlers.inbound import Typed
from handlers.messages import Outgoing

AFTERWARDS = timedelta(minutes=30)

Answer = Survey | Recommendation


def heard(talk: Talk) -> Iterable[Outgoing] | None:
    """His words are kept with the score of a moment ago, or the one to whose card he replies; None: they are not."""
    if not isinstance(talk.inbound, Typed) or not talk.words.strip():
        return None
    found = _meant(talk)
    if isinstance(found, Survey):
        return survey.kept(talk, talk.work.session.get_one(Request, found.request_id), found)
    return recommend.kept(talk, found) if found is not None else None


def _meant(talk: Talk) -> Answer | None:
    both = surveys.newest_of(talk.work, talk.who.id), recommending.newest_of(talk.work, talk.who.id)
    days = talk.company.follow_ups.survey_open_days
    found = [one for one in both if one is not None and one.open_at(talk.work.now, days)]
    if talk.about:
        return next((one for one in found if _stands_on(talk, one)), None)
    if any(r.talks is not None or r.state is State.WAITING_HOMEOWNER for r in running_of(talk.work, talk.who.id)):
        return None  # somebody of the team waits for his words
    recent = [one for one in found if one.answered_at and talk.work.now - one.answered_at <= AFTERWARDS]
    return max(recent, key=lambda one: one.answered_at or talk.work.now, default=None)


def _stands_on(talk: Talk, one: Answer) -> bool:
    """Whether the card he replies to shows this answer."""
    prompt = answers.named(talk, talk.about)
    if prompt is None:
        return False
    if isinstance(one, Recommendation):
        return prompt.kind is Kind.RECOMMEND
    return survey.ROUNDS.get(prompt.kind) == one.round and prompt.subject == f"request:{one.request_id}"
