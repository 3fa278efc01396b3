"""What people do in Telegram, as the desk hears of it; and what nobody in his right mind would send."""

import copy
import json
import random
from typing import Any

import pytest

from bot.channels.telegram_guard import arrival, guard
from bot.channels.telegram_reader import LARGEST_DOWNLOAD, Unreadable, conversation, external_id, read
from handlers.inbound import (
    Blocked,
    Checkout,
    Contact,
    Edited,
    File,
    Ignored,
    Joined,
    Location,
    Media,
    Paid,
    Place,
    Press,
    Sender,
    Typed,
)

Raw = dict[str, Any]
MARTA = {"id": 700, "is_bot": False, "first_name": "Marta", "last_name": "Rossi", "language_code": "it"}
BOT = {"id": 123, "is_bot": True, "first_name": "Aftercare", "username": "aftercare_bot"}
PRIVATE = {"id": 700, "type": "private", "first_name": "Marta"}
GROUP = {"id": -400, "type": "group", "title": "Family"}
CAME = {"sender": Sender("telegram", "700", "Marta Rossi", "it"), "place": Place("telegram", "700"), "message": "5"}
BILL = {"currency": "EUR", "total_amount": 11000, "invoice_payload": "secret"}
COMMAND = [{"type": "bot_command", "offset": 0, "length": 6}]


def message(kind: str = "message", /, *, chat: Raw = PRIVATE, by: Raw | None = MARTA, **content: Any) -> Raw:
    sender = {} if by is None else {"from": by}
    return {"update_id": 9, kind: {"message_id": 5, "date": 1_760_000_000, "chat": chat, **sender, **content}}


def size(number: int, edge: int, length: int | None) -> Raw:
    known = {} if length is None else {"file_size": length}
    return {"file_id": f"p{number}", "file_unique_id": f"u{number}", "width": edge, "height": edge, **known}


def medium(**more: Any) -> Raw:
    return {"file_id": "f", "file_unique_id": "u", "file_size": 11, **more}


def membership(before: str, after: str, chat: Raw = PRIVATE) -> Raw:
    def state(status: str) -> Raw:
        extra = {"until_date": 0} if status == "kicked" else {}
        if status == "administrator":
            rights = "manage_chat delete_messages manage_video_chats restrict_members promote_members change_info"
            rights += " invite_users post_stories edit_stories delete_stories"
            extra = {"can_be_edited": False, "is_anonymous": False, **{f"can_{r}": True for r in rights.split()}}
        return {"status": status, "user": BOT, **extra}

    change = {"chat": chat, "from": MARTA, "date": 1_760_000_000}
    return {
        "update_id": 9,
        "my_chat_member": {**change, "old_chat_member": state(before), "new_chat_member": state(after)},
    }


def press(**more: Any) -> Raw:
    ours = {"message_id": 5, "date": 1_760_000_000, "chat": PRIVATE, "from": BOT, "text": "Which one?"}
    query = {"id": "q1", "from": MARTA, "chat_instance": "c", "message": ours, "data": "tok.1", **more}
    return {"update_id": 9, "callback_query": {k: v for k, v in query.items() if v is not None}}


QUOTED = {"message_id": 4, "date": 1_760_000_000, "chat": PRIVATE, "from": BOT, "text": "Hello"}
DOCUMENT = medium(file_name="bill.pdf", mime_type="application/pdf")
FILM = {"width": 1, "height": 1, "duration": 3}
READINGS = [
    ("words", message(text="The blind is stuck"), Typed(**CAME, text="The blind is stuck")),
    (
        "words with a secret taken out",
        message(text="PIN ••••") | {"masked": True},
        Typed(**CAME, text="PIN ••••", masked=True),
    ),
    ("an answer to a message", message(text="Yes", reply_to_message=QUOTED), Typed(**CAME, text="Yes", reply_to="4")),
    ("a command", message(text="/start", entities=COMMAND), Typed(**CAME, text="", command="start")),
    (
        "a command with a payload",
        message(text="/Start@aftercare_bot  inv_1 ", entities=[{"type": "bot_command", "offset": 0, "length": 20}]),
        Typed(**CAME, text="inv_1", command="start"),
    ),
    (
        "a command later in the text is words",
        message(text="what is /start", entities=[{"type": "bot_command", "offset": 8, "length": 6}]),
        Typed(**CAME, text="what is /start"),
    ),
    ("a slash without a command", message(text="/ or \\"), Typed(**CAME, text="/ or \\")),
    (
        "a photo in its largest size",
        message(photo=[size(1, 90, 900), size(3, 1280, 90_000), size(2, 320, None)], caption="here"),
        Media(**CAME, file=File("photo", "p3", "u3", size=90_000), caption="here"),
    ),
    (
        "a photo in the largest size that can be fetched",
        message(photo=[size(1, 90, 900), size(2, 9000, LARGEST_DOWNLOAD + 1)]),
        Media(**CAME, file=File("photo", "p1", "u1", size=900)),
    ),
    (
        "one of an album",
        message(photo=[size(1, 90, 900)], media_group_id="77"),
        Media(**CAME, file=File("photo", "p1", "u1", size=900), album="77"),
    ),
    (
        "a voice message",
        message(voice=medium(duration=3, mime_type="audio/ogg")),
        Media(**CAME, file=File("voice", "f", "u", mime="audio/ogg", size=11)),
    ),
    (
        "a document",
        message(document=DOCUMENT),
        Media(**CAME, file=File("document", "f", "u", "bill.pdf", "application/pdf", 11)),
    ),
    (
        "an animation, once",
        message(document=DOCUMENT, animation=medium(**FILM, file_name="a.mp4")),
        Media(**CAME, file=File("document", "f", "u", "a.mp4", size=11)),
    ),
    ("a video", message(video=medium(**FILM)), Media(**CAME, file=File("video", "f", "u", size=11))),
    (
        "a round video",
        message(video_note=medium(length=240, duration=3)),
        Media(**CAME, file=File("video", "f", "u", size=11)),
    ),
    ("a song", message(audio=medium(duration=3)), Media(**CAME, file=File("audio", "f", "u", size=11))),
    (
        "money that has moved",
        message(
            successful_payment={
                **BILL,
                "telegram_payment_charge_id": "700_a",
                "provider_payment_charge_id": "ch_1",
            }
        ),
        Paid(**CAME, order="secret", amount=11000, currency="EUR", charge="700_a", provider="ch_1"),
    ),
    (
        "whether she may pay",
        {"update_id": 9, "pre_checkout_query": {"id": "q7", "from": MARTA, **BILL}},
        Checkout(sender=CAME["sender"], query="q7", order="secret", amount=11000, currency="EUR"),  # type: ignore[arg-type]
    ),
    (
        "her own number",
        message(contact={"phone_number": "+39", "first_name": "Marta", "user_id": 700}),
        Contact(**CAME, phone="+39", own=True, name="Marta"),
    ),
    (
        "somebody else's number",
        message(contact={"phone_number": "+39", "first_name": "L", "last_name": "B", "user_id": 701}),
        Contact(**CAME, phone="+39", own=False, name="L B"),
    ),
    (
        "the number of somebody without Telegram",
        message(contact={"phone_number": "+39", "first_name": "L"}),
        Contact(**CAME, phone="+39", own=False, name="L"),
    ),
    (
        "where she is",
        message(location={"latitude": 45.5, "longitude": 9}),
        Location(**CAME, latitude=45.5, longitude=9.0),
    ),
    (
        "a venue",
        message(venue={"location": {"latitude": 45.5, "longitude": 9.1}, "title": "Bar", "address": "Via"}),
        Location(**CAME, latitude=45.5, longitude=9.1),
    ),
    (
        "changed words",
        message("edited_message", text="The blinds", edit_date=1_760_000_001),
        Edited(**CAME, text="The blinds"),
    ),
    ("a changed caption", message("edited_message", document=DOCUMENT, caption="new"), Edited(**CAME, text="new")),
    ("a caption taken away", message("edited_message", document=DOCUMENT), Edited(**CAME, text="")),
    ("a press", press(), Press(**CAME, token="tok.1", query="q1")),
    (
        "a press on a message too old to be shown",
        press(message={"message_id": 5, "date": 0, "chat": PRIVATE}),
        Press(**CAME, token="tok.1", query="q1"),
    ),
    ("the bot is blocked", membership("member", "kicked"), Blocked(**CAME | {"message": None}, blocked=True)),
    ("the bot is welcome again", membership("kicked", "member"), Blocked(**CAME | {"message": None}, blocked=False)),
    (
        "the bot is put into a group",
        membership("left", "member", GROUP),
        Joined(sender=CAME["sender"], place=Place("telegram", "-400", "group")),
    ),
    (
        "the bot is put into a group as its administrator",
        membership("left", "administrator", GROUP),
        Joined(sender=CAME["sender"], place=Place("telegram", "-400", "group")),
    ),
    (
        "words in a group",
        message(text="hi", chat=GROUP),
        Typed(**CAME | {"place": Place("telegram", "-400", "group")}, text="hi"),
    ),
]
NOTHING = [
    ("a sticker", message(sticker={**medium(**FILM), "type": "regular", "is_animated": False, "is_video": False})),
    ("somebody joined", message(new_chat_members=[BOT], chat=GROUP)),
    ("a message of the group itself", message(text="hi", chat=GROUP, by=None)),
    ("a message of a bot", message(text="hi", by=BOT)),
    ("a live location that moves", message("edited_message", location={"latitude": 1, "longitude": 1})),
    ("a press without a button of ours", press(message=None, inline_message_id="i")),
    ("a game", press(data=None, game_short_name="chess")),
    ("the bot leaves a group", membership("member", "left", GROUP)),
    ("a kind of update we did not ask for", {"update_id": 9, "chat_moved": {"x": 1}}),
    ("an empty update", {"update_id": 9}),
]
NONSENSE: list[tuple[str, Any]] = [
    ("no number", {"message": message(text="x")["message"]}),
    ("words that are a number", message(text=5)),
    ("words that are a list", message(text=["x"], entities=COMMAND)),
    ("half a character", message(text="\ud83d")),
    ("a chat without an id", message(text="x", chat={"type": "private"})),
    ("an id that is a word", message(text="x", by={**MARTA, "id": "700"})),
    ("an id that is true", message(text="x", chat={**PRIVATE, "id": True})),
    ("an id beyond all numbers", message(text="x", chat={**PRIVATE, "id": 10**400})),
    ("a chat of an unknown kind", message(text="x", chat={**PRIVATE, "type": "planet"})),
    ("a date in the year 300000", message(text="x", date=10**16)),
    ("a place that is not on Earth", message(location={"latitude": 91, "longitude": 0})),
    ("a place that is not a number", message(location={"latitude": float("nan"), "longitude": 0})),
    ("a name that is an object", message(text="x", by={**MARTA, "last_name": {"a": 1}})),
    ("a file size that is a word", message(document=medium(file_size="big"))),
    ("a message that is a list", {"update_id": 9, "message": [1]}),
    ("an update that is a list", [1]),
    ("an update that is nothing", None),
    ("an update that is a number", 7),
]


@pytest.mark.parametrize(("raw", "meant"), [r[1:] for r in READINGS], ids=[r[0] for r in READINGS])
def test_the_desk_hears(raw: Raw, meant: Any) -> None:
    before = copy.deepcopy(raw)
    assert read(raw) == meant
    assert raw == before, "reading must not change the stored payload"


@pytest.mark.parametrize("raw", [n[1] for n in NOTHING], ids=[n[0] for n in NOTHING])
def test_the_desk_need_not_hear(raw: Raw) -> None:
    assert isinstance(read(raw), Ignored)


@pytest.mark.parametrize("raw", [n[1] for n in NONSENSE], ids=[n[0] for n in NONSENSE])
def test_nobody_can_read(raw: Any) -> None:
    with pytest.raises(Unreadable):
        read(raw)
    assert conversation(raw).startswith("telegram:")
    assert external_id(raw)


def test_what_one_person_does_is_one_conversation() -> None:
    # Whether one may pay waits behind nothing else that one does: it has a lane of its own.
    lanes = {"telegram:700", "telegram:checkout:700"}
    assert {conversation(r[1]) for r in READINGS if "group" not in r[0]} == lanes
    assert conversation(message(text="x", chat=GROUP)) == "telegram:-400"
    assert conversation(press(message=None)) == "telegram:user:700"
    assert conversation({"update_id": 1, "poll": {}}) == conversation("what") == "telegram:?"


def test_an_update_has_one_name_however_often_it_comes() -> None:
    assert external_id(message(text="x")) == external_id(message(text="y")) == "9"
    assert external_id({"a": 1}) == external_id({"a": 1}) != external_id({"a": 2})


def test_passwords_are_gone_before_anything_is_written_down() -> None:
    quoted = {**QUOTED, "text": "my password is hunter2"}
    raw = message(
        text="the alarm code is 4521", reply_to_message=quoted, quote={"text": "password is hunter2", "position": 0}
    )
    before = copy.deepcopy(raw)
    safe = guard(raw)
    assert raw == before
    assert safe["masked"] is True
    assert "4521" not in json.dumps(safe)
    assert "hunter2" not in json.dumps(safe)
    assert safe["message"]["text"] == "the alarm code is ••••"
    assert read(safe) == Typed(**CAME, text="the alarm code is ••••", reply_to="4", masked=True)
    for kind in ("message", "edited_message"):
        assert guard(message(kind, document=DOCUMENT, caption="password: hunter2"))["masked"] is True


def test_harmless_words_pass_the_guard_untouched() -> None:
    raw = message(text="the alarm rang 3 times", entities=COMMAND)
    assert guard(raw) is raw
    assert "masked" not in guard({**raw, "masked": True}), "nobody outside can set our flag"


def test_characters_that_no_database_takes_are_replaced() -> None:
    safe = guard(message(text="a\x00b\ud83dc \U0001f600", entities=COMMAND))
    assert safe["message"]["text"] == "a\ufffdb\ufffdc \U0001f600"
    assert "masked" not in safe
    json.dumps(safe, ensure_ascii=False).encode()


def test_a_broken_guard_hides_all_words(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(text: str) -> str:
        raise RecursionError

    monkeypatch.setattr("bot.channels.telegram_guard.mask", broken)
    assert guard(message(text="hunter2"))["message"]["text"] == "•••••••"


def test_a_thousand_mutated_updates_are_read_or_put_aside() -> None:
    dice = random.Random(20_261_122)
    seeds = [r[1] for r in READINGS] + [n[1] for n in NOTHING]
    unreadable = 0
    for _ in range(1000):
        raw = copy.deepcopy(dice.choice(seeds))
        for _ in range(dice.randint(1, 4)):
            mutate(raw, dice)
        row = arrival(raw)
        json.dumps(row.payload, ensure_ascii=False).encode()
        try:
            read(row.payload)
        except Unreadable:
            unreadable += 1
    assert 100 < unreadable < 950, "the mutations must hurt, and not everything"


ABSURD: list[Any] = [
    None, True, 0, -1, 2**63, 10**30, 1.5, float("inf"), float("nan"), "", "x", "\x00", "\ud800", "9" * 5000, [], [[]],
    {}, {"id": {}}, [None], {"": None}, "/start", "📎" * 3000,
]  # fmt: skip


def mutate(raw: Any, dice: random.Random) -> None:
    """Change, drop, double or move one value somewhere in a JSON tree."""
    spots: list[tuple[Any, Any]] = []

    def collect(value: Any) -> None:
        keys = value.keys() if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
        for key in keys:
            spots.append((value, key))
            collect(value[key])

    collect(raw)
    if not spots:
        return
    holder, key = dice.choice(spots)
    deed = dice.randrange(5)
    if deed == 0:
        del holder[key]
    elif deed == 1 and isinstance(holder, dict):
        holder[dice.choice(["id", "text", "date", "from", "chat", "type", "message", "photo", "ü"])] = holder[key]
    elif deed == 2:
        holder[key] = copy.deepcopy(dice.choice(spots)[0])
    elif deed == 3:
        deep: Any = []
        for _ in range(100):
            deep = [deep]
        holder[key] = deep
    else:
        holder[key] = copy.deepcopy(dice.choice(ABSURD))


def test_whether_somebody_may_pay_does_not_wait_behind_his_chat() -> None:
    asked = {"update_id": 9, "pre_checkout_query": {"id": "q7", "from": MARTA, **BILL}}
    assert conversation(asked) == "telegram:checkout:700" != conversation(message(text="hello"))
