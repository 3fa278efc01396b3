"""The rows behind a summary. Without what tells who it was, unless that is asked for."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select

from bot.spreadsheet import Cell
from domain.appointments import Booking, BookingState
from domain.company import Company
from domain.homes import Home
from domain.people import Person
from domain.prompts import Kind, Prompt
from domain.recommending import Recommendation
from domain.recoveries import Recovery
from domain.requests import FIRST_NUMBER, Request
from domain.summaries_answers import plans_of, put_in
from domain.summary_days import Days
from domain.surveys import Survey
from domain.tariff import NO_PLAN
from domain.work import Work


class Of(StrEnum):
    """What the rows are of."""

    SURVEY = "survey"
    RECOMMENDATION = "recommendation"
    RECOVERY = "recovery"
    REQUEST = "request"
    BOOKING = "booking"
    UPGRADE = "upgrade"


Columns = dict[str, Any]  # the heading, and what stands under it
Table = tuple[Sequence[str], Iterable[Sequence[Cell]]]


def table(work: Work, company: Company, days: Days, of: Of, *, personal: bool) -> Table:
    """The headings and the rows, oldest first; moments are those of the company's clock."""
    columns, private, found = _TABLES[of](days)
    shown = {**columns, **(private if personal else {})}
    there = ZoneInfo(company.time_zone)
    plans = plans_of(work, days) if "plan" in shown else {}

    def row(values: Sequence[Any]) -> list[Cell]:
        named = zip(shown, values, strict=True)
        return [_cell(plans.get(value, NO_PLAN) if name == "plan" else value, name, there) for name, value in named]

    rows = work.session.execute(found(select(*shown.values())))
    return tuple(shown), (row(tuple(values)) for values in rows)


def _cell(value: Any, name: str, there: ZoneInfo) -> Cell:
    if isinstance(value, datetime):
        return value.astimezone(there).isoformat(sep=" ", timespec="minutes")[:16]
    if isinstance(value, list):
        return ", ".join(map(str, value))
    if name == "request" and value is not None:
        return str(FIRST_NUMBER + value)
    return value if value is None or isinstance(value, int) else str(value)


Found = Callable[[Select[Any]], Select[Any]]
WHO: Columns = {"home": Home.ref, "customer": Person.ref}


def _with(selected: Select[Any], of: type[Any]) -> Select[Any]:
    """With the request, its home, and whoever asked."""
    joined = selected.select_from(of).outerjoin(Request, Request.id == of.request_id)
    person = Request.person_id if of is Booking else of.person_id
    return joined.outerjoin(Home, Home.id == Request.home_id).outerjoin(Person, Person.id == person)


def _of_person(selected: Select[Any], of: type[Any]) -> Select[Any]:
    return selected.select_from(of).join(Person, Person.id == of.person_id)


def _surveys(days: Days) -> tuple[Columns, Columns, Found]:
    columns = {
        "survey": Survey.id, "request": Survey.request_id, "asked": Survey.asked_at, "answered": Survey.answered_at,
        "score": Survey.score, "reasons": Survey.reasons, "area": Request.area, "plan": Request.home_id,
        "region": Home.region, "language": Person.language,
    }  # fmt: skip
    private = {**WHO, "technician": Survey.technician, "remark": Survey.remark}
    return columns, private, lambda s: _with(s, Survey).where(*put_in(days)).order_by(Survey.asked_at, Survey.id)


def _recommendations(days: Days) -> tuple[Columns, Columns, Found]:
    one = Recommendation
    columns = {"recommendation": one.id, "asked": one.asked_at, "answered": one.answered_at, "score": one.score}
    private = {"customer": Person.ref, "remark": one.remark}
    return {**columns, "language": Person.language}, private, lambda s: (
        _of_person(s, one).where(*_in(one.asked_at, days)).order_by(one.asked_at)
    )  # fmt: skip


def _recoveries(days: Days) -> tuple[Columns, Columns, Found]:
    one = Recovery
    columns = {
        "recovery": one.id, "request": one.request_id, "opened": one.opened_at, "due": one.due_at,
        "contacted": one.contacted_at, "settled": one.settled_at, "outcome": one.outcome,
    }  # fmt: skip
    private = {**WHO, "owner": one.owner, "words": one.words}
    return columns, private, lambda s: _with(s, one).where(*_in(one.opened_at, days)).order_by(one.opened_at)


def _requests(days: Days) -> tuple[Columns, Columns, Found]:
    one = Request
    columns = {
        "request": one.id, "opened": one.opened_at, "solved": one.resolved_at, "ended": one.ended_at,
        "state": one.state, "area": one.area, "urgency": one.urgency, "plan": one.home_id, "region": Home.region,
    }  # fmt: skip
    private = {**WHO, "technician": one.assignee}
    return columns, private, lambda s: (
        s.select_from(one).outerjoin(Home, Home.id == one.home_id).join(Person, Person.id == one.person_id)
        .where(one.opened_at < days.until, one.ended_at.is_(None) | (one.ended_at >= days.since)).order_by(one.id)
    )  # fmt: skip


def _bookings(days: Days) -> tuple[Columns, Columns, Found]:
    one = Booking
    columns = {"booking": one.id, "request": one.request_id, "starts": one.starts_at, "help": one.help}
    private = {**WHO, "technician": one.technician}
    done = one.state == BookingState.DONE
    return columns, private, lambda s: (
        _with(s, one).where(done, *_in(one.starts_at, days)).order_by(one.starts_at)
    )  # fmt: skip


def _upgrades(days: Days) -> tuple[Columns, Columns, Found]:
    one = Prompt
    columns = {
        "prompt": one.id, "asked": one.asked_at, "opened": one.opened_at, "reply": one.reply, "request": one.request_id
    }  # fmt: skip
    private = {"customer": Person.ref, "device": one.subject}
    mine = one.kind == Kind.UPGRADE
    return columns, private, lambda s: (
        _of_person(s, one).where(mine, *_in(one.asked_at, days)).order_by(one.asked_at)
    )  # fmt: skip


def _in(at: Any, days: Days) -> tuple[Any, Any]:
    return at >= days.since, at < days.until


_TABLES: dict[Of, Callable[[Days], tuple[Columns, Columns, Found]]] = {
    Of.SURVEY: _surveys,
    Of.RECOMMENDATION: _recommendations,
    Of.RECOVERY: _recoveries,
    Of.REQUEST: _requests,
    Of.BOOKING: _bookings,
    Of.UPGRADE: _upgrades,
}
