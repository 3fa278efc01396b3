"""What people sent each other, for the page to show or to save."""

from urllib.parse import quote

from aiohttp import web

from sandbox.server import Sandbox

SIGNS = {b"\xff\xd8\xff": "image/jpeg", b"\x89PNG\r\n\x1a\n": "image/png", b"GIF8": "image/gif"}
SHOWN = {"image/jpeg", "image/png", "image/gif", "audio/ogg", "audio/mpeg", "video/mp4"}


def served(sandbox: Sandbox, network: str, id: str) -> web.Response:
    """A file that can do nothing in the page: shown if it is a picture, sound or film, saved otherwise."""
    found = find(sandbox, network, id)
    if found is None:
        return web.json_response({"error": "there is no such file"}, status=404)
    name, mime, content = found
    mime = next((kind for sign, kind in SIGNS.items() if content.startswith(sign)), mime)
    if mime.startswith("image/") and not content.startswith(tuple(SIGNS)):
        mime = "application/octet-stream"
    how = "inline" if mime in SHOWN else "attachment"
    headers = {
        "Content-Disposition": f"{how}; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Type": mime if mime in SHOWN else "application/octet-stream",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, max-age=3600",
    }
    return web.Response(body=content, headers=headers)


def find(sandbox: Sandbox, network: str, id: str) -> tuple[str, str, bytes] | None:
    if network == "telegram" and (kept := sandbox.telegram.state.files.find(id)) is not None:
        return kept.name, kept.mime, kept.content
    if network == "slack" and (file := sandbox.slack.space.files.get(id)) is not None and file.content is not None:
        return file.name, file.mimetype, file.content
    return None
