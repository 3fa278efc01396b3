"""A teammate's own promise: pinned, warned of, asked for, kept or not; the homeowner reads what is meant for him."""

import asyncio
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.commitments import Commitment, Outcome
from sandbox.slack.person import Person as Mate
from sandbox.slack.seen import Modal, Post
from sandbox.telegram.person import Person
from tests.house import House, open_house, words
from tests.journey.ground import answers, is_done, reports, requests_of, w
from tests.journey.test_deeds import PARIS, direct, does, said
from tests.journey.test_home import below, comes_home

CALL = "I shall call her tomorrow at 11"
FORM = ("commitment.words", "commitment.day", "commitment.hour", "commitment.who", "commitment.tell")
WORDS, DAY, HOUR, WHO, TELL = (w(key) for key in FORM)
TOLD = {TELL: w("commitment.tell.yes")}
YES, NO, LATER = w("commitment.yes"), w("commitment.no"), w("commitment.later")


async def begins(house: House, language: str = "en", say: Any = w) -> tuple[Person, Post, Mate]:
    """It is nine; somebody has reported something, and Ana has it."""
    await at(house, 1, 9)
    person = await house.arrives(language)
    card = await reports(house, person, say=say)
    ana = house.team["ana"]
    await ana.presses("Take it", card)
    await house.quiet()
    return person, card, ana


async def at(house: House, days: int, hour: int, minute: int = 0) -> None:
    """So many days later, at that hour in Paris."""
    assert house.app is not None
    now = house.app.clock.now().astimezone(PARIS)
    then = (now + timedelta(days=days)).replace(hour=hour, minute=minute, second=5, microsecond=0)
    await house.moves_clock((then - now).total_seconds())


async def pins(
    house: House, mate: Mate, card: Post, sentence: str = CALL, by: Mate | None = None, **filled: Any
) -> Modal:
    """He writes a sentence in the thread, and he or somebody else pins it: it is his to keep."""
    who = by or mate
    post = await mate.writes_in_thread(card, sentence)
    await house.quiet()
    assert await who.message_shortcut("pin_promise", post)
    modal = await who.sees_modal()
    assert (modal.values[WORDS], modal.values[WHO]) == (sentence, mate.name)
    assert await who.fills(filled) == {}
    await house.quiet()
    return modal


async def commitments_of(house: House) -> list[Commitment]:
    """Everything that was pinned, oldest first."""

    def unit(session: Session) -> list[Commitment]:
        return list(session.scalars(select(Commitment).order_by(Commitment.id)))

    found: list[Commitment] = await house.in_database(unit)
    return found


def in_thread(card: Post, name: str = "Ana Ruiz") -> Post:
    """The promise as it stands in the thread."""
    return next(post for post in card.thread if w("commitment.pinned", name=name) in post.text)


def reads(person: Person, fragment: str) -> list[str]:
    return [bubble.text for bubble in person.chat if fragment in bubble.text]


async def test_a_sentence_is_pinned_warned_of_asked_for_and_kept_and_the_customer_knows_nothing(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card, ana = await begins(house)
        post = await ana.writes_in_thread(card, CALL)
        await house.quiet()
        assert await ana.message_shortcut("pin_promise", post)
        modal = await ana.sees_modal()
        assert (modal.values[WORDS], modal.values[HOUR]) == (CALL, "11:00")
        assert modal.values[WHO] == "Ana Ruiz"
        assert modal.values[TELL] == w("commitment.tell.no")
        assert await ana.submits() == {}
        await house.quiet()
        assert w("commitment.by", name="Ana Ruiz") in card.text
        assert CALL in card.text
        assert w("commitment.knows_not") in in_thread(card).text
        await at(house, 1, 9, 58)
        assert not direct(ana, w("commitment.soon"))
        await at(house, 0, 10, 1)
        assert len(direct(ana, w("commitment.soon"))) == 1
        await at(house, 0, 11, 1)
        (asked,) = direct(ana, w("commitment.ask"))
        assert w("clock.over", at="").strip() in card.text
        assert w("commitment.withdraw") not in in_thread(card).buttons
        await ana.presses(YES, asked)
        await house.quiet()
        assert w("outcome.kept") in in_thread(card).text
        assert CALL not in card.text
        await at(house, 2, 12)
        assert len(direct(ana, w("commitment.ask"))) == 1
        assert len(direct(ana, w("commitment.soon"))) == 1
        assert not reads(emma, "call her"), "it was said among us"


async def test_nothing_is_pinned_but_what_a_teammate_wrote_in_a_thread_and_nothing_twice(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card, ana = await begins(house)
        await pins(house, ana, card)
        tom = house.team["tom"]
        await tom.message_shortcut("pin_promise", next(post for post in card.thread if post.text == CALL))
        await tom.sees("#service", w("refusal.pinned_already"))
        await emma.types("I am at home tomorrow at 11")
        hers = await tom.sees("#service", "I am at home", anywhere=True)
        await tom.message_shortcut("pin_promise", hers)
        await tom.sees("#service", w("refusal.nothing_to_pin"))
        await tom.message_shortcut("pin_promise", card)
        await tom.message_shortcut("pin_promise", await ana.writes("#service", "Lunch at 12"))
        await house.quiet()
        assert len([p for p in tom.posts() if w("refusal.nothing_to_pin") in p.text]) == 3
        assert len(await commitments_of(house)) == 1


@pytest.mark.parametrize("language", ["en", "fr", "es", "it"])
async def test_the_customer_reads_in_his_language_what_is_promised_to_him_and_the_new_time(
    tmp_path: Path, language: str
) -> None:
    def say(key: str, count: int | None = None, **values: Any) -> str:
        return words(language, key, count, **values)

    async with open_house(tmp_path) as house:
        person, card, ana = await begins(house, language, say)
        await answers(house, card, "Sie hören morgen um 15:20 von mir")
        copy = next(post for post in card.thread if "Sie hören" in post.text)
        assert await ana.message_shortcut("pin_promise", copy)
        modal = await ana.sees_modal()
        assert (modal.values[HOUR], modal.values[TELL]) == ("15:20", w("commitment.tell.yes")), "he has these words"
        assert await ana.submits() == {}
        preview = await ana.sees_modal()
        told = say("commitment.told", name="Ana Ruiz", at="|").split("|")[0]
        assert told in preview.text, "as he will read it"
        assert not reads(person, told)
        assert await ana.fills({w("reply.again"): "Ich rufe Sie an"}) == {}
        await house.quiet()
        (read,) = reads(person, told)
        assert "Ich rufe Sie an" in read
        assert ("14:20" if language == "es" else "15:20") in read, "in Las Palmas it is an hour earlier"
        (own,) = reads(person, say("commitment.ours"))
        assert "Ich rufe Sie an" in own
        assert w("commitment.knows") in in_thread(card).text
        await ana.presses(LATER, in_thread(card))
        await ana.sees_modal(w("commitment_later.told"))
        assert await ana.fills({HOUR: "17:40"}) == {}
        await house.quiet()
        (sorry,) = reads(person, say("commitment.moved.told", was="|", at="|").split("|")[0])
        moved = "16:40" if language == "es" else "17:40"
        assert moved in sorry
        (own,) = reads(person, say("commitment.ours"))
        assert moved in own


async def test_who_stopped_the_bot_meanwhile_is_called_about_the_new_time(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card, ana = await begins(house)
        await answers(house, card, CALL)
        assert await ana.message_shortcut("pin_promise", next(post for post in card.thread if CALL in post.text))
        await ana.sees_modal()
        assert await ana.submits() == {}
        await ana.sees_modal()
        assert await ana.submits() == {}
        await house.quiet()
        await emma.blocks()
        await house.quiet()
        await ana.presses(LATER, in_thread(card))
        await ana.sees_modal(w("commitment_later.told"))
        assert await ana.fills({HOUR: "17:40"}) == {}
        await house.quiet()
        (call,) = [post for post in card.thread if w("phone.say") in post.text]
        assert "17:40" in call.text
        assert CALL in call.text


async def test_not_kept_an_apology_in_his_language_stands_in_the_reply(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        marta, card, ana = await begins(house, "it", lambda key, count=None, **v: words("it", key, count, **v))
        await pins(house, ana, card, **TOLD)
        await ana.sees_modal(w("reply.again"))
        assert await ana.submits() == {}
        await at(house, 1, 11, 1)
        (asked,) = direct(ana, w("commitment.ask"))
        assert not reads(marta, words("it", "commitment.ours")), "of what is late a person speaks"
        await ana.presses(NO, asked)
        modal = await ana.sees_modal()
        begun = modal.values[w("reply.words")]
        assert words("it", "commitment.sorry", at="|").split("|")[0] in begun
        assert "11:00" in begun
        assert await ana.fills({w("reply.words"): f"{begun} La chiamo adesso."}) == {}
        assert await ana.submits() == {}
        await house.quiet()
        await marta.sees("La chiamo adesso.", anywhere=True)
        assert w("outcome.broken") in in_thread(card).text
        assert w("team.reply") in in_thread(card).buttons


async def test_moved_when_it_was_over_it_is_asked_for_again_and_not_counted_as_kept(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card, ana = await begins(house)
        await pins(house, ana, card)
        await at(house, 1, 11, 1)
        (asked,) = direct(ana, w("commitment.ask"))
        await ana.presses(LATER, asked)
        await ana.sees_modal(w("commitment_later.untold"))
        past = {DAY: date(2020, 1, 1)}
        assert await ana.fills(past) == {DAY: w("refusal.over_already")}
        assert await ana.fills({DAY: today(house), HOUR: "16:00"}) == {}
        await house.quiet()
        await at(house, 0, 15, 1)
        assert len(direct(ana, w("commitment.soon"))) == 2
        await at(house, 0, 16, 1)
        assert len(direct(ana, w("commitment.ask"))) == 2
        await ana.presses(YES, in_thread(card))
        await house.quiet()
        marc = house.team["marc"]
        await marc.commands("/satisfaction", channel="#service")
        report = await marc.sees("#service", w("summary.promises"), anywhere=True)
        assert w("summary.promises.of", kept=0, due=1) in report.text
        assert not reads(emma, "call her")


def today(house: House) -> date:
    assert house.app is not None
    now: datetime = house.app.clock.now()
    return now.astimezone(PARIS).date()


async def test_without_an_answer_it_is_asked_once_more_then_the_dispatchers_and_nobody_after(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        _, card, ana = await begins(house)
        lena = house.team["lena"]
        await pins(house, ana, card)
        await at(house, 1, 11, 1)
        await at(house, 0, 12, 2)
        assert len(direct(ana, w("commitment.ask"))) == 2
        assert not direct(lena, CALL)
        await at(house, 0, 13, 3)
        (told,) = direct(lena, w("commitment.ask_others", name="Ana Ruiz"))
        await at(house, 2, 9)
        assert len(direct(ana, CALL)) == 3  # one warning, two questions
        assert len(direct(lena, CALL)) == 1
        await lena.presses(YES, told)
        await house.quiet()
        assert "Lena" in in_thread(card).text


async def test_two_answer_at_once_one_counts_and_the_other_is_told_who(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        _, card, ana = await begins(house)
        tom = house.team["tom"]
        await pins(house, ana, card, by=tom)
        post = in_thread(card)
        yes, withdraw = (
            next(e for e in post.elements if e.label == label) for label in (YES, w("commitment.withdraw"))
        )
        await asyncio.gather(ana.uses(yes, None, post), tom.uses(withdraw, None, post))
        await house.quiet()
        (one,) = await commitments_of(house)
        winner, loser = (ana, tom) if one.settled_by == "ana" else (tom, ana)
        outcome = w("outcome.kept") if winner is ana else w("outcome.withdrawn")
        await loser.sees("#service", w("refusal.answered_already", name=winner.name, outcome=outcome), anywhere=True)
        assert not [p for p in winner.posts() if w("refusal.answered_already", name="", outcome="|")[:5] == p.text[:5]]


async def test_solved_before_it_is_kept_and_open_again_when_she_says_it_is_not_solved(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card, ana = await begins(house)
        await pins(house, ana, card, **TOLD)
        assert await ana.submits() == {}
        await house.quiet()
        await is_done(house, card)
        assert w("outcome.kept") in in_thread(card).text
        assert [one.outcome for one in await commitments_of(house)] == [Outcome.KEPT]
        await emma.presses(w("solved.no"))
        await house.quiet()
        assert [one.outcome for one in await commitments_of(house)] == [Outcome.OPEN]
        assert YES in in_thread(card).buttons
        assert CALL in card.text
        await at(house, 1, 11, 1)
        assert len(direct(ana, w("commitment.ask"))) == 1


async def test_called_off_nobody_is_asked(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card, ana = await begins(house)
        await pins(house, ana, card)
        await emma.presses(w("request.cancel"))
        await emma.sees(w("request.cancel.ask"))
        await emma.presses(w("request.cancel.yes"))
        await emma.sees(w("request.cancelled", about="1001 · Shades"))
        await house.quiet()
        assert w("outcome.withdrawn") in in_thread(card).text
        await at(house, 1, 11, 1)
        assert not direct(ana, CALL)


async def test_merged_it_holds_in_the_other_request(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card, ana = await begins(house)
        await pins(house, ana, card)
        other = await reports(house, emma, "The kitchen blind too")
        second = (await requests_of(house))[1]
        await does(house, ana, card, "desk.merge", {w("merge.number"): second.number})
        assert CALL in other.text
        assert said(other, CALL)
        await at(house, 1, 11, 1)
        assert len(direct(ana, w("commitment.ask"))) == 1


async def test_from_the_menu_for_a_colleague_who_finds_it_in_his_home(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        _, card, ana = await begins(house)
        tom, marc = house.team["tom"], house.team["marc"]
        await ana.selects(w("slack.menu"), w("desk.commitment"), card)
        await ana.sees_modal()
        wanted = {WORDS: "Tom brings the spare remote", WHO: tom.name}
        assert await ana.fills({**wanted, WORDS: "  "}) == {WORDS: w("form.words_missing")}
        assert await ana.fills(wanted) == {}
        await house.quiet()
        (told,) = direct(tom, w("commitment.yours", name="Ana Ruiz"))
        assert "spare remote" in told.text
        home = await comes_home(house, tom, w("home.promised"))
        assert "spare remote" in below(home, w("home.promised"))
        home = await comes_home(house, marc, w("home.title.mine", day="|").split("|")[0])
        await marc.presses(w("home.team"), home)
        home = await marc.sees_home(w("summary.promises.open"))
        kept = below(home, w("summary.promises.title", 30))
        assert w("summary.promises.none") in kept
        assert "Tom" not in kept, "of the team, not of one person"
        home = await comes_home(house, tom, "spare remote")
        await tom.presses(YES, home)
        await house.quiet()
        assert (await commitments_of(house))[0].outcome is Outcome.KEPT


async def test_told_and_withdrawn_she_reads_that_it_does_not_hold(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma, card, ana = await begins(house)
        await pins(house, ana, card, **TOLD)
        assert await ana.submits() == {}
        await house.quiet()
        await ana.presses(w("commitment.withdraw"), in_thread(card))
        await emma.sees(w("commitment.withdrawn.told"))
        await house.quiet()
        assert not reads(emma, w("commitment.ours"))
        await at(house, 1, 11, 1)
        assert not direct(ana, CALL)
