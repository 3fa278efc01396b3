"""Would you recommend us? Nought to ten, and why."""

from collections.abc import Iterable

from domain import recommending
from domain.recommending import Recommendation
from domain.surveys import SurveyOver
from handlers.cards import answer as cards
from handlers.conversation import Handler, Step, Talk, button
from handlers.homeowner import menu
from handlers.messages import Homeowner, Message, Outgoing
from locales.text import t


def question(talk: Talk, to: Homeowner, person: int, home: int | None, half: str) -> Message | None:
    """The question, once per person and half-year."""
    asked = recommending.ask(talk.work, person, home, half)
    return cards.of_recommendation(talk.company, to, asked, live=True) if asked is not None else None


def score(talk: Talk) -> Iterable[Outgoing]:
    """Nought to ten."""
    asked = _open(talk, talk.number("recommendation"))
    recommending.answer(talk.work, asked, talk.number("score"))
    yield cards.of_recommendation(talk.company, talk.me, asked, live=True)


def ask_words(talk: Talk) -> Iterable[Outgoing]:
    """He wants to say why."""
    return talk.go("recommend.words", recommendation=_open(talk, talk.number("recommendation")).id)


def _words_question(talk: Talk) -> Message:
    return talk.say(t("recommend.why"), buttons=((button("menu.back", "survey.skip"),),))


def words(talk: Talk) -> Iterable[Outgoing]:
    """His words lock the answer."""
    number = int(talk.draft.said["recommendation"])
    talk.end()
    asked = _open(talk, number)
    recommending.remark(talk.work, asked, talk.words)
    yield cards.of_recommendation(talk.company, talk.me, asked, live=False)
    yield talk.say(t("survey.kept"), buttons=menu.buttons(talk))


def _open(talk: Talk, number: int) -> Recommendation:
    """His own, as long as it can be answered. Raises SurveyOver."""
    asked = recommending.held(talk.work, number)
    mine = asked is not None and asked.person_id == talk.who.id
    if asked is None or not mine or not asked.open_at(talk.work.now, talk.company.follow_ups.survey_open_days):
        raise SurveyOver
    return asked


PRESSES: dict[str, Handler] = {"recommend.score": score, "recommend.words": ask_words}
STEPS = {"recommend.words": Step(_words_question, typed=words)}
