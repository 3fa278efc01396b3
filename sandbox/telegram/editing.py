"""The methods that change or remove what is there."""

from datetime import timedelta
from typing import Any

from sandbox.telegram import invoices, keyboards
from sandbox.telegram.chats import Chat, Message
from sandbox.telegram.errors import ApiError, bad_request
from sandbox.telegram.reading import Asked
from sandbox.telegram.sending import Content, caption, medium, words
from sandbox.telegram.state import State

MEDIA = ("photo", "document", "voice", "video", "audio")
VISIBLE = ("text", "entities", "caption", "caption_entities", "reply_markup", "link_preview_options", *MEDIA)
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)
TOO_LATE = "query is too old and response timeout expired or query ID is invalid"
NOTICE_UNITS = 200


def own_message(state: State, asked: Asked) -> Message:
    """The bot's message that a call wants to edit; raises ApiError."""
    if "inline_message_id" in asked.fields:
        raise bad_request("MESSAGE_ID_INVALID")
    chat = state.chat(asked.fields.get("chat_id"))
    found = chat.find(asked.fields.get("message_id"))
    if found is None:
        raise bad_request("message to edit not found")
    if not found.from_bot:
        raise bad_request("message can't be edited")
    return found


def change(state: State, asked: Asked, message: Message, gone: tuple[str, ...], content: Content) -> Content:
    """Replace part of a message; the keyboard goes unless the call brings one, as on Telegram."""
    markup = keyboards.accept(asked.fields.get("reply_markup"))
    raw = {k: v for k, v in message.raw.items() if k not in gone and k != "reply_markup"} | content
    if inline := keyboards.inline(markup):
        raw["reply_markup"] = inline
    if all(raw.get(k) == message.raw.get(k) for k in VISIBLE):
        raise bad_request(NOT_MODIFIED)
    raw["edit_date"] = state.now()
    message.turn_into(raw, state.chats.step())
    state.host.changed.note()
    return raw


def edit_message_text(state: State, asked: Asked) -> Content:
    message = own_message(state, asked)
    if "invoice" in message.raw:
        asked.wrong("an invoice cannot be edited into words")
    if "text" not in message.raw:
        raise bad_request("there is no text in the message to edit")
    return change(state, asked, message, ("text", "entities", "link_preview_options"), words(asked.fields))


def edit_message_caption(state: State, asked: Asked) -> Content:
    message = own_message(state, asked)
    if not any(kind in message.raw for kind in MEDIA):
        raise bad_request("there is no caption in the message to edit")
    return change(state, asked, message, ("caption", "caption_entities"), caption(asked.fields))


def edit_message_media(state: State, asked: Asked) -> Content:
    message = own_message(state, asked)
    if "invoice" in message.raw:
        asked.wrong("an invoice cannot be edited into a file")
        raise bad_request("message can't be edited")
    media = asked.fields.get("media")
    if not isinstance(media, dict):
        raise bad_request("media is empty")
    content = {**medium(state, asked, str(media.get("type")), media.get("media")), **caption(media)}
    gone = ("text", "entities", "link_preview_options", "caption", "caption_entities", *MEDIA)
    return change(state, asked, message, gone, content)


def edit_message_reply_markup(state: State, asked: Asked) -> Content:
    message = own_message(state, asked)
    if "invoice" in message.raw:
        if not asked.fields.get("reply_markup"):
            raise bad_request("REPLY_MARKUP_BUY_EMPTY")
        invoices.check_keyboard(asked.fields["reply_markup"])
    return change(state, asked, message, (), {})


def remove(state: State, chat: Chat, message_id: Any) -> None:
    found = chat.find(message_id)
    if found is None:
        raise bad_request("message to delete not found")
    age = state.now() - found.raw["date"]
    others = chat.kind == "group" and not found.from_bot
    if others or age > timedelta(seconds=state.host.delays.delete_window).total_seconds():
        raise bad_request("message can't be deleted for everyone")
    found.deleted, found.step = True, state.chats.step()
    state.host.changed.note()


def delete_message(state: State, asked: Asked) -> bool:
    remove(state, state.chat(asked.fields.get("chat_id")), asked.fields.get("message_id"))
    return True


def delete_messages(state: State, asked: Asked) -> bool:
    chat = state.chat(asked.fields.get("chat_id"))
    ids = asked.fields.get("message_ids")
    if not isinstance(ids, list) or not 1 <= len(ids) <= 100:
        raise bad_request("message identifiers are not specified")
    for message_id in ids:
        try:
            remove(state, chat, message_id)
        except ApiError:
            continue  # messages that cannot be found or deleted are skipped without a word
    return True


def answer_callback_query(state: State, asked: Asked) -> bool:
    query = state.queries.get(str(asked.fields.get("callback_query_id")))
    age = state.host.clock.now().timestamp() - query.at if query else 0.0
    if query is None or age > state.host.delays.callback_lifetime:
        raise bad_request(TOO_LATE)
    notice = str(asked.fields.get("text") or "")
    if len(notice) > NOTICE_UNITS:
        raise bad_request("MESSAGE_TOO_LONG")
    if not query.answered:
        query.answered, query.notice = True, notice or None
        query.alert, query.url = bool(asked.fields.get("show_alert")), asked.fields.get("url")
    state.host.changed.note()
    return True


def set_message_reaction(state: State, asked: Asked) -> bool:
    chat = state.chat(asked.fields.get("chat_id"))
    found = chat.find(asked.fields.get("message_id"))
    if found is None:
        raise bad_request("message to react not found")
    reactions = asked.fields.get("reaction") or []
    if len(reactions) > 1:
        raise bad_request("REACTIONS_TOO_MANY")
    found.reactions = list(reactions)
    state.host.changed.note()
    return True


def pin_chat_message(state: State, asked: Asked) -> bool:
    chat = state.chat(asked.fields.get("chat_id"))
    found = chat.find(asked.fields.get("message_id"))
    if found is None:
        raise bad_request("message to pin not found")
    chat.pinned = found.id
    state.host.changed.note()
    return True


def unpin_chat_message(state: State, asked: Asked) -> bool:
    chat = state.chat(asked.fields.get("chat_id"))
    if chat.pinned is None or asked.fields.get("message_id", chat.pinned) != chat.pinned:
        raise bad_request("message to unpin not found")
    chat.pinned = None
    state.host.changed.note()
    return True


METHODS = {
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageMedia": edit_message_media,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
    "answerCallbackQuery": answer_callback_query,
    "setMessageReaction": set_message_reaction,
    "pinChatMessage": pin_chat_message,
    "unpinChatMessage": unpin_chat_message,
}
