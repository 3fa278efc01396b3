"""What a person's clicks become: payloads for the product, and what its acknowledgement changes."""

from typing import Any

from sandbox.slack import judge
from sandbox.slack.blocks import Element, elements
from sandbox.slack.core import Core
from sandbox.slack.courier import NotAcknowledgedError, Parcel
from sandbox.slack.errors import SlackError
from sandbox.slack.responses import Responses
from sandbox.slack.shapes import stored_json
from sandbox.slack.state import Channel, Json, Message, User
from sandbox.slack.views import View, initial

WITHOUT_STATE = ("button", "overflow", "workflow_button", "icon_button", "feedback_buttons")


class Interactions:
    def __init__(self, core: Core, responses: Responses) -> None:
        self.core, self.responses = core, responses
        self._chosen: dict[tuple[str, str], dict[str, dict[str, Json]]] = {}  # selections in messages

    def _common(self, user: User) -> Json:
        space = self.core.space
        domain = space.domain if user.team_id == space.team_id else user.team_id.lower()
        return {
            "user": {"id": user.id, "username": user.handle, "name": user.handle, "team_id": user.team_id},
            "api_app_id": space.app_id,
            "token": "sandbox",
            "team": {"id": user.team_id, "domain": domain},
            "enterprise": None,
            "is_enterprise_install": False,
        }

    async def _send(self, payload: Json, *, accepts: bool = False) -> Any:
        return await self.core.delivery.once(Parcel("interactive", str(payload["type"]), payload, accepts))

    def _where(self, message: Message) -> Json:
        """The container, channel and (unless only one person sees it) message of an interaction."""
        container: Json = {
            "type": "message",
            "message_ts": message.ts,
            "channel_id": message.channel,
            "is_ephemeral": message.ephemeral_to is not None,
        }
        if message.thread_ts:
            container["thread_ts"] = message.thread_ts
        where: Json = {"container": container, "channel": self._channel(self.core.space.channels[message.channel])}
        if message.ephemeral_to is None:
            where["message"] = stored_json(self.core.space, message, self.core.host.url)
        return where

    @staticmethod
    def _channel(channel: Channel) -> Json:
        names = {"im": "directmessage", "group": "privategroup"}
        return {"id": channel.id, "name": names.get(channel.kind, channel.name)}

    async def act(self, user: User, element: Element, value: Json, about: Message | View) -> None:
        """A click or a choice; NotAcknowledgedError when the product does not acknowledge."""
        body = element.body
        action: Json = {
            "action_id": element.action_id,
            "block_id": element.block_id,
            "type": element.kind,
            "action_ts": self.core.space.new_ts(),
            **{key: body[key] for key in ("text", "value", "style", "placeholder", "confirm") if key in body},
            **value,
        }
        payload: Json = {"type": "block_actions", **self._common(user)}
        payload["trigger_id"] = self.core.triggers.issue(user.id)
        if isinstance(about, View):
            if element.kind not in WITHOUT_STATE:
                about.values.setdefault(element.block_id, {})[element.action_id] = {"type": element.kind, **value}
            payload |= {"container": {"type": "view", "view_id": about.id}, "view": self.core.views.json(about)}
        else:
            payload |= self._where(about)
            payload["state"] = {"values": self._state(about, element, value)}
            payload["response_url"] = self.core.triggers.response_url(user.id, about.channel, about)
        await self._send(payload | {"actions": [action]})

    def _state(self, message: Message, used: Element, value: Json) -> dict[str, dict[str, Json]]:
        chosen = self._chosen.setdefault((message.channel, message.ts), {})
        if used.kind not in WITHOUT_STATE:
            chosen.setdefault(used.block_id, {})[used.action_id] = {"type": used.kind, **value}
        values: dict[str, dict[str, Json]] = {}
        for element in elements(message.blocks):
            if element.kind not in WITHOUT_STATE:
                kept = chosen.get(element.block_id, {}).get(element.action_id)
                given = kept or {"type": element.kind, **initial(element.body)}
                values.setdefault(element.block_id, {})[element.action_id] = given
        return values

    async def suggest(self, user: User, element: Element, typed: str, about: Message | View) -> list[Json]:
        """The options an external select offers for typed words."""
        payload: Json = {"type": "block_suggestion", **self._common(user)}
        payload |= {"action_id": element.action_id, "block_id": element.block_id, "value": typed}
        if isinstance(about, View):
            payload |= {"container": {"type": "view", "view_id": about.id}, "view": self.core.views.json(about)}
        else:
            payload |= self._where(about)
        answer = await self._send(payload, accepts=True) or {}
        groups = answer.get("option_groups") or []
        return [*(answer.get("options") or []), *(o for g in groups for o in g.get("options") or [])]

    async def submit(self, user: User, view: View) -> dict[str, str]:
        """Send a modal; the errors by block id when the product found some."""
        payload: Json = {"type": "view_submission", **self._common(user)}
        payload["trigger_id"] = self.core.triggers.issue(user.id)
        payload |= {"view": self.core.views.json(view), "response_urls": []}
        answer = await self._send(payload, accepts=True)
        errors = self._answered(user, view, answer if isinstance(answer, dict) else {})
        self.core.host.changed.note()
        return errors

    def _answered(self, user: User, view: View, answer: Json) -> dict[str, str]:
        views = self.core.views
        if self.core.judging and "view" in answer and judge.view(answer["view"]).refused:
            raise NotAcknowledgedError("invalid_view")  # the person sees trouble, the recording says why
        try:
            match answer.get("response_action"):
                case "errors":
                    return {str(k): str(v) for k, v in (answer.get("errors") or {}).items()}
                case "update":
                    views.update(view, answer["view"])
                case "push":
                    views.push(user.id, answer["view"])
                case "clear":
                    views.close(user.id, whole=True)
                case _:
                    stack = views.stacks.get(user.id, [])
                    if view in stack:
                        stack.remove(view)
        except (SlackError, KeyError, TypeError, AttributeError):
            raise NotAcknowledgedError("invalid_response") from None
        return {}

    async def close(self, user: User, view: View, *, whole: bool = False) -> None:
        """Close the top view, or all; the product hears of it where it asked to."""
        stack = list(self.core.views.stacks.get(user.id, []))
        whole = whole or bool(view.body.get("clear_on_close"))
        gone = stack[::-1] if whole else [view]
        self.core.views.close(user.id, whole=whole)
        self.core.host.changed.note()
        for closed in gone:
            if closed.body.get("notify_on_close"):
                payload: Json = {"type": "view_closed", **self._common(user), "view": self.core.views.json(closed)}
                await self._send(payload | {"is_cleared": whole})

    async def shortcut(self, user: User, callback_id: str, message: Message | None = None) -> None:
        payload: Json = {"type": "message_action" if message else "shortcut", **self._common(user)}
        payload |= {"callback_id": callback_id, "action_ts": self.core.space.new_ts()}
        payload["trigger_id"] = self.core.triggers.issue(user.id)
        if message is not None:
            payload |= {"message_ts": message.ts, "channel": self._channel(self.core.space.channels[message.channel])}
            payload["message"] = stored_json(self.core.space, message, self.core.host.url)
            payload["response_url"] = self.core.triggers.response_url(user.id, message.channel, message)
        await self._send(payload)

    async def command(self, user: User, command: str, text: str, channel: Channel) -> Message | None:
        """A slash command; the message that came with its acknowledgement, if one did."""
        space = self.core.space
        payload: Json = {
            "token": "sandbox",
            "team_id": user.team_id,
            "team_domain": space.domain,
            "channel_id": channel.id,
            "channel_name": self._channel(channel)["name"],
            "user_id": user.id,
            "user_name": user.handle,
            "command": command,
            "text": text,
            "api_app_id": space.app_id,
            "is_enterprise_install": "false",
            "response_url": self.core.triggers.response_url(user.id, channel.id),
            "trigger_id": self.core.triggers.issue(user.id),
        }
        answer = await self.core.delivery.once(Parcel("slash_commands", command, payload, accepts=True))
        if not isinstance(answer, dict) or not (answer.get("text") or answer.get("blocks")):
            return None
        url = self.core.triggers.urls[payload["response_url"].rsplit("/", 1)[1]]
        return self.responses.apply(url, answer)
