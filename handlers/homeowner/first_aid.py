"""First aid: what he can safely try himself before somebody comes, one step at a time, and whether it helped.

Offered above the ways to solve a request; what was tried is told to the team.
"""

from collections.abc import Iterable

from domain import bookings, first_aid, storms
from domain.areas import Intent, Urgency
from domain.first_aid import FirstAid, Outcome
from domain.remedies import Remedies, Remedy
from domain.requests import Request
from handlers.cards.menu import menu_buttons
from handlers.cards.request import headline
from handlers.conversation import Handler, Step, Talk, button, rows, standing
from handlers.homeowner.mine import mine
from handlers.homeowner.solving import current, too_late, while_running
from handlers.messages import Button, Message, Outgoing
from locales.text import Minutes, Own, t


def ways(talk: Talk, request: Request) -> tuple[tuple[Button, ...], ...]:
    """The row that offers it: nothing in danger, in a storm, once somebody is to come, or when all was tried."""
    known = _known(talk)
    here = request.intent is Intent.PROBLEM and request.urgency is not Urgency.EMERGENCY
    if not here or known is None or storms.around(talk.work, request) or bookings.booked_for(talk.work, request):
        return ()
    return ((standing("aid.offer", "aid.begin", request=request.id),),) if _untried(talk, request, known) else ()


def _known(talk: Talk) -> Remedies | None:
    return talk.company.remedies(talk.who.language)


def _untried(talk: Talk, request: Request, known: Remedies) -> list[Remedy]:
    done = {aid.remedy for aid in first_aid.tried(talk.work, request) if aid.outcome is not Outcome.UNDER_WAY}
    return [remedy for remedy in known.of(request.area) if remedy.key not in done]


def begin(talk: Talk) -> Iterable[Outgoing]:
    """What his words say, else he chooses."""
    request = mine(talk, talk.number("request"))
    if not request.running:
        return too_late(talk, request)
    known = _known(talk)
    untried = _untried(talk, request, known) if known is not None else []
    found = known.found(request.story, request.area) if known is not None else None
    only = found if found in untried else untried[0] if len(untried) == 1 else None
    if only is not None:
        return _begin(talk, request, only)
    return talk.go("aid.which" if untried else "solve.way", request=request.id)


def _begin(talk: Talk, request: Request, remedy: Remedy) -> Iterable[Outgoing]:
    aid = first_aid.started(talk.work, request, remedy)
    return talk.go("aid.step", request=request.id, aid=aid.id)


def _ask_which(talk: Talk) -> Message:
    request, known = current(talk), _known(talk)
    untried = _untried(talk, request, known) if known is not None else []
    choices = [Button(_his(talk, remedy.title), "aid.which", {"key": remedy.key}) for remedy in untried]
    return talk.say(t("aid.which"), title=headline(request), buttons=(*rows(choices, 1), *_leave()))


def which(talk: Talk, request: Request) -> Iterable[Outgoing]:
    """He has chosen what fits."""
    known = _known(talk)
    remedy = known.named(str(talk.args["key"])) if known is not None else None
    return talk.ask() if remedy is None else _begin(talk, request, remedy)


def _ask_step(talk: Talk) -> Message:
    request, aid = current(talk), _aid(talk)
    known = _known(talk)
    remedy = known.named(aid.remedy) if known is not None else None
    if known is None or remedy is None:  # the company does not have it any more, or not in the language he has now
        return talk.say(t("aid.gone"), title=headline(request), buttons=_leave())
    at, of = min(aid.step, len(remedy.steps)), len(remedy.steps)
    others = len(_untried(talk, request, known)) > 1 and at == 1
    return talk.say(
        *((t("aid.minutes", minutes=Minutes(remedy.minutes)),) if at == 1 else ()),
        t("aid.step", at=at, of=of, words=_his(talk, remedy.steps[at - 1])),
        title=_his(talk, remedy.title),
        buttons=(
            (button("aid.works", "aid.works"), button("aid.next", "aid.next", step=at)),
            *(((button("aid.other", "aid.other"),),) if others else ()),
            *_leave(),
        ),
    )


def _leave() -> tuple[tuple[Button, ...], ...]:
    return ((button("aid.leave", "aid.leave"), standing("menu.human", "human.ask")),)


def works(talk: Talk, request: Request) -> Iterable[Outgoing]:
    """It helped: nobody has to come."""
    first_aid.helped(talk.work, request, _aid(talk))
    talk.end()
    yield talk.say(t("aid.thanks", number=request.number), buttons=menu_buttons())


def following(talk: Talk, request: Request) -> Iterable[Outgoing]:
    """That step did not help: the next one, and after the last one the ways to solve it with somebody of us."""
    aid, known = _aid(talk), _known(talk)
    remedy = known.named(aid.remedy) if known is not None else None
    if remedy is not None and aid.step < len(remedy.steps):
        aid.step += 1
        return talk.go("aid.step")
    first_aid.did_not(talk.work, request, aid)
    return [talk.say(t("aid.over")), *_to_ways(talk)]


def other(talk: Talk, _request: Request) -> Iterable[Outgoing]:
    """It is something else."""
    return talk.go("aid.which")


def leave(talk: Talk, request: Request) -> Iterable[Outgoing]:
    """He would rather have somebody see to it; what he has tried until then the team reads."""
    aid = _aid_or_none(talk)
    if aid is not None and aid.step > 1 and aid.outcome is Outcome.UNDER_WAY:
        first_aid.did_not(talk.work, request, aid)
    return _to_ways(talk)


def _to_ways(talk: Talk) -> Iterable[Outgoing]:
    return talk.go("solve.way", aid=None)


def _aid_or_none(talk: Talk) -> FirstAid | None:
    return talk.work.session.get(FirstAid, int(talk.draft.said.get("aid") or 0))


def _aid(talk: Talk) -> FirstAid:
    return talk.work.session.get_one(FirstAid, int(talk.draft.said["aid"]))


def _his(talk: Talk, words: str) -> Own:
    """What the company wrote in his language."""
    return Own({talk.who.language: words})


PRESSES: dict[str, Handler] = {
    "aid.begin": begin,
    "aid.which": while_running(which),
    "aid.works": while_running(works),
    "aid.next": while_running(following),
    "aid.other": while_running(other),
    "aid.leave": while_running(leave),
}
STEPS = {"aid.which": Step(_ask_which), "aid.step": Step(_ask_step)}
