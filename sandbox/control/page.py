"""The page itself: a few files, served so that nothing but them can run."""

from collections.abc import Awaitable, Callable
from pathlib import Path

from aiohttp import web

FOLDER = Path(__file__).parent.parent / "page"
KINDS = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".json": "application/json"}
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "media-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-cache",
}


def giver(file: Path) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    content, headers = file.read_bytes(), {**HEADERS, "Content-Type": f"{KINDS[file.suffix]}; charset=utf-8"}

    async def give(_: web.Request) -> web.StreamResponse:
        return web.Response(body=content, headers=headers)

    return give


async def no_icon(_: web.Request) -> web.StreamResponse:
    return web.Response(status=204)


ROUTES = {
    "/": giver(FOLDER / "index.html"),
    **{f"/page/{file.name}": giver(file) for file in sorted(FOLDER.iterdir()) if file.suffix in KINDS},
    "/favicon.ico": no_icon,
}
