"""Summaries: what the database counts is what one counts by hand over every row, on both databases."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest
import scipy.stats
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import schema, settings
from bot.database import connect
from domain import advice, commitments, summaries, summaries_answers, summary_days
from domain.appointments import Booking
from domain.charges import Charge
from domain.commitments import Outcome, Wish
from domain.contracts import Contract
from domain.homes import Home
from domain.people import Person
from domain.plans import Promise
from domain.prompts import Prompt
from domain.proposals import StoredQuote
from domain.recommending import Recommendation
from domain.recoveries import Recovery
from domain.requests import Happening, Request
from domain.summaries import Summary, summary
from domain.summaries_answers import FEWEST, By
from domain.summary_days import Days
from domain.surveys import Survey
from domain.work import Work
from tests.domain.ground import MONDAY, PLAIN, SAMPLE
from tests.domain.ground import person as somebody
from tests.domain.ground import request as opened
from tests.domain.summary_world import invented

T = TypeVar("T")
SEEDS = (1, 2, 3)
SPANS: dict[str, Days] = {
    "last 30 days": summary_days.lately(MONDAY, "Europe/Paris"),
    "this month": summary_days.of(summary_days.Each.MONTH, MONDAY.date(), "Europe/Paris"),
    "last month": summary_days.of(summary_days.Each.MONTH, date(2026, 2, 1), "Europe/Paris"),
    "a week": summary_days.of(summary_days.Each.WEEK, date(2026, 1, 20), "Europe/Paris"),
    "the year before": summary_days.of(summary_days.Each.YEAR, date(2025, 1, 1), "Europe/Paris"),
}


class Everything:
    """All rows, as plain Python sees them."""

    def __init__(self, session: Session) -> None:
        self.session = session
        self.known: dict[type[Any], list[Any]] = {}

    def of(self, kind: type[T]) -> list[T]:
        if kind not in self.known:
            self.known[kind] = list(self.session.scalars(select(kind)))
        return self.known[kind]

    def by_number(self, kind: type[Any]) -> dict[int, Any]:
        return {row.id: row for row in self.of(kind)}


def within(days: Days, at: datetime | None) -> bool:
    return at is not None and days.since <= at < days.until


async def seen(url: str, seed: int, days: Days, look: Callable[[Work, Everything], None]) -> None:
    """An invented company in a fresh database, and somebody who looks."""
    await asyncio.to_thread(schema.migrate, settings.database_url(url))
    database = connect(settings.database_url(url))

    def unit(session: Session) -> None:
        invented(seed).write(session)
        look(Work(session, MONDAY, "test"), Everything(session))

    await database.write(unit)
    await database.close()


def asked_in(every: Everything, days: Days) -> list[Survey]:
    return [s for s in every.of(Survey) if within(days, s.asked_at) and s.round == 1]


@pytest.mark.slow
@pytest.mark.parametrize("seed", SEEDS)
async def test_every_figure_is_the_one_that_plain_python_counts(database_url: str, seed: int) -> None:
    def look(work: Work, every: Everything) -> None:
        for name, days in SPANS.items():
            found = summary(work, SAMPLE, days)
            answers(found, every, days)
            business(found, every, days)
            care(found, every, days)
            assert found.compared.before.asked == len(asked_in(every, summary_days.before(days))), name

    await seen(database_url, seed, SPANS["a week"], look)


def answers(found: Summary, every: Everything, days: Days) -> None:
    """Scores, reasons, words, recommendations, recoveries."""
    asked = asked_in(every, days)
    scores = [s.score for s in asked if s.score is not None]
    assert (found.answers.asked, found.answers.scores) == (len(asked), dict(sorted(Counter(scores).items())))
    if scores:
        mean, good = found.answers.mean, found.answers.good
        assert mean is not None
        assert good is not None
        assert mean.value == pytest.approx(sum(scores) / len(scores))
        exact = scipy.stats.binomtest(sum(s >= 4 for s in scores), len(scores)).proportion_ci(method="wilson")
        assert (good.low, good.high) == (pytest.approx(exact.low), pytest.approx(exact.high))
    named: Counter[tuple[bool, str]] = Counter()
    for survey in asked:
        if survey.score is not None:
            named.update((survey.score >= 4, key) for key in survey.reasons)
    assert {(r.good, r.key): r.count for r in found.reasons} == dict(named)
    assert all(r.of == sum((s >= 4) is r.good for s in scores) for r in found.reasons)
    assert [r.count for r in found.reasons if r.good] == sorted((n for (g, _), n in named.items() if g), reverse=True)
    written = sorted((s for s in asked if s.remark), key=lambda s: (s.asked_at, s.id), reverse=True)
    people, there = every.by_number(Person), ZoneInfo(days.zone)
    assert [(v.words, v.language, v.score, v.on) for v in found.verbatims] == [
        (s.remark, people[s.person_id].language, s.score, (s.answered_at or s.asked_at).astimezone(there).date())
        for s in written[: summaries.WORDS]
    ]
    recommended = [r.score for r in every.of(Recommendation) if within(days, r.asked_at)]
    told = [score for score in recommended if score is not None]
    assert found.recommended.asked == len(recommended)
    net = found.recommended.net
    assert (net and round(net.value, 6)) == (
        round(100 * (sum(s >= 9 for s in told) - sum(s <= 6 for s in told)) / len(told), 6) if told else None
    )
    became = Counter(str(r.outcome) for r in every.of(Recovery) if within(days, r.opened_at))
    assert (found.recovered.yes, found.recovered.no, found.recovered.open) == (
        became["yes"], became["no"], became["open"]
    )  # fmt: skip


def business(found: Summary, every: Everything, days: Days) -> None:
    """What it came to."""
    told, euros = found.business, [c for c in every.of(Charge) if c.currency == "EUR"]
    done = [b for b in every.of(Booking) if b.state == "done" and within(days, b.starts_at)]
    quotes, work = every.by_number(StoredQuote), {c.occasion: c.amount_minor for c in euros if c.kind == "work"}
    assert told.included.minor == sum(
        quotes[b.quote_id].body["by_plan"]["minor"] for b in done if quotes[b.quote_id].currency == "EUR"
    )
    for how, sums in (("remote", told.remote), ("visit", told.visits)):
        mine = [b for b in done if b.help == how]
        assert (sums.count, sums.amount.minor) == (len(mine), sum(work.get(f"work:{b.id}", 0) for b in mine))
    for kinds, sums, sign in ((("goodwill",), told.goodwill, -1), (("subscription",), told.subscriptions, 1)):
        due = [c.amount_minor for c in euros if c.kind in kinds and days.first <= c.due_on <= days.last]
        assert (sums.count, sums.amount.minor) == (len(due), sign * sum(due))
    shown = [p for p in every.of(Prompt) if p.kind == "upgrade" and within(days, p.asked_at)]
    led = {p.request_id for p in shown if p.reply == "yes" and p.request_id}
    up = told.upgrades
    assert (up.shown, up.opened, up.yes) == (
        len(shown), sum(p.opened_at is not None for p in shown), sum(p.reply == "yes" for p in shown)
    )  # fmt: skip
    assert up.booked == len({b.request_id for b in every.of(Booking) if b.request_id in led and b.state == "done"})
    assert up.revenue.minor == sum(c.amount_minor for c in euros if c.request_id in led and c.kind == "work")
    contracts = every.of(Contract)
    ran = [c for c in contracts if c.starts_on <= days.last and (c.ends_on is None or c.ends_on >= days.last)]
    assert told.plans == Counter(c.plan for c in ran)
    renewed = [h for h in every.of(Happening) if h.name == "ContractRenewed" and within(days, h.at)]
    assert (told.renewed, told.begun) == (len(renewed), sum(days.first <= c.starts_on <= days.last for c in contracts))
    begins = datetime(days.last.year - 1, days.last.month, min(days.last.day, 28), tzinfo=ZoneInfo(days.zone))
    spent: Counter[int] = Counter()
    for b in every.of(Booking):
        quote = quotes[b.quote_id]
        if b.state == "done" and begins <= b.starts_at < days.until and quote.contract_id and quote.currency == "EUR":
            spent[quote.contract_id] += quote.body["by_plan"]["minor"]
    price = {c.id: advice.fees_of(SAMPLE.plan(c.plan), "EUR", c.period).minor for c in ran}
    over = {c.ref: spent[c.id] for c in ran if spent[c.id] > price[c.id]}
    assert {used.contract: used.used.minor for used in told.overused} == over


def care(found: Summary, every: Everything, days: Days) -> None:
    """How soon, from afar, again."""
    logs: dict[str, list[Happening]] = defaultdict(list)
    for line in sorted(every.of(Happening), key=lambda line: line.at):
        logs[line.subject].append(line)
    waited, solved, again, visited = [], [], [], []
    for request in every.of(Request):
        log = logs[f"request:{request.id}"]
        came = [b for b in every.of(Booking) if b.request_id == request.id and b.state == "done"]
        spoken = [h.at for h in log if h.name in ("WordsSent", "RequestResolved")] + [b.starts_at for b in came]
        if spoken and within(days, min(spoken)) and request.logged_by is None:
            waited.append((min(spoken) - request.opened_at) / timedelta(minutes=1))
        if within(days, request.resolved_at) and request.resolved_at:
            solved.append((request.resolved_at - request.opened_at) / timedelta(minutes=1))
            visited.append(any(b.help == "visit" for b in came))
        first = next((h.at for h in log if h.name == "RequestResolved"), None)
        if within(days, first):
            again.append(any(h.name == "RequestReopened" for h in log))
    told = found.care
    for spread, values in ((told.answered, waited), (told.solved, solved)):
        expected = scipy.stats.mstats.mquantiles(values, (0.5, 0.9), 1, 1) if values else None
        assert (None if spread is None else (spread.median, spread.ninety, spread.of)) == (
            None if expected is None else (round(expected[0]), round(expected[1]), len(values))
        )
    assert (told.remote and (round(told.remote.value * told.remote.of), told.remote.of)) == (
        (visited.count(False), len(visited)) if visited else None
    )
    assert (told.reopened and (round(told.reopened.value * told.reopened.of), told.reopened.of)) == (
        (again.count(True), len(again)) if again else None
    )


@pytest.mark.slow
@pytest.mark.parametrize("by", By)
async def test_groups_are_counted_apart_and_one_with_fewer_than_five_answers_shows_nothing(
    database_url: str, by: By
) -> None:
    days = SPANS["last 30 days"]

    def look(work: Work, every: Everything) -> None:
        requests, homes, people = (every.by_number(kind) for kind in (Request, Home, Person))
        plans: dict[int, str] = {}
        for one in sorted(every.of(Contract), key=lambda one: (one.starts_on, one.id)):
            if one.starts_on <= days.last and (one.ends_on is None or one.ends_on >= days.first):
                plans[one.home_id] = one.plan
        keys: dict[By, Callable[[Survey, Request], str | None]] = {
            By.PLAN: lambda _, r: plans.get(r.home_id or 0, "none"),
            By.AREA: lambda _, r: r.area,
            By.TECHNICIAN: lambda s, _: s.technician,
            By.REGION: lambda _, r: homes[r.home_id].region if r.home_id else None,
            By.LANGUAGE: lambda s, _: people[s.person_id].language,
        }
        expected: dict[str | None, list[Survey]] = defaultdict(list)
        for survey in asked_in(every, days):
            expected[keys[by](survey, requests[survey.request_id])].append(survey)
        found = summary(work, SAMPLE, days, by).groups
        assert {group.key for group in found} == set(expected)
        for group in found:
            mine = expected[group.key]
            scores = Counter(s.score for s in mine if s.score is not None)
            if scores.total() < FEWEST:
                assert group.answers is None
            else:
                assert group.answers is not None
                assert (group.answers.asked, Counter(group.answers.scores)) == (len(mine), scores)
        sizes = [group.answers.answered if group.answers else 0 for group in found]
        assert sizes == sorted(sizes, reverse=True)

    await seen(database_url, 4, days, look)


async def test_four_answers_are_hidden_and_five_are_shown(database_url: str) -> None:
    def look(work: Work, every: Everything) -> None:
        days = Days(MONDAY, MONDAY + timedelta(days=1), "Europe/Paris")
        for key, number in (("four", 4), ("five", 5)):
            for place in range(6):
                score = 5 if place < number else None
                put = {"person_id": 2, "technician": key, "round": 1, "asked_at": MONDAY, "score": score}
                work.session.add(Survey(request_id=opened(work, somebody(work), None).id, **put))
        work.session.flush()
        found = {group.key: group.answers for group in summary(work, SAMPLE, days, By.TECHNICIAN).groups}
        assert found["four"] is None
        assert found["five"] is not None
        assert (found["five"].asked, found["five"].answered) == (6, 5)

    await seen(database_url, 5, SPANS["a week"], look)


async def test_read_through_the_index_it_is_the_same(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def look(work: Work, every: Everything) -> None:
        for days in SPANS.values():
            few = summaries_answers.counted(work, days, By.TECHNICIAN)
            for parts in (1, 1_000_000):  # of all questions nearly all, or any
                monkeypatch.setattr(summaries_answers, "MANY", parts)
                assert summaries_answers.counted(work, days, By.TECHNICIAN) == few
            monkeypatch.undo()

    await seen(database_url, 6, SPANS["a week"], look)


async def test_the_trend_has_every_question_once(database_url: str) -> None:
    def look(work: Work, every: Everything) -> None:
        for days in (SPANS["last 30 days"], SPANS["this month"], SPANS["the year before"]):
            points = summaries.trend(work, days)
            assert sum(point.answers.asked for point in points) == len(asked_in(every, days))
            assert points[-1].days.since <= work.now, "what is still to come is not drawn"

    await seen(database_url, 7, SPANS["a week"], look)


# ── promises, commitments, samples ──

ANSWER = Promise(what="answer", minutes=60, clock="always")
PROMISING = PLAIN.model_copy(update={"desk": PLAIN.desk.model_copy(update={"promises": (ANSWER,)})})


def answered_after(work: Work, begun: datetime, minutes: int | None) -> Request:
    """A request, and after so many minutes somebody answers."""
    made = Work(work.session, begun, "test")
    request = opened(made, somebody(made), None)
    lines = [("RequestOpened", begun)]
    lines += [("WordsSent", begun + timedelta(minutes=minutes))] if minutes is not None else []
    for name, at in lines:
        work.session.add(Happening(name=name, subject=f"request:{request.id}", actor="test", facts={}, at=at))
    work.session.flush()
    return request


def test_a_promise_counts_in_the_days_in_which_it_was_kept_or_its_time_was_over(work: Work) -> None:
    days = Days(MONDAY, MONDAY + timedelta(days=1), "Europe/Paris")
    work.now = MONDAY + timedelta(days=5)
    eve = MONDAY - timedelta(minutes=30)
    for begun, minutes in (
        *((MONDAY, 10), (MONDAY, 59)),  # kept
        (MONDAY, 61),  # too late
        (MONDAY, None),  # never
        (eve, 40),  # kept, today
        (eve, 20),  # kept, yesterday
        (MONDAY - timedelta(hours=3), None),  # over, yesterday
        (MONDAY + timedelta(days=1), 5),  # tomorrow
    ):
        answered_after(work, begun, minutes)
    (told,) = summary(work, PROMISING, days).care.promises
    assert (told.what, told.kept, told.due) == ("answer", 3, 5)


def test_what_teammates_promised_themselves_counts_until_the_last_day_only(work: Work) -> None:
    about = opened(work, somebody(work), None)
    for hours in (2, 30):
        made = commitments.pin(work, about, Wish("I call", MONDAY + timedelta(hours=hours), "ana"), "ana")
        commitments.keep(work, made, "ana")
        assert made.outcome is Outcome.KEPT
    work.now = MONDAY + timedelta(days=5)
    day = summary(work, PROMISING, Days(MONDAY, MONDAY + timedelta(days=1), "Europe/Paris")).care.commitments
    assert (day.due, day.kept) == (1, 1)


def test_of_more_requests_than_can_be_read_every_so_many_th_is_and_it_says_so(
    work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(25):
        answered_after(work, MONDAY, number)
    work.now = MONDAY + timedelta(hours=9)
    days = Days(MONDAY, MONDAY + timedelta(days=1), "Europe/Paris")
    monkeypatch.setattr("domain.summaries_care.MOST", 10)
    told = summary(work, PROMISING, days).care
    assert (told.looked_at, told.under_way) == (8, 25), "the 3rd, the 6th, …"
    assert told.answered is not None
    assert told.answered.of == 8


def test_of_nothing_nothing_is_said(work: Work) -> None:
    found = summary(work, SAMPLE, SPANS["last month"], By.AREA)
    assert (found.answers.mean, found.answers.good, found.answers.rate) == (None, None, None)
    assert (found.compared.mean, found.compared.good, found.groups, found.reasons) == (None, None, (), ())
    assert (found.care.answered, found.care.remote, found.care.promises) == (None, None, ())
    assert found.business.included.minor == 0
