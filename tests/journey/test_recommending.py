"""Would you recommend us? And those who would: a link for friends, a lead, a contract, thanks."""

from datetime import timedelta
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain import prompting
from domain.contracts import Contract
from domain.homes import homes_of
from domain.people import ConsentKind
from domain.people import Person as Customer
from domain.prompting import Wish
from domain.prompts import Kind
from domain.recommending import Recommendation
from domain.recoveries import Recovery
from domain.referrals import Referral, Referred
from domain.work import Work
from sandbox.telegram.bubbles import Bubble
from sandbox.telegram.person import Person
from scheduling.followups import follow
from tests.house import House, open_house, words
from tests.journey.answering import agrees, days_go_by, is_asked, on_weekday, rows, wants_nothing_else
from tests.journey.ground import w
from tests.journey.test_deeds import direct


async def is_asked_to_recommend(house: House) -> tuple[Person, Bubble]:
    """It is time to ask whether she would."""
    await on_weekday(house, 0, 10)
    emma = await house.arrives("en")
    await house.quiet()
    await plans(house, "C007")
    await days_go_by(house, 2)
    return emma, await emma.sees(w("recommend.scale"), anywhere=True)


async def plans(house: House, ref: str) -> None:
    """What the look at her home does."""
    assert house.app is not None
    company, now = house.app.company, house.app.clock.now()

    def unit(session: Session) -> None:
        work = Work(session, now, "test")
        person = session.scalars(select(Customer).where(Customer.ref == ref)).one()
        home = homes_of(work, person)[0][0]
        wish = Wish(Kind.RECOMMEND, person.id, home.id, f"person:{person.id}", "2026-2", now, now + timedelta(days=60))
        assert prompting.plan(work, company, wish) is not None
        for fact in work.events:
            follow(work, company, fact)

    await house.in_database(unit)


async def test_who_would_not_says_why_and_somebody_makes_it_good(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card = await is_asked_to_recommend(house)
        assert [len(row) for row in card.buttons[:2]] == [6, 5]
        await emma.presses("3", on=card)
        await emma.sees(w("recovery.offer"))
        await house.quiet()
        assert w("recommend.yours", score="3") in card.text
        await emma.types("Nobody calls back")
        await emma.sees(w("survey.kept"))
        await house.quiet()
        assert "Nobody calls back" in card.text
        team = await house.team["marc"].sees("#satisfaction", w("low.recommend", score="3"), anywhere=True)
        assert "Nobody calls back" in team.text
        (asked,) = await rows(house, Recommendation)
        assert (asked.score, asked.half, asked.remark) == (3, "2026-2", "Nobody calls back")
        (one,) = await rows(house, Recovery)
        assert one.recommendation_id == asked.id


async def test_who_would_may_change_his_answer_until_he_says_why(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card = await is_asked_to_recommend(house)
        for score in ("8", "7"):
            await emma.presses(score, on=card)
            await emma.sees(w("recommend.yours", score=score))
        await emma.presses(w("survey.words"), on=card)
        await emma.sees(w("recommend.why"))
        await emma.types("Kind people")
        await emma.sees(w("survey.kept"))
        await house.quiet()
        assert w("recommend.yours", score="7") in card.text
        assert card.labels == [w("survey.review")]
        told = await house.team["marc"].sees("#satisfaction", w("score.recommend", score="7"), anywhere=True)
        assert "Kind people" in told.text
        assert await rows(house, Recovery) == []


async def has_a_link(house: House) -> tuple[Person, str]:
    """She is very satisfied, agreed to hear of such things, and has her link; the code in it."""
    emma, card = await is_asked(house)
    await agrees(house, "C007", ConsentKind.OFFERS)
    await wants_nothing_else(house, "C007")
    await emma.presses("5", on=card)
    await emma.sees(w("survey.yours", score="5"))
    await days_go_by(house, 8)
    offer = await emma.sees("?start=ref_", anywhere=True)
    return emma, offer.text.partition("?start=")[2].split()[0]


async def test_who_is_very_satisfied_and_agreed_to_it_has_a_link_of_his_own_and_only_he(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, _ = await has_a_link(house)
        await days_go_by(house, 30)
        assert len([b for b in emma.chat if b.shows("?start=ref_")]) == 1
        assert len(await rows(house, Referral)) == 1


async def test_without_his_word_nobody_is_asked_to_recommend_us_to_friends(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card = await is_asked(house)
        await emma.presses("5", on=card)
        await emma.sees(w("survey.yours", score="5"))
        await days_go_by(house, 20)
        assert not [b for b in emma.chat if b.shows("?start=ref_")]


async def test_a_friend_comes_by_it_signs_and_the_sender_is_thanked_once(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, code = await has_a_link(house)
        paul = house.sandbox.telegram.person("Paul", "Newcomer", language="fr")
        await paul.starts(code)
        await paul.sees(words("fr", "referral.by", name="Emma"))
        assert not [b for b in paul.chat if "Whitfield" in b.text], "only the first name"
        await paul.starts(code)
        await house.quiet()
        lead = await house.team["ana"].sees("#service", w("lead.title"), anywhere=True)
        assert "Emma Whitfield" in lead.text
        assert len(await rows(house, Referred)) == 1
        await becomes_a_customer(house, paul)
        await days_go_by(house, 2)
        assert len([b for b in emma.chat if b.shows(w("referral.thanks", company=company_name(house)))]) == 1
        assert w("lead.signed") in lead.text
        (one,) = await rows(house, Referred)
        assert one.contract_id is not None
        assert not direct(house.team["ana"], "Newcomer")


def company_name(house: House) -> str:
    assert house.app is not None
    name: str = house.app.company.name
    return name


async def becomes_a_customer(house: House, paul: Person) -> None:
    """The team brings him in, with a contract of the same day, and invites him."""
    ref = "C004"

    def unit(session: Session) -> None:
        person = session.scalars(select(Customer).where(Customer.ref == ref)).one()
        home = homes_of(Work(session, now, "test"), person)[0][0]
        signed = session.scalars(select(Contract).where(Contract.home_id == home.id)).one()
        signed.starts_on = now.date()

    assert house.app is not None
    now = house.app.clock.now()
    await house.in_database(unit)
    await paul.starts(await house.invitation(ref))
    await house.quiet()


async def test_a_link_that_nobody_has_greets_like_any_other(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        paul = house.sandbox.telegram.person("Paul", "Newcomer", language="en")
        await paul.starts("ref_nonsense")
        await paul.sees(w("stranger.what"))
        emma = await house.arrives("en")
        await emma.starts("ref_nonsense")
        await emma.sees(w("menu.report"))
        assert await rows(house, Referred) == []
