"""Web API: opening, stacking and changing views."""

from sandbox.slack.core import Core
from sandbox.slack.errors import SlackError
from sandbox.slack.state import Json
from sandbox.slack.views import View


def _trigger(core: Core, fields: Json) -> str:
    name = fields.get("trigger_id") or fields.get("interactivity_pointer")
    if not name:
        raise SlackError("invalid_arguments", "[ERROR] missing required field: trigger_id")
    return core.triggers.use(str(name))


def _answer(core: Core, view: View) -> Json:
    core.host.changed.note()
    return {"ok": True, "view": core.views.json(view)}


def open_view(core: Core, fields: Json) -> Json:
    return _answer(core, core.views.open(_trigger(core, fields), _body(fields)))


def push_view(core: Core, fields: Json) -> Json:
    return _answer(core, core.views.push(_trigger(core, fields), _body(fields)))


def update_view(core: Core, fields: Json) -> Json:
    view = core.views.find(fields.get("view_id"), fields.get("external_id"))
    if fields.get("hash") and fields["hash"] != view.hash:
        raise SlackError("hash_conflict")
    return _answer(core, core.views.update(view, _body(fields)))


def publish_view(core: Core, fields: Json) -> Json:
    user = str(fields.get("user_id") or "")
    if user not in core.space.users:
        raise SlackError("invalid_arguments", "[ERROR] invalid user_id")
    home = core.views.homes.get(user)
    if fields.get("hash") and home and fields["hash"] != home.hash:
        raise SlackError("hash_conflict")
    return _answer(core, core.views.publish(user, _body(fields)))


def _body(fields: Json) -> Json:
    body: Json = fields["view"]
    return body
