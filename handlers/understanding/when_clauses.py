"""Clauses: which part of a message wishes, which only tells, and which refuses."""

from collections.abc import Iterable, Sequence

import msgspec

from handlers.understanding.when_days import Day
from handlers.understanding.when_rules import Atom

TIMELY = ("day", "hours")
SAID = ("day", "hours", "same", "never", "booked", "or", "and")
IDLE = frozenset(
    "or|and|comma|filler|instead|the|the_day|the_hour|on|en|in_|a|a_day|at|of|of_day|for_|this|no|one|number".split("|")
)
TALES = frozenset({"away", "happened", "missed"})
MARKS = frozenset(
    {"wishing", "refusing", "away", "happened", "missed", "moving", "cancelling", "so", "instead", "past", "length"}
)
QUIET = IDLE | MARKS | frozenset({"day", "hours", "same", "never", "booked", "because", "onward", "end", "nor"})


class Clause(msgspec.Struct):
    """A part of a message between two signs, with what it says of time."""

    items: list[Atom]
    marks: set[str]
    words: int = 0  # how many words have nothing to do with time
    joined: bool = False  # goes on with the clause before: “or Tuesday”

    @property
    def wishing(self) -> bool:
        """Whether it asks for something, or says nothing but a time."""
        return bool(self.marks & {"wishing", "instead"}) or not (self.words or self.marks & {*TALES, "past", "length"})

    @property
    def leaning(self) -> bool:
        """Whether it begins with hours for the day before: “after work, or Friday”."""
        return [item.kind for item in self.items[:2]] == ["hours", "or"]

    def days(self) -> list[Atom]:
        """The days it names as a possible wish."""
        return [item for item in self.items if item.kind in ("day", "booked")]


def clauses(atoms: Sequence[Atom]) -> list[Clause]:
    """A message in its clauses."""
    found = [Clause([], set())]
    for place, atom in enumerate(atoms):
        if atom.kind in ("stop", "but", "so") or (atom.kind == "comma" and not _listing(atoms, place)):
            found.append(Clause([], {"so"} if atom.kind == "so" else set()))
            continue
        _take(found[-1], atom)
    return [clause for clause in found if clause.items or clause.marks or clause.words]


def _take(clause: Clause, atom: Atom) -> None:
    if atom.kind in MARKS:
        clause.marks.add(atom.kind)
    if atom.kind in SAID:
        first = not any(item.kind not in ("or", "and") for item in clause.items)
        clause.joined |= first and atom.kind == "or" and not clause.words
        clause.items.append(atom)
    clause.words += atom.kind not in QUIET


def _listing(atoms: Sequence[Atom], place: int) -> bool:
    """Whether this comma only stands between two times: Monday, Tuesday."""
    before = atoms[place - 1].kind if place else ""
    after = next((atom.kind for atom in atoms[place + 1 : place + 6] if atom.kind not in IDLE), "")
    return before in TIMELY and after in TIMELY


def wished(found: Sequence[Clause]) -> list[Clause]:
    """The clauses without the days that are only told: somebody else's, a holiday, an appointment to be moved."""
    found = _resolved(found)
    moved = any(clause.marks & {"moving", "cancelling"} for clause in found)
    told = [_settled(clause, found, moved) for clause in found]
    if moved:
        told = _moved(told)
    dropped = [_dropped(told, place) for place in range(len(told))]
    kept = [_without(clause, gone) for clause, gone in zip(told, dropped, strict=True)]
    if not any(clause.days() for clause in kept) and any(_asks_hours(clause) for clause in kept):
        # “On Monday I finish at one, come at half past two”: the day of the tale, the hours of the wish.
        kept = [_only_days(clause) if gone else clause for clause, gone in zip(told, dropped, strict=True)]
    return [_without_habits(clause, kept) for clause in kept]


def _asks_hours(clause: Clause) -> bool:
    return "refusing" not in clause.marks and clause.wishing and any(item.kind == "hours" for item in clause.items)


def _only_days(clause: Clause) -> Clause:
    told = not clause.marks & {"happened", "missed"}
    return msgspec.structs.replace(
        clause, items=[item for item in clause.items if told and item.kind in ("day", "never")]
    )


def _resolved(found: Sequence[Clause]) -> list[Clause]:
    """What is left out because it was just said: not this week, the next; I leave on the 27th, so before that."""
    last: Day | None = None
    resolved: list[Clause] = []
    for clause in found:
        items: list[Atom] = []
        for item in clause.items:
            if item.kind == "day" and item.value.elided:
                if last is None or not _continued(last, item.value):
                    continue
                if item.value.edge:
                    items = [one for one in items if one.value is not last]
                item = item._replace(value=_continued(last, item.value))
            days = [one.value for one in item.value if one.kind == "day"] if item.kind == "never" else []
            last = item.value if item.kind in ("day", "booked") else days[-1] if days else last
            items.append(item)
        resolved.append(msgspec.structs.replace(clause, items=items))
    return resolved


def _continued(last: Day, elided: Day) -> Day | None:
    if elided.edge:
        return msgspec.structs.replace(last, edge=elided.edge) if last.edge in ("", "by") else None
    if last.weekday is not None:
        return msgspec.structs.replace(last, mode="", plus=7)
    if last.week is not None or last.portion is not None:
        return msgspec.structs.replace(last, week=1, portion=elided.portion or last.portion or "")
    return None


def _settled(clause: Clause, found: Sequence[Clause], moved: bool) -> Clause:
    """An appointment that exists is no wish when it is to be moved, or when another day is named."""
    others = sum(len(one.days()) for one in found) > 1
    gone = moved or others or any("refusing" in one.marks for one in found)
    booked = {id(item.value) for item in clause.items if item.kind == "booked" and gone}
    items = [item._replace(kind="day") if item.kind == "booked" else item for item in clause.items]
    items = _still(items, {id(item) for item in items if id(item.value) in booked})
    certain = clause.wishing
    items = [item for item in items if item.kind != "day" or certain or not item.value.doubtful]
    return msgspec.structs.replace(clause, items=items)


def _moved(found: Sequence[Clause]) -> list[Clause]:
    """Only what an appointment is moved to."""
    days = [item for clause in found for item in clause.items if item.kind == "day" and "refusing" not in clause.marks]
    pointed = next((place for place, item in enumerate(days) if item.value.pointed or item.value.last), None)
    alone = len(days) == 1 and not any("cancelling" in clause.marks and clause.days() for clause in found)
    first = pointed if pointed is not None else 0 if alone or _offered(found) else len(days) - 1
    if pointed is None and len(days) == 1 and not alone:
        first = 1
    gone = {id(item) for item in days[:first]}
    kept = [_still(clause.items, gone) for clause in found]
    return [
        msgspec.structs.replace(clause, items=[_new(item) for item in items])
        for clause, items in zip(found, kept, strict=True)
    ]


def _still(items: Sequence[Atom], gone: set[int]) -> list[Atom]:
    """What is left without some days and the hours after them."""
    left: list[Atom] = []
    leaving = False
    for item in items:
        if item.kind == "day":
            leaving = id(item) in gone
        if not leaving or item.kind not in ("day", "hours"):
            left.append(item)
    return left


def _new(item: Atom) -> Atom:
    """From Tuesday to Wednesday, where something is moved: Wednesday."""
    if item.kind == "day" and item.value.last and not item.value.edge:
        last: Day = item.value.last
        return item._replace(value=last)
    return item


def _offered(found: Iterable[Clause]) -> bool:
    return any(item.kind == "or" for clause in found for item in clause.items)


def _dropped(found: Sequence[Clause], place: int) -> bool:
    """Whether the days of a clause are only told, since another one wishes."""
    clause = found[place]
    if not clause.days() or "refusing" in clause.marks:
        return False
    if "missed" in clause.marks or (clause.marks & TALES and "wishing" not in clause.marks):
        return True
    later = found[place + 1 :]
    if any("instead" in one.marks and one.days() and not one.joined for one in later):
        return not any(one.joined for one in later[:1])
    linked = clause.joined or any(one.joined for one in later[:1])
    if clause.wishing or linked:
        return False
    others = [one for one in found if one is not clause and one.days() and "refusing" not in one.marks]
    return any((one.wishing and not one.leaning) or (one in later and "so" in one.marks) for one in others)


def _without(clause: Clause, dropped: bool) -> Clause:
    items = [item for item in clause.items if not dropped or item.kind == "never"]
    return msgspec.structs.replace(clause, items=items)


def _without_habits(clause: Clause, found: Sequence[Clause]) -> Clause:
    """“Fridays” is a wish only where something is asked for, and nothing more certain is."""
    certain = any(not item.value.often for one in found for item in one.items if item.kind == "day")
    if "refusing" in clause.marks or (clause.wishing and not certain):
        return clause
    items = [item for item in clause.items if item.kind != "day" or not item.value.often]
    return msgspec.structs.replace(clause, items=items)
