"""Files that a teammate puts into a form: looked at, kept until the second page is sent, and said by name."""

from collections.abc import Sequence
from typing import Any

import msgspec

from domain.notes import Direction, Words
from handlers.conversation import Talk
from handlers.inbound import File
from handlers.messages import Field, FormErrors
from handlers.refusals import FormRefused
from handlers.team.requests import filled
from locales.text import Listing, Text, t

MOST = 5
LARGEST_MB = 10  # what a form of Slack takes
LARGEST = LARGEST_MB * 1024 * 1024
PHOTOS = ("jpg", "jpeg", "png", "gif", "webp", "heic")
PAPERS = frozenset(
    {
        "application/pdf",
        "text/plain",
        "application/msword",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.ms-excel",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.oasis.opendocument.text",
        "application/vnd.oasis.opendocument.spreadsheet",
    }
)


def files_field(label: Text, *, photos: bool = False) -> Field:
    """Where files are put: for photos alone Slack helps to find them."""
    hint = t("files.hint.photos" if photos else "files.hint", most=MOST, megabytes=LARGEST_MB)
    return Field("files", label, "files", hint=hint, types=PHOTOS if photos else (), most=MOST, optional=True)


def attached(talk: Talk, *, photos: bool = False) -> tuple[File, ...]:
    """What was put in. Raises FormRefused: too many, too large, or something that nobody should open unasked."""
    given = filled(talk).get("files")
    found = tuple(msgspec.convert(one, File) for one in given) if isinstance(given, list) else ()
    if len(found) > MOST:
        raise FormRefused(FormErrors({"files": t("files.too_many", most=MOST)}))
    for file in found:
        if (file.size or 0) > LARGEST:
            raise FormRefused(FormErrors({"files": t("files.too_large", name=_name(file), megabytes=LARGEST_MB)}))
        if file.kind != "photo" and (photos or (file.kind == "document" and file.mime not in PAPERS)):
            wrong = t("files.no_photo" if photos else "files.not_these", name=_name(file))
            raise FormRefused(FormErrors({"files": wrong}))
    return found


def _name(file: File) -> str:
    return (file.name or file.id)[:100]


def named(files: Sequence[File]) -> tuple[Text, ...]:
    """What goes with the words, for the preview."""
    return (t("files.with_it", len(files), names=Listing(tuple(map(_name, files)), "plain")),) if files else ()


def packed(files: Sequence[File]) -> str:
    """As the second page carries them."""
    return msgspec.json.encode(files).decode()


def unpacked(talk: Talk) -> list[dict[str, Any]]:
    """The files of the first page, on the second."""
    found: list[dict[str, Any]] = msgspec.json.decode(str(talk.args.get("files", "[]")))
    return found


def with_files(author: str, words: str, files: list[dict[str, Any]]) -> Words:
    """Words for the homeowner, with what goes with them."""
    return Words(Direction.TO_HOMEOWNER, author, words, file=files[0] if files else None, more=tuple(files[1:]))
