"""The judge: what published schemas, Slack's own models and our rules say about every call and every event."""

import copy
from dataclasses import dataclass, field
from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from sandbox.slack import rules, schema
from sandbox.slack.state import Json

# method: (required fields, optional fields), for methods without a published schema here
PLAIN_METHODS: dict[str, tuple[set[str], set[str]]] = {
    "api.test": (set(), {"error", "foo"}),
    "apps.connections.open": (set(), set()),
    "conversations.list": (set(), {"types", "limit", "cursor", "exclude_archived", "team_id"}),
    "conversations.join": ({"channel"}, set()),
    "conversations.members": ({"channel"}, {"limit", "cursor"}),
    "conversations.setTopic": ({"channel", "topic"}, set()),
    "conversations.setPurpose": ({"channel", "purpose"}, set()),
    "conversations.archive": ({"channel"}, set()),
    "usergroups.users.list": ({"usergroup"}, {"include_disabled"}),
    "users.lookupByEmail": ({"email"}, set()),
    "users.conversations": (set(), {"types", "limit", "cursor", "exclude_archived", "user", "team_id"}),
    "reactions.get": (set(), {"channel", "timestamp", "file", "full"}),
    "response_url": (
        set(),
        {
            *("text", "blocks", "attachments", "response_type", "replace_original", "delete_original", "thread_ts"),
            *("mrkdwn", "unfurl_links", "unfurl_media", "metadata"),
        },
    ),
}
SEPARATE = {"blocks", "view", "attachments"}  # judged by themselves, or by nobody
EVERYWHERE = {"token", "team_id"}  # Slack's library sends the team's id with every call
KINDS_OF_VIEW = {"views.open": "modal", "views.push": "modal", "views.update": "modal", "views.publish": "home"}


@dataclass
class Findings:
    refused: list[str] = field(default_factory=list)  # the real Slack would not accept it
    improper: list[str] = field(default_factory=list)  # it would, and it is wrong all the same

    @property
    def all(self) -> list[str]:
        return list(dict.fromkeys([*self.refused, *self.improper]))

    def __iadd__(self, other: "Findings") -> "Findings":
        self.refused += other.refused
        self.improper += other.improper
        return self


def arguments(method: str, fields: Json) -> list[str]:
    """Fields that are unknown, missing or of a wrong kind."""
    if method in PLAIN_METHODS:
        required, optional = PLAIN_METHODS[method]
        unknown = [f"unknown field {f!r}" for f in fields if f not in required | optional | EVERYWHERE]
        return unknown + [f"field {f!r} is missing" for f in sorted(required - fields.keys())]
    name = "".join(part[:1].upper() + part[1:] for part in method.split(".")) + "Arguments"
    if not schema.exists(name):
        return [f"the sandbox does not know {method}"]
    known, required_sets = schema.methods(name)
    found = [f"unknown field {f!r}" for f in fields if f not in known and f not in SEPARATE | EVERYWHERE]
    if required_sets and not any(r <= fields.keys() for r in required_sets):
        missing = min((r - fields.keys() for r in required_sets), key=lambda m: (len(m), sorted(m)))
        found += [f"field {f!r} is missing" for f in sorted(missing)]
    for key, value in fields.items():
        if key in known and key not in SEPARATE:
            found += schema.field_faults(name, key, value)
    return found


def blocks(given: Any, surface: rules.Surface) -> Findings:
    """What is wrong with blocks, each named by its place."""
    if not isinstance(given, list) or not all(isinstance(b, dict) for b in given):
        return Findings(refused=["blocks must be a list of objects"])
    found = Findings()
    for place, block in enumerate(given):
        said = schema.faults("Blocks", "AnyBlock", block)
        found.refused += [f"blocks/{place} ({block.get('type')}): {fault}" for fault in said]
        found.improper += [] if said else [f"blocks/{place} ({block.get('type')}): {f}" for f in _model_faults(block)]
    if not found.refused:  # the rules may rely on the shape
        found.improper += rules.improper(given, surface)
        found.refused += rules.refused(given, surface)
    return found


def _model_faults(block: Json) -> list[str]:
    try:
        if (parsed := Block.parse(copy.deepcopy(block))) is not None:
            parsed.validate_json()
    except Exception as error:  # whatever a model stumbles over is a finding
        return [str(error)]
    return []


def view(given: Any, method: str | None = None) -> Findings:
    """What is wrong with a modal or a home tab."""
    if not isinstance(given, dict):
        return Findings(refused=["view must be an object"])
    kind = given.get("type")
    wanted = KINDS_OF_VIEW.get(method or "", kind)
    if kind not in ("modal", "home") or kind != wanted:
        return Findings(refused=[f"view of type {kind!r} where {wanted or 'modal'!r} is wanted"])
    if "blocks" not in given:
        return Findings(refused=["view: 'blocks' is a required property"])
    definition = "ModalView" if kind == "modal" else "HomeView"
    frame = given | {"blocks": []}  # the blocks are judged one by one below
    found = Findings(refused=[f"view: {f}" for f in schema.faults("Blocks", definition, frame)])
    found += blocks(given["blocks"], "modal" if kind == "modal" else "home")
    if not found.refused:
        found.refused += rules.of_view(given)
        found.improper += _view_model_faults(given)
    return found


def _view_model_faults(given: Json) -> list[str]:
    try:
        View(**copy.deepcopy(given)).validate_json()
    except Exception as error:
        return [str(error)]
    return []


def call(method: str, fields: Json) -> Findings:
    """Everything there is to say about one call of the product."""
    found = Findings(improper=arguments(method, fields))
    if fields.get("blocks"):
        found += blocks(fields["blocks"], "message")
    if "view" in fields:
        found += view(fields["view"], method)
    if method.startswith("chat.") or method == "response_url":
        found.improper += rules.of_message(fields)
    return found


def event(body: Json) -> list[str]:
    """What is wrong with an event the sandbox made up itself."""
    bare = {key: value for key, value in body.items() if key != "view"}  # the schema forgets that views have ids
    return schema.faults("SlackEvent", "SlackEvent", bare)


def acknowledgement(kind: str, payload: Json, answer: Any, accepts: bool) -> list[str]:
    """What is wrong with what came back with an acknowledgement."""
    if answer in (None, "", {}):
        return []
    if not accepts:
        return [f"a payload in the acknowledgement of {kind}, which takes none"]
    if not isinstance(answer, dict):
        return ["the acknowledgement's payload is not an object"]
    if kind == "view_submission":
        return _submission_answer(payload["view"], answer)
    if kind == "slash_commands":
        return call("response_url", answer).all
    if kind == "block_suggestion":
        options = [
            *(answer.get("options") or []),
            *(o for g in answer.get("option_groups") or [] for o in g["options"]),
        ]
        long = [f"{len(options)} options, at most 100 are allowed"] if len(options) > 100 else []
        return long + [f for o in options for f in schema.faults("Blocks", "PlainTextOption", o)]
    return []


def _submission_answer(shown: Json, answer: Json) -> list[str]:
    action = answer.get("response_action")
    if action == "errors":
        errors, ids = answer.get("errors"), {b.get("block_id") for b in shown["blocks"] if b.get("type") == "input"}
        if not isinstance(errors, dict) or not errors:
            return ["response_action errors without errors"]
        return [f"an error for {block!r}, which is no input of the view" for block in errors if block not in ids]
    if action in ("update", "push"):
        return view(answer.get("view"), "views.update").all
    return [] if action == "clear" else [f"unknown response_action {action!r}"]
