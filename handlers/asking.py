"""What a kind of prompt says, and what follows a yes. When it is asked, and how one ends it, is the same for all."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from domain.prompts import Prompt
from handlers.conversation import Talk
from handlers.messages import Homeowner, Message, Outgoing

Answering = Callable[[Talk, Prompt], Iterable[Outgoing]]


@dataclass(frozen=True)
class Asking:
    """One kind of prompt; its message comes without the row of *later*, *never this* and *stop all*."""

    still: Callable[[Talk, Prompt], bool]  # is it still true?
    message: Callable[[Talk, Prompt, Homeowner], Message]
    yes: Answering | None = None
    asked: Callable[[Talk, Prompt], None] | None = None  # what is written down once it is asked


def about(prompt: Prompt) -> str:
    """The identity of its message."""
    return f"prompt:{prompt.id}"
