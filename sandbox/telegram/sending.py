"""The methods that send."""

import secrets
from typing import Any

from sandbox.telegram import keyboards
from sandbox.telegram.chats import Chat, Message
from sandbox.telegram.errors import bad_request
from sandbox.telegram.files import File
from sandbox.telegram.invoices import pay_buttons
from sandbox.telegram.judge import CAPTION_UNITS, TEXT_UNITS
from sandbox.telegram.markup import parse
from sandbox.telegram.reading import Asked
from sandbox.telegram.spec import units
from sandbox.telegram.state import State

Content = dict[str, Any]
MIMES = {"photo": "image/jpeg", "voice": "audio/ogg", "video": "video/mp4", "audio": "audio/mpeg"}
TOGETHER = ({"photo", "video"}, {"document"}, {"audio"})  # what may share an album


def words(fields: dict[str, Any]) -> Content:
    """The text of a message, parsed and within its length; raises ApiError."""
    text, entities = parse(str(fields.get("text", "")), fields.get("parse_mode"), fields.get("entities"))
    if not text:
        raise bad_request("message text is empty")
    if units(text) > TEXT_UNITS:
        raise bad_request("message is too long")
    content: Content = {"text": text}
    if entities:
        content["entities"] = entities
    if fields.get("link_preview_options"):
        content["link_preview_options"] = fields["link_preview_options"]
    return content


def caption(fields: dict[str, Any]) -> Content:
    """The caption of a medium, parsed and within its length; raises ApiError."""
    text, entities = parse(str(fields.get("caption") or ""), fields.get("parse_mode"), fields.get("caption_entities"))
    if units(text) > CAPTION_UNITS:
        raise bad_request("message caption is too long")
    if not text:
        return {}
    return {"caption": text, "caption_entities": entities} if entities else {"caption": text}


def medium(state: State, asked: Asked, kind: str, value: Any) -> Content:
    """The file of a message, uploaded now or known by its id; raises ApiError."""
    if not value:
        raise bad_request(f"there is no {kind} in the request")
    if str(value).startswith("attach://"):
        part = asked.parts.get(str(value).removeprefix("attach://"))
        if part is None:
            raise bad_request(f"there is no {kind} in the request")
        mime = MIMES.get(kind) or part.mime
        file: File | None = state.files.uploaded(kind, part.content, part.name, mime)
    else:
        file = state.files.find(str(value))
    if file is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if file.kind != kind:
        raise bad_request(f"can't use file of type {file.kind.title()} as {kind.title()}")
    return {kind: file.media()}


def reply(chat: Chat, fields: dict[str, Any]) -> Content:
    parameters = fields.get("reply_parameters")
    if not isinstance(parameters, dict):
        return {}
    found = chat.find(parameters.get("message_id"))
    if found is None:
        if parameters.get("allow_sending_without_reply"):
            return {}
        raise bad_request("message to be replied not found")
    return {"reply_to_message": {k: v for k, v in found.raw.items() if k != "reply_to_message"}}


def deliver(state: State, asked: Asked, content: Content) -> Message:
    """Post content of any kind with the keyboard and the reply that the call names."""
    chat = state.chat(asked.fields.get("chat_id"))
    markup = keyboards.accept(asked.fields.get("reply_markup"))
    if markup and pay_buttons(markup) and "invoice" not in content:
        raise bad_request("BUTTON_TYPE_INVALID")
    content = {**reply(chat, asked.fields), **content}
    state.count(chat)
    if inline := keyboards.inline(markup):
        content["reply_markup"] = inline
    elif markup and markup.get("keyboard"):
        chat.keyboard = markup
    elif markup and markup.get("remove_keyboard"):
        chat.keyboard = None
    if asked.fields.get("protect_content"):
        content["has_protected_content"] = True
    return state.said_by_bot(chat, content)


def send_message(state: State, asked: Asked) -> Content:
    state.chat(asked.fields.get("chat_id"))
    return deliver(state, asked, words(asked.fields)).raw


def send_file(state: State, asked: Asked, kind: str) -> Content:
    state.chat(asked.fields.get("chat_id"))
    content = {**medium(state, asked, kind, asked.fields.get(kind)), **caption(asked.fields)}
    return deliver(state, asked, content).raw


def send_photo(state: State, asked: Asked) -> Content:
    return send_file(state, asked, "photo")


def send_document(state: State, asked: Asked) -> Content:
    return send_file(state, asked, "document")


def send_voice(state: State, asked: Asked) -> Content:
    return send_file(state, asked, "voice")


def send_video(state: State, asked: Asked) -> Content:
    return send_file(state, asked, "video")


def send_audio(state: State, asked: Asked) -> Content:
    return send_file(state, asked, "audio")


def send_location(state: State, asked: Asked) -> Content:
    place = {k: asked.fields.get(k) for k in ("latitude", "longitude")}
    if not all(isinstance(v, int | float) for v in place.values()):
        raise bad_request("wrong latitude or longitude specified")
    return deliver(state, asked, {"location": place}).raw


def send_contact(state: State, asked: Asked) -> Content:
    names = ("phone_number", "first_name", "last_name", "vcard")
    contact = {k: asked.fields[k] for k in names if asked.fields.get(k)}
    for name in names[:2]:
        if name not in contact:
            raise bad_request(f"{name.replace('_', ' ')} is empty")
    return deliver(state, asked, {"contact": contact}).raw


def send_media_group(state: State, asked: Asked) -> list[Content]:
    chat = state.chat(asked.fields.get("chat_id"))
    items = asked.fields.get("media")
    if not isinstance(items, list) or not items:
        raise bad_request("there are no messages to send")
    if not 2 <= len(items) <= 10:
        raise bad_request("wrong number of messages specified: 2 to 10 are needed")
    kinds = {str(item.get("type")) for item in items}
    if not any(kinds <= allowed for allowed in TOGETHER):
        raise bad_request("media of these types can't be sent in one album")
    contents = [{**medium(state, asked, i["type"], i.get("media")), **caption(i)} for i in items]
    answers_to = reply(chat, asked.fields)
    state.count(chat, len(contents))
    group = str(secrets.randbits(56))
    return [state.said_by_bot(chat, {**answers_to, "media_group_id": group, **c}).raw for c in contents]


def send_chat_action(state: State, asked: Asked) -> bool:
    chat = state.chat(asked.fields.get("chat_id"))
    chat.actions.append(str(asked.fields.get("action")))
    state.host.changed.note()
    return True


def source(state: State, asked: Asked, what: str) -> Message:
    chat = state.chat(asked.fields.get("from_chat_id"))
    found = chat.find(asked.fields.get("message_id"))
    if found is None:
        raise bad_request(f"message to {what} not found")
    return found


CARRIED = {"text", "entities", "caption", "caption_entities", "location", "contact", "invoice", *MIMES, "document"}


def copy_message(state: State, asked: Asked) -> Content:
    original = source(state, asked, "copy").raw
    if "invoice" in original or "successful_payment" in original:
        raise bad_request("the message can't be copied")
    content = {k: v for k, v in original.items() if k in CARRIED}
    if "caption" in asked.fields:
        content = {k: v for k, v in content.items() if not k.startswith("caption")} | caption(asked.fields)
    return {"message_id": deliver(state, asked, content).id}


def forward_message(state: State, asked: Asked) -> Content:
    found = source(state, asked, "forward")
    if "successful_payment" in found.raw:
        raise bad_request("the message can't be forwarded")
    message = deliver(state, asked, forwarded(state, found))
    message.invoice = found.invoice
    return message.raw


def forwarded(state: State, message: Message) -> Content:
    """What is in a forwarded copy."""
    content = {k: v for k, v in message.raw.items() if k in CARRIED}
    content["forward_origin"] = {"type": "user", "sender_user": message.raw["from"], "date": message.raw["date"]}
    if message.invoice is not None:
        content["reply_markup"] = message.invoice.keyboard_of_copy(message.raw["reply_markup"], state.bot.username)
    return content


METHODS = {
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "sendDocument": send_document,
    "sendVoice": send_voice,
    "sendVideo": send_video,
    "sendAudio": send_audio,
    "sendLocation": send_location,
    "sendContact": send_contact,
    "sendMediaGroup": send_media_group,
    "sendChatAction": send_chat_action,
    "copyMessage": copy_message,
    "forwardMessage": forward_message,
}
