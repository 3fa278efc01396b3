"""Slack's door over the socket: row first, acknowledgement second."""

import asyncio
import random
from collections.abc import AsyncIterator

import pytest
from slack_ground import Inbox, action, command, event, letter, message, phrases, spoiled, submission, until, words

from bot.channels.slack import SlackCarrier
from bot.channels.slack_door import Door, app_id_in
from bot.channels.slack_reader import Unreadable, read
from bot.channels.slack_socket import Socket
from handlers.inbound import Edited, File, Filled, Media, Opened, Press, Reacted, Typed
from handlers.messages import Button, Channel, Document, Field, Form, FormErrors, Message
from sandbox.faults import Fault
from sandbox.server import Delays, Sandbox
from sandbox.slack import Person

pytestmark = pytest.mark.usefixtures("phrases")
assert phrases

SERVICE = Channel("C0SERVICE")


async def no_files(file: File) -> bytes:
    raise OSError(file.id)


async def no_papers(paper: Document, language: str) -> tuple[str, bytes]:
    raise OSError(paper.name)


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox(delays=Delays(redeliver_after=0.2, acknowledge=1.0, disconnect_grace=0.2)) as running:
        yield running


@pytest.fixture
def inbox() -> Inbox:
    return Inbox()


@pytest.fixture
def ana(sandbox: Sandbox) -> Person:
    ana = sandbox.slack.user("Ana Ruiz", id="U0ANA")
    sandbox.slack.channel("service", id="C0SERVICE", members=[ana])
    return ana


@pytest.fixture
def door(sandbox: Sandbox, inbox: Inbox) -> Door:
    return Door(
        token="xoxb-1",
        signing_secret=None,
        api=sandbox.slack.api_url,
        accept=inbox.accept,
        answer=inbox.answer,
        language="en",
        answer_within=0.4,
    )


@pytest.fixture
async def socket(sandbox: Sandbox, door: Door, ana: Person) -> AsyncIterator[Socket]:
    made = Socket(door.app, "xapp-1", sandbox.slack.api_url, rebuild_seconds=0.8, ping_seconds=0.2)
    await made.start()
    await sandbox.slack.until_connected()
    yield made
    await made.stop()
    await door.drain()


@pytest.fixture
async def carrier(sandbox: Sandbox) -> AsyncIterator[SlackCarrier]:
    made = SlackCarrier("xoxb-1", sandbox.slack.api_url, telegram_files=no_files, papers=no_papers)
    await made.start()
    yield made
    await made.stop()


async def test_all_ana_does_becomes_rows_in_order(
    sandbox: Sandbox, inbox: Inbox, socket: Socket, ana: Person, carrier: SlackCarrier
) -> None:
    card = Message(to=SERVICE, title="Water", buttons=((Button("Take it"), Button("Map", url="https://m.example")),))
    await carrier.send(letter(card))
    post = await ana.sees("#service", "Water")
    pressed = await ana.presses("Take it", on=post)
    assert pressed.acknowledged
    reply = await ana.writes_in_thread(post, "on my way")
    await sandbox.slack.idle()
    await ana.edits(reply, "there in ten minutes")
    await sandbox.slack.idle()
    await ana.reacts(post, "eyes")
    await sandbox.slack.idle()
    await ana.uploads(post, "sink.jpg", b"\xff\xd8\xff", "look")
    await sandbox.slack.idle()
    await ana.commands("/satisfaction", "last month", channel="#service")
    await ana.opens_home()
    await sandbox.slack.idle()
    read_rows = [read(row.payload) for row in inbox.rows]
    assert [type(r) for r in read_rows] == [Press, Typed, Edited, Reacted, Media, Typed, Opened]
    press, typed, edited, reacted, media, asked, _ = read_rows
    assert isinstance(press, Press)
    assert (press.token, press.message, press.sender.user, press.sender.team) == ("k7.0", post.ts, "U0ANA", "T0AFTER01")
    assert press.trigger
    assert isinstance(typed, Typed)
    assert (typed.text, typed.reply_to, typed.place.thread) == ("on my way", post.ts, post.ts)
    assert isinstance(edited, Edited)
    assert (edited.text, edited.message, edited.place.thread) == ("there in ten minutes", reply.ts, post.ts)
    assert isinstance(reacted, Reacted)
    assert (reacted.name, reacted.message) == ("eyes", post.ts)
    assert isinstance(media, Media)
    assert (media.file.kind, media.file.name, media.caption) == ("photo", "sink.jpg", "look")
    assert isinstance(asked, Typed)
    assert (asked.command, asked.text) == ("satisfaction", "last month")
    assert {row.conversation for row in inbox.rows[:5]} == {f"slack:C0SERVICE:{post.ts}"}
    assert len({row.external_id for row in inbox.rows}) == len(inbox.rows)
    assert ana.trouble == []
    assert sandbox.recording.problems == []


async def test_what_was_not_written_down_is_not_acknowledged(
    sandbox: Sandbox, inbox: Inbox, socket: Socket, ana: Person, carrier: SlackCarrier
) -> None:
    inbox.broken = True
    await ana.writes("#service", "is anybody there?")
    await asyncio.wait_for(inbox.came.wait(), 5)
    assert inbox.rows == []
    with pytest.raises(AssertionError):
        await sandbox.slack.idle(0.1)
    await carrier.send(letter(Message(to=SERVICE, title="Water", buttons=((Button("Take it"),),))))
    await ana.sees("#service", "Water")
    assert not (await ana.presses("Take it")).acknowledged
    assert ana.trouble
    inbox.broken = False
    await sandbox.slack.idle(6)
    assert [r.text for row in inbox.rows if isinstance(r := read(row.payload), Typed)] == ["is anybody there?"]


async def test_while_slack_does_not_say_who_we_are_nothing_is_lost(
    sandbox: Sandbox, inbox: Inbox, socket: Socket, ana: Person
) -> None:
    sandbox.faults.add(Fault("status", "slack", "auth.test", error="ratelimited"))
    await ana.writes("#service", "is anybody there?")
    await sandbox.slack.idle(6)
    assert len(inbox.rows) == 1
    assert len(list(sandbox.recording.of("slack", "auth.test"))) == 2


async def test_the_same_event_twice_has_one_name(sandbox: Sandbox, inbox: Inbox, socket: Socket, ana: Person) -> None:
    await ana.writes("#service", "hello")
    await sandbox.slack.idle()
    assert await sandbox.slack.redeliver(times=2) == 2
    assert len(inbox.rows) == 3
    assert len({row.external_id for row in inbox.rows}) == 1


async def _opened(sandbox: Sandbox, inbox: Inbox, ana: Person, carrier: SlackCarrier) -> None:
    """Ana pressed a button that opens a form, and has it before her."""
    await carrier.send(letter(Message(to=SERVICE, title="Water", buttons=((Button("Note"),),))))
    await ana.sees("#service", "Water")
    await ana.presses("Note")
    press = read(inbox.rows[-1].payload)
    assert isinstance(press, Press)
    asked = Form(
        trigger=press.trigger or "",
        user="U0ANA",
        act="note",
        title=words("Note"),
        fields=(
            Field("note", words("Your note"), "lines"),
            Field("price", words("Price"), "number", optional=True),
            Field("who", words("Who"), "choice", options=(("ana", "Ana"), ("tom", "Tom"))),
        ),
        submit=words("Send"),
    )
    await carrier.send(letter(asked, keyboard="f9"))
    await ana.sees_modal("Your note")


async def test_ana_fills_in_a_form_is_told_what_is_wrong_and_sends_it_again(
    sandbox: Sandbox, inbox: Inbox, socket: Socket, ana: Person, carrier: SlackCarrier
) -> None:
    await _opened(sandbox, inbox, ana, carrier)
    inbox.errors = FormErrors(errors={"note": words("Too short")})
    assert await ana.fills({"Your note": "x", "Who": "Tom"}) == {"Your note": "Too short"}
    assert ana.modal is not None
    inbox.errors = None
    assert await ana.fills({"Your note": "call first", "Price": "12.5"}) == {}
    assert ana.modal is None
    first, second = (read(row.payload) for row in inbox.rows[-2:])
    assert isinstance(first, Filled)
    assert first.values == {"note": "x", "price": None, "who": "tom"}
    assert isinstance(second, Filled)
    assert (second.token, second.values) == ("f9", {"note": "call first", "price": "12.5", "who": "tom"})
    assert inbox.rows[-1].external_id != inbox.rows[-2].external_id
    assert sandbox.recording.problems == []


async def test_a_form_that_takes_long_is_closed_and_still_worked_on(
    sandbox: Sandbox, inbox: Inbox, socket: Socket, door: Door, ana: Person, carrier: SlackCarrier
) -> None:
    await _opened(sandbox, inbox, ana, carrier)
    inbox.thinks = 0.8
    assert await ana.fills({"Your note": "call first", "Who": "Tom"}) == {}
    assert ana.modal is None
    assert not inbox.filled.is_set()
    await door.drain()
    assert inbox.filled.is_set()


async def test_a_form_that_could_not_be_kept_stays_open(
    sandbox: Sandbox, inbox: Inbox, socket: Socket, ana: Person, carrier: SlackCarrier
) -> None:
    await _opened(sandbox, inbox, ana, carrier)
    inbox.broken = True
    await ana.fills({"Your note": "call first", "Who": "Tom"})
    assert ana.modal is not None
    assert ana.trouble


async def test_strangers_other_apps_and_our_own_echo_leave_no_row(
    sandbox: Sandbox, inbox: Inbox, socket: Socket, door: Door, ana: Person, carrier: SlackCarrier
) -> None:
    other = event(message(), team_id="T9")["body"]
    assert await sandbox.slack.inject(other)
    await carrier.send(letter(Message(to=SERVICE, title="Our own words")))
    await sandbox.slack.idle()
    assert inbox.rows == []
    knowing = Door(
        token="xoxb-1",
        signing_secret=None,
        api=sandbox.slack.api_url,
        accept=inbox.accept,
        answer=inbox.answer,
        language="en",
        app_id=app_id_in("xapp-1-A0AFTER01-5-abc"),
    )
    assert (await knowing.identity()).app == "A0AFTER01"
    one = Socket(knowing.app, "xapp-1", sandbox.slack.api_url)
    await socket.stop()
    await one.start()
    await sandbox.slack.until_connected()
    assert await sandbox.slack.inject(event(message(), team_id="T0AFTER01", api_app_id="A0OTHER")["body"])
    assert inbox.rows == []
    assert await sandbox.slack.inject(event(message(), team_id="T0AFTER01", api_app_id="A0AFTER01")["body"])
    assert len(inbox.rows) == 1
    await one.stop()


async def test_who_presses_in_a_shared_channel_names_his_own_workspace_and_is_read_as_a_visitor(
    sandbox: Sandbox, inbox: Inbox, socket: Socket
) -> None:
    theirs = {"team": {"id": "T9"}, "user": {"id": "U9", "name": "eve", "team_id": "T9"}}
    assert await sandbox.slack.inject(action({"type": "button", "value": "k"}, **theirs)["body"], "interactive")
    ours = {"team": {"id": "T0AFTER01"}, "user": {"id": "U1", "name": "ana", "team_id": "T0AFTER01"}}
    assert await sandbox.slack.inject(action({"type": "button", "value": "k"}, **ours)["body"], "interactive")
    heard_here = {"team_id": "T9", "authorizations": [{"team_id": "T0AFTER01"}]}
    assert await sandbox.slack.inject(event(message(ts="11.1", user_team="T9"), **heard_here)["body"])
    senders = [read(row.payload).sender for row in inbox.rows]  # type: ignore[union-attr]
    assert [(s.user, s.foreign) for s in senders] == [("U9", True), ("U1", False), ("U1", True)]
    elsewhere = {"team_id": "T0AFTER01", "authorizations": [{"team_id": "T9"}]}
    assert await sandbox.slack.inject(event(message(ts="12.1"), **elsewhere)["body"])
    assert len(inbox.rows) == 3


async def test_an_oauth_app_in_the_environment_changes_nothing(
    sandbox: Sandbox, inbox: Inbox, ana: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SLACK_CLIENT_ID", "1.2")
    monkeypatch.setenv("SLACK_CLIENT_SECRET", "secret")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-other")
    door = Door(
        token="xoxb-1",
        signing_secret=None,
        api=sandbox.slack.api_url,
        accept=inbox.accept,
        answer=inbox.answer,
        language="en",
    )
    socket = Socket(door.app, "xapp-1", sandbox.slack.api_url)
    await socket.start()
    await sandbox.slack.until_connected()
    await ana.writes("#service", "hello")
    await sandbox.slack.idle()
    assert len(inbox.rows) == 1
    await socket.stop()


async def test_spoiled_payloads_neither_stop_the_door_nor_the_reader(
    sandbox: Sandbox, inbox: Inbox, socket: Socket, ana: Person
) -> None:
    chance = random.Random(20260302)
    ours = {"team_id": "T0AFTER01"}
    samples = [
        (event(message(), **ours)["body"], "events_api"),
        (action({"type": "button", "value": "k"}, team={"id": "T0AFTER01"})["body"], "interactive"),
        (submission({"note": {"value": "a"}})["body"] | {"team": {"id": "T0AFTER01"}}, "interactive"),
        (command(**ours)["body"], "slash_commands"),
    ]
    sandbox.slack.host.delays.acknowledge = 0.15
    spoil = [(spoiled(body, chance), kind) for body, kind in (chance.choice(samples) for _ in range(200))]
    for start in range(0, len(spoil), 20):
        await asyncio.gather(*(sandbox.slack.inject(body, kind) for body, kind in spoil[start : start + 20]))  # type: ignore[arg-type]
    assert len(inbox.rows) > 50
    for row in inbox.rows:
        try:
            read(row.payload)
        except Unreadable:
            continue
    sandbox.slack.host.delays.acknowledge = 1.0
    before = len(inbox.rows)
    await ana.writes("#service", "still there?")
    await sandbox.slack.idle()
    assert len(inbox.rows) == before + 1


async def test_a_socket_that_was_cut_comes_back(sandbox: Sandbox, inbox: Inbox, socket: Socket, ana: Person) -> None:
    await until(lambda: socket.ready)
    await sandbox.slack.drop_socket()
    await ana.writes("#service", "are you there?")
    await until(lambda: inbox.rows, 10)
    await sandbox.slack.send_disconnect("refresh_requested")
    await ana.writes("#service", "and now?")
    await until(lambda: len({row.external_id for row in inbox.rows}) == 2, 10)


async def test_a_dead_address_does_not_keep_the_socket_dead(
    sandbox: Sandbox, door: Door, inbox: Inbox, ana: Person
) -> None:
    connections = []

    async def connected() -> None:
        connections.append(1)

    sandbox.slack.dead_address(1)
    socket = Socket(
        door.app, "xapp-1", sandbox.slack.api_url, rebuild_seconds=0.6, ping_seconds=0.1, connected=connected
    )
    await socket.start()
    assert not socket.ready
    await until(lambda: socket.ready, 10)
    await until(lambda: connections)
    await ana.writes("#service", "hello")
    await until(lambda: inbox.rows)
    await socket.stop()
    assert not socket.ready


async def test_the_program_starts_while_slack_is_away(door: Door) -> None:
    socket = Socket(door.app, "xapp-1", "http://127.0.0.1:9/api/", rebuild_seconds=0.3, ping_seconds=0.1)
    async with asyncio.timeout(1):
        await socket.start()
    await asyncio.sleep(0.5)
    assert not socket.ready
    async with asyncio.timeout(1):
        await socket.stop()


async def test_what_was_taken_is_acknowledged_before_the_socket_closes(
    sandbox: Sandbox, inbox: Inbox, door: Door, ana: Person
) -> None:
    socket = Socket(door.app, "xapp-1", sandbox.slack.api_url)
    await socket.start()
    await sandbox.slack.until_connected()
    inbox.slow = 0.3
    await ana.writes("#service", "one last thing")
    await asyncio.wait_for(inbox.came.wait(), 5)
    assert inbox.rows == []
    await socket.stop()
    assert len(inbox.rows) == 1
    await sandbox.slack.idle(0.5)
