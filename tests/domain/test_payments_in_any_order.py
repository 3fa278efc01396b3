"""Whatever is done in whatever order: no slot is both freed and paid, and every cent that came is accounted for."""

import tempfile
from collections import Counter
from datetime import timedelta
from functools import cache
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import schema
from bot.database import sqlite_engine
from domain import bookings, deciding, leaving, orders, payments, requests
from domain.appointments import STANDING, Booking, BookingState
from domain.money import Money
from domain.occupancy import Cell
from domain.orders import MONEY, Movement, Order, PaymentState
from domain.receipts import Receipt
from domain.work import Refusal, Work
from tests.domain.ground import MONDAY
from tests.domain.till import PAID, asked, begins, held, money_in_house, ordered, pays

HOURS = st.sampled_from((24, 26, 28))
WHO = st.sampled_from(("ana", "tom"))
FREE = (BookingState.EXPIRED, BookingState.CANCELLED, BookingState.MOVED)


@cache
def empty() -> bytes:
    """An SQLite file with every table."""
    file = Path(tempfile.mkdtemp()) / "empty.db"
    engine = sqlite_engine(f"sqlite:///{file}")
    schema.everything().create_all(engine)
    engine.dispose()
    return file.read_bytes()


class Paying(RuleBasedStateMachine):
    """Two people, two technicians, three hours of a day, one account."""

    asked_for = Bundle("asked_for")

    @initialize()
    def begins(self) -> None:
        self.folder = tempfile.TemporaryDirectory()
        file = Path(self.folder.name) / "record.db"
        file.write_bytes(empty())
        self.engine = sqlite_engine(f"sqlite:///{file}")
        self.work = Work(Session(self.engine, expire_on_commit=False), MONDAY, "test")
        self.people = [asked(self.work, name) for name in ("Marta", "Luigi")]
        self.came = Counter[str]()  # by charge: what the network says
        self.back = 0

    def teardown(self) -> None:
        if hasattr(self, "work"):
            self.work.session.close()
            self.engine.dispose()
            self.folder.cleanup()

    def tries(self, deed) -> object:  # type: ignore[no-untyped-def]
        """Do it as the desk would: a refusal undoes it."""
        try:
            with self.work.session.begin_nested():
                done = deed()
                seen = 0
                while seen < len(self.work.events):
                    self.reacts(self.work.events[seen])
                    seen += 1
            return done
        except Refusal:
            return None
        finally:
            self.work.events.clear()

    def reacts(self, fact: object) -> None:
        name = type(fact).__name__
        if name == "HoldExpired":
            payments.lapse(self.work, self.booking(fact))
        elif name == "WorkDone":
            payments.crediting.done(self.work, self.booking(fact))
        elif name == "BookingCancelled":
            payments.crediting.called_off(self.work, self.booking(fact))

    def booking(self, fact: object) -> Booking:
        return self.work.session.get_one(Booking, fact.booking)  # type: ignore[attr-defined]

    @rule(target=asked_for, who=st.integers(0, 1), hours=HOURS, technician=WHO)
    def is_asked(self, who: int, hours: int, technician: str) -> Order | None:
        wish, person = self.people[who]
        start = MONDAY + timedelta(hours=hours) - self.work.now
        ahead = int(start / timedelta(hours=1))

        def chooses() -> Order | None:
            visit = held(self.work, wish, ahead, technician)
            if payments.demanded(self.work, PAID, visit, wish) is None:  # what was paid before goes along
                bookings.confirm(self.work, visit, wish)
                return None
            return ordered(self.work, visit, wish, person)

        made = self.tries(chooses)
        return made if isinstance(made, Order) else None

    @rule(order=asked_for, payer=st.sampled_from(("7001", "7002")))
    def pre_checkout(self, order: Order | None, payer: str) -> None:
        if order is not None:
            self.tries(lambda: begins(self.work, order, payer))

    @rule(order=asked_for, charge=st.sampled_from("abc"), other=st.booleans())
    def money_comes(self, order: Order | None, charge: str, other: bool) -> None:
        if order is None:
            return
        amount = Money(order.amount_minor + 7 * other, order.currency)
        name = f"{charge}-{order.id}"
        if self.tries(lambda: pays(self.work, order, name, amount)) is not None:
            assert name not in self.came, "a charge was counted twice"
            self.came[name] = amount.minor

    @rule(hours=st.sampled_from((0.25, 1, 23, 24)))
    def time_passes(self, hours: float) -> None:
        self.work.now += timedelta(hours=hours)

    @rule()
    def the_sweeper_comes(self) -> None:
        for booking in self.work.session.scalars(select(Booking)).all():
            self.tries(lambda booking=booking: bookings.expire(self.work, booking))

    @rule(order=asked_for, deed=st.sampled_from(("let_go", "keep", "back", "some")))
    def the_team_decides(self, order: Order | None, deed: str) -> None:
        if order is None:
            return
        last = self.work.session.scalars(select(Order).order_by(Order.id.desc())).first()
        order = last if deed in ("keep", "some") and last is not None else order
        if deed == "let_go":
            self.tries(lambda: deciding.let_go(self.work, order))
        elif deed == "keep":
            self.tries(lambda: deciding.keep_it(self.work, PAID, order))
        else:
            left = orders.left(self.work, order)
            amount = left if deed == "back" else Money(left.minor // 2, left.currency)
            if self.tries(lambda: deciding.give_back(self.work, order, amount, "test")) is not None:
                self.back += amount.minor

    @rule(who=st.integers(0, 1), ends=st.booleans())
    def is_called_off_or_done(self, who: int, ends: bool) -> None:
        wish, _ = self.people[who]
        for booking in bookings.booked_for(self.work, wish):
            if ends and booking.starts_at <= self.work.now:
                self.tries(lambda booking=booking: bookings.complete(self.work, booking, wish, 30))
            elif not ends:
                self.tries(lambda booking=booking: leaving.call_off(self.work, booking, wish))

    @rule(who=st.integers(0, 1))
    def the_request_ends(self, who: int) -> None:
        wish, person = self.people[who]
        if bookings.booked_for(self.work, wish):
            return
        self.tries(lambda: (bookings.release_holds_of(self.work, wish), requests.cancel(self.work, wish)))
        self.people[who] = asked(self.work, person.name)

    @invariant()
    def no_slot_is_both_freed_and_paid(self) -> None:
        if not hasattr(self, "work"):
            return
        self.work.session.flush()
        taken = set(self.work.session.scalars(select(Cell.booking_id)))
        for booking in self.work.session.scalars(select(Booking)):
            kept = booking.state in (BookingState.HELD, BookingState.PAYING, *STANDING)
            assert not (kept and booking.id not in taken and not self.moves(booking)), booking.state
            assert not (booking.state in FREE and booking.id in taken), booking.state
        fresh = select(Order).where(Order.state == PaymentState.PAID)
        for order in self.work.session.scalars(fresh):
            booking = self.work.session.get_one(Booking, order.booking_id)
            left = orders.left(self.work, order).minor
            # Money for what does not stand any more is there for the next appointment, or a task.
            assert booking.state is not BookingState.EXPIRED or left >= 0

    def moves(self, booking: Booking) -> bool:
        """A hold in place of another appointment of the same request shares its quarters until it stands."""
        mine = select(Booking).where(Booking.request_id == booking.request_id, Booking.id != booking.id)
        others = self.work.session.scalars(mine.where(Booking.state.not_in((*FREE, BookingState.DONE))))
        return booking.state is BookingState.HELD and any(others)

    @invariant()
    def the_sums_are_right(self) -> None:
        if not hasattr(self, "work"):
            return
        self.work.session.flush()
        moved = self.work.session.scalars(select(Movement)).all()
        money = sum(m.amount_minor for m in moved if m.kind in MONEY)
        assert money == sum(self.came.values()) - self.back
        used = -sum(m.amount_minor for m in moved if m.kind not in MONEY)
        assert money_in_house(self.work) == money - used >= 0
        for order in self.work.session.scalars(select(Order)):
            assert orders.left(self.work, order).minor >= 0
            came = [m for m in moved if m.order_id == order.id and m.charge]
            assert len(came) <= 1, "an order is paid once"
            has = bool(came)
            assert has == (order.state in (PaymentState.PAID, PaymentState.STRAY, PaymentState.REFUNDED))
        numbers = sorted(r.number for r in self.work.session.scalars(select(Receipt)))
        assert numbers == list(range(1, len(numbers) + 1)), "a receipt is missing"


TestPaying = Paying.TestCase
TestPaying.settings = settings(max_examples=25, stateful_step_count=30)
