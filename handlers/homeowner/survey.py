"""How was it? A score, what was good or bad, and a few words if he likes: one card, edited in place."""

from collections.abc import Iterable
from datetime import timedelta

from domain import recommending, recoveries, surveys
from domain.prompts import Prompt
from domain.recommending import Recommendation
from domain.requests import Request, State, running_of
from domain.surveys import EnoughReasons, Survey, SurveyOver
from handlers.cards import answer as cards
from handlers.conversation import Handler, Step, Talk, button
from handlers.homeowner import menu
from handlers.homeowner.mine import mine
from handlers.inbound import Typed
from handlers.messages import Homeowner, Message, Outgoing
from locales.text import t

FINISHED = (State.CONFIRMED, State.CLOSED)
AFTERWARDS = timedelta(minutes=30)  # so long words that nobody asked for belong to the score he has just given


# ── the questions, as they are asked by themselves ──


def may_ask(talk: Talk, request: Request) -> bool:
    """Whether one asks about it: it is finished, it was drawn, and nothing is wrong at this moment."""
    if request.state not in FINISHED or request.storm_id is not None:
        return False  # what ended with a storm was nobody's work at his home
    drawn = surveys.drawn(request.id, talk.company.follow_ups.survey_percent)
    return drawn and not recoveries.pauses(talk.work, request.person_id)


def question(talk: Talk, to: Homeowner, request: Request, number: int = 1) -> Message | None:
    """The question, put to whoever asked for the work; once."""
    survey = surveys.ask(talk.work, request, number)
    return cards.of_survey(talk.company, to, request, survey, live=True) if survey is not None else None


def request_of(talk: Talk, prompt: Prompt) -> Request:
    """The request a prompt is about."""
    return talk.work.session.get_one(Request, int(prompt.subject.partition(":")[2]))


# ── his answers ──


def score(talk: Talk) -> Iterable[Outgoing]:
    """One to five."""
    request, survey = _meant(talk)
    surveys.answer(talk.work, survey, talk.number("score"))
    return _shown(talk, request, survey)


def reason(talk: Talk) -> Iterable[Outgoing]:
    """Something was good, or bad, or after all was not."""
    request, survey = _meant(talk)
    try:
        surveys.reason(talk.work, survey, str(talk.args["key"]))
    except EnoughReasons:
        talk.notice = t("survey.enough", most=surveys.MOST_REASONS)
    return _shown(talk, request, survey)


def _shown(talk: Talk, request: Request, survey: Survey) -> Iterable[Outgoing]:
    yield cards.of_survey(talk.company, talk.me, request, survey, live=_lives(talk, survey))


def ask_words(talk: Talk) -> Iterable[Outgoing]:
    """He wants to say more."""
    request, survey = _meant(talk)
    return talk.go("survey.words", survey=request.id, round=survey.round)


def _words_question(talk: Talk) -> Message:
    return talk.say(t("survey.words.ask"), buttons=((button("menu.back", "survey.skip"),),))


def words(talk: Talk) -> Iterable[Outgoing]:
    """His words lock the answer."""
    request = mine(talk, int(talk.draft.said["survey"]))
    number = int(talk.draft.said.get("round", 1))
    talk.end()
    return _kept(talk, request, _open(talk, request, number))


def _kept(talk: Talk, request: Request, survey: Survey) -> Iterable[Outgoing]:
    surveys.remark(talk.work, survey, talk.words)
    yield from _shown(talk, request, survey)
    yield talk.say(t("survey.kept"), buttons=menu.buttons(talk))


def skip(talk: Talk) -> Iterable[Outgoing]:
    """No words."""
    talk.end()
    yield talk.say(t("survey.kept"), buttons=menu.buttons(talk))


# ── words that nobody asked for ──


def heard(talk: Talk) -> Iterable[Outgoing] | None:
    """What he writes right after his score belongs to it, where nothing else is waited for; None: it does not."""
    if not isinstance(talk.inbound, Typed) or not talk.words.strip() or talk.draft.step is not None:
        return None
    found = _answer_meant(talk)
    if isinstance(found, Survey):
        return _kept(talk, talk.work.session.get_one(Request, found.request_id), found)
    return _why(talk, found) if found is not None else None


def _why(talk: Talk, asked: Recommendation) -> Iterable[Outgoing]:
    recommending.remark(talk.work, asked, talk.words)
    yield cards.of_recommendation(talk.company, talk.me, asked, live=False)
    yield talk.say(t("survey.kept"), buttons=menu.buttons(talk))


def _answer_meant(talk: Talk) -> Survey | Recommendation | None:
    """The answer of a moment ago, or the one whose card he replies to."""
    both = surveys.newest_of(talk.work, talk.who.id), recommending.newest_of(talk.work, talk.who.id)
    found = [one for one in both if one is not None and _lives(talk, one)]
    if talk.about:
        return next((one for one in found if _about(one) == talk.about), None)
    if any(r.talks is not None or r.state is State.WAITING_HOMEOWNER for r in running_of(talk.work, talk.who.id)):
        return None  # somebody of the team waits for his words
    recent = [one for one in found if one.answered_at and talk.work.now - one.answered_at <= AFTERWARDS]
    return max(recent, key=lambda one: one.answered_at or talk.work.now, default=None)


def _about(one: Survey | Recommendation) -> str:
    return cards.about_survey(one.request_id, one.round) if isinstance(one, Survey) else cards.about_recommendation(one)


# ── which one ──


def _meant(talk: Talk) -> tuple[Request, Survey]:
    """The question a button belongs to. Raises SurveyOver, NotYourRequest."""
    request = mine(talk, talk.number("request"))
    return request, _open(talk, request, int(talk.args.get("round", 1)))


def _open(talk: Talk, request: Request, number: int) -> Survey:
    """The survey about a request, as long as it can be answered. Raises SurveyOver."""
    survey = surveys.held(talk.work, request.id, number)
    if survey is None or not _lives(talk, survey):
        raise SurveyOver
    return survey


def _lives(talk: Talk, one: Survey | Recommendation) -> bool:
    return one.open_at(talk.work.now, talk.company.follow_ups.survey_open_days)


PRESSES: dict[str, Handler] = {
    "survey.score": score,
    "survey.reason": reason,
    "survey.words": ask_words,
    "survey.skip": skip,
}
STEPS = {"survey.words": Step(_words_question, typed=words)}
