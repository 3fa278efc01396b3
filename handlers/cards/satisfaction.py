"""How satisfied they are, in lines."""

from datetime import timedelta
from decimal import Decimal

from domain.surveys import Satisfaction, satisfaction
from domain.work import Work
from handlers.messages import Fact
from locales.text import Percent, t


def lately(work: Work, days: int) -> Satisfaction:
    """The summary of the last days."""
    return satisfaction(work, work.now - timedelta(days=days))


def facts(found: Satisfaction) -> tuple[Fact, ...]:
    """How many were asked, how many answered, and what."""
    asked = (Fact(t("summary.asked"), found.asked), Fact(t("summary.answered"), found.answered))
    if found.mean is None:
        return asked
    return (
        *asked,
        Fact(t("summary.rate"), Percent(Decimal(round(100 * found.answered / found.asked)))),
        Fact(t("summary.mean"), t("summary.of_five", mean=f"{found.mean:.1f}")),
        *(Fact(t("summary.score", score=str(s)), found.scores.get(s, 0)) for s in range(5, 0, -1)),
    )
