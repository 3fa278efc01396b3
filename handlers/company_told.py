"""What the team reads of the company's own changes: the file read anew, its faults, prices from a day on."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal, InvalidOperation

from domain.company import Company
from domain.company_changes import Kept
from domain.desk_events import OfPrices, PricesEntered, PricesTakenBack
from domain.differing import Difference
from domain.figures import Figure
from domain.money import Money
from domain.price_changes import PriceChange
from handlers.cards.figures import figure_label
from handlers.cards.request import who_is
from handlers.conversation import Talk
from handlers.messages import Channel, Fact, Message, Outgoing, Part, Said
from locales.text import Day, Text, Value, t

MOST = 25  # lines of one message
LONGEST = 150  # characters of a value
TIME = re.compile(r"\b(\d\d:\d\d):00\b")  # nobody writes the seconds

PARTS = {
    **dict.fromkeys(("hours", "otherwise", "otherwise_name", "holidays", "time_zone", "boundary"), "hours"),
    **dict.fromkeys(("booking", "roads", "jobs", "closing_days"), "times"),
    **dict.fromkeys(("desk", "follow_ups", "payment"), "desk"),
    "plans": "plans",
    "catalogue": "devices",
    "team": "team",
    "channels": "channels",
    "price_changes": "coming",
}


def here(company: Company) -> Channel:
    """Where the team reads what the program has to say."""
    return Channel(company.channels.trouble or company.channels.requests)


# ── the file ──


def read_anew(company: Company, found: Sequence[Difference], lapsed: Sequence[PriceChange], *, away: bool) -> Message:
    """It holds: what is different, part by part."""
    known = {figure.key: figure for figure in company.filed.figures}
    said = [t("company.read.away" if away else "company.read.now" if found else "company.read.mended")]
    said += [t("company.lapsed", day=Day(c.starts_on), name=who_is(company, c.entered_by)) for c in lapsed]
    return Message(
        to=here(company),
        title=t("company.read.title"),
        body=tuple(said),
        facts=tuple(_fact(company, known, one) for one in _by_part(found)[:MOST]),
        footer=_more(len(found)),
    )


def _by_part(found: Sequence[Difference]) -> list[Difference]:
    order = ("prices", "coming", "plans", "devices", "hours", "times", "team", "channels", "desk", "company")
    return sorted(found, key=lambda one: order.index(part_of(one)))


def part_of(one: Difference) -> str:
    """Which part of the company it is about."""
    first = str(one.place[0])
    if first == "tariff":
        return PARTS.get(str(one.place[1]) if len(one.place) > 1 else "", "prices")
    return PARTS.get(first, "company")


def _fact(company: Company, known: dict[str, Figure], one: Difference) -> Fact:
    figure = known.get(one.key) if one.after is not None else None
    what: Value = figure_label(company, figure) if figure else _name(company, one)
    label = t("company.line", part=t(f"company.part.{part_of(one)}"), what=what)
    if one.before == "" or one.after == "":
        return Fact(label, t("company.new" if one.after == "" else "company.gone"))
    before, after = (_value(company, figure, given) for given in (one.before, one.after))
    if one.before is None or one.after is None:
        return Fact(label, t("company.now", after=after) if one.before is None else t("company.no_more", before=before))
    return Fact(label, t("company.from_to", before=before, after=after))


def _name(company: Company, one: Difference) -> str:
    """Where it stands: an entry that has a key by its key, a teammate by his name."""
    if one.of is None or len(one.place) < 2:
        return one.key.removeprefix(f"{part_of(one)}.")
    depth = next((n + 1 for n, part in enumerate(one.place) if isinstance(part, int)), 1)
    rest = "".join(f"[{part + 1}]" if isinstance(part, int) else f".{part}" for part in one.place[depth:])
    name = who_is(company, one.of) if one.place[0] == "team" else one.of
    return f"{name} · {rest.removeprefix('.')}" if rest else name


def _value(company: Company, figure: Figure | None, given: str | None) -> Value:
    if figure is not None and given is not None:
        try:
            return Money.of(Decimal(given), company.currency)
        except InvalidOperation:
            pass
    said = TIME.sub(r"\1", given or "")
    return said if len(said) <= LONGEST else f"{said[:LONGEST]}…"


def faulty(company: Company, faults: Sequence[object]) -> Message:
    """It has faults: each with its line and its remedy, as `check` says them."""
    lines: list[Part] = [t("company.faulty"), *(Said(str(fault)) for fault in faults[:MOST])]
    return Message(to=here(company), title=t("company.faulty.title"), body=tuple(lines), footer=_more(len(faults)))


def refused(company: Company, kept: Sequence[Kept]) -> Message:
    """It would change what people count on while the program runs."""
    lines = [_kept(one) for one in kept[:MOST]]
    return Message(
        to=here(company),
        title=t("company.faulty.title"),
        body=(t("company.refused"), *lines, t("company.refused.remedy")),
        footer=_more(len(kept)),
    )


def _kept(one: Kept) -> Text:
    if one.count:
        return t(f"company.kept.{one.what}", one.count, name=one.name)
    return t(f"company.stays.{one.what}", name=one.name)


def _more(count: int) -> Text | None:
    return t("page.more", count - MOST) if count > MOST else None


# ── prices from a day on ──


def prices_entered(talk: Talk, fact: PricesEntered) -> Iterable[Outgoing]:
    """Everybody who says prices reads from when on which ones are others."""
    change = _of(talk, fact)
    words = t("prices.told", name=who_is(talk.company, change.entered_by), day=Day(change.starts_on))
    why = (Said(change.reason),) if change.reason else ()
    yield Message(
        to=here(talk.company),
        title=t("prices.told.title"),
        body=(words, *why),
        facts=lines_of(talk.company, change)[:MOST],
        footer=_more(len(change.lines)),
    )


def prices_taken_back(talk: Talk, fact: PricesTakenBack) -> Iterable[Outgoing]:
    """They stay as they are."""
    change = _of(talk, fact)
    words = t("prices.told.back", name=who_is(talk.company, change.removed_by or ""), day=Day(change.starts_on))
    yield Message(
        to=here(talk.company),
        title=t("prices.told.title"),
        body=(words,),
        facts=lines_of(talk.company, change)[:MOST],
        footer=_more(len(change.lines)),
    )


def _of(talk: Talk, fact: OfPrices) -> PriceChange:
    return talk.work.session.get_one(PriceChange, fact.change)


def lines_of(company: Company, change: PriceChange) -> tuple[Fact, ...]:
    """What a change changes, figure by figure."""
    known = {figure.mark: figure for figure in company.filed.figures}
    found = []
    for mark, key, before, after in change.amounts:
        figure = known.get(mark)
        was, now = (Money.of(amount, company.currency) for amount in (before, after))
        label: Value = figure_label(company, figure) if figure else key
        found.append(Fact(label, t("company.from_to", before=was, after=now)))
    return tuple(found)
