"""What a contract takes and gives: the statement, a word that it is wrong, more time by a tap, late cancelling."""

from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain import contract_life
from domain.charges import ChargeKind
from domain.contracts import Contract
from domain.homes import Home
from domain.work import Work
from tests.house import open_house
from tests.journey.ground import arrives_in_english, begins, books, charges_of, is_done, reports, w
from tests.journey.test_prices import euros


async def test_claire_reads_what_was_taken_and_says_that_it_is_wrong(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        claire = await arrives_in_english(house, "C003")
        await claire.types("/contract")
        await claire.sees(w("contract.statement"))
        await claire.presses(w("contract.statement"))
        await claire.sees(w("statement.none"))
        card = await reports(house, claire, "The lamp is dark", "lighting")
        await books(house, claire)
        await begins(house)
        await is_done(house, card)
        await claire.types("/contract")
        await claire.sees(w("contract.statement"))
        await claire.presses(w("contract.statement"))
        lines = await claire.sees(w("statement.title", plan="Comfort"))
        for kind in ("grant", "reserve", "release", "use"):
            assert w(f"statement.kind.{kind}") in lines.text
        assert "1001" in lines.text
        await claire.presses(w("statement.wrong"))
        which = await claire.sees(w("statement.which"))
        await claire.presses(next(label for label in which.labels if w("statement.kind.use") in label))
        await claire.sees(w("statement.disputed", number="1002"))
        task = await house.team["ana"].sees("#service", "Statement", anywhere=True)
        assert "visits" in task.text
        await claire.presses(next(x for x in which.labels if w("statement.kind.use") in x), on=which)
        await claire.sees(w("statement.disputed_before"))
        assert await charges_of(house, ChargeKind.WORK) == []


async def test_emma_sees_what_came_along_from_last_month_as_such(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await arrives_in_english(house, "C007")
        await emma.types("/contract")
        card = await emma.sees(w("contract.statement"))
        assert w("allowance.carried.month", left="3 hours") in card.text, "of two hours a month, one came along"
        await reports(house, emma, "The lamp is dark", "lighting")
        remote = w("solve.way.remote", price="").rstrip(" ·")
        await emma.presses(next(label for label in emma.buttons() if label.startswith(remote)))
        times = await emma.sees(w("solve.slot.ask"))
        await emma.presses(times.labels[0])
        await emma.sees(w("solve.confirm"))
        await emma.presses(w("solve.confirm"))
        await emma.sees(w("booked.title"))
        await emma.types("/contract")
        await emma.sees(w("contract.statement"))
        await emma.presses(w("contract.statement"))
        lines = await emma.sees(w("statement.title", plan="Signature"))
        along = w("statement.of", kind=w("statement.carried"), allowance=w("help.remote"))
        assert along in lines.text
        assert lines.text.count(w("statement.kind.grant")) == 1


async def test_who_calls_off_late_reads_the_fee_before_the_tap(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        james = await arrives_in_english(house, "C008")
        await reports(house, james, "The door does not open", "access")
        await books(house, james)
        await begins(house, minutes=-120)
        await james.types("/cancel")
        await james.sees(w("cancel.which"))
        await james.presses(next(label for label in james.buttons() if "1001" in label))
        await james.sees(w("request.cancel.fee", fee=euros("30")))
        await james.presses(w("request.cancel.yes"))
        await james.sees("1001", anywhere=True)
        await house.quiet()
        assert await charges_of(house, ChargeKind.CANCELLATION) == [3000]


async def test_a_suspended_contract_includes_nothing_and_says_so(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        claire = await arrives_in_english(house, "C003")
        app = house.app
        assert app is not None

        def suspend(session: Session) -> None:
            home = session.scalars(select(Home).where(Home.ref == "H002")).one()
            contract = session.scalars(select(Contract).where(Contract.home_id == home.id)).one()
            contract_life.suspend(Work(session, app.clock.now()), app.company, contract, "unpaid")
            session.commit()

        await house.in_database(suspend)
        await reports(house, claire, "The lamp is dark", "lighting")
        offer = await claire.sees(w("clause.suspended", plan="Comfort"), anywhere=True)
        assert euros("110") in offer.text
        await claire.types("/contract")
        card = await claire.sees(w("contract.statement"))
        assert w("clause.suspended", plan="Comfort") in card.text


async def test_what_the_remote_session_cost_counts_towards_the_visit_when_it_did_not_help(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        james = await arrives_in_english(house, "C008")
        card = await reports(house, james, "The door does not open", "access")
        remote = w("solve.way.remote", price="").rstrip(" ·")
        await james.presses(next(label for label in james.buttons() if label.startswith(remote)))
        times = await james.sees(w("solve.slot.ask"))
        await james.presses(times.labels[0])
        await james.sees(w("solve.confirm"))
        await james.presses(w("solve.confirm"))
        await james.sees(w("booked.title"))
        await house.quiet()
        await begins(house)
        await is_done(house, card)
        assert await charges_of(house, ChargeKind.WORK) == [4000]
        await james.presses(w("solved.no"))
        await house.quiet()
        await james.presses(w("request.book"))
        offer = await james.sees(euros("95"))
        assert euros("95") in offer.text, "a visit of 110 and the way of 25, less the 40 that were paid"
        await james.presses(w("price.why"))
        await james.sees(w("why.holds"))
        await james.presses(w("why.other", work=w("help.visit")))
        await james.sees(w("line.credit", work=w("help.remote")), anywhere=True)
