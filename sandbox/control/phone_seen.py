"""What Telegram's people have on their screens, as JSON."""

from typing import Any

from sandbox.control.asked import Json
from sandbox.telegram import CARDS, Bubble, Person, Telegram
from sandbox.telegram.bubbles import words_of
from sandbox.telegram.invoices import digits_of
from sandbox.telegram.room import Room

QUOTED = 120  # characters of an answered message


def telegram_json(telegram: Telegram, invitations: dict[int, str], person: Person | None, limit: int) -> Json:
    """Everybody with a phone, and the chats of one of them (or of all)."""
    shown = [person] if person is not None else list(telegram.people.values())
    bot = telegram.state.bot
    return {
        "bot": {"name": bot.first_name, "username": bot.username},
        "people": [person_json(p, invitations.get(p.id)) for p in telegram.people.values()],
        "cards": [{"name": name, "number": number} for name, number in CARDS.items()],
        "chats": {str(p.id): chats_json(telegram, p, limit) for p in shown},
    }


def person_json(person: Person, invitation: str | None) -> Json:
    user = person.user
    newest = max((m.step for m in person.room.messages.values() if m.from_bot and not m.deleted), default=0)
    return {
        "id": user.id,
        "name": f"{user.first_name} {user.last_name}".strip(),
        "language": user.language,
        "phone": user.phone,
        "standing": person.room.bot,
        "invitation": invitation,
        "newest": newest,
    }


def chats_json(telegram: Telegram, person: Person, limit: int) -> Json:
    groups = [g for g in telegram.groups.values() if person.id in g.room.members]
    rooms: list[Room] = [person, *groups]
    commands = [{"command": name, "description": words} for name, words in person.commands().items()]
    return {"commands": commands, "rooms": [room_json(room, limit) for room in rooms]}


def room_json(room: Room, limit: int) -> Json:
    bubbles = room.chat
    shown = bubbles[-limit:]
    return {
        "id": room.room.id,
        "kind": room.room.kind,
        "title": room.room.title,
        "standing": room.room.bot,
        "keyboard": [[{"label": b.label} for b in row] for row in room.keyboard],
        "earlier": len(bubbles) - len(shown),
        "messages": [bubble_json(b) for b in shown],
    }


def bubble_json(bubble: Bubble) -> Json:
    raw = bubble.raw
    shown: Json = {
        "id": bubble.id,
        "step": bubble.step,
        "at": bubble.date.isoformat(),
        "from": {"id": raw["from"]["id"], "name": raw["from"]["first_name"], "bot": bubble.from_bot},
        "text": bubble.text,
        "entities": bubble.entities,
        "edited": bubble.edited,
        "buttons": [[{"label": b.label, "url": b.url, "pay": b.pays} for b in row] for row in bubble.buttons],
        **money_json(bubble),
    }
    if bubble.media:
        shown["media"] = media_json(bubble.media, raw[bubble.media])
    if bubble.album:
        shown["album"] = bubble.album
    if bubble.reactions:
        shown["reactions"] = bubble.reactions
    if bubble.pinned:
        shown["pinned"] = True
    if (answered := raw.get("reply_to_message")) is not None:
        shown["reply_to"] = {"id": answered["message_id"], "text": words_of(answered)[:QUOTED]}
    return shown


def money_json(bubble: Bubble) -> Json:
    """What an invoice asks for, or what the line about a payment says; amounts in the smallest unit."""
    invoice, done = bubble.message.invoice, bubble.raw.get("successful_payment")
    if invoice is None:
        return {}
    about: Json = {"title": invoice.title, "currency": invoice.currency, "digits": digits_of(invoice.currency)}
    if done is not None:
        return {"payment": about | {"total": done["total_amount"]}}
    lines = [{"label": label, "amount": amount} for label, amount in invoice.prices]
    more = {"description": invoice.description, "lines": lines, "total": invoice.total}
    (usual,) = invoice.keyboard()["inline_keyboard"][0]  # its words are the client's, in the client's language
    own = not any(b.pays and b.label == usual["text"] for row in bubble.buttons for b in row)
    return {"invoice": about | more | {"receipt": bubble.message.receipt, "own_button": own}}


def media_json(kind: str, part: Any) -> Json:
    """A file with the address where the page finds it; contacts and places as they are."""
    part = part[-1] if isinstance(part, list) else part
    shown: Json = {"kind": kind}
    if kind == "contact":
        name = f"{part.get('first_name', '')} {part.get('last_name', '')}".strip()
        return shown | {"name": name, "phone": part.get("phone_number", "")}
    if kind == "location":
        return shown | {"lat": part["latitude"], "lon": part["longitude"]}
    return shown | {
        "url": f"/control/files/telegram/{part['file_id']}",
        "name": part.get("file_name", ""),
        "size": part.get("file_size", 0),
        "mime": part.get("mime_type", ""),
    }
