"""Things good for a short time: triggers that open one view, and addresses to answer an interaction at."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta

from sandbox.host import Host
from sandbox.slack.errors import SlackError
from sandbox.slack.state import Message, Workspace

MOST_USES = 5


@dataclass
class Trigger:
    user: str
    issued: datetime
    used: bool = False


@dataclass
class ResponseUrl:
    """Where the product may answer: to whom, where, and about which message."""

    user: str
    channel: str
    issued: datetime
    message: Message | None = None
    thread_ts: str | None = None
    uses: int = 0


class Triggers:
    def __init__(self, host: Host, space: Workspace) -> None:
        self.host, self.space = host, space
        self._triggers: dict[str, Trigger] = {}
        self.urls: dict[str, ResponseUrl] = {}

    def issue(self, user: str) -> str:
        name = f"{self.space.seconds()}.{len(self._triggers) + 1}.{uuid.uuid4().hex}"
        self._triggers[name] = Trigger(user, self.space.now())
        return name

    def use(self, name: str) -> str:
        """The user of a trigger, which is used up by this; SlackError when it is unknown, used or too old."""
        if (trigger := self._triggers.get(name)) is None:
            raise SlackError("invalid_trigger_id")
        if self.space.now() - trigger.issued > timedelta(seconds=self.host.delays.trigger_lifetime):
            raise SlackError("expired_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        trigger.used = True
        return trigger.user

    def response_url(self, user: str, channel: str, message: Message | None = None) -> str:
        token = uuid.uuid4().hex
        thread = message.thread_ts if message else None
        self.urls[token] = ResponseUrl(user, channel, self.space.now(), message, thread)
        return f"{self.host.url}/slack/response/{token}"

    def answering(self, token: str) -> ResponseUrl:
        """The address behind a response_url, one use counted; SlackError when it is used up."""
        url = self.urls.get(token)
        if url is None:
            raise SlackError("invalid_url")
        if self.space.now() - url.issued > timedelta(seconds=self.host.delays.response_url_lifetime):
            raise SlackError("expired_url")
        if url.uses >= MOST_USES:
            raise SlackError("used_url")
        url.uses += 1
        return url
