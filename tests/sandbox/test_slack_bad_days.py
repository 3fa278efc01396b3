"""Slack on bad days: lost answers, lost events, sockets that die, acknowledgements that never come."""

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from slack_desk import CARD, QUICK, Desk, modal, on_http, on_socket
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.faults import Fault
from sandbox.server import Sandbox
from sandbox.slack import Person


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    async with Sandbox(clock_file=tmp_path / "clock", delays=replace(QUICK)) as running:
        running.slack.channel("service", id="C0SERVICE")
        yield running


@pytest.fixture
def ana(sandbox: Sandbox) -> Person:
    return sandbox.slack.user("Ana Ruiz", id="U0ANA")


@pytest.fixture
async def desk(sandbox: Sandbox) -> AsyncIterator[Desk]:
    async with on_socket(sandbox) as running:
        logging.getLogger("slack_bolt.AsyncApp").setLevel(logging.CRITICAL)
        yield running


@pytest.fixture
def client(sandbox: Sandbox) -> AsyncWebClient:
    return AsyncWebClient(token="xoxb-1", base_url=sandbox.slack.api_url, retry_handlers=[], timeout=1)


def said(sandbox: Sandbox) -> list[str]:
    return [p.text for p in sandbox.slack.posts("service")]


async def test_too_many_requests_for_one_channel(sandbox: Sandbox, client: AsyncWebClient) -> None:
    fault = Fault("status", "slack", "chat.postMessage", "C0SERVICE", status=429, retry_after=7)
    sandbox.faults.add(fault)
    with pytest.raises(SlackApiError) as caught:
        await client.chat_postMessage(channel="C0SERVICE", text="x")
    response = caught.value.response
    assert (response.status_code, response["error"], response.headers["Retry-After"]) == (429, "ratelimited", "7")
    await client.chat_postMessage(channel="C0SERVICE", text="x")
    assert fault.hits == 1


async def test_an_error_of_ones_choice(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.faults.add(Fault("status", "slack", "auth.test", error="account_inactive"))
    with pytest.raises(SlackApiError, match="account_inactive"):
        await client.auth_test()
    sandbox.faults.add(Fault("status", "slack", "auth.test", status=503))
    with pytest.raises(SlackApiError) as caught:
        await client.auth_test()
    assert caught.value.response.status_code == 503


@pytest.mark.parametrize(
    ("kind", "posted"), [("reset_before", 0), ("reset_after", 1), ("status_after", 1), ("hang", 0)]
)
async def test_an_answer_that_never_came(sandbox: Sandbox, client: AsyncWebClient, kind: Any, posted: int) -> None:
    sandbox.faults.add(Fault(kind, "slack", "chat.*", seconds=0.1))
    with pytest.raises((aiohttp.ClientError, SlackApiError)):
        await client.chat_postMessage(channel="C0SERVICE", text="x")
    assert len(said(sandbox)) == posted
    assert [c.fault for c in sandbox.recording.of("slack", "chat.postMessage")] == [kind]


async def test_a_slow_answer(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.faults.add(Fault("slow", "slack", "chat.*", seconds=0.05))
    assert (await client.chat_postMessage(channel="C0SERVICE", text="x"))["ok"]


async def test_slack_is_away_and_comes_back(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.faults.away("slack")
    for _ in range(2):
        with pytest.raises(aiohttp.ClientError):
            await client.auth_test()
    sandbox.faults.clear("slack")
    assert (await client.auth_test())["ok"]


async def test_an_unacknowledged_event_comes_again(sandbox: Sandbox, desk: Desk, ana: Person) -> None:
    await ana.joins("#service")
    await sandbox.slack.idle()
    desk.deaf = 1
    await ana.writes("#service", "hello")
    await sandbox.slack.idle()
    tries = [c for c in sandbox.recording.of("slack", "message") if c.fields["event"]["text"] == "hello"]
    assert [c.fault for c in tries] == ["timeout", None]
    assert len({c.fields["event_id"] for c in tries}) == 1


async def test_an_event_comes_again_although_it_was_acknowledged(sandbox: Sandbox, desk: Desk, ana: Person) -> None:
    await ana.writes("#service", "hello")
    await sandbox.slack.idle()
    assert await sandbox.slack.redeliver(times=2) == 2
    ids = [h["event_id"] for h in desk.heard if h["event"]["type"] == "message"]
    assert (len(ids), len(set(ids))) == (3, 1)


async def test_lost_events_are_found_by_asking(sandbox: Sandbox, desk: Desk, ana: Person) -> None:
    await ana.joins("#service")
    await sandbox.slack.idle()
    sandbox.slack.lose_events(1)
    await ana.writes("#service", "unheard")
    await ana.writes("#service", "heard")
    await sandbox.slack.idle()
    assert [m["text"] for m in desk.hears("message")] == ["heard"]
    found = await desk.client.conversations_history(channel="C0SERVICE")
    assert [m["text"] for m in found["messages"]] == ["heard", "unheard"]


async def test_ana_sees_trouble_when_nobody_acknowledges(sandbox: Sandbox, desk: Desk, ana: Person) -> None:
    await desk.client.chat_postMessage(channel="C0SERVICE", text="x", blocks=CARD)
    desk.deaf = 1
    assert not (await ana.presses("Take it")).acknowledged
    assert ana.trouble == ["We had some trouble connecting. Try again?"]
    desk.deaf = 1
    assert await ana.commands("/aftercare", "find", "#service") is None
    assert ana.trouble[-1] == '/aftercare failed with the error "operation_timeout"'


async def test_a_form_stays_open_when_sending_fails(sandbox: Sandbox, desk: Desk, ana: Person) -> None:
    await desk.client.chat_postMessage(channel="C0SERVICE", text="x", blocks=CARD)
    await ana.presses("Visit…")
    await ana.sees_modal("Visit")
    desk.deaf = 1
    assert list(await ana.fills({"Reason": "ok"})) == [""]
    assert ana.modal is not None
    assert await ana.submits() == {}


async def test_a_dropped_socket_is_opened_again(sandbox: Sandbox, desk: Desk, ana: Person) -> None:
    await sandbox.slack.drop_socket()
    assert not await ana.shortcut("note")
    await sandbox.slack.until_connected()
    await ana.writes("#service", "hello")
    await sandbox.slack.idle()
    assert [m["text"] for m in desk.hears("message")] == ["hello"]


@pytest.mark.parametrize("reason", ["warning", "refresh_requested", "link_disabled"])
async def test_a_socket_told_to_refresh_is_replaced(sandbox: Sandbox, desk: Desk, ana: Person, reason: Any) -> None:
    before = list(sandbox.slack.sockets.connections)
    await sandbox.slack.send_disconnect(reason)
    await sandbox.slack.until_connected()
    assert sandbox.slack.sockets.connections != before
    assert await ana.shortcut("note")


async def test_an_address_that_leads_nowhere(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sandbox.slack.dead_address()
    async with aiohttp.ClientSession() as session:
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect((await client.apps_connections_open(app_token="xapp-1"))["url"])
        alive = (await client.apps_connections_open(app_token="xapp-1"))["url"]
        async with session.ws_connect(alive) as ws:
            assert (await ws.receive_json())["num_connections"] == 1
        with pytest.raises(aiohttp.WSServerHandshakeError):  # an address is good once
            await session.ws_connect(alive)


async def test_two_connections_share_the_envelopes(sandbox: Sandbox, desk: Desk, ana: Person) -> None:
    async with on_socket(sandbox) as other:
        await sandbox.slack.until_connected(least=2)
        for n in range(24):
            await ana.writes("#service", str(n))
        await sandbox.slack.idle()
        assert len(desk.hears("message")) + len(other.hears("message")) == 24
        assert desk.hears("message")
        assert other.hears("message")


async def test_nonsense_can_be_sent(sandbox: Sandbox, desk: Desk) -> None:
    assert await sandbox.slack.inject({"type": "event_callback", "event": {"type": "unheard_of"}})
    await sandbox.slack.inject_raw("not json")
    assert sandbox.recording.problems == []


async def test_signed_http_repeats_what_was_not_taken(sandbox: Sandbox, ana: Person) -> None:
    async with on_http(sandbox) as desk:
        await ana.joins("#service")
        await sandbox.slack.idle()
        desk.deaf = 1
        await ana.writes("#service", "hello")
        await sandbox.slack.idle()
        tries = [c for c in sandbox.recording.of("slack", "message") if c.fields["event"]["text"] == "hello"]
        assert [c.fault for c in tries] == ["http_timeout", None]
        assert desk.retries[-1] == "1"


async def test_a_wrong_signature_is_not_taken(sandbox: Sandbox) -> None:
    async with on_http(sandbox):
        http = sandbox.slack.delivery.courier
        http.secret = "wrong"
        assert not await sandbox.slack.inject({"type": "event_callback", "event": {"type": "message"}})
        assert [c.status for c in sandbox.recording.of("slack", "injected")] == [401]


async def test_an_address_that_does_not_answer_the_challenge(sandbox: Sandbox) -> None:
    with pytest.raises(ValueError, match="did not answer the challenge"):
        await sandbox.slack.use_http(f"{sandbox.slack.api_url}api.test", "secret")


async def test_a_broken_next_step_is_trouble_for_the_person(sandbox: Sandbox, desk: Desk, ana: Person) -> None:
    @desk.app.view("broken")
    async def broken(ack: Any) -> None:
        await ack(response_action="push", view=modal("x" * 25))

    await desk.client.views_open(trigger_id=sandbox.slack.triggers.issue(ana.id), view=modal(callback_id="broken"))
    assert list(await ana.fills({"Reason": "ok"})) == [""]
    assert any("25 characters, at most 24" in p for p in sandbox.recording.problems)


async def test_an_application_may_refuse_repetition(sandbox: Sandbox, ana: Person) -> None:
    async def refuse(request: web.Request) -> web.Response:
        return web.Response(status=500, headers={"X-Slack-No-Retry": "1"})

    app = web.Application()
    app.router.add_post("/", refuse)
    async with TestServer(app) as server:
        await sandbox.slack.use_http(str(server.make_url("/")), "secret", verify=False)
        await ana.joins("#service")
        await sandbox.slack.idle()
        assert [c.status for c in sandbox.recording.of("slack", "member_joined_channel")] == [500]


async def test_who_goes_away_during_the_handshake_is_not_missed(
    sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13"
    for _ in range(5):
        host, _, path = sandbox.slack.sockets.address().removeprefix("ws://").partition("/")
        name, _, port = host.partition(":")
        _, writer = await asyncio.open_connection(name, int(port))
        shake = f"GET /{path} HTTP/1.1\r\nHost: {host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n{key}\r\n\r\n"
        writer.write(shake.encode())
        writer.transport.abort()
    await asyncio.sleep(0.2)
    assert sandbox.slack.sockets.connections == []
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.ERROR] == []
