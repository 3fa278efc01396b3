"""Whatever is done in whatever order: no slot is both freed and paid, and every cent that came is accounted for."""

import tempfile
from collections import Counter
from datetime import timedelta
from functools import cache
from itertools import combinations, count
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, rule
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot import schema
from bot.database import sqlite_engine
from domain import bookings, deciding, leaving, orders, payments, requests
from domain.appointments import STANDING, Booking, BookingState
from domain.charges import Charge
from domain.money import Money
from domain.occupancy import Attendance, Cell
from domain.orders import MONEY, USE, Movement, MovementKind, Order, PaymentState
from domain.receipts import Receipt, receipt_of
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
        self.charges = set[str]()  # what the network has said
        self.net = Counter[int | None]()  # by order: what was received for it minus what was given back
        self.numbers = count(1)

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
        self.counts(name, amount, self.tries(lambda: pays(self.work, order, name, amount)))

    def counts(self, name: str, amount: Money, movement: object) -> None:
        assert isinstance(movement, Movement) == (name not in self.charges), "each charge counts, and once"
        self.charges.add(name)
        if isinstance(movement, Movement):
            self.net[movement.order_id] += amount.minor

    @rule(cents=st.sampled_from((1, 5500, 11000)))
    def money_comes_for_nothing_we_know(self, cents: int) -> None:
        amount, name = Money(cents, "EUR"), f"u{next(self.numbers)}"
        came = payments.Received("nobody's", amount, name)
        self.counts(name, amount, self.tries(lambda: payments.receive(self.work, PAID, came)))

    @rule(who=st.integers(0, 1), deed=st.sampled_from(("belongs", "back", "some")), cents=st.integers(1, 12000))
    def the_team_decides_about_it(self, who: int, deed: str, cents: int) -> None:
        unknown = select(Movement).where(Movement.order_id.is_(None), Movement.of_id.is_(None))
        for came in self.work.session.scalars(unknown).all():
            left = deciding.undecided(self.work, came)
            if deed == "belongs":
                wish, _ = self.people[who]
                made = self.tries(lambda came=came, wish=wish: deciding.belongs_to(self.work, PAID, came, wish))
                if isinstance(made, Order):
                    self.net[None] -= left.minor
                    self.net[made.id] += left.minor
                continue
            amount = left if deed == "back" else Money(cents, "EUR")
            back = self.tries(lambda came=came, amount=amount: deciding.give_back_unknown(self.work, came, amount, "x"))
            if back is not None:
                self.net[None] -= amount.minor

    @rule(hours=st.sampled_from((0.25, 1, 23, 24)))
    def time_passes(self, hours: float) -> None:
        self.work.now += timedelta(hours=hours)

    @rule()
    def the_sweeper_comes(self) -> None:
        for booking in self.work.session.scalars(select(Booking)).all():
            self.tries(lambda booking=booking: bookings.expire(self.work, booking))

    @rule(order=asked_for, deed=st.sampled_from(("let_go", "keep", "back", "some", "bank")), cents=st.integers(1, 9000))
    def the_team_decides(self, order: Order | None, deed: str, cents: int) -> None:
        if order is None:
            return
        stray = self.work.session.scalars(select(Order).where(Order.state == PaymentState.STRAY)).first()
        order = stray if deed in ("keep", "some") and stray is not None else order
        if deed == "let_go":
            self.tries(lambda: deciding.let_go(self.work, order))
        elif deed == "keep":
            self.tries(lambda: deciding.keep_it(self.work, PAID, order))
        else:
            bank = deed == "bank"
            amount = orders.left(self.work, order) if deed == "back" else Money(cents, order.currency)
            most = (orders.paid if bank else orders.left)(self.work, order)
            if self.tries(lambda: deciding.give_back(self.work, order, amount, "x", disputed=bank)) is not None:
                assert amount <= most, "more went back than there was"
                self.net[order.id] -= amount.minor

    @rule(order=asked_for, cents=st.integers(1, 9000))
    def the_bank_gives_it_back(self, order: Order | None, cents: int) -> None:
        if order is None:
            return
        amount = min(Money(cents, order.currency), orders.taken(self.work, order))
        if self.tries(lambda: deciding.came_again(self.work, order, amount, "x")) is not None:
            self.net[order.id] += amount.minor

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
        coming = self.work.session.scalars(select(Attendance)).all()
        for booking in self.work.session.scalars(select(Booking)):
            # What is held or paid for may share its quarters with another time of the same request; the diary keeps it.
            kept = booking.state in (BookingState.HELD, BookingState.PAYING, *STANDING)
            assert any(who.booking_id == booking.id for who in coming) or not kept, booking.state
            assert booking.id in taken or booking.state not in STANDING, booking.state
            assert not (booking.state in FREE and booking.id in taken), booking.state
        for one, other in combinations(coming, 2):
            apart = one.until <= other.first or other.until <= one.first
            assert apart or one.technician != other.technician or one.request_id == other.request_id, "in two places"

    @invariant()
    def the_sums_are_right(self) -> None:
        if not hasattr(self, "work"):
            return
        self.work.session.flush()
        moved = self.work.session.scalars(select(Movement)).all()
        by_order = Counter[int | None]()
        for movement in moved:
            by_order[movement.order_id] += movement.amount_minor if movement.kind in MONEY else 0
        assert +by_order == +self.net, "an order's movements are what came minus what went back"
        assert min(by_order.values(), default=0) >= 0
        used = -sum(m.amount_minor for m in moved if m.kind in USE)
        assert money_in_house(self.work) == sum(self.net.values()) - used >= 0
        for order in self.work.session.scalars(select(Order)):
            mine = [m for m in moved if m.order_id == order.id]
            assert orders.left(self.work, order).minor >= 0
            came = [m for m in mine if m.amount_minor > 0 and m.kind in (MovementKind.CHARGED, MovementKind.DEPOSIT)]
            assert len(came) <= 1, "an order is paid once"
            assert bool(came) == (order.state in (PaymentState.PAID, PaymentState.STRAY, PaymentState.REFUNDED))
            if order.state is PaymentState.REFUNDED:
                assert by_order[order.id] == 0
            self.taxes_sum(order, mine)
            has_receipt = any(receipt_of(self.work, m.id) for m in mine)
            assert has_receipt or order.state is not PaymentState.PAID
            assert not (has_receipt and order.state is PaymentState.STRAY)
        numbers = sorted(r.number for r in self.work.session.scalars(select(Receipt)))
        assert numbers == list(range(1, len(numbers) + 1)), "a receipt is missing"

    def taxes_sum(self, order: Order, mine: list[Movement]) -> None:
        """The taxes of the movements are the tax of their sum, to the cent, in however many parts it moved."""
        for kinds in (MONEY, USE):
            amount = sum(m.amount_minor for m in mine if m.kind in kinds)
            assert sum(m.tax_minor for m in mine if m.kind in kinds) == orders.tax_in(order, amount)

    @invariant()
    def nothing_is_paid_more_than_it_is_owed(self) -> None:
        if not hasattr(self, "work"):
            return
        for charge in self.work.session.scalars(select(Charge)):
            against = select(func.sum(Movement.amount_minor)).where(Movement.charge_id == charge.id)
            assert 0 <= -(self.work.session.scalar(against) or 0) <= charge.amount_minor


TestPaying = pytest.mark.slow(Paying.TestCase)
TestPaying.settings = settings(max_examples=settings().max_examples // 4, stateful_step_count=30)
