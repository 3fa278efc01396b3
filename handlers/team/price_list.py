"""What everything costs, for managers: today's prices and the coming ones; changing them from a day on."""

from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation

from msgspec.structs import replace

from domain import price_changes, rights
from domain.company import Company, Job
from domain.figures import Figure
from domain.labour import NoPrice
from domain.money import Money
from domain.price_changes import NoSuchFigure, PriceChange, Wish, in_force
from domain.pricing import price
from domain.tariff import NO_PLAN
from domain.work import Refusal
from handlers.allowed import allowed
from handlers.cards.figures import amount_of, figure_label
from handlers.cards.names import work_label
from handlers.cards.request import who_is
from handlers.company_told import lines_of
from handlers.conversation import Handler, Talk, standing
from handlers.messages import Button, Fact, Field, Form, FormErrors, Outgoing, Page, Part, Plain, Row, Section
from handlers.refusals import FormRefused, phrase
from handlers.team.requests import said_so_far, wrong_at
from locales.text import Day, Minutes, Text, Value, t

WORDS = ("prices", "prix", "precios", "prezzi")
SHOWN, COMING, LINES, JOBS = 45, 5, 15, 6  # of each, on one page
DEEPEST = 3  # windows upon windows, in Slack
LONGEST_REASON = 200
TABLES = ("labour", "fees", "travel", "cancellation", "plans")
STEPS = ("0.01", "0.05", "0.1", "0.5", "1", "5")
MOST_PERCENT = 300


class NoSuchChange(Refusal):
    """It is not there."""


# ── the page ──


def show(talk: Talk) -> Iterable[Outgoing]:
    """The page, in a window."""
    allowed(talk, rights.MANAGERS)
    if talk.came.trigger is not None:
        yield _page(talk, talk.came.trigger, _depth(talk) + 1)


def _depth(talk: Talk) -> int:
    """On how many windows he is."""
    return int(talk.args.get("over", 0))


def _page(talk: Talk, trigger: str | None, depth: int, said: tuple[Text, ...] = ()) -> Page:
    first = int(talk.args.get("first", 0))
    sections = (*_coming(talk, said), *_today(talk, first))
    marked = tuple(_marked(part, depth) for part in sections)
    return Page(user=talk.came.sender.user, trigger=trigger, title=t("prices.page.title"), sections=marked)


def _marked(part: Section, depth: int) -> Section:
    """Its buttons know how deep they stand; in the deepest window there are none: nothing fits upon it."""

    def known(buttons: tuple[Button, ...]) -> tuple[Button, ...]:
        return tuple(replace(b, args={**b.args, "over": depth}) for b in buttons if depth < DEEPEST)

    rows = tuple(replace(row, buttons=known(row.buttons)) for row in part.rows)
    return replace(part, rows=rows, buttons=tuple(line for line in map(known, part.buttons) if line))


def _coming(talk: Talk, said: tuple[Text, ...]) -> Iterable[Section]:
    """What will change: entered here, or in the company file."""
    entered = price_changes.coming(talk.work, talk.company)
    today = talk.company.today(talk.work.now)
    filed = [change for change in talk.company.filed.price_changes if change.starts > today]
    none = () if entered or filed else (t("prices.coming.none"),)
    yield Section(title=t("prices.coming"), body=(*said, *none))
    for change in entered[:COMING]:
        yield _entered(talk, change)
    for written in filed[:COMING]:
        known = {figure.key: figure for figure in talk.company.filed.figures}
        facts = tuple(
            Fact(figure_label(talk.company, known[key]), Money.of(amount, talk.company.currency))
            for key, amount in list(written.amounts.items())[:LINES]
        )
        yield Section(body=(t("prices.from.file", day=Day(written.starts)),), facts=facts)
    if more := max(len(entered) - COMING, 0) + max(len(filed) - COMING, 0):
        yield Section(footer=t("page.more", more))


def _entered(talk: Talk, change: PriceChange) -> Section:
    words = [t("prices.from", day=Day(change.starts_on), name=who_is(talk.company, change.entered_by))]
    if change.reason:
        words.append(t("prices.why", why=change.reason))
    if price_changes.overruled(change, talk.company):
        words.append(t("prices.overruled"))
    facts = lines_of(talk.company, change)
    more = t("page.more", len(facts) - LINES) if len(facts) > LINES else None
    back = standing("prices.back", "prices.back", change=change.id)
    return Section(body=tuple(words), facts=facts[:LINES], footer=more, buttons=((back,),))


def _today(talk: Talk, first: int) -> Iterable[Section]:
    """Every amount as it is today, each with *Change…*."""
    found = talk.company.figures
    shown, left = found[first : first + SHOWN], len(found) - first - SHOWN
    yield Section(title=t("prices.today"), buttons=((standing("prices.all", "prices.all"),),))
    for table in dict.fromkeys(figure.table for figure in shown):
        yield Section(rows=tuple(_row(talk, figure) for figure in shown if figure.table == table))
    if left > 0:
        further = standing("prices.further", "prices.show", first=first + SHOWN)
        yield Section(footer=t("page.more", left), buttons=((further,),))


def _row(talk: Talk, figure: Figure) -> Row:
    change = standing("prices.change", "prices.one", figure=figure.mark)
    return Row(figure_label(talk.company, figure), amount_of(talk.company, figure), (change,))


# ── the forms ──


def ask_one(talk: Talk) -> Iterable[Outgoing]:
    """How much, and from when on?"""
    figure = _figure(talk)
    now = t("prices.now", what=figure_label(talk.company, figure), price=amount_of(talk.company, figure))
    amount = Field("amount", t("prices.amount", currency=talk.company.currency), "number")
    return _form(talk, {"figure": figure.mark}, (now,), (amount,))


def ask_all(talk: Talk) -> Iterable[Outgoing]:
    """By how many percent, rounded how, and from when on?"""
    which: tuple[tuple[str, Value], ...] = tuple((table, t(f"prices.which.{table}")) for table in TABLES)
    steps: tuple[tuple[str, Value], ...] = tuple((s, Money.of(s, talk.company.currency)) for s in STEPS)
    fields = (
        Field("which", t("prices.which"), "choice", options=which, optional=True, hint=t("prices.which.hint")),
        Field("percent", t("prices.percent"), "number", hint=t("prices.percent.hint")),
        Field("step", t("prices.step"), "choice", options=steps, initial="0.5"),
    )
    return _form(talk, {}, (t("prices.all.intro"),), fields)


def _form(talk: Talk, args: dict[str, Plain], intro: tuple[Part, ...], fields: tuple[Field, ...]) -> Iterable[Outgoing]:
    if talk.came.trigger is None:
        return
    today = talk.company.today(talk.work.now)
    begins = (today.replace(day=1) + timedelta(days=32)).replace(day=1)  # as prices do: with a month
    day = Field("day", t("prices.day"), "date", hint=t("prices.day.hint"), initial=begins.isoformat())
    yield Form(
        trigger=talk.came.trigger,
        user=talk.came.sender.user,
        act="prices.sent",
        args={"depth": _depth(talk) + 1, **args},
        title=t("prices.change.title"),
        intro=intro,
        fields=(*fields, day),
        submit=t("prices.change.submit"),
    )


def preview(talk: Talk) -> Iterable[Outgoing]:
    """What will cost how much, and what a few usual jobs come to, before and after: then he says why."""
    wish = _wish(talk)
    lines = _looked_at(talk, wish)
    known = {figure.mark: figure for figure in talk.company.filed.figures}
    words: list[Part] = [t("prices.preview", day=Day(wish.starts))]
    for line in lines[:LINES]:
        what = figure_label(talk.company, known[line["mark"]])
        was, now = (Money.of(Decimal(line[name]), talk.company.currency) for name in ("before", "after"))
        words.append(t("prices.line", what=what, before=was, after=now))
    if len(lines) > LINES:
        words.append(t("page.more", len(lines) - LINES))
    given = {name: said_so_far(talk, name) for name in ("figure", "amount", "which", "percent", "step", "day")}
    yield Form(
        trigger=None,
        user=talk.came.sender.user,
        act="prices.go",
        args={"depth": talk.args.get("depth", 1), **{name: said for name, said in given.items() if said}},
        title=t("prices.change.title"),
        intro=(*words, *_jobs(talk, wish)),
        fields=(Field("words", t("prices.reason"), hint=t("prices.reason.hint"), longest=LONGEST_REASON),),
        submit=t("prices.enter"),
    )


def enter(talk: Talk) -> Iterable[Outgoing]:
    """It is entered; the page as it stands now."""
    words = said_so_far(talk, "words")
    if not words:
        raise FormRefused(FormErrors({"words": t("goodwill.no_reason")}))
    wish = _wish(talk)
    _looked_at(talk, wish)
    change = price_changes.enter(
        talk.work, talk.company, Wish(wish.starts, wish.amounts, words[:LONGEST_REASON]), talk.staff.key
    )
    said = (t("prices.entered", day=Day(change.starts_on)),)
    yield _page(talk, None, int(talk.args.get("depth", 1)), said)


def back(talk: Talk) -> Iterable[Outgoing]:
    """It is taken back; the page as it stands now."""
    change = talk.work.session.get(PriceChange, talk.number("change"))
    if change is None:
        raise NoSuchChange
    price_changes.take_back(talk.work, talk.company, change, talk.staff.key)
    if talk.came.trigger is not None:
        said = (t("prices.taken_back", day=Day(change.starts_on)),)
        yield _page(talk, talk.came.trigger, _depth(talk) + 1, said)


# ── what was filled in ──


def _figure(talk: Talk) -> Figure:
    found = next((f for f in talk.company.figures if f.mark == talk.args.get("figure")), None)
    if found is None:
        raise NoSuchFigure
    return found


def _wish(talk: Talk) -> Wish:
    """What shall change. Raises FormRefused."""
    try:
        starts = date.fromisoformat(said_so_far(talk, "day"))
    except ValueError:
        raise wrong_at(talk, "day", t("calendar.wrong.day")) from None
    if "figure" in talk.args:
        return Wish(starts, {_figure(talk).mark: _amount(talk)})
    then = in_force(talk.work, talk.company, starts)
    percent = _number(talk, "percent")
    if percent is None or not percent or not -100 < percent <= MOST_PERCENT:
        raise wrong_at(talk, "percent", t("prices.wrong.percent", most=str(MOST_PERCENT)))
    step = Decimal(said_so_far(talk, "step") if said_so_far(talk, "step") in STEPS else STEPS[0])
    tables = [table for table in TABLES if table == said_so_far(talk, "which")]
    return Wish(starts, price_changes.by_percent(then, percent, step, tables))


def _amount(talk: Talk) -> Decimal:
    amount = _number(talk, "amount")
    if amount is None or amount < 0 or Money.of(amount, talk.company.currency).amount != amount:
        raise wrong_at(talk, "amount", t("prices.wrong.amount"))
    return amount


def _number(talk: Talk, field: str) -> Decimal | None:
    try:
        found = Decimal(said_so_far(talk, field).replace(",", "."))
    except InvalidOperation:
        return None
    return found if found.is_finite() and abs(found) <= 10**9 else None


def _looked_at(talk: Talk, wish: Wish) -> list[dict[str, str]]:
    """What would change. Raises FormRefused."""
    try:
        return price_changes.looked_at(talk.work, talk.company, wish)
    except (price_changes.TooSoon, price_changes.TooFarAway) as no:
        raise wrong_at(talk, "day", phrase(no)) from None
    except (price_changes.NothingChanges, price_changes.CapBelowMinimum, NoSuchFigure) as no:
        raise wrong_at(talk, "amount" if "figure" in talk.args else "percent", phrase(no)) from None


# ── what it means ──


def _jobs(talk: Talk, wish: Wish) -> tuple[Part, ...]:
    """Usual jobs that cost something else then, without a contract: the day before, and from that day on."""
    before = in_force(talk.work, talk.company, wish.starts - timedelta(days=1))
    after = price_changes.with_wish(talk.work, talk.company, wish)
    found: dict[tuple[str, int], Text] = {}
    for job in talk.company.jobs:
        was, now = _of_job(before, job), _of_job(after, job)
        if was is not None and now is not None and was != now:
            work, time = work_label(talk.company, job.work), Minutes(job.minutes)
            found[job.work, job.minutes] = t("prices.job", work=work, time=time, before=was, after=now)
    if not found:
        return (t("prices.jobs.none"),)
    return (t("prices.jobs"), *list(found.values())[:JOBS])


def _of_job(company: Company, job: Job) -> Money | None:
    """What a usual job costs."""
    case = replace(company.usual(job, NO_PLAN), minutes=job.minutes)
    try:
        return price(company.tariff, company.currency, company.time_zone, case).quote.total
    except NoPrice:
        return None


PRESSES: dict[str, Handler] = {
    "prices.show": show,
    "prices.one": ask_one,
    "prices.all": ask_all,
    "prices.back": back,
}
FORMS: dict[str, Handler] = {"prices.sent": preview, "prices.go": enter}
