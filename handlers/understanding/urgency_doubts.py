"""What takes a danger back: denied, over, somebody else's, imagined, asked about, a test, a chirp, a film."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable

from handlers.understanding.urgency_rules import DENIABLE, SWALLOWS
from handlers.understanding.urgency_text import Word
from handlers.understanding.urgency_words import Mark

REACH_OF_NO = 5
LINKED = 3
MOST_DENIED = 8
FICTION_NEAR = 8
PREVENTED_WITHIN = 8
NEXT_TO = 3
STUCK_NEAR = 5
ASKED_IN_NEED = frozenset({"siren", "detector", "locked_out", "shut_in", "no_heating"})

# Sayings that may hold a “no” which still denies what comes next.
UNBINDING = frozenset({"not", "link", "but", "over", "prevention", "imagined"})

Told = dict[str, list[Mark]]  # the live marks of each group, in their order


def live(marks: list[Mark], words: list[Word]) -> Told:
    """The marks that count: none swallowed by a longer saying, none denied."""
    kept = _unswallowed(marks)
    denied = _denied(kept, words)
    told: Told = defaultdict(list)
    for mark in sorted(kept, key=lambda mark: (mark.first, mark.last)):
        if mark not in denied:
            told[mark.group].append(mark)
    return told


def _unswallowed(marks: list[Mark]) -> list[Mark]:
    longest: dict[int, tuple[int, str]] = {}
    for mark in marks:
        if mark.group in SWALLOWS and (mark.length > 1 or mark.group == "mask"):
            for at in range(mark.first, mark.last + 1):
                longest[at] = max(longest.get(at, (0, "")), (mark.length, mark.group))
    return [mark for mark in marks if not _swallowed(mark, longest)]


def _swallowed(mark: Mark, longest: dict[int, tuple[int, str]]) -> bool:
    for at in range(mark.first, mark.last + 1):
        length, group = longest.get(at, (0, ""))
        if group != mark.group and length >= mark.length:
            return True
    return False


def _denied(marks: list[Mark], words: list[Word]) -> set[Mark]:
    """What a “no” before it takes away, with what hangs on it (no smell of smoke or gas)."""
    longest: dict[int, int] = {}
    for mark in marks:
        if mark.group not in UNBINDING:
            for at in range(mark.first, mark.last + 1):
                longest[at] = max(longest.get(at, 0), mark.length)
    targets = sorted((mark for mark in marks if mark.group in DENIABLE), key=lambda mark: mark.first)
    starts = [mark.first for mark in targets]
    links = {at for mark in marks if mark.group in ("link", "not") for at in range(mark.first, mark.last + 1)}
    buts = {mark.first for mark in marks if mark.group == "but"}
    denied: set[Mark] = set()
    for no in marks:
        if no.group == "not" and no.length >= longest.get(no.first, 0):
            start = bisect_left(starts, no.last + 1)
            if start < len(targets) and targets[start] not in denied:
                denied.update(_taken_by(no, targets[start : start + MOST_DENIED], links, buts, words))
        elif no.group == "not_after" and no.length >= longest.get(no.first, 0):
            denied.update(mark for mark in targets if mark.last == no.first - 1 and _ends(no, words))
    return denied


def _ends(no: Mark, words: list[Word]) -> bool:
    """Whether nothing follows in the clause (“ça fume plus”, but not “ça fume plus fort”)."""
    return no.last + 1 >= len(words) or words[no.last + 1].clause != words[no.last].clause


def _taken_by(no: Mark, targets: list[Mark], links: set[int], buts: set[int], words: list[Word]) -> Iterable[Mark]:
    reach, until = no.last, no.last + REACH_OF_NO
    for mark in targets:
        if mark.first > until or words[mark.first].clause != words[no.first].clause:
            return
        if any(at in buts for at in range(no.last + 1, mark.first)):
            return
        if reach > no.last and any(at not in links for at in range(reach + 1, mark.first)):
            return
        yield mark
        reach = max(reach, mark.last)
        until = reach + LINKED


class Doubts:
    """What could take a danger back, by the sentence it is said in."""

    def __init__(self, told: Told, words: list[Word], questions: frozenset[int] = frozenset()) -> None:
        self.questions = questions
        self.words = words
        self.told = told
        self.said: dict[tuple[str, int], list[Mark]] = defaultdict(list)
        for group, marks in told.items():
            for mark in marks:
                self.said[group, words[mark.first].sentence].append(mark)

    def about(self, kind: str, first: int, last: int) -> bool:
        """Whether this danger is taken back by what is said around it."""
        sentence = self.words[first].sentence
        now = self._said("now", sentence) or self._said("report", sentence)
        return (
            self._over(last, sentence, now)
            or self._elsewhere(sentence)
            or (not now and self._unreal(first, last, sentence))
            or (not now and kind not in ASKED_IN_NEED and self._curious(sentence))
            or self._by_kind(kind, first, last, sentence, now)
        )

    def _said(self, group: str, sentence: int) -> bool:
        return (group, sentence) in self.said

    def _before(self, group: str, last: int, sentence: int) -> bool:
        return any(mark.first < last for mark in self.said.get((group, sentence), ()))

    def _near(self, group: str, first: int, last: int, within: int) -> bool:
        marks = self.said.get((group, self.words[first].sentence), ())
        return any(first - within <= mark.last and mark.first <= last + within for mark in marks)

    def _over(self, last: int, sentence: int, now: bool) -> bool:
        for mark in self.told.get("over", ()):
            where = self.words[mark.first].sentence
            if where > sentence and not now:
                return True
            if where == sentence and mark.first > last:
                return True
        return False

    def _elsewhere(self, sentence: int) -> bool:
        return self._said("elses", sentence) and not self._said("ours", sentence)

    def _unreal(self, first: int, last: int, sentence: int) -> bool:
        past = self._said("past", sentence) and self._said("was", sentence)
        imagined = self._before("imagined", last, sentence) or self._before("asks", last, sentence)
        return past or imagined or self._near("prevention", first, first, PREVENTED_WITHIN)

    def _curious(self, sentence: int) -> bool:
        """Whether it is only asked about, and not what to do now."""
        in_need = any(self._said(group, sentence) for group in ("help", "ask_help", "unsure"))
        return sentence in self.questions and not in_need

    def _by_kind(self, kind: str, first: int, last: int, sentence: int, now: bool) -> bool:
        if kind in ("siren", "detector") and any(self._said(group, sentence) for group in ("each", "chirp")):
            return True
        if kind in ("siren", "detector", "water") and self._tested(sentence, now):
            return True
        if kind == "electric" and self._near("audio", first, last, NEXT_TO):
            return True
        if kind == "overheating" and self._said("usual", sentence) and "hot_strong" not in self.told:
            return True
        if kind == "water" and self._near("garden", first, last, NEXT_TO):
            return True
        caught = self._near("body", first, first, 0)
        if kind in ("shut_in", "locked_out") and not caught and self._thing(first, last, sentence):
            return True
        return self._near("fiction", first, last, FICTION_NEAR) and not self._said("during", sentence)

    def _tested(self, sentence: int, now: bool) -> bool:
        return self._said("test", sentence) and not now and not self._said("unstopping", sentence)

    def _thing(self, first: int, last: int, sentence: int) -> bool:
        """Whether it is a thing that is stuck or outside: said just before, with nobody in between."""
        things = [
            mark.last for mark in self.said.get(("thing_stuck", sentence), ()) if 0 < first - mark.last <= STUCK_NEAR
        ]
        people = (mark.first for mark in self.said.get(("person", sentence), ()))
        return bool(things) and not any(things[-1] < person <= last for person in people)
