"""The chart of a summary: a picture for a phone, lines for a page. Colours that everybody tells apart (Okabe, Ito)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from io import BytesIO
from textwrap import fill
from threading import Lock
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from handlers.messages import Document
from locales.phrasebook import say
from locales.text import Listing, Number, Percent, Value

INK, PALE, BLUE, SKY, ORANGE, RED, GREY = "#222222", "#dddddd", "#0072b2", "#56b4e9", "#e69f00", "#d55e00", "#999999"
BY_SCORE = (RED, ORANGE, GREY, SKY, BLUE)
_ONE_BY_ONE = Lock()  # the style is the library’s own, for all threads at once
WIDE = 52  # characters of the title on one line
TICKS = 6  # dates under the trend: more run into one another on a phone
STYLE: Any = {
    "font.size": 13, "text.color": INK, "axes.labelcolor": INK, "xtick.color": INK, "ytick.color": INK,
    "axes.edgecolor": GREY, "axes.spines.top": False, "axes.spines.right": False, "svg.hashsalt": "aftercare",
}  # fmt: skip


@dataclass(frozen=True)
class Bar:
    """One point of the trend, in percent."""

    begins: str
    share: float = 0.0
    low: float = 0.0
    high: float = 0.0
    of: int = 0


def draw(document: Document, language: str) -> bytes:
    """A picture: 900 by 1050 points, legible on a phone."""
    out = BytesIO()
    with _ONE_BY_ONE, rc_context(STYLE):
        _figure(document.values, language, (6.0, 7.0)).savefig(out, format="png", dpi=150)
    return out.getvalue()


def lines(document: Document, language: str) -> str:
    """The same as SVG, wide, to stand in a page."""
    out = BytesIO()
    with _ONE_BY_ONE, rc_context({**STYLE, "font.size": 11}):
        _figure(document.values, language, (7.2, 5.4), titled=False).savefig(
            out, format="svg", metadata={"Date": None, "Creator": None}
        )
    drawn = out.getvalue().decode()
    return drawn[drawn.index("<svg") :]


def _figure(values: dict[str, Value], language: str, size: tuple[float, float], *, titled: bool = True) -> Figure:
    figure = Figure(figsize=size, layout="constrained", facecolor="white")
    above, below = figure.subplots(2, 1, height_ratios=(3, 2))
    if titled:
        figure.suptitle(fill(say(values["title"], language), WIDE), fontweight="bold", fontsize="medium")

    def percent(share: float) -> str:
        return say(Percent(Decimal(round(share))), language)

    points = [_bar(point, language) for point in _items(values["points"])]
    _heading(above, say(values["trend"], language))
    _trend(above, points, percent, say(values["bars"], language), say(values["nothing"], language))
    _heading(below, say(values["scores"], language))
    _scores(below, [_whole(count) for count in _items(values["counts"])], percent)
    return figure


def _heading(axes: Axes, words: str) -> None:
    axes.set_title(words, loc="left", fontsize="medium")


def _trend(axes: Axes, points: Sequence[Bar], percent: Callable[[float], str], legend: str, nothing: str) -> None:
    """The share, with its bounds; where nobody answered the line has a gap."""
    known = [(place, point) for place, point in enumerate(points) if point.of]
    axes.set_ylim(0, 104)
    axes.set_yticks(range(0, 101, 20), [percent(share) for share in range(0, 101, 20)])
    axes.grid(axis="y", color=PALE)
    axes.set_axisbelow(True)
    axes.set_xlim(-0.5, max(len(points) - 0.5, 0.5))
    step = -(-len(points) // TICKS) or 1
    axes.set_xticks(range(0, len(points), step), [point.begins for point in points[::step]])
    if not known:
        axes.text(0.5, 0.5, nothing, transform=axes.transAxes, ha="center", va="center")
        return
    places = [place for place, _ in known]
    shares = [point.share for _, point in known]
    below = [max(point.share - point.low, 0) for _, point in known]
    above = [max(point.high - point.share, 0) for _, point in known]
    axes.plot(range(len(points)), [p.share if p.of else float("nan") for p in points], color=BLUE, linewidth=2)
    axes.errorbar(places, shares, yerr=(below, above), fmt="o", color=BLUE, ecolor=SKY, elinewidth=3, markersize=7)
    axes.set_xlabel(legend, fontsize="small", wrap=True)


def _scores(axes: Axes, counts: Sequence[int], percent: Callable[[float], str]) -> None:
    """How often each score was given, five at the top."""
    names = [str(score) for score in range(1, 6)]
    bars = axes.barh(names, counts, color=BY_SCORE)
    of = sum(counts)
    axes.bar_label(bars, [f"{count} ({percent(100 * count / of)})" if of else "0" for count in counts], padding=5)
    axes.set_xlim(0, max(*counts, 1) * 1.3)
    axes.xaxis.set_visible(False)
    axes.spines["bottom"].set_visible(False)


def _items(value: Value) -> tuple[Value, ...]:
    if not isinstance(value, Listing):
        raise TypeError("a chart has lists of numbers")
    return value.items


def _bar(value: Value, language: str) -> Bar:
    begins, *rest = _items(value)
    if not rest:
        return Bar(say(begins, language))
    share, low, high, of = rest
    return Bar(say(begins, language), _number(share), _number(low), _number(high), _whole(of))


def _number(value: Value) -> float:
    if not isinstance(value, Number):
        raise TypeError("a share is a number")
    return float(value.value)


def _whole(value: Value) -> int:
    if not isinstance(value, int):
        raise TypeError("so many are a whole number")
    return value
