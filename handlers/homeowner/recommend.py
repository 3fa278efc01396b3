"""Would you recommend us? Nought to ten, and why."""

from collections.abc import Iterable

from domain import recommending
from domain.prompts import Kind, Prompt
from domain.recommending import Recommendation
from domain.surveys import SurveyOver
from handlers.asking import Asking
from handlers.cards import answer as cards
from handlers.conversation import Handler, Step, Talk, button
from handlers.homeowner import answers, menu
from handlers.messages import Homeowner, Message, Outgoing
from locales.text import t


def _half(prompt: Prompt) -> str:
    """The half-year it belongs to; who wanted it later is still asked for the same one."""
    return prompt.occurrence.partition("~")[0]


def _of(talk: Talk, prompt: Prompt) -> Recommendation | None:
    return recommending.of_half(talk.work, prompt.person_id, _half(prompt))


def _open_question(talk: Talk, prompt: Prompt) -> bool:
    asked = _of(talk, prompt)
    return asked is None or (asked.score is None and _lives(talk, asked))


def _put(talk: Talk, prompt: Prompt) -> None:
    recommending.ask(talk.work, prompt.person_id, prompt.home_id, _half(prompt))


def question(talk: Talk, prompt: Prompt, to: Homeowner) -> Message:
    """The question, once per person and half-year."""
    asked = _of(talk, prompt)
    assert asked is not None
    return cards.of_recommendation(talk.company, to, asked, live=asked.score is None)


def score(talk: Talk) -> Iterable[Outgoing]:
    """Nought to ten."""
    asked = _open(talk, talk.number("recommendation"))
    recommending.answer(talk.work, asked, talk.number("score"))
    yield _shown(talk, asked)


def _shown(talk: Talk, asked: Recommendation) -> Message:
    """The card of the question, as it stands now."""
    card = answers.answered(talk, _prompt(talk, asked))
    return cards.of_recommendation(talk.company, talk.me, asked, live=_lives(talk, asked), about=card)


def _prompt(talk: Talk, asked: Recommendation) -> Prompt | None:
    """The question that was put."""
    found = answers.prompts_of(talk, (Kind.RECOMMEND,))
    return next((prompt for prompt in found if _half(prompt) == asked.half), None)


def ask_words(talk: Talk) -> Iterable[Outgoing]:
    """He wants to say why."""
    return talk.go("recommend.words", recommendation=_open(talk, talk.number("recommendation")).id)


def _words_question(talk: Talk) -> Message:
    return talk.say(t("recommend.why"), buttons=((button("menu.back", "survey.skip"),),))


def words(talk: Talk) -> Iterable[Outgoing]:
    """His words lock the answer."""
    number = int(talk.draft.said["recommendation"])
    talk.end()
    return kept(talk, _open(talk, number))


def kept(talk: Talk, asked: Recommendation) -> Iterable[Outgoing]:
    """What he writes is kept with his score."""
    recommending.remark(talk.work, asked, talk.words)
    yield _shown(talk, asked)
    yield talk.say(t("survey.kept"), buttons=menu.buttons(talk))


def _open(talk: Talk, number: int) -> Recommendation:
    """His own, as long as it can be answered. Raises SurveyOver."""
    asked = recommending.held(talk.work, number)
    mine = asked is not None and asked.person_id == talk.who.id
    if asked is None or not mine or not _lives(talk, asked):
        raise SurveyOver
    return asked


def _lives(talk: Talk, asked: Recommendation) -> bool:
    return asked.open_at(talk.work.now, talk.company.follow_ups.survey_open_days)


PRESSES: dict[str, Handler] = {"recommend.score": score, "recommend.words": ask_words}
STEPS = {"recommend.words": Step(_words_question, typed=words)}
KINDS: dict[Kind, Asking] = {Kind.RECOMMEND: Asking(_open_question, question, asked=_put)}
