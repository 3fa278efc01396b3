"""What becomes of the words a person types into Slack's message field."""

import re

from sandbox.slack.state import Json, Workspace

TOKENS = re.compile(r"(<@[A-Z0-9]+>|<#[A-Z0-9]+>|https?://[^\s<>]+)")


def typed(space: Workspace, words: str) -> tuple[str, list[Json]]:
    """The text and rich text block of typed words; `@Name` of a known user and `#channel` become mentions."""
    text, parts = "", []
    for token in TOKENS.split(_named(space, words)):
        if not token:
            continue
        if token.startswith("<@"):
            parts.append({"type": "user", "user_id": token[2:-1]})
            text += token
        elif token.startswith("<#"):
            parts.append({"type": "channel", "channel_id": token[2:-1]})
            text += token
        elif token.startswith(("http://", "https://")):
            parts.append({"type": "link", "url": token})
            text += f"<{token}>"
        else:
            parts.append({"type": "text", "text": token})
            text += escape(token)
    section = {"type": "rich_text_section", "elements": parts}
    return text, [{"type": "rich_text", "elements": [section]}] if parts else []


def _named(space: Workspace, words: str) -> str:
    names = {f"@{n}": f"<@{u.id}>" for u in space.users.values() for n in (u.name, u.handle) if n}
    names |= {f"#{c.name}": f"<#{c.id}>" for c in space.channels.values() if c.name}
    for name in sorted(names, key=len, reverse=True):
        words = re.sub(rf"(?<![\w<]){re.escape(name)}(?!\w)", names[name], words)
    return words


def escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
