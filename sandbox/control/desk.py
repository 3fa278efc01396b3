"""Slack's people over HTTP: what they do, by name."""

from collections.abc import Awaitable, Callable
from typing import Any

from sandbox.control.asked import Asked, Json, RefusedError
from sandbox.control.desk_seen import post_json, view_json
from sandbox.slack import Modal, Person, Post, Slack, Surface
from sandbox.slack.blocks import Element

APP = "bot"  # the place to write to the app itself


class Seat:
    """One teammate at the desk for one deed."""

    def __init__(self, slack: Slack, person: Person, asked: Asked) -> None:
        self.slack, self.person, self.asked = slack, person, asked

    def post(self) -> Post:
        """The message that is meant, by channel and ts, among those this person can see."""
        channel, ts = self.asked.text("channel"), self.asked.text("ts")
        for post in self.person.posts():
            if post.ts == ts and channel.removeprefix("#") in (post.message.channel, post.channel.removeprefix("#")):
                return post
        raise RefusedError(f"there is no message {ts} in {channel}", 404)

    def surface(self) -> Surface | None:
        """Where to press: a message, the modal, the home tab; None: wherever the label is."""
        if self.asked.has("ts"):
            return self.post()
        match self.asked.text("on", None):
            case "modal":
                return self.modal()
            case "home" if self.person.home is not None:
                return self.person.home
            case None:
                return None
            case other:
                raise RefusedError(f"there is no {other} to press on", 404)

    def modal(self) -> Modal:
        if (modal := self.person.modal) is None:
            raise RefusedError("no modal is open", 409)
        return modal

    def element(self) -> tuple[Surface, Element] | None:
        """The element named by its `block` and `action`, when it is named so."""
        if not self.asked.has("action"):
            return None
        surface = self.surface()
        if surface is None:
            raise RefusedError("say where: channel and ts, or on: modal or home")
        block, action = self.asked.text("block", None), self.asked.text("action")
        for element in surface.elements:
            if element.action_id == action and block in (None, element.block_id):
                return surface, element
        raise RefusedError(f"there is no element {action}", 404)


def said(post: Post) -> Json:
    return {"channel": post.message.channel, "ts": post.ts}


async def writes(seat: Seat) -> Json:
    """In a channel, or with `ts` in the thread of that message, or to `bot`: the app."""
    text = seat.asked.text("text")
    if not text.strip():
        raise RefusedError("there is nothing to send")
    if seat.asked.has("ts"):
        also = seat.asked.flag("also_to_channel")
        return said(await seat.person.writes_in_thread(seat.post(), text, also_to_channel=also))
    channel = seat.asked.text("channel")
    if channel == APP:
        return said(await seat.person.writes_to_bot(text))
    return said(await seat.person.writes(channel, text))


async def presses(seat: Seat) -> Json:
    """By label, or by `block` and `action` (an option of an overflow menu as `option`)."""
    if (found := seat.element()) is not None:
        surface, element = found
        if element.kind == "overflow":
            done = await seat.person.uses(element, seat.asked.text("option"), surface)
            return {"label": element.label, "acknowledged": done, "url": None}
        address = element.body.get("url")
        done = await seat.person.uses(element, None, surface)
        return {"label": element.label, "acknowledged": done, "url": address}
    pressed = await seat.person.presses(seat.asked.text("label"), seat.surface())
    return {"label": pressed.label, "acknowledged": pressed.acknowledged, "url": pressed.url}


async def selects(seat: Seat) -> Json:
    """Choose `option` (or several, or a date) by `label`, or by `block` and `action`."""
    wanted = seat.asked.fields.get("option")
    if (found := seat.element()) is not None:
        surface, element = found
        return {"acknowledged": await seat.person.uses(element, wanted, surface)}
    return {"acknowledged": await seat.person.selects(seat.asked.text("label"), wanted, seat.surface())}


async def suggestions(seat: Seat) -> Json:
    """What an external select offers for typed words."""
    typed = seat.asked.text("text", "")
    return {"options": await seat.person.suggestions(seat.asked.text("label"), typed, seat.surface())}


async def fills(seat: Seat) -> Json:
    """Fill in the modal by labels (`values`) or block ids (`blocks`) and send it, unless `submit` is false."""
    modal, asked = seat.modal(), seat.asked
    submit = asked.flag("submit", default=True)
    labels = {e.label: e.block_id for e in modal.inputs}
    if isinstance(values := asked.fields.get("values"), dict):
        inputs = {e.label: e for e in modal.inputs}
        given = {label: _given(inputs[label], value) if label in inputs else value for label, value in values.items()}
        errors = await seat.person.fills(given, submit)
    elif isinstance(blocks := asked.fields.get("blocks", {}), dict):
        for element in modal.inputs:
            if element.block_id in blocks:
                await seat.person.puts(element, _given(element, blocks[element.block_id]), modal)
        errors = await seat.person.submits() if submit else {}
    else:
        raise RefusedError("'values' and 'blocks' are objects")
    return {"errors": errors, "by_block": {labels.get(label, label): words for label, words in errors.items()}}


def _given(element: Element, value: Any) -> Any:
    """What was typed or chosen; files come as `name` and `content` (base64)."""
    if element.kind != "file_input" or not isinstance(value, list):
        return value
    uploads = [Asked(file).upload() for file in value if isinstance(file, dict)]
    return [(upload.name, upload.content) for upload in uploads if upload is not None]


async def closes(seat: Seat) -> Json:
    seat.modal()
    await seat.person.closes(whole=seat.asked.flag("whole"))
    return {}


async def edits(seat: Seat) -> Json:
    await seat.person.edits(seat.post(), seat.asked.text("text"))
    return {}


async def deletes(seat: Seat) -> Json:
    await seat.person.deletes(seat.post())
    return {}


async def reacts(seat: Seat) -> Json:
    await seat.person.reacts(seat.post(), seat.asked.text("name").strip(":"))
    return {}


async def unreacts(seat: Seat) -> Json:
    await seat.person.unreacts(seat.post(), seat.asked.text("name").strip(":"))
    return {}


async def commands(seat: Seat) -> Json:
    """A slash command, in a channel or (without one) in the talk with the app."""
    channel = seat.asked.text("channel", None)
    place = None if channel == APP else channel
    answer = await seat.person.commands(seat.asked.text("command"), seat.asked.text("text", ""), place)
    return {"answer": answer and said(answer)}


async def shortcut(seat: Seat) -> Json:
    return {"acknowledged": await seat.person.shortcut(seat.asked.text("callback_id"))}


async def message_shortcut(seat: Seat) -> Json:
    return {"acknowledged": await seat.person.message_shortcut(seat.asked.text("callback_id"), seat.post())}


async def home(seat: Seat) -> Json:
    """Open the app's home tab: what is there so far."""
    shown = await seat.person.opens_home()
    return {"home": view_json(seat.slack, shown.view) if shown else None}


async def uploads(seat: Seat) -> Json:
    """A file into a channel, or with `ts` into a thread."""
    if (upload := seat.asked.upload()) is None:
        raise RefusedError("an upload needs a file, 'content' (base64) or 'words'")
    place = seat.post() if seat.asked.has("ts") else seat.asked.text("channel")
    return said(await seat.person.uploads(place, upload.name, upload.content, seat.asked.text("text", "")))


async def joins(seat: Seat) -> Json:
    await seat.person.joins(seat.asked.text("channel"))
    return {}


async def invites(seat: Seat) -> Json:
    await seat.person.invites(seat.asked.text("who"), seat.asked.text("channel"))
    return {}


async def sees(seat: Seat) -> Json:
    """Wait for a message (in a channel, in a thread), or with `on: modal` or `home` for a view, with the words."""
    asked = seat.asked
    words, seconds = asked.text("fragment", ""), min(asked.real("timeout") if asked.has("timeout") else 5.0, 60.0)
    match asked.text("on", None):
        case "modal":
            return view_json(seat.slack, (await seat.person.sees_modal(words, seconds)).view)
        case "home":
            return view_json(seat.slack, (await seat.person.sees_home(words, seconds)).view)
    thread = seat.post() if asked.has("ts") else None
    found = await seat.person.sees(
        asked.text("channel", None), words, seconds, thread_of=thread, anywhere=asked.flag("anywhere")
    )
    return post_json(seat.slack, found.message)


DEEDS: dict[str, Callable[[Seat], Awaitable[Any]]] = {
    deed.__name__: deed
    for deed in (
        writes,
        presses,
        selects,
        suggestions,
        fills,
        closes,
        edits,
        deletes,
        reacts,
        unreacts,
        commands,
        shortcut,
        message_shortcut,
        home,
        uploads,
        joins,
        invites,
        sees,
    )
}
