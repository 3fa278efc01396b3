"""What a caller of the person side asks for: fields and files, read with clear complaints."""

import base64
import binascii
import json
from dataclasses import dataclass, field
from typing import Any, TypeVar, overload

from aiohttp import BodyPartReader, web

Json = dict[str, Any]
T = TypeVar("T")
PLAIN = {"text/plain", "application/x-www-form-urlencoded"}  # what a foreign page could send without asking


class RefusedError(Exception):
    """The deed cannot be done; the words are for the caller."""

    def __init__(self, words: str, status: int = 400) -> None:
        super().__init__(words)
        self.status = status


@dataclass
class Upload:
    name: str
    content: bytes
    mime: str


@dataclass
class Asked:
    """The fields of a JSON body or of a form, and the files of a form."""

    fields: Json = field(default_factory=dict)
    files: list[Upload] = field(default_factory=list)

    def has(self, name: str) -> bool:
        return self.fields.get(name) not in (None, "")

    @overload
    def text(self, name: str) -> str: ...
    @overload
    def text(self, name: str, default: T) -> str | T: ...
    def text(self, name: str, default: Any = ...) -> Any:
        value = self.fields.get(name)
        if value is None and default is not ...:
            return default
        if not isinstance(value, str):
            raise RefusedError(f"{name!r} must be a text")
        return value

    @overload
    def number(self, name: str) -> int: ...
    @overload
    def number(self, name: str, default: T) -> int | T: ...
    def number(self, name: str, default: Any = ...) -> Any:
        """A whole number; fields of a form are texts and are read as numbers."""
        value: Any = self.fields.get(name)
        if value in (None, "") and default is not ...:
            return default
        try:
            return int(value)
        except (TypeError, ValueError):
            raise RefusedError(f"{name!r} must be a whole number") from None

    def real(self, name: str) -> float:
        try:
            return float(self.fields[name])
        except (KeyError, TypeError, ValueError):
            raise RefusedError(f"{name!r} must be a number") from None

    def flag(self, name: str, default: bool = False) -> bool:
        value = self.fields.get(name, default)
        return value in (True, "true", "1", "yes")

    def upload(self) -> Upload | None:
        """The file sent with a form, or in JSON as `content` (base64) or `words`, with `name` and `mime`."""
        if self.files:
            return self.files[0]
        name, mime = self.text("name", "file.txt"), self.text("mime", "application/octet-stream")
        if self.has("words"):
            return Upload(name, self.text("words").encode(), self.text("mime", "text/plain"))
        if not self.has("content"):
            return None
        try:
            return Upload(name, base64.b64decode(self.text("content"), validate=True), mime)
        except binascii.Error:
            raise RefusedError("'content' must be base64") from None


async def read(request: web.Request) -> Asked:
    """The body of a request (nothing, JSON or a multipart form), with what stands in the address."""
    given: Json = dict(request.query)
    if request.content_type.startswith("multipart/"):
        return await _form(request, given)
    body = await request.read()
    if not body:
        return Asked(given)
    if request.content_type in PLAIN and "Origin" in request.headers:
        raise RefusedError("send JSON, as application/json", 415)
    try:
        fields = json.loads(body)
    except ValueError:
        raise RefusedError("the body is no JSON") from None
    if not isinstance(fields, dict):
        raise RefusedError("the body must be a JSON object")
    return Asked({**given, **fields})


async def _form(request: web.Request, given: Json) -> Asked:
    asked = Asked(given)
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            continue
        content = bytes(await part.read(decode=True))
        if part.filename is None:
            asked.fields[part.name] = content.decode("utf-8", "replace")
        else:
            mime = part.headers.get("Content-Type", "application/octet-stream")
            asked.files.append(Upload(part.filename, content, mime))
    return asked
