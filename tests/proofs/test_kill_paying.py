"""The process dies on a payment's way; it is started again, and the money is booked exactly once."""

from pathlib import Path

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from domain.appointments import Booking, BookingState
from domain.contracts import Contract
from domain.orders import Movement, Order, PaymentState
from domain.receipts import Receipt
from tests.journey.test_paying import TOKEN, company
from tests.proofs.outside import PATIENCE, Outside, outside
from tests.proofs.report import Report
from tests.proofs.story import Story, begins_a_report, opens_the_invitation, picks_a_time, tells_and_shows, w

SEED = 20260412

# Where, and at which passage after Pay was pressed: the question comes first, the money second.
KILLS = (
    ("telegram.fetched", 1),  # the question is not written down yet
    ("telegram.accepted", 1),
    ("desk.before_commit", 1),  # “yes” was decided, and is not
    ("desk.after_commit", 1),  # “yes” was decided, and has not left
    ("sender.before_send.telegram", 1),
    ("sender.after_send.telegram", 1),  # “yes” has left, and we do not know it: between pre-checkout and payment
    ("sender.after_mark", 1),
    ("telegram.fetched", 2),  # the money is not written down yet
    ("desk.before_commit", 2),
    ("desk.after_commit", 2),
)
FEW = {("desk.after_commit", 1), ("sender.after_send.telegram", 1), ("desk.before_commit", 2)}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """All kills with --full, else the sample."""
    chosen = KILLS if metafunc.config.getoption("--full") else [kill for kill in KILLS if kill in FEW]
    metafunc.parametrize(("name", "passage"), chosen, ids=[f"{name}-{passage}" for name, passage in chosen])


@pytest.mark.slow
async def test_money_on_its_way_outlives_the_process(name: str, passage: int, tmp_path: Path, report: Report) -> None:
    more = {"TELEGRAM_PAYMENT_TOKEN": TOKEN, "COMPANY_FILE": company(tmp_path)}
    async with outside(tmp_path, **more) as out:
        # How fast a process starts is another proof's: here the network waits for it.
        out.house.sandbox.delays.pre_checkout = PATIENCE
        story = Story(out)
        await out.starts()
        await is_asked_to_pay(story)
        await out.stops()
        await out.starts(f"{name}:{passage}")
        payment = await story.marta.pays()
        if not payment.paid:
            payment = await story.marta.pays()
        assert payment.paid, (payment.reason, payment.words)
        await out.died()
        # Not “Receipt”: Telegram itself writes that on what was paid, before anybody told us.
        await story.marta.sees(w("booked.title"), timeout=PATIENCE, anywhere=True)
        await out.quiet()
        assert out.deaths == 1, f"it never passed {name} {passage} times"
        await out.in_database(booked_once)
        if out.unmarked:
            forgive(out)
    report.row(place=name, passage=passage, paid=1, booked=1, receipts=1)


async def is_asked_to_pay(story: Story) -> None:
    """Up to the invoice."""
    await opens_the_invitation(story)
    await begins_a_report(story)
    await story.out.in_database(lambda session: session.execute(update(Contract).values(state="ended")))
    await tells_and_shows(story)
    await picks_a_time(story)
    await story.marta.presses(w("solve.confirm"))
    assert await story.out.house.sandbox.changed.until(
        lambda: any("invoice" in bubble.raw for bubble in story.marta.chat) or None, PATIENCE
    ), "no invoice came"
    await story.out.quiet()


def booked_once(session: Session) -> None:
    order = session.scalars(select(Order)).one()
    booking = session.get_one(Booking, order.booking_id)
    assert (order.state, booking.state) == (PaymentState.PAID, BookingState.BOOKED)
    assert session.scalar(select(func.sum(Movement.amount_minor))) == order.amount_minor
    assert session.scalar(select(func.count()).select_from(Receipt)) == 1


def forgive(out: Outside) -> None:
    """That it was answered once more is what dying between the answer and its note means; Telegram does not mind."""
    for call in out.house.sandbox.recording.of("telegram", "answerPreCheckoutQuery"):
        call.problems[:] = [problem for problem in call.problems if "answered before" not in problem]
