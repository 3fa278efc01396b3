"""Networks that go away, answer too slowly, too late or not at all: everything arrives, in order, and nothing twice."""

import asyncio
import random
from collections.abc import Iterable
from pathlib import Path
from time import monotonic
from typing import Any

import pytest
from sqlalchemy import select

from bot import routes
from bot.outbox import outbox
from handlers.conversation import Talk
from handlers.messages import Outgoing
from sandbox.faults import Fault
from sandbox.slack import Post
from sandbox.telegram.person import Person
from tests.house import House, open_house, words
from tests.proofs.outside import Outside, patient, twice_on_slack, twice_on_telegram
from tests.proofs.report import Report

SEED = 20260108
HOUR = 3600.0
PATIENCE = 30.0


def w(key: str, count: int | None = None, **values: Any) -> str:
    return words("en", key, count, **values)


async def with_a_request(house: House) -> tuple[Person, Post]:
    """A homeowner whose request Ana has taken."""
    patient(house)
    marta, ana = await house.arrives("en"), house.team["ana"]
    await marta.sees(w("menu.report"), timeout=PATIENCE)
    await marta.presses(w("menu.report"))
    await marta.sees(w("report.area.ask"), timeout=PATIENCE)
    await marta.presses(w("area.shades"))
    await marta.types("The shades do not move")
    await marta.sees("The shades do not move", timeout=PATIENCE)
    await marta.presses(w("report.send"))
    await marta.sees(w("solve.way.ask"), timeout=PATIENCE)
    await marta.presses(w("solve.leave"))
    card = await ana.sees("#service", "The shades do not move", timeout=PATIENCE, anywhere=True)
    await ana.presses("Take it", card)
    await house.quiet(PATIENCE)
    return marta, card


async def replies(house: House, card: Post, text: str) -> None:
    """Ana answers by the form."""
    ana = house.team["ana"]
    await ana.presses("Reply", card)
    await ana.sees_modal("1001", timeout=PATIENCE)
    assert await ana.fills({w("reply.words"): text}) == {}
    assert await ana.submits() == {}


async def until(house: House, look: Any, what: str) -> None:
    assert await house.sandbox.changed.until(lambda: look() or None, PATIENCE), what


def in_order(texts: Iterable[str], said: list[str]) -> list[str]:
    """Which of the things said are in the texts, in the order they are there."""
    return [part for text in texts for part in said if part in text]


async def test_telegram_is_away_for_an_hour(tmp_path: Path, report: Report) -> None:
    said = [f"answer {n}" for n in range(6)]
    own = [f"word {n}" for n in range(6)]
    async with open_house(tmp_path) as house:
        marta, card = await with_a_request(house)
        house.sandbox.faults.away("telegram")
        for text in said:
            await replies(house, card, text)
        for text in own:
            await marta.types(text)
        await asyncio.sleep(6)  # more than eight tries
        assert house.app is not None
        house.clock_says(HOUR)
        await asyncio.sleep(1)
        assert not in_order((b.text for b in marta.chat if b.from_bot), said)
        assert house.app.health().telegram is False
        house.sandbox.faults.clear()
        await marta.sees(said[-1], timeout=PATIENCE, anywhere=True)
        await until(house, lambda: any(own[-1] in post.text for post in card.thread), "her words never came")
        await house.quiet(PATIENCE)
        there = in_order((b.text for b in marta.chat if b.from_bot), said)
        thread = in_order((post.text for post in card.thread), own)
        await until(house, lambda: house.app is not None and house.app.health().telegram, "it stays away")
        copies = len(twice_on_telegram(house)), len(twice_on_slack(house))
    assert there == said
    assert thread == own
    assert copies == (0, 0)
    report.row(bad_day="Telegram away for an hour", messages=12, lost=0, twice=0, in_order="yes")


async def test_slack_is_away_for_an_hour(tmp_path: Path, report: Report) -> None:
    own = [f"word {n}" for n in range(6)]
    async with open_house(tmp_path) as house:
        marta, card = await with_a_request(house)
        house.sandbox.faults.away("slack")
        await house.sandbox.slack.drop_socket()
        for text in own:
            await marta.types(text)
            await marta.sees(w("words.new"), timeout=PATIENCE)
        await asyncio.sleep(3)
        assert house.app is not None
        house.clock_says(HOUR)
        await asyncio.sleep(1)
        assert house.app.health().slack is False
        house.sandbox.faults.clear()
        await until(house, lambda: any(own[-1] in post.text for post in card.thread), "her words never came")
        await house.sandbox.slack.until_connected(PATIENCE)
        await replies(house, card, "here we are again")
        await marta.sees("here we are again", timeout=PATIENCE)
        await house.quiet(PATIENCE)
        thread = in_order((post.text for post in card.thread), own)
        assert twice_on_slack(house) == []
    assert thread == own
    report.row(bad_day="Slack away for an hour", messages=6, lost=0, twice=0, in_order="yes")


async def test_a_limit_for_one_person_delays_nobody_else_and_a_press_is_answered_at_once(
    tmp_path: Path, report: Report
) -> None:
    async with open_house(tmp_path) as house:
        patient(house)
        marta, luigi = await house.arrives("en"), await house.arrives("it")
        await marta.sees(w("menu.report"), timeout=PATIENCE)
        await luigi.sees(words("it", "menu.report"), timeout=PATIENCE)
        await house.quiet(PATIENCE)
        limit = Fault("status", "telegram", "sendMessage", str(marta.id), status=429, retry_after=4, times=1)
        house.sandbox.faults.add(limit)
        began = monotonic()
        await marta.presses(w("menu.contract"))
        answered = monotonic() - began
        await until(house, lambda: limit.hits, "the limit never hit")
        began = monotonic()
        await luigi.types("/help")
        await luigi.sees(words("it", "help.title"), timeout=PATIENCE)
        other = monotonic() - began
        assert (await marta.presses(w("menu.report"))).answered
        assert not any(w("report.area.ask") in bubble.text for bubble in marta.chat)
        await marta.sees(w("report.area.ask"), timeout=PATIENCE, anywhere=True)
        await house.quiet(PATIENCE)
        assert twice_on_telegram(house) == []
    assert answered < 2
    assert other < 2
    report.row(limit="429 for one chat, 4 s", others_wait="less than 2 s", press_answered="less than 2 s")


async def test_somebody_who_blocked_us_is_told_of_once(tmp_path: Path, report: Report) -> None:
    async with open_house(tmp_path) as house:
        marta, card = await with_a_request(house)
        others = {post.ts for post in house.sandbox.slack.posts("#service")}
        await marta.blocks()
        await house.quiet(PATIENCE)
        for number in range(3):
            await replies(house, card, f"are you there {number}")
            await house.quiet(PATIENCE)
        told = [post for post in house.sandbox.slack.posts("#service") if post.ts not in others]
        blocked = w("team.blocked", name="", phone="").split(".")[0].strip()
        facts = sum(blocked in post.text for post in told)
        luigi = await house.arrives("it")
        await luigi.sees(words("it", "menu.report"), timeout=PATIENCE)
    assert facts == 1, [post.text for post in told]
    report.row(blocked="three answers to somebody who blocked us", team_told=facts)


UNKNOWN = [(kind, network) for kind in ("reset_after", "status_after", "status") for network in ("telegram", "slack")]


@pytest.mark.parametrize(("kind", "network"), UNKNOWN)
async def test_an_answer_that_is_lost_loses_nothing(tmp_path: Path, kind: Any, network: Any, report: Report) -> None:
    said, own = [f"answer {n}" for n in range(5)], [f"word {n}" for n in range(5)]
    method = "sendMessage" if network == "telegram" else "chat.postMessage"
    async with open_house(tmp_path) as house:
        marta, card = await with_a_request(house)
        dice = random.Random(SEED)
        faults = []
        for text, word in zip(said, own, strict=True):
            if dice.random() < 0.7:
                fault = Fault(kind, network, method, status=dice.choice((500, 502, 504)), times=1)
                faults.append(house.sandbox.faults.add(fault))
            await replies(house, card, text)
            await marta.types(word)
            await until(house, lambda word=word: any(word in post.text for post in card.thread), "not in the thread")
        await house.quiet(PATIENCE)
        unknown = sum(fault.hits for fault in faults)
        there = in_order((b.text for b in marta.chat if b.from_bot), said)
        thread = in_order((post.text for post in card.thread), own)
        copies = twice_on_telegram(house)
        assert twice_on_slack(house) == []
    assert unknown
    assert list(dict.fromkeys(there)) == said
    assert thread == own
    assert len(copies) <= (unknown if network == "telegram" and kind != "status" else 0)
    report.row(fault=kind, network=network, answers_lost=unknown, lost=0, twice=len(copies))


async def test_a_dead_letter_is_told_and_comes_back_by_button_and_by_command(tmp_path: Path, report: Report) -> None:
    async with open_house(tmp_path) as house:
        marta, card = await with_a_request(house)
        lena = house.team["lena"]
        for number, way in enumerate(("button", "command")):
            refusal = Fault("status", "telegram", "sendMessage", str(marta.id), status=400, error="Bad Request: no")
            house.sandbox.faults.add(refusal)
            text = f"this is refused {number}"
            await replies(house, card, text)
            dead = await lena.sees("#trouble", words("en", "trouble.outbound.body"), timeout=PATIENCE)
            assert not any(text in bubble.text for bubble in marta.chat)
            marta.looks_away()
            if way == "button":
                await lena.presses(w("trouble.retry"), dead)
            else:
                out = Outside(house, tmp_path / "log")
                code, told = await out.says("retry", "--json")
                assert (code, told.strip()) == (0, '{"inbound": 0, "messages": 1}')
            await marta.sees(text, timeout=PATIENCE)
            await house.quiet(PATIENCE)
        states = await house.in_database(lambda s: set(s.scalars(select(outbox.c.state))))
        assert twice_on_telegram(house) == []
    assert states <= {"sent", "replaced"}
    report.row(dead_letters=2, told_to_the_team=2, brought_back=2)


async def test_words_that_cannot_be_said_hold_nobody_up(
    tmp_path: Path, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_house(tmp_path) as house:
        marta, card = await with_a_request(house)
        assert house.app is not None
        carrier = house.app.slack
        carry = carrier.send

        async def send(letter: Any) -> Any:
            if "poison" in str(letter.payload):
                raise KeyError("no such phrase")
            return await carry(letter)

        monkeypatch.setattr(carrier, "send", send)
        await marta.types("poison")
        await marta.types("and good words")
        await until(house, lambda: any("and good words" in post.text for post in card.thread), "held up")
        await house.team["ana"].sees("#trouble", words("en", "trouble.outbound.body"), timeout=PATIENCE, anywhere=True)
    report.row(poison="a message of ours that cannot be rendered", dead=1, others_delayed=0)


async def test_poison_is_told_with_a_number_and_harms_no_other_conversation(
    tmp_path: Path, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    def boom(talk: Talk) -> Iterable[Outgoing]:
        raise RuntimeError("poison")

    async with open_house(tmp_path) as house:
        patient(house)
        marta, luigi = await house.arrives("en"), await house.arrives("it")
        await marta.sees(w("menu.report"), timeout=PATIENCE)
        await luigi.sees(words("it", "menu.report"), timeout=PATIENCE)
        contract = routes.COMMANDS["contract"]
        monkeypatch.setitem(routes.COMMANDS, "contract", boom)
        marta.looks_away()
        await marta.types("/contract")
        await marta.types("/help")
        await luigi.types("/help")
        await luigi.sees(words("it", "help.title"), timeout=PATIENCE)
        lena = house.team["lena"]
        told = await lena.sees("#trouble", w("trouble.inbound.body"), timeout=PATIENCE, anywhere=True)
        apology = await marta.sees(w("fault.ours", number="").split("(")[0].strip(), timeout=PATIENCE)
        number = told.text.split(w("trouble.inbound.title", number=""))[1].split()[0]
        assert f"{number})" in apology.text
        await marta.sees(w("help.title"), timeout=PATIENCE)
        monkeypatch.setitem(routes.COMMANDS, "contract", contract)
        marta.looks_away()
        await lena.presses(w("trouble.retry"), told)
        await marta.sees(w("contract.covers"), timeout=PATIENCE)
        await house.quiet(PATIENCE)
        assert house.app is not None
        failed = house.app.desk.failed
    assert failed == 3
    report.row(poison="an inbound whose handler raises", tries=failed, told="the person and the team", brought_back=1)


ASKED = ("/help", "/language", "/start", "/contract", "/help", "/start")


async def test_fifty_people_write_at_once_and_each_is_answered_in_order(
    tmp_path: Path, database_url: str, full: bool, report: Report
) -> None:
    dice = random.Random(SEED)
    many = 50
    asked = ASKED if full else ASKED[:3]
    async with open_house(tmp_path, database_url) as house:
        people = [house.sandbox.telegram.person(f"P{n}") for n in range(many)]
        slow = people[0]
        house.sandbox.faults.add(Fault("slow", "telegram", "sendMessage", str(slow.id), seconds=4, times=1))
        for person in people:
            await person.starts()

        async def writes(person: Person) -> None:
            for text in asked:
                await person.types(text)
                await asyncio.sleep(dice.random() / 50)

        await asyncio.gather(*(writes(person) for person in people))
        await until(house, lambda: all(len(answers(p)) > len(asked) for p in people[1:]), "not all were answered")
        await house.quiet(PATIENCE)
        calls = [c for c in house.sandbox.recording.of("telegram", "sendMessage") if c.direction == "in"]
        order = {p.id: [c.fields["text"][:40] for c in calls if c.fields["chat_id"] == p.id] for p in people}
        assert len({tuple(texts) for texts in order.values()}) == 1, "somebody was answered in another order"
        assert twice_on_telegram(house) == []
    report.row(people=many, messages_each=len(asked) + 1, database=database_url.split(":")[0], in_order="all")


def answers(person: Person) -> list[str]:
    return [bubble.text for bubble in person.chat if bubble.from_bot]
