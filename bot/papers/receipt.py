"""A receipt as a PDF of one or more pages, in the fonts every reader of PDF has: no font file is carried along.

Those fonts know the letters of Western Europe (Windows-1252). Of others the accent is left away; what then remains
unknown becomes a question mark: the chat shows the name in full.
"""

import unicodedata
from collections.abc import Iterator, Sequence
from io import BytesIO

import pydyf

from domain.money import Money
from handlers.messages import Document
from locales.phrasebook import say
from locales.text import Listing, Value

WIDTH, HEIGHT, MARGIN = 595, 842, 56  # A4 in points
LINE, SMALL, LARGE = 16, 10, 18
NAME = 22  # characters of a label that has words beside it
LABEL = 52  # characters of a label; what is longer goes on below
DIGIT = 6.0  # the width of a character of 10-point Courier: amounts stand under each other
ALIKE = {"\N{NARROW NO-BREAK SPACE}": "\N{NO-BREAK SPACE}", "\N{MINUS SIGN}": "-", "\N{FIGURE SPACE}": " "}
FONTS = {"F1": "Helvetica", "F2": "Helvetica-Bold", "F3": "Courier"}


def draw(document: Document, language: str) -> bytes:
    """The receipt."""
    page = _Pages()
    values = document.values
    page.text(say(values["company"], language), "F2", SMALL + 2)
    page.down(LINE)
    page.text(say(values["title"], language), "F2", LARGE)
    page.down(LINE)
    for label, value, _ in _pairs(values["head"], language):
        page.fact(label, value)
    for name in ("lines", "paid"):
        page.rule()
        for label, value, is_amount in _pairs(values[name], language):
            if is_amount or len(label) > NAME:
                page.amount(label, value)
            else:
                page.fact(label, value)
    page.rule()
    page.text(say(values["footer"], language), "F1", SMALL - 1)
    return page.written(say(values["title"], language))


def _pairs(listing: Value, language: str) -> Iterator[tuple[str, str, bool]]:
    """Label, value, and whether that is an amount."""
    if not isinstance(listing, Listing):
        raise TypeError("a receipt has rows of two")
    said = [say(item, language) for item in listing.items]
    amounts = [isinstance(item, Money) for item in listing.items[1::2]]
    yield from zip(said[::2], said[1::2], amounts, strict=True)


class _Pages:
    """Lines from the top to the bottom; a full page is followed by another."""

    def __init__(self) -> None:
        self.streams = [pydyf.Stream()]
        self.y = HEIGHT - MARGIN

    def down(self, points: int) -> None:
        self.y -= points
        if self.y < MARGIN:
            self.streams.append(pydyf.Stream())
            self.y = HEIGHT - MARGIN

    def text(self, words: str, font: str, size: int) -> None:
        for part in wrapped(words, 92 if size < LARGE else 50):
            self._at(MARGIN, part, font, size)
            self.down(max(LINE, size + 4))

    def fact(self, label: str, value: str) -> None:
        self._at(MARGIN, label, "F1", SMALL)
        for part in wrapped(value, 60):
            self._at(MARGIN + 130, part, "F2", SMALL)
            self.down(LINE)

    def amount(self, label: str, value: str) -> None:
        narrow = len(encoded(value)) * DIGIT
        wide = narrow > 3 * 60  # no amount, but words: below, where there is room
        for number, part in enumerate(wrapped(label, LABEL)):
            self._at(MARGIN, part, "F1", SMALL)
            if number == 0 and not wide:
                self._at(WIDTH - MARGIN - narrow, value, "F3", SMALL)
            self.down(LINE)
        if wide:
            for part in wrapped(value, 78):
                self._at(MARGIN, part, "F3", SMALL)
                self.down(LINE)

    def rule(self) -> None:
        stream = self.streams[-1]
        stream.set_line_width(0.5)
        stream.move_to(MARGIN, self.y)
        stream.line_to(WIDTH - MARGIN, self.y)
        stream.stroke()
        self.down(LINE + 4)

    def _at(self, x: float, words: str, font: str, size: int) -> None:
        stream = self.streams[-1]
        stream.begin_text()
        stream.set_font_size(font, size)
        stream.set_text_matrix(1, 0, 0, 1, x, self.y)
        stream.stream.append(b"(" + escaped(encoded(words)) + b") Tj")
        stream.end_text()

    def written(self, title: str) -> bytes:
        pdf = pydyf.PDF()
        fonts = pydyf.Dictionary({name: self._font(pdf, base) for name, base in FONTS.items()})
        for stream in self.streams:
            pdf.add_object(stream)
            pdf.add_page(
                pydyf.Dictionary(
                    {
                        "Type": "/Page",
                        "Parent": pdf.pages.reference,
                        "MediaBox": pydyf.Array([0, 0, WIDTH, HEIGHT]),
                        "Contents": stream.reference,
                        "Resources": pydyf.Dictionary({"Font": fonts}),
                    }
                )
            )
        pdf.info["Title"] = pydyf.String(title)
        out = BytesIO()
        pdf.write(out)
        return out.getvalue()

    @staticmethod
    def _font(pdf: pydyf.PDF, base: str) -> bytes:
        about = {"Type": "/Font", "Subtype": "/Type1", "BaseFont": f"/{base}", "Encoding": "/WinAnsiEncoding"}
        font = pydyf.Dictionary(about)
        pdf.add_object(font)
        reference: bytes = font.reference
        return reference


def encoded(words: str) -> bytes:
    """The words in the letters the fonts have."""
    return b"".join(_letter(ALIKE.get(letter, letter)) for letter in words)


def _letter(letter: str) -> bytes:
    for form in (letter, unicodedata.normalize("NFKD", letter)[:1]):
        if form.isprintable() or form == "\N{NO-BREAK SPACE}":
            found = form.encode("cp1252", "ignore")
            if found:
                return found
    return b"?"


def escaped(words: bytes) -> bytes:
    """What may stand in a PDF string: nothing in it ends the string or begins anything."""
    return words.replace(b"\\", b"\\\\").replace(b"(", b"\\(").replace(b")", b"\\)")


def wrapped(words: str, width: int) -> Sequence[str]:
    """Lines of at most so many characters, broken at spaces where there are any."""
    lines = [""]
    for word in words.split(" "):
        while len(word) > width:
            lines.append(word[:width])
            word = word[width:]
        if len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] = f"{lines[-1]} {word}".strip()
        else:
            lines.append(word)
    return [line for line in lines if line] or [""]
