"""How the program is, for whoever asks."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Health:
    """How the program is."""

    telegram: bool
    slack: bool
    handled: int
    failed: int
    sent: int
