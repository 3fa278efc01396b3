"""How satisfied are they? The summary managers read: when they ask, by itself, and when something is wrong."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal

from domain import summaries, summaries_today, summary_days
from domain.summaries import Summary
from domain.summary_days import Each
from handlers.cards.chart import chart
from handlers.cards.summary import brief
from handlers.conversation import Talk
from handlers.inbound import Due
from handlers.management.asked_days import asked
from handlers.messages import Channel, Document, Message, Outgoing, Part, Teammate
from locales.text import Day, Number, t

WORDS = 3  # remarks
# Later than that the next one is about to come: what is missed then stays in the figures of the one after it.
STALE = {Each.WEEK: timedelta(days=6), Each.MONTH: timedelta(days=27)}


def show(talk: Talk) -> Iterable[Outgoing]:
    """The days he asks for, for the manager who asks and nobody else; the chart where pictures can be."""
    wish = asked(talk.work, talk.company, talk.words)
    found = summaries.summary(talk.work, talk.company, wish.days, wish.by, WORDS)
    user, place = talk.came.sender.user, talk.came.place
    channel = place.chat if place.kind == "channel" else None
    answered = bool(found.answers.answered)
    here = t("summary.chart.here") if answered and channel else None
    yield brief(talk.company, found, Teammate(user, channel), footer=here)
    if answered:
        yield Message(to=Teammate(user), media=(_drawn(talk, found),))


def _drawn(talk: Talk, found: Summary) -> Document:
    return chart(found.days, found.answers, summaries.trend(talk.work, summaries.leading_up(found.days)))


def digest(talk: Talk) -> Iterable[Outgoing]:
    """A week or a month is over: was there anything to tell of it? Then the team reads it, once."""
    due = talk.inbound
    assert isinstance(due, Due)
    name, _, began = due.occurrence.partition(" ")
    each = Each(name)
    if talk.work.now - due.at > STALE[each]:
        return
    now = summary_days.of(each, date.fromisoformat(began), talk.company.time_zone)
    days = summary_days.before(now)
    found = summaries.summary(talk.work, talk.company, days, words=WORDS)
    if not (found.answers.asked or found.care.under_way):
        return
    first, last = Day(days.first), Day(days.last)
    weekly = each is Each.WEEK
    title = t("summary.digest.week" if weekly else "summary.digest.month", first=first, last=last)
    yield brief(talk.company, found, _channel(talk), title=title, footer=t("summary.reading"))
    if found.answers.answered:
        yield Message(to=_channel(talk), media=(_drawn(talk, found),))


def wrong(talk: Talk) -> Iterable[Outgoing]:
    """Is it still so bad today? Then the team is told, once a day."""
    found = summaries_today.today(talk.work, talk.company)
    lines = tuple(_wrong(found))
    if lines:
        yield Message(to=_channel(talk), title=t("summary.wrong"), body=lines, alert=True)


def _wrong(found: summaries_today.Today) -> Iterator[Part]:
    if found.low_scores:
        yield t("summary.wrong.low", found.low)
    if found.broken_promises:
        yield t("summary.wrong.broken", found.broken, usual=Number(Decimal(f"{found.usual:.1f}"), 1))


def _channel(talk: Talk) -> Channel:
    channels = talk.company.channels
    return Channel(channels.satisfaction or channels.requests)
