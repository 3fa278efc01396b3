"""A small team's desk on the real slack-bolt: cards to take, a form, a command, a home tab."""

import asyncio
import contextlib
import logging
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.routing import Route

from sandbox.host import Delays
from sandbox.server import Sandbox

SECRET = "signed-by-the-sandbox"
QUICK = Delays(acknowledge=0.6, redeliver_after=0.05, disconnect_grace=0.1)


def words(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def button(label: str, action: str, **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": words(label), "action_id": action, **more}


def choice(label: str, value: str | None = None) -> dict[str, Any]:
    return {"text": words(label), "value": value or label.lower()}


def field(label: str, element: dict[str, Any], optional: bool = True) -> dict[str, Any]:
    block = {
        "type": "input",
        "block_id": label.lower(),
        "label": words(label),
        "element": {"action_id": label.lower()} | element,
    }
    return block | {"optional": optional}


PRIORITY = {"type": "static_select", "action_id": "priority", "placeholder": words("Priority")}
CARD = [
    {"type": "header", "text": words("Leaking boiler")},
    {"type": "section", "text": {"type": "mrkdwn", "text": "*Marta* &lt;Rossi&gt;, <https://x.org|Via Roma>"}},
    {
        "type": "actions",
        "elements": [
            button("Take it", "take", value="r1", style="primary"),
            button("Decline", "decline"),
            button("Visit…", "visit"),
            button("Map", "map", url="https://maps.example"),
            {"type": "overflow", "action_id": "more", "options": [choice("Spam"), choice("Merge")]},
            PRIORITY | {"options": [choice("Low"), choice("High")]},
        ],
    },
]


def modal(title: str = "Visit", **more: Any) -> dict[str, Any]:
    fields = [
        field("Reason", {"type": "plain_text_input", "max_length": 40}, False),
        field("Who", {"type": "static_select", "options": [choice("Ana"), choice("Tom")]}),
        field("Day", {"type": "datepicker"}),
        field("Hour", {"type": "timepicker"}),
        field("Price", {"type": "number_input", "is_decimal_allowed": False}),
        field("Kind", {"type": "radio_buttons", "options": [choice("A"), choice("B")]}, optional=True),
        field("Extras", {"type": "checkboxes", "options": [choice("X"), choice("Y")]}),
        field("Copy", {"type": "multi_users_select"}),
        field("Home", {"type": "external_select", "action_id": "homes", "min_query_length": 0}),
        field("Photos", {"type": "file_input", "filetypes": ["jpg", "png"], "max_files": 2}),
    ]
    view = {"type": "modal", "callback_id": "visit", "title": words(title), "submit": words("Save"), "blocks": fields}
    return view | {"private_metadata": "r1", "notify_on_close": True} | more


class Desk:
    """The app and what it has heard."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.client = AsyncWebClient(token="xoxb-1", base_url=sandbox.slack.api_url, retry_handlers=[])
        self.app = AsyncApp(client=self.client, signing_secret=SECRET)
        self.heard: list[dict[str, Any]] = []
        self.views: list[dict[str, Any]] = []
        self.triggers: list[str] = []
        self.retries: list[str | None] = []
        self.deaf = 0  # how many of the next things it leaves unacknowledged
        logging.getLogger("slack_bolt").setLevel(logging.CRITICAL)
        register(self)

    def hears(self, kind: str, subtype: str | None = None) -> list[dict[str, Any]]:
        events = [h["event"] for h in self.heard if h.get("type") == "event_callback"]
        return [e for e in events if e["type"] == kind and e.get("subtype") == subtype]


def register(desk: Desk) -> None:
    listens(desk)
    has_cards(desk.app, desk)
    has_a_form(desk.app, desk)
    can_be_called(desk.app)


def listens(desk: Desk) -> None:
    @desk.app.middleware
    async def listen(body: dict[str, Any], req: Any, next: Any) -> Any:
        desk.heard.append(body)
        desk.retries.append(req.headers.get("x-slack-retry-num", [None])[0])
        if desk.deaf > 0:
            desk.deaf -= 1
            await asyncio.sleep(1.0)
        return await next()


def has_cards(app: AsyncApp, desk: Desk) -> None:
    @app.action("take")
    async def take(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        taken = [{"type": "section", "text": {"type": "mrkdwn", "text": f"Taken by <@{body['user']['id']}>"}}]
        place = body["container"]
        await client.chat_update(channel=place["channel_id"], ts=place["message_ts"], text="Taken", blocks=taken)

    @app.action("decline")
    async def decline(ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="Declined", replace_original=True)

    @app.action("visit")
    async def visit(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        desk.triggers.append(body["trigger_id"])
        await client.views_open(trigger_id=body["trigger_id"], view=modal())


def has_a_form(app: AsyncApp, desk: Desk) -> None:
    @app.options("homes")
    async def homes(ack: Any, payload: dict[str, Any]) -> None:
        await ack(options=[choice(h) for h in ("Via Roma 1", "Via Roma 2", "Calle Sol") if payload["value"] in h])

    @app.view("visit")
    async def saved(ack: Any, view: dict[str, Any], body: dict[str, Any]) -> None:
        desk.views.append(view)
        reason = view["state"]["values"]["reason"]["reason"]["value"]
        match reason:
            case "bad":
                await ack(response_action="errors", errors={"reason": "Say more"})
            case "next":
                await ack(response_action="push", view=modal("Step two"))
            case "change":
                await ack(response_action="update", view=modal("Changed"))
            case "done":
                await ack(response_action="clear")
            case _:
                await ack()

    @app.view_closed("visit")
    async def closed(ack: Any) -> None:
        await ack()


def can_be_called(app: AsyncApp) -> None:
    @app.event("app_mention")
    async def mention(event: dict[str, Any], say: Any) -> None:
        await say(text="You called?", thread_ts=event["ts"])

    @app.event("app_home_opened")
    async def home(event: dict[str, Any], client: AsyncWebClient) -> None:
        blocks = [{"type": "header", "text": words("Your day")}, {"type": "actions", "elements": [button("Go", "go")]}]
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})

    @app.command("/aftercare")
    async def command(ack: Any, respond: Any, command: dict[str, Any]) -> None:
        if command["text"] == "later":
            await ack()
            await respond(text="Here you are", response_type="in_channel")
        else:
            await ack(f"Looking for {command['text']}")

    @app.shortcut("note")
    async def note(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=modal("Note"))

    @app.action({"type": "block_actions"})
    async def anything(ack: Any) -> None:
        await ack()

    @app.event(re.compile(".*"))
    async def anything_else() -> None:
        """Heard by the middleware."""


@asynccontextmanager
async def on_socket(sandbox: Sandbox) -> AsyncIterator[Desk]:
    """The desk, connected by Socket Mode."""
    desk = Desk(sandbox)
    handler = AsyncSocketModeHandler(desk.app, "xapp-1", ping_interval=0.5)
    await handler.connect_async()
    await sandbox.slack.until_connected()
    try:
        yield desk
    finally:
        await handler.close_async()


@asynccontextmanager
async def on_http(sandbox: Sandbox) -> AsyncIterator[Desk]:
    """The desk behind Bolt's Starlette adapter, on a real port, told to Slack as its request address."""
    desk = Desk(sandbox)
    web = Starlette(routes=[Route("/slack", AsyncSlackRequestHandler(desk.app).handle, methods=["POST"])])
    server = uvicorn.Server(uvicorn.Config(web, port=0, log_level="critical", lifespan="off", ws="none"))
    server.capture_signals = contextlib.nullcontext  # type: ignore[method-assign]
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 (uvicorn offers nothing to wait for)
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    await sandbox.slack.use_http(f"http://127.0.0.1:{port}/slack", SECRET)
    try:
        yield desk
    finally:
        await sandbox.slack.use_socket()
        server.should_exit = True
        await running
