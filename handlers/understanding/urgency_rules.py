"""What is dangerous: combinations of groups of words, the worst first (the words: locales/<lang>/understanding)."""

import msgspec

WHOLE_MESSAGE = 10_000


class Rule(msgspec.Struct, frozen=True):
    """All these groups within so many words of one sentence (or of the message) are a danger of this kind."""

    kind: str
    groups: tuple[str, ...]
    within: int = 8
    anywhere: bool = False


def _any(kind: str, *groups: str) -> tuple[Rule, ...]:
    return tuple(Rule(kind, (group,)) for group in groups)


def _both(kind: str, first: str, *others: str, within: int = 8) -> tuple[Rule, ...]:
    return tuple(Rule(kind, (first, other), within) for other in others)


def _anywhere(kind: str, first: str, *others: str) -> tuple[Rule, ...]:
    return tuple(Rule(kind, (first, other), WHOLE_MESSAGE, anywhere=True) for other in others)


EMERGENCIES: tuple[Rule, ...] = (
    Rule("gas", ("gas", "smell"), 7, anywhere=True),
    *_both("gas", "gas", "leak", within=5),
    *_any("gas", "eggs", "gas_out"),
    *_anywhere("gas", "headache", "fumes_source"),
    *_any("fire", "fire"),
    *_both("fire", "fire_bare", "room", "help", "elec", within=6),
    *_any("electric", "spark", "shock"),
    *_both("electric", "crackle", "elec"),
    *_both("electric", "crackle", "wall", within=5),
    *_both("electric", "buzz", "mains", within=6),
    *_both("electric", "current", "touch", within=5),
    *_both("electric", "bare", "wire", within=8),
    *_both("electric", "wire", "live", within=10),
    *_anywhere("electric", "life_support", "unpowered"),
    *_any("smoke", "smoke"),
    *_both("burning", "burnt", "smell", within=8),
    *_any("burning", "burns_now"),
    *_both("burning", "smell", "mains", within=6),
    *_both("burning", "melted", "elec", within=6),
    Rule("burning", ("blackened", "elec", "smell"), 8),
    Rule("burning", ("blackened", "mains", "hot"), 8),
    *_both("burning", "burns_verb", "elec", "appliance", within=4),
    *_both("burning", "plastic", "smell", within=4),
    Rule("burning", ("burnt", "smell"), 22, anywhere=True),
    *_both("overheating", "swollen", "battery"),
    *_both("overheating", "very_hot", "elec", within=9),
    *_both("overheating", "hot_strong", "appliance", "cooker", within=9),
    *_any("overheating", "untouchable"),
    *_both("overheating", "steam", "boiler", within=9),
    *_both("overheating", "cooker", "unstopping", within=7),
    *_both("overheating", "hot", "elec", within=5),
    *_both("detector", "detector", "sounding", "unstopping", within=12),
    *_anywhere("detector", "detector", "headache", "evacuate"),
    *_both("detector", "ppm", "carbon", "detector", within=10),
    *_both("intruder", "someone", "intrude", within=12),
    *_any("intruder", "burgled"),
    Rule("intruder", ("noise", "alone"), 16),
    *_both("shut_in", "body", "caught", within=7),
    *_both("shut_in", "shut_in", "person", within=7),
    *_any("shut_in", "cant_exit", "trapped_people"),
    *_both("shut_in", "shut_in", "room", within=3),
    *_both("shut_in", "stuck", "people", within=4),
    Rule("shut_in", ("inside", "wont_open", "person"), 14),
    Rule("shut_in", ("lift", "halted", "person"), 14),
    *_any("locked_out", "locked_out", "keys_in"),
    *_both("locked_out", "cant_enter", "home", within=5),
    *_both("locked_out", "cant_enter", "entry", within=12),
    *_anywhere("locked_out", "key_broken", "outside", "cant_enter"),
    *_both("locked_out", "outside", "cant_enter", within=12),
    Rule("locked_out", ("outside", "entry", "person"), 16),
    *_any("water", "burst", "flood", "overflow"),
    *_both("water", "sewage", "rising", within=7),
    *_both("water", "water", "spread", within=9),
    *_both("water", "water", "mains", within=6),
    *_both("water", "ceiling", "drip", within=5),
    *_both("water", "full", "room", within=4),
    Rule("water", ("water", "flows"), 25, anywhere=True),
    *_anywhere("no_heating", "no_heat", "frost", "fragile", "aged"),
    *_anywhere("no_heating", "cold_body", "fragile", "aged"),
    *_both("no_heating", "cold_body", "frost", within=20),
    *_anywhere("no_heating", "chill", "frost", "fragile", "aged"),
    *(
        Rule("no_heating", ("heat", "dead", other), WHOLE_MESSAGE, anywhere=True)
        for other in ("frost", "fragile", "aged")
    ),
    Rule("siren", ("alarm", "unstopping"), 12, anywhere=True),
    *_both("siren", "alarm", "going_now", within=6),
    Rule("siren", ("alarm", "sounding", "lasting"), 12),
)

# Two groups that must also stand close together, wherever the third is.
CLOSE = {("heat", "dead"): 7}

HIGH: tuple[Rule, ...] = (
    *_any("", "no_hot_water", "no_power", "no_net", "no_light", "no_control", "alarm_high", "door_high", "harm_soon"),
    *_any("", "no_heat"),
    Rule("", ("heat", "dead"), 5),
    Rule("", ("today", "visit"), 9),
)

# What a “no” can deny: the thing said next. Losses (“no heating”) are sayings of their own.
DENIABLE = frozenset(
    (
        "smoke",
        "fire",
        "fire_bare",
        "gas",
        "smell",
        "leak",
        "eggs",
        "burnt",
        "burns_now",
        "spark",
        "shock",
        "crackle",
        "swollen",
        "flood",
        "burst",
        "overflow",
        "locked_out",
        "shut_in",
        "someone",
        "intrude",
        "burgled",
        "water",
        "alarm",
        "sounding",
        "hot",
        "very_hot",
        "hot_strong",
        "steam",
        "sewage",
        "headache",
        "frost",
    )
)

# Marks that stand for a thing of their own: the danger words inside them do not count (a smoke detector is no smoke).
SWALLOWS = frozenset({"mask", "detector"})
