"""What Slack sends, as the desk will understand it."""

import copy
import json
import random
from typing import Any

import pytest
from msgspec import to_builtins
from slack_ground import action, command, event, message, spoiled, submission

from bot.channels.slack_arrival import arrivals, conversation, external_id, guard, kind_of
from bot.channels.slack_reader import Unreadable, read
from bot.channels.slack_shape import file_of
from handlers.inbound import (
    Chosen,
    Edited,
    File,
    Filled,
    GroupChanged,
    Ignored,
    Inbound,
    Media,
    Opened,
    Place,
    Press,
    Reacted,
    Sender,
    Typed,
)

ANA = Sender("slack", "U1", team="T1")
ANA_NAMED = Sender("slack", "U1", "ana", team="T1")
SERVICE = Place("slack", "C1", "channel")
PHOTO = {"id": "F1", "name": "leak.jpg", "mimetype": "image/jpeg", "size": 12, "mode": "hosted"}
CHANGED = {"type": "message", "subtype": "message_changed", "channel": "C1", "channel_type": "channel", "ts": "12.1"}
OPTION = {"type": "static_select", "selected_option": {"text": {"type": "plain_text", "text": "Tom"}, "value": "k7.2"}}

TABLE: list[tuple[str, dict[str, Any], Inbound]] = [
    (
        "Ana writes in the channel",
        event(message()),
        Typed(sender=ANA, place=SERVICE, message="10.1", text="hello"),
    ),
    (
        "Ana answers under a card",
        event(message(thread_ts="9.1", text="on my way &amp; quick")),
        Typed(
            sender=ANA,
            place=Place("slack", "C1", "channel", "9.1"),
            message="10.1",
            text="on my way & quick",
            reply_to="9.1",
        ),
    ),
    (
        "Ana sends her answer to the channel as well",
        event(message(subtype="thread_broadcast", thread_ts="9.1")),
        Typed(sender=ANA, place=Place("slack", "C1", "channel", "9.1"), message="10.1", text="hello", reply_to="9.1"),
    ),
    (
        "Ana names people, places and addresses",
        event(
            message(text="<@U2|tom> see <https://a.example/x|the plan>, <#C2|general>, <mailto:a@b.c|a@b.c> &lt;b&gt;")
        ),
        Typed(
            sender=ANA,
            place=SERVICE,
            message="10.1",
            text="@tom see the plan (https://a.example/x), #general, a@b.c <b>",
        ),
    ),
    (
        "Ana writes to the bot alone",
        event(message(channel="D1", channel_type="im")),
        Typed(sender=ANA, place=Place("slack", "D1", "private"), message="10.1", text="hello"),
    ),
    (
        "a stranger of a shared channel is known by his workspace",
        event(message(user="U9", user_team="T9", team="T1"), is_ext_shared_channel=True),
        Typed(sender=Sender("slack", "U9", team="T9"), place=SERVICE, message="10.1", text="hello"),
    ),
    (
        "in a shared channel nobody is taken for one of ours without a word",
        event(message(user="U9"), is_ext_shared_channel=True),
        Typed(sender=Sender("slack", "U9"), place=SERVICE, message="10.1", text="hello"),
    ),
    (
        "Ana sends a photo",
        event(message(subtype="file_share", files=[PHOTO], text="look")),
        Media(
            sender=ANA,
            place=SERVICE,
            message="10.1",
            caption="look",
            file=File("photo", "F1", "F1", "leak.jpg", "image/jpeg", 12),
        ),
    ),
    (
        "a drawing that could carry a program is no photo",
        event(message(subtype="file_share", files=[PHOTO | {"mimetype": "image/svg+xml"}], text="")),
        Media(
            sender=ANA,
            place=SERVICE,
            message="10.1",
            file=File("document", "F1", "F1", "leak.jpg", "image/svg+xml", 12),
        ),
    ),
    (
        "Ana speaks instead of writing",
        event(message(files=[{"id": "F2", "mimetype": "audio/webm", "subtype": "slack_audio"}], text="")),
        Media(sender=ANA, place=SERVICE, message="10.1", file=File("voice", "F2", "F2", None, "audio/webm")),
    ),
    (
        "Ana corrects her words",
        event(CHANGED | {"message": message(text="ten o'clock", team="T1"), "previous_message": message(text="nine")}),
        Edited(sender=ANA, place=SERVICE, message="10.1", text="ten o'clock"),
    ),
    (
        "a preview that Slack adds is no correction",
        event(CHANGED | {"message": message(), "previous_message": message()}),
        Ignored(why="a message changed its looks, not its words"),
    ),
    (
        "a card of ours that changed is nobody's correction",
        event(CHANGED | {"message": message(bot_id="B1", text="new")}),
        Ignored(why="nobody's own words were changed"),
    ),
    (
        "Ana takes her words back",
        event({"type": "message", "subtype": "message_deleted", "channel": "C1", "ts": "12.1", "deleted_ts": "10.1"}),
        Ignored(why="nobody's own words were deleted"),
    ),
    ("another bot speaks", event(message(bot_id="B9")), Ignored(why="the words of a bot")),
    ("Slack itself speaks", event(message(user="USLACKBOT")), Ignored(why="the words of a bot")),
    ("somebody joins", event(message(subtype="channel_join")), Ignored(why="message channel_join")),
    ("Ana says nothing", event(message(text=" ")), Ignored(why="a message without words")),
    (
        "Ana mentions the bot",
        event({"type": "app_mention", "user": "U1", "channel": "C1", "ts": "10.1", "text": "<@U0>"}),
        Ignored(why="a mention comes as a message as well"),
    ),
    (
        "Ana opens the home of the app",
        event({"type": "app_home_opened", "user": "U1", "channel": "D1", "tab": "home"}),
        Opened(sender=ANA, place=Place("slack", "U1")),
    ),
    (
        "Ana ticks a card",
        event(
            {
                "type": "reaction_added",
                "user": "U1",
                "reaction": "white_check_mark",
                "item": {"type": "message", "channel": "C1", "ts": "10.1"},
            }
        ),
        Reacted(sender=ANA, place=SERVICE, message="10.1", name="white_check_mark"),
    ),
    (
        "Ana takes her tick off",
        event(
            {
                "type": "reaction_removed",
                "user": "U1",
                "reaction": "eyes",
                "item": {"type": "message", "channel": "C1", "ts": "10.1"},
            }
        ),
        Reacted(sender=ANA, place=SERVICE, message="10.1", name="eyes", added=False),
    ),
    ("a channel is renamed", event({"type": "channel_rename"}), Ignored(why="event channel_rename")),
    (
        "Ana presses a button of a card",
        action({"type": "button", "value": "k7.0"}),
        Press(sender=ANA_NAMED, place=SERVICE, message="10.1", trigger="1.2.3", token="k7.0"),
    ),
    (
        "Ana presses a button inside a thread",
        action(
            {"type": "button", "value": "k7.1"},
            container={"type": "message", "message_ts": "10.1", "channel_id": "C1", "thread_ts": "9.1"},
        ),
        Press(
            sender=ANA_NAMED,
            place=Place("slack", "C1", "channel", "9.1"),
            message="10.1",
            trigger="1.2.3",
            token="k7.1",
        ),
    ),
    (
        "Ana picks from a menu",
        action(OPTION),
        Press(sender=ANA_NAMED, place=SERVICE, message="10.1", trigger="1.2.3", token="k7.2", chosen="k7.2"),
    ),
    (
        "Ana presses a button in the app's home",
        action({"type": "button", "value": "k7.0"}, container={"type": "view", "view_id": "V1"}, channel=None),
        Press(sender=ANA_NAMED, place=Place("slack", "U1"), trigger="1.2.3", token="k7.0", view="V1"),
    ),
    ("Ana follows a link", action({"type": "button"}), Ignored(why="a link was followed, or nothing was picked")),
    (
        "Ana sends a form",
        submission(
            {
                "note": {"type": "plain_text_input", "value": "call first"},
                "price": {"type": "number_input", "value": "12.5"},
                "who": {"type": "static_select", "selected_option": {"value": "tom"}},
                "when": {"type": "datepicker", "selected_date": "2026-03-01"},
                "skills": {"type": "checkboxes", "selected_options": [{"value": "a"}, {"value": "b"}]},
                "empty": {"type": "plain_text_input", "value": None},
                "nobody": {"type": "static_select", "selected_option": None},
                "photos": {"type": "file_input", "files": [PHOTO, {"id": "F9", "mode": "tombstone"}]},
                "none": {"type": "file_input", "files": []},
            }
        ),
        Filled(
            sender=ANA_NAMED,
            place=Place("slack", "U1"),
            trigger="1.2.3",
            token="k7",
            values={
                "note": "call first",
                "price": "12.5",
                "who": "tom",
                "when": "2026-03-01",
                "skills": ["a", "b"],
                "empty": None,
                "nobody": None,
                "photos": [to_builtins(file_of(PHOTO))],
                "none": [],
            },
        ),
    ),
    ("Ana closes a form", {"kind": "view", "body": {"type": "view_closed"}}, Ignored(why="a form was closed")),
    (
        "Ana asks with a command",
        command(" last month "),
        Typed(sender=ANA_NAMED, place=SERVICE, trigger="1.2.3", text="last month", command="satisfaction"),
    ),
    (
        "Ana asks in private",
        command(channel_id="D1", channel_name="directmessage"),
        Typed(
            sender=ANA_NAMED, place=Place("slack", "D1", "private"), trigger="1.2.3", text="", command="satisfaction"
        ),
    ),
    (
        "Ana uses a shortcut",
        {"kind": "shortcut", "body": {"callback_id": "x", "user": {"id": "U1", "name": "ana", "team_id": "T1"}}},
        Chosen(sender=ANA_NAMED, place=Place("slack", "U1"), shortcut="x"),
    ),
    (
        "somebody of another workspace presses",
        action({"type": "button", "value": "k7.0"}, user={"id": "U9", "name": "eve", "team_id": "T9"}) | {"home": "T1"},
        Press(
            sender=Sender("slack", "U9", "eve", team="T9", foreign=True),
            place=SERVICE,
            message="10.1",
            trigger="1.2.3",
            token="k7.0",
        ),
    ),
    (
        "somebody of another workspace writes in a shared channel",
        event(message(user="U9", user_team="T9", team="T1"), is_ext_shared_channel=True) | {"home": "T1"},
        Typed(sender=Sender("slack", "U9", team="T9", foreign=True), place=SERVICE, message="10.1", text="hello"),
    ),
    (
        "Ana, at home, writes",
        event(message(team="T1")) | {"home": "T1"},
        Typed(sender=ANA, place=SERVICE, message="10.1", text="hello"),
    ),
    (
        "people come into a user group and leave it",
        event({"type": "subteam_members_changed", "subteam_id": "S1", "added_users": ["U1"], "removed_users": ["U2"]}),
        GroupChanged(group="S1", added=("U1",), removed=("U2",)),
    ),
    (
        "somebody leaves a user group",
        event({"type": "subteam_members_changed", "subteam_id": "S1", "removed_users": ["U2"]}),
        GroupChanged(group="S1", removed=("U2",)),
    ),
    ("a menu is being loaded", {"kind": "options", "body": {"action_id": "x"}}, Ignored(why="options for x")),
]


@pytest.mark.parametrize(("raw", "meaning"), [row[1:] for row in TABLE], ids=[row[0] for row in TABLE])
def test_everything_teammates_do_has_one_meaning(raw: dict[str, Any], meaning: Inbound) -> None:
    assert read(raw) == meaning


@pytest.mark.parametrize(
    "raw",
    [
        {},
        {"kind": "event"},
        {"kind": "other", "body": {}},
        event({}),
        event(message(ts=None)),
        event(message(text=5)),
        event(message(files=[PHOTO])) | {"file": 3},
        action({"type": "button", "value": ["k7"]}),
        action({}, actions=[]),
        submission({"note": "call first"}),
        submission({}, private_metadata=""),
        command(command="/"),
        command(user_id=None),
        "hello",
        None,
    ],
)
def test_what_means_nothing_is_unreadable(raw: Any) -> None:
    with pytest.raises(Unreadable):
        read(raw)


def test_a_thousand_spoiled_payloads_are_read_or_put_aside() -> None:
    chance = random.Random(20260301)
    samples = [row[1] for row in TABLE]
    put_aside = 0
    for _ in range(1000):
        raw = spoiled(chance.choice(samples), chance)
        named, place = external_id(raw), conversation(raw)
        assert named
        assert place.startswith("slack:")
        safe = guard(raw) if isinstance(raw, dict) else raw
        for shape in (raw, safe):
            try:
                read(shape)
            except Unreadable:
                put_aside += 1
    assert 100 < put_aside < 1900


def test_a_message_with_several_files_is_several_rows_of_one_album() -> None:
    other = PHOTO | {"id": "F2"}
    gone = {"id": "F3", "mode": "tombstone"}
    body = event(message(subtype="file_share", files=[PHOTO, gone, other], text="look"))["body"]
    rows = arrivals("event", body)
    assert [row.external_id for row in rows] == ["message:C1:10.1", "message:C1:10.1#1"]
    media = [read(row.payload) for row in rows]
    assert [(m.file.id, m.caption, m.album) for m in media if isinstance(m, Media)] == [
        ("F1", "look", "10.1"),
        ("F2", "", "10.1"),
    ]


def test_a_password_is_never_written_down() -> None:
    secret = "my password is hunter2"
    blocks = [{"type": "rich_text", "elements": [{"type": "text", "text": secret}]}]
    before = message(text="hi", blocks=blocks)
    samples = [
        event(message(text=secret, blocks=blocks)),
        event(CHANGED | {"message": message(text=secret), "previous_message": before}),
        event(CHANGED | {"message": message(text="hi"), "previous_message": message(text=secret)}),
        command(secret),
        submission({"note": {"type": "plain_text_input", "value": secret}}),
        action({"type": "button", "value": "k7.0"}, message={"ts": "10.1", "text": secret, "blocks": blocks}),
    ]
    for raw in samples:
        safe = guard(raw)
        assert "hunter2" not in json.dumps(safe)
        assert safe["masked"] is True
    typed = read(guard(event(message(text=secret))))
    assert isinstance(typed, Typed)
    assert typed.masked
    assert typed.text == "my password is •••••••"
    assert "masked" not in guard(event(message()))


def test_a_smile_arrives_as_a_smile() -> None:
    wave = {"type": "emoji", "name": "wave", "skin_tone": 2, "unicode": "1f44b-1f3fb"}
    smile = {"type": "emoji", "name": "smile", "unicode": "1f604"}
    odd = [{"type": "emoji", "name": "ours"}, {"type": "emoji", "name": "x", "unicode": "zz"}, 5, None]
    blocks = [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [wave, smile, *odd]}]}]
    raw = guard(event(message(text=":wave::skin-tone-2: :smile: :ours: :x: at 10:30:00", blocks=blocks)))
    typed = read(raw)
    assert isinstance(typed, Typed)
    assert typed.text == "\U0001f44b\U0001f3fb \U0001f604 :ours: :x: at 10:30:00"
    assert read(raw | {"body": raw["body"] | {"event": raw["body"]["event"] | {"emoji": {"smile": 5}}}})


def test_slacks_own_keys_are_not_written_down() -> None:
    raw = action({"type": "button", "value": "k"}, token="verify", response_url="https://hooks.example/1")
    assert not {"token", "response_url"} & guard(raw)["body"].keys()


@pytest.mark.parametrize(
    ("raw", "place"),
    [
        (event(message()), "slack:C1:10.1"),
        (event(message(thread_ts="9.1")), "slack:C1:9.1"),
        (event(CHANGED | {"message": message(thread_ts="9.1")}), "slack:C1:9.1"),
        (event(CHANGED | {"message": message()}), "slack:C1:10.1"),
        (event(message(channel="D1", channel_type="im")), "slack:user:U1"),
        (event(CHANGED | {"channel": "D1", "message": message(channel="D1")}), "slack:user:U1"),
        (event({"type": "reaction_added", "user": "U1", "item": {"channel": "C1", "ts": "10.1"}}), "slack:C1:10.1"),
        (event({"type": "app_home_opened", "user": "U1", "channel": "D1"}), "slack:user:U1"),
        (action({}), "slack:C1:10.1"),
        (action({}, container={"message_ts": "10.1", "channel_id": "C1", "thread_ts": "9.1"}), "slack:C1:9.1"),
        (action({}, container={"view_id": "V1"}, channel=None, message=None), "slack:user:U1"),
        (submission({}), "slack:user:U1"),
        (command(), "slack:user:U1"),
        ({}, "slack:?"),
        (None, "slack:?"),
    ],
)
def test_everything_under_one_card_is_one_conversation(raw: Any, place: str) -> None:
    assert conversation(raw) == place


def test_the_same_thing_sent_twice_has_the_same_name_and_another_thing_has_not() -> None:
    press = action({"type": "button", "value": "k7.0"})
    again = action({"type": "button", "value": "k7.0"}, trigger_id="9.9.9")
    later = action({"type": "button", "value": "k7.0", "action_ts": "11.2"})
    assert external_id(press) == external_id(again) == "action:T1:10.1:b0:11.1:U1"
    assert external_id(later) != external_id(press)
    form = submission({"note": {"value": "a"}})
    corrected = submission({"note": {"value": "b"}})
    assert external_id(form) == external_id(copy.deepcopy(form)) != external_id(corrected)
    assert external_id(event(message())) == external_id(event(message(), event_id="Ev2")) == "message:C1:10.1"
    assert external_id(event(CHANGED | {"message": message()})) == "Ev1"
    assert external_id(event(message(bot_id="B1"))) == "Ev1"
    assert external_id(command()) == "command:1.2.3"


def test_kinds_are_told_apart() -> None:
    assert [kind_of(raw["body"]) for raw in (event({}), action({}), submission({}), command())] == [
        "event",
        "action",
        "view",
        "command",
    ]
    assert kind_of({"type": "block_suggestion"}) == "options"
    assert kind_of({"type": "message_action"}) == "shortcut"
    assert kind_of({"type": ["x"]}) is None


def test_half_a_character_anywhere_does_not_keep_an_event_out_of_the_database() -> None:
    body = event({"type": "message", "channel": "C1\ud800", "user": "U\x001", "ts": "1.1\udfff", "text": "a\ud800b"})
    [row] = arrivals("event", body["body"] | {"event_id": "Ev\ud800"})
    for text in (row.external_id, row.conversation, repr(row.payload)):
        assert "\x00" not in text
        text.encode()
    assert row.conversation == "slack:C1\N{REPLACEMENT CHARACTER}:1.1\N{REPLACEMENT CHARACTER}"
    deep: Any = []
    for _ in range(500):
        deep = [deep]
    arrivals("event", event({"type": "message", "channel": "C1", "ts": "1.1", "odd": deep})["body"])


def test_the_files_of_a_form_are_written_down_without_their_addresses() -> None:
    photo = PHOTO | {"url_private": "https://files.slack.com/x", "permalink_public": "https://slack-files.com/x"}
    safe = guard(submission({"photos": {"type": "file_input", "files": [photo]}}))
    assert "slack" not in str(safe["body"]["view"])
    came = read(safe)
    assert isinstance(came, Filled)
    assert came.values == {"photos": [to_builtins(file_of(PHOTO))]}
