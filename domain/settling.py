"""Settling: what work comes to when it is done. The price of the actual minutes, and never more than was agreed to."""

from msgspec.structs import replace

from domain import ledger, proposals
from domain.allotments import Account, Allotment
from domain.contracts import Contract
from domain.coverage import Balance, Use
from domain.labour import NoPrice
from domain.levies import Levy, of_quote
from domain.plans import Plan
from domain.pricing import Priced, price
from domain.proposals import NOWHERE, StoredQuote
from domain.stored import plan_of, tariff_of
from domain.work import Work


def settle(work: Work, stored: StoredQuote, minutes: int | None) -> Levy:
    """Turn what was put aside into what was used, and say what the homeowner owes."""
    accepted, agreed = proposals.quote_of(stored), proposals.verdict_of(stored)
    aside = ledger.release(work, stored.subject, "done", lapsing=False)
    plan = plan_of(work, stored.plan_id)
    priced = _priced(work, stored, plan, minutes, aside)
    uses = agreed.uses if priced is None else priced.verdict.uses
    if plan is not None and stored.contract_id is not None:
        contract = work.session.get_one(Contract, stored.contract_id)
        ledger.spend(work, Account(contract.id, plan, contract.terms_since), uses, stored.request_id, stored.subject)
    if priced is None or priced.quote.total.minor >= accepted.total.minor:
        return of_quote(accepted)
    return of_quote(priced.quote)


def _priced(
    work: Work, stored: StoredQuote, plan: Plan | None, minutes: int | None, aside: list[Allotment]
) -> Priced | None:
    """The actual minutes by the tariff of that day; nothing where it cannot be said."""
    case = proposals.case_of(stored)
    if case is None:
        return None
    left = {allotment.allowance: allotment.balance for allotment in aside}
    # What the agreed price took nothing from stays as it is: an allowance without a balance here has nothing left.
    balances = {use.allowance: _balance(use, left) for use in proposals.verdict_of(stored).uses}
    actual = case if minutes is None else replace(case, minutes=minutes)
    try:
        return price(tariff_of(work, stored.tariff_id), stored.currency, NOWHERE, actual, plan, balances)
    except NoPrice:
        return None


def _balance(use: Use, left: dict[str, int | None]) -> Balance:
    return Balance(use.allowance, use.unit, use.before, None if use.before is None else left.get(use.allowance) or 0)
