"""Places where the proofs kill the process: `FAILPOINT=name` (or `name:n`, at the n-th passage) is a SIGKILL there.

Without the setting a passage costs one comparison. The names are listed so that a proof can walk all of them.
"""

import os
import signal

NAMES = (
    "telegram.fetched",
    "telegram.accepted",
    "webhook.received",
    "webhook.accepted",
    "slack.received",
    "slack.accepted",
    "slack.answered",
    "inbox.before_commit",
    "inbox.after_commit",
    "desk.began",
    "desk.read",
    "desk.handled",
    "desk.walked",
    "desk.put",
    "desk.before_commit",
    "desk.after_commit",
    "sender.posted",
    "sender.before_send.telegram",
    "sender.after_send.telegram",
    "sender.before_send.slack",
    "sender.before_files.slack",
    "sender.after_send.slack",
    "sender.before_mark",
    "sender.before_mark_commit",
    "sender.after_mark",
    "timers.claimed",
    "timers.before_commit",
    "timers.after_commit",
    "sweep.claimed",
)

_name, _, _count = os.environ.get("FAILPOINT", "").partition(":")
_left = int(_count or 1)


def failpoint(name: str) -> None:
    """Die here if the proof says so."""
    if name == _name:
        _die_at_the_last()


def _die_at_the_last() -> None:
    global _left
    _left -= 1
    if _left <= 0:
        os.kill(os.getpid(), signal.SIGKILL)
