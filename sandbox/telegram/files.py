"""Files in the local Telegram: what was uploaded, by whom ever, found again by its id or path."""

import hashlib
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sandbox.telegram.errors import ApiError, bad_request

SAMPLES = Path(__file__).parent.parent / "data"
PHOTO = (SAMPLES / "photo.jpg").read_bytes()
VOICE = (SAMPLES / "voice.ogg").read_bytes()
# the smallest thing that calls itself an MP4: a file type box and an empty media box
VIDEO = bytes.fromhex("00000018667479706d703432000000006d70343269736f6d000000086d646174")
DOWNLOAD_LIMIT = 20 * 1024 * 1024
UPLOAD_LIMIT = 50 * 1024 * 1024
PHOTO_LIMIT = 10 * 1024 * 1024
PICTURES = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF8", b"RIFF")
FOLDERS = {"photo": "photos", "voice": "voice", "video": "videos", "audio": "music", "document": "documents"}
SIZES = ((90, 68), (320, 240), (800, 600))  # a photo exists in several sizes, the largest last


@dataclass
class File:
    """One stored file; `unique_id` is the same for the same content, as on Telegram."""

    id: str
    unique_id: str
    kind: str
    content: bytes
    name: str
    mime: str
    path: str

    def described(self, **more: Any) -> dict[str, Any]:
        return {"file_id": self.id, "file_unique_id": self.unique_id, "file_size": len(self.content), **more}

    def media(self) -> Any:
        """This file as the part of a message that carries it."""
        if self.kind == "photo":
            return [self.size(width, height) for width, height in SIZES]
        if self.kind == "voice":
            return self.described(duration=1, mime_type=self.mime)
        if self.kind == "video":
            return self.described(width=640, height=480, duration=1, mime_type=self.mime, file_name=self.name)
        if self.kind == "audio":
            return self.described(duration=1, mime_type=self.mime, file_name=self.name)
        return self.described(file_name=self.name, mime_type=self.mime)

    def size(self, width: int, height: int) -> dict[str, Any]:
        suffix = "" if width == SIZES[-1][0] else f"-{width}"
        return {
            **self.described(width=width, height=height),
            "file_id": self.id + suffix,
            "file_unique_id": self.unique_id + suffix,
        }


class Files:
    """All files by id; every size of a photo leads to the same content."""

    def __init__(self) -> None:
        self.by_id: dict[str, File] = {}
        self.by_path: dict[str, File] = {}

    def add(self, kind: str, content: bytes, name: str, mime: str) -> File:
        number = len(self.by_id) + 1
        suffix = Path(name).suffix or ".bin"
        path = f"{FOLDERS.get(kind, 'documents')}/file_{number}{suffix}"
        unique = hashlib.sha256(kind.encode() + content).hexdigest()[:16]
        file = File(f"AgAC{secrets.token_hex(16)}", unique, kind, content, name, mime, path)
        self.by_id[file.id] = self.by_path[path] = file
        return file

    def find(self, file_id: str) -> File | None:
        for width, _ in SIZES[:-1]:
            file_id = file_id.removesuffix(f"-{width}")
        return self.by_id.get(file_id)

    def uploaded(self, kind: str, content: bytes, name: str, mime: str) -> File:
        """A file that the bot sends; raises ApiError when it is too large, empty or no picture."""
        if not content:
            raise bad_request("file must be non-empty")
        if len(content) > UPLOAD_LIMIT:
            raise ApiError(413, "Request Entity Too Large")
        if kind == "photo" and len(content) > PHOTO_LIMIT:
            raise bad_request("file is too big for a photo")
        if kind == "photo" and not content.startswith(PICTURES):
            raise bad_request("IMAGE_PROCESS_FAILED")
        return self.add(kind, content, name, mime)
