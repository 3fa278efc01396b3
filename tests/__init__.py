"""Tests are people with phones (Marta, Luigi) and teammates (Ana, Tom) who talk to the real program."""

import os
import tempfile

os.environ["PTB_TIMEDELTA"] = "1"  # python-telegram-bot otherwise warns at every 429
os.environ["XDG_RUNTIME_DIR"] = tempfile.mkdtemp(prefix="aftercare-")  # where the tests’ PostgreSQL keeps its socket
