"""Modals and home tabs: what each person has open, and the state of what they have filled in."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

from sandbox.slack.blocks import elements, with_ids
from sandbox.slack.errors import SlackError
from sandbox.slack.state import Json, Workspace

DEEPEST = 3
_hashes = itertools.count(1)


@dataclass
class View:
    id: str
    user: str
    kind: str
    body: Json  # as the product gave it, with block ids
    hash: str
    root_id: str
    previous_id: str | None = None
    values: dict[str, dict[str, Json]] = field(default_factory=dict)  # block id -> action id -> value

    @property
    def blocks(self) -> list[Json]:
        return list(self.body.get("blocks") or [])


class Views:
    """The open views of the workspace."""

    def __init__(self, space: Workspace) -> None:
        self.space = space
        self.stacks: dict[str, list[View]] = {}  # by user, the top last
        self.homes: dict[str, View] = {}

    def _new(self, user: str, body: Json) -> View:
        self._unique(body, None)
        id = self.space.new_id("V")
        view = View(id, user, str(body["type"]), {}, "", id)
        self._put(view, body)
        return view

    def _put(self, view: View, body: Json) -> None:
        """Show this body; what is filled in stays where block and action keep their ids."""
        view.body = body | {"blocks": with_ids(body.get("blocks") or [])}
        view.hash = f"{self.space.seconds()}.{next(_hashes):08x}"
        old, view.values = view.values, {}
        for element in elements(view.blocks):
            kept = old.get(element.block_id, {}).get(element.action_id)
            if kept is not None and kept.get("type") != element.kind:
                kept = None
            value = kept or {"type": element.kind, **initial(element.body)}
            if element.kind not in ("button", "overflow", "workflow_button"):
                view.values.setdefault(element.block_id, {})[element.action_id] = value

    def _unique(self, body: Json, own: View | None) -> None:
        external = body.get("external_id")
        if external and any(v.body.get("external_id") == external for v in self.all() if v is not own):
            raise SlackError("duplicate_external_id")

    def all(self) -> Iterator[View]:
        for stack in self.stacks.values():
            yield from stack
        yield from self.homes.values()

    def open(self, user: str, body: Json) -> View:
        view = self._new(user, body)
        self.stacks[user] = [view]
        return view

    def push(self, user: str, body: Json) -> View:
        stack = self.stacks.get(user) or []
        if not stack:
            raise SlackError("not_found")
        if len(stack) >= DEEPEST:
            raise SlackError("push_limit_reached")
        view = self._new(user, body)
        view.root_id, view.previous_id = stack[0].id, stack[-1].id
        stack.append(view)
        return view

    def update(self, view: View, body: Json) -> View:
        self._unique(body, view)
        self._put(view, body)
        return view

    def publish(self, user: str, body: Json) -> View:
        if (view := self.homes.get(user)) is not None:
            return self.update(view, body)
        view = self.homes[user] = self._new(user, body)
        return view

    def find(self, id: str | None, external_id: str | None = None) -> View:
        for view in self.all():
            if (id and view.id == id) or (external_id and view.body.get("external_id") == external_id):
                return view
        raise SlackError("not_found")

    def close(self, user: str, *, whole: bool = False) -> None:
        stack = self.stacks.get(user, [])
        del stack[0 if whole else len(stack) - 1 :]

    def top(self, user: str) -> View | None:
        stack = self.stacks.get(user)
        return stack[-1] if stack else None

    def json(self, view: View) -> Json:
        body = view.body
        shown: Json = {
            "id": view.id,
            "team_id": self.space.team_id,
            "type": view.kind,
            "blocks": view.blocks,
            "private_metadata": body.get("private_metadata") or "",
            "callback_id": body.get("callback_id") or "",
            "state": {"values": view.values},
            "hash": view.hash,
            "title": body.get("title") or {"type": "plain_text", "text": "View Title", "emoji": True},
            "clear_on_close": bool(body.get("clear_on_close")),
            "notify_on_close": bool(body.get("notify_on_close")),
            "close": body.get("close"),
            "submit": body.get("submit"),
            "previous_view_id": view.previous_id,
            "root_view_id": view.root_id,
            "app_id": self.space.app_id,
            "external_id": body.get("external_id") or "",
            "app_installed_team_id": self.space.team_id,
            "bot_id": self.space.bot_id,
        }
        return shown


INITIALS = {
    "initial_value": "value",
    "initial_option": "selected_option",
    "initial_options": "selected_options",
    "initial_date": "selected_date",
    "initial_time": "selected_time",
    "initial_date_time": "selected_date_time",
    "initial_user": "selected_user",
    "initial_users": "selected_users",
    "initial_channel": "selected_channel",
    "initial_channels": "selected_channels",
    "initial_conversation": "selected_conversation",
    "initial_conversations": "selected_conversations",
}
VALUE_KEYS = {
    "plain_text_input": "value",
    "number_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "rich_text_input": "rich_text_value",
    "static_select": "selected_option",
    "external_select": "selected_option",
    "radio_buttons": "selected_option",
    "checkboxes": "selected_options",
    "multi_static_select": "selected_options",
    "multi_external_select": "selected_options",
    "users_select": "selected_user",
    "multi_users_select": "selected_users",
    "conversations_select": "selected_conversation",
    "multi_conversations_select": "selected_conversations",
    "channels_select": "selected_channel",
    "multi_channels_select": "selected_channels",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "file_input": "files",
}


def initial(element: Json) -> Json:
    """The value an element has before anybody touches it."""
    key = VALUE_KEYS.get(str(element.get("type")))
    if key is None:
        return {}
    empty: Json = {key: [] if key.endswith("s") else None}
    return empty | {INITIALS[k]: v for k, v in element.items() if k in INITIALS}
