"""From an HTTP request to the fields of a call, whichever way they were sent."""

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from sandbox.recording import Call
from sandbox.telegram import spec
from sandbox.telegram.errors import bad_request

WORDS = {"true": True, "yes": True, "1": True, "false": False, "no": False, "0": False}


@dataclass
class Part:
    """A file as uploaded."""

    name: str
    content: bytes
    mime: str


@dataclass
class Asked:
    """The fields as sent (for the judge) and the files."""

    fields: dict[str, Any] = field(default_factory=dict)
    parts: dict[str, Part] = field(default_factory=dict)
    call: Call | None = None  # how it is recorded

    def wrong(self, words: str) -> None:
        """Complain about what only shows when it is done."""
        if self.call is not None:
            self.call.problems.append(words)


async def read(request: web.Request, method: str | None) -> Asked:
    """The fields of the query and the body, values decoded as the specification of `method` says."""
    asked = Asked()
    raw: dict[str, Any] = dict(request.query)
    if request.method == "POST":
        if request.content_type == "application/json":
            raw.update(await json_body(request))
        elif request.content_type.startswith("multipart/"):
            raw.update(await multipart(request, asked))
        else:
            raw.update({k: v for k, v in (await request.post()).items() if isinstance(v, str)})
    known = spec.fields_of("methods", method) if method else {}
    asked.fields.update({k: decoded(v, known[k]["types"]) if k in known else v for k, v in raw.items()})
    return asked


async def json_body(request: web.Request) -> dict[str, Any]:
    try:
        body = json.loads(await request.read() or b"{}")
    except ValueError:
        raise bad_request("can't parse JSON object") from None
    if not isinstance(body, dict):
        raise bad_request("JSON object expected")
    return body


async def multipart(request: web.Request, asked: Asked) -> dict[str, Any]:
    raw: dict[str, Any] = {}
    reader = await request.multipart()
    while (part := await reader.next()) is not None:
        # a nested multipart has no name; Telegram knows none
        name = getattr(part, "name", None)
        if name is None:
            continue
        content = bytes(await part.read())  # type: ignore[union-attr]
        filename = getattr(part, "filename", None)
        if filename is None:
            raw[name] = content.decode("utf-8", "replace")
        else:
            mime = part.headers.get("Content-Type", "application/octet-stream")
            asked.parts[name] = Part(filename, content, mime)
    for name in asked.parts:
        if name not in raw and not any(f"attach://{name}" in str(v) for v in raw.values()):
            raw[name] = f"attach://{name}"
    return raw


def decoded(value: Any, types: list[str]) -> Any:
    """A value of a form is a string; what it stands for depends on the type that the specification names."""
    if not isinstance(value, str):
        return value
    if "Integer" in types:
        return number(value, int)
    if "Float" in types:
        return number(value, float)
    if "Boolean" in types:
        return WORDS.get(value.lower(), value)
    if "String" in types or "InputFile" in types:
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def number(value: str, kind: type[int] | type[float]) -> Any:
    try:
        return kind(value)
    except ValueError:
        return value
