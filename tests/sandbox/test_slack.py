"""Ana and Tom work in Slack with an app that is the real slack-bolt, by Socket Mode and by signed HTTP."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from slack_desk import CARD, QUICK, Desk, modal, on_http, on_socket
from slack_sdk.errors import SlackApiError

from sandbox.server import Sandbox
from sandbox.slack import Person


@pytest.fixture
async def sandbox(tmp_path: Path) -> AsyncIterator[Sandbox]:
    async with Sandbox(clock_file=tmp_path / "clock", delays=replace(QUICK)) as running:
        running.slack.channel("service", id="C0SERVICE")
        yield running
        assert running.recording.problems == []


@pytest.fixture
async def ana(sandbox: Sandbox) -> Person:
    return sandbox.slack.user("Ana Ruiz", id="U0ANA")


@pytest.fixture
async def tom(sandbox: Sandbox) -> Person:
    return sandbox.slack.user("Tom Hill", id="U0TOM")


@pytest.fixture(params=["socket", "http"])
async def desk(sandbox: Sandbox, request: pytest.FixtureRequest) -> AsyncIterator[Desk]:
    async with (on_socket if request.param == "socket" else on_http)(sandbox) as running:
        yield running


async def card(desk: Desk) -> str:
    posted = await desk.client.chat_postMessage(channel="C0SERVICE", text="Leaking boiler", blocks=CARD)
    return posted["ts"]


async def test_ana_takes_a_card_and_tom_sees_who_took_it(desk: Desk, ana: Person, tom: Person) -> None:
    await card(desk)
    post = await ana.sees("#service", "Leaking boiler")
    assert post.buttons == ["Take it", "Decline", "Visit…", "Map", "Spam", "Merge"]
    assert "Marta <Rossi>, Via Roma" not in post.text  # bold keeps its stars
    assert "*Marta* <Rossi>, Via Roma" in post.text
    pressed = await ana.presses("Take it", on=post)
    assert pressed.acknowledged
    await tom.sees("#service", "Taken by <@U0ANA>")
    assert "Leaking boiler" in post.history[0]
    assert post.buttons == []


async def test_declining_answers_through_the_response_url(desk: Desk, ana: Person) -> None:
    await card(desk)
    await ana.sees("#service", "Leaking")
    await ana.presses("Decline")
    assert (await ana.sees("#service", "Declined")).buttons == []


async def test_a_button_with_an_address_leads_there(desk: Desk, ana: Person) -> None:
    await card(desk)
    assert (await ana.presses("Map")).url == "https://maps.example"
    await ana.presses("Merge")
    assert desk.heard[-1]["actions"][0]["selected_option"]["value"] == "merge"
    await ana.selects("Priority", "High")
    values = desk.heard[-1]["state"]["values"]
    assert [v["priority"]["selected_option"]["value"] for v in values.values()] == ["high"]
    with pytest.raises(AssertionError, match="no button 'Fly'"):
        await ana.presses("Fly")


async def test_ana_fills_in_a_visit(desk: Desk, sandbox: Sandbox, ana: Person, tom: Person) -> None:
    await card(desk)
    await ana.presses("Visit…")
    form = await ana.sees_modal("Visit")
    assert form.labels[:3] == ["Reason", "Who", "Day"]
    assert await ana.submits() == {"Reason": "Please complete this required field."}
    assert await ana.fills({"Reason": "x" * 41}) == {"Reason": "Must be at most 40 characters."}
    assert await ana.fills({"Reason": "bad", "Price": "1.5"}) == {"Price": "Must be a whole number."}
    assert await ana.fills({"Price": 80}) == {"Reason": "Say more"}
    refused = {"Photos": [("a.jpg", b"1"), ("b.JPG", b"2"), ("c.png", b"3")]}
    assert await ana.fills(refused) == {"Photos": "Choose at most 2 files."}
    assert await ana.fills({"Photos": ("a.pdf", b"1")}) == {"Photos": "a.pdf is not one of these: jpg, png."}
    large = ("a.jpg", bytes(10 * 1024 * 1024 + 1))
    assert await ana.fills({"Photos": large}) == {"Photos": "a.jpg is larger than 10 MB."}
    await ana.fills({"Photos": [("a.jpg", b"one"), ("b.JPG", b"two")]}, submit=False)
    assert ana.modal is not None
    assert ana.modal.values["Photos"] == ["a.jpg", "b.JPG"]
    everything = {"Reason": "ok", "Who": "Tom", "Day": date(2026, 11, 25), "Hour": "09:30", "Kind": "B"}
    more = {"Extras": ["X", "Y"], "Copy": ["Tom Hill", "Ana Ruiz"], "Home": "Via Roma 2"}
    assert await ana.fills(everything | more) == {}
    assert ana.modal is None
    state = {block: next(iter(v.values())) for block, v in desk.views[-1]["state"]["values"].items()}
    assert state["who"]["selected_option"]["value"] == "tom"
    assert (state["day"]["selected_date"], state["hour"]["selected_time"]) == ("2026-11-25", "09:30")
    assert state["kind"]["selected_option"]["value"] == "b"
    assert [o["value"] for o in state["extras"]["selected_options"]] == ["x", "y"]
    assert state["copy"]["selected_users"] == ["U0TOM", "U0ANA"]
    assert state["home"]["selected_option"]["text"]["text"] == "Via Roma 2"
    assert desk.views[-1]["private_metadata"] == "r1"
    assert [(f["name"], f["mimetype"], f["size"]) for f in state["photos"]["files"]] == [
        ("a.jpg", "image/jpeg", 3),
        ("b.JPG", "image/jpeg", 3),
    ]
    told = await desk.client.files_info(file=state["photos"]["files"][0]["id"])
    assert told["file"]["channels"] == [], "nobody else sees it yet"


async def test_modals_stack_change_and_close(desk: Desk, ana: Person) -> None:
    await card(desk)
    await ana.presses("Visit…")
    await ana.sees_modal("Visit")
    await ana.fills({"Reason": "change"})
    assert ana.modal is not None
    assert ana.modal.title == "Changed"
    assert ana.modal.values["Reason"] == "change"  # the block kept its id
    await ana.fills({"Reason": "next"})
    assert ana.modal.stack == ["Changed", "Step two"]
    await ana.closes()
    assert desk.heard[-1]["type"] == "view_closed"
    assert ana.modal.title == "Changed"
    await ana.fills({"Reason": "next"})
    await ana.fills({"Reason": "next"})
    assert len(ana.modal.stack) == 3
    await ana.fills({"Reason": "done"})
    assert ana.modal is None
    with pytest.raises(AssertionError, match="no modal open"):
        await ana.closes()


async def test_a_trigger_opens_one_modal_and_soon(desk: Desk, sandbox: Sandbox, ana: Person) -> None:
    await card(desk)
    await ana.presses("Visit…")
    await ana.sees_modal()
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        await desk.client.views_open(trigger_id=desk.triggers[0], view=modal())
    await ana.closes()
    sandbox.delays.trigger_lifetime = -1.0
    await ana.presses("Visit…")
    await asyncio.sleep(0.05)
    assert ana.modal is None
    sandbox.delays.trigger_lifetime = 3.0


async def test_views_update_asks_for_the_right_hash(desk: Desk, ana: Person) -> None:
    await card(desk)
    await ana.presses("Visit…")
    view = (await ana.sees_modal()).view
    with pytest.raises(SlackApiError, match="hash_conflict"):
        await desk.client.views_update(view_id=view.id, hash="0.0", view=modal("New"))
    await desk.client.views_update(view_id=view.id, hash=view.hash, view=modal("New", external_id="one"))
    assert await ana.sees_modal("New")
    with pytest.raises(SlackApiError, match="duplicate_external_id"):
        await desk.client.views_push(trigger_id=await fresh_trigger(desk, ana), view=modal(external_id="one"))


async def fresh_trigger(desk: Desk, person: Person) -> str:
    await person.shortcut("anything")
    return desk.heard[-1]["trigger_id"]


async def test_ana_commands_the_app(desk: Desk, ana: Person, tom: Person) -> None:
    said = await ana.commands("/aftercare", "find Marta", channel="#service")
    assert said is not None
    assert said.text == "Looking for find Marta"
    assert ana.ephemerals == [said]
    await tom.sees_nothing(0.05, "#service")
    assert await ana.commands("/aftercare", "later", channel="#service") is None
    await tom.sees("#service", "Here you are")


async def test_ana_makes_a_note_of_a_message(desk: Desk, ana: Person) -> None:
    await card(desk)
    assert await ana.message_shortcut("note", await ana.sees("#service", "boiler"))
    assert (await ana.sees_modal("Note")).submit == "Save"


async def test_ana_opens_the_home_tab(desk: Desk, ana: Person) -> None:
    assert await ana.opens_home() is None
    home = await ana.sees_home("Your day")
    await ana.presses("Go", on=home)
    assert desk.heard[-1]["view"]["type"] == "home"
    assert await ana.opens_home() is not None


async def test_people_talk_and_the_app_listens(desk: Desk, sandbox: Sandbox, ana: Person, tom: Person) -> None:
    asked = await ana.writes("#service", "Hey @Aftercare, 2 < 3 & https://x.org?")
    reply = await ana.sees("#service", "You called?", thread_of=asked)
    assert [p.text for p in asked.thread] == ["You called?"]
    own = await tom.writes_in_thread(reply, "me too", also_to_channel=True)
    await tom.reacts(asked, "eyes")
    assert asked.reactions == {"eyes": ["Tom Hill"]}
    await tom.unreacts(asked, "eyes")
    await ana.edits(asked, "Never mind")
    await tom.deletes(own)
    await tom.uploads(asked, "plan.txt", b"the plan", "look")
    await sandbox.slack.idle()
    first = next(m for m in desk.hears("message") if m["user"] == "U0ANA")
    assert first["text"] == "Hey <@U0AFTERBOT>, 2 &lt; 3 &amp; <https://x.org?>"
    assert {e["type"] for e in first["blocks"][0]["elements"][0]["elements"]} == {"text", "user", "link"}
    kinds = [(h["event"]["type"], h["event"].get("subtype")) for h in desk.heard if "event" in h]
    expected = ["thread_broadcast", "message_changed", "message_deleted", "file_share"]
    assert all(("message", subtype) in kinds for subtype in expected)
    assert {"app_mention", "reaction_added", "reaction_removed", "member_joined_channel"} <= {k for k, _ in kinds}
    assert desk.hears("message", "message_changed")[0]["message"]["text"] == "Never mind"
    told = [c.fields["event"] for c in sandbox.recording.of("slack", "message")]
    assert any(m.get("bot_id") for m in told)  # its own words come back to it, and Bolt skips them


async def test_a_direct_message_reaches_the_app(desk: Desk, sandbox: Sandbox, ana: Person) -> None:
    await ana.writes_to_bot("hello")
    await sandbox.slack.idle()
    assert desk.hears("message")[0]["channel_type"] == "im"
    opened = await desk.client.conversations_open(users="U0ANA")
    await desk.client.chat_postMessage(channel=opened["channel"]["id"], text="hi")
    await desk.client.chat_postMessage(channel="U0ANA", text="again")
    assert [p.text for p in ana.posts(opened["channel"]["id"])] == ["hello", "hi", "again"]


async def test_a_stranger_and_a_guest_are_recognisable(desk: Desk, sandbox: Sandbox, ana: Person) -> None:
    eve = sandbox.slack.user("Eve", id="U0EVE", team_id="T0OTHER")
    guest = sandbox.slack.user("Gus", id="U0GUS", is_guest=True)
    sandbox.slack.channel("shared", members=[eve, ana, guest])
    posted = await desk.client.chat_postMessage(channel="#shared", text="x", blocks=CARD)
    await eve.presses("Map")
    assert desk.heard[-1]["user"]["team_id"] == "T0OTHER"
    await eve.writes("#shared", "hello")
    await sandbox.slack.idle()
    assert next(h for h in desk.heard if h.get("event", {}).get("user") == "U0EVE")["is_ext_shared_channel"]
    assert (await desk.client.users_info(user="U0GUS"))["user"]["is_restricted"]
    assert posted["channel"] not in [c.id for c in [sandbox.slack.channel("service")]]
    with pytest.raises(AssertionError, match="knows no channel"):
        guest.posts("#service")


async def test_a_user_group_can_be_asked_for_and_tells_when_it_changes(
    desk: Desk, sandbox: Sandbox, ana: Person
) -> None:
    gus = sandbox.slack.user("Gus", id="U0GUS")
    sandbox.slack.group("S0DESK", [ana])
    told = await desk.app.client.usergroups_users_list(usergroup="S0DESK")
    assert told["users"] == [ana.id]
    sandbox.slack.group("S0DESK", [gus])
    await sandbox.slack.idle()
    (call,) = [c for c in sandbox.recording.of("slack", "subteam_members_changed") if c.direction == "out"]
    event = call.fields["event"]
    assert (event["subteam_id"], event["added_users"], event["removed_users"]) == ("S0DESK", [gus.id], [ana.id])
    assert sandbox.recording.problems == []
