"""The statement: every entry of the contract's allowances, newest first; a word that one is wrong becomes a task."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

from domain.allotments import EntryKind
from domain.areas import Intent
from domain.plans import Plan
from domain.statement import NoSuchEntry, StatementLine, dispute, statement
from handlers.cards.menu import beside_contract
from handlers.cards.plans import TIMED, allowance_name
from handlers.conversation import Handler, Talk, rows, standing
from handlers.homeowner import menu
from handlers.homeowner.contract import Signed, signed
from handlers.messages import Button, Fact, Outgoing
from locales.text import Day, Minutes, Text, Value, own, t

ALONG = ("rollover", "carried_over")  # the two ends of what comes along from one period to the next
TAKES = (EntryKind.RESERVE, EntryKind.USE, EntryKind.EXPIRE)
PAGE = 8


def _page(talk: Talk) -> tuple[Signed, list[StatementLine], int | None]:
    """Whose contract it is, the page that is meant, and where the older ones begin."""
    found = signed(talk)
    before = talk.number("before") if "before" in talk.args else None
    lines, older = statement(talk.work, found.contract, before, PAGE) if found.contract else ([], None)
    return found, lines, older


def show(talk: Talk) -> Iterable[Outgoing]:
    """A page of the statement."""
    found, lines, older = _page(talk)
    if found.plan is None or not lines:
        yield talk.say(t("statement.none"), buttons=(beside_contract(),))
        return
    more = (standing("statement.older", "statement.show", before=older),) if older is not None else ()
    plan = found.plan
    yield talk.say(
        title=t("statement.title", plan=own(plan.name)),
        facts=tuple(_fact(talk, plan, line) for line in lines),
        buttons=((standing("statement.wrong", "statement.wrong", **talk.args), *more), beside_contract()),
    )


def _fact(talk: Talk, plan: Plan, line: StatementLine) -> Fact:
    label = t("statement.line", day=_day(talk, line), what=_what(talk, plan, line))
    change = t("statement.plus" if line.quantity > 0 else "statement.minus", quantity=_amount(line.unit, line.quantity))
    if line.after is None:
        return Fact(label, change)
    return Fact(label, t("statement.change", change=change, left=_amount(line.unit, line.after)))


def _day(talk: Talk, line: StatementLine) -> Day:
    return Day(line.at.astimezone(ZoneInfo(talk.zone())).date())


def _what(talk: Talk, plan: Plan, line: StatementLine) -> Value:
    """What happened, to which allowance, for which request."""
    allowance = plan.allowance(line.allowance)
    name: Value = allowance_name(talk.company, allowance) if allowance is not None else line.allowance
    kind = t("statement.carried") if line.reason in ALONG else t(f"statement.kind.{line.kind}")
    if line.request is not None:
        return t("statement.for", kind=kind, allowance=name, number=line.request)
    return t("statement.of", kind=kind, allowance=name)


def _amount(unit: str, quantity: int) -> Text | Minutes:
    if unit in TIMED:
        return Minutes(abs(quantity))
    return t(f"count.{unit}", abs(quantity))


def wrong(talk: Talk) -> Iterable[Outgoing]:
    """Which of the entries on this page is wrong?"""
    found, lines, _ = _page(talk)
    taken = [line for line in lines if line.kind in TAKES and not line.disputed]
    if found.plan is None or not taken:
        yield talk.say(t("statement.nothing_taken"), buttons=(beside_contract(),))
        return
    choices = [_choice(talk, found.plan, line) for line in taken]
    yield talk.say(t("statement.which"), buttons=(*rows(choices, 1), beside_contract()))


def _choice(talk: Talk, plan: Plan, line: StatementLine) -> Button:
    label = t("statement.line", day=_day(talk, line), what=_what(talk, plan, line))
    return Button(label, "statement.dispute", {"entry": line.entry}, standing=True)


def disputed(talk: Talk) -> Iterable[Outgoing]:
    """He says that an entry is wrong: the team looks, and says so in the chat."""
    contract, entry = signed(talk).contract, talk.number("entry")
    if contract is None:
        raise NoSuchEntry
    if not dispute(talk.work, contract, entry, talk.who.id):
        yield talk.say(t("statement.disputed_before"), buttons=(beside_contract(),))
        return
    found = statement(talk.work, contract, entry + 1, 1)[0][0]
    story = f"#{found.entry} {found.at:%Y-%m-%d} {found.allowance} {found.quantity:+d} {found.request or ''}".strip()
    request = menu.call_somebody(talk, story, Intent.BILLING)
    yield talk.say(t("statement.disputed", number=request.number), buttons=(beside_contract(),))


PRESSES: dict[str, Handler] = {
    "statement.show": show,
    "statement.wrong": wrong,
    "statement.dispute": disputed,
}
