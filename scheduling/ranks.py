"""Ranks: what goes first when much is due at once. Somebody who waits is never behind what is only ours to ask."""

from enum import IntEnum


class Rank(IntEnum):
    """The lower, the sooner."""

    WAITED_FOR = 0  # somebody waits for it, or it guards a promise: words, holds, money, promise clocks
    PROMISED = 1  # it was said for an hour: reminders, briefs, digests; what begins or ends by itself
    OURS = 2  # ours to ask: surveys, prompts, campaigns. A minute or an hour later is as good


RANKS: dict[str, Rank] = {
    "send": Rank.WAITED_FOR,
    "hold": Rank.WAITED_FOR,
    "paying": Rank.WAITED_FOR,
    "answer": Rank.WAITED_FOR,
    "promise": Rank.WAITED_FOR,
    "commitment": Rank.WAITED_FOR,
    "commitment_soon": Rank.WAITED_FOR,
    "soon": Rank.WAITED_FOR,
    "recovery": Rank.WAITED_FOR,
    "reminder": Rank.PROMISED,
    "brief": Rank.PROMISED,
    "evening": Rank.PROMISED,
    "snooze": Rank.PROMISED,
    "part": Rank.PROMISED,
    "talk": Rank.PROMISED,
    "silence": Rank.PROMISED,
    "contract": Rank.PROMISED,
    "digest": Rank.PROMISED,
    "wrong": Rank.PROMISED,
    "prompt": Rank.OURS,
    "look": Rank.OURS,
    "campaign": Rank.OURS,
    "recovery_end": Rank.OURS,
    "referral": Rank.OURS,
    "thanks": Rank.OURS,
}


def rank_of(kind: str) -> Rank:
    """The rank of a kind of timer; one that nobody has ranked was promised for its hour."""
    return RANKS.get(kind, Rank.PROMISED)
