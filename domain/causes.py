"""What was wrong, as the team says when it is solved: the company's own list, or the usual one. Pure."""

from domain.declared import Key, Value, Words

USUAL = ("settings", "network", "power", "wear", "defect", "handling", "third_party", "weather", "unknown")
MOST = 50


class Cause(Value):
    """One cause of the company's own list."""

    key: Key
    name: Words
