"""The workspace in motion: what happens to messages and channels, whoever does it, with the events it causes."""

from sandbox.host import Host
from sandbox.slack.blocks import with_ids
from sandbox.slack.delivery import Delivery
from sandbox.slack.errors import SlackError
from sandbox.slack.events import Events
from sandbox.slack.socket_mode import SocketMode
from sandbox.slack.state import Channel, File, Json, Message, Workspace
from sandbox.slack.triggers import Triggers
from sandbox.slack.views import Views


class Core:
    """One workspace, connected to one product."""

    def __init__(self, host: Host) -> None:
        self.host = host
        self.space = Workspace(host.clock)
        self.sockets = SocketMode(host, self.space)
        self.delivery = Delivery(host, self.space, self.sockets)
        self.events = Events(host, self.space, self.delivery)
        self.views = Views(self.space)
        self.triggers = Triggers(host, self.space)

    @property
    def judging(self) -> bool:
        """Whether calls and events are checked (and calls with broken blocks refused)."""
        return self.delivery.judging

    @judging.setter
    def judging(self, value: bool) -> None:
        self.delivery.judging = value

    def post(
        self,
        channel: Channel,
        user: str,
        text: str = "",
        blocks: list[Json] | None = None,
        *,
        thread_ts: str | None = None,
        broadcast: bool = False,
        metadata: Json | None = None,
        files: list[File] | None = None,
        attachments: list[Json] | None = None,
    ) -> Message:
        """A new message, seen by everybody in the channel."""
        message = Message(channel.id, self.space.new_ts(), user, text, with_ids(blocks or []))
        message.bot_id = self.space.bot_id if user == self.space.bot.id else None
        message.thread_ts, message.broadcast = thread_ts, broadcast
        message.metadata, message.files, message.attachments = metadata, files or [], attachments or []
        message.subtype = "file_share" if files else None
        channel.messages[message.ts] = message
        self._changed(message)
        self.events.posted(message)
        return message

    def whisper(
        self, channel: Channel, to: str, text: str, blocks: list[Json], thread_ts: str | None = None
    ) -> Message:
        """A message only one person sees, and nobody can read again."""
        message = Message(channel.id, self.space.new_ts(), self.space.bot.id, text, with_ids(blocks))
        message.bot_id, message.thread_ts, message.ephemeral_to = self.space.bot_id, thread_ts, to
        self.space.ephemerals.append(message)
        self._changed(message)
        return message

    def edit(self, message: Message, by: str, text: str | None, blocks: list[Json] | None) -> None:
        previous = self.events.before(message)
        message.history.append((message.text, message.blocks))
        if blocks is not None:
            message.blocks = with_ids(blocks)
        elif text is not None:
            message.blocks = []  # Slack shows the new text alone
        message.text = text if text is not None else message.text
        if not message.ephemeral_to and not blocks:
            message.edited = (by, self.space.new_ts())
        self._changed(message)
        if not message.ephemeral_to:
            self.events.changed(message, previous)

    def delete(self, message: Message) -> None:
        message.deleted = True
        self.space.gone.append(message)
        self.space.channels[message.channel].messages.pop(message.ts, None)
        self._changed(message)
        if not message.ephemeral_to:
            self.events.deleted(message)

    def react(self, message: Message, user: str, name: str) -> None:
        users = message.reactions.setdefault(name, [])
        if user in users:
            raise SlackError("already_reacted")
        users.append(user)
        self._noted()
        self.events.reaction(message, user, name, added=True)

    def unreact(self, message: Message, user: str, name: str) -> None:
        users = message.reactions.get(name, [])
        if user not in users:
            raise SlackError("no_reaction")
        users.remove(user)
        if not users:
            del message.reactions[name]
        self._noted()
        self.events.reaction(message, user, name, added=False)

    def join(self, channel: Channel, user: str, inviter: str | None = None) -> bool:
        """True when the user was not a member before."""
        if user in channel.members:
            return False
        channel.members.append(user)
        self._noted()
        self.events.joined(channel, user, inviter)
        return True

    def leave(self, channel: Channel, user: str) -> None:
        channel.members.remove(user)
        self._noted()
        self.events.left(channel, user)

    def archive(self, channel: Channel, by: str, *, back: bool = False) -> None:
        channel.archived = not back
        self._noted()
        self.events.archived(channel, by, back=back)

    def _changed(self, message: Message) -> None:
        self.space.touch(message)
        self._noted()

    def _noted(self) -> None:
        self.host.changed.note()
