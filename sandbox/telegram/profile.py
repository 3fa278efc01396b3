"""The methods by which a bot says who it is and what it can do."""

import json
import re
from typing import Any

from sandbox.telegram.errors import bad_request
from sandbox.telegram.judge import COMMAND, COMMANDS
from sandbox.telegram.reading import Asked
from sandbox.telegram.sending import Content
from sandbox.telegram.state import State

LANGUAGE = re.compile(r"[a-z]{2}|")
DESCRIPTION = 256


def key_of(fields: dict[str, Any]) -> tuple[str, str]:
    """(scope, language) as one key; raises ApiError for a language that is none."""
    scope = fields.get("scope") or {"type": "default"}
    return json.dumps(scope, sort_keys=True), language_of(fields)


def language_of(fields: dict[str, Any]) -> str:
    language = str(fields.get("language_code") or "")
    if not LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")
    return language


def set_my_commands(state: State, asked: Asked) -> bool:
    commands = asked.fields.get("commands")
    if not isinstance(commands, list):
        raise bad_request("can't parse commands")
    if len(commands) > COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not COMMAND.fullmatch(str(command.get("command", ""))):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(str(command.get("description", ""))) <= DESCRIPTION:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    state.profile.commands[key_of(asked.fields)] = commands
    state.host.changed.note()
    return True


def get_my_commands(state: State, asked: Asked) -> list[Content]:
    return state.profile.commands.get(key_of(asked.fields), [])


def delete_my_commands(state: State, asked: Asked) -> bool:
    state.profile.commands.pop(key_of(asked.fields), None)
    state.host.changed.note()
    return True


def put(texts: dict[str, str], asked: Asked, name: str, most: int) -> bool:
    """Set one text of the profile for a language; an empty one removes it."""
    language, text = language_of(asked.fields), str(asked.fields.get(name) or "")
    if len(text) > most:
        raise bad_request(f"{name.replace('_', ' ')} is too long")
    texts[language] = text
    if not text:
        del texts[language]
    return True


def get(texts: dict[str, str], asked: Asked, name: str, default: str = "") -> Content:
    return {name: texts.get(language_of(asked.fields)) or texts.get("") or default}


def set_my_name(state: State, asked: Asked) -> bool:
    done = put(state.profile.names, asked, "name", 64)
    state.bot.first_name = state.profile.names.get("") or "Bot"
    return done


def get_my_name(state: State, asked: Asked) -> Content:
    return get(state.profile.names, asked, "name", state.bot.first_name)


def set_my_description(state: State, asked: Asked) -> bool:
    return put(state.profile.descriptions, asked, "description", 512)


def get_my_description(state: State, asked: Asked) -> Content:
    return get(state.profile.descriptions, asked, "description")


def set_my_short_description(state: State, asked: Asked) -> bool:
    return put(state.profile.short_descriptions, asked, "short_description", 120)


def get_my_short_description(state: State, asked: Asked) -> Content:
    return get(state.profile.short_descriptions, asked, "short_description")


def set_chat_menu_button(state: State, asked: Asked) -> bool:
    button = asked.fields.get("menu_button") or {"type": "default"}
    if "chat_id" in asked.fields:
        state.chat(asked.fields["chat_id"]).menu_button = button
    else:
        state.profile.menu_button = button
    state.host.changed.note()
    return True


def get_chat_menu_button(state: State, asked: Asked) -> Content:
    own = state.chat(asked.fields["chat_id"]).menu_button if "chat_id" in asked.fields else None
    return own or state.profile.menu_button


METHODS = {
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyName": set_my_name,
    "getMyName": get_my_name,
    "setMyDescription": set_my_description,
    "getMyDescription": get_my_description,
    "setMyShortDescription": set_my_short_description,
    "getMyShortDescription": get_my_short_description,
    "setChatMenuButton": set_chat_menu_button,
    "getChatMenuButton": get_chat_menu_button,
}
