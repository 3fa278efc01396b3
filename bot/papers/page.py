"""A summary as one page: everything is in the file, it opens without a network and prints well on A4."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import escape

from bot.papers import chart
from domain.summaries_answers import Verbatim
from handlers.cards.summary import Lines
from handlers.messages import Document, Fact
from locales.phrasebook import say
from locales.text import Day, Text, t

STYLE = """
:root { color-scheme: light }
* { box-sizing: border-box }
body { font: 15px/1.45 system-ui, "Segoe UI", "Liberation Sans", Arial, sans-serif; color: #222; background: #fff;
  max-width: 178mm; margin: 0 auto; padding: 8mm 4mm }
header { border-bottom: 3px solid #0072b2; margin-bottom: 6mm }
h1 { font-size: 1.6em; line-height: 1.2; margin: 0 0 2mm }
h2 { font-size: 1.12em; margin: 0 0 2mm; color: #0072b2 }
header p, .note, footer { color: #555; margin: 0 0 3mm }
.note, footer { font-size: .87em }
.key { display: grid; grid-template-columns: repeat(3, 1fr); gap: 4mm; margin: 0 0 6mm }
.key div { border: 1px solid #ccc; border-radius: 2mm; padding: 3mm }
.key strong { display: block; font-size: 1.08em; white-space: nowrap }
section { break-inside: avoid; margin: 0 0 6mm }
table { border-collapse: collapse; width: 100% }
th, td { text-align: left; font-weight: 400; padding: 1mm 0; border-bottom: 1px solid #e4e4e4; vertical-align: top }
td { text-align: right; padding-left: 4mm; font-variant-numeric: tabular-nums }
tr.apart > * { padding-top: 4mm }
svg { width: 100%; height: auto }
blockquote { margin: 0 0 3mm; padding: 0 0 0 3mm; border-left: 3px solid #56b4e9; break-inside: avoid;
  white-space: pre-wrap; overflow-wrap: anywhere }
blockquote small { display: block; color: #555 }
@page { size: A4; margin: 14mm }
@media print { body { padding: 0; max-width: none; font-size: 10.5pt } }
"""


@dataclass(frozen=True)
class Report:
    """What stands on it."""

    company: str
    title: Text
    key: tuple[Fact, ...]  # above all: what one looks for first
    parts: tuple[Lines, ...]
    chart: Document
    verbatims: tuple[Verbatim, ...] | None  # none: they are left out
    remarks: int  # how many were written


def page(report: Report, language: str) -> str:
    """The page, in the reader's language."""
    body = "\n".join(_body(report, language))
    title = escape(f"{say(report.title, language)} · {report.company}")
    return (
        f'<!doctype html>\n<html lang="{language}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n{body}\n</body>\n</html>\n"
    )


def _body(report: Report, language: str) -> Iterator[str]:
    heading = escape(say(report.title, language))
    yield f"<header><h1>{heading}</h1><p>{escape(report.company)}</p></header>"
    if report.key:
        boxes = "".join(
            f"<div>{escape(say(fact.label, language))}<strong>{escape(say(fact.value, language))}</strong></div>"
            for fact in report.key
        )
        yield f'<div class="key">{boxes}</div>'
    drawing = chart.lines(report.chart, language).replace("<svg ", f'<svg role="img" aria-label="{heading}" ', 1)
    yield f"<section>{drawing}</section>"
    for part in report.parts:
        if part.facts:
            yield _section(part, language)
    yield from _words(report, language)
    yield f"<footer>{escape(say(t('summary.reading'), language))}</footer>"


def _section(part: Lines, language: str) -> str:
    rows = "\n".join(_row(fact, language) for fact in part.facts)
    note = f'<p class="note">{escape(say(part.note, language))}</p>' if part.note else ""
    return f"<section><h2>{escape(say(part.title, language))}</h2><table>{rows}</table>{note}</section>"


def _row(fact: Fact, language: str) -> str:
    apart = ' class="apart"' if fact.apart else ""
    label, value = (escape(say(each, language)) for each in (fact.label, fact.value))
    return f'<tr{apart}><th scope="row">{label}</th><td>{value}</td></tr>'


def _words(report: Report, language: str) -> Iterator[str]:
    """What people wrote, each in his own language; or only how many did."""
    if not report.remarks:
        return
    yield f"<section><h2>{escape(say(t('summary.remarks'), language))}</h2>"
    if report.verbatims is None:
        left = escape(say(t("summary.remarks.left_out", report.remarks), language))
        yield f'<p class="note">{left}</p>'
    else:
        yield from (_quoted(said, language) for said in report.verbatims)
    yield "</section>"


def _quoted(said: Verbatim, language: str) -> str:
    score = "–" if said.score is None else str(said.score)
    head = escape(say(t("summary.remark", score=score, on=Day(said.on)), language))
    return (
        f'<blockquote lang="{said.language}">{escape(said.words)}<small lang="{language}">{head}</small></blockquote>'
    )


def text(title: Text, parts: Iterable[Lines], language: str) -> str:
    """The same lines for a terminal."""
    out = [say(title, language)]
    for part in parts:
        if part.facts:
            said = [(say(fact.label, language), say(fact.value, language)) for fact in part.facts]
            wide = max(len(label) for label, _ in said)
            out += ["", say(part.title, language), *(f"  {label:<{wide}}  {value}" for label, value in said)]
            out += [f"  {say(part.note, language)}"] if part.note else []
    return "\n".join(out)
