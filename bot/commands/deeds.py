"""What a command does to the record: in one transaction, with its facts in the log and their follow-ups set."""

from collections.abc import Callable
from typing import TypeVar

import msgspec
from sqlalchemy.orm import Session

from bot.commands.tasks import in_database, moment
from bot.company_file import reading
from bot.company_file.place import company_path
from bot.faults import Mistake
from domain.company import Company
from domain.contract_life import HomeHasContract, PlanNotSold, SamePlan
from domain.contracts import ContractStands
from domain.price_changes import in_force
from domain.requests import Happening
from domain.work import Refusal, Work
from scheduling.followups import follow

T = TypeVar("T")


async def on_record(deed: Callable[[Work, Company], T]) -> T:
    """Do something with the company's record; a refusal is told as a mistake."""
    filed = reading.read(company_path())
    now = moment()

    def unit(session: Session) -> T:
        work = Work(session, now, "command")
        company = in_force(work, filed)
        try:
            result = deed(work, company)
        except Refusal as no:
            raise Mistake(_told(no, company)) from no
        for fact in work.events:
            facts = msgspec.to_builtins(fact)
            name = type(fact).__name__
            session.add(Happening(name=name, subject=fact.subject, actor=work.actor, facts=facts, at=now))
            follow(work, company, fact)
        return result

    return await in_database(unit)


def _told(no: Refusal, company: Company) -> str:
    match no:
        case ContractStands():
            return (
                f"Contract {no.ref} is {no.contract}, or it was changed today already: this cannot be done to it now; "
                f"`contract show {no.ref}` says how it stands."
            )
        case PlanNotSold():
            sold = "; ".join(f"{plan.key}: {', '.join(plan.prices)}" for plan in company.plans)
            return f"There is no plan “{no.plan}” with a price by the {no.period} in the company file. It has {sold}."
        case SamePlan():
            return f"The contract has the plan “{no.plan}”, paid that way, already."
        case HomeHasContract():
            return f"The home has contract {no.ref}; end it first (`contract end {no.ref}`)."
    return type(no).__name__  # pragma: no cover (the commands here meet no other)
