"""Words: the phrases, and the values they may mention."""
