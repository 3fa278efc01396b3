"""A local Slack that slack-bolt and slack-sdk cannot tell from the real one."""

from sandbox.slack.errors import SlackError
from sandbox.slack.network import Slack
from sandbox.slack.person import Person, Pressed
from sandbox.slack.seen import Home, Modal, Post, Surface
from sandbox.slack.state import Channel, File, User

__all__ = ["Channel", "File", "Home", "Modal", "Person", "Post", "Pressed", "Slack", "SlackError", "Surface", "User"]
