"""`understand`: what is understood of lines somebody types, as the chat understands them."""

import sys
from datetime import datetime
from typing import Annotated, Any
from zoneinfo import ZoneInfo

import msgspec
import typer

from bot.clock import Clock
from bot.commands.cli import Json, cli, show
from bot.faults import Mistake
from domain.areas import Intent, Urgency
from handlers.understanding.meaning import explained
from handlers.understanding.places import named
from handlers.understanding.readings import Meaning
from handlers.understanding.urgency import Danger, judged
from handlers.understanding.when import When, understood
from locales.phrasebook import LANGUAGES

NORMALLY = (Intent.PROBLEM, Intent.VISIT, Intent.BILLING, Intent.HUMAN, Intent.COMPLAINT)  # the others can wait


@cli.command()
def understand(
    lines: Annotated[
        list[str] | None, typer.Argument(help="Messages; none: one a line from the standard input.")
    ] = None,
    lang: Annotated[str | None, typer.Option(help="The language we speak with him; else the message's own.")] = None,
    now: Annotated[
        datetime | None, typer.Option("--from", help="As if written then, 2026-07-14T20:00, where the home is.")
    ] = None,
    zone: Annotated[str, typer.Option(help="The home's time zone.")] = "Europe/Paris",
    as_json: Json = False,
) -> None:
    """Say what is understood of messages: meaning, urgency, room, time, how sure, and which words say so."""
    if lang is not None and lang not in LANGUAGES:
        raise Mistake(f"--lang: “{lang}” is none of {', '.join(LANGUAGES)}.")
    try:
        here = now or Clock().now().astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    except (KeyError, ValueError):
        raise Mistake(f"--zone: “{zone}” is no time zone; write it like Europe/Paris.") from None
    for line in lines or (line.rstrip("\n") for line in sys.stdin):
        found = read(line, lang, here)
        if as_json:
            show(found)
        else:
            print(_told(found))


def read(line: str, lang: str | None, here: datetime) -> dict[str, Any]:
    """Everything that is understood of one message."""
    meaning = explained(line)
    language = lang or meaning.language
    danger, when = judged(line, language), understood(line, language, here)
    return {
        "text": line,
        "language": meaning.language,
        "intent": meaning.intent,
        "also": meaning.also,
        "area": meaning.area,
        "urgency": _urgency(meaning, danger),
        "danger": danger.kind,
        "room": named(line, language, meaning.area, ()).room,
        "when": _when(when),
        "confidence": round(meaning.confidence, 3),
        "decision": "alert" if danger.level is Urgency.EMERGENCY else meaning.decision,
        "guesses": [msgspec.to_builtins(guess) for guess in meaning.guesses],
        "because": [*meaning.because, *(line[start:end] for start, end in danger.because)],
    }


def _urgency(meaning: Meaning, danger: Danger) -> Urgency:
    if danger.level is not None:
        return danger.level
    return Urgency.NORMAL if meaning.intent in NORMALLY else Urgency.LOW


def _when(when: When) -> dict[str, Any] | None:
    """Wishes, two readings or refusals; nothing where no time is named."""
    told: dict[str, Any] = msgspec.to_builtins(when)
    kept = {name: told[name] for name in ("wishes", "readings", "never") if told[name]}
    return kept or None


def _told(found: dict[str, Any]) -> str:
    """One message as a person reads it."""
    what = " · ".join(str(found[name]) for name in ("intent", "area", "room", "urgency") if found[name])
    also = f" (also {found['also']})" if found["also"] else ""
    because = f", because of {', '.join(found['because'])}" if found["because"] else ""
    sure = f"{found['confidence']:.0%} sure: {found['decision']}"
    return f"{found['text']}\n  {found['language']} · {what}{also} · {sure}{because}"
