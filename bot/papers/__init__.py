"""Papers: values drawn as files, off the loop."""

import asyncio

from bot.papers.calendar import calendar_file
from handlers.messages import Document

DRAWN = {"calendar": calendar_file}


async def draw(document: Document, language: str) -> tuple[str, bytes]:
    """The file's name and its bytes, in the reader's language."""
    return document.name, await asyncio.to_thread(DRAWN[document.kind], document, language)
