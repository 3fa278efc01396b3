"""Danger: by button or by words the team is alerted at once, whatever was being said; and what to do until then."""

from collections.abc import Iterable

from domain import bookings
from domain.areas import Area, Urgency
from domain.requests import Request, change_urgency, running_of
from handlers.conversation import Handler, Talk, standing
from handlers.homeowner import report, solve
from handlers.homeowner.mine import mine
from handlers.inbound import Media
from handlers.messages import Outgoing
from handlers.understanding.urgency import judged
from locales.text import t


def pressed(talk: Talk) -> Iterable[Outgoing]:
    """The button: what is being written, if anything is, goes to the team at once."""
    if talk.home() is None:
        raise report.NoHomeYet
    return _logged(talk)


def heard(talk: Talk) -> Iterable[Outgoing] | None:
    """Words of danger; None where there are none, or where the team is alerted already and reads them anyhow."""
    if not talk.words or talk.home() is None:
        return None
    danger = judged(talk.words, talk.who.language)
    if danger.level is not Urgency.EMERGENCY:
        return None
    if any(r.running and r.urgency is Urgency.EMERGENCY for r in running_of(talk.work, talk.who.id)):
        return None
    if not report.writing(talk):
        talk.draft.said = {}
    talk.draft.said = report.added(talk)
    if isinstance(talk.inbound, Media):  # what stands under a picture is what the alarm has to say
        line = {"words": talk.words, "source": None}
        talk.draft.said["lines"] = [*talk.draft.said.get("lines", []), line]
    return _logged(talk, danger.kind)


def _logged(talk: Talk, kind: str | None = None) -> Iterable[Outgoing]:
    request = report.log(talk, Area(talk.draft.said.get("area", Area.OTHER)), Urgency.EMERGENCY)
    talk.end()
    return _told(talk, request, kind)


def _told(talk: Talk, request: Request, kind: str | None = None) -> Iterable[Outgoing]:
    yield talk.say(
        title=t("emergency.title"),
        body=(
            t(f"emergency.kind.{kind}") if kind else t("emergency.do"),
            t("emergency.alerted", number=request.number),
        ),
        buttons=(
            (standing("menu.human", "human.ask"),),
            (standing("emergency.none", "report.calm", request=request.id),),
        ),
        footer=t("emergency.call", phone=talk.company.phone),
    )


def calm(talk: Talk) -> Iterable[Outgoing]:
    """It is no emergency: it stays with the team as any other request, and can be solved like one."""
    request = mine(talk, talk.number("request"))
    if not request.running or request.urgency is not Urgency.EMERGENCY:
        yield talk.say(t("emergency.calm_already", number=request.number))
        return
    change_urgency(talk.work, request, Urgency.NORMAL)
    yield talk.say(t("emergency.calm", number=request.number))
    if request.talks is None and not bookings.booked_for(talk.work, request):
        yield from solve.offer(talk, request)


PRESSES: dict[str, Handler] = {"report.emergency": pressed, "report.calm": calm}
