"""What the team decides about money that came for no order of ours: it went back, or it belongs to a request."""

from collections.abc import Iterable

from domain import deciding
from domain.deciding import NothingToPay
from domain.orders import Movement, NotForThisOrder
from domain.people import by_telegram
from domain.requests import Request, numbered, running_of
from handlers.conversation import Handler, Talk
from handlers.messages import Field, Form, FormErrors, Outgoing
from handlers.refusals import FormRefused, phrase
from handlers.team.payments import NoSuchOrder, amount_of, back_form, bank_took_it, too_much, words_of
from handlers.team.requests import filled
from locales.text import t


def _came(talk: Talk) -> Movement:
    """The money a button or form names. Raises NoSuchOrder."""
    found = deciding.held_for_deciding(talk.work, talk.number("movement"))
    if found is None:
        raise NoSuchOrder
    return found


def ask_back(talk: Talk) -> Iterable[Outgoing]:
    """Open the form: how much went back, how, and why."""
    came = _came(talk)
    left = deciding.undecided(talk.work, came)
    return back_form(talk, left, "team.money.unknown_back.sent", movement=came.id)


def back(talk: Talk) -> Iterable[Outgoing]:
    """It went back by hand, or the bank took it."""
    came = _came(talk)
    amount, words = amount_of(talk, came.currency), words_of(talk)
    try:
        deciding.give_back_unknown(talk.work, came, amount, words, disputed=bank_took_it(talk))
    except NotForThisOrder:
        raise too_much(deciding.undecided(talk.work, came)) from None
    return ()


def ask_belongs(talk: Talk) -> Iterable[Outgoing]:
    """Open the form: to which request? The newest of whoever paid is proposed."""
    came, asked = _came(talk), talk.came
    payer = by_telegram(talk.work, came.payer) if came.payer else None
    known = running_of(talk.work, payer.id) if payer is not None else []
    field = Field("number", t("belongs.number"), hint=t("belongs.hint"), initial=known[0].number if known else None)
    if asked.trigger is not None:
        yield Form(
            trigger=asked.trigger, user=asked.sender.user, act="team.money.belongs.sent", args={"movement": came.id},
            title=t("belongs.title"), intro=(t("belongs.intro", left=deciding.undecided(talk.work, came)),),
            fields=(field,), submit=t("belongs.submit"),
        )  # fmt: skip


def belongs(talk: Talk) -> Iterable[Outgoing]:
    """It pays for the appointment of that request, or for its next one."""
    came = _came(talk)
    try:
        deciding.belongs_to(talk.work, talk.company, came, _meant(talk))
    except NothingToPay as no:
        raise FormRefused(FormErrors({"number": phrase(no)})) from None
    return ()


def _meant(talk: Talk) -> Request:
    found = numbered(talk.work, str(filled(talk).get("number") or "").strip().lstrip("#"))
    if found is None:
        raise FormRefused(FormErrors({"number": t("belongs.not_found")}))
    return found


PRESSES: dict[str, Handler] = {"team.money.unknown_back": ask_back, "team.money.belongs": ask_belongs}
FORMS: dict[str, Handler] = {"team.money.unknown_back.sent": back, "team.money.belongs.sent": belongs}
