"""A receipt on paper: readable in four languages, whatever somebody is called."""

import re
import zlib
from decimal import Decimal

import pytest

from bot.papers.receipt import draw, encoded, wrapped
from domain.money import Money
from handlers.messages import Document
from locales.phrasebook import say
from locales.text import Listing, Percent, t


def paper(name: str = "Zoë Müller", lines: int = 2) -> Document:
    amounts = [part for n in range(lines) for part in (f"Line {n} (a) \\ ", Money(1234567 + n, "EUR"))]
    return Document(
        "receipt",
        "2026-00001.pdf",
        {
            "title": t("receipt.title", number="2026-00001"),
            "company": "Ombrelune",
            "head": Listing((t("receipt.for"), name)),
            "lines": Listing((*amounts, t("line.tax", rate=Percent(Decimal(20))), Money(-5, "EUR"))),
            "paid": Listing((t("receipt.paid"), Money(1234567, "EUR"), t("receipt.how"), t("receipt.telegram"))),
            "footer": t("receipt.footer"),
        },
    )


def words(pdf: bytes) -> str:
    """What is printed."""
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL)
    plain = b"\n".join(zlib.decompress(s) if s[:1] == b"\x78" else s for s in streams)
    strings = re.findall(rb"\((.*?)(?<!\\)\) Tj", plain, re.DOTALL)
    return "\n".join(re.sub(rb"\\(.)", rb"\1", s).decode("cp1252") for s in strings)


@pytest.mark.parametrize("language", ["en", "fr", "es", "it"])
def test_a_receipt_says_it_all_in_its_language(language: str) -> None:
    pdf = draw(paper(), language)
    assert pdf.startswith(b"%PDF-")
    assert b"/WinAnsiEncoding" in pdf
    said = " ".join(words(pdf).replace("\N{NO-BREAK SPACE}", " ").split())
    for value in (t("receipt.title", number="2026-00001"), t("receipt.telegram"), t("receipt.footer")):
        assert " ".join(say(value, language).replace("\N{NARROW NO-BREAK SPACE}", " ").split()) in said
    assert "Zoë Müller" in said
    assert "Line 0 (a) \\" in said
    assert "?" not in said


def test_a_long_receipt_has_several_pages() -> None:
    pdf = draw(paper(lines=120), "en")
    assert pdf.count(b"/MediaBox") == 3
    assert "Line 119" in words(pdf)


@pytest.mark.parametrize(
    ("name", "printed"), [("Łukasz Żółć", b"?ukasz Z\xf3?c"), ("Ω (a)", b"? (a)"), ("−5 €", b"-5 \x80")]
)
def test_letters_that_the_fonts_lack_do_no_harm(name: str, printed: bytes) -> None:
    assert encoded(name) == printed
    assert draw(paper(name), "en")


def test_lines_break_at_spaces_where_they_can() -> None:
    assert wrapped("one two three", 7) == ["one two", "three"]
    assert wrapped("x" * 9, 4) == ["xxxx", "xxxx", "x"]
    assert wrapped("", 4) == [""]
