"""Which phrases the code says, and with which values: read from its syntax tree."""

import ast
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields, is_dataclass
from enum import StrEnum
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, get_args, get_type_hints

from bot import routes
from bot.channels.telegram import COMMANDS
from domain import calendar, canned, contract_life, surveys, team
from domain.allotments import EntryKind
from domain.areas import Area, Help, Urgency
from domain.campaigns import CampaignState
from domain.causes import USUAL
from domain.commitments import Outcome
from domain.company_changes import Stays
from domain.consents import ASKED_FOR
from domain.coverage import Clause, Ruling
from domain.declared import Language
from domain.orders import PaymentState
from domain.people import ClaimState, ConsentKind, Presence
from domain.plans import Allowance, Promise
from domain.recoveries import Recovered
from domain.replies import BLANKS
from domain.requests import State
from domain.summaries_answers import By
from domain.work import Refusal
from handlers import company_told
from handlers.cards.request import TO_THE_TEAM
from handlers.cards.team_card import MENU
from handlers.homeowner import understood
from handlers.inbound import File
from handlers.refusals import phrase
from handlers.team.price_list import TABLES
from handlers.understanding.urgency_rules import EMERGENCIES
from locales.text import Text
from tests.rules.ground import parsed, sources

SAYS = {"t": 0, "Text": 0, "button": 0, "standing": 0}  # the function, and which argument is the key
ASTRAY = ("gone", "twice", "amount", "unknown")  # why money pays for nothing
ROOTS = ("bot", "handlers")


def refusals(base: type[Refusal] = Refusal) -> Iterator[type[Refusal]]:
    """Every rule that can say no (the routes import all handlers)."""
    assert routes.TEAM
    assert contract_life.offer  # a command knows it, no route does
    for kind in base.__subclasses__():
        if not kind.__module__.startswith("tests"):
            yield kind
            yield from refusals(kind)


def hints(kind: type[Refusal]) -> dict[str, Any]:
    """The fields of a refusal, with their types."""
    return {f.name: get_type_hints(kind)[f.name] for f in fields(kind)} if is_dataclass(kind) else {}


def enum(hint: Any) -> type[StrEnum] | None:
    """The enum a field holds, if it holds one."""
    return hint if isinstance(hint, type) and issubclass(hint, StrEnum) else None


def refused(kind: type[Refusal]) -> Text:
    """What a refusal says, with some value in each field."""
    values = {name: next(iter(held), "") if (held := enum(hint)) else "" for name, hint in hints(kind).items()}
    return phrase(kind(**values))


def _spelled() -> list[str]:
    """The enum values that a refusal mentions: `state.open`, …"""
    held = {name: enum(hint) for kind in refusals() for name, hint in hints(kind).items()}
    return [f"{name}.{member}" for name, kind in held.items() if kind is not None for member in kind]


def _literal(owner: Any, name: str) -> Iterable[str]:
    return get_args(get_type_hints(owner)[name])


# The families: what the blank of an f-string ranges over. A new f-string as a key needs a line here.
DESK = (*MENU, "answered", "part_here", "storm_out", "reopen")
COUNTED = ("language", "plan", "teammate")  # of what cannot change: so many people need it
RECOVERY = ("called", "good", "not")
FORMS = (
    *("reply", "resolve", "price", "set_out", "late", "nobody", "move", "visit_over"),
    *("hand_over", "sort", "snooze", "part", "merge", "split", "note", "question", "book", "goodwill", "storm"),
    *("commitment", "commitment_later"),
)
FAMILIES: dict[str, Iterable[str]] = {
    "reason.{}": (*surveys.GOOD, *surveys.BAD),
    "recovered.{}": [outcome for outcome in Recovered if outcome is not Recovered.OPEN],
    **{f"making_good.{part}.{{}}": RECOVERY for part in ("title", "intro", "words", "submit")},
    "allowance.{}": _literal(Allowance, "unit"),
    "allowance.carried.{}": _literal(Allowance, "per"),
    "allowance.left.{}": _literal(Allowance, "per"),
    "allowance.of.{}": _literal(Allowance, "unit"),
    "allowance.per.{}": _literal(Allowance, "per"),
    "area.{}": Area,
    "emergency.kind.{}": sorted({rule.kind for rule in EMERGENCIES}),
    "balance.{}": ("visits", "tickets"),
    "roles.{}": get_args(team.Role),
    "calendar.intro.{}": calendar.EntryKind,
    "blank.{}": BLANKS,
    "phone.{}.told": ("yes", "no"),
    "cause.{}": USUAL,
    "replies.log.{}": canned.Change,
    "calendar.kind.{}": calendar.EntryKind,
    "calendar.title.{}": calendar.EntryKind,
    "campaign.{}": CampaignState,
    "claim.{}": ClaimState,
    "outcome.{}": Outcome,
    "pay.astray.{}": ASTRAY,
    "team.money.{}": ASTRAY,
    "team.money.state.{}": PaymentState,
    "clause.{}": Clause,
    "command.{}": COMMANDS,
    "count.{}": ("visits", "tickets"),
    "topic.{}": ConsentKind,
    "consent.{}": ASKED_FOR,
    "consent.yes.{}": ASKED_FOR,
    "statement.kind.{}": EntryKind,
    "contract.per.{}": _literal(Allowance, "per"),
    "help.{}": Help,
    "language.{}": get_args(Language),
    "presence.{}": Presence,
    "priority.{}": Urgency,
    "promise.{}": _literal(Promise, "what"),
    "promise.within.{}": _literal(Promise, "clock"),
    "reminder.{}": Help,
    "request.headline.{}": TO_THE_TEAM,
    "meant.what.{}": understood.SAID_BACK,
    "meant.guess.{}": understood.GUESSED,
    "meant.passed.{}": understood.TO_THE_TEAM,
    "reminder.today.{}": Help,
    "ruling.{}": Ruling,
    "soon.{}": Help,
    "solve.way.{}": Help,
    "state.{}": State,
    "team.sent.{}": _literal(File, "kind"),
    "urgency.{}": Urgency,
    "summary.by.{}": By,
    "verdict.{}": Ruling,
    "desk.{}": DESK,
    "prices.which.{}": TABLES,
    "figure.{}": ("base", "per_hour", "minimum", "cap", "per_km"),
    "figure.per.{}": _literal(Allowance, "per"),
    "company.part.{}": {*company_told.PARTS.values(), "prices", "company"},
    "company.kept.{}": COUNTED,
    "company.stays.{}": [stays for stays in Stays if stays not in COUNTED],
    "{}.submit": FORMS,
    "{}.title": FORMS,
    "{}.title.form": ("find", "invite"),
}
# Families that are spelled out as whole keys, with the values each phrase may mention.
WHOLE: dict[str, dict[str, frozenset[str]]] = {
    "refusal.{}": {refused(kind).key: frozenset(hints(kind)) for kind in refusals()},
    "{}.{}": dict.fromkeys(_spelled(), frozenset()),
}


@dataclass(frozen=True)
class Use:
    """One place that says a phrase; `values` is None where the code does not show which ones it gives."""

    place: str
    key: str
    values: frozenset[str] | None
    counted: bool
    family: bool  # one of several phrases that are given the same values
    role: str  # "notice", "title", "submit", "close" or nothing: where it will stand


@dataclass(frozen=True)
class Riddle:
    """A key the checker cannot see."""

    place: str
    what: str


def said_in(root: Path) -> tuple[list[Use], list[Riddle]]:
    """What the code of a tree says, and the keys that cannot be seen in it (read again only when it changed)."""
    return _said_in(root, tuple((str(f), f.stat().st_mtime_ns) for f in sources(root, *ROOTS)))


@lru_cache(4)
def _said_in(root: Path, _stamp: tuple[tuple[str, int], ...]) -> tuple[list[Use], list[Riddle]]:
    code = Code(root)
    return code.uses(), code.riddles


Scope = ast.FunctionDef | ast.AsyncFunctionDef | ast.Module


class Code:
    """The code of a tree, as far as it says phrases."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files = {file: parsed(file) for file in sources(root, *ROOTS) if file.parent.name != "versions"}
        self.riddles: list[Riddle] = []

    @cached_property
    def functions(self) -> dict[str, list[ast.FunctionDef | ast.AsyncFunctionDef]]:
        """Every function, by its name."""
        found: dict[str, list[ast.FunctionDef | ast.AsyncFunctionDef]] = {}
        for module in self.files.values():
            for node in ast.walk(module):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                    found.setdefault(node.name, []).append(node)
        return found

    @cached_property
    def calls(self) -> dict[str, list[tuple[Path, Scope, ast.Call]]]:
        """Every call, by the name of what is called."""
        found: dict[str, list[tuple[Path, Scope, ast.Call]]] = {}
        for file, module in self.files.items():
            for scope, call in _calls(module, module):
                found.setdefault(_name(call.func), []).append((file, scope, call))
        return found

    def uses(self) -> list[Use]:
        """Everything that is said."""
        self.riddles.clear()
        roles = self._roles()
        found: list[Use] = []
        for said, index in SAYS.items():
            for file, scope, call in self.calls.get(said, ()):
                if not isinstance(call.func, ast.Name) or getattr(scope, "name", "") in SAYS:
                    continue  # a method of that name; or the sayers themselves, which hand on what they are given
                found += self._said(file, scope, call, index, roles.get(id(call), ""))
        return found

    def _said(self, file: Path, scope: Scope, call: ast.Call, index: int, role: str) -> Iterator[Use]:
        place = f"{file.relative_to(self.root)}:{call.lineno}"
        values, counted = _values(call)
        for key, given in self._keys(place, call.args[index], scope):
            if given is not None:
                yield Use(place, key, given, counted, False, role)
            else:
                yield Use(place, key, values, counted, not isinstance(call.args[index], ast.Constant), role)

    def _keys(self, place: str, value: ast.expr, scope: Scope) -> Iterator[tuple[str, frozenset[str] | None]]:
        """The keys an expression can be, each with the values it is given when its family says so."""
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield value.value, None
        elif isinstance(value, ast.IfExp):
            yield from self._keys(place, value.body, scope)
            yield from self._keys(place, value.orelse, scope)
        elif isinstance(value, ast.JoinedStr):
            yield from self._family(place, value)
        elif isinstance(value, ast.Call) and _name(value.func) in self.functions:
            for function in self.functions[_name(value.func)]:
                for node in ast.walk(function):
                    if isinstance(node, ast.Return) and node.value is not None:
                        yield from self._keys(place, node.value, function)
        elif isinstance(value, ast.Name):
            yield from self._named(place, value.id, scope)
        else:
            self.riddles.append(Riddle(place, ast.unparse(value)))

    def _family(self, place: str, value: ast.JoinedStr) -> Iterator[tuple[str, frozenset[str] | None]]:
        shape = "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in value.values)
        if shape in WHOLE:
            yield from WHOLE[shape].items()
        elif shape in FAMILIES:
            yield from ((shape.replace("{}", member), None) for member in FAMILIES[shape])
        else:
            self.riddles.append(Riddle(place, f"the family {shape} is not declared"))

    def _named(self, place: str, name: str, scope: Scope) -> Iterator[tuple[str, frozenset[str] | None]]:
        """A variable: what it is set to in its function, or what its callers give."""
        for node in ast.walk(scope):
            if isinstance(node, ast.Assign) and any(isinstance(x, ast.Name) and x.id == name for x in node.targets):
                yield from self._keys(place, node.value, scope)
                return
        if isinstance(scope, ast.Module) or name not in (
            names := [a.arg for a in (*scope.args.posonlyargs, *scope.args.args)]
        ):
            self.riddles.append(Riddle(place, name))
            return
        index = names.index(name)
        default = index - len(names) + len(scope.args.defaults)
        if default >= 0:
            yield from self._keys(place, scope.args.defaults[default], scope)
        for _file, caller, call in self.calls.get(scope.name, ()):
            given = (
                call.args[index]
                if index < len(call.args)
                else next((k.value for k in call.keywords if k.arg == name), None)
            )
            if given is not None:
                yield from self._keys(place, given, caller)

    def _roles(self) -> dict[int, str]:
        """The calls whose words stand where the networks have little room."""
        roles: dict[int, str] = {}
        for module in self.files.values():
            for node in ast.walk(module):
                if isinstance(node, ast.Assign) and any(getattr(x, "attr", "") == "notice" for x in node.targets):
                    roles[id(node.value)] = "notice"
                elif isinstance(node, ast.Call):
                    form = _name(node.func) == "Form"
                    for keyword in node.keywords:
                        if keyword.arg == "notice" or (form and keyword.arg in ("title", "submit")):
                            roles[id(keyword.value)] = keyword.arg
        return roles


def _calls(node: ast.AST, scope: Scope) -> Iterator[tuple[Scope, ast.Call]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Call):
            yield scope, child
        inner = child if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) else scope
        yield from _calls(child, inner)


def _name(function: ast.expr) -> str:
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def _values(call: ast.Call) -> tuple[frozenset[str] | None, bool]:
    """The values a call gives by name (None when it does not show them), and whether it counts."""
    sayer = _name(call.func)
    if sayer in ("button", "standing"):
        return frozenset(), False
    if sayer == "t":
        shown = all(k.arg for k in call.keywords)
        return (frozenset(k.arg for k in call.keywords if k.arg) if shown else None), len(call.args) > 1
    values = call.args[1] if len(call.args) > 1 else None
    counted = len(call.args) > 2
    if values is None:
        return frozenset(), counted
    if not isinstance(values, ast.Dict):
        return None, counted
    return frozenset(k.value for k in values.keys if isinstance(k, ast.Constant)), counted
