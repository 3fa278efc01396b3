"""Looking: what the record says of a home, and so whether there is an occasion to come back to it. Few statements."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from hashlib import blake2b
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, select

from domain import coming_back, contracts, prompting
from domain.advice import Year, year_under
from domain.allotments import start_of
from domain.appointments import Booking, BookingState
from domain.areas import Intent
from domain.catalogue import find
from domain.coming_back_events import HomeLooked
from domain.company import Company
from domain.contracts import Contract, Standing
from domain.declared import months_after
from domain.homes import Device, Home, Member, Role
from domain.occasions import ContractFacts, DeviceFacts, HomeFacts, Left, Occasion, Rules
from domain.occasions_of_contract import advice_days
from domain.people import Person, Presence
from domain.periods import period_end
from domain.plans import Plan
from domain.prepared import Nouns, Prepared, Row
from domain.prompt_kinds import Kind
from domain.prompting import Wish
from domain.prompts import Prompt, PromptState
from domain.requests import UNFINISHED, Request, State
from domain.usage import used_since
from domain.work import Work

EARLY = time(3)  # on the day itself somebody looks before anybody is up
SPREAD = 180  # minutes, over which the homes are spread
FINISHED = (State.CONFIRMED, State.CLOSED)
BY_OWNER = frozenset({Kind.UPGRADE, Kind.ADVICE})  # what changes the home, or the contract, is his to decide
TOLD = (Role.OWNER, Role.HOUSE_MANAGER)

_devices = Nouns(select(Device).where(Device.home_id == bindparam("home")).order_by(Device.id), Device)
_requests = Prepared(
    select(
        *(Request.id, Request.device_id, Request.intent, Request.state, Request.opened_at, Request.ended_at),
        *(Request.merged_into_id, Request.storm_id),
    )
    .where(Request.home_id == bindparam("home"))
    .order_by(Request.id)
)
_maintained = Prepared(
    select(Request.state, Booking.state, Booking.ends_at)
    .join(Prompt, Prompt.request_id == Request.id)
    .outerjoin(Booking, Booking.request_id == Request.id)
    .where(Request.home_id == bindparam("home"), Prompt.kind == Kind.MAINTENANCE)
)
_offered = Prepared(
    select(Prompt.subject, Prompt.occurrence, Prompt.asked_at)
    .join(Member, Member.person_id == Prompt.person_id)
    .where(Member.home_id == bindparam("home"), Prompt.home_id == Member.home_id)
    .where(Prompt.kind == Kind.UPGRADE, Prompt.state == PromptState.ASKED)
)
_told = Nouns(
    select(Person, Member)
    .join(Member, Member.person_id == Person.id)
    .where(Member.home_id == bindparam("home"), Member.ended_at.is_(None), Person.presence == Presence.ACTIVE)
    .order_by(Member.id),
    *(Person, Member),
)


def look(work: Work, company: Company, home: Home) -> None:
    """Plan what there is an occasion for, and say when to look again."""
    today, rules = there(work, home), Rules.of(company)
    facts = facts_of(work, company, home)
    found = coming_back.occasions(facts, rules, today)
    if found:
        people = _told.all(work.session, home=home.id)
        for occasion in found:
            for person in told(occasion.kind, people):
                prompting.plan(work, company, wish_of(home, occasion, person, today))
    again = _early(home, coming_back.next_look(facts, rules, today))
    work.happened(HomeLooked(home.id, max(again, work.now + timedelta(hours=1))))


def first_look(home: Home, now: datetime) -> datetime:
    """When somebody looks next, if not today: in the coming morning there."""
    return _early(home, now.astimezone(ZoneInfo(home.time_zone)).date() + timedelta(days=1))


def there(work: Work, home: Home) -> date:
    """The date where the home is."""
    return work.now.astimezone(ZoneInfo(home.time_zone)).date()


def told(kind: Kind, people: Iterable[tuple[Person, Member]]) -> list[Person]:
    """Who hears of it: of what is to be decided the owners, else the house managers too; all may recommend us."""
    if kind is Kind.RECOMMEND:
        return [person for person, _ in people]
    roles = (Role.OWNER,) if kind in BY_OWNER else TOLD
    return [person for person, member in people if member.role in roles]


def wish_of(home: Home, occasion: Occasion, person: Person, today: date) -> Wish:
    """The same, as it is planned for somebody: from that morning on until the end of the last day, there."""
    return Wish(
        occasion.kind,
        person.id,
        home.id,
        occasion.subject,
        occasion.occurrence,
        _moment(home, max(occasion.wanted_on, today), time()),
        _moment(home, occasion.until + timedelta(days=1), time()) - timedelta(seconds=1),
        occasion.facts,
    )


def holds(work: Work, company: Company, prompt: Prompt) -> bool:
    """Whether what was planned still holds."""
    home = work.session.get(Home, prompt.home_id) if prompt.home_id is not None else None
    if home is None:
        return False
    facts, today = facts_of(work, company, home), there(work, home)
    return coming_back.still(facts, Rules.of(company), today, prompt.kind, prompt.subject, prompt.occurrence)


def _moment(home: Home, day: date, clock: time) -> datetime:
    return datetime.combine(day, clock, ZoneInfo(home.time_zone)).astimezone(UTC)


def _early(home: Home, day: date) -> datetime:
    """Before anybody is up; each home has minutes of its own, always the same."""
    number = int.from_bytes(blake2b(f"look:{home.id}".encode(), digest_size=8).digest(), "big")
    return _moment(home, day, EARLY) + timedelta(minutes=number % SPREAD)


# ── what is true of it ──


def facts_of(work: Work, company: Company, home: Home) -> HomeFacts:
    """All that decides when we come back to a home."""
    work.session.flush()
    requests = _requests.all(work.session, home=home.id)
    devices = tuple(_device(device, requests) for (device,) in _devices.all(work.session, home=home.id))
    ended = [row[5] for row in requests if row[3] in FINISHED and row[5] is not None]
    facts = HomeFacts(
        home.id,
        home.handed_over_on,
        devices,
        _contract(work, company, home, contracts.standing(work, home.id)),
        min(ended).date() if ended else None,
    )
    if not any(find(company.catalogue, one.brand, one.model) for one in devices):
        return facts
    offered = _offered.all(work.session, home=home.id)
    last = max((asked for _, _, asked in offered if asked is not None), default=None)
    which = frozenset((subject, occurrence.partition("~")[0]) for subject, occurrence, _ in offered)
    return replace(facts, offered=which, offered_on=last.date() if last else None)


def _device(device: Device, requests: Sequence[Row]) -> DeviceFacts:
    """A device with what was reported of it; what was called off, doubled, or many homes' trouble is no fault of it."""
    its = [row for row in requests if row[1] == device.id]
    faults = [row for row in its if row[2] is Intent.PROBLEM and row[3] is not State.CANCELLED]
    return DeviceFacts(
        device.id,
        device.brand,
        device.model,
        device.installed_on,
        device.warranty_until,
        device.firmware,
        tuple(row[4].date() for row in faults if row[6] is None and row[7] is None),
        any(row[3] in UNFINISHED for row in its),
    )


def _contract(work: Work, company: Company, home: Home, standing: Standing | None) -> ContractFacts | None:
    if standing is None:
        return None
    contract, plan = standing.contract, Plan.model_validate(standing.contract.terms)
    facts = ContractFacts(
        contract.id, plan, contract.period, contract.starts_on, contract.renews_on, contract.terms_since,
        contract.ends_on, standing.suspended, contract.next_plan,
    )  # fmt: skip
    if not standing.suspended:
        facts = replace(facts, allowances=tuple(_left(work, contract, plan)))
    if plan.maintenance is not None:
        facts = _with_maintenance(work, home, facts)
    today = there(work, home)
    days = advice_days(facts, Rules.of(company), today)
    if days is None or not days[0] <= today <= days[1]:
        return facts
    return replace(facts, years=tuple(years(work, company, home, facts)))


def _left(work: Work, contract: Contract, plan: Plan) -> Iterable[Left]:
    account = contracts.account_of(contract)
    for balance in contracts.balances(work, contract).values():
        allowance = plan.allowance(balance.key)
        if allowance is None or balance.left is None or balance.granted is None:
            continue
        starts = start_of(work, account, allowance)
        ends = period_end(account.since, allowance.per, starts)
        rollover = allowance.rollover * (60 if allowance.unit == "hours" else 1)
        yield Left(balance.key, allowance.per, balance.granted, balance.left, rollover, starts, ends)


def _with_maintenance(work: Work, home: Home, facts: ContractFacts) -> ContractFacts:
    rows = _maintained.all(work.session, home=home.id)
    done = [ends.date() for _, state, ends in rows if state is BookingState.DONE]
    running = any(state in UNFINISHED for state, _, _ in rows)
    return replace(facts, maintained_on=max(done, default=None), maintaining=running)


def years(work: Work, company: Company, home: Home, contract: ContractFacts) -> list[Year]:
    """What the last twelve months would have cost under its own plan, and under each that is sold."""
    today = there(work, home)
    used = used_since(work, home.id, datetime.combine(months_after(today, -12), time(0), UTC))
    plans = [contract.plan, *(plan for plan in company.plans if plan.key != contract.plan.key)]
    each = (
        year_under(company.tariff, company.currency, company.time_zone, plan, used, today, contract.period)
        for plan in plans
    )
    return [year for year in each if year is not None]
