"""The chart of a summary, as values: it is drawn when it leaves, in the language of whoever reads it."""

from collections.abc import Iterable
from decimal import Decimal

from domain.summaries import Point
from domain.summaries_answers import Answers
from domain.summary_days import Days, Each
from handlers.cards.summary import title
from handlers.messages import Document
from locales.text import Day, Listing, Number, Value, t

FILE = "satisfaction.png"


def chart(days: Days, answers: Answers, points: Iterable[Point]) -> Document:
    """The share of 4 and 5 over time, and how often each score was given."""
    drawn = tuple(points)
    monthly = bool(drawn) and drawn[0].days.each is Each.MONTH
    values: dict[str, Value] = {
        "title": title(days),
        "trend": t("summary.chart.month") if monthly else t("summary.chart.week"),
        "bars": t("summary.chart.bars"),
        "nothing": t("summary.nothing"),
        "scores": t("summary.chart.scores"),
        "points": Listing(tuple(_point(point, monthly=monthly) for point in drawn), "plain"),
        "counts": Listing(tuple(answers.scores.get(score, 0) for score in range(1, 6)), "plain"),
    }
    return Document("chart", FILE, values)


def _point(point: Point, *, monthly: bool) -> Listing:
    """When it begins, the share with its bounds in percent, and of how many answers; without answers only when."""
    good = point.good
    shares = () if good is None else tuple(Number(Decimal(f"{100 * x:.2f}")) for x in (good.value, good.low, good.high))
    begins = Day(point.days.first, "month" if monthly else "date")
    return Listing((begins, *shares, *(() if good is None else (good.of,))), "plain")
