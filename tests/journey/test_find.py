"""Finding a customer, reading his page, inviting him."""

from io import BytesIO
from pathlib import Path

import filetype

from sandbox.slack.person import Person as Mate
from sandbox.slack.seen import Post
from tests.house import House, open_house, words
from tests.journey.ground import is_done, reports, w


async def looks_for(house: House, mate: Mate, text: str) -> Post:
    """He types the command; what only he is told."""
    await mate.commands("/aftercare", f"find {text}", channel="#service")
    await house.quiet()
    return mate.ephemerals[-1]


WAYS = (
    *("amelie", "AMÉLIE roche", "croix rousse", "lyon roche", "06 39 98 01 14"),
    *("+33 (0)6 39 98 01 14", "0033639980114", "98 01 14"),
)


async def test_a_customer_is_found_however_he_is_written(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        lena = house.team["lena"]
        for text in WAYS:
            found = await looks_for(house, lena, text)
            assert found.buttons == ["Amélie Roche · Maison de la Croix-Rousse, Lyon"], text
        assert not [post for post in house.team["ana"].posts() if "Roche" in post.text], "nobody else reads it"
        await lena.presses("Amélie Roche", found)
        page = await lena.sees_modal("Amélie Roche")
        assert "27 rue du Mail" in page.text
        assert "Comfort" in page.text
        assert "1 of 1 left this year" in page.text, "what is left of it"
        assert "Netarco Air 6" in page.text


async def test_a_request_is_found_by_its_number_and_stands_on_his_page(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, ana = await house.arrives("en"), house.team["ana"]
        card = await reports(house, emma)
        await ana.writes_in_thread(card, "The gate is behind the house")
        await house.quiet()
        for text in ("1001", "#1001"):
            found = await looks_for(house, ana, text)
            assert len(found.buttons) == 1
        await ana.presses("Emma Whitfield", found)
        page = await ana.sees_modal("1001 · Shades")
        assert "The gate is behind the house" in page.text, "the team's own note"
        await ana.presses(w("team.reply"), page)
        await ana.sees_modal(w("reply.words"))
        assert ana.modal is not None
        assert len(ana.modal.stack) == 2, "a window upon the window"
        await ana.closes(whole=True)
        await is_done(house, card)
        await emma.presses(w("solved.yes"))
        await house.quiet()
        await ana.presses("Emma Whitfield", found)
        page = await ana.sees_modal(w("customer.past"))
        assert w("customer.open.none") in page.text


async def test_nothing_found_is_said_and_the_menu_says_what_can_be_done(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        ana = house.team["ana"]
        assert w("find.nothing") in (await looks_for(house, ana, "Zacharias")).text
        await ana.commands("/aftercare", "", channel="#service")
        await house.quiet()
        menu = ana.ephemerals[-1]
        assert menu.buttons == [w("find.open"), w("call.open"), w("invite.open"), w("replies.open")]
        await ana.presses(w("find.open"), menu)
        await ana.sees_modal(w("find.words"))
        assert list((await ana.fills({w("find.words"): "Zacharias"})).values()) == [w("find.nothing")]
        assert await ana.fills({w("find.words"): "nice"}) == {}
        hits = await ana.sees_modal("Claire Dubois")
        assert "Marta Rossi" in hits.text
        await ana.presses(w("find.show"), hits)
        await ana.sees_modal(w("customer.contract"))


async def test_who_looks_after_several_homes_has_a_page_for_each(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        ana = house.team["ana"]
        found = await looks_for(house, ana, "lefevre")
        assert len(found.buttons) >= 2
        await ana.presses("Mas des Oliviers", found)
        page = await ana.sees_modal("120 route de Grasse")
        await ana.presses("Villa Belvedere", page)
        await ana.sees_modal("8 avenue du Belvédère")


async def test_an_invitation_is_for_whoever_asked_with_words_to_say_and_a_code(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        ana = house.team["ana"]
        await ana.commands("/aftercare", "invite claire", channel="#service")
        await house.quiet()
        await ana.presses("Claire Dubois", ana.ephemerals[-1])
        told = await ana.sees(fragment=w("invite.title", name="Claire Dubois"))
        await house.quiet()
        link = next(word for word in told.text.split() if word.startswith("https://t.me/"))
        assert words("fr", "invite.words", name="Claire", company="Ombrelune", link=link) in told.text
        code = told.thread[0].files[0]
        assert filetype.guess(BytesIO(code.content)).mime == "image/png"
        assert not [p for p in house.team["tom"].posts() if link in p.text]
        claire = house.sandbox.telegram.person("C003", "Test", language="fr")
        await claire.starts(link.partition("start=")[2])
        await claire.sees(words("fr", "menu.report"))
        other = house.sandbox.telegram.person("C099", "Other", language="fr")
        await other.starts(link.partition("start=")[2])
        await other.sees(words("fr", "refusal.invitation_not_good"))
        await ana.commands("/aftercare", "invite claire", channel="#service")
        await house.quiet()
        await ana.presses("Claire Dubois", ana.ephemerals[-1])
        await ana.sees(fragment=w("refusal.writes_already", name="Claire Dubois"))


async def test_a_stranger_cannot_look_anybody_up(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        guest = house.sandbox.slack.user("Gil Guest", id="U0GUEST", is_guest=True)
        house.sandbox.slack.join(house.sandbox.slack.space.channels["C0SERVICE"], guest.id)
        told = await looks_for(house, guest, "claire")
        assert told.text.strip() == w("refusal.team_only")
