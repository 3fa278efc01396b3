"""What homeowners see: any words at all, and never anything but words."""

from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegram import InlineKeyboardMarkup, ReplyKeyboardMarkup, ReplyKeyboardRemove

from bot.channels.telegram_renderer import LONGEST_LABEL, LONGEST_TEXT, Rendered, render
from bot.channels.telegram_text import blank, clean, cut, shorten, units
from handlers.messages import Button, Fact, Homeowner, Message, Said
from locales.phrasebook import say
from locales.text import Text

TO = Homeowner("700")
TAGS = {"b", "i", "blockquote"}


class Reader(HTMLParser):
    """What is left to see of our HTML; complains about anything that is not ours."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen = ""
        self.open: list[str] = []
        self.styles: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        assert tag in TAGS
        assert not attrs
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.seen += data
        self.styles.append((self.open[-1] if self.open else "", data))

    def unknown_decl(self, data: str) -> None:
        raise AssertionError(data)

    handle_comment = handle_decl = handle_pi = unknown_decl


def visible(html: str) -> Reader:
    reader = Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    return reader


def squeezed(text: str) -> str:
    return "".join(text.split())


def shown(message: Message, keyboard: str | None = "k") -> Rendered:
    return render(message, "en", keyboard)


# Lengths around the limit, made of everything that is hard.
pieces = st.text(alphabet=st.characters() | st.sampled_from("<>&\"'\n ​👩🏽‍🚀🇮🇹é\u0301"), max_size=40)
words = st.builds(lambda piece, times: (piece * times)[:12_000], pieces, st.integers(1, 400))


@settings(deadline=None, max_examples=150)
@given(title=words, body=words, said=words, label=pieces, value=words, footer=words)
def test_any_words_arrive_whole_and_within_the_limit(
    title: str, body: str, said: str, label: str, value: str, footer: str
) -> None:
    message = Message(
        to=TO,
        title=title,
        body=(Said(body), Said(said)),
        facts=(Fact(label, value),),  # type: ignore[arg-type]
        footer=footer,  # type: ignore[arg-type]
        buttons=((Button("OK"),),),
    )
    rendered = shown(message)
    readers = [visible(part.html) for part in rendered.parts]
    for part, reader in zip(rendered.parts, readers, strict=True):
        assert 0 < units(reader.seen) <= LONGEST_TEXT
        assert not blank(reader.seen)
        part.html.encode()  # no half characters
    wanted = [title, body, said, f"{label}: {value}", footer]
    missing_only_blanks(squeezed("".join(r.seen for r in readers)), squeezed("".join(map(clean, wanted))))
    assert [part.markup for part in rendered.parts[:-1]] == [None] * (len(readers) - 1)
    assert isinstance(rendered.parts[-1].markup, InlineKeyboardMarkup)


def missing_only_blanks(seen: str, wanted: str) -> None:
    """What was sent is what was wanted, except for stretches of which nobody could have seen anything."""
    if seen != wanted:
        assert "".join(c for c in seen if not blank(c)) == "".join(c for c in wanted if not blank(c))


@given(st.text(max_size=300), st.integers(2, 40))
def test_parts_never_break_a_sign_nor_the_limit(text: str, limit: int) -> None:
    text = clean(text)
    for start, end in cut(text, limit):
        assert units(text[start:end]) <= limit
    assert units(shorten(text, limit)) <= limit


def test_two_thousand_one_hundred_emoji_are_too_long_for_one_message() -> None:
    rendered = shown(Message(to=TO, body=(Said("😀" * 2100),)))
    assert [units(visible(p.html).seen) for p in rendered.parts] == [4096, 104]


def test_a_long_message_is_cut_at_a_paragraph_else_a_line_else_a_space() -> None:
    for seam in ("\n\n", "\n", " "):
        text = seam.join(["x" * 1500] * 3)
        first, second = (visible(p.html).seen for p in shown(Message(to=TO, body=(Said(text),))).parts)
        assert (first, second) == (seam.join(["x" * 1500] * 2), "x" * 1500)


def test_families_and_flags_stay_together() -> None:
    for sign in ("👩🏽‍🚀", "🇮🇹", "e\u0301"):
        text = "x" + sign * 4000
        for start, end in cut(text, 4096):
            assert text[start:end].lstrip("x").count(sign) * len(sign) == len(text[start:end].lstrip("x"))


def test_a_cut_quotation_is_a_quotation_on_both_sides() -> None:
    parts = shown(Message(to=TO, body=(Said("<b>&lt;" * 1000),))).parts
    assert len(parts) > 1
    for part in parts:
        assert {style for style, _ in visible(part.html).styles} == {"blockquote"}


def test_a_card_has_a_title_words_facts_and_a_footer() -> None:
    message = Message(
        to=TO,
        title="Blind <2>",
        body=("It is stuck", Said("help & hurry")),  # type: ignore[arg-type]
        facts=(Fact("Room", "Kitchen"), Fact("Visits", 2)),  # type: ignore[arg-type]
        footer="See you",  # type: ignore[arg-type]
    )
    assert [p.html for p in shown(message).parts] == [
        "<b>Blind &lt;2&gt;</b>\n\nIt is stuck\n\n<blockquote>help &amp; hurry</blockquote>\n\n"
        "Room: <b>Kitchen</b>\nVisits: <b>2</b>\n\n<i>See you</i>"
    ]
    assert "Room\u00a0: " in render(message, "fr", None).parts[0].html
    assert "Room\u00a0: " in render(Message(to=TO, facts=message.facts, language="fr"), "en", None).parts[0].html


def test_what_stands_apart_has_room_above_it_but_not_at_the_top() -> None:
    facts = tuple(Fact(n, n, apart=n != "b") for n in "abc")  # type: ignore[arg-type]
    (part,) = render(Message(to=TO, facts=facts), "en", None).parts
    assert part.html == "a: <b>a</b>\nb: <b>b</b>\n\nc: <b>c</b>"


def test_an_apology_stands_above_the_title() -> None:
    message = Message(to=TO, title="Blind", body=(Said("It moves"),), opening=Text("late.sorry"))
    first = shown(message).parts[0].html.split("\n\n")[0]
    assert (first, render(message, "it", None).parts[0].html[:8]) == (say(Text("late.sorry"), "en"), "Ci scusi")


def test_nothing_to_see_is_no_message() -> None:
    assert shown(Message(to=TO, title=" \n", body=(Said("\u200b"),))) == Rendered(())
    lonely = shown(Message(to=TO, buttons=((Button("OK"),),)))
    assert lonely.parts == ()
    assert isinstance(lonely.markup, InlineKeyboardMarkup)


def test_buttons_are_numbered_row_by_row_links_included() -> None:
    rows = ((Button("A"), Button("B", url="https://example.org")), (Button("C", style="danger"),))
    markup = shown(Message(to=TO, title="?", buttons=rows), "tok").parts[0].markup
    assert isinstance(markup, InlineKeyboardMarkup)
    first, second = markup.inline_keyboard
    assert [b.callback_data for b in first] == ["tok.0", None]
    assert first[1].url == "https://example.org"
    assert (second[0].callback_data, second[0].style) == ("tok.2", "danger")


@given(st.text(max_size=200))
def test_a_label_is_short_and_never_empty(label: str) -> None:
    markup = shown(Message(to=TO, title="?", buttons=((Button(label),),))).parts[0].markup
    assert isinstance(markup, InlineKeyboardMarkup)
    text = markup.inline_keyboard[0][0].text
    assert not blank(text)
    assert units(text) <= LONGEST_LABEL
    assert "\n" not in text


def test_a_row_of_ten_becomes_two() -> None:
    markup = shown(Message(to=TO, title="?", buttons=(tuple(Button(str(n)) for n in range(10)),))).parts[0].markup
    assert isinstance(markup, InlineKeyboardMarkup)
    assert [len(row) for row in markup.inline_keyboard] == [8, 2]
    assert markup.inline_keyboard[1][1].callback_data == "k.9"


@pytest.mark.parametrize("keyboard", [None, "x" * 63])
def test_a_button_without_a_token_that_fits_is_our_own_fault(keyboard: str | None) -> None:
    with pytest.raises(ValueError, match="token"):
        shown(Message(to=TO, title="?", buttons=((Button("A"),),)), keyboard)
    with pytest.raises(ValueError, match="101 buttons"):
        shown(Message(to=TO, title="?", buttons=((Button("A"),),) * 101))


def test_the_phone_is_asked_for_by_its_own_keyboard() -> None:
    markup = shown(Message(to=TO, title="?", ask_for="contact")).parts[0].markup
    assert isinstance(markup, ReplyKeyboardMarkup)
    button = markup.keyboard[0][0]
    assert button.request_contact is True
    assert not blank(button.text)


def test_the_phones_keyboard_goes_while_buttons_come() -> None:
    message = Message(to=TO, title="Thanks", body=(Said("What next?"),), ask_for="nothing", buttons=((Button("A"),),))
    first, second = shown(message).parts
    assert isinstance(first.markup, ReplyKeyboardRemove)
    assert isinstance(second.markup, InlineKeyboardMarkup)
    (alone,) = shown(Message(to=TO, title="Thanks", ask_for="nothing", buttons=((Button("A"),),))).parts
    assert isinstance(alone.markup, InlineKeyboardMarkup)


def test_a_missing_phrase_is_our_own_fault() -> None:
    with pytest.raises(LookupError):
        shown(Message(to=TO, title=Text("no.such.phrase")))
