"""How people come in: strangers, numbers, invitations, groups."""

from pathlib import Path

from tests.house import open_house, words
from tests.journey.ground import answers, notes_of, reports, requests_of, w

GIULIA = "+393475550109"  # C009 of the sample

DAY = 24 * 3600.0


async def test_a_stranger_is_welcomed_and_told_what_this_is(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        paolo = house.sandbox.telegram.person("Paolo", language="it")
        await paolo.starts()
        welcome = await paolo.sees(words("it", "stranger.what"))
        assert words("it", "stranger.welcome", company="Ombrelune") in welcome.text
        assert words("it", "stranger.share") in welcome.labels
        somebody = house.sandbox.telegram.person("Jan", language="nl")
        await somebody.starts()
        await somebody.sees(w("stranger.what"))  # a language we do not speak: the company's first one
        await somebody.types("/report")
        refused = await somebody.sees(w("refusal.no_home_yet"))
        assert w("menu.home") in refused.labels
        await somebody.types("/contract")
        await somebody.sees(w("refusal.no_contract_here"))


async def test_who_shares_his_own_number_is_connected_by_the_team_and_greeted_by_name(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        lena, tom = house.team["lena"], house.team["tom"]
        giulia = house.sandbox.telegram.person("G.", language="it", phone=GIULIA)
        await giulia.starts()
        await giulia.sees(words("it", "stranger.share"))
        await giulia.presses(words("it", "stranger.share"))
        await giulia.sees(words("it", "stranger.share_how"))
        await giulia.presses(words("it", "telegram.share_phone"))
        await giulia.sees(words("it", "stranger.thanks"))
        card = await lena.sees("#service", w("claim.title"))
        assert "Giulia Conti, Loft Confluence" in card.text
        await lena.presses(w("claim.yes"), card)
        greeting = await giulia.sees(words("it", "menu.welcome", name="Giulia", company="Ombrelune"))
        assert "Loft Confluence" in greeting.text
        await house.quiet()
        assert w("claim.confirmed") in card.text
        assert card.buttons == []
        await tom.sees("#service", w("team.linked", name="Giulia Conti"), anywhere=True)


async def test_a_number_that_was_refused_can_be_shared_again_once_a_day(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        lena = house.team["lena"]
        giulia = house.sandbox.telegram.person("G.", language="it", phone=GIULIA)
        await giulia.starts()
        await giulia.shares_contact()
        await lena.presses(w("claim.no"), await lena.sees("#service", w("claim.title")))
        refused = words("it", "claim.not_found", phone="+33 4 65 71 01 42")
        await giulia.sees(refused)
        await house.quiet()
        cards = [post for post in house.sandbox.slack.posts("#service") if w("claim.title") in post.text]
        for _ in range(3):  # at once, and again: the same answer, and the team is left in peace
            await giulia.shares_contact()
            again = await giulia.sees(refused)
            assert words("it", "menu.human") in again.labels
        await house.quiet()
        assert [post.text for post in house.sandbox.slack.posts("#service")] == [card.text for card in cards]
        await house.moves_clock(DAY)
        await giulia.shares_contact()
        await giulia.sees(words("it", "stranger.thanks"))
        await house.quiet()
        posts = [post for post in house.sandbox.slack.posts("#service") if w("claim.title") in post.text]
        old, new = posts
        assert (w("claim.refused") in old.text, w("claim.waiting") in new.text) == (True, True)
        await giulia.shares_contact()  # while it waits it is one card
        await giulia.sees(words("it", "stranger.thanks"))
        await house.quiet()
        assert len([post for post in house.sandbox.slack.posts("#service") if w("claim.title") in post.text]) == 2
        await lena.presses(w("claim.yes"), new)
        await giulia.sees(words("it", "menu.report"))
        await house.quiet()
        assert w("claim.confirmed") in new.text


async def test_a_claim_that_somebody_decided_is_not_decided_twice(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        lena, tom = house.team["lena"], house.team["tom"]
        giulia = house.sandbox.telegram.person("G.", language="it", phone=GIULIA)
        await giulia.starts()
        await giulia.shares_contact()
        card = await lena.sees("#service", w("claim.title"))
        yes = next(e for e in card.elements if e.label == w("claim.yes"))
        await lena.presses(w("claim.no"), card)
        await giulia.sees(words("it", "claim.not_found", phone="+33 4 65 71 01 42"))
        await house.quiet()
        await tom.uses(yes, None, card)  # his screen was a moment behind
        await tom.sees("#service", w("refusal.claim_decided", by="Lena Hofer"))


async def test_somebody_elses_card_lets_nobody_in(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        paolo = house.sandbox.telegram.person("Paolo", language="en")
        await paolo.starts()
        await paolo.shares_contact(GIULIA, None, name="Giulia")
        await paolo.sees(w("refusal.not_your_number"))
        await paolo.shares_contact(GIULIA, 4711, name="Giulia")
        await paolo.sees(w("refusal.not_your_number"))
        await house.quiet()
        assert house.sandbox.slack.posts("#service") == []


async def test_a_number_that_nobody_has_becomes_a_message_to_the_team_once(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        paolo = house.sandbox.telegram.person("Paolo", language="en", phone="+33612345678")
        await paolo.starts()
        for _ in range(2):
            await paolo.shares_contact()
            await paolo.sees(w("stranger.thanks"))
        await house.team["lena"].sees("#service", w("claim.unknown"))
        await house.quiet()
        (asked,) = await requests_of(house)
        assert asked.story == "+33612345678"


async def test_a_strangers_message_is_answered_and_stays_his_when_he_is_connected(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        ana = house.team["ana"]
        emma = house.sandbox.telegram.person("Emma", language="en")
        await emma.starts()
        await emma.sees(w("stranger.message"))
        await emma.presses(w("stranger.message"))
        await emma.sees(w("stranger.message_ask"))
        await emma.types("Do you look after villas in Menton?")
        await emma.sees(w("stranger.message_kept", number="1001"))
        card = await ana.sees("#service", "Do you look after villas in Menton?")
        assert w("team.stranger") in card.text
        await answers(house, card, "We do. Shall we call you?")
        await emma.sees("We do. Shall we call you?")
        await emma.starts(await house.invitation("C007"))
        await emma.sees(w("menu.welcome", name="Emma", company="Ombrelune"))
        await house.quiet()
        assert "Villa Belvedere" in card.text
        await answers(house, card, "Ah, it is you, Emma")
        await emma.sees("Ah, it is you, Emma")
        await emma.sends_photo("our gate")
        await house.quiet()
        assert any("our gate" in post.text for post in card.thread)


async def test_a_photo_instead_of_a_message_is_a_message_too(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        paolo = house.sandbox.telegram.person("Paolo", language="en")
        await paolo.starts()
        await paolo.sees(w("stranger.message"))
        await paolo.presses(w("stranger.message"))
        await paolo.sends_photo("What does this lamp mean?")
        await paolo.sees(w("stranger.message_kept", number="1001"))
        await house.team["ana"].sees("#service", w("team.sent.photo", name="Paolo"))
        await house.quiet()
        card = house.sandbox.slack.posts("#service")[0]
        assert "What does this lamp mean?" in card.text
        assert [file for post in card.thread for file in post.files]


async def test_an_invitation_that_is_unknown_used_or_too_old_is_refused_in_the_same_words(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        used, late = await house.invitation("C007"), await house.invitation("C003")
        emma = house.sandbox.telegram.person("Emma", language="en")
        await emma.starts(used)
        await emma.sees(w("menu.report"))
        seen = []
        for name, token in (("Una", "no-such-invitation"), ("Duo", used)):
            person = house.sandbox.telegram.person(name, language="en")
            await person.starts(token)
            seen.append((await person.sees(w("refusal.invitation_not_good"))).text)
        await house.moves_clock(73 * 3600)
        third = house.sandbox.telegram.person("Tria", language="en")
        await third.starts(late)
        answer = await third.sees(w("refusal.invitation_not_good"))
        assert {*seen, answer.text} == {answer.text}
        assert answer.labels == [w("menu.home"), w("menu.human")]


async def test_an_invitation_does_not_take_a_customer_over_who_has_another_account(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en", "C007")
        await emma.sees(w("menu.report"))
        thief = house.sandbox.telegram.person("Thief", language="en")
        await thief.starts(await house.invitation("C007"))
        await thief.sees(w("refusal.account_taken"))
        await reports(house, emma)


async def test_a_group_is_answered_once_and_then_left_alone(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        marta = await house.arrives("it")
        await marta.sees(words("it", "menu.report"))
        luigi = house.sandbox.telegram.person("Luigi", language="it")
        family = house.sandbox.telegram.group("Family", [marta, luigi])
        await family.sees(words("it", "group.private_only", company="Ombrelune"))
        await marta.types("The gate is open again, who was it?", at=family)
        await luigi.types("/help", at=family)
        await luigi.sends_photo("look", at=family)
        await family.sees_nothing(0.5)
        family.removes_bot(marta)
        family.adds_bot(luigi)
        await family.sees_nothing(0.5)
        await house.quiet()
        assert await requests_of(house) == []
        assert await notes_of(house) == []
