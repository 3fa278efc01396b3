"""Receipts: numbered without gaps in each year. A number is taken in the transaction that writes the payment down."""

from contextlib import suppress
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, UniqueConstraint, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, mapped_column

from domain.orders import Movement
from domain.record import Table
from domain.work import Work


class Receipt(Table):
    """That an amount was received: one for each payment."""

    __tablename__ = "receipts"
    __table_args__ = (UniqueConstraint("year", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    number: Mapped[int]
    movement_id: Mapped[int] = mapped_column(ForeignKey("movements.id"), unique=True)
    issued_at: Mapped[datetime]

    @property
    def name(self) -> str:
        """What is printed on it."""
        return f"{self.year}-{self.number:05d}"


class ReceiptBook(Table):
    """The last number of a year; whoever takes the next one holds this row until his transaction ends."""

    __tablename__ = "receipt_books"

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(default=0)


def issue(work: Work, movement: Movement, zone: str) -> Receipt:
    """The receipt of a payment; the year is the company's own (`zone`)."""
    year = work.now.astimezone(ZoneInfo(zone)).year
    turned = update(ReceiptBook).where(ReceiptBook.year == year).values(last=ReceiptBook.last + 1)
    while (number := work.session.scalar(turned.returning(ReceiptBook.last))) is None:
        with suppress(IntegrityError), work.session.begin_nested():  # somebody else may begin the year at this moment
            work.session.execute(insert(ReceiptBook).values(year=year, last=0))
    made = Receipt(year=year, number=number, movement_id=movement.id, issued_at=work.now)
    work.session.add(made)
    work.session.flush()
    return made


def receipt_of(work: Work, movement: int) -> Receipt | None:
    """The receipt of a payment, if it has one."""
    return work.session.scalar(select(Receipt).where(Receipt.movement_id == movement))
