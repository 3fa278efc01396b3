"""A summary in lines, part by part: the same for Slack, a terminal and a printed page."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

import msgspec
from msgspec.structs import replace

from domain.company import Company
from domain.statistics import Change, Estimate
from domain.summaries import Summary
from domain.summaries_answers import Answers, By, Group, Reason, Verbatim
from domain.summaries_care import Care, Spread
from domain.summaries_money import Business, Sum
from domain.summary_days import Days
from domain.tariff import NO_PLAN
from handlers.cards import commitment
from handlers.cards.agenda import shortened
from handlers.cards.request import who_is
from handlers.messages import Fact, Message, Recipient
from locales.text import Day, Minutes, Number, Percent, Text, Value, own, t

MINUS = "\N{MINUS SIGN}"
MOST, LONGEST = 3, 300  # reasons of each kind, and characters of a remark, in one message


class Lines(msgspec.Struct, frozen=True):
    """One part: its title, its lines, and what has to be known to read them."""

    key: str
    title: Text
    facts: tuple[Fact, ...]
    note: Text | None = None


def title(days: Days) -> Text:
    """Which days it is about."""
    if days.rolling:
        return t("summary.title", days.count)
    return t("summary.title.between", first=Day(days.first), last=Day(days.last))


def brief(company: Company, found: Summary, to: Recipient, **more: Any) -> Message:
    """What fits into one message: the answers, the groups, what was named most, promises, and some words."""
    facts = [*satisfaction(found).facts]
    if found.by is not None:
        facts += _apart(groups(company, found.by, found.groups).facts)
    for good in (True, False):
        named = [reason for reason in found.reasons if reason.good is good][:MOST]
        facts += _apart(reasons(named, good=good).facts)
    facts += _apart(_recovered(found).facts if _low(found) else ())
    facts += _apart(care(found.care).facts)
    facts += _apart(tuple(_said(said) for said in found.verbatims))
    body = () if found.answers.answered else (t("summary.nothing"),)
    more.setdefault("title", title(found.days))
    return Message(to=to, body=body, facts=tuple(facts), **more)


def _apart(facts: tuple[Fact, ...]) -> tuple[Fact, ...]:
    """With room above the first."""
    return (replace(facts[0], apart=True), *facts[1:]) if facts else ()


def _said(said: Verbatim) -> Fact:
    score = "–" if said.score is None else str(said.score)
    return Fact(t("summary.remark", score=score, on=Day(said.on)), shortened(said.words, LONGEST))


def _low(found: Summary) -> int:
    return found.recovered.yes + found.recovered.no + found.recovered.open


def parts(company: Company, found: Summary) -> tuple[Lines, ...]:
    """All of it."""
    return tuple(_parts(company, found))


def _parts(company: Company, found: Summary) -> Iterator[Lines]:
    yield satisfaction(found)
    if found.by is not None:
        yield groups(company, found.by, found.groups)
    if found.recommended.asked:
        yield _recommended(found)
    for good in (True, False):
        named = [reason for reason in found.reasons if reason.good is good]
        if named:
            yield reasons(named, good=good)
    if _low(found):
        yield _recovered(found)
    yield care(found.care)
    yield _money(found.business)
    yield _upgrades(found.business)
    yield _contracts(company, found.business)


# ── answers ──


def satisfaction(found: Summary) -> Lines:
    """How many were asked, what they answered, and whether that moved."""
    return Lines("satisfaction", t("summary.satisfaction"), tuple(_satisfaction(found)))


def _satisfaction(found: Summary) -> Iterator[Fact]:
    answers, change = found.answers, found.compared
    yield Fact(t("summary.asked"), answers.asked)
    yield Fact(t("summary.answered"), answers.answered)
    if answers.rate is None or answers.mean is None or answers.good is None:
        return
    yield Fact(t("summary.rate"), percent(answers.rate))
    yield Fact(t("summary.mean"), of_five(answers.mean))
    yield Fact(t("summary.good"), percent(answers.good))
    if change.mean is not None and change.good is not None:
        yield Fact(t("summary.mean.moved"), moved(change.mean, 1))
        yield Fact(t("summary.good.moved"), moved(change.good, 100))
    for score in range(5, 0, -1):
        yield Fact(t("summary.score", score=str(score)), answers.scores.get(score, 0), apart=score == 5)


def percent(share: Estimate) -> Text:
    """A share, and between which bounds it lies."""
    value, low, high = (whole(100 * part) for part in (share.value, share.low, share.high))
    return t("summary.between", value=Percent(value), low=Percent(low), high=Percent(high))


def of_five(mean: Estimate) -> Text:
    """A mean score, and between which bounds it lies."""
    value, low, high = (decimal(part) for part in (mean.value, mean.low, mean.high))
    return t("summary.of_five.between", value=value, low=low, high=high)


def moved(change: Change, scale: int) -> Text:
    """By how much, and whether that is more than noise."""
    by = change.by * scale
    number = decimal(abs(by)) if scale == 1 else Number(whole(abs(by)))
    sign = "±" if not number.value else "+" if by > 0 else MINUS
    if not change.real:
        return t("summary.moved.noise", sign=sign, by=number)
    return t("summary.moved.better" if by > 0 else "summary.moved.worse", sign=sign, by=number)


def whole(value: float) -> Decimal:
    """Rounded to a whole number."""
    return Decimal(round(value))


def decimal(value: float) -> Number:
    """Rounded to a tenth; 4 is said as 4.0."""
    return Number(Decimal(f"{value:.1f}"), 1)


def groups(company: Company, by: By, found: Iterable[Group]) -> Lines:
    """Each group, and whether it has answers enough to be shown."""
    facts = tuple(Fact(named(company, by, group.key), _group(group.answers)) for group in found)
    return Lines("groups", t(f"summary.by.{by}"), facts)


def named(company: Company, by: By, key: str | None) -> Value:
    """What people call a group."""
    if key is None:
        return t("summary.nowhere" if by is By.REGION else "summary.nobody")
    if by is By.PLAN:
        return plan_name(company, key)
    if by is By.AREA:
        return t(f"area.{key}")
    if by is By.LANGUAGE:
        return t(f"language.{key}")
    return who_is(company, key) if by is By.TECHNICIAN else key


def plan_name(company: Company, key: str) -> Value:
    """A plan that is not sold any more keeps its key."""
    if key == NO_PLAN:
        return t("summary.no_plan")
    return next((own(plan.name) for plan in company.plans if plan.key == key), key)


def _group(answers: Answers | None) -> Text:
    if answers is None or answers.mean is None or answers.good is None:
        return t("summary.too_few")
    good, mean = percent(answers.good), of_five(answers.mean)
    return t("summary.group", answers.answered, good=good, mean=mean)


def _recommended(found: Summary) -> Lines:
    told = found.recommended
    facts = [Fact(t("summary.asked"), told.asked), Fact(t("summary.answered"), sum(told.scores.values()))]
    if told.net is not None:
        value, low, high = (_signed(part) for part in (told.net.value, told.net.low, told.net.high))
        facts.append(Fact(t("summary.net"), t("summary.net.between", value=value, low=low, high=high)))
    return Lines("recommended", t("summary.recommended"), tuple(facts))


def _signed(value: float) -> str:
    number = round(value)
    return f"{MINUS}{-number}" if number < 0 else str(number)


def reasons(found: Iterable[Reason], *, good: bool) -> Lines:
    """What was named, the most often first."""
    facts = tuple(Fact(t(f"reason.{reason.key}"), _part(reason.count, reason.of)) for reason in found)
    return Lines("good" if good else "bad", t("summary.good_reasons" if good else "summary.bad_reasons"), facts)


def _part(count: int, of: int) -> Text:
    return t("summary.part", count=str(count), share=Percent(whole(100 * count / of if of else 0)))


def _recovered(found: Summary) -> Lines:
    told = found.recovered
    settled = told.yes + told.no
    said = t("summary.promises.of", kept=told.yes, due=settled) if settled else t("summary.recovered.none")
    facts = (Fact(t("summary.recovered"), said), Fact(t("summary.recovered.open"), told.open))
    return Lines("recovered", t("summary.recovered.title"), facts)


# ── how they were seen to ──


def care(found: Care) -> Lines:
    """Promises, times, solved from afar, opened again."""
    sample = found.looked_at < found.under_way
    note = t("summary.sample", looked_at=found.looked_at, under_way=found.under_way) if sample else None
    return Lines("care", t("summary.care"), tuple(_care(found)), note)


def _care(found: Care) -> Iterator[Fact]:
    for kept in found.promises:
        if kept.share is not None:
            said = t("summary.kept", kept=kept.kept, due=kept.due, share=percent(kept.share))
            yield Fact(t("summary.promise", what=t(f"promise.{kept.what}")), said)
    yield from commitment.summary(found.commitments)
    for label, spread in ((t("summary.first_answer"), found.answered), (t("summary.solution"), found.solved)):
        if spread is not None:
            yield Fact(label, _spread(spread))
    shares = (
        (t("summary.remote"), found.remote),
        (t("summary.reopened"), found.reopened),
        (t("summary.mended"), found.mended),
    )
    for label, share in shares:
        if share is not None:
            yield Fact(label, percent(share))


def _spread(spread: Spread) -> Text:
    return t("summary.spread", median=_long(spread.median), ninety=_long(spread.ninety))


def _long(minutes: int) -> Value:
    """What takes days is not told by the minute."""
    return Minutes(minutes if minutes < 120 else round(minutes / 60) * 60)


# ── money and contracts ──


def _money(found: Business) -> Lines:
    """What it came to."""
    facts = (
        Fact(t("summary.included"), found.included),
        Fact(t("summary.remote_paid"), _sum(found.remote)),
        Fact(t("summary.visits_paid"), _sum(found.visits)),
        Fact(t("summary.subscriptions"), found.subscriptions.amount),
        Fact(t("summary.goodwill"), _sum(found.goodwill)),
    )
    return Lines("money", t("summary.money"), facts)


def _sum(found: Sum) -> Text:
    return t("summary.sum", count=str(found.count), amount=found.amount)


def _upgrades(found: Business) -> Lines:
    """From the prompt to the appointment."""
    told = found.upgrades
    facts = (
        Fact(t("summary.shown"), told.shown),
        Fact(t("summary.opened"), told.opened),
        Fact(t("summary.yes"), told.yes),
        Fact(t("summary.booked"), told.booked),
        Fact(t("summary.revenue"), told.revenue),
    )
    return Lines("upgrades", t("summary.upgrades"), facts if told.shown else ())


def _contracts(company: Company, found: Business) -> Lines:
    """Which run, which began and ended, which cost more than they bring; who came."""
    mix = tuple(Fact(plan_name(company, key), count) for key, count in found.plans.items())
    over = tuple(
        Fact(
            t("summary.overused", contract=one.contract, plan=plan_name(company, one.plan)),
            t("summary.overused.by", used=one.used, price=one.price),
        )
        for one in found.overused
    )
    facts = (
        Fact(t("summary.renewed"), found.renewed, apart=True),
        Fact(t("summary.begun"), found.begun),
        Fact(t("summary.ended"), found.ended),
        Fact(t("summary.strangers"), found.strangers),
        Fact(t("summary.came"), t("summary.came.signed", came=found.came, signed=found.signed)),
    )
    return Lines("contracts", t("summary.contracts"), (*mix, *facts, *over))
