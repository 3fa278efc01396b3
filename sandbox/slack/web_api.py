"""The Web API's door: reading a call, who makes it, the faults that hit it, its answer and its record."""

import asyncio
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web

from sandbox.faults import Fault
from sandbox.recording import Call
from sandbox.slack import files, judge, methods_chat, methods_places, methods_views
from sandbox.slack.core import Core
from sandbox.slack.errors import SlackError
from sandbox.slack.state import Json

Method = Callable[[Core, Json], Json]
OBJECTS = ("blocks", "view", "metadata", "attachments", "files")
FLAGS = (
    *("reply_broadcast", "unfurl_links", "unfurl_media", "link_names", "mrkdwn", "as_user", "inclusive", "return_im"),
    *("include_all_metadata", "exclude_archived", "is_private", "include_num_members", "include_locale", "full"),
    *("replace_original", "delete_original", "prevent_creation", "force", "include_labels"),
)
NUMBERS = ("limit", "length", "count", "page")
BOOLEANS = {"1": True, "true": True, "True": True, "0": False, "false": False, "False": False}


def _auth_test(core: Core, _: Json) -> Json:
    space = core.space
    body = {"url": f"https://{space.domain}.slack.com/", "team": space.name, "user": space.bot.handle}
    ids = {"team_id": space.team_id, "user_id": space.bot.id, "bot_id": space.bot_id}
    return {"ok": True, **body, **ids, "is_enterprise_install": False}


def _api_test(_: Core, fields: Json) -> Json:
    if fields.get("error"):
        raise SlackError(str(fields["error"]), args=fields)
    return {"ok": True, "args": fields}


def _open_socket(core: Core, _: Json) -> Json:
    return {"ok": True, "url": core.sockets.address()}


METHODS: dict[str, Method] = {
    "api.test": _api_test,
    "apps.connections.open": _open_socket,
    "auth.test": _auth_test,
    "bookmarks.add": methods_chat.add_bookmark,
    "chat.delete": methods_chat.delete,
    "chat.getPermalink": methods_chat.permalink,
    "chat.postEphemeral": methods_chat.post_ephemeral,
    "chat.postMessage": methods_chat.post_message,
    "chat.update": methods_chat.update,
    "conversations.archive": methods_places.archive,
    "conversations.create": methods_places.create,
    "conversations.history": methods_places.history,
    "conversations.info": methods_places.info,
    "conversations.invite": methods_places.invite,
    "conversations.join": methods_places.join,
    "conversations.list": methods_places.list_channels,
    "conversations.members": methods_places.members,
    "conversations.open": methods_places.open_direct,
    "conversations.replies": methods_places.replies,
    "conversations.setPurpose": methods_places.set_purpose,
    "conversations.setTopic": methods_places.set_topic,
    "files.completeUploadExternal": files.complete_upload,
    "files.getUploadURLExternal": files.get_upload_url,
    "files.info": files.file_info,
    "pins.add": methods_chat.pin,
    "reactions.add": methods_chat.react,
    "reactions.get": methods_chat.reactions,
    "reactions.remove": methods_chat.unreact,
    "usergroups.users.list": methods_places.users_of_group,
    "users.conversations": methods_places.channels_of_user,
    "users.info": methods_places.user_info,
    "users.list": methods_places.list_users,
    "users.lookupByEmail": methods_places.user_by_email,
    "views.open": methods_views.open_view,
    "views.publish": methods_views.publish_view,
    "views.push": methods_views.push_view,
    "views.update": methods_views.update_view,
}


class WebApi:
    def __init__(self, core: Core) -> None:
        self.core = core
        self.bot_token: str | None = None  # None: every xoxb- token is good
        self.app_token: str | None = None

    def routes(self) -> list[web.AbstractRouteDef]:
        return [web.post("/api/{method}", self._called), web.get("/api/{method}", self._called)]

    async def _called(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        try:
            raw = await read_fields(request)
            token = _token(request, raw)
            fields, broken = decoded(raw)
        except ValueError:
            return web.json_response({"ok": False, "error": "invalid_json"})
        call = self.core.host.recording.add(self.core.space.now(), "slack", "in", method, fields)
        target = fields.get("channel") or fields.get("channel_id")

        def answer() -> Json:
            return self._answered(call, token, fields, broken)

        return await under_faults(self.core, request, call, str(target) if target else None, answer)

    def _answered(self, call: Call, token: str | None, fields: Json, broken: str | None) -> Json:
        try:
            self._admit(call.method, token)
            findings = judge.call(call.method, fields) if self.core.judging else judge.Findings()
            call.problems += findings.all
            if broken:
                raise SlackError("invalid_blocks_format" if broken == "blocks" else "invalid_arguments")
            if (method := METHODS.get(call.method)) is None:
                raise SlackError("unknown_method", req_method=call.method)
            self._refuse(fields, findings)
            return method(self.core, fields)
        except SlackError as error:
            return error.answer

    def _admit(self, method: str, token: str | None) -> None:
        if method == "api.test":
            return
        if not token:
            raise SlackError("not_authed")
        app_level = method == "apps.connections.open"
        prefix, known = ("xapp-", self.app_token) if app_level else ("xoxb-", self.bot_token)
        if token.startswith(("xapp-", "xoxb-")) and not token.startswith(prefix):
            raise SlackError("not_allowed_token_type")
        if not token.startswith(prefix) or known not in (None, token):
            raise SlackError("invalid_auth")

    def _refuse(self, fields: Json, findings: judge.Findings) -> None:
        """Blocks and views that the real Slack refuses as well."""
        messages = [f"[ERROR] {fault}" for fault in findings.refused]
        if "view" in fields and messages:
            raise SlackError("invalid_arguments", *messages)
        if messages and not methods_chat.too_long(fields.get("text"), fields.get("blocks") or []):
            raise SlackError("invalid_blocks", *messages)


async def under_faults(
    core: Core, request: web.Request, call: Call, target: str | None, answer: Callable[[], Json]
) -> web.StreamResponse:
    """Execute and answer, unless a fault says otherwise."""
    fault = core.host.faults.take("slack", call.method, target)
    if fault is None:
        return _given(call, answer())
    call.fault = fault.kind
    match fault.kind:
        case "status":
            return _failed(call, fault)
        case "status_after":
            answer()
            return _failed(call, fault)
        case "reset_before":
            return _cut(request)
        case "reset_after":
            call.answer = answer()
            return _cut(request)
        case "hang":
            await asyncio.sleep(fault.seconds)
            return _cut(request)
        case "slow":
            body = answer()
            await asyncio.sleep(fault.seconds)
            return _given(call, body)
        case _:  # Slack knows no payments
            raise ValueError(f"{fault.kind} is no fault of a call")


def _given(call: Call, body: Json) -> web.Response:
    call.status, call.answer = 200, body
    return web.json_response(body)


def _failed(call: Call, fault: Fault) -> web.Response:
    """An error code comes with status 200 as Slack's own do, except where another status than 500 was asked for."""
    status = 200 if fault.error and fault.status == 500 else fault.status
    error = fault.error or ("ratelimited" if status == 429 else "internal_error")
    headers = {"Retry-After": str(fault.retry_after or 1)} if status == 429 or error == "ratelimited" else {}
    call.status, call.answer = status, {"ok": False, "error": error}
    return web.json_response(call.answer, status=status, headers=headers)


def _cut(request: web.Request) -> web.Response:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()


async def read_fields(request: web.Request) -> Json:
    """The fields of a call from address and body; ValueError for a body that is not what it says it is."""
    fields: Json = dict(request.query)
    if request.method != "POST":
        return fields
    if request.content_type == "application/json":
        body = json.loads(await request.text() or "{}")
        if not isinstance(body, dict):
            raise ValueError("not an object")
        return fields | body
    if request.content_type == "application/x-www-form-urlencoded":
        return fields | dict(parse_qsl(await request.text(), keep_blank_values=True))
    if request.content_type.startswith("multipart/"):
        return fields | {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
    return fields


def decoded(raw: Json) -> tuple[Json, str | None]:
    """Fields in their own kinds, without token and empty ones, and the name of one that is no JSON."""
    fields: Json = {}
    broken = None
    for key, value in raw.items():
        if key == "token" or value is None:
            continue
        try:
            fields[key] = _decode(key, value)
        except ValueError:
            fields[key], broken = value, key
    return fields, broken


def _decode(key: str, value: Any) -> Any:
    if not isinstance(value, str):
        return value
    if key in OBJECTS:
        return json.loads(value) if value else None
    if key in FLAGS:
        return BOOLEANS.get(value, value)
    return int(value) if key in NUMBERS and value.isdecimal() else value


def _token(request: web.Request, raw: Json) -> str | None:
    header = request.headers.get("Authorization", "")
    if header.startswith("Bearer "):
        return header.removeprefix("Bearer ").strip()
    token = raw.get("token")
    return str(token) if token else None
