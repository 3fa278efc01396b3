"""The statement: every entry of the contract's allowances, newest first; a word that one is wrong becomes a task."""

from collections.abc import Iterable

from domain import contracts
from domain.allotments import EntryKind
from domain.areas import Area, Intent, Urgency
from domain.contracts import Contract
from domain.plans import Plan
from domain.requests import Wish, open_request
from domain.statement import StatementLine, dispute, statement
from handlers.cards.plans import TIMED, allowance_label
from handlers.conversation import Handler, Talk, rows, standing
from handlers.homeowner.contract import home_with_contract
from handlers.messages import Button, Fact, Outgoing
from locales.text import Day, Minutes, Text, Value, own, t

PAGE = 8


def _mine(talk: Talk) -> tuple[Contract | None, Plan | None]:
    contract = contracts.running(talk.work, home_with_contract(talk).id)
    return contract, contracts.terms(contract)


def show(talk: Talk) -> Iterable[Outgoing]:
    """A page of the statement."""
    contract, plan = _mine(talk)
    before = talk.number("before") if "before" in talk.args else None
    lines, older = statement(talk.work, contract, before, PAGE) if contract else ([], None)
    if contract is None or plan is None or not lines:
        yield talk.say(t("statement.none"), buttons=(_ways_on(),))
        return
    more = (standing("statement.older", "statement.show", before=older),) if older is not None else ()
    wrong = standing("statement.wrong", "statement.wrong", **({} if before is None else {"before": before}))
    yield talk.say(
        title=t("statement.title", plan=own(plan.name)),
        facts=tuple(_fact(talk, plan, line) for line in lines),
        buttons=((wrong, *more), _ways_on()),
    )


def _ways_on() -> tuple[Button, ...]:
    return (standing("menu.contract", "contract.show"), standing("menu.human", "human.ask"))


def _fact(talk: Talk, plan: Plan, line: StatementLine) -> Fact:
    label = t("statement.line", day=Day(line.at.date()), what=_what(talk, plan, line))
    change = t("statement.plus" if line.quantity > 0 else "statement.minus", quantity=_amount(line.unit, line.quantity))
    if line.after is None:
        return Fact(label, change)
    return Fact(label, t("statement.change", change=change, left=_amount(line.unit, line.after)))


def _what(talk: Talk, plan: Plan, line: StatementLine) -> Value:
    """What happened, to which allowance, for which request."""
    allowance = plan.allowance(line.allowance)
    name: Value = allowance_label(talk.company, allowance) if allowance is not None else line.allowance
    kind = t(f"statement.kind.{line.kind}")
    if line.request is not None:
        return t("statement.for", kind=kind, allowance=name, number=line.request)
    return t("statement.of", kind=kind, allowance=name)


def _amount(unit: str, quantity: int) -> Text | Minutes:
    if unit in TIMED:
        return Minutes(abs(quantity))
    return t(f"count.{unit}", abs(quantity))


def wrong(talk: Talk) -> Iterable[Outgoing]:
    """Which of the entries on this page is wrong?"""
    contract, plan = _mine(talk)
    before = talk.number("before") if "before" in talk.args else None
    lines, _ = statement(talk.work, contract, before, PAGE) if contract else ([], None)
    taken = [line for line in lines if line.kind in (EntryKind.RESERVE, EntryKind.USE, EntryKind.EXPIRE)]
    if plan is None or not taken:
        yield talk.say(t("statement.nothing_taken"), buttons=(_ways_on(),))
        return
    choices = [_choice(talk, plan, line) for line in taken if not line.disputed]
    yield talk.say(t("statement.which"), buttons=(*rows(choices, 1), _ways_on()))


def _choice(talk: Talk, plan: Plan, line: StatementLine) -> Button:
    label = t("statement.line", day=Day(line.at.date()), what=_what(talk, plan, line))
    return Button(label, "statement.dispute", {"entry": line.entry}, standing=True)


def disputed(talk: Talk) -> Iterable[Outgoing]:
    """He says that an entry is wrong: the team looks, and says so in the chat."""
    home = home_with_contract(talk)
    contract, plan = _mine(talk)
    if contract is None or plan is None:
        yield from show(talk)
        return
    entry = talk.number("entry")
    if not dispute(talk.work, contract, entry, talk.who.id):
        yield talk.say(t("statement.disputed_before"), buttons=(_ways_on(),))
        return
    found = statement(talk.work, contract, entry + 1, 1)[0][0]
    story = f"#{found.entry} {found.at:%Y-%m-%d} {found.allowance} {found.quantity:+d} {found.request or ''}".strip()
    channel = talk.company.channels.of(Area.OTHER, Urgency.NORMAL)
    wish = Wish(Intent.BILLING, Area.OTHER, Urgency.NORMAL, story, channel)
    request = open_request(talk.work, talk.who.id, home.id, wish)
    yield talk.say(t("statement.disputed", number=request.number), buttons=(_ways_on(),))


PRESSES: dict[str, Handler] = {
    "statement.show": show,
    "statement.wrong": wrong,
    "statement.dispute": disputed,
}
