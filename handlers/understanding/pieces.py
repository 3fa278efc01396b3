"""Words cut into pieces the model knows: of all ways to cut a word the likeliest one (unigram pieces, Viterbi)."""

import unicodedata
from array import array
from collections.abc import Sequence

UNKNOWN, BEGIN, END = 0, 1, 2
OPENING = "▁"  # stands before the first piece of a word
LONGEST = 16  # letters of a piece
READS = 700  # characters of a message; a single one can unfold to eighteen
MOST = 96  # pieces of a message, its marks of beginning and end among them
NEVER = -1e38


class Pieces:
    """The pieces by their numbers, and how likely each is (a logarithm)."""

    def __init__(self, pieces: Sequence[str], likely: Sequence[float], unknown: float) -> None:
        self._numbers = {piece: number for number, piece in enumerate(pieces) if number > END}
        self._likely = array("f", likely)
        self._unknown = unknown

    def words(self, text: str) -> list[tuple[str, list[int]]]:
        """Each word of a message with the numbers of its pieces, as far as it is read."""
        plain = unicodedata.normalize("NFKC", text[:READS].lower().replace("’", "'"))[:READS]
        found, room = [], MOST - 2
        for word in plain.split():
            cut = self._cut(OPENING + word)[:room]
            if not cut:
                break
            found.append((word, cut))
            room -= len(cut)
        return found

    def _cut(self, word: str) -> list[int]:
        whole = self._numbers.get(word)
        if whole is not None:
            return [whole]
        size = len(word)
        best, start, piece = [0.0] + [NEVER] * size, [0] * (size + 1), [UNKNOWN] * (size + 1)
        for at in range(size):
            if best[at] + self._unknown > best[at + 1]:
                best[at + 1], start[at + 1], piece[at + 1] = best[at] + self._unknown, at, UNKNOWN
            for end in range(at + 1, min(at + LONGEST, size) + 1):
                number = self._numbers.get(word[at:end])
                if number is not None and best[at] + self._likely[number] > best[end]:
                    best[end], start[end], piece[end] = best[at] + self._likely[number], at, number
        cut, at = [], size
        while at > 0:
            cut.append(piece[at])
            at = start[at]
        return cut[::-1]
