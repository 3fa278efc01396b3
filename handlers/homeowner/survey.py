"""How was it? A score, what was good or bad, and a few words if he likes: one card, edited in place."""

from collections.abc import Iterable

from domain import recoveries, surveys
from domain.prompts import Kind, Prompt
from domain.recoveries import Recovered
from domain.requests import Request, State
from domain.surveys import EnoughReasons, Survey, SurveyOver
from handlers.asking import Asking
from handlers.cards import answer as cards
from handlers.conversation import Handler, Step, Talk, button
from handlers.homeowner import answers, menu, preferences
from handlers.homeowner.mine import mine
from handlers.messages import Homeowner, Message, Outgoing
from locales.text import t

FINISHED = (State.CONFIRMED, State.CLOSED)


# ── the questions, as they are asked by themselves ──


ROUNDS = {Kind.SURVEY: 1, Kind.SURVEY_AGAIN: 1, Kind.SECOND_ASK: cards.AGAIN}


def request_of(talk: Talk, prompt: Prompt) -> Request:
    """The request a prompt is about."""
    return talk.work.session.get_one(Request, int(prompt.subject.partition(":")[2]))


def _survey(talk: Talk, prompt: Prompt) -> Survey | None:
    return surveys.held(talk.work, request_of(talk, prompt).id, ROUNDS[prompt.kind])


def _unanswered(talk: Talk, prompt: Prompt) -> bool:
    survey = _survey(talk, prompt)
    return survey is None or (survey.score is None and _lives(talk, survey))


def _finished(talk: Talk, prompt: Prompt) -> bool:
    """Is it still finished? What ended with a storm was nobody's work at his home: it is not asked about."""
    request = request_of(talk, prompt)
    return request.state in FINISHED and request.storm_id is None and _unanswered(talk, prompt)


def _silent(talk: Talk, prompt: Prompt) -> bool:
    """Has he been asked, and not answered?"""
    return _survey(talk, prompt) is not None and _finished(talk, prompt)


def _made_good(talk: Talk, prompt: Prompt) -> bool:
    """Was it made good, as the team says, and does nobody know yet whether it was?"""
    made = recoveries.made_good_of(talk.work, request_of(talk, prompt).id)
    return any(one.outcome is Recovered.OPEN for one in made) and _unanswered(talk, prompt)


def _put(talk: Talk, prompt: Prompt) -> None:
    surveys.ask(talk.work, request_of(talk, prompt), ROUNDS[prompt.kind])


def question(talk: Talk, prompt: Prompt, to: Homeowner) -> Message:
    """The question, put to whoever asked for the work."""
    request, survey = request_of(talk, prompt), _survey(talk, prompt)
    assert survey is not None
    return cards.of_survey(talk.company, to, request, survey, live=survey.score is None)


# ── his answers ──


def score(talk: Talk) -> Iterable[Outgoing]:
    """One to five."""
    request, survey = _meant(talk)
    surveys.answer(talk.work, survey, talk.number("score"))
    yield from _shown(talk, request, survey)
    if talk.number("score") >= surveys.GOOD_FROM and survey.round == 1:
        yield from preferences.ask_once(talk, talk.who)  # a good moment to ask what else he wants to hear of


def reason(talk: Talk) -> Iterable[Outgoing]:
    """Something was good, or bad, or after all was not."""
    request, survey = _meant(talk)
    try:
        surveys.reason(talk.work, survey, str(talk.args["key"]))
    except EnoughReasons:
        talk.notice = t("survey.enough", most=surveys.MOST_REASONS)
    return _shown(talk, request, survey)


def _shown(talk: Talk, request: Request, survey: Survey) -> Iterable[Outgoing]:
    """The card of the question, as it stands now."""
    kinds = [kind for kind, number in ROUNDS.items() if number == survey.round]
    card = answers.answered(talk, answers.prompt_of(talk, kinds, f"request:{request.id}"))
    yield cards.of_survey(talk.company, talk.me, request, survey, live=_lives(talk, survey), about=card)


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
    return kept(talk, request, _open(talk, request, number))


def kept(talk: Talk, request: Request, survey: Survey) -> Iterable[Outgoing]:
    """What he writes is kept with his score."""
    surveys.remark(talk.work, survey, talk.words)
    yield from _shown(talk, request, survey)
    yield talk.say(t("survey.kept"), buttons=menu.buttons(talk))


def skip(talk: Talk) -> Iterable[Outgoing]:
    """No words."""
    talk.end()
    yield talk.say(t("survey.kept"), buttons=menu.buttons(talk))


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


def _lives(talk: Talk, one: Survey) -> bool:
    return one.open_at(talk.work.now, talk.company.follow_ups.survey_open_days)


PRESSES: dict[str, Handler] = {
    "survey.score": score,
    "survey.reason": reason,
    "survey.words": ask_words,
    "survey.skip": skip,
}
STEPS = {"survey.words": Step(_words_question, typed=words)}
KINDS: dict[Kind, Asking] = {
    Kind.SURVEY: Asking(_finished, question, asked=_put),
    Kind.SURVEY_AGAIN: Asking(_silent, question),
    Kind.SECOND_ASK: Asking(_made_good, question, asked=_put),
}
