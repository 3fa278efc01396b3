"""The methods that ask, and those that fetch or receive updates."""

from typing import Any

from sandbox.telegram.errors import ApiError, bad_request
from sandbox.telegram.files import DOWNLOAD_LIMIT
from sandbox.telegram.reading import Asked
from sandbox.telegram.sending import Content
from sandbox.telegram.state import State

NO_GIFTS = dict.fromkeys(
    ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), False
)


def get_me(state: State, _: Asked) -> Content:
    return {
        **state.bot.api(),
        "can_join_groups": True,
        "can_read_all_group_messages": state.reads_groups,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def get_file(state: State, asked: Asked) -> Content:
    file_id = str(asked.fields.get("file_id"))
    file = state.files.find(file_id)
    if file is None:
        raise bad_request("invalid file_id")
    if len(file.content) > DOWNLOAD_LIMIT:
        raise bad_request("file is too big")
    return file.described(file_path=file.path)


def get_chat(state: State, asked: Asked) -> Content:
    chat = state.chat(asked.fields.get("chat_id"))
    shown = {**chat.api(), "accent_color_id": chat.id % 7, "max_reaction_count": 11, "accepted_gift_types": NO_GIFTS}
    if chat.pinned is not None and (pinned := chat.find(chat.pinned)):
        shown["pinned_message"] = pinned.raw
    return shown


def get_chat_member(state: State, asked: Asked) -> Content:
    chat = state.chat(asked.fields.get("chat_id"))
    user_id = asked.fields.get("user_id")
    if user_id == state.bot.id:
        return state.membership(chat.bot)
    user = state.chats.users.get(user_id) if isinstance(user_id, int) else None
    if user is None:
        raise bad_request("invalid user_id specified")
    inside = user is chat.person or user.id in chat.members
    return {"status": "member" if inside else "left", "user": user.api()}


def leave_chat(state: State, asked: Asked) -> bool:
    chat = state.chat(asked.fields.get("chat_id"))
    if chat.kind == "private":
        raise bad_request("chat member status can't be changed in private chats")
    state.bot_becomes(chat, state.bot, "left")
    return True


async def get_updates(state: State, asked: Asked) -> list[Content]:
    fields = asked.fields
    return await state.updates.fetch(
        whole(fields, "offset", 0), whole(fields, "limit", 100), whole(fields, "timeout", 0), kinds(fields)
    )


async def set_webhook(state: State, asked: Asked) -> bool:
    fields = asked.fields
    await state.webhook.set(
        str(fields.get("url", "")), fields.get("secret_token"), min(max(whole(fields, "max_connections", 40), 1), 100)
    )
    state.updates.set_allowed(kinds(fields))
    if fields.get("drop_pending_updates"):
        state.updates.pending.clear()
    return True


async def delete_webhook(state: State, asked: Asked) -> bool:
    await state.webhook.set("", None, 40)
    if asked.fields.get("drop_pending_updates"):
        state.updates.pending.clear()
    return True


def get_webhook_info(state: State, _: Asked) -> Content:
    return state.webhook.info()


def whole(fields: dict[str, Any], name: str, default: int) -> int:
    value = fields.get(name, default)
    if isinstance(value, bool) or not isinstance(value, int):
        raise ApiError(400, f"Bad Request: parameter {name} must be an integer")
    return value


def kinds(fields: dict[str, Any]) -> list[str] | None:
    value = fields.get("allowed_updates")
    return [str(v) for v in value] if isinstance(value, list) else None


METHODS = {
    "getMe": get_me,
    "getFile": get_file,
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "leaveChat": leave_chat,
    "getUpdates": get_updates,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
}
