"""The operator pastes one file into Slack: it asks for what the program needs, says why, and asks for nothing else."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from slack_ground import event, message
from slack_sdk.web.async_client import AsyncWebClient

import bot
from bot import routes
from bot.channels.slack_reader import read
from handlers.inbound import Ignored

ROOT = Path(bot.__file__).parents[1]
TEXT = (ROOT / "docs" / "slack-manifest.yaml").read_text(encoding="utf-8")
CHANNELS = sorted((ROOT / "bot" / "channels").glob("slack*.py"))

# What Slack's reference asks for, by method: only what a bot of ours comes to (public and private channels, direct
# messages; no group messages).
READ, HISTORY = {"channels:read", "groups:read"}, {"channels:history", "groups:history", "im:history"}
SCOPES: dict[str, set[str]] = {
    "auth_test": set(),
    "chat_delete": {"chat:write"},
    "chat_postEphemeral": {"chat:write"},
    "chat_postMessage": {"chat:write"},
    "chat_update": {"chat:write"},
    "conversations_history": HISTORY | {"metadata.message:read"},  # with include_all_metadata
    "conversations_info": READ,
    "conversations_open": {"im:write"},
    "conversations_replies": HISTORY | {"metadata.message:read"},
    "files_completeUploadExternal": {"files:write"},
    "files_getUploadURLExternal": {"files:write"},
    "files_info": {"files:read"},
    "reactions_add": {"reactions:write"},
    "reactions_remove": {"reactions:write"},
    "usergroups_users_list": {"usergroups:read"},
    "users_list": {"users:read"},
    "views_open": set(),
    "views_publish": set(),
    "views_push": set(),
    "views_update": set(),
}
# … and by event: its scope, and one as Slack sends it.
EVENTS: dict[str, tuple[str, dict[str, Any]]] = {
    "message.channels": ("channels:history", message()),
    "message.groups": ("groups:history", message(channel="G1", channel_type="group")),
    "message.im": ("im:history", message(channel="D1", channel_type="im")),
    "reaction_added": (
        "reactions:read",
        {
            "type": "reaction_added", "user": "U1", "reaction": "x",
            "item": {"type": "message", "channel": "C1", "ts": "1.1"},
        },
    ),
    "reaction_removed": (
        "reactions:read",
        {
            "type": "reaction_removed", "user": "U1", "reaction": "x",
            "item": {"type": "message", "channel": "C1", "ts": "1.1"},
        },
    ),
    "subteam_members_changed": ("usergroups:read", {"type": "subteam_members_changed", "subteam_id": "S1"}),
    "app_home_opened": ("", {"type": "app_home_opened", "user": "U1", "tab": "home"}),
}  # fmt: skip


def lines(text: str) -> Iterator[tuple[int, str, str]]:
    """Indent, words and remark of each line that says something."""
    for line in text.splitlines():
        words, _, remark = line.partition(" #") if not line.startswith("#") else ("", "", "")
        if words.strip():
            yield len(words) - len(words.lstrip()), words.strip(), remark.strip()


def parsed(text: str) -> Any:
    """The plain part of YAML that the file keeps to: maps and lists by indent, one word or sentence a value."""
    rows = [(indent, words) for indent, words, _ in lines(text)]
    value, end = _block(rows, 0)
    assert end == len(rows)
    return value


def _block(rows: list[tuple[int, str]], at: int) -> tuple[Any, int]:
    indent, found_list, found = rows[at][0], list[Any](), dict[str, Any]()
    while at < len(rows) and rows[at][0] == indent:
        words = rows[at][1]
        if words.startswith("- "):
            inner = words[2:]
            if re.match(r"[a-z_]+: ", inner):
                rows[at] = (indent + 2, inner)
                value, at = _block(rows, at)
            else:
                value, at = inner, at + 1
            found_list.append(value)
            continue
        key, _, rest = words.partition(":")
        if rest.strip():
            found[key], at = {"true": True, "false": False}.get(rest.strip(), rest.strip()), at + 1
        else:
            found[key], at = _block(rows, at + 1)
    assert at >= len(rows) or rows[at][0] < indent
    return found_list or found, at


MANIFEST = parsed(TEXT)
ASKED = MANIFEST["oauth_config"]["scopes"]["bot"]
HEARD = MANIFEST["settings"]["event_subscriptions"]["bot_events"]


def called() -> set[str]:
    """The methods of Slack's client that the code names, wherever in the Slack channel."""
    methods = {name for name in dir(AsyncWebClient) if "_" in name.strip("_") and not name.startswith("_")}
    named = {
        node.attr
        for file in CHANNELS
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
    }
    return named & methods - {"api_call"}


def answered() -> set[str]:
    """The events that the desk does something about."""
    golden = (ROOT / "tests" / "domain" / "authorisation.txt").read_text(encoding="utf-8")
    home = any(line.startswith("home opened") and "yes" in line for line in golden.splitlines())
    return set(EVENTS) - (set() if home else {"app_home_opened"})


def test_every_call_has_its_scopes_and_no_scope_is_without_a_call() -> None:
    assert called() <= set(SCOPES), "a new call: look its scopes up in Slack's reference and write them down here"
    needed = set().union(*(SCOPES[method] for method in called())) | {"commands"}
    needed |= {EVENTS[name][0] for name in answered()} - {""}
    assert sorted(ASKED) == sorted(needed)
    assert len(ASKED) == len(set(ASKED))


def test_every_scope_and_event_says_why() -> None:
    reasons = {words.removeprefix("- "): remark for _, words, remark in lines(TEXT) if words.startswith("- ")}
    assert [name for name in (*ASKED, *HEARD) if len(reasons[name]) < 10] == []


def test_the_events_are_those_that_the_desk_reads_and_answers() -> None:
    assert sorted(HEARD) == sorted(answered())
    assert [name for name in HEARD if isinstance(read(event(EVENTS[name][1])), Ignored)] == []


def test_every_event_that_the_reader_knows_was_thought_of_here() -> None:
    source = (ROOT / "bot" / "channels" / "slack_reader.py").read_text(encoding="utf-8")
    (reader,) = [n for n in ast.parse(source).body if isinstance(n, ast.FunctionDef) and n.name == "_event"]
    known = {
        const.value
        for compare in ast.walk(reader)
        if isinstance(compare, ast.Compare) and isinstance(compare.left, ast.Name) and compare.left.id == "kind"
        for const in ast.walk(compare)
        if isinstance(const, ast.Constant)
    }
    told = {name.partition(".")[0] for name in EVENTS} | {"app_mention"}  # which is ignored: it comes as a message too
    assert known == told


def test_commands_and_shortcuts_are_those_that_are_answered() -> None:
    features = MANIFEST["features"]
    assert sorted(c["command"] for c in features["slash_commands"]) == sorted(f"/{name}" for name in routes.SLASH)
    shortcuts = features["shortcuts"]
    assert sorted(s["callback_id"] for s in shortcuts) == sorted(routes.SHORTCUTS)
    assert all(s["type"] == "message" and len(s["name"]) <= 24 for s in shortcuts)
    assert all(len(c["description"]) <= 2000 for c in features["slash_commands"])
    assert MANIFEST["settings"]["interactivity"]["is_enabled"] is True
    assert features["app_home"]["home_tab_enabled"] is ("app_home_opened" in answered())


@pytest.mark.parametrize("name", ["org_deploy_enabled", "token_rotation_enabled"])
def test_it_belongs_to_one_workspace_and_keeps_its_token(name: str) -> None:
    assert MANIFEST["settings"][name] is False


def test_the_operators_guide_names_the_file() -> None:
    assert "(slack-manifest.yaml)" in (ROOT / "docs" / "operator.md").read_text(encoding="utf-8")
