"""Papers: values drawn as files, off the loop. Each renderer is loaded with the first paper it draws."""

import asyncio
import importlib

from handlers.messages import Document


async def draw(document: Document, language: str) -> tuple[str, bytes]:
    """The file's name and its bytes, in the reader's language."""
    return document.name, await asyncio.to_thread(_drawn, document, language)


def _drawn(document: Document, language: str) -> bytes:
    drawn: bytes = importlib.import_module(f"bot.papers.{document.kind}").draw(document, language)
    return drawn
