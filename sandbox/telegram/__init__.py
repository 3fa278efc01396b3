"""A local Telegram: the bot's side over HTTP, the people's side in Python."""

from sandbox.telegram.bubbles import Bubble, Button
from sandbox.telegram.person import Group, Person, Press
from sandbox.telegram.server import Telegram
from sandbox.telegram.state import Rates
from sandbox.telegram.till import CARDS, Payment

__all__ = ["CARDS", "Bubble", "Button", "Group", "Payment", "Person", "Press", "Rates", "Telegram"]
