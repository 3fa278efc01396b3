"""The feed: what came in and what it caused, for the operator's eyes. Served only where FEED_TOKEN is set."""

import hmac
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.addresses import FAST
from bot.inbox import inbox
from bot.outbox import outbox
from bot.units import Database
from domain.requests import Happening
from scheduling.timers import Timer

NEWEST = 60


def feed_route(database: Database, token: str) -> Route:
    """GET /feed, with the token as a bearer."""
    expected = f"Bearer {token}".encode()

    async def feed(request: Request) -> Response:
        given = request.headers.get("authorization", "").encode("latin-1")
        if not hmac.compare_digest(given, expected):
            return Response(status_code=401)
        return JSONResponse({"inbound": await database.read(newest)})

    return Route("/feed", feed)


def newest(session: Session) -> list[dict[str, Any]]:
    """The newest inbounds, each with its events, their timers, and the messages it caused."""
    rows = session.execute(select(inbox).order_by(inbox.c.id.desc()).limit(NEWEST)).all()
    ids = [row.id for row in rows]
    events: dict[int, list[Happening]] = {}
    for fact in session.scalars(select(Happening).where(Happening.inbox_id.in_(ids)).order_by(Happening.id)):
        events.setdefault(fact.inbox_id or 0, []).append(fact)
    subjects = {fact.subject for facts in events.values() for fact in facts}
    timers: dict[str, list[Timer]] = {}
    for timer in session.scalars(select(Timer).where(Timer.subject.in_(subjects)).order_by(Timer.due_at)):
        timers.setdefault(timer.subject, []).append(timer)
    messages: dict[int, list[Any]] = {}
    for message in session.execute(select(outbox).where(outbox.c.inbox_id.in_(ids)).order_by(outbox.c.id)):
        messages.setdefault(message.inbox_id, []).append(message)
    return [_shown(row, events.get(row.id, []), timers, messages.get(row.id, [])) for row in rows]


def _shown(row: Any, facts: list[Happening], timers: dict[str, list[Timer]], messages: list[Any]) -> dict[str, Any]:
    about = dict.fromkeys(fact.subject for fact in facts)
    return {
        "id": row.id,
        "at": row.received_at.isoformat(),
        "source": row.source,
        "kind": _kind(row),
        "state": row.state,
        "events": [{"name": f.name, "subject": f.subject, "facts": f.facts} for f in facts],
        "timers": [
            {"kind": t.kind, "subject": t.subject, "due_at": t.due_at.isoformat(), "state": t.state}
            for subject in about
            for t in timers.get(subject, [])
        ],
        "messages": [
            {
                "id": m.id,
                "network": m.network,
                "target": "at once" if m.target.startswith(FAST) else m.target,
                "about": m.about,
                "state": m.state,
                "key": _first_key(m.payload),
            }
            for m in messages
        ],
    }


def _kind(row: Any) -> str:
    """What it was, without saying what was in it."""
    payload = row.payload
    if row.source == "timer":
        return f"timer: {payload.get('kind', '')}"
    if row.source == "delivery":
        return "how a message went"
    if row.source == "slack":
        body = payload.get("body") or {}
        inner = (body.get("event") or {}).get("type") if isinstance(body, dict) else None
        return f"{payload.get('kind', '')}{': ' + inner if inner else ''}"
    return next((str(key) for key in payload if key not in ("update_id", "masked")), str(row.source))


def _first_key(payload: dict[str, Any]) -> str | None:
    """The key of the first phrase of a message: what it is, not what it says."""
    for part in (payload.get("title"), *payload.get("body", ()), payload.get("notice")):
        if isinstance(part, dict) and "key" in part:
            return str(part["key"])
    return None
