"""`contract`: the life of a contract, from the offer to its end."""

import asyncio
from collections.abc import Callable
from datetime import date
from typing import Annotated, Any

import typer
from sqlalchemy import select

from bot.commands.cli import Json, cli, day, show
from bot.commands.deeds import on_record
from bot.faults import Mistake
from domain import contract_life
from domain.company import Company
from domain.contracts import Contract, ContractState, balances, terms
from domain.declared import MONTHS, Period
from domain.homes import Home
from domain.work import Work

contract = typer.Typer(help="The life of a contract: offer, activate, suspend, resume, end, change, show.")
cli.add_typer(contract, name="contract", no_args_is_help=True)

Ref = Annotated[str, typer.Argument(help="The contract's reference.")]
Day = Annotated[date | None, typer.Option(parser=day, metavar="DAY", help="Today, when left out.")]
Paid = Annotated[str | None, typer.Option("--period", help="How it is paid: month, quarter or year.")]
Plan = Annotated[str, typer.Argument(help="The key of a plan in the company file.")]

Deed = Callable[[Work, Company, Contract], object]


@contract.command()
def offer(
    ref: Ref,
    home: Annotated[str, typer.Argument(help="The home's reference.")],
    plan: Plan,
    period: Paid = None,
    starts: Day = None,
    as_json: Json = False,
) -> None:
    """Put a plan to a home, with its terms as they stand today."""

    def deed(work: Work, company: Company) -> dict[str, Any]:
        place = work.session.scalar(select(Home).where(Home.ref == home))
        if place is None:
            raise Mistake(f"There is no home with the reference {home}; use a ref of homes.csv that was imported.")
        if work.session.scalar(select(Contract.id).where(Contract.ref == ref)) is not None:
            raise Mistake(f"There is a contract with the reference {ref} already; give this one another.")
        begins = starts or work.now.date()
        return _said(work, contract_life.offer(work, company, place, ref, (plan, _period(period) or "month"), begins))

    _print(asyncio.run(on_record(deed)), as_json)


@contract.command()
def activate(ref: Ref, as_json: Json = False) -> None:
    """It is signed: it holds from its first day on, and its periods are charged."""
    _do(ref, contract_life.activate, as_json)


@contract.command()
def suspend(ref: Ref, reason: Annotated[str, typer.Option(help="Why.")], as_json: Json = False) -> None:
    """It includes nothing, and no period is charged, until it is resumed."""
    if not reason.strip():
        raise Mistake("--reason says nothing; write why, for example --reason unpaid.")
    _do(ref, lambda work, company, found: contract_life.suspend(work, company, found, reason), as_json)


@contract.command()
def resume(ref: Ref, as_json: Json = False) -> None:
    """It holds again."""
    _do(ref, contract_life.resume, as_json)


@contract.command()
def end(ref: Ref, on: Day = None, as_json: Json = False) -> None:
    """It ends after a day (`--on`, the last one); an offer is withdrawn."""

    def deed(work: Work, company: Company, found: Contract) -> None:
        last = on or work.now.date()
        if last < found.starts_on and found.state is not ContractState.OFFERED:
            raise Mistake(f"Contract {ref} begins on {found.starts_on}; it cannot end on {last}, write a later day.")
        contract_life.end(work, company, found, last)

    _do(ref, deed, as_json)


@contract.command()
def change(ref: Ref, plan: Plan, period: Paid = None, as_json: Json = False) -> None:
    """Another plan, at the renewal or at once and prorated, as the signed terms say."""

    def deed(work: Work, company: Company, found: Contract) -> None:
        contract_life.change_plan(work, company, found, plan, _period(period))

    _do(ref, deed, as_json)


@contract.command(name="show")
def show_(ref: Ref, as_json: Json = False) -> None:
    """How a contract stands, and what is left of what it includes."""
    _do(ref, lambda _work, _company, _found: None, as_json)


def _do(ref: str, deed: Deed, as_json: bool) -> None:
    def unit(work: Work, company: Company) -> dict[str, Any]:
        found = work.session.scalar(select(Contract).where(Contract.ref == ref))
        if found is None:
            raise Mistake(f"There is no contract with the reference {ref}; use one that was imported, or offer it.")
        deed(work, company, found)
        return _said(work, found)

    _print(asyncio.run(on_record(unit)), as_json)


def _period(given: str | None) -> Period | None:
    if given is None:
        return None
    known: dict[str, Period] = {period: period for period in MONTHS}
    if given not in known:
        raise Mistake(f"“{given}” is no period; use one of: {', '.join(known)}.")
    return known[given]


def _said(work: Work, found: Contract) -> dict[str, Any]:
    plan = terms(found)
    days: dict[str, date | None] = {
        "starts_on": found.starts_on, "ends_on": found.ends_on, "renews_on": found.renews_on,
        "charged_until": found.charged_until,
    }  # fmt: skip
    left = balances(work, found).values()
    return {
        "ref": found.ref,
        "home": work.session.get_one(Home, found.home_id).ref,
        "plan": found.plan,
        "state": found.state.value,
        "period": found.period,
        "price": str(plan.prices[found.period]) if plan and found.period in plan.prices else None,
        **{name: None if day is None else day.isoformat() for name, day in days.items()},
        "next_plan": found.next_plan,
        "suspended_for": found.suspended_for,
        "balances": {b.key: {"unit": b.unit, "granted": b.granted, "left": b.left} for b in left},
    }


def _print(said: dict[str, Any], as_json: bool) -> None:
    if as_json:
        show(said)
        return
    for name, value in said.items():
        if name != "balances" and value is not None:
            print(f"{name}: {value}")
    for key, balance in said["balances"].items():
        unit = "minutes" if balance["unit"] == "hours" else balance["unit"]
        left = "no limit" if balance["left"] is None else f"{balance['left']} of {balance['granted']} {unit} left"
        print(f"{key}: {left}")
