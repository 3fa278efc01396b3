"""A campaign: a manager writes it, sees whom it reaches, and starts it; homeowners who agreed read it, and answer."""

from datetime import datetime, time
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from domain.campaigns import Campaign, CampaignState
from domain.prompts import Prompt, PromptState
from locales.phrasebook import say
from locales.text import t
from sandbox.slack.person import Person as Mate
from sandbox.slack.seen import Modal
from sandbox.telegram.person import Person
from tests.house import House, open_house, words
from tests.journey.ground import clock_goes_to, nobody_looks, requests_of, w
from tests.journey.test_deeds import direct
from tests.journey.test_prices import euros

DAY = 86400.0
WORDS = {
    "en": "New *lamps* that dim <b>by themselves</b>.",
    "fr": "De nouvelles lampes.",
    "es": "Lámparas nuevas.",
    "it": "Lampade nuove.",
}
BRAND, MANY = w("campaigns.brand"), w("campaigns.a_day")
ASKS = w("campaigns.asks")
IN_ITALIAN = say(t("campaigns.read_in", language=t("language.it")), "en")  # the last part of a preview
VISIT = w("campaigns.asks.this", work=w("help.visit"), area=w("area.lighting"))


def f(key: str, **values: Any) -> str:
    """A phrase in French."""
    return words("fr", key, **values)


async def agrees(person: Person, spoken: Any = w) -> None:
    """He turns offers on, by himself."""
    await person.types("/preferences")
    await person.sees(spoken("preferences.title"))
    await person.presses(spoken("preferences.start", topic=spoken("topic.offers")))
    await person.sees(spoken("preferences.stop", topic=spoken("topic.offers")))


def worded(modal: Modal) -> dict[str, str]:
    """The words for each language, by the label of its field."""
    found = {}
    for language, said in WORDS.items():
        name = w(f"language.{language}")
        label = next(e.label for e in modal.inputs if name in e.label)
        found[label] = said
    return found


async def opens_list(mate: Mate) -> Modal:
    """He types the command."""
    await mate.commands("/aftercare", "campaigns", channel="#service")
    return await mate.sees_modal(w("campaigns.new"))


async def writes(mate: Mate, **more: str) -> Modal:
    """He writes one, to all owners; the preview."""
    page = await opens_list(mate)
    await mate.presses(w("campaigns.new"), page)
    await mate.sees_modal(w("campaigns.intro"))
    given = {w("campaigns.name"): "Dimming lamps", ASKS: VISIT} | more
    assert await mate.fills(given) == {}
    form = await mate.sees_modal(w("campaigns.words.how", company="Ombrelune"))
    assert await mate.fills(worded(form)) == {}
    return await mate.sees_modal(IN_ITALIAN)


async def starts(house: House, mate: Mate, preview: Modal) -> None:
    """He starts it, and closes the window."""
    await nobody_looks(house)
    await mate.presses(w("campaigns.start"), preview)
    await mate.sees_modal(w("campaigns.started", day="…").partition("…")[0].strip())
    await house.quiet()
    await mate.closes(whole=True)


async def campaigns_of(house: House) -> list[Campaign]:
    """All of them."""

    def unit(session: Session) -> list[Campaign]:
        return list(session.scalars(select(Campaign).order_by(Campaign.id)))

    found: list[Campaign] = await house.in_database(unit)
    return found


async def first_day(house: House, hour: int) -> None:
    """The clock goes to that hour of its first day, where the company is, unless that is over."""
    assert house.app is not None
    (campaign,) = await campaigns_of(house)
    moment = datetime.combine(campaign.starts_on, time(hour, 1), ZoneInfo("Europe/Paris"))
    if moment > house.app.clock.now():
        await clock_goes_to(house, moment)
    await house.quiet()


async def states(house: House) -> dict[PromptState, int]:
    """How many prompts of a campaign stand where."""

    def unit(session: Session) -> dict[PromptState, int]:
        its = select(Prompt.state, func.count()).where(Prompt.campaign_id.is_not(None)).group_by(Prompt.state)
        return {state: many for state, many in session.execute(its).all()}  # noqa: C416

    found: dict[PromptState, int] = await house.in_database(unit)
    return found


def lines(modal: Modal) -> str:
    """What a window says, on one line."""
    return " ".join(modal.text.split())


async def test_it_is_written_previewed_started_read_answered_and_counted(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        james, claire = await house.arrives("en", "C008"), await house.arrives("fr")
        emma = await house.arrives("en")  # she did not agree
        await agrees(james)
        await agrees(claire, f)
        marc = house.team["marc"]
        preview = await writes(marc)
        for said in WORDS.values():
            assert said in preview.text
        assert w("campaigns.people", 3) in preview.text
        assert w("campaigns.agreed", 2) in preview.text
        assert f("campaign.yes") in preview.text
        assert f("prompt.never") in preview.text
        await starts(house, marc, preview)
        assert not any("lamps" in b.text for b in james.chat)
        await first_day(house, 8)
        await house.moves_clock(2 * DAY)

        read = await james.sees("lamps")
        assert WORDS["en"] in read.text  # as he wrote it
        assert "Ombrelune" in read.text
        await claire.sees(WORDS["fr"])
        assert not any("lamps" in b.text for b in emma.chat)

        await james.presses(w("campaign.yes"))
        times = await james.sees(w("solve.slot.ask"))
        await james.presses(w("campaign.yes"))  # once more: the same request
        times = await james.sees(w("solve.slot.ask"))
        price = next(word for word in times.text.split() if word.startswith("€"))
        await james.presses(times.labels[0])
        await james.sees(w("solve.confirm"))
        await james.presses(w("solve.confirm"))
        await james.sees(w("booked.title"))
        await james.presses(w("campaign.yes"))  # the appointment stands
        await james.sees(w("request.move"))
        (request,) = await requests_of(house)
        assert (request.story, request.area, request.home_id is not None) == ("Dimming lamps", "lighting", True)
        await marc.sees("#service", "Dimming lamps", anywhere=True)

        await claire.presses(f("prompt.never"))
        await claire.sees(f("prompt.never.done"))
        page = lines(await opens_list(marc))
        for key, many in (
            ("asked", 2),
            ("waiting", 0),
            ("opened", 2),
            ("said.yes", 1),
            ("said.never", 1),
            ("booked", 1),
        ):
            assert f"{w('campaigns.' + key)}: {many}" in page, key
        assert f"{w('campaigns.revenue')}: {price}" in page
        assert price > euros("100")
        assert w("campaign.done") in page


async def test_stopped_in_the_middle_the_others_do_not_get_it(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        people = [await house.arrives("en"), await house.arrives("en", "C008")]
        for person in people:
            await person.types("/language")
            await person.sees("English")
            await person.presses("English")
            await agrees(person)
        marc = house.team["marc"]
        await starts(house, marc, await writes(marc, **{MANY: "1"}))
        await first_day(house, 8)
        assert (await campaigns_of(house))[0].state is CampaignState.RUNNING
        page = await opens_list(marc)
        await marc.presses(w("campaigns.stop"), page)
        await marc.sees_modal(w("campaigns.stopped", name="Dimming lamps"))
        await house.moves_clock(20 * DAY)
        assert sum(any("lamps" in b.text for b in person.chat) for person in people) <= 1
        assert PromptState.PLANNED not in await states(house)
        assert sum((await states(house)).values()) == 1


async def test_nobody_agreed_is_said_and_it_cannot_start(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        marc = house.team["marc"]
        preview = await writes(marc)
        assert w("campaigns.nobody.agreed") in preview.text
        assert w("campaigns.start") not in [e.label for e in preview.elements]
        # Then somebody does, and he looks again: changed, it can start.
        await agrees(emma)
        await marc.presses(w("campaigns.change"), preview)
        await marc.sees_modal(w("campaigns.intro"))
        assert await marc.fills({w("campaigns.name"): "Lamps, again"}) == {}
        await marc.sees_modal(w("campaigns.words.how", company="Ombrelune"))
        assert await marc.submits() == {}
        await house.quiet()
        again = await marc.sees_modal("Lamps, again")
        assert WORDS["it"] in again.text
        assert w("campaigns.agreed", 1) in again.text
        await marc.presses(w("campaigns.discard"), again)
        await marc.sees_modal(w("campaigns.discarded"))
        await house.quiet()
        assert await campaigns_of(house) == []


async def test_two_managers_press_start_and_one_does(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        await agrees(await house.arrives("en"))
        marc = house.team["marc"]
        preview = await writes(marc)
        other = await opens_again(marc)
        await marc.presses(w("campaigns.start"), preview)
        await house.quiet()
        await marc.presses(w("campaigns.start"), other)
        await house.quiet()
        assert direct(marc, w("refusal.campaign_stands", name="Dimming lamps", campaign=w("campaign.running")))
        (campaign,) = await campaigns_of(house)
        assert campaign.state is CampaignState.RUNNING


async def opens_again(mate: Mate) -> Modal:
    """The same preview, in another window of his."""
    page = await opens_list(mate)
    await mate.presses(w("campaigns.open"), page)
    return await mate.sees_modal(IN_ITALIAN)


async def test_a_technician_cannot(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        tom = house.team["tom"]
        await tom.commands("/aftercare", "campaigns", channel="#service")
        await house.quiet()
        assert any(w("roles.manager") in post.text for post in tom.ephemerals)
        assert tom.modal is None
