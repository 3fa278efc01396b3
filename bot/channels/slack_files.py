"""Files to and from Slack."""

import io
import mimetypes
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.channels.slack_outcome import code
from handlers.inbound import File
from handlers.messages import Attached, Document

LARGEST = 20 * 1024 * 1024  # bytes: what a Telegram bot may fetch, and we bring no more the other way
PIECE = 64 * 1024


NO_MORE = {"file_not_found", "file_deleted", "file_not_visible"}


class FileUnavailableError(Exception):
    """The file cannot be had: gone, too large, or not where Slack keeps files. `permanent`: nor will it ever be."""

    def __init__(self, words: str, *, permanent: bool = True) -> None:
        super().__init__(words)
        self.permanent = permanent


@dataclass(frozen=True)
class Paper:
    """A file ready to be put up."""

    name: str
    content: bytes


def name_of(file: File) -> str:
    """The file's own name, or one by its kind."""
    if file.name:
        return file.name
    usual = {"photo": ".jpg", "voice": ".ogg", "video": ".mp4", "audio": ".mp3"}.get(file.kind, "")
    return file.kind + (mimetypes.guess_extension(file.mime or "") or usual)


def title_of(medium: Attached | Document) -> str:
    """What people call it."""
    return medium.name if isinstance(medium, Document) else name_of(medium.file)


async def put_up(client: AsyncWebClient, session: aiohttp.ClientSession, papers: Sequence[Paper]) -> list[str]:
    """Bring the bytes to Slack, where nobody sees them yet; the ids to `share`."""
    ids = []
    for paper in papers:
        place = await client.files_getUploadURLExternal(filename=paper.name, length=len(paper.content))
        async with session.post(str(place["upload_url"]), data=io.BytesIO(paper.content)) as answer:
            answer.raise_for_status()
        ids.append(str(place["file_id"]))
    return ids


async def share(
    client: AsyncWebClient, ids: Sequence[str], names: Sequence[str], channel: str, thread: str | None
) -> None:
    """Show files that are up, as one message. One whose answer is lost is looked up, and not shown twice."""
    files: list[dict[str, str | None]] = [{"id": i, "title": n} for i, n in zip(ids, names, strict=True)]
    try:
        await client.files_completeUploadExternal(files=files, channel_id=channel, thread_ts=thread)
    except (SlackApiError, aiohttp.ClientError, OSError):
        if not await _is_shared(client, ids[0]):
            raise


async def _is_shared(client: AsyncWebClient, id: str) -> bool:
    try:
        file = (await client.files_info(file=id)).get("file")
    except (SlackApiError, aiohttp.ClientError, OSError):
        return False
    return isinstance(file, dict) and any(file.get(key) for key in ("channels", "groups", "ims", "shares"))


async def download(client: AsyncWebClient, session: aiohttp.ClientSession, file: File) -> bytes:
    """The bytes of a file in Slack, asked for by its id; the size is looked at before and while reading."""
    try:
        told = (await client.files_info(file=file.id)).get("file")
    except SlackApiError as fault:
        if code(fault) in NO_MORE:
            raise FileUnavailableError(f"{file.id}: {code(fault)}") from fault
        raise
    if not isinstance(told, dict):
        raise FileUnavailableError(f"{file.id}: nothing known about it")
    size = told.get("size")
    if isinstance(size, int) and size > LARGEST:
        raise FileUnavailableError(f"{file.id}: {size} bytes are too many")
    address = str(told.get("url_private_download") or told.get("url_private") or "")
    if not _is_slack(address, client.base_url):
        raise FileUnavailableError(f"{file.id}: not kept by Slack")
    key = {"Authorization": f"Bearer {client.token}"}
    # without the right to read files Slack sends us to its sign-in page: that is no file
    async with session.get(address, headers=key, allow_redirects=False) as answer:
        if answer.status != 200:
            later = answer.status == 429 or answer.status >= 500
            raise FileUnavailableError(f"{file.id}: status {answer.status}", permanent=not later)
        return await _read(answer, file.id)


async def _read(answer: aiohttp.ClientResponse, id: str) -> bytes:
    content = bytearray()
    async for piece in answer.content.iter_chunked(PIECE):
        content += piece
        if len(content) > LARGEST:
            raise FileUnavailableError(f"{id}: too many bytes")
    return bytes(content)


def _is_slack(address: str, api: str) -> bool:
    """Whether our token may be shown there: Slack's own hosts, or the very one whose interface we use."""
    there, ours = urlsplit(address), urlsplit(api)
    if (there.scheme, there.netloc) == (ours.scheme, ours.netloc):
        return True
    host = there.hostname or ""
    return there.scheme == "https" and (host == "slack.com" or host.endswith(".slack.com"))
