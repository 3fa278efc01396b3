"""The real slack-sdk calls the sandbox's Web API: answers, refusals, pages and files are Slack's."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_desk import CARD, QUICK, modal, words
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.server import Sandbox
from sandbox.slack import Person


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    async with Sandbox(clock_file=tmp_path / "clock", delays=replace(QUICK)) as running:
        running.slack.channel("service", id="C0SERVICE")
        yield running


@pytest.fixture
def ana(sandbox: Sandbox) -> Person:
    return sandbox.slack.user("Ana Ruiz", id="U0ANA", email="ana@x.org")


@pytest.fixture
def client(sandbox: Sandbox) -> AsyncWebClient:
    return AsyncWebClient(token="xoxb-1", base_url=sandbox.slack.api_url, retry_handlers=[])


async def says(ts_channel: Any, error: str) -> Any:
    with pytest.raises(SlackApiError) as caught:
        await ts_channel
    assert caught.value.response["error"] == error
    return caught.value.response


async def test_the_app_learns_who_it_is(client: AsyncWebClient, sandbox: Sandbox) -> None:
    assert (await client.auth_test())["user_id"] == sandbox.slack.space.bot.id
    assert (await client.api_test(foo="bar"))["args"] == {"foo": "bar"}
    assert (await client.apps_connections_open(app_token="xapp-1"))["url"].startswith("ws://127.0.0.1:")


async def test_a_wrong_token_is_refused(client: AsyncWebClient, sandbox: Sandbox) -> None:
    await says(AsyncWebClient(base_url=client.base_url, retry_handlers=[]).auth_test(), "not_authed")
    await says(AsyncWebClient("nonsense", base_url=client.base_url, retry_handlers=[]).auth_test(), "invalid_auth")
    await says(client.apps_connections_open(app_token="xoxb-1"), "not_allowed_token_type")
    sandbox.slack.web_api.bot_token = "xoxb-other"
    await says(client.auth_test(), "invalid_auth")


async def test_form_json_and_multipart_say_the_same(sandbox: Sandbox, client: AsyncWebClient) -> None:
    sent = {"channel": "C0SERVICE", "text": "hi", "blocks": json.dumps([{"type": "divider"}])}
    multipart = aiohttp.FormData({**sent, "token": "xoxb-1"}, default_to_multipart=True)
    async with aiohttp.ClientSession() as session:
        for data in ({**sent, "token": "xoxb-1"}, multipart):
            async with session.post(f"{sandbox.slack.api_url}chat.postMessage", data=data) as answer:
                assert (await answer.json())["ok"]
        async with session.post(
            f"{sandbox.slack.api_url}chat.postMessage", data="{", headers={"Content-Type": "application/json"}
        ) as answer:
            assert (await answer.json())["error"] == "invalid_json"
    await client.chat_postMessage(**sent)
    assert [p.blocks[0]["type"] for p in sandbox.slack.posts("service")] == ["divider"] * 3
    assert sandbox.recording.problems == []


async def test_places_where_the_app_may_not_write(sandbox: Sandbox, client: AsyncWebClient) -> None:
    slack = sandbox.slack
    slack.channel("away", bot=False)
    slack.channel("secret", private=True, bot=False)
    slack.channel("old")
    slack.archives("old")
    await says(client.chat_postMessage(channel="#away", text="x"), "not_in_channel")
    await says(client.chat_postMessage(channel="#secret", text="x"), "channel_not_found")
    await says(client.chat_postMessage(channel="#old", text="x"), "is_archived")
    await says(client.chat_postMessage(channel="C404", text="x"), "channel_not_found")
    away = slack.channel("away").id
    await client.conversations_join(channel=away)
    await client.chat_postMessage(channel=away, text="x")
    slack.removes_bot("away")
    await says(client.conversations_history(channel=away), "not_in_channel")


async def test_words_too_long_or_missing(client: AsyncWebClient) -> None:
    await says(client.api_call("chat.postMessage", json={"channel": "C0SERVICE"}), "no_text")
    await says(client.chat_postMessage(channel="C0SERVICE", text="x" * 40_001), "msg_too_long")
    long = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 2900}}] * 5
    await says(client.chat_postMessage(channel="C0SERVICE", text="x", blocks=long), "msg_blocks_too_long")
    broken = await says(
        client.chat_postMessage(channel="C0SERVICE", text="x", blocks=[{"type": "no"}]), "invalid_blocks"
    )
    assert "'no' is not one of" in broken["response_metadata"]["messages"][0]
    await says(client.chat_postMessage(channel="C0SERVICE", text="x", blocks="[{"), "invalid_blocks_format")
    await says(client.chat_postMessage(channel="C0SERVICE", text="x", thread_ts="1.000001"), "thread_not_found")
    await says(client.api_call("chat.sing"), "unknown_method")


async def test_a_message_is_changed_and_deleted_by_its_author_only(
    sandbox: Sandbox, client: AsyncWebClient, ana: Person
) -> None:
    hers = await ana.writes("#service", "mine")
    await says(client.chat_update(channel="C0SERVICE", ts=hers.ts, text="yours"), "cant_update_message")
    await says(client.chat_delete(channel="C0SERVICE", ts=hers.ts), "cant_delete_message")
    await says(client.chat_update(channel="C0SERVICE", ts="1.0", text="x"), "message_not_found")
    about = {"event_type": "outbox", "event_payload": {"id": "m1"}}
    sent = await client.chat_postMessage(channel="C0SERVICE", text="a", blocks=CARD, metadata=about)
    await client.chat_update(channel="C0SERVICE", ts=sent["ts"], text="b")
    post = await ana.sees("#service", "b")
    assert (post.blocks, post.metadata) == ([], about)
    link = await client.chat_getPermalink(channel="C0SERVICE", message_ts=sent["ts"])
    assert link["permalink"].endswith(sent["ts"].replace(".", ""))
    await client.chat_delete(channel="C0SERVICE", ts=sent["ts"])
    assert post.deleted
    assert [p.text for p in sandbox.slack.posts("service")] == ["mine"]
    with pytest.raises(AssertionError, match="cannot change"):
        await ana.edits(post, "x")


async def test_history_and_replies_come_page_by_page(sandbox: Sandbox, client: AsyncWebClient) -> None:
    about = {"event_type": "outbox", "event_payload": {"id": "m1"}}
    sent = [await client.chat_postMessage(channel="C0SERVICE", text=str(n), metadata=about) for n in range(5)]
    stamps = [s["ts"] for s in sent]
    assert stamps == sorted(set(stamps))
    for n in range(3):
        await client.chat_postMessage(channel="C0SERVICE", text=f"r{n}", thread_ts=stamps[0], metadata=about)
    found = [
        m["text"]
        async for page in await client.conversations_history(channel="C0SERVICE", limit=2)
        for m in page["messages"]
    ]
    assert found == ["4", "3", "2", "1", "0"]
    first = await client.conversations_replies(channel="C0SERVICE", ts=stamps[0], limit=3, include_all_metadata=True)
    assert (first["has_more"], first["messages"][0]["reply_count"]) == (True, 3)
    assert first["messages"][1]["metadata"] == about
    plain = await client.conversations_replies(channel="C0SERVICE", ts=stamps[0])
    assert "metadata" not in plain["messages"][1]
    newer = await client.conversations_history(channel="C0SERVICE", oldest=stamps[2], inclusive=True)
    assert len(newer["messages"]) == 3
    await says(client.conversations_history(channel="C0SERVICE", cursor="nonsense"), "invalid_cursor")
    await says(client.conversations_replies(channel="C0SERVICE", ts="1.0"), "thread_not_found")
    assert sandbox.recording.problems == []


async def test_channels_and_people_are_found(sandbox: Sandbox, client: AsyncWebClient, ana: Person) -> None:
    made = (await client.conversations_create(name="storm-42", is_private=True))["channel"]
    await says(client.conversations_create(name="storm-42"), "name_taken")
    await says(client.conversations_create(name="Storm 42"), "invalid_name_specials")
    await client.conversations_invite(channel=made["id"], users="U0ANA")
    await says(client.conversations_invite(channel=made["id"], users="U0ANA"), "already_in_channel")
    await says(client.conversations_invite(channel=made["id"], users="U404"), "user_not_found")
    await client.conversations_setTopic(channel=made["id"], topic="Storm")
    names = [c["name"] for c in (await client.conversations_list(types="public_channel,private_channel"))["channels"]]
    assert names == ["service", "storm-42"]
    assert (await client.conversations_info(channel=made["id"]))["channel"]["topic"]["value"] == "Storm"
    assert "U0ANA" in (await client.conversations_members(channel=made["id"]))["members"]
    hers = await client.users_conversations(user="U0ANA", types="private_channel")
    assert [c["id"] for c in hers["channels"]] == [made["id"]]
    assert (await client.users_lookupByEmail(email="ANA@x.org"))["user"]["id"] == "U0ANA"
    await says(client.users_lookupByEmail(email="no@x.org"), "users_not_found")
    await says(client.users_info(user="U404"), "user_not_found")
    assert len((await client.users_list(limit=1))["members"]) == 1
    assert sandbox.recording.problems == []


async def test_reactions_pins_and_bookmarks(sandbox: Sandbox, client: AsyncWebClient, ana: Person) -> None:
    ts = (await client.chat_postMessage(channel="C0SERVICE", text="x"))["ts"]
    await client.reactions_add(channel="C0SERVICE", timestamp=ts, name="eyes")
    await says(client.reactions_add(channel="C0SERVICE", timestamp=ts, name="eyes"), "already_reacted")
    assert (await ana.sees("#service")).reactions == {"eyes": ["Aftercare"]}
    got = await client.reactions_get(channel="C0SERVICE", timestamp=ts)
    assert got["message"]["reactions"][0]["count"] == 1
    await client.reactions_remove(channel="C0SERVICE", timestamp=ts, name="eyes")
    await says(client.reactions_remove(channel="C0SERVICE", timestamp=ts, name="eyes"), "no_reaction")
    await client.pins_add(channel="C0SERVICE", timestamp=ts)
    await says(client.pins_add(channel="C0SERVICE", timestamp=ts), "already_pinned")
    await client.bookmarks_add(channel_id="C0SERVICE", title="Rota", type="link", link="https://x.org")
    assert sandbox.slack.channel("service").bookmarks[0]["title"] == "Rota"
    assert sandbox.recording.problems == []


async def test_ana_is_told_something_alone(client: AsyncWebClient, sandbox: Sandbox, ana: Person) -> None:
    sandbox.slack.channel("team", members=[ana])
    await client.chat_postEphemeral(channel="#team", user="U0ANA", text="psst")
    assert (await ana.sees("#team", "psst")).ephemeral
    await says(client.chat_postEphemeral(channel="C0SERVICE", user="U0ANA", text="psst"), "user_not_in_channel")


async def test_files_go_up_and_come_down(sandbox: Sandbox, client: AsyncWebClient, ana: Person) -> None:
    ts = (await client.chat_postMessage(channel="C0SERVICE", text="x"))["ts"]
    up = await client.files_upload_v2(
        channel="C0SERVICE",
        thread_ts=ts,
        filename="plan.pdf",
        content=b"%PDF-1",
        title="The plan",
        initial_comment="see",
    )
    post = await ana.sees("#service", "The plan", thread_of=sandbox.slack.posts("service")[0])
    assert (post.files[0].content, post.files[0].mimetype) == (b"%PDF-1", "application/pdf")
    known = (await client.files_info(file=up["file"]["id"]))["file"]
    await says(client.files_info(file="F404"), "file_not_found")
    async with aiohttp.ClientSession() as session:
        async with session.get(known["url_private"], headers={"Authorization": "Bearer xoxb-1"}) as answer:
            assert await answer.read() == b"%PDF-1"
        async with session.get(known["url_private"]) as answer:
            assert (answer.status, answer.content_type) == (200, "text/html")  # the login page
    hers = await ana.uploads(post, "photo.jpg", b"\xff\xd8", "look")
    assert hers.message.thread_ts == ts
    assert sandbox.recording.problems == []


async def test_a_response_url_is_good_five_times_for_half_an_hour(sandbox: Sandbox, ana: Person) -> None:
    slack = sandbox.slack
    async with aiohttp.ClientSession() as session:
        first = slack.triggers.response_url(ana.id, "C0SERVICE")
        for _ in range(5):
            assert (await session.post(first, json={"text": "hi"})).status == 200
        assert (await session.post(first, json={"text": "hi"})).status == 404
        second = slack.triggers.response_url(ana.id, "C0SERVICE")
        sandbox.clock.move(timedelta(minutes=31))
        answer = await session.post(second, json={"text": "hi"})
        assert await answer.json() == {"ok": False, "error": "expired_url"}
    assert [p.text for p in ana.ephemerals] == ["hi"] * 5
    assert float(slack.space.new_ts()) > sandbox.clock.now().timestamp() - 5


async def test_views_are_published_and_refused(sandbox: Sandbox, client: AsyncWebClient, ana: Person) -> None:
    home = {"type": "home", "blocks": [{"type": "header", "text": words("Hello")}]}
    await client.views_publish(user_id="U0ANA", view=home)
    assert (await ana.sees_home("Hello")).text.endswith("Hello")
    await says(client.views_open(trigger_id="1.2.3", view=modal()), "invalid_trigger_id")
    await says(client.views_update(view_id="V404", view=modal()), "not_found")
    refused = await says(client.views_open(trigger_id="1", view=modal("x" * 25)), "invalid_arguments")
    assert "25 characters, at most 24" in refused["response_metadata"]["messages"][0]
    await client.views_open(trigger_id=sandbox.slack.triggers.issue("U0ANA"), view=modal())
    for n in range(2):
        await client.views_push(trigger_id=sandbox.slack.triggers.issue("U0ANA"), view=modal(f"Step {n}"))
    trigger = sandbox.slack.triggers.issue("U0ANA")
    await says(client.views_push(trigger_id=trigger, view=modal("Too deep")), "push_limit_reached")
