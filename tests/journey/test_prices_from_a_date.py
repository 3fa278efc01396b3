"""Prices from a date: a manager changes one in Slack; it holds from midnight where the company is, and not before."""

from datetime import date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.charges import ChargeKind
from domain.company_changes import CompanyChange
from sandbox.slack.person import Person as Mate
from sandbox.slack.seen import Modal
from sandbox.telegram.person import Person
from tests.house import House, open_house
from tests.journey.ground import (
    arrives_in_english,
    begins,
    books,
    charges_of,
    clock_goes_to,
    is_done,
    reports,
    w,
)
from tests.journey.test_prices import euros

PARIS = ZoneInfo("Europe/Paris")
VISIT = w("figure.two", what=w("help.visit"), part=w("figure.per_hour"))  # of a technician: 110 an hour in the sample
AMOUNT, PERCENT, DAY = w("prices.amount", currency="EUR"), w("prices.percent"), w("prices.day")
WHY = w("prices.reason")
STORY = "The door does not open"
TODAY, DEARER = euros("135"), euros("145")  # an hour at James’s: he lives in the Alps, the way is 25


def in_days(house: House, days: int) -> date:
    """A date of the company, so many days ahead."""
    assert house.app is not None
    return house.app.clock.now().astimezone(PARIS).date() + timedelta(days=days)


async def opens_prices(mate: Mate) -> Modal:
    """He types the command and sees the page."""
    await mate.commands("/aftercare", "prices", channel="#service")
    return await mate.sees_modal(w("prices.today"))


async def opens_form(mate: Mate, what: str) -> None:
    """He presses *Change…* beside a price."""
    page = await opens_prices(mate)
    rows = [e for e in page.elements if e.label == w("prices.change")]
    button = next(e for e in rows if e.block["text"]["text"].splitlines()[0] == what)
    await mate.uses(button, None, page)
    await mate.sees_modal(AMOUNT)


async def makes_visits_dearer(house: House, mate: Mate, to: str, starts: date) -> Modal:
    """An hour of a technician costs that from a day on; the page he sees then."""
    await opens_form(mate, VISIT)
    assert await mate.fills({AMOUNT: to, DAY: starts.isoformat()}) == {}
    seen = await mate.sees_modal(WHY)
    assert f"{euros('110')} → {euros(to)}" in seen.text
    assert await mate.fills({WHY: "New wages"}) == {}
    page = await mate.sees_modal(w("prices.coming"))
    await house.quiet()
    return page


def price_of_a_visit(person: Person) -> str:
    """What stands on the button."""
    start = w("solve.way.visit", price="").rstrip(" ·")
    return next(label for label in person.buttons() if label.startswith(start))


async def log_of(house: House) -> list[CompanyChange]:
    """What the log of changes says."""

    def unit(session: Session) -> list[CompanyChange]:
        return list(session.scalars(select(CompanyChange).order_by(CompanyChange.id)))

    found: list[CompanyChange] = await house.in_database(unit)
    return found


async def test_a_new_price_holds_from_midnight_and_what_was_agreed_keeps_its_own(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        marc, tomorrow = house.team["marc"], in_days(house, 1)
        page = await makes_visits_dearer(house, marc, "120", tomorrow)
        assert "New wages" in page.text
        assert f"{euros('110')} → {euros('120')}" in page.text
        told = await marc.sees("#trouble", "Marc Delcourt changes prices")
        assert f"{euros('110')} → {euros('120')}" in told.text

        james = await arrives_in_english(house, "C008")
        card = await reports(house, james, STORY, "access")
        assert price_of_a_visit(james).endswith(TODAY), "today it costs what it cost"
        await books(house, james)  # for a day on which it will cost more

        await clock_goes_to(house, datetime.combine(tomorrow, time(0), PARIS) - timedelta(minutes=2))
        again = await reports(house, james, "The other door does not open", "access")
        assert price_of_a_visit(james).endswith(TODAY), "two minutes to midnight"
        await marc.presses("Take it", again)
        await house.quiet()

        await clock_goes_to(house, datetime.combine(tomorrow, time(0), PARIS))
        await reports(house, james, "A third door does not open", "access")
        assert price_of_a_visit(james).endswith(DEARER), "from midnight on"

        await begins(house, 70)
        await is_done(house, card)
        assert await charges_of(house, ChargeKind.WORK) == [13_500], "what was agreed before keeps its price"


async def test_a_change_is_taken_back_until_its_day(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        marc, tomorrow = house.team["marc"], in_days(house, 1)
        page = await makes_visits_dearer(house, marc, "120", tomorrow)
        await marc.presses(w("prices.back"), page)
        page = await marc.sees_modal(w("prices.coming.none"))
        await house.quiet()
        await marc.sees("#trouble", "has taken back")
        await clock_goes_to(house, datetime.combine(tomorrow, time(9), PARIS))
        james = await arrives_in_english(house, "C008")
        await reports(house, james, STORY, "access")
        assert price_of_a_visit(james).endswith(TODAY)
        kept = [(row.who, row.kind.value, row.starts_on) for row in await log_of(house) if row.who != "file"]
        assert kept == [("marc", "prices", tomorrow), ("marc", "prices_back", tomorrow)], "who, what, from when"


async def test_what_holds_already_is_not_taken_back(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        marc, tomorrow = house.team["marc"], in_days(house, 1)
        page = await makes_visits_dearer(house, marc, "120", tomorrow)
        await clock_goes_to(house, datetime.combine(tomorrow, time(0), PARIS))
        await marc.presses(w("prices.back"), page)
        await house.quiet()
        await marc.closes(whole=True)
        assert any(w("refusal.day_has_come") in post.text for post in marc.posts())
        assert euros("120") in (await opens_prices(marc)).text


async def test_a_technician_changes_no_price(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        ana = house.team["ana"]
        await ana.commands("/aftercare", "prices", channel="#service")
        await house.quiet()
        assert ana.modal is None
        assert "Marc Delcourt" in ana.ephemerals[-1].text, "whom to ask"


async def test_everything_rises_by_a_percentage_and_is_rounded(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        marc, tomorrow = house.team["marc"], in_days(house, 1)
        await marc.opens_home()
        home = await marc.sees_home(w("home.team"))
        await marc.presses(w("home.team"), home)
        home = await marc.sees_home(w("prices.show"))
        await marc.presses(w("prices.show"), home)
        page = await marc.sees_modal(w("prices.today"))
        await marc.presses(w("prices.all"), page)
        await marc.sees_modal(PERCENT)
        filled = {PERCENT: "3.5", w("prices.step"): euros("0.5"), DAY: tomorrow.isoformat()}
        assert await marc.fills(filled) == {}
        seen = await marc.sees_modal(WHY)
        assert f"{euros('110')} → {euros('114')}" in seen.text, "113.85, rounded to half a euro"
        assert (
            w("prices.job", work=w("help.visit"), time="1 hour", before=euros("110"), after=euros("114")) in seen.text
        )
        assert await marc.fills({WHY: "The yearly adjustment"}) == {}
        await house.quiet()
        await clock_goes_to(house, datetime.combine(tomorrow, time(9), PARIS))
        james = await arrives_in_english(house, "C008")
        await reports(house, james, STORY, "access")
        assert price_of_a_visit(james).endswith(euros("140")), "114, and 26 for the way"
        await james.types("/plans")
        plans = await james.sees(w("plans.title"))
        assert euros("40.5") in plans.text, "the plans are dearer for whoever signs from that day on"


async def test_what_makes_no_sense_is_said_at_its_field(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        marc, today = house.team["marc"], in_days(house, 0)
        await opens_form(marc, VISIT)
        tomorrow = in_days(house, 1).isoformat()
        assert await marc.fills({AMOUNT: "120", DAY: today.isoformat()}) == {DAY: w("refusal.too_soon")}
        assert await marc.fills({AMOUNT: "120", DAY: "2226-01-01"}) == {DAY: w("refusal.too_far_away")}
        assert await marc.fills({AMOUNT: "110", DAY: tomorrow}) == {AMOUNT: w("refusal.nothing_changes")}
        assert await marc.fills({AMOUNT: "110.001", DAY: tomorrow}) == {AMOUNT: w("prices.wrong.amount")}
