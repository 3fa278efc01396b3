"""Appointments: a slot that was held, booked, kept or called off; its table and its life."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from domain.areas import Help
from domain.record import Short, Table, choice, impersonal
from domain.work import Refusal


class BookingState(StrEnum):
    """The life of a booking."""

    HELD = "held"
    PAYING = "paying"  # the money is on its way: the sweeper may not free it
    BOOKED = "booked"
    ON_THE_WAY = "on_the_way"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    MOVED = "moved"
    NO_ACCESS = "no_access"  # we were there, and nobody opened
    DONE = "done"


class BookingDeed(StrEnum):
    """What can be done to a booking."""

    PAY = "pay"
    CONFIRM = "confirm"
    EXPIRE = "expire"
    SET_OUT = "set_out"
    CANCEL = "cancel"
    MOVE = "move"
    FIND_NOBODY = "find_nobody"
    COMPLETE = "complete"


GRACE = timedelta(minutes=15)
STANDING = (BookingState.BOOKED, BookingState.ON_THE_WAY)

LIFE: dict[tuple[BookingState, BookingDeed], BookingState] = {
    (BookingState.HELD, BookingDeed.PAY): BookingState.PAYING,
    (BookingState.PAYING, BookingDeed.PAY): BookingState.PAYING,
    **{(s, BookingDeed.CONFIRM): BookingState.BOOKED for s in (BookingState.HELD, BookingState.PAYING)},
    **{(s, BookingDeed.EXPIRE): BookingState.EXPIRED for s in (BookingState.HELD, BookingState.PAYING)},
    (BookingState.BOOKED, BookingDeed.SET_OUT): BookingState.ON_THE_WAY,
    **{(s, BookingDeed.CANCEL): BookingState.CANCELLED for s in STANDING},
    **{(s, BookingDeed.MOVE): BookingState.MOVED for s in STANDING},
    **{(s, BookingDeed.FIND_NOBODY): BookingState.NO_ACCESS for s in STANDING},
    **{(s, BookingDeed.COMPLETE): BookingState.DONE for s in STANDING},
}


class Booking(Table):
    """An appointment, remote or on site."""

    __tablename__ = "bookings"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), index=True)
    quote_id: Mapped[int] = mapped_column(ForeignKey("quotes.id"))
    help: Mapped[Help] = mapped_column(choice(Help))
    technician: Mapped[str] = impersonal(Short)  # who leads
    starts_at: Mapped[datetime] = mapped_column(index=True)
    ends_at: Mapped[datetime]
    window_minutes: Mapped[int] = mapped_column(default=0, server_default="0")  # so much later we arrive at most
    set_out_at: Mapped[datetime | None]
    expected_at: Mapped[datetime | None]  # when we said last that we would be there, when it is not the agreed time
    state: Mapped[BookingState] = mapped_column(choice(BookingState))
    hold_until: Mapped[datetime | None]
    uid: Mapped[str] = impersonal(Short, index=True)  # the calendar entry's: one that is moved keeps it
    sequence: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012

    @property
    def window(self) -> tuple[datetime, datetime]:
        """From when to when we arrive, by what was said last."""
        if self.expected_at is not None:
            return self.expected_at, self.expected_at + (GRACE if self.window_minutes else timedelta())
        return self.starts_at, self.starts_at + timedelta(minutes=self.window_minutes)

    def late(self, now: datetime) -> bool:
        """Whether we are later than we agreed: we have said so, or the time is over and nobody has set out."""
        agreed = self.starts_at + timedelta(minutes=self.window_minutes)
        if self.expected_at is not None:
            return self.expected_at > agreed
        return self.state is BookingState.BOOKED and now > agreed + GRACE


@dataclass(eq=False)
class SlotTaken(Refusal):
    """Somebody was faster."""


@dataclass(eq=False)
class HoldGone(Refusal):
    """The slot was kept for a while, and the while is over."""


@dataclass(eq=False)
class BalanceGone(Refusal):
    """What the plan included was used up meanwhile: the price is another one now."""


def advance_booking(booking: Booking, deed: BookingDeed) -> None:
    """Change the state by the life table. Raises HoldGone."""
    after = LIFE.get((booking.state, deed))
    if after is None:
        raise HoldGone
    booking.state = after
