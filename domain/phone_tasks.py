"""Phone tasks: what we owe somebody whom we cannot reach in Telegram is told by phone, and whoever told him says so."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Select, select
from sqlalchemy.orm import Mapped, mapped_column

from domain import desk_events
from domain.people import Person
from domain.record import Short, Table, impersonal, personal
from domain.requests import Request
from domain.work import Work


class PhoneTask(Table):
    """Something to tell somebody, about a request."""

    __tablename__ = "phone_tasks"

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), index=True)
    words: Mapped[dict[str, Any]] = personal()  # what he was to read
    made_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[str | None] = impersonal(Short)  # the teammate's key


def owe(work: Work, request: Request, words: dict[str, Any]) -> PhoneTask:
    """Somebody is to tell him this; what is to be told already is not told twice."""
    for task in _open(work, PhoneTask.request_id == request.id):
        if task.words == words:
            return task
    task = PhoneTask(request_id=request.id, words=words, made_at=work.now)
    work.session.add(task)
    work.session.flush()
    return task


def held(work: Work, number: int) -> PhoneTask:
    """A task as it is now; until the end of the transaction nobody else answers it."""
    one = select(PhoneTask).where(PhoneTask.id == number)
    return work.session.scalars(one.with_for_update().execution_options(populate_existing=True)).one()


def told(work: Work, task: PhoneTask, by: str) -> None:
    """He knows. A second time changes nothing."""
    if task.done_at is None:
        task.done_at, task.done_by = work.now, by


def answered(work: Work, task: PhoneTask, by: str, *, yes: bool) -> None:
    """He was asked on the phone, and said yes or no."""
    task.words = {**task.words, "answer": "yes" if yes else "no"}
    told(work, task, by)
    work.happened(desk_events.AnsweredByPhone(task.request_id, task.id, yes, by))


def waiting(work: Work, *, of: str, everybody: bool) -> list[tuple[PhoneTask, Request, Person]]:
    """Whom a teammate has to call, the oldest first: about his requests, and (`everybody`) about those nobody has."""
    whose = Request.assignee == of
    if everybody:
        whose |= Request.assignee.is_(None)
    found = select(PhoneTask, Request, Person).join(Request, Request.id == PhoneTask.request_id)
    open_ones = found.join(Person, Person.id == Request.person_id).where(PhoneTask.done_at.is_(None), whose)
    return [(task, request, person) for task, request, person in work.session.execute(open_ones.order_by(PhoneTask.id))]


def _open(work: Work, which: Any) -> list[PhoneTask]:
    asked: Select[PhoneTask] = select(PhoneTask).where(which, PhoneTask.done_at.is_(None)).order_by(PhoneTask.id)
    return list(work.session.scalars(asked))
