"""Payments: money that was offered and money that came. The charge's id is unique: nothing is counted twice."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from domain.record import Name, Short, Table, choice, impersonal


class PaymentState(StrEnum):
    """The life of a payment."""

    ASKED = "asked"
    PAYING = "paying"  # the pre-checkout was answered: the sweeper may not free the slot
    PAID = "paid"
    FAILED = "failed"
    REFUNDED = "refunded"


class Payment(Table):
    """One invoice for one quote."""

    __tablename__ = "payments"
    __table_args__ = (CheckConstraint("amount_minor > 0", "amount_positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    quote_id: Mapped[int] = mapped_column(ForeignKey("quotes.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("people.id"))
    order: Mapped[str] = impersonal(Short, unique=True)  # the invoice's payload
    charge: Mapped[str | None] = impersonal(Name, unique=True)  # the network's id of the charge
    amount_minor: Mapped[int]
    currency: Mapped[str] = impersonal(Short)
    state: Mapped[PaymentState] = mapped_column(choice(PaymentState))
    paid_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012
