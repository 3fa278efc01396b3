"""Telegram's people over HTTP: what they do, by name."""

from collections.abc import Awaitable, Callable
from typing import Any

from sandbox.control.asked import Asked, Json, RefusedError
from sandbox.control.phone_seen import bubble_json
from sandbox.telegram import Bubble, Group, Person, Press, Telegram
from sandbox.telegram.files import VOICE
from sandbox.telegram.room import Room

PRESS_TIMEOUT = 5.0
PAY_TIMEOUT = 60.0


class Hand:
    """One person's hand on the phone for one deed."""

    def __init__(self, telegram: Telegram, person: Person, asked: Asked) -> None:
        self.telegram, self.person, self.asked = telegram, person, asked

    @property
    def group(self) -> Group | None:
        """The group that is written to; None for the chat with the bot."""
        if not self.asked.has("at"):
            return None
        found = self.telegram.groups.get(self.asked.number("at"))
        if found is None:
            raise RefusedError("there is no such group", 404)
        return found

    def bubble(self, name: str = "message") -> Bubble:
        """The message that is meant, by its number in the chat."""
        place: Room = self.group or self.person
        number = self.asked.number(name)
        for bubble in place.chat:
            if bubble.id == number:
                return bubble
        raise RefusedError(f"there is no message {number}", 404)


def said(bubble: Bubble) -> Json:
    return {"message": bubble.id}


async def starts(hand: Hand) -> Json:
    return said(await hand.person.starts(hand.asked.text("payload", "")))


async def types(hand: Hand) -> Json:
    text = hand.asked.text("text")
    if not text.strip():
        raise RefusedError("there is nothing to send")
    answered = hand.bubble("reply_to") if hand.asked.has("reply_to") else None
    return said(await hand.person.types(text, at=hand.group, reply_to=answered))


async def presses(hand: Hand) -> Json:
    """By label, or by the message and the number of its button (counted row by row from 0)."""
    asked, person = hand.asked, hand.person
    seconds = asked.real("timeout") if asked.has("timeout") else PRESS_TIMEOUT
    if asked.has("label"):
        on = hand.bubble() if asked.has("message") else None
        return pressed(await person.presses(asked.text("label"), on=on, at=hand.group, timeout=seconds))
    on = hand.bubble() if asked.has("message") else None
    place: Room = hand.group or person
    buttons = [b for row in (place.keyboard if on is None else on.buttons) for b in row]
    number = asked.number("button")
    if not 0 <= number < len(buttons):
        raise RefusedError(f"there is no button {number}", 404)
    return pressed(await person.presses_button(buttons[number], on=on, at=hand.group, timeout=seconds))


def pressed(press: Press) -> Json:
    return {
        "label": press.button.label,
        "answered": press.answered,
        "notice": press.notice,
        "alert": press.alert,
        "url": press.url,
    }


async def pays(hand: Hand) -> Json:
    """The newest invoice, or that of a `message` or `link`, with a `card`: how it ended, and the words shown."""
    asked, person = hand.asked, hand.person
    seconds = asked.real("timeout") if asked.has("timeout") else PAY_TIMEOUT
    try:
        done = await person.pays(
            asked.text("card", "works"),
            on=hand.bubble() if asked.has("message") else None,
            link=asked.text("link") if asked.has("link") else None,
            at=hand.group,
            tip=asked.number("tip", 0),
            again=asked.flag("again"),
            timeout=min(seconds, PAY_TIMEOUT),
        )
    except ValueError as error:
        raise RefusedError(str(error)) from None
    charges = [{"telegram": c.telegram_id, "provider": c.provider_id, "amount": c.amount} for c in done.charges]
    return {"paid": done.paid, "stage": done.stage, "reason": done.reason, "words": done.words, "charges": charges}


async def forwards(hand: Hand) -> Json:
    """A message of the chat with the bot into the group `to`."""
    group = hand.telegram.groups.get(hand.asked.number("to"))
    if group is None:
        raise RefusedError("there is no such group", 404)
    return said(await hand.person.forwards(hand.bubble(), to=group))


async def photo(hand: Hand) -> Json:
    """The built-in picture, or the one that was sent along; `n` of them are an album."""
    caption, count, upload = hand.asked.text("caption", None), hand.asked.number("n", 1), hand.asked.upload()
    if not 1 <= count <= 10:
        raise RefusedError("an album has 1 to 10 pictures")
    content = upload.content if upload else None
    sent = await hand.person.sends_photo(caption, count, content=content, at=hand.group)
    return {"message": sent[0].id, "messages": [b.id for b in sent]}


async def voice(hand: Hand) -> Json:
    upload = hand.asked.upload()
    return said(await hand.person.sends_voice(content=upload.content if upload else VOICE, at=hand.group))


async def video(hand: Hand) -> Json:
    upload, caption = hand.asked.upload(), hand.asked.text("caption", None)
    return said(await hand.person.sends_video(caption, content=upload.content if upload else None, at=hand.group))


async def document(hand: Hand) -> Json:
    upload = hand.asked.upload()
    if upload is None:
        raise RefusedError("a document needs a file, 'content' (base64) or 'words'")
    caption = hand.asked.text("caption", None)
    sent = await hand.person.sends_document(
        upload.name, upload.content, mime=upload.mime, caption=caption, at=hand.group
    )
    return said(sent)


async def contact(hand: Hand) -> Json:
    """The own number; or somebody else's, with `phone` and `name` (and `user_id` if they have Telegram)."""
    asked = hand.asked
    if not asked.has("phone"):
        return said(await hand.person.shares_contact(at=hand.group))
    number = asked.number("user_id", None)
    name = asked.text("name", None)
    return said(await hand.person.shares_contact(asked.text("phone"), number, name=name, at=hand.group))


async def location(hand: Hand) -> Json:
    return said(await hand.person.shares_location(hand.asked.real("lat"), hand.asked.real("lon"), at=hand.group))


async def edits(hand: Hand) -> Json:
    return said(await hand.person.edits(hand.bubble(), hand.asked.text("text")))


async def blocks(hand: Hand) -> Json:
    await hand.person.blocks()
    return {}


async def unblocks(hand: Hand) -> Json:
    await hand.person.unblocks()
    return {}


async def sees(hand: Hand) -> Json:
    """Wait for a message of the bot that shows the words."""
    asked = hand.asked
    seconds = asked.real("timeout") if asked.has("timeout") else 5.0
    place: Room = hand.group or hand.person
    found = await place.sees(asked.text("fragment", ""), min(seconds, 60.0), anywhere=asked.flag("anywhere"))
    return bubble_json(found)


DEEDS: dict[str, Callable[[Hand], Awaitable[Any]]] = {
    deed.__name__: deed
    for deed in (
        starts,
        types,
        presses,
        pays,
        forwards,
        photo,
        voice,
        video,
        document,
        contact,
        location,
        edits,
        blocks,
        unblocks,
        sees,
    )
}
