"""Reporting a problem: where, what, photos, right? Nothing that is said or sent on the way is lost."""

from collections.abc import Iterable
from typing import Any

import msgspec

from domain.areas import Area, Intent, Urgency
from domain.homes import Device, devices_of
from domain.notes import Note
from domain.requests import Request, Wish, open_request
from domain.routing import channel_for
from domain.storm_watching import notice
from domain.work import Refusal
from handlers.cards.verdict import write_down
from handlers.conversation import Handler, Step, Talk, button, rows, standing
from handlers.homeowner import menu, solve
from handlers.inbound import Contact, Location, Media, Typed
from handlers.messages import Button, Message, Outgoing, Part, Said
from handlers.understanding.urgency import judged as judged_danger
from locales.text import Listing, Own, Value, t

ASKING = "meant.which"  # where words wait until it is clear what is meant
SAID_OF = {Urgency.HIGH: t("report.urgent"), Urgency.LOW: t("report.no_hurry")}
MOST_DEVICES = 6  # more buttons than that are no help


class NoHomeYet(Refusal):
    """Only somebody whose home we know can log a request."""


def start(talk: Talk) -> Iterable[Outgoing]:
    """Begin, or go on where one was."""
    if talk.home() is None:
        raise NoHomeYet
    if writing(talk):
        return talk.ask() if not talk.words else told(talk)
    asked = talk.draft.step == ASKING  # what he said there is what he reports
    talk.draft.said = {"lines": talk.draft.said["lines"]} if asked else {}
    return talk.go("report.area", **(added(talk) if talk.words else {}))


def writing(talk: Talk) -> bool:
    """Whether a report is being written."""
    return (talk.draft.step or "").startswith("report.")


def words(talk: Talk) -> Iterable[Outgoing]:
    """Free words outside any question: they begin a report."""
    return talk.go("report.area", **added(talk))


def begin_with(talk: Talk, note: Note) -> Iterable[Outgoing]:
    """What was said elsewhere belongs here: to what is being written, or to a report of its own."""
    said = dict(talk.draft.said) if writing(talk) else {}
    if note.file is not None:
        said["files"] = [*said.get("files", []), {"file": note.file, "caption": note.words, "source": None}]
    else:
        said["lines"] = [*said.get("lines", []), {"words": note.words, "source": None}]
    talk.draft.said = said
    return talk.go("report.check" if "area" in said else "report.area")


def corrected(talk: Talk, source: str | None, words: str) -> bool:
    """A message of the report that is being written was edited; False when it is none of it."""
    if not writing(talk) and talk.draft.step != ASKING:
        return False
    said = talk.draft.said
    lines = [line | {"words": words} if line["source"] == source else line for line in said.get("lines", [])]
    files = [file | {"caption": words} if file["source"] == source else file for file in said.get("files", [])]
    known: bool = (lines, files) != (said.get("lines", []), said.get("files", []))
    if known:
        talk.draft.said = {**said, "lines": lines, "files": files}
    return known


def _ask_area(talk: Talk) -> Message:
    lead: tuple[Part, ...] = (Said(_story(talk)),) if _story(talk) else ()
    files = talk.draft.said.get("files", [])
    if files:
        lead = (*lead, t("report.files", len(files)))
    if talk.draft.said.get("visit"):
        lead = (*lead, t("meant.visit"))
    choices = [button(f"area.{area}", "report.area", area=area.value) for area in talk.company.areas]
    return talk.say(
        body=(*lead, t("report.area.ask")),
        buttons=(*rows(choices), *_exits()),
    )


def area(talk: Talk) -> Iterable[Outgoing]:
    """Where it is."""
    chosen = Area(str(talk.args["area"]))
    nothing_yet = not _story(talk) and not talk.draft.said.get("files")
    step = "report.story" if nothing_yet else "report.check"
    return talk.go(step, area=chosen.value, device=None, understood=False)


def _ask_story(talk: Talk) -> Message:
    choices = _devices(talk)
    ask = t("report.story.ask", area=_about(talk))
    return talk.say(
        body=(ask, t("report.device.ask")) if choices else (ask,),
        buttons=(*rows(choices, 1), *_exits()),
    )


def _devices(talk: Talk) -> list[Button]:
    """Which of the things in this home it may be, as long as he has not said so."""
    place = talk.home()
    if place is None or talk.draft.said.get("device"):
        return []
    found = [d for d in devices_of(talk.work, place[0].id) if d.area == talk.draft.said["area"]]
    return [Button(_device_name(d), "report.device", {"device": d.id}) for d in found[:MOST_DEVICES]]


def _device_name(device: Device) -> Value:
    return t("report.device", room=device.room, device=f"{device.brand} {device.model}")


def device(talk: Talk) -> Iterable[Outgoing]:
    """Which of the things in his home it is."""
    chosen = talk.work.session.get(Device, talk.number("device"))
    place = talk.home()
    if chosen is None or place is None or chosen.home_id != place[0].id:
        return talk.ask()
    return talk.go(talk.draft.step or "report.story", device=chosen.id)


def _about(talk: Talk) -> Value:
    """The area, and the thing in it where he has named one."""
    area_ = t(f"area.{talk.draft.said['area']}")
    chosen = talk.work.session.get(Device, int(talk.draft.said.get("device") or 0))
    if chosen is not None:
        return Listing((area_, _device_name(chosen)), "plain")
    room = talk.draft.said.get("room") if talk.draft.said.get("understood") else None
    return Listing((area_, Own({talk.who.language: room})), "plain") if room else area_


def told(talk: Talk) -> Iterable[Outgoing]:
    """What it is: in words, or in pictures; several messages add up."""
    said = added(talk)
    place = "report.check" if "area" in talk.draft.said else "report.area"
    if isinstance(talk.inbound, Media) and talk.inbound.album and talk.draft.step == place:
        talk.draft.said = {**talk.draft.said, **said}
        return (_gathering(talk),)
    return _gathered(talk, talk.go(place, **said))


def _gathered(talk: Talk, asked: Iterable[Outgoing]) -> Iterable[Outgoing]:
    """An album comes as several messages: one question for all of them."""
    album = talk.inbound.album if isinstance(talk.inbound, Media) else None
    for message in asked:
        if album and isinstance(message, Message):
            yield msgspec.structs.replace(message, about=f"album:{album}", wait=0.7)
        else:
            yield message


def _gathering(talk: Talk) -> Message:
    question = talk.steps[talk.draft.step or ""].ask(talk)
    album = talk.inbound.album if isinstance(talk.inbound, Media) else None
    return msgspec.structs.replace(talk.turned(question), about=f"album:{album}", wait=0.7)


def _check(talk: Talk) -> Message:
    files = len(talk.draft.said.get("files", []))
    ask = "report.check.understood" if talk.draft.said.get("understood") else "report.check.ask"
    body: list[Part] = [t(ask, area=_about(talk))]
    if _story(talk):
        body.append(Said(_story(talk)))
    if files:
        body.append(t("report.files", files))
    soon = _urgency(talk)
    if soon in SAID_OF:
        body.append(SAID_OF[soon])
    body.append(t("report.check.more"))
    return talk.say(
        body=tuple(body),
        buttons=(
            (_primary("report.send", "report.send"),),
            *(((button("report.can_wait", "report.can_wait"),),) if soon is Urgency.HIGH else ()),
            *rows(_devices(talk), 1),
            (button("report.other_area", "report.again"), button("report.drop", "report.drop")),
            _emergency_row(),
        ),
    )


def _urgency(talk: Talk) -> Urgency:
    """As he tells it; danger has been asked about at once, where it was read (`danger`)."""
    if talk.draft.said.get("calm"):
        return Urgency.LOW
    level = judged_danger(_story(talk), talk.who.language).level
    return level if level in SAID_OF else Urgency.NORMAL


def can_wait(talk: Talk) -> Iterable[Outgoing]:
    """It sounds worse than it is."""
    return talk.go("report.check", calm=True)


def again(talk: Talk) -> Iterable[Outgoing]:
    """Another area."""
    return talk.go("report.area")


def drop(talk: Talk) -> Iterable[Outgoing]:
    """Never mind."""
    return menu.cancel(talk)


def send(talk: Talk) -> Iterable[Outgoing]:
    """Log it, and show what the contract says and what can be done."""
    request = log(talk, Area(talk.draft.said["area"]), _urgency(talk))
    talk.end()
    yield from solve.offer(talk, request)


def log(talk: Talk, where: Area, urgency: Urgency) -> Request:
    """Open the request with everything that was said on the way."""
    said = talk.draft.said
    place = talk.home()
    wish = Wish(
        Intent.PROBLEM,
        where,
        urgency,
        _story(talk),
        channel_for(talk.work, talk.company, place[0] if place else None, where, urgency),
        said.get("device"),
    )
    request = open_request(talk.work, talk.who.id, place[0].id if place else None, wish)
    write_down(talk.work, talk.company, request)
    menu.keep_files(talk, request)
    notice(talk.work, talk.company, request)  # before he is shown what can be done: perhaps nothing is needed
    return request


def added(talk: Talk) -> dict[str, Any]:
    """What the draft knows with this message added to it."""
    said = dict(talk.draft.said)
    inbound = talk.inbound
    if isinstance(inbound, (Typed, Location, Contact)):
        said["lines"] = [*said.get("lines", []), {"words": menu.spoken(talk), "source": menu.source(talk)}]
    elif isinstance(inbound, Media):
        file = {
            "file": msgspec.to_builtins(inbound.file),
            "caption": inbound.caption,
            "source": menu.source(talk),
        }
        said["files"] = [*said.get("files", []), file]
    return said


def _story(talk: Talk) -> str:
    return "\n".join(line["words"] for line in talk.draft.said.get("lines", []))


def _primary(key: str, act: str) -> Button:
    return msgspec.structs.replace(button(key, act), style="primary")


def danger_button() -> Button:
    """Danger now: the team is alerted with what was said so far."""
    return msgspec.structs.replace(button("emergency.button", "report.emergency"), style="danger")


def _emergency_row() -> tuple[Button, ...]:
    return (danger_button(), standing("menu.human", "human.ask"))


def _exits() -> tuple[tuple[Button, ...], ...]:
    return (_emergency_row(), (button("report.drop", "report.drop"),))


PRESSES: dict[str, Handler] = {
    "report.start": start,
    "report.area": area,
    "report.device": device,
    "report.again": again,
    "report.can_wait": can_wait,
    "report.send": send,
    "report.drop": drop,
}
COMMANDS: dict[str, Handler] = {"report": start}
STEPS = {
    "report.area": Step(_ask_area, typed=told, media=told),
    "report.story": Step(_ask_story, typed=told, media=told),
    "report.check": Step(_check, typed=told, media=told),
}
