"""What follows a form that was sent: another one in its place, or a page."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot import outbox
from handlers.messages import Form, FormAnswer, FormNext, Outgoing, Page


def next_view(
    session: Session, said: list[Outgoing], answer: FormAnswer | None, now: datetime
) -> tuple[list[Outgoing], FormAnswer | None]:
    """A view that takes the place of the form that was sent is its acknowledgement; it never meets the outbox."""
    following = next((s for s in said if isinstance(s, Form | Page) and _takes_its_place(s)), None)
    if following is None:
        return said, answer
    token = outbox.keyboard(session, following, following.user, now) or ""
    return [s for s in said if s is not following], FormNext(following, token)


def _takes_its_place(view: Form | Page) -> bool:
    return view.trigger is None and not (isinstance(view, Page) and (view.home or view.view is not None))
