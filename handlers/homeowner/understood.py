"""Free words that answer no question: what is surely meant is done and said back, what is half sure is asked.

Whatever was understood, nothing is booked, moved, cancelled or paid by words alone, and no words are lost.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from domain import bookings
from domain.answers import Answer
from domain.areas import Area, Intent
from domain.homes import devices_of
from domain.quoting import jobs_for
from domain.requests import Request, State, running_of
from handlers.cards.menu import ways_on
from handlers.cards.request import for_homeowner, zone_of
from handlers.conversation import Handler, Step, Talk, button, rows, standing
from handlers.homeowner import contract, menu, report, wished
from handlers.inbound import Typed
from handlers.messages import Button, Message, Outgoing, Part, Said
from handlers.understanding.own import OF_A_PART, meaning_of
from handlers.understanding.places import Named, Thing, named
from handlers.understanding.readings import Decision, Guess, Meaning
from handlers.understanding.when import understood
from locales.text import Own, Text, t

UNCOUNTED = (Intent.GREETING, Intent.OTHER)  # what one cannot do anything wrong with
GUESSED = tuple(intent for intent in Intent if intent not in (*UNCOUNTED, Intent.HUMAN))  # a person is always offered
SAID_BACK = tuple(intent for intent in GUESSED if intent is not Intent.PROBLEM)
TO_THE_TEAM = (Intent.BILLING, Intent.UPGRADE, Intent.FEEDBACK, Intent.COMPLAINT)
BESIDE = (Intent.VISIT, Intent.PRICE, Intent.CONTRACT, Intent.COMMAND, Intent.HOWTO)
LIKELY, PERHAPS = 0.5, 0.2
WORDS_OF_A_LANGUAGE = 4  # fewer may be borrowed


def words(talk: Talk) -> Iterable[Outgoing]:
    """Words that belong to nothing that runs; at the question what was meant they say it once more."""
    if not isinstance(talk.inbound, Typed) or not talk.words.strip():
        return report.words(talk)
    meaning = _read(talk, again=talk.draft.step == report.ASKING)
    plain = meaning.intent in UNCOUNTED and meaning.guesses[0].likely >= LIKELY
    if plain or meaning.decision is Decision.ACT:
        return _done(talk, meaning.intent, meaning.area, meaning.language)
    return talk.go(report.ASKING, sure=meaning.decision is Decision.ASK)


def _read(talk: Talk, *, again: bool) -> Meaning:
    """What his words mean; they are kept with their likeliest readings until it is clear what to do with them."""
    if not again:
        talk.draft.said = {}
    lines = report.added(talk)["lines"]
    meaning = meaning_of("\n".join(line["words"] for line in lines), talk.company, talk.who.language)
    guesses = [msgspec.to_builtins(guess) for guess in meaning.guesses if guess.intent in GUESSED]
    talk.draft.said = {"lines": lines, "guesses": guesses}
    talk.draft.step = None
    talk.draft.turn += 1
    return meaning


def beside(talk: Talk, request: Request) -> Iterable[Outgoing] | None:
    """Words while something runs, which are kept with it already: what can be answered at once; None: nothing."""
    if not isinstance(talk.inbound, Typed) or talk.about or request.state is State.WAITING_HOMEOWNER:
        return None
    meaning = meaning_of(talk.words, talk.company, talk.who.language)
    if request.state is State.BOOKED and _perhaps_a_visit(meaning):
        meaning = msgspec.structs.replace(meaning, intent=Intent.VISIT, area=None, decision=Decision.ACT)
    if meaning.decision is not Decision.ACT or meaning.intent not in BESIDE:
        return None
    if talk.draft.step in (None, report.ASKING):
        _read(talk, again=False)
        return _done(talk, meaning.intent, meaning.area, meaning.language)
    # In the middle of something else only what needs no question of its own.
    return [*contract.show(talk), *talk.ask()] if meaning.intent is Intent.CONTRACT else None


def _perhaps_a_visit(meaning: Meaning) -> bool:
    """Whether words may be about the appointment he has: then it is shown, with what can be done about it."""
    return any(guess.intent is Intent.VISIT and guess.likely >= PERHAPS for guess in meaning.guesses)


def _done(talk: Talk, intent: Intent, area: Area | None, language: str | None = None) -> Iterable[Outgoing]:
    """What is meant, done as far as words may do it; said back, with a way out."""
    if intent is Intent.PROBLEM:
        return _report(talk, area)
    if intent is Intent.HUMAN:
        return _to_somebody(talk)
    said = tuple(ACTS[intent](talk, area))
    return _said_back(talk, intent, said, language) if talk.draft.step is None else said


def _report(talk: Talk, area: Area | None) -> Iterable[Outgoing]:
    """A report with what was said, and where and what it is as far as that was understood."""
    said: dict[str, Any] = {"lines": talk.draft.said.get("lines", []), "guesses": talk.draft.said.get("guesses", [])}
    talk.draft.said = said
    if area is None:
        return talk.go("report.area")
    found = _named(talk, area)
    device = found.thing.id if found.thing is not None else None
    return talk.go("report.check", area=area.value, device=device, room=found.room, understood=True)


def _named(talk: Talk, area: Area) -> Named:
    """The room he names, and the device of his home that his words can only mean."""
    place = talk.home()
    if place is None:
        return Named()
    things = [Thing(d.id, Area(d.area), d.room, d.brand, d.model) for d in devices_of(talk.work, place[0].id)]
    return named(_story(talk), talk.who.language, area, things)


def _to_somebody(talk: Talk) -> Iterable[Outgoing]:
    story = _story(talk)
    talk.end()
    return menu.human_about(talk, story)


def _visit(talk: Talk, _area: Area | None) -> Iterable[Outgoing]:
    """An appointment: the one there is, with what can be done about it; else what it shall be for."""
    running = running_of(talk.work, talk.who.id)
    booked = [request for request in running if bookings.booked_for(talk.work, request)]
    for request in booked[:1]:
        moved = _other_time(talk, request)
        if moved is not None:
            yield from moved
            return
    if not running:
        yield from talk.go("report.area", visit=True)
        return
    cards = (for_homeowner(talk.work, talk.company, request) for request in (booked or running)[:3])
    yield from (msgspec.structs.replace(card, fresh=True) for card in cards if card is not None)


def _other_time(talk: Talk, request: Request) -> Iterable[Outgoing] | None:
    """Where he names a time: the times that are like it; the appointment stands until he takes one."""
    here = talk.work.now.astimezone(ZoneInfo(zone_of(talk.work, talk.company, request))).replace(tzinfo=None)
    if not understood(talk.words, talk.who.language, here).wishes:
        return None
    help_ = bookings.booked_for(talk.work, request)[0].help
    jobs = jobs_for(talk.work, talk.company, request)
    job = next((job for job in jobs if talk.company.help_of(job.work) is help_), jobs[0])
    talk.draft.said = {"request": request.id, "work": job.work}
    return wished.heard(talk)


def _price(talk: Talk, _area: Area | None) -> Iterable[Outgoing]:
    """What it costs depends on what is to be done, and on the contract."""
    ways = (standing("menu.contract", "contract.show"), standing("contract.plans", "plans.all"))
    yield talk.say(t("meant.price"), buttons=((button("meant.describe", "meant.report"),), ways))


def _contract(talk: Talk, _area: Area | None) -> Iterable[Outgoing]:
    return contract.show(talk)


def _command(talk: Talk, area: Area | None) -> Iterable[Outgoing]:
    """We are no switch; but perhaps something does not obey."""
    where = {"area": area.value} if area else {}
    fails = Button(t("meant.fails"), "meant.report", dict(where))
    yield talk.say(t("meant.command"), buttons=((fails,),))


def _howto(talk: Talk, area: Area | None) -> Iterable[Outgoing]:
    """The company's own answer, where it has one; the others that may be meant; a person."""
    where = {"area": area.value} if area else {}
    ways = ((button("meant.team", "meant.team"), Button(t("meant.fails"), "meant.report", dict(where))),)
    own_answers = talk.company.answers(talk.who.language)
    found = own_answers.found(_story(talk), area) if own_answers is not None else []
    if not found:
        yield talk.say(t("meant.howto"), buttons=ways)
        return
    others = (Button(_theirs(talk, one.title), "howto.show", {"key": one.key}, standing=True) for one in found[1:])
    yield msgspec.structs.replace(_answer(talk, found[0]), buttons=(*((one,) for one in others), *ways))


def _answer(talk: Talk, answer: Answer) -> Message:
    return talk.say(
        title=_theirs(talk, answer.title),
        body=(t("howto.answer", words=_theirs(talk, answer.answer)),),
        buttons=ways_on(),
    )


def _theirs(talk: Talk, words: str) -> Own:
    """What the company wrote in his language."""
    return Own({talk.who.language: words})


def show_answer(talk: Talk) -> Iterable[Outgoing]:
    """Another answer of the company's."""
    answers = talk.company.answers(talk.who.language)
    chosen = answers.named(str(talk.args["key"])) if answers is not None else None
    if chosen is None:  # the company wrote its answers anew
        return (talk.say(t("meant.howto"), buttons=ways_on()),)
    return (_answer(talk, chosen),)


def _greeting(talk: Talk, _area: Area | None) -> Iterable[Outgoing]:
    yield menu.menu(talk)


def _other(talk: Talk, _area: Area | None) -> Iterable[Outgoing]:
    """Nothing we know about: what we do, and who can be asked all the same."""
    yield talk.say(t("meant.other"), buttons=((button("meant.team", "meant.team"),), *menu.buttons(talk)))


def _passing(intent: Intent) -> Callable[[Talk, Area | None], Iterable[Outgoing]]:
    """What a person of the team answers."""

    def passed(talk: Talk, _area: Area | None) -> Iterable[Outgoing]:
        request = menu.call_somebody(talk, _story(talk), intent)
        yield talk.say(t(f"meant.passed.{intent}", number=request.number))

    return passed


ACTS: Mapping[Intent, Callable[[Talk, Area | None], Iterable[Outgoing]]] = {
    Intent.VISIT: _visit,
    Intent.PRICE: _price,
    Intent.CONTRACT: _contract,
    Intent.COMMAND: _command,
    Intent.HOWTO: _howto,
    Intent.GREETING: _greeting,
    Intent.OTHER: _other,
    **{intent: _passing(intent) for intent in TO_THE_TEAM},
}


def _said_back(
    talk: Talk, intent: Intent, said: tuple[Outgoing, ...], language: str | None
) -> Iterable[Outgoing]:  # fmt: skip
    """The last message says what was understood, and takes him to the other readings."""
    *before, last = said
    yield from before
    if not isinstance(last, Message):
        yield last
        return
    if intent in UNCOUNTED:
        yield talk.turned(last)
        return
    no = (button("meant.not_that", "meant.other"), standing("menu.human", "human.ask"))
    rest = (tuple(one for one in row if one.act != "human.ask") for row in last.buttons)  # it stands below already
    told = (t("meant.said", what=t(f"meant.what.{intent}")), *last.body)
    ways = (*(row for row in rest if row), *_other_language(talk, language), no)
    yield talk.turned(msgspec.structs.replace(last, body=told, buttons=ways))


def _ask_which(talk: Talk) -> Message:
    """Which of these readings is meant?"""
    said = talk.draft.said
    guesses = [msgspec.convert(one, Guess) for one in said.get("guesses", [])]
    lead: tuple[Part, ...] = (Said(_story(talk)),) if _story(talk) else ()
    choices = [Button(_guess(one), "meant.pick", {"guess": at}) for at, one in enumerate(guesses)]
    ask = t("meant.which.ask" if said.get("sure") else "meant.which.unsure")
    team = (report.danger_button(), button("meant.team", "meant.team"))
    menu_ = (
        ()
        if said.get("sure")
        else (standing("menu.requests", "request.list"), standing("menu.contract", "contract.show"))
    )
    return talk.say(
        body=(*lead, ask),
        buttons=(*rows(choices, 1), (button("menu.report", "meant.report"),), *((menu_,) if menu_ else ()), team),
    )  # fmt: skip


def _guess(guess: Guess) -> Text:
    where = {"area": t(f"area.{guess.area or Area.OTHER}")} if guess.intent in OF_A_PART else {}
    return t(f"meant.guess.{guess.intent}", **where)


def _story(talk: Talk) -> str:
    return "\n".join(line["words"] for line in talk.draft.said.get("lines", []))


def _other_language(talk: Talk, language: str | None) -> tuple[tuple[Button, ...], ...]:
    """He wrote in another language than we speak to him: one tap, and we speak it too."""
    known = language in talk.company.languages and language != talk.who.language
    if not known or len(_story(talk).split()) < WORDS_OF_A_LANGUAGE:
        return ()
    assert language is not None
    return ((Button(menu.NATIVE[language], "language.pick", {"language": language}, standing=True),),)


def other(talk: Talk) -> Iterable[Outgoing]:
    """It was not what he meant."""
    return talk.go(report.ASKING, sure=False)


def pick(talk: Talk) -> Iterable[Outgoing]:
    """That one is meant."""
    guess = msgspec.convert(talk.draft.said["guesses"][talk.number("guess")], Guess)
    talk.draft.step = None
    return _done(talk, guess.intent, guess.area)


def to_report(talk: Talk) -> Iterable[Outgoing]:
    """Something has to be seen to: his words begin the report."""
    return _report(talk, Area(str(talk.args["area"])) if "area" in talk.args else None)


def to_team(talk: Talk) -> Iterable[Outgoing]:
    """A person reads it."""
    return _to_somebody(talk)


PRESSES: dict[str, Handler] = {
    "meant.other": other,
    "meant.pick": pick,
    "meant.report": to_report,
    "meant.team": to_team,
    "howto.show": show_answer,
}
STEPS = {report.ASKING: Step(_ask_which)}
