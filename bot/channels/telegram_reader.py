"""Raw Telegram update -> inbound. Pure: nothing is asked of the network."""

import hashlib
import json
import re
from typing import Any

import msgspec
from telegram.constants import ChatMemberStatus, ChatType, MessageEntityType

from bot.channels.telegram_shape import (
    Asked,
    Chat,
    Held,
    Membership,
    Message,
    Payment,
    Photo,
    Query,
    Update,
    User,
)
from handlers.inbound import (
    Blocked,
    Checkout,
    Contact,
    Edited,
    File,
    Ignored,
    Inbound,
    Joined,
    Location,
    Media,
    Paid,
    Place,
    Press,
    Sender,
    Typed,
)

LARGEST_DOWNLOAD = 20_000_000  # Bot API: a bot can fetch files up to 20 MB
COMMAND = re.compile(r"/([A-Za-z0-9_]{1,32})(?:@[A-Za-z0-9_]+)?(?=\s|$)")
OUTSIDE = (ChatMemberStatus.LEFT, ChatMemberStatus.BANNED)
KINDS: dict[str, str] = {
    ChatType.PRIVATE: "private",
    ChatType.GROUP: "group",
    ChatType.SUPERGROUP: "group",
    ChatType.CHANNEL: "channel",
}
CONTAINERS = (("message",), ("edited_message",), ("callback_query",), ("my_chat_member",))


class Unreadable(Exception):  # noqa: N818 (an outcome, not a fault of ours)
    """The update cannot be understood: it is kept and put aside."""


def read(raw: dict[str, Any]) -> Inbound:
    """The inbound that an update means; raises Unreadable, and nothing else, for what makes no sense."""
    try:
        inbound = _read(raw)
        # A round trip through our own definition checks what was put together (and refuses half characters).
        checked: Inbound = msgspec.json.decode(msgspec.json.encode(inbound), type=Inbound)
    except Unreadable:
        raise
    except Exception as fault:  # whatever a mutated update does to us
        raise Unreadable(f"{type(fault).__name__}: {str(fault)[:200]}") from fault
    return checked


def conversation(raw: Any) -> str:
    """Whose turn it is: order is kept within a chat. Never raises.

    Whether somebody may pay is asked beside his chat: Telegram waits ten seconds, whatever else he has sent.
    """
    if _is_id(payer := _dig(raw, "pre_checkout_query", "from", "id")):
        return f"telegram:checkout:{payer}"
    for chat in (_dig(raw, *path, "chat", "id") for path in (*CONTAINERS, ("callback_query", "message"))):
        if _is_id(chat):
            return f"telegram:{chat}"
    for user in (_dig(raw, *path, "from", "id") for path in CONTAINERS):
        if _is_id(user):
            return f"telegram:user:{user}"
    return "telegram:?"


def external_id(raw: Any) -> str:
    """What makes this update unique; for one without a number, its content. Never raises."""
    number = _dig(raw, "update_id")
    if _is_id(number):
        return str(number)
    try:
        content = json.dumps(raw, default=str)
    except (TypeError, ValueError, RecursionError):
        content = type(raw).__name__
    return "?" + hashlib.sha256(content.encode()).hexdigest()


def _dig(raw: Any, *path: str) -> Any:
    for key in path:
        if not isinstance(raw, dict):
            return None
        raw = raw.get(key)
    return raw


def _is_id(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**63


def _read(raw: dict[str, Any]) -> Inbound:
    update = msgspec.convert(raw, type=Update)
    masked = raw.get("masked") is True
    if update.message is not None:
        return _message(update.message, masked)
    if update.edited_message is not None:
        return _edited(update.edited_message, masked)
    if update.callback_query is not None:
        return _press(update.callback_query)
    if update.pre_checkout_query is not None:
        return _checkout(update.pre_checkout_query)
    if update.my_chat_member is not None:
        return _membership(update.my_chat_member)
    kinds = [key for key in raw if key not in ("update_id", "masked")]
    return Ignored(why=f"an update of another kind: {', '.join(map(str, kinds))[:100] or 'empty'}")


def _number(value: Any) -> str:
    if not _is_id(value):
        raise Unreadable("an id is not a number")
    return str(value)


def _sender(user: User) -> Sender:
    name = user.first_name if user.last_name is None else f"{user.first_name} {user.last_name}"
    return Sender("telegram", _number(user.id), name, user.language_code)


def _place(chat: Chat) -> Place:
    return msgspec.convert({"network": "telegram", "chat": _number(chat.id), "kind": KINDS.get(chat.type)}, type=Place)


def _came(message: Message, user: User) -> dict[str, Any]:
    return {"sender": _sender(user), "place": _place(message.chat), "message": _number(message.message_id)}


def _reply(message: Message) -> str | None:
    return None if message.reply_to_message is None else _number(message.reply_to_message.message_id)


def _message(message: Message, masked: bool) -> Inbound:
    user = message.from_user
    if user is None or user.is_bot:
        return Ignored(why="not written by a person")
    came = _came(message, user)
    if message.successful_payment is not None:
        return _paid(came, message.successful_payment)
    if message.text is not None:
        command, text = _command(message)
        return Typed(**came, text=text, command=command, reply_to=_reply(message), masked=masked)
    if message.contact is not None:
        contact = message.contact
        name = " ".join(filter(None, (contact.first_name, contact.last_name)))
        own = contact.user_id is not None and contact.user_id == user.id
        return Contact(**came, phone=contact.phone_number, own=own, name=name)
    place = message.location or (message.venue.location if message.venue else None)
    if place is not None:
        return _location(came, place.latitude, place.longitude)
    file = _file(message)
    if file is None:
        return Ignored(why="a message of a kind we have no use for")
    return Media(
        **came,
        file=file,
        caption=message.caption or "",
        album=message.media_group_id,
        reply_to=_reply(message),
        masked=masked,
    )


def _command(message: Message) -> tuple[str | None, str]:
    text = message.text or ""
    leads = any(e.type == MessageEntityType.BOT_COMMAND and e.offset == 0 for e in message.entities)
    found = COMMAND.match(text) if leads else None
    if found is None:
        return None, text
    return found.group(1).lower(), text[found.end() :].strip()


def _location(came: dict[str, Any], latitude: float, longitude: float) -> Inbound:
    if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
        raise Unreadable("a place that is not on Earth")
    return Location(**came, latitude=float(latitude), longitude=float(longitude))


def _photo(sizes: tuple[Photo, ...]) -> File:
    fetchable = [size for size in sizes if (size.file_size or 0) <= LARGEST_DOWNLOAD]
    best = max(fetchable or sizes[:1], key=lambda size: size.width * size.height)
    return File("photo", best.file_id, best.file_unique_id, size=best.file_size)


def _file(message: Message) -> File | None:
    if message.photo:
        return _photo(message.photo)
    # An animation also comes as a document, under the same id.
    if document := message.animation or message.document:
        return _named("document", document)
    if video := message.video:
        return _named("video", video)
    if audio := message.audio:
        return _named("audio", audio)
    if voice := message.voice:
        return File("voice", voice.file_id, voice.file_unique_id, mime=voice.mime_type, size=voice.file_size)
    if note := message.video_note:
        return File("video", note.file_id, note.file_unique_id, size=note.file_size)
    return None


def _named(kind: Any, file: Held) -> File:
    return File(kind, file.file_id, file.file_unique_id, file.file_name, file.mime_type, file.file_size)


def _edited(message: Message, masked: bool) -> Inbound:
    user = message.from_user
    if user is None or user.is_bot:
        return Ignored(why="not written by a person")
    if message.location is not None:
        return Ignored(why="a live location moved")
    text = message.text if message.text is not None else message.caption
    return Edited(**_came(message, user), text=text or "", masked=masked)


def _press(query: Query) -> Inbound:
    if query.message is None or query.data is None:
        return Ignored(why="a press without a button of ours")
    return Press(
        sender=_sender(query.from_user),
        place=_place(query.message.chat),
        message=_number(query.message.message_id),
        token=query.data,
        query=query.id,
    )


def _checkout(query: Asked) -> Inbound:
    return Checkout(
        sender=_sender(query.from_user),
        query=query.id,
        order=query.invoice_payload,
        amount=query.total_amount,
        currency=query.currency,
    )


def _paid(came: dict[str, Any], payment: Payment) -> Inbound:
    return Paid(
        **came,
        order=payment.invoice_payload,
        amount=payment.total_amount,
        currency=payment.currency,
        charge=payment.telegram_payment_charge_id,
        provider=payment.provider_payment_charge_id,
    )


def _membership(change: Membership) -> Inbound:
    came: dict[str, Any] = {"sender": _sender(change.from_user), "place": _place(change.chat)}
    was_out, is_out = change.old_chat_member.status in OUTSIDE, change.new_chat_member.status in OUTSIDE
    if change.chat.type == ChatType.PRIVATE:
        return Blocked(**came, blocked=is_out)
    if was_out and not is_out:
        return Joined(**came)
    return Ignored(why="our part in a group changed")
