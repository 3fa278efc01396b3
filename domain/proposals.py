"""Proposals: prices as they were put to somebody, with everything that makes them again for ever, and their life."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import msgspec
from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, mapped_column

from domain import pricing
from domain.cases import Case
from domain.contracts import Contract, terms
from domain.coverage import Verdict
from domain.pricing import Priced
from domain.quotes import Quote
from domain.record import Short, Table, choice, impersonal
from domain.stored import keep_plan, plan_of, tariff_of
from domain.work import Refusal, Work

# A stored case carries the hours its minutes lie in: no clock has to be asked when its price is made again.
NOWHERE = "UTC"


class QuoteState(StrEnum):
    """The life of a quote."""

    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    EXPIRED = "expired"


class QuoteDeed(StrEnum):
    """What can be done to a quote."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    EXPIRE = "expire"


LIFE: dict[tuple[QuoteState, QuoteDeed], QuoteState] = {
    (QuoteState.PROPOSED, QuoteDeed.ACCEPT): QuoteState.ACCEPTED,
    (QuoteState.PROPOSED, QuoteDeed.REFUSE): QuoteState.REFUSED,
    (QuoteState.PROPOSED, QuoteDeed.EXPIRE): QuoteState.EXPIRED,
}


class StoredQuote(Table):
    """A price as it was promised: every line, what it was made from, and until when it holds."""

    __tablename__ = "quotes"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), index=True)
    tariff_id: Mapped[int] = mapped_column(ForeignKey("tariffs.id"))
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("plans.id"))
    contract_id: Mapped[int | None] = mapped_column(ForeignKey("contracts.id"))
    asked: Mapped[dict[str, Any]] = impersonal()  # the case; empty where an older program kept none
    verdict: Mapped[dict[str, Any]] = impersonal()
    body: Mapped[dict[str, Any]] = impersonal()
    total_minor: Mapped[int]
    currency: Mapped[str] = impersonal(Short)
    state: Mapped[QuoteState] = mapped_column(choice(QuoteState), default=QuoteState.PROPOSED)
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("quotes.id"))
    made_by: Mapped[str | None] = impersonal(Short)  # the teammate who made it, where it is not the tariff alone
    expires_at: Mapped[datetime]
    created_at: Mapped[datetime]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def subject(self) -> str:
        """What the ledger calls it."""
        return f"quote:{self.id}"


@dataclass(eq=False)
class QuoteExpired(Refusal):
    """The price was promised until a day that is over; a fresh one is made."""


@dataclass(eq=False)
class QuoteSettled(Refusal):
    """It was agreed to, refused or replaced before."""


@dataclass(eq=False)
class NotReplayable(Refusal):
    """An older program kept the price, but not what it was made from."""


@dataclass(frozen=True)
class Promise:
    """A price before it is stored: the tariff's number, and until when it holds."""

    priced: Priced
    tariff: int
    until: datetime


def propose(
    work: Work, request: int, promise: Promise, contract: Contract | None, replaces: int | None = None
) -> StoredQuote:
    """Store a price with the tariff, the plan and the case that it was made from."""
    plan, quote = terms(contract), promise.priced.quote
    stored = StoredQuote(
        request_id=request,
        tariff_id=promise.tariff,
        plan_id=None if plan is None else keep_plan(work, plan).id,
        contract_id=None if contract is None else contract.id,
        asked=msgspec.to_builtins(promise.priced.case),
        verdict=msgspec.to_builtins(promise.priced.verdict),
        body=msgspec.to_builtins(quote),
        total_minor=quote.total.minor,
        currency=quote.total.currency,
        state=QuoteState.PROPOSED,
        replaces_id=replaces,
        expires_at=promise.until,
        created_at=work.now,
    )
    work.session.add(stored)
    work.session.flush()
    return stored


def by_number(work: Work, numbers: Collection[int]) -> dict[int, StoredQuote]:
    """Several at once."""
    found = select(StoredQuote).where(StoredQuote.id.in_(numbers))
    return {stored.id: stored for stored in work.session.scalars(found)} if numbers else {}


def settle(stored: StoredQuote, deed: QuoteDeed) -> None:
    """Change the state by the life table. Raises QuoteSettled."""
    after = LIFE.get((stored.state, deed))
    if after is None:
        raise QuoteSettled
    stored.state = after


def accept(work: Work, stored: StoredQuote) -> bool:
    """Agree to a price; a second time does nothing and says False. Raises QuoteExpired, QuoteSettled."""
    if stored.state is QuoteState.ACCEPTED:
        return False
    if stored.state is QuoteState.EXPIRED or stored.expires_at <= work.now:
        raise QuoteExpired
    settle(stored, QuoteDeed.ACCEPT)
    return True


def replay(work: Work, number: int) -> Quote:
    """A quote made again from what was stored: the same for ever. Raises NotReplayable."""
    stored = work.session.get_one(StoredQuote, number)
    case = case_of(stored)
    if case is None:
        raise NotReplayable
    tariff, plan = tariff_of(work, stored.tariff_id), plan_of(work, stored.plan_id)
    return pricing.quote(tariff, stored.currency, NOWHERE, case, verdict_of(stored), plan)


def verdict_of(stored: StoredQuote) -> Verdict:
    """The ruling it was made with."""
    return msgspec.convert(stored.verdict, Verdict)


def quote_of(stored: StoredQuote) -> Quote:
    """The price as it was promised."""
    return msgspec.convert(stored.body, Quote)


def case_of(stored: StoredQuote) -> Case | None:
    """The facts it was made from, if they were kept."""
    return msgspec.convert(stored.asked, Case) if stored.asked else None
