"""The people and homes of the domain's tests, and short ways to make them."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.company_file import reading
from domain import bookings
from domain.appointments import Booking
from domain.areas import Area, Intent, Urgency
from domain.bookings import Offer
from domain.cases import Case
from domain.company import Company
from domain.contracts import Contract, balances, terms
from domain.declared import WEEKDAYS, Shift
from domain.homes import Home, Member, Role
from domain.need import Need
from domain.occupancy import Cell
from domain.people import Person, Presence
from domain.plans import Plan
from domain.pricing import Priced, price
from domain.proposals import Promise
from domain.requests import Request, Wish, open_request
from domain.roads import Roads
from domain.slots import Slot
from domain.stored import keep
from domain.work import Refusal, Work

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)  # in Paris it is ten
SAMPLE: Company = reading.read(Path("bot/sample/company.toml"))


def refusal_of(deed: Callable[[], object]) -> str | None:
    """The name of the rule that says no to a deed, if one does."""
    try:
        deed()
    except Refusal as no:
        return type(no).__name__
    return None


def person(work: Work, name: str = "Marta", telegram: str | None = None, phone: str | None = None) -> Person:
    """Somebody in the record."""
    made = Person(name=name, language="it", telegram=telegram, phone=phone, created_at=work.now)
    made.presence = Presence.ACTIVE if telegram else Presence.UNLINKED
    work.session.add(made)
    work.session.flush()
    return made


def home(work: Work, ref: str = "H1", owner: Person | None = None, zone: str = "Europe/Paris") -> Home:
    """A home, with its owner if there is one."""
    made = Home(
        ref=ref, name="Casa", address="Via Roma 1", postcode="10121", city="Torino", country="IT", time_zone=zone
    )
    work.session.add(made)
    work.session.flush()
    if owner is not None:
        work.session.add(Member(home_id=made.id, person_id=owner.id, role=Role.OWNER))
        work.session.flush()
    return made


def contract(work: Work, of: Home, plan: str = "comfort", starts: date = date(2026, 1, 1)) -> Contract:
    """A running contract on one of the sample's plans."""
    signed = SAMPLE.plan(plan).model_dump(mode="json")
    made = Contract(ref=f"K{of.id}", home_id=of.id, plan=plan, terms=signed, starts_on=starts)
    work.session.add(made)
    work.session.flush()
    return made


def request(work: Work, who: Person, of: Home | None, area: Area = Area.LIGHTING) -> Request:
    """An open request."""
    wish = Wish(Intent.PROBLEM, area, Urgency.NORMAL, "It does not work.", "C0SERVICE")
    return open_request(work, who.id, of.id if of else None, wish)


def priced(
    work: Work,
    signed: Contract | None,
    minutes: int = 60,
    kind: str = "visit",
    but_for: int | None = None,
    **facts: Any,
) -> Priced:
    """Help in the usual hours, priced as it is now."""
    case = Case(work=kind, minutes=minutes, area=Area.LIGHTING, plan=signed.plan if signed else "none", **facts)
    left = balances(work, signed, but_for)
    return price(SAMPLE.tariff, SAMPLE.currency, SAMPLE.time_zone, case, terms(signed), left)


def offer(
    work: Work, signed: Contract | None, start: datetime, technician: str = "ana", minutes: int = 60,
    kind: str = "visit", but_for: int | None = None,
) -> Offer:  # fmt: skip
    """Help at a time, priced as it is now (in the usual hours)."""
    slot = Slot(start, start + timedelta(minutes=minutes), technician)
    need = Need(area=Area.LIGHTING, minutes=minutes)
    made = priced(work, signed, minutes, kind, but_for)
    until = work.now + timedelta(days=14)
    return Offer(slot, need, SAMPLE.help_of(kind), made, keep(work, SAMPLE.tariff).id, until)


OFFICE = tuple(
    Shift(days=WEEKDAYS[:5], start=start, end=end) for start, end in ((time(9), time(12, 30)), (time(14), time(18)))
)
# The sample without what makes its days particular: nothing to clear up, nothing reserved, office hours.
PLAIN = SAMPLE.model_copy(
    update={
        "jobs": tuple(
            job.model_copy(update={"before": 0, "after": 0, "window": 0, "crew": {}, "notice_minutes": None})
            for job in SAMPLE.jobs
        ),
        "team": tuple(
            m.model_copy(
                update={
                    **dict.fromkeys(("brands", "grades", "breaks", "other_hours"), ()),
                    **({"shifts": OFFICE} if m.key == "ana" else {}),
                    **{"base": None, "most_a_day": None},
                }
            )
            for m in SAMPLE.team
        ),
        "booking": SAMPLE.booking.model_copy(update={"reserve": (), "most_a_day": None}),
        "roads": Roads(),
    }
)

ALWAYS = PLAIN.model_copy(
    update={
        "team": tuple(
            member.model_copy(
                update={
                    "shifts": (Shift(days=WEEKDAYS, start=time(), end=time(), holidays="also"),),
                    "skills": tuple(Area),
                    **dict.fromkeys(("regions", "absences"), ()),
                }
            )
            for member in PLAIN.team
        ),
        "closing_days": (),
        "roads": Roads(otherwise=0),
    }
)


def hold(work: Work, asked: Request, made: Offer, until: datetime) -> Booking:
    """A slot of a company that never sleeps and is everywhere at once."""
    return bookings.hold(work, ALWAYS, asked, made, until)


def busy(work: Work) -> dict[str, list[int]]:
    """Every quarter hour that is taken."""
    taken: dict[str, list[int]] = {}
    for cell in work.session.scalars(select(Cell).order_by(Cell.number)):
        taken.setdefault(cell.technician, []).append(cell.number)
    return taken


def promise(work: Work, made: Priced, days: int = 14) -> Promise:
    """A price that holds so long."""
    return Promise(made, keep(work, SAMPLE.tariff).id, work.now + timedelta(days=days))


def company(*plans: Plan) -> Company:
    """The sample, selling these plans too (one of the same key is replaced)."""
    keys = {plan.key for plan in plans}
    others = tuple(plan for plan in SAMPLE.plans if plan.key not in keys)
    return SAMPLE.model_copy(update={"plans": (*others, *plans)})
