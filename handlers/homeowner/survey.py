"""How was it? One question, then a few words if he likes."""

from collections.abc import Iterable
from datetime import timedelta

from domain import surveys
from domain.prompts import Kind, Prompt
from domain.requests import Request, State
from domain.surveys import Survey, SurveyOver
from handlers.asking import Asking
from handlers.cards.request import headline, who_is
from handlers.conversation import Handler, Step, Talk, button, standing
from handlers.homeowner import menu
from handlers.homeowner.mine import mine
from handlers.messages import Button, Homeowner, Message, Outgoing
from locales.text import t


def _request(talk: Talk, prompt: Prompt) -> Request:
    return talk.work.session.get_one(Request, int(prompt.subject.partition(":")[2]))


def _finished(talk: Talk, prompt: Prompt) -> bool:
    """Is it still finished? What ended with a storm was nobody's work at his home: it is not asked about."""
    request = _request(talk, prompt)
    return request.state in (State.CONFIRMED, State.CLOSED) and request.storm_id is None


def _put(talk: Talk, prompt: Prompt) -> None:
    surveys.ask(talk.work, _request(talk, prompt))


def question(talk: Talk, prompt: Prompt, to: Homeowner) -> Message:
    """The question, put to whoever asked for the work."""
    request = _request(talk, prompt)
    scores = tuple(
        Button(str(score), "survey.score", {"request": request.id, "score": score}, standing=True)
        for score in range(1, 6)
    )
    who = who_is(talk.company, request.assignee) if request.assignee else talk.company.name
    return Message(
        to=to,
        title=headline(request),
        body=(t("survey.ask", name=who), t("survey.scale")),
        buttons=(scores,),
    )


def score(talk: Talk) -> Iterable[Outgoing]:
    """One to five."""
    request = mine(talk, talk.number("request"))
    survey = _open(talk, request)
    surveys.answer(talk.work, survey, talk.number("score"))
    low = talk.number("score") <= talk.company.follow_ups.low_score
    yield talk.say(
        t("survey.sorry" if low else "survey.thanks"),
        buttons=((standing("survey.words", "survey.words", request=request.id), standing("menu.human", "human.ask")),),
        about=f"thanks:{request.id}",
    )


def ask_words(talk: Talk) -> Iterable[Outgoing]:
    """He wants to say more."""
    _open(talk, mine(talk, talk.number("request")))
    return talk.go("survey.words", survey=talk.number("request"))


def _words_question(talk: Talk) -> Message:
    return talk.say(t("survey.words.ask"), buttons=((button("menu.back", "survey.skip"),),))


def words(talk: Talk) -> Iterable[Outgoing]:
    """His words lock the answer."""
    request = mine(talk, int(talk.draft.said["survey"]))
    talk.end()
    survey = _open(talk, request)
    surveys.remark(talk.work, survey, talk.words)
    yield talk.say(t("survey.kept"), buttons=menu.buttons(talk))


def skip(talk: Talk) -> Iterable[Outgoing]:
    """No words."""
    talk.end()
    yield talk.say(t("survey.kept"), buttons=menu.buttons(talk))


def _open(talk: Talk, request: Request) -> Survey:
    """The survey about a request, as long as it can be answered. Raises SurveyOver."""
    survey = talk.work.session.query(Survey).filter_by(request_id=request.id).one_or_none()
    life = timedelta(days=talk.company.follow_ups.survey_open_days)
    if survey is None or survey.locked_at is not None or talk.work.now > survey.asked_at + life:
        raise SurveyOver
    return survey


PRESSES: dict[str, Handler] = {
    "survey.score": score,
    "survey.words": ask_words,
    "survey.skip": skip,
}
STEPS = {"survey.words": Step(_words_question, typed=words)}
KINDS: dict[Kind, Asking] = {Kind.SURVEY: Asking(_finished, question, asked=_put)}
