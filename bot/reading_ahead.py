"""What people type is understood before the transaction that answers it begins: a few milliseconds it need not hold."""

import asyncio
from collections.abc import Iterable

import structlog

from bot.channels.arrival import Accept, Arrival
from bot.readers import READERS
from handlers.inbound import Typed
from handlers.understanding.meaning import meant

log = structlog.get_logger("reading")


def understanding_first(accept: Accept) -> Accept:
    """The same, with the meaning of typed words at hand when their turn comes."""

    async def accepted(arrivals: list[Arrival]) -> None:
        await asyncio.to_thread(_read, arrivals)
        await accept(arrivals)

    return accepted


def _read(arrivals: Iterable[Arrival]) -> None:
    for arrival in arrivals:
        try:
            inbound = READERS[arrival.source](arrival.payload)
        except Exception:  # whoever takes it from the inbox says what is wrong with it
            log.debug("not read ahead", source=arrival.source)
            continue
        if isinstance(inbound, Typed) and inbound.command is None:
            meant(inbound.text)
