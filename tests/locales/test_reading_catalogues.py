"""Our reader of catalogues reads what the translators' own tool reads."""

import pytest
from babel.messages.pofile import read_po

from locales.catalogues import HERE, LANGUAGES, catalogue


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_catalogue_says_what_its_translator_wrote(language: str) -> None:
    with (HERE / language / "LC_MESSAGES" / "messages.po").open("rb") as file:
        written = read_po(file, locale=language)
    phrases = {
        (m.id if isinstance(m.id, str) else m.id[0]): ((m.string,) if isinstance(m.id, str) else tuple(m.string))
        for m in written
        if m.id
    }
    assert catalogue(language).phrases == phrases
    assert len(phrases) > 700


def test_a_translator_reads_how_many_there_are() -> None:
    assert [catalogue("en").plural(count) for count in (0, 1, 2)] == [1, 0, 1]
    assert [catalogue("fr").plural(count) for count in (0, 1, 2)] == [0, 0, 1]


def test_a_language_we_do_not_speak_is_not_there() -> None:
    with pytest.raises(OSError, match="xx"):
        catalogue("xx")
