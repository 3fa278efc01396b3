"""The judge: what is wrong with a call of ours or an update of the sandbox, by the published specification and by rules
that it states only in words."""

import re
from typing import Any

from sandbox.telegram import invoices, keyboards, spec
from sandbox.telegram.errors import ApiError
from sandbox.telegram.markup import parse

TEXT_UNITS = 4096
CAPTION_UNITS = 1024
CAPTIONED = {"sendPhoto", "sendDocument", "sendVoice", "sendVideo", "sendAudio", "editMessageCaption", "copyMessage"}
INVOICES = {"sendInvoice", "createInvoiceLink"}
PAY_BUTTONS = {"sendInvoice", "editMessageReplyMarkup"}
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
COMMANDS = 100
ALBUM = range(2, 11)


def of_call(method: str, fields: dict[str, Any], parts: set[str]) -> list[str]:
    """Problems of a call whose name the specification knows; `parts` are the names of the uploaded files."""
    problems = spec.of_fields(fields, spec.fields_of("methods", method), "")
    problems += of_attachments(fields, parts)
    if "text" in fields and method in ("sendMessage", "editMessageText"):
        problems += of_words(fields, "text", "entities", TEXT_UNITS, least=1)
    if method in CAPTIONED:
        problems += of_words(fields, "caption", "caption_entities", CAPTION_UNITS)
    media = fields.get("media")
    for item in media if isinstance(media, list) else [media]:
        if isinstance(item, dict):
            problems += of_words(item, "caption", "caption_entities", CAPTION_UNITS)
    if method == "sendMediaGroup" and isinstance(media, list) and len(media) not in ALBUM:
        problems.append(f"media: {len(media)} items, 2 to 10 are allowed")
    if isinstance(fields.get("reply_markup"), dict):
        problems += keyboards.problems_of(fields["reply_markup"])
        if method not in PAY_BUTTONS and invoices.pay_buttons(fields["reply_markup"]):
            problems.append("keyboard: a Pay button outside an invoice")
    if method in INVOICES:
        problems += invoices.problems_of(fields)
    if method == "setMyCommands":
        problems += of_commands(fields.get("commands"))
    return problems


def of_words(fields: dict[str, Any], name: str, entities: str, most: int, least: int = 0) -> list[str]:
    words = fields.get(name)
    if not isinstance(words, str):
        return []
    try:
        text, _ = parse(words, fields.get("parse_mode"), fields.get(entities))
    except ApiError as error:
        return [f"{name}: {error.description}"]
    except (AttributeError, TypeError, ValueError):
        return [f"{name}: its {entities} cannot be read"]
    length = spec.units(text)
    return [] if least <= length <= most else [f"{name}: {length} characters, {least} to {most} are allowed"]


def of_attachments(fields: dict[str, Any], parts: set[str]) -> list[str]:
    """Every `attach://part` must be there, and every part must be meant."""
    named = set(attachments_in(fields))
    problems = [f"attach://{name}: no such part" for name in sorted(named - parts)]
    return problems + [f"the part {name} is attached to nothing" for name in sorted(parts - named)]


def attachments_in(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value.removeprefix("attach://")] if value.startswith("attach://") else []
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [name for item in inner for name in attachments_in(item)]


def of_commands(commands: Any) -> list[str]:
    if not isinstance(commands, list):
        return []
    problems = [f"commands: {len(commands)}, {COMMANDS} are allowed"] if len(commands) > COMMANDS else []
    names = [c.get("command", "") for c in commands if isinstance(c, dict)]
    return problems + [f"commands: {n!r} is no name of a command" for n in names if not COMMAND.fullmatch(str(n))]


def of_update(update: dict[str, Any]) -> list[str]:
    """Problems of an update; one kind of content is allowed in each."""
    problems = spec.of_type(update, "Update", "")
    kinds = sorted(set(update) - {"update_id"})
    return problems if len(kinds) == 1 else [*problems, f"one content expected, not {kinds}"]


def of_result(method: str, result: Any) -> list[str]:
    """Problems of our own answer (the sandbox must not invent what Telegram would never say)."""
    return [f"answer {p}" for p in spec.of_any(result, spec.spec()["methods"][method]["returns"], "")]
