"""Files: the three steps of an upload, and downloads for who shows a token."""

import mimetypes
from pathlib import PurePath

from aiohttp import BodyPartReader, web

from sandbox.slack.core import Core
from sandbox.slack.errors import SlackError
from sandbox.slack.methods_chat import thread_of, writable
from sandbox.slack.shapes import file_json
from sandbox.slack.state import Channel, File, Json, Message

LOGIN = "<!DOCTYPE html><html><head><title>Sign in</title></head><body>Sign in to the workspace</body></html>"


def new_file(core: Core, name: str, size: int, user: str, content: bytes | None = None) -> File:
    file = File(core.space.new_id("F"), name, name, size, user, core.space.seconds(), content)
    kind = mimetypes.guess_type(name)[0]
    if kind:
        file.mimetype = kind
        file.filetype = PurePath(name).suffix.removeprefix(".").lower() or "binary"
    core.space.files[file.id] = file
    return file


def share(core: Core, files: list[File], channel: Channel, user: str, text: str, **more: object) -> Message:
    """Post files into a channel."""
    for file in files:
        file.shared = True
        places = file.groups if channel.private else file.channels
        if channel.id not in places:
            places.append(channel.id)
    blocks, thread = more.get("blocks"), more.get("thread_ts")
    return core.post(
        channel,
        user,
        text,
        blocks if isinstance(blocks, list) else None,
        thread_ts=thread if isinstance(thread, str) else None,
        files=files,
    )


def get_upload_url(core: Core, fields: Json) -> Json:
    name, length = str(fields.get("filename") or ""), fields.get("length")
    if not name or not isinstance(length, int) or length <= 0:
        raise SlackError("invalid_arguments", "[ERROR] filename and a length of at least 1 are needed")
    file = new_file(core, name, length, core.space.bot.id)
    return {"ok": True, "upload_url": f"{core.host.url}/slack/upload/{file.id}", "file_id": file.id}


def complete_upload(core: Core, fields: Json) -> Json:
    files = []
    for item in fields.get("files") or []:
        file = core.space.files.get(str(item.get("id")))
        if file is None or file.content is None or file.shared:
            raise SlackError("file_not_found")
        file.title = str(item.get("title") or file.name)
        files.append(file)
    if not files:
        raise SlackError("invalid_arguments", "[ERROR] no files")
    if place := fields.get("channel_id"):
        channel = writable(core, str(place))
        thread = thread_of(channel, fields.get("thread_ts"))
        comment = str(fields.get("initial_comment") or "")
        share(core, files, channel, core.space.bot.id, comment, blocks=fields.get("blocks"), thread_ts=thread)
    return {"ok": True, "files": [file_json(f, core.host.url) for f in files]}


def file_info(core: Core, fields: Json) -> Json:
    file = core.space.files.get(str(fields.get("file") or ""))
    if file is None or file.content is None:
        raise SlackError("file_not_found")
    return {
        "ok": True,
        "file": file_json(file, core.host.url),
        "comments": [],
        "response_metadata": {"next_cursor": ""},
    }


class FileServer:
    """The addresses that take and give the bytes themselves."""

    def __init__(self, core: Core) -> None:
        self.core = core

    def routes(self) -> list[web.AbstractRouteDef]:
        return [
            web.post("/slack/upload/{id}", self._take),
            web.get("/slack/files/{id}/{name}", self._give),
            web.get("/slack/files/{id}/download/{name}", self._give),
            web.get("/slack/login", self._login),
        ]

    async def _take(self, request: web.Request) -> web.Response:
        file = self.core.space.files.get(request.match_info["id"])
        call = self.core.host.recording.add(self.core.space.now(), "slack", "in", "upload", {"file": file and file.id})
        if file is None or file.content is not None:
            call.status = 404
            return web.Response(status=404, text="no such upload")
        content = await _body(request)
        call.files[file.name], call.status = len(content), 200
        if len(content) != file.size:
            call.problems.append(f"{len(content)} bytes came where {file.size} were announced")
        file.content, file.size = content, len(content)
        return web.Response(text=f"OK - {len(content)}")

    async def _give(self, request: web.Request) -> web.StreamResponse:
        file = self.core.space.files.get(request.match_info["id"])
        call = self.core.host.recording.add(self.core.space.now(), "slack", "in", "download", dict(request.match_info))
        fault = self.core.host.faults.take("slack", "download")
        if fault is not None:
            call.fault, call.status = fault.kind, fault.status
            return web.Response(status=fault.status)
        if not request.headers.get("Authorization", "").startswith("Bearer xox"):
            call.status = 302  # the real one shows its login page, with status 200
            raise web.HTTPFound("/slack/login")
        if file is None or file.content is None:
            call.status = 404
            return web.Response(status=404)
        call.status = 200
        return web.Response(body=file.content, content_type=file.mimetype)

    async def _login(self, _: web.Request) -> web.Response:
        return web.Response(text=LOGIN, content_type="text/html")


async def _body(request: web.Request) -> bytes:
    """The uploaded bytes, sent as they are or as the first file of a form."""
    if not request.content_type.startswith("multipart/"):
        return await request.read()
    async for part in await request.multipart():
        if isinstance(part, BodyPartReader) and part.filename:
            return bytes(await part.read(decode=True))
    return b""
