"""`check`, `quote` and `schema`: what the company file says about prices. None of them needs the database."""

import json
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.clock import real
from bot.commands.cli import Json, cli, counted, day, show
from bot.company_file import reading
from bot.company_file.ask import AskFault, answer, answer_json, nobody_comes, read_ask
from bot.company_file.examine import Reading, examine
from bot.company_file.place import company_path
from bot.company_file.schema import schema as schema_of
from bot.faults import CompanyFileFault, Mistake, refuse
from domain.company import Company, PriceList
from domain.pricing import Priced
from domain.quotes import Line

CompanyFile = Annotated[Path | None, typer.Option("--company", help="The company file; COMPANY_FILE when left out.")]


@cli.command()
def check(
    file: Annotated[Path | None, typer.Argument(help="The company file; COMPANY_FILE when left out.")] = None,
    as_json: Json = False,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings are faults too.")] = False,
) -> None:
    """Check the company file: every fault with its line and its remedy, then what is odd."""
    try:
        found = examine(file or company_path())
    except CompanyFileFault as fault:
        if not as_json:
            refuse(fault.faults)
        show({"ok": False, "faults": fault.as_json(), "warnings": [], "can_run": False, "lacking": []})
        raise SystemExit(2) from None
    fails = strict and bool(found.warnings)
    if as_json:
        show(_checked(found, ok=not fails))
    else:
        print("\n".join(_told(found)))
    if fails:
        raise SystemExit(2)


def _checked(found: Reading, *, ok: bool) -> dict[str, Any]:
    can_run = isinstance(found.prices, Company)
    coming = [{"starts": str(on), "key": key, "before": b, "after": a} for on, key, b, a in _coming(found.prices)]
    warnings, lacking = [w.as_json() for w in found.warnings], [f.as_json() for f in found.lacking]
    name = found.prices.name
    said = {"ok": ok, "faults": [], "company": name, "warnings": warnings, "can_run": can_run, "lacking": lacking}
    return {**said, "price_changes": coming}


def _coming(prices: PriceList) -> Iterator[tuple[date, str, str, str]]:
    """What the file changes on which day: the key, and the amount before and after."""
    for starts in sorted({change.starts for change in prices.price_changes}):
        before, after = prices.on(starts - timedelta(days=1)), prices.on(starts)
        for was, now in zip(before.figures, after.figures, strict=True):
            if was.amount != now.amount:
                yield starts, now.key, f"{was.amount.normalize():f}", f"{now.amount.normalize():f}"


def _told(found: Reading) -> list[str]:
    prices = found.prices
    people = f", {counted(len(prices.team), 'person', 'people')}" if isinstance(prices, Company) else ""
    said = [f"{prices.name}: {counted(len(prices.plans), 'plan', 'plans')}{people}. Nothing to mend."]
    if prices.published:
        said.append(f"Published examples: {len(prices.published)}, all as printed.")
    said += [f"From {on}: {key} {before} → {after}" for on, key, before, after in _coming(prices)]
    if found.lacking:
        said.append("This price list can price, but not run yet. To run it would need:")
        said += [f"  {fault.key}: {fault.remedy}" for fault in found.lacking]
    if found.warnings:
        said.append(f"Worth a look ({len(found.warnings)}):")
        said += [f"  {warning}" for warning in found.warnings]
    return said


@cli.command()
def schema() -> None:
    """Print the JSON Schema of the company file, for editors."""
    print(json.dumps(schema_of(), ensure_ascii=False, indent=2))


@cli.command()
def quote(
    company: CompanyFile = None,
    plan: Annotated[str | None, typer.Option(help="The plan, by key or by name; none when left out.")] = None,
    work: Annotated[str | None, typer.Option(help="The kind of work: remote, visit, …")] = None,
    minutes: Annotated[str | None, typer.Option(help="How long it takes; 60 when left out.")] = None,
    minutes_up_to: Annotated[str | None, typer.Option(help="How long at most: the answer is a range.")] = None,
    area: Annotated[str | None, typer.Option(help="The part of the home.")] = None,
    brand: Annotated[str | None, typer.Option(help="The brand of the device.")] = None,
    grade: Annotated[str | None, typer.Option(help="Who comes.")] = None,
    technicians: Annotated[str | None, typer.Option(help="How many of that grade.")] = None,
    crew: Annotated[str | None, typer.Option(help="Instead of both: lead=1,junior=2.")] = None,
    km: Annotated[str | None, typer.Option(help="Kilometres to the home, one way.")] = None,
    travel_minutes: Annotated[str | None, typer.Option(help="Minutes on the road.")] = None,
    zone: Annotated[str | None, typer.Option(help="The travel zone of the home.")] = None,
    region: Annotated[str | None, typer.Option(help="The region of the home.")] = None,
    complexity: Annotated[str | None, typer.Option(help="The class of the home.")] = None,
    at: Annotated[str | None, typer.Option(help="When, 2026-07-14T20:00, in the company's zone.")] = None,
    hours: Annotated[str | None, typer.Option(help="Instead: the hours of the tariff it lies in.")] = None,
    urgency: Annotated[str | None, typer.Option(help="emergency, high, normal, low.")] = None,
    urgent: Annotated[bool, typer.Option("--urgent", help="Sooner than the plan promises, as bought.")] = False,
    notice_hours: Annotated[str | None, typer.Option(help="How many hours before it was asked for.")] = None,
    used: Annotated[list[str] | None, typer.Option(help="Used of an allowance: visits=1. Repeatable.")] = None,
    warranty: Annotated[str | None, typer.Option(help="The warranty it stands under.")] = None,
    parts: Annotated[str | None, typer.Option(help="What the parts cost.")] = None,
    paid_before: Annotated[str | None, typer.Option(help="What was paid before, when it did not solve it.")] = None,
    paid_for: Annotated[str | None, typer.Option(help="The work that was paid before.")] = None,
    paid_days_ago: Annotated[str | None, typer.Option(help="How many days ago.")] = None,
    cancelled_hours_before: Annotated[str | None, typer.Option(help="What calling it off so late costs.")] = None,
    no_show: Annotated[bool, typer.Option("--no-show", help="What it costs when nobody is there.")] = False,
    on: Annotated[date | None, typer.Option(parser=day, metavar="DAY", help="The prices of that day.")] = None,
    batch: Annotated[Path | None, typer.Option(help="A file with one JSON question a line, for many.")] = None,
    lang: Annotated[str | None, typer.Option(help="In the words of a homeowner: en, fr, es, it.")] = None,
    as_json: Json = False,
) -> None:
    """Say what a contract covers and what help costs, line by line."""
    given = {name: value for name, value in locals().items() if name not in NOT_ASKED and value not in (None, False)}
    prices = _prices(company, on)
    _spoken(lang)
    if batch is not None:
        _asks_nothing_else(batch, [*given, *(name for name, value in (("crew", crew), ("used", used)) if value)])
        raise SystemExit(_many(prices, batch))
    if work is None:
        raise Mistake(f"Which work? Add --work: one of {', '.join(prices.tariff.kinds)}.")
    given |= {name: _pairs(name, said) for name, said in (("crew", [crew] if crew else []), ("used", used)) if said}
    _answer(prices, given, lang, as_json=as_json)


def _prices(company: Path | None, on: date | None) -> PriceList:
    """The price list as it stands on a day; today, when none is named."""
    filed = reading.read_prices(company or company_path())
    return filed.on(on or filed.today(real()))


def _spoken(lang: str | None) -> None:
    if lang is not None and lang not in ("en", "fr", "es", "it"):
        raise Mistake(f"--lang: “{lang}” is not spoken here; use en, fr, es or it.")


def _asks_nothing_else(batch: Path, beside: list[str]) -> None:
    if beside:
        options = ", ".join(f"--{name.replace('_', '-')}" for name in beside)
        raise Mistake(f"--batch brings its own questions: write {options} into each line of {batch} instead.")


NOT_ASKED = ("company", "on", "batch", "lang", "as_json", "crew", "used")


def _answer(prices: PriceList, given: dict[str, Any], lang: str | None, *, as_json: bool) -> None:
    """Print the answer to one question."""
    try:
        ask = read_ask(prices, given)
        if as_json:
            show(answer_json(prices, ask))
            return
        priced = answer(prices, ask)
    except AskFault as fault:
        if not as_json:
            refuse(fault.faults)
        show({"error": fault.as_json()})
        raise SystemExit(2) from None
    if nobody_comes(priced[0]):
        print("\n".join(_excluded(prices, priced[0], lang)))
        return
    table = _table if lang is None else _in_words(lang)
    print("\n\n".join("\n".join(table(prices, one)) for one in priced))
    if ask.called_off:
        fee = prices.fee_for(ask)
        words = import_module("bot.commands.price_words")
        print(f"  {words.called_off(fee.amount, lang or 'en')}")


def _pairs(option: str, given: list[str]) -> dict[str, str]:
    """`lead=1,junior=2` as a table."""
    found: dict[str, str] = {}
    for pair in ",".join(given).split(","):
        key, equals, number = pair.partition("=")
        if not equals or not number.strip().isdigit():
            raise Mistake(f"--{option}: “{pair}” is not understood; write it like {PAIRS[option]}")
        if key.strip() in found:
            raise Mistake(f"--{option}: “{key.strip()}” is there twice; write it once, like {PAIRS[option]}")
        found[key.strip()] = number.strip()
    return found


PAIRS = {"crew": "lead=1,junior=2", "used": "visits=1"}


def _many(prices: PriceList, batch: Path) -> int:
    """One answer a line; a line that cannot be answered says why, and the others are answered."""
    failed = 0
    # Only the newline ends a line: JSON may hold the other signs that a text's lines are split at.
    for number, row in enumerate(_text(batch).split("\n"), start=1):
        if not row.strip():
            continue
        told: dict[str, Any] = {"line": number}
        try:
            asked = _asked(row)
            told |= {"id": asked.pop("id")} if "id" in asked else {}
            told |= answer_json(prices, read_ask(prices, asked))
        except AskFault as fault:
            told["error"] = fault.as_json()
            failed = 1
        show(told)
    return failed


def _text(batch: Path) -> str:
    try:
        return batch.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as wrong:
        what = f"byte {wrong.start} is not UTF-8"
    except OSError as unreadable:
        what = f"it cannot be read: {unreadable.strerror}"
    raise Mistake(f"{batch}: {what}; name a UTF-8 file with one JSON object a line")


def _asked(row: str) -> dict[str, Any]:
    try:
        asked = json.loads(row, parse_float=Decimal)
    except json.JSONDecodeError as wrong:
        what = f"{wrong.msg[:1].lower()}{wrong.msg[1:]}, at character {wrong.pos + 1}"
        raise AskFault([f"this is not JSON: {what}; write one object a line"]) from None
    except (ValueError, RecursionError):
        raise AskFault(["a number is too long, or brackets too deep; write one plain object a line"]) from None
    if not isinstance(asked, dict):
        raise AskFault(['this is not an object; write {"work": "visit", "minutes": 60}'])
    return asked


# ── for people ──


def _excluded(prices: PriceList, priced: Priced, lang: str | None) -> list[str]:
    """No lines and no total: a sentence, and the reason that the company wrote."""
    if lang is not None:
        words = import_module("bot.commands.price_words")
        said: list[str] = words.excluded(prices, priced, lang)
        return said
    case, clause = priced.case, priced.verdict.clause.value.replace("_", " ")
    written = prices.plan(case.plan).exclusion(case.area, case.work)
    reason = f" {written.reason.say('en')}" if written and written.reason else ""
    return [
        f"{case.work}, {case.minutes} minutes, plan {case.plan}",
        f"excluded: {clause}",
        f"  Nobody comes, at any price.{reason}",
    ]


def _in_words(language: str) -> Callable[[PriceList, Priced], list[str]]:
    """The same in the words that a homeowner reads."""
    # Cards know the record, and the record a database library: only who asks for words waits for them.
    words = import_module("bot.commands.price_words")

    def table(prices: PriceList, priced: Priced) -> list[str]:
        heading, rows = words.said(prices, priced, language)
        return [heading, *_aligned(rows)]

    return table


def _table(prices: PriceList, priced: Priced) -> list[str]:
    """The verdict, its balances, every line, taxes and the total, in the keys of the file."""
    quote, verdict = priced.quote, priced.verdict
    said = [f"{quote.work}, {quote.minutes} minutes ({quote.billed} billed), plan {priced.case.plan}"]
    said.append(f"{verdict.ruling.value.replace('_', ' ')}: {verdict.clause.value.replace('_', ' ')}")
    for use in verdict.uses:
        left = "no end to it" if use.before is None else f"{use.before} before, {use.after} after"
        said.append(
            f"  allowance {use.allowance}: {use.units} {'minutes' if use.unit == 'hours' else use.unit}, {left}"
        )
    rows = [(_label(line), str(line.amount.amount)) for line in quote.lines]
    inside = "of which tax" if quote.tax_included else "tax"
    taxes = [(f"{inside} {t.percent.normalize():f} % of {t.of.amount}", str(t.amount.amount)) for t in quote.taxes]
    total = [(f"total {prices.currency}", str(quote.total.amount))]
    return [*said, *_aligned([*rows, *total, *taxes] if quote.tax_included else [*rows, *taxes, *total])]


def _aligned(rows: list[tuple[str, str]]) -> list[str]:
    wide, high = max(len(label) for label, _ in rows), max(len(amount) for _, amount in rows)
    return [f"  {label:<{wide}}  {amount:>{high}}" for label, amount in rows]


def _label(line: Line) -> str:
    words = [line.what.value, *(word for word in (line.key, line.grade, line.hours) if word)]
    if line.quantity is not None and line.unit:
        people = f"{line.heads} × " if line.heads > 1 and line.unit == "minute" else ""
        words.append(f"{people}{line.quantity.normalize():f} {line.unit}")
    if line.unit_price is not None:
        words.append(f"at {line.unit_price.amount}{' an hour' if line.unit == 'minute' else ''}")
    return " ".join(words)
