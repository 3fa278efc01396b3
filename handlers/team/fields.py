"""What was filled in, read as a day and a time of day."""

from datetime import date, time

from handlers.conversation import Talk
from handlers.messages import FormErrors
from handlers.refusals import FormRefused
from handlers.team.requests import filled
from locales.text import t


def day_in(talk: Talk, field: str) -> date:
    """The day. Raises FormRefused."""
    try:
        return date.fromisoformat(str(filled(talk).get(field) or "").strip())
    except ValueError:
        raise FormRefused(FormErrors({field: t("calendar.wrong.day")})) from None


def hour_in(talk: Talk, field: str, usual: str) -> time:
    """The time of day, or the usual one when there is none. Raises FormRefused."""
    try:
        return time.fromisoformat(str(filled(talk).get(field) or "").strip() or usual)
    except ValueError:
        raise FormRefused(FormErrors({field: t("calendar.wrong.time")})) from None
