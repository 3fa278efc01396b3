"""What all tests share."""

import os

os.environ["PTB_TIMEDELTA"] = "1"  # python-telegram-bot otherwise warns at every 429

from bot import logs  # noqa: E402 (the setting comes first)

logs.configure("error")
