"""The day as the team reads it: one's own visits in order, and who of all is where and free when."""

from datetime import timedelta
from pathlib import Path

from tests.house import open_house
from tests.journey.ground import w
from tests.journey.test_calendar import PARIS, day_of, enters_absence, fr, has_a_visit


async def test_ana_reads_her_day_and_lena_everybodys(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, claire = await house.arrives("en"), await house.arrives("fr")
        _, first = await has_a_visit(house, emma, "lighting")
        _, second = await has_a_visit(house, claire, "lighting", fr)
        ana, lena, tom = (house.team[key] for key in ("ana", "lena", "tom"))
        day = day_of(first).isoformat()
        assert day_of(second) == day_of(first)
        await ana.commands("/day", day, channel="#service")
        mine = await ana.sees("#service", "Ana Ruiz")
        at = [f"{b.starts_at.astimezone(PARIS):%H:%M}–{b.ends_at.astimezone(PARIS):%H:%M}" for b in (first, second)]
        places = [mine.text.index(words) for words in (at[0], "Emma Whitfield", at[1], "Claire Dubois")]
        if first.starts_at < second.starts_at:
            assert places == sorted(places)
        assert "8 avenue du Belvédère, 06230 Villefranche-sur-Mer" in mine.text
        assert "+447700900107" in mine.text
        assert w("day.road") in mine.text  # from one to the next
        assert w("day.free") in mine.text
        free = next(line for line in mine.text.splitlines() if line.startswith(w("day.free"))).split(":", 1)[1]
        for stretch in free.split(","):  # a quarter of an hour between two ways is nothing to be told
            begins, ends = (int(at[:2]) * 60 + int(at[3:]) for at in stretch.strip().split("–"))
            assert ends - begins >= 30
        await ana.presses(w("day.after"), mine)
        assert w("day.nothing") in (await ana.sees("#service", w("day.nothing"))).text
        assert await enters_absence(house, "tom", day_of(first)) == {}
        await lena.commands("/day", f"{day} all", channel="#service")
        all_ = await lena.sees("#service", "Tom Keller")
        line = {part.split(":")[0]: part for part in all_.text.splitlines() if ": " in part}
        whole = " ".join(all_.text.split())
        assert f"{at[0]} Villefranche-sur-Mer (1001)" in whole
        assert f"Tom Keller: {w('day.away')}" in whole, line
        await lena.presses("Ana Ruiz", all_)
        await lena.sees("#service", "Emma Whitfield")
        await lena.presses(w("day.move", number="1001"))
        assert (await lena.sees_modal()).title == w("move.title", number="1001")
        await tom.commands("/day", "yesterday", channel="#service")
        await tom.sees("#service", w("refusal.no_such_day"))
        tomorrow = house.app.clock.now().astimezone(PARIS).date() + timedelta(days=1)  # type: ignore[union-attr]
        await tom.commands("/day", "demain", channel="#service")
        assert f" {tomorrow.day} " in (await tom.sees("#service", "Tom Keller")).text
