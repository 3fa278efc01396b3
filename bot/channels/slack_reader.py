"""Reads what Slack sent: stored payload → inbound. Pure.

The stored form is ours: `{"kind": "event"|"action"|"view"|"command"|"shortcut"|"options", "body": what Slack sent}`,
with `"home"`, our workspace; with `"masked": true` where the guard took something out, and `"file": n` where a message
with several files was stored once for each.
"""

from collections.abc import Callable
from typing import Any

from msgspec import to_builtins
from msgspec.structs import replace

from bot.channels.slack_shape import Json, Unreadable, file_of, maybe, plain, several, thing, word, words
from handlers.inbound import (
    Chosen,
    Deleted,
    Edited,
    Filled,
    FromPerson,
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

__all__ = ["Unreadable", "read"]

SPOKEN = (None, "file_share", "thread_broadcast", "me_message")  # the kinds of message that people write
SLACKBOT = "USLACKBOT"
_WAYS = ("added", "removed")


def read(raw: Json) -> Inbound:
    """What it means. Raises Unreadable, and nothing else, for what means nothing."""
    try:
        envelope = thing(raw, "payload")
        reader = _READERS.get(word(envelope.get("kind"), "kind"))
        if reader is None:
            raise Unreadable("unknown kind")
        return _at_home(reader(thing(envelope.get("body"), "body"), envelope), envelope.get("home"))
    except Unreadable:
        raise
    except Exception as fault:  # a shape nobody thought of: told apart from our own faults by where it happened
        raise Unreadable(f"{type(fault).__name__}: {fault}") from fault


def _at_home(inbound: Inbound, home: object) -> Inbound:
    """Whoever is of another workspace than ours is marked: in a shared channel he is a visitor, whatever his id."""
    if not isinstance(inbound, FromPerson) or home is None or inbound.sender.team in (None, home):
        return inbound
    return replace(inbound, sender=replace(inbound.sender, foreign=True))


def _event(body: Json, envelope: Json) -> Inbound:
    event = thing(body.get("event"), "event")
    kind = word(event.get("type"), "event type")
    if kind == "message":
        return _message(body, event, envelope)
    if kind in ("reaction_added", "reaction_removed"):
        return _reaction(body, event, added=kind == "reaction_added")
    if kind == "app_home_opened":
        if event.get("tab", "home") != "home":
            return Ignored(why="the messages of the app were opened, not its home")
        user = word(event.get("user"), "user")
        return Opened(sender=_member(body, event, user), place=Place("slack", user))
    if kind == "subteam_members_changed":
        people = {way: tuple(word(u, "user") for u in several(event.get(f"{way}_users"), way)) for way in _WAYS}
        return GroupChanged(group=word(event.get("subteam_id"), "group"), **people)
    if kind == "app_mention":
        return Ignored(why="a mention comes as a message as well")
    return Ignored(why=f"event {kind}")


def _message(body: Json, event: Json, envelope: Json) -> Inbound:
    subtype = maybe(event.get("subtype"), "subtype")
    if subtype == "message_changed":
        return _edited(body, event, envelope)
    if subtype == "message_deleted":
        return _deleted(body, event)
    if _automatic(event, subtype):
        return Ignored(why="the words of a bot")
    if subtype not in SPOKEN:
        return Ignored(why=f"message {subtype}")
    user, ts = word(event.get("user"), "user"), word(event.get("ts"), "ts")
    thread = maybe(event.get("thread_ts"), "thread_ts")
    text = plain(words(event.get("text"), "text"), event.get("emoji"))
    place = _place(word(event.get("channel"), "channel"), words(event.get("channel_type"), "channel type"), thread)
    sender, reply_to = _member(body, event, user), thread if thread != ts else None
    masked = bool(envelope.get("masked"))
    files = [f for f in several(event.get("files"), "files") if usable(f)]
    if not files:
        if not text.strip():
            return Ignored(why="a message without words")
        return Typed(sender=sender, place=place, message=ts, text=text, reply_to=reply_to, masked=masked)
    number = envelope.get("file", 0)
    if not isinstance(number, int) or not 0 <= number < len(files):
        raise Unreadable("no such file")
    return Media(
        sender=sender,
        place=place,
        message=ts,
        file=file_of(files[number]),
        caption=text if number == 0 else "",
        album=ts if len(files) > 1 else None,
        reply_to=reply_to,
        masked=masked,
    )


def _automatic(message: Json, subtype: object) -> bool:
    return subtype == "bot_message" or bool(message.get("bot_id")) or message.get("user") == SLACKBOT


def by_people(message: Json) -> bool:
    """Whether it is something that somebody wrote or showed, as it was at first."""
    subtype = message.get("subtype")
    return not _automatic(message, subtype) and subtype in SPOKEN


def _edited(body: Json, event: Json, envelope: Json) -> Inbound:
    now, before = thing(event.get("message"), "message"), event.get("previous_message")
    subtype = maybe(now.get("subtype"), "subtype")
    if _automatic(now, subtype) or subtype not in SPOKEN:
        return Ignored(why="nobody's own words were changed")
    text = words(now.get("text"), "text")
    if isinstance(before, dict) and before.get("text", "") == text:
        return Ignored(why="a message changed its looks, not its words")
    channel, kind = word(event.get("channel"), "channel"), words(event.get("channel_type"), "channel type")
    return Edited(
        sender=_member(body, now, word(now.get("user"), "user")),
        place=_place(channel, kind, maybe(now.get("thread_ts"), "thread_ts")),
        message=word(now.get("ts"), "ts"),
        text=plain(text, now.get("emoji")),
        masked=bool(envelope.get("masked")),
        files=any(usable(f) for f in several(now.get("files"), "files")),
    )


def _deleted(body: Json, event: Json) -> Inbound:
    before = event.get("previous_message")
    if not isinstance(before, dict) or not by_people(before):
        return Ignored(why="nobody's own words were deleted")
    channel, kind = word(event.get("channel"), "channel"), words(event.get("channel_type"), "channel type")
    return Deleted(
        sender=_member(body, before, word(before.get("user"), "user")),
        place=_place(channel, kind, maybe(before.get("thread_ts"), "thread_ts")),
        message=word(before.get("ts"), "ts"),
    )


def _reaction(body: Json, event: Json, *, added: bool) -> Inbound:
    item = thing(event.get("item"), "item")
    if word(item.get("type"), "item type") != "message":
        return Ignored(why="a reaction to something that is no message")
    return Reacted(
        sender=_member(body, event, word(event.get("user"), "user")),
        place=_place(word(item.get("channel"), "channel"), "", None),
        message=word(item.get("ts"), "ts"),
        name=word(event.get("reaction"), "reaction"),
        added=added,
    )


def _action(body: Json, _: Json) -> Inbound:
    if body.get("type") != "block_actions":
        return Ignored(why="an action of another kind")
    actions = several(body.get("actions"), "actions")
    action = thing(actions[0] if actions else None, "action")
    token, chosen = _picked(action)
    if token is None:
        return Ignored(why="a link was followed, or nothing was picked")
    container = thing(body.get("container") or {}, "container")
    channel = maybe(container.get("channel_id"), "channel") or maybe(_inside(body, "channel").get("id"), "channel")
    sender = _visitor(body)
    thread = maybe(container.get("thread_ts"), "thread_ts")
    return Press(
        sender=sender,
        place=_place(channel, "", thread) if channel else Place("slack", sender.user),
        message=maybe(container.get("message_ts"), "message_ts"),
        trigger=maybe(body.get("trigger_id"), "trigger"),
        token=token,
        chosen=chosen,
        view=maybe(container.get("view_id"), "view"),
    )


def _picked(action: Json) -> tuple[str | None, str | None]:
    """The token of a press, and the option when it was a menu."""
    if action.get("type") == "button":
        return maybe(action.get("value"), "value"), None
    option = action.get("selected_option")
    chosen = word(thing(option, "option").get("value"), "option value") if option is not None else None
    return chosen, chosen


def _view(body: Json, _: Json) -> Inbound:
    if body.get("type") != "view_submission":
        return Ignored(why="a form was closed")
    view = thing(body.get("view"), "view")
    if view.get("callback_id") != "form":
        return Ignored(why="no form of ours")
    sender = _visitor(body)
    return Filled(
        sender=sender,
        place=Place("slack", sender.user),
        trigger=maybe(body.get("trigger_id"), "trigger"),
        token=word(view.get("private_metadata"), "private metadata"),
        values=_values(thing(thing(view.get("state") or {}, "state").get("values") or {}, "values")),
        beneath=maybe(view.get("previous_view_id"), "view"),
    )


def _values(blocks: Json) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for block in blocks.values():
        for name, element in thing(block, "block").items():
            found[word(name, "field name")] = _value(thing(element, "element"))
    return found


def _value(element: Json) -> str | list[Any] | None:
    if "files" in element:
        return [to_builtins(file_of(f)) for f in several(element["files"], "files") if usable(f)]
    for key in ("value", "selected_date", "selected_time"):
        if key in element:
            return maybe(element[key], key)
    if "selected_options" in element:
        return [word(thing(o, "option").get("value"), "value") for o in several(element["selected_options"], "options")]
    option = element.get("selected_option")
    return word(thing(option, "option").get("value"), "value") if option is not None else None


def _command(body: Json, envelope: Json) -> Inbound:
    channel = word(body.get("channel_id"), "channel")
    private = body.get("channel_name") == "directmessage"
    user = word(body.get("user_id"), "user")
    name, team = words(body.get("user_name"), "name"), maybe(body.get("team_id"), "team")
    return Typed(
        sender=Sender("slack", user, name, team=team),
        place=_place(channel, "im" if private else "", maybe(body.get("thread_ts"), "thread_ts")),
        trigger=maybe(body.get("trigger_id"), "trigger"),
        text=plain(words(body.get("text"), "text")).strip(),
        command=word(word(body.get("command"), "command").removeprefix("/"), "command"),
        masked=bool(envelope.get("masked")),
    )


def _shortcut(body: Json, envelope: Json) -> Inbound:
    sender = _visitor(body)
    message, channel = _inside(body, "message"), maybe(_inside(body, "channel").get("id"), "channel")
    thread = maybe(message.get("thread_ts"), "thread_ts")
    return Chosen(
        sender=sender,
        place=_place(channel, "", thread) if channel else Place("slack", sender.user),
        message=maybe(message.get("ts"), "ts"),
        trigger=maybe(body.get("trigger_id"), "trigger"),
        shortcut=word(body.get("callback_id"), "callback id"),
        author=None if _automatic(message, message.get("subtype")) else maybe(message.get("user"), "user"),
        text=plain(words(message.get("text"), "text"), message.get("emoji")),
        masked=bool(envelope.get("masked")),
    )


def _options(body: Json, _: Json) -> Inbound:
    return Ignored(why=f"options for {words(body.get('action_id'), 'action id')}")


def _inside(body: Json, key: str) -> Json:
    value = body.get(key)
    return value if isinstance(value, dict) else {}


def _visitor(body: Json) -> Sender:
    """Who pressed or sent; his workspace is told with him."""
    user = thing(body.get("user"), "user")
    name = maybe(user.get("name"), "name") or words(user.get("username"), "name")
    return Sender("slack", word(user.get("id"), "user"), name, team=maybe(user.get("team_id"), "team"))


def _member(body: Json, event: Json, user: str) -> Sender:
    """Who wrote; with no word about his workspace he is of the event's own, unless the channel is a shared one."""
    team = maybe(event.get("user_team"), "team") or maybe(event.get("source_team"), "team")
    team = team or maybe(event.get("team"), "team")
    if team is None and not body.get("is_ext_shared_channel"):
        team = maybe(body.get("team_id"), "team")
    return Sender("slack", user, team=team)


def _place(channel: str, kind: str, thread: str | None) -> Place:
    if kind == "im" or channel.startswith("D"):
        return Place("slack", channel, "private", thread)
    return Place("slack", channel, "group" if kind == "mpim" else "channel", thread)


def usable(file: object) -> bool:
    """Whether a file of a message is still there and has a name we can ask for it by."""
    return isinstance(file, dict) and isinstance(file.get("id"), str) and file.get("mode") != "tombstone"


_READERS: dict[str, Callable[[Json, Json], Inbound]] = {
    "event": _event,
    "action": _action,
    "view": _view,
    "command": _command,
    "shortcut": _shortcut,
    "options": _options,
}
