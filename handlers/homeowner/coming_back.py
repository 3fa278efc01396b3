"""Coming back: a prompt whose moment has come is looked at once more, asked, and answered with one tap.

Each kind says what it asks (`Asking`); when it may be asked, to whom, and what *later*, *never this* and *stop all*
mean is the same for all of them.
"""

from collections.abc import Iterable

from msgspec.structs import replace

from domain import prompting
from domain.people import Person
from domain.prompts import Kind, Prompt, PromptState, Reply
from domain.work import Refusal
from handlers.asking import Asking, about
from handlers.cards.menu import ways_on
from handlers.cards.request import thread
from handlers.conversation import Handler, Talk, standing, to
from handlers.homeowner import campaign, errands, menu, occasions, recommend, referral, survey
from handlers.inbound import Delivered, Due
from handlers.messages import Button, Homeowner, Message, Outgoing
from locales.text import Moment, t


class NotYourPrompt(Refusal):
    """A button that was shown to somebody else."""


KINDS: dict[Kind, Asking] = {
    **survey.KINDS,
    **occasions.KINDS,
    **errands.KINDS,
    **recommend.KINDS,
    **referral.KINDS,
    **campaign.KINDS,
}


def due(talk: Talk) -> Iterable[Outgoing]:
    """Its moment has come: is it still wanted, true and polite? Then it is asked; else another day, or never."""
    rung = talk.inbound
    assert isinstance(rung, Due)
    prompt = prompting.held(talk.work, int(rung.occurrence.partition(" ")[0]))
    asking, chat = KINDS[prompt.kind], to(talk.work.session.get_one(Person, prompt.person_id))
    asked_now = prompting.ring(
        talk.work, talk.company, prompt, reachable=chat is not None, still=lambda: asking.still(talk, prompt)
    )
    if not asked_now or chat is None:
        return
    if asking.asked is not None:
        asking.asked(talk, prompt)
    yield replace(
        _shown(talk, prompt, chat),
        until=min(prompting.closes_at(talk.work, talk.company, prompt), prompt.until),
        delivery=f"prompt:{prompt.id}",
    )


def _shown(talk: Talk, prompt: Prompt, chat: Homeowner) -> Message:
    message = KINDS[prompt.kind].message(talk, prompt, chat)
    return replace(message, about=about(prompt), buttons=(*message.buttons, *_ways_out(prompt)))


def _ways_out(prompt: Prompt) -> tuple[tuple[Button, ...], ...]:
    """On each of them, at one tap: not now, not this, nothing at all; and a person."""
    if prompt.topic is None:
        return ((standing("menu.human", "human.ask"),),)
    out = (
        standing("prompt.later", "prompt.later", prompt=prompt.id),
        standing("prompt.never", "prompt.never", prompt=prompt.id),
        standing("prompt.stop", "prompt.stop", prompt=prompt.id),
    )
    return (out, (standing("menu.human", "human.ask"),))


def went(talk: Talk, delivered: Delivered) -> Iterable[Outgoing]:
    """What could not be sent in his daytime is not lost: it waits for another day."""
    prompt = prompting.held(talk.work, int(delivered.subject.partition(":")[2]))
    if prompt.state is PromptState.ASKED and prompt.reply is None:
        if delivered.gone:
            prompting.let_go(talk.work, prompt, "unreached")
        elif delivered.late:
            prompting.postpone(talk.work, talk.company, prompt)
    return ()


# ── what he says to it ──


def _his(talk: Talk) -> Prompt:
    prompt = talk.work.session.get(Prompt, talk.number("prompt"))
    if prompt is None or prompt.person_id != talk.who.id:
        raise NotYourPrompt
    return prompting.held(talk.work, prompt.id)


def yes(talk: Talk) -> Iterable[Outgoing]:
    """He wants it."""
    prompt = _his(talk)
    prompting.replied(talk.work, talk.company, prompt, Reply.YES)
    answering = KINDS[prompt.kind].yes
    assert answering is not None
    return answering(talk, prompt)


def more(talk: Talk) -> Iterable[Outgoing]:
    """He wants to hear more: a person calls or writes, and reads what he read."""
    prompt = _his(talk)
    prompting.replied(talk.work, talk.company, prompt, Reply.MORE)
    shown = KINDS[prompt.kind].message(talk, prompt, talk.me)
    request = menu.call_somebody(talk, "")
    prompt.request_id = prompt.request_id or request.id
    yield Message(to=thread(request), title=shown.title, body=shown.body, facts=shown.facts)
    yield talk.say(
        title=t("human.title"),
        body=(t("human.coming", number=request.number), t("human.call", phone=talk.company.phone)),
        buttons=ways_on(),
    )


def later(talk: Talk) -> Iterable[Outgoing]:
    """Not now: it comes back once more."""
    prompt = _his(talk)
    still = prompt.kind is not Kind.CAMPAIGN or KINDS[prompt.kind].still(talk, prompt)  # one that was stopped is over
    prompting.replied(talk.work, talk.company, prompt, Reply.LATER, still=still)
    back = next((p for p in prompting.planned(talk.work, talk.who.id) if _same(p, prompt)), None)
    if back is None:
        yield _put_away(talk, prompt, "prompt.later.gone")
    else:
        yield _put_away(talk, prompt, "prompt.later.done", day=Moment(back.due_at, talk.zone(), "day"))


def _same(one: Prompt, other: Prompt) -> bool:
    return (one.kind, one.subject) == (other.kind, other.subject)


def never(talk: Talk) -> Iterable[Outgoing]:
    """Nothing of this kind any more."""
    prompt = _his(talk)
    prompting.replied(talk.work, talk.company, prompt, Reply.NEVER)
    yield _put_away(talk, prompt, "prompt.never.done")


def stop(talk: Talk) -> Iterable[Outgoing]:
    """Nothing of all this any more."""
    prompt = _his(talk)
    prompting.replied(talk.work, talk.company, prompt, Reply.STOP)
    yield _put_away(talk, prompt, "prompt.stop.done")


def _put_away(talk: Talk, prompt: Prompt, key: str, **values: Moment) -> Message:
    """The prompt itself says what became of it, and asks no more."""
    message = KINDS[prompt.kind].message(talk, prompt, talk.me)
    buttons = ((standing("preferences.open", "preferences.open"), standing("menu.home", "menu.home")),)
    return replace(message, about=about(prompt), buttons=buttons, footer=t(key, **values))


PRESSES: dict[str, Handler] = {
    "prompt.yes": yes,
    "prompt.more": more,
    "prompt.later": later,
    "prompt.never": never,
    "prompt.stop": stop,
}
