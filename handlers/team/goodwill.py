"""Goodwill: something is given back, with a reason, logged and for the accounting; above a limit by managers only."""

from collections.abc import Iterable

from sqlalchemy import func, select

from domain import bookings, charges, desk_events
from domain.charges import Charge, ChargeKind
from domain.requests import Request
from domain.work import Refusal
from handlers.conversation import Handler, Talk
from handlers.messages import Field, FormErrors, Outgoing
from handlers.refusals import FormRefused
from handlers.team.amounts import money_in, own_word
from handlers.team.requests import filled, form, request_of
from locales.text import t

LONGEST_REASON = 500  # characters


class NoHome(Refusal):
    """A stranger owes nothing, so nothing can be given back."""


def ask(talk: Talk) -> Iterable[Outgoing]:
    """How much, and why?"""
    request = request_of(talk)
    if request.home_id is None:
        raise NoHome
    agreed = bookings.appointment_of(talk.work, request)
    price = bookings.quote_of(talk.work, agreed).total if agreed is not None else None
    fields = (
        Field("amount", t("goodwill.amount", currency=talk.company.currency), "number",
              initial=str(price.amount) if price else None),
        Field("words", t("goodwill.words"), "lines", hint=t("goodwill.hint"), longest=LONGEST_REASON),
    )  # fmt: skip
    return form(talk, request, "goodwill", (t("goodwill.intro"),), fields)


def sent(talk: Talk) -> Iterable[Outgoing]:
    """It is credited with the next invoice; the homeowner reads why."""
    request, words = request_of(talk), str(filled(talk).get("words") or "").strip()
    if request.home_id is None:
        raise NoHome
    if not words:
        raise FormRefused(FormErrors({"words": t("goodwill.no_reason")}))
    money = money_in(talk, "amount", str(filled(talk).get("amount") or ""))
    own_word(talk, money, "amount")
    credit = charges.goodwill(
        talk.work, request.home_id, money, words, f"{request.id}:{_number(talk, request)}", request.id
    )
    if credit is not None:
        talk.work.happened(desk_events.GoodwillGiven(request.id, credit.id, talk.staff.key))
    return ()


def _number(talk: Talk, request: Request) -> int:
    """Which credit of this request it is: each is one of its own."""
    given = select(func.count()).where(Charge.request_id == request.id, Charge.kind == ChargeKind.GOODWILL)
    return talk.work.session.scalar(given) or 0


PRESSES: dict[str, Handler] = {"team.goodwill": ask}
FORMS: dict[str, Handler] = {"team.goodwill.sent": sent}
