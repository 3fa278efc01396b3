"""Letters on their way to a Slack that is sometimes unwell."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from slack_ground import letter, phrases, words
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.channels.carrier import NotSent, Sent, Unknown
from bot.channels.slack import SlackCarrier
from bot.channels.slack_files import FileUnavailableError
from bot.channels.slack_outcome import outcome as said_of
from handlers.inbound import File
from handlers.messages import (
    Answer,
    Attached,
    Button,
    Channel,
    Delete,
    Document,
    Edit,
    Field,
    Form,
    Homeowner,
    Message,
    React,
    Said,
    Teammate,
)
from sandbox.faults import Fault
from sandbox.server import Sandbox
from sandbox.slack import Person

pytestmark = pytest.mark.usefixtures("phrases")
assert phrases

PHOTO = Attached("telegram", File("photo", "tg1", "u1", size=4))
VISIT = Document("calendar", "visit.ics", {})
SERVICE = Channel("C0SERVICE")


async def from_telegram(file: File) -> bytes:
    if file.id == "gone":
        raise FileUnavailableError("gone")
    return b"\xff\xd8\xff" + file.id.encode()


async def drawn(paper: Document, language: str) -> tuple[str, bytes]:
    return paper.name, b"BEGIN:VCALENDAR"


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    async with Sandbox() as running:
        yield running


@pytest.fixture
def ana(sandbox: Sandbox) -> Person:
    ana = sandbox.slack.user("Ana Ruiz", id="U0ANA")
    sandbox.slack.channel("service", id="C0SERVICE", members=[ana])
    return ana


@pytest.fixture
async def carrier(sandbox: Sandbox, ana: Person) -> AsyncIterator[SlackCarrier]:
    made = SlackCarrier(
        "xoxb-1", sandbox.slack.api_url, telegram_files=from_telegram, papers=drawn, connect_timeout=0.5, timeout=0.7
    )
    await made.start()
    yield made
    await made.stop()
    assert sandbox.recording.problems == []


CARD = Message(to=SERVICE, title="Water under the sink", body=(Said("It drips"),), buttons=((Button("Take it"),),))


async def test_ana_sees_a_card_and_then_how_it_changed(carrier: SlackCarrier, ana: Person) -> None:
    sent = await carrier.send(letter(CARD))
    assert isinstance(sent, Sent)
    post = await ana.sees("#service", "It drips")
    assert sent.remote == post.ts
    assert post.buttons == ["Take it"]
    done = Message(to=SERVICE, title="Water under the sink", body=(words("Taken by Tom"),))
    assert await carrier.send(letter(done, remote=post.ts)) == Sent(post.ts)
    assert "Taken by Tom" in post.text
    assert post.buttons == []


async def test_an_answer_stands_in_the_thread_of_its_card(carrier: SlackCarrier, ana: Person) -> None:
    card = await carrier.send(letter(CARD))
    assert isinstance(card, Sent)
    await carrier.send(letter(Message(to=SERVICE, body=(words("On my way"),)), thread=card.remote))
    post = await ana.sees("#service", "It drips", anywhere=True)
    assert [reply.text for reply in post.thread] == ["On my way"]


async def test_a_card_that_was_deleted_is_posted_anew(sandbox: Sandbox, carrier: SlackCarrier, ana: Person) -> None:
    card = await carrier.send(letter(CARD))
    assert isinstance(card, Sent)
    await carrier.send(letter(Delete(to=SERVICE, remote=card.remote or "")))
    again = await carrier.send(letter(CARD, remote=card.remote))
    assert isinstance(again, Sent)
    assert again.remote not in (None, card.remote)
    assert [post.ts for post in sandbox.slack.posts("#service")] == [again.remote]
    assert await carrier.send(letter(Delete(to=SERVICE, remote="1.1"))) == Sent()


async def test_only_ana_sees_what_is_for_her(carrier: SlackCarrier, ana: Person) -> None:
    note = Message(to=Teammate("U0ANA", "C0SERVICE"), body=(words("Tom has it already"),))
    assert await carrier.send(letter(note)) == Sent()
    assert [post.text for post in ana.ephemerals] == ["Tom has it already"]
    direct = Message(to=Teammate("U0ANA"), body=(words("Good morning"),))
    sent = await carrier.send(letter(direct))
    assert isinstance(sent, Sent)
    assert sent.remote is not None
    assert sent.remote.startswith("D")
    post = await ana.sees(sent.remote.partition(":")[0], "Good morning", anywhere=True)
    assert sent.remote == f"{post.channel}:{post.ts}"
    assert await carrier.find(letter(direct)) == sent.remote
    later = Message(to=Teammate("U0ANA"), body=(words("Good evening"),))
    assert await carrier.send(letter(later, remote=sent.remote)) == sent
    assert post.text == "Good evening"
    assert await carrier.send(letter(Delete(to=Teammate("U0ANA"), remote=sent.remote))) == Sent()
    assert post.deleted


async def test_who_is_not_in_the_channel_is_told_in_private(
    sandbox: Sandbox, carrier: SlackCarrier, ana: Person
) -> None:
    sandbox.slack.user("Tom Baker", id="U0TOM")
    note = Message(to=Teammate("U0TOM", "C0SERVICE"), body=(words("Ana has it already"),))
    sent = await carrier.send(letter(note))
    assert isinstance(sent, Sent)
    assert sent.remote is not None
    assert sent.remote.startswith("D")


async def test_a_message_deleted_in_private_is_said_again_there(carrier: SlackCarrier, ana: Person) -> None:
    direct = Message(to=Teammate("U0ANA"), body=(words("Good morning"),))
    first = await carrier.send(letter(direct))
    assert isinstance(first, Sent)
    await carrier.send(letter(Delete(to=Teammate("U0ANA"), remote=first.remote or "")))
    second = await carrier.send(letter(direct, remote=first.remote))
    assert isinstance(second, Sent)
    assert (second.remote or "").partition(":")[0] == (first.remote or "").partition(":")[0]
    assert second != first


async def test_photos_come_under_the_words(sandbox: Sandbox, carrier: SlackCarrier, ana: Person) -> None:
    message = Message(to=SERVICE, title="Water", media=(PHOTO, VISIT))
    sent = await carrier.send(letter(message))
    post = await ana.sees("#service", "Water")
    assert sent == Sent(post.ts)
    [files] = [reply.files for reply in post.thread]
    assert [(f.name, f.content) for f in files] == [
        ("photo.jpg", b"\xff\xd8\xfftg1"),
        ("visit.ics", b"BEGIN:VCALENDAR"),
    ]
    back = await carrier.fetch(File("photo", files[0].id, files[0].id))
    assert back == files[0].content


async def test_a_photo_without_words_is_carried_too(sandbox: Sandbox, carrier: SlackCarrier, ana: Person) -> None:
    assert await carrier.send(letter(Message(to=SERVICE, media=(PHOTO,)))) == Sent()
    [post] = sandbox.slack.posts("#service")
    assert len(post.files) == 1
    nothing = await carrier.send(letter(Message(to=SERVICE)))
    assert isinstance(nothing, NotSent)
    assert nothing.permanent


async def test_a_photo_that_is_gone_is_told_and_the_words_are_not_repeated(
    sandbox: Sandbox, carrier: SlackCarrier, ana: Person
) -> None:
    lost = Attached("telegram", File("photo", "gone", "u2", name="sink.jpg"))
    sent = await carrier.send(letter(Message(to=SERVICE, title="Water", media=(PHOTO, lost))))
    assert isinstance(sent, Sent)
    post = await ana.sees("#service", "Water", thread_of=None, anywhere=True)
    assert [bool(reply.files) for reply in post.thread] == [True, False]
    assert "sink.jpg" in post.thread[1].text


async def test_photos_whose_answer_was_lost_are_not_shown_twice(
    sandbox: Sandbox, carrier: SlackCarrier, ana: Person
) -> None:
    sandbox.faults.add(Fault("reset_after", "slack", "files.completeUploadExternal"))
    await carrier.send(letter(Message(to=SERVICE, title="Water", media=(PHOTO,))))
    post = await ana.sees("#service", "Water", anywhere=True)
    assert len(post.thread) == 1


async def test_a_tick_is_put_on_once_and_taken_off_once(carrier: SlackCarrier, ana: Person) -> None:
    card = await carrier.send(letter(CARD))
    assert isinstance(card, Sent)
    post = await ana.sees("#service", "It drips")
    tick = React(to=SERVICE, remote=post.ts, name="white_check_mark")
    for _ in range(2):
        assert isinstance(await carrier.send(letter(tick)), Sent)
    assert list(post.reactions) == ["white_check_mark"]
    off = React(to=SERVICE, remote=post.ts, name="white_check_mark", added=False)
    for _ in range(2):
        assert isinstance(await carrier.send(letter(off)), Sent)
    assert post.reactions == {}


async def test_a_form_opens_once_and_never_with_an_old_trigger(carrier: SlackCarrier) -> None:
    asked = Form(
        trigger="1.2.expired",
        user="U0ANA",
        act="note",
        title=words("Note"),
        fields=(Field("note", words("Note")),),
        submit=words("Send"),
    )
    refused = await carrier.send(letter(asked))
    assert isinstance(refused, NotSent)
    assert refused.permanent
    assert not refused.gone
    assert isinstance(await carrier.send(letter(asked, keyboard=None)), NotSent)


async def test_what_slack_has_no_need_of_counts_as_done(carrier: SlackCarrier) -> None:
    assert await carrier.send(letter(Edit(to=SERVICE, remote="1.1"))) == Sent()
    assert await carrier.send(letter(Answer(query="q", chat="C1"))) == Sent()
    stray = await carrier.send(letter(Message(to=Homeowner("5"), title="Hello")))
    assert isinstance(stray, NotSent)
    assert stray.permanent


@pytest.mark.parametrize(
    ("status", "told"),
    [(403, NotSent("403")), (400, NotSent("400", permanent=True)), (414, NotSent("414", permanent=True))],
)
def test_what_something_on_the_way_refuses_is_tried_again_unless_it_cannot_be_read(status: int, told: NotSent) -> None:
    answer: Any = AsyncSlackResponse(
        client=None, http_verb="POST", api_url="", req_args={}, data={}, headers={}, status_code=status
    )
    assert said_of(SlackApiError("refused on the way", answer)) == told


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (Fault("reset_before", "slack", "chat.*"), Unknown),
        (Fault("reset_after", "slack", "chat.*"), Unknown),
        (Fault("hang", "slack", "chat.*", seconds=2), Unknown),
        (Fault("slow", "slack", "chat.*", seconds=1.5), Unknown),
        (Fault("status", "slack", "chat.*", status=500), Unknown),
        (Fault("status", "slack", "chat.*", status=502), Unknown),
        (Fault("status_after", "slack", "chat.*", status=503), Unknown),
        (Fault("status", "slack", "chat.*", status=504, error="invalid_blocks"), Unknown),
        (Fault("status", "slack", "chat.*", error="fatal_error"), Unknown),
        (Fault("status", "slack", "chat.*", status=429, retry_after=7), NotSent("ratelimited", retry_after=7.0)),
        (Fault("status", "slack", "chat.*", error="ratelimited"), NotSent("ratelimited", retry_after=1.0)),
        (Fault("status", "slack", "chat.*", error="invalid_blocks"), NotSent("invalid_blocks", permanent=True)),
        (Fault("status", "slack", "chat.*", error="invalid_auth"), NotSent("invalid_auth", permanent=True)),
        (Fault("status", "slack", "chat.*", error="token_revoked"), NotSent("token_revoked", permanent=True)),
        (
            Fault("status", "slack", "chat.*", error="account_inactive"),
            NotSent("account_inactive", permanent=True, gone=True),
        ),
    ],
    ids=lambda value: f"{value.kind} {value.status} {value.error}" if isinstance(value, Fault) else "",
)
async def test_a_bad_day_of_slack_has_a_known_outcome(
    sandbox: Sandbox, carrier: SlackCarrier, fault: Fault, outcome: type | NotSent
) -> None:
    sandbox.faults.add(fault)
    result = await carrier.send(letter(CARD))
    assert result == outcome if isinstance(outcome, NotSent) else isinstance(result, outcome)
    calls = [call for call in sandbox.recording.of("slack") if call.method.startswith("chat.")]
    assert len(calls) == 1


async def test_an_archived_or_unknown_channel_is_gone(sandbox: Sandbox, carrier: SlackCarrier) -> None:
    sandbox.slack.archives("#service")
    assert await carrier.send(letter(CARD)) == NotSent("is_archived", permanent=True, gone=True)
    nowhere = Message(to=Channel("C0NOWHERE"), title="Hello")
    assert await carrier.send(letter(nowhere)) == NotSent("channel_not_found", permanent=True, gone=True)


async def test_a_slack_that_cannot_be_reached_has_got_nothing(ana: Person) -> None:
    away = SlackCarrier("xoxb-1", "http://127.0.0.1:9/api/", telegram_files=from_telegram, papers=drawn)
    await away.start()
    result = await away.send(letter(CARD))
    assert isinstance(result, NotSent)
    assert not result.permanent
    with pytest.raises(ConnectionError):
        await away.find(letter(CARD))
    await away.stop()


@pytest.mark.parametrize("answer", [b"", b"<html>", b"[]", b'"ok"', b"\xff\xfe", b'{"ok": true}', b"null"])
async def test_an_answer_without_sense_leaves_the_outcome_open(answer: bytes) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(answer)}\r\n"
        writer.write(head.encode() + b"Connection: close\r\n\r\n" + answer)
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    odd = SlackCarrier("xoxb-1", f"http://127.0.0.1:{port}/api/", telegram_files=from_telegram, papers=drawn)
    await odd.start()
    assert isinstance(await odd.send(letter(CARD)), Unknown)
    await odd.stop()
    server.close()
    await server.wait_closed()


async def test_a_card_whose_answer_was_lost_is_found(sandbox: Sandbox, carrier: SlackCarrier, ana: Person) -> None:
    assert await carrier.find(letter(CARD)) is None
    sandbox.faults.add(Fault("reset_after", "slack", "chat.postMessage", times=2))
    assert isinstance(await carrier.send(letter(CARD)), Unknown)
    post = await ana.sees("#service", "It drips")
    assert await carrier.find(letter(CARD)) == post.ts
    reply = letter(Message(to=SERVICE, body=(words("On my way"),)), thread=post.ts, key="letter:2")
    assert isinstance(await carrier.send(reply), Unknown)
    assert await carrier.find(reply) == post.thread[0].ts
    assert await carrier.find(letter(CARD, key="letter:3")) is None


async def test_photos_that_did_not_follow_their_words_are_brought_when_these_are_found(
    carrier: SlackCarrier, ana: Person
) -> None:
    card = await carrier.send(letter(CARD))
    assert isinstance(card, Sent)
    for number, title in enumerate(("Water", "More water")):  # the second one stands below the first one's photos
        key = f"letter:1{number}"
        with_photos = Message(to=SERVICE, title=title, media=(PHOTO, VISIT))
        said = await carrier.send(letter(Message(to=SERVICE, title=title), thread=card.remote, key=key))
        assert isinstance(said, Sent)
        for _ in range(2):
            assert await carrier.find(letter(with_photos, thread=card.remote, key=key)) == said.remote
        post = await ana.sees("#service", "It drips", anywhere=True)
        assert sum(len(reply.files) for reply in post.thread) == 2 * (number + 1)
    alone = await carrier.send(letter(Message(to=SERVICE, title="Flood"), key="letter:20"))
    assert isinstance(alone, Sent)
    for _ in range(2):
        await carrier.find(letter(Message(to=SERVICE, title="Flood", media=(PHOTO,)), key="letter:20"))
    flood = await ana.sees("#service", "Flood", anywhere=True)
    assert sum(len(reply.files) for reply in flood.thread) == 1


async def test_photos_of_later_words_are_not_taken_for_those_that_are_missing(
    carrier: SlackCarrier, ana: Person
) -> None:
    card = await carrier.send(letter(CARD))
    assert isinstance(card, Sent)
    under = {"thread": card.remote}
    await carrier.send(letter(Message(to=SERVICE, title="First"), key="letter:30", **under))
    await carrier.send(letter(Message(to=SERVICE, title="Second", media=(PHOTO,)), key="letter:31", **under))
    assert await carrier.find(letter(Message(to=SERVICE, title="First", media=(VISIT,)), key="letter:30", **under))
    post = await ana.sees("#service", "It drips", anywhere=True)
    assert [file.name for reply in post.thread for file in reply.files] == ["photo.jpg", "visit.ics"]


async def test_a_question_slack_cannot_answer_is_not_taken_for_a_no(sandbox: Sandbox, carrier: SlackCarrier) -> None:
    for fault in (Fault("reset_before", "slack", times=2), Fault("status", "slack", status=429)):
        sandbox.faults.add(fault)  # a question may be asked twice by itself: it changes nothing
        with pytest.raises(ConnectionError):
            await carrier.find(letter(CARD))
    gone = Message(to=Channel("C0NOWHERE"), title="Hello")
    assert await carrier.find(letter(gone)) is None


async def test_a_file_that_is_too_large_or_elsewhere_is_not_fetched(
    sandbox: Sandbox, carrier: SlackCarrier, ana: Person
) -> None:
    post = await ana.uploads("#service", "plan.pdf", b"%PDF-1.7")
    [file] = post.files
    asked = File("document", file.id, file.id)
    assert await carrier.fetch(asked) == b"%PDF-1.7"
    file.size = 20 * 1024 * 1024 + 1
    with pytest.raises(FileUnavailableError):
        await carrier.fetch(asked)
    file.size = 8
    file.content = b"x" * (20 * 1024 * 1024 + 1)
    with pytest.raises(FileUnavailableError):
        await carrier.fetch(asked)
    file.content = b"%PDF-1.7"
    sandbox.faults.add(Fault("status", "slack", "download", status=404))
    with pytest.raises(FileUnavailableError):
        await carrier.fetch(asked)
