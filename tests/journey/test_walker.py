"""The walker: presses every button from every place, and does at each of them what people do out of turn."""

import heapq
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import routes
from bot.company_file import reading
from locales.phrasebook import LANGUAGES, say
from locales.text import Text
from sandbox.telegram.person import Person
from scheduling import timers
from tests.house import SAMPLE, open_house
from tests.journey.ground import arrives_in_english
from tests.journey.places import Bubble, Heard, Key, Spot
from tests.journey.readable import faults_in
from tests.journey.walker import World

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
PEOPLE = {"owner": "C003", "tenant": "C013", "stranger": None}
SAMPLE_OF_AREAS = (
    "shades",
    "security",
    "power",
)  # covered by the plan, not covered, excluded
SPEAKS = {"owner": "it", "tenant": "fr", "stranger": "es"}
SAMPLE_SIZE = {"owner": 60, "tenant": 22, "stranger": 14}
SEEN_TO = {"words": "We have seen to it", "again": "We have seen to it"}  # on both pages of a form
OWNERS = ("C007", "C003", "C005", "C001", "C004", "C006", "C008", "C009")
ONLY_STRANGERS = {"stranger.share", "stranger.message", "stranger.back", "language.ask"}
# What the sample's owner has costs nothing, and here nobody pays (see test_statement.py and test_settling_money.py).
WITH_A_PRICE = {"more.agree", "more.decline", "pay.agree"}
# What comes on the day of a visit, or when somebody else calls off: a walk of this length seldom gets there.
ON_THE_DAY = {  # see test_visits.py and test_calendar.py
    *("soon.ready", "soon.tell", "soon.nothing", "freed.take", "freed.decline"),
    *("time.agree", "time.others", "time.take"),
}
FROM_THE_TEAM = {"question.answer", "offered.decline"}  # what somebody of the team put to him: see test_deeds.py
# What comes weeks or months later, or after words that a walk does not type: it has journeys of its own.
IN_MONTHS = {
    *("solve.reading", "prompt.yes", "prompt.more", "recommend.score", "recommend.words"),
    *("meant.other", "meant.pick", "meant.report", "meant.team", "howto.show", "report.can_wait"),
}
MUST = {  # the buttons that a sample must have pressed
    "owner": set(routes.HOMEOWNER) - ONLY_STRANGERS - WITH_A_PRICE - ON_THE_DAY - FROM_THE_TEAM - IN_MONTHS,
    "tenant": {"contract.show", "report.send", "report.emergency", "solve.leave", "words.new", "request.cancelled"},
    "stranger": {*ONLY_STRANGERS, "human.ask", "menu.home", "request.cancelled"},
}
NOT_REACHED = {  # by a short walk
    *("stranger.message", "soon.tell", "solve.pay", "recommend.words", "solve.which", "meant.which"),
}
COMMANDS = ("/start", "/human", "/cancel", "/help", "/language", "/menu", "/contract", "/plans", "/report")
LEAVES = {"report.drop", "stranger.back", "survey.skip"}  # what may throw away what was being written
OF_ONE = ("request", "note", "start", "technician", "booking")  # which one it is about does not make another button

Deed = Callable[[], Awaitable[Heard]]


@dataclass
class Edge:
    """Something that can be done at a place."""

    name: str
    deed: Deed
    key: Key | None = None
    live: bool = True
    said: str | None = None
    ours: bool = True  # by the homeowner; else by the team or by time


@dataclass
class Walk:
    """What a walk has seen."""

    world: World
    who: str
    most: int
    thorough: bool = False  # everything out of turn at every place; else at each question and state once
    steps: set[str] = field(default_factory=set)
    pressed: set[str] = field(default_factory=set)
    met: set[str] = field(default_factory=set)
    seen: set[object] = field(default_factory=set)
    asides: set[object] = field(default_factory=set)
    visited: list[tuple[str, ...]] = field(default_factory=list)
    faults: dict[str, str] = field(default_factory=dict)  # the fault, and the shortest way to it
    edges: int = 0

    async def goes(self) -> None:
        """Nearest first, but what promises something new before what looks known."""
        waiting = [(0, 0, self.world.spot((), frozenset()))]
        while waiting and len(self.visited) < self.most:
            *_, spot = heapq.heappop(waiting)
            self.visited.append(spot.path)
            self.world.stands(spot)
            for edge in list(self._edges(spot)):
                self.world.stands(spot)
                await self._thrice(spot, edge)
                heard = await edge.deed()
                self.edges += 1
                said = spot.said | {edge.said} if edge.said else spot.said
                said = self._looks(spot, edge, heard, said)
                new = self._novel(heard)
                place = self._place()
                # Another language is another walk.
                if (new or place not in self.seen) and (edge.key is None or edge.key.act != "language.pick"):
                    self.seen.add(place)
                    there = self.world.spot((*spot.path, edge.name), said)
                    heapq.heappush(waiting, (len(there.path) + (0 if new else 100), self.edges, there))

    async def _thrice(self, spot: Spot, edge: Edge) -> None:
        """A finger that trembles: each kind of button once is pressed three times."""
        if edge.key is None or edge.key.act in self.pressed:
            return
        for _ in range(3):
            heard = await edge.deed()
            way = " → ".join((*spot.path, f"{edge.name} again and again"))
            for trouble in self.world.troubles():
                self._fault(f"not handled: {trouble.splitlines()[0][:160]}", way)
            if heard.answered != 1:
                self._fault("a press is not ended", way)
        self.world.desk.failed = 0
        self.world.stands(spot)

    def _novel(self, heard: Heard) -> bool:
        """Whether this place has a question or a button that was not met before."""
        step, *_ = self.world.draft()
        team = {f"team:{key.act}" for bubble in self.world.team.values() for key in bubble.keys}
        met = {f"at {step}", *team, *(key.act for bubble in heard.bubbles for key in bubble.keys)}
        state = self.world.stands_at()
        met |= {f"stands at {state[0]}", f"survey {state[2]}"}
        fresh = met - self.met
        self.met |= met
        return bool(fresh)

    def _place(self) -> object:
        step, _, said = self.world.draft()
        area = said.get("area") if said.get("area") in SAMPLE_OF_AREAS else bool(said.get("area"))
        return (step, area, said.get("help"), bool(said.get("lines")), bool(said.get("files")), self.world.stands_at())

    # What can be done

    def _edges(self, spot: Spot) -> Iterator[Edge]:
        world = self.world
        step, turn, _ = world.draft()
        self.steps.add(step or "")
        for key, bubble in self._keys(spot, turn):
            live = key.turn is None or key.turn == turn
            name = f"[{key.label}]" if live else f"[{key.label} (old)]"
            yield Edge(name, lambda k=key, b=bubble: world.presses(k, b), key, live)  # type: ignore[misc]
        yield from self._others(spot)
        if not self.thorough and (step, world.stands_at()[0]) in self.asides:
            return
        self.asides.add((step, world.stands_at()[0]))
        for command in COMMANDS:
            yield Edge(command, lambda c=command: world.types(c))  # type: ignore[misc]
        yield Edge("/contract [statement]", self._reads_statement)
        number = len(spot.path) * 1000 + self.edges
        yield from self._said(f"the pump hums {number}", f"u{number}")
        for what in ("place", "number", "card"):
            yield Edge(f"shares a {what}", lambda w=what: world.shares(w))  # type: ignore[misc]

    def _said(self, words: str, unique: str) -> Iterator[Edge]:
        world = self.world
        yield Edge(f"“{words}”", lambda: world.types(words), said=words)
        yield Edge(f"/human {words}", lambda: world.types(f"/human {words}"), said=words)
        yield Edge("sends a photo", lambda: world.sends_photo(f"p{unique}"), said=f"p{unique}")
        yield Edge("sends a voice message", lambda: world.sends_voice(f"v{unique}"), said=f"v{unique}")

    def _others(self, spot: Spot) -> Iterator[Edge]:
        """The team at its newest card, and time."""
        world = self.world
        newest: dict[str, tuple[Key, Bubble]] = {}
        for bubble in spot.team:
            for key in bubble.keys:
                newest[key.act] = (key, bubble)
        for act, (key, bubble) in newest.items():
            yield Edge(f"the team: {act}", lambda k=key, b=bubble: self._team(k, b), ours=False)  # type: ignore[misc]
        due = world.database.now(timers.next_due)
        if due is not None:
            yield Edge("time passes", lambda: world.time_passes(due), ours=False)

    async def _team(self, key: Key, bubble: Bubble) -> Heard:
        heard = await self.world.team_presses(key, bubble)
        if heard.form is None:
            return heard
        minutes = "300" if key.act == "team.more" else "20"
        return await self.world.team_fills(f"{heard.form}", {**SEEN_TO, "minutes": minutes})

    async def _reads_statement(self) -> Heard:
        """The contract's card is one of many; what it opens is looked at wherever something was booked."""
        heard = await self.world.types("/contract")
        found = [(key, b) for b in heard.bubbles for key in b.keys if key.act == "statement.show"]
        return await self.world.presses(*found[0]) if found else heard

    def _keys(self, spot: Spot, turn: int) -> Iterator[tuple[Key, Bubble]]:
        """Each kind of button once, the newest of it; every area, the first and last time, one old button."""
        found: dict[object, tuple[Key, Bubble]] = {}
        for bubble in spot.chat:
            for key in bubble.keys:
                live = key.turn is None or key.turn == turn
                args = tuple(
                    pair for pair in key.args if pair[0] not in ("request", "note", "start", "technician", "booking")
                )
                found[(key.act, args, live) if live else "old"] = (key, bubble)
        yield from found.values()

    # What must be true everywhere

    def _looks(self, spot: Spot, edge: Edge, heard: Heard, said: frozenset[str]) -> frozenset[str]:
        world = self.world
        way = " → ".join((*spot.path, edge.name))
        for trouble in world.troubles():
            self._fault(f"not handled: {trouble.splitlines()[0][:160]}", way)
        world.desk.failed = 0
        for language, text, labels in heard.said:
            for fault in faults_in(text, labels, language):
                self._fault(fault, way)
        if edge.key is not None:
            self.pressed.add(edge.key.act)
            self._press(edge, heard, way)
        if edge.ours:
            self._open(heard, way, edge)
        kept = world.kept()
        lost = {words for words in said if words not in kept}
        if lost and not (edge.name == "/cancel" or (edge.key and edge.key.act in LEAVES)):
            self._fault(f"lost by {edge.name if edge.said is None else 'saying it'}: {sorted(lost)[0][:1]}…", way)
        return said - lost

    def _press(self, edge: Edge, heard: Heard, way: str) -> None:
        if heard.answered != 1:
            self._fault(f"a press is ended {heard.answered} times", way)
        old = say(Text("press.old"), self.world.language)
        assert edge.key is not None
        if edge.live and edge.key.act != "language.pick" and heard.notices:
            self._fault(f"a live button is refused: {heard.notices}", way)
        if not edge.live and heard.notices != [old]:
            self._fault("an old button says nothing of it", way)

    def _open(self, heard: Heard, way: str, edge: Edge) -> None:
        """No dead end: an answer leaves a live button, or the phone's own, or a question that stands and was put."""
        step, turn, _ = self.world.draft()
        live = [k for b in heard.bubbles for k in b.keys if k.turn is None or k.turn == turn]
        if not heard.bubbles:
            self._fault(f"no answer to {edge.name if edge.said is None else 'words'} at {step}", way)
        elif not live and not heard.asks_for:
            self._fault(f"a dead end: {heard.bubbles[-1].text[:80]!r}", way)

    def _fault(self, fault: str, way: str) -> None:
        self.faults.setdefault(fault, way)


async def walk(who: str, language: str, most: int, *, thorough: bool = False) -> Walk:
    """Walk as one of the people; at most so many places."""
    company = reading.read(SAMPLE / "company.toml")
    soon = company.follow_ups.model_copy(update={"first_days": 1})  # so that what we come back with is met, too
    world = World(company.model_copy(update={"follow_ups": soon}), language, MONDAY)
    world.founds()
    if PEOPLE[who]:
        world.links(str(PEOPLE[who]))
    done = Walk(world, who, most, thorough)
    await done.goes()
    await world.database.close()
    return done


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """The sample walks once as each of the people (every message is read in all languages); --full in each language."""
    if "who" in metafunc.fixturenames:
        languages = LANGUAGES if metafunc.config.getoption("--full") else ()
        metafunc.parametrize(
            ("who", "language"), [(who, spoken) for who, own in SPEAKS.items() for spoken in languages or (own,)]
        )


@pytest.mark.slow
async def test_wherever_somebody_stands_there_is_a_way_on_and_nothing_is_lost(
    who: str, language: str, full: bool
) -> None:
    done = await walk(who, language, 250 if full else SAMPLE_SIZE[who], thorough=full)
    print(f"\n{who}, {language}: {len(done.visited)} places, {done.edges} steps")
    assert not done.faults, "\n".join(f"{fault}\n    by {way}" for fault, way in done.faults.items())
    assert MUST[who] <= done.pressed, f"never pressed: {sorted(MUST[who] - done.pressed)}"
    if who == "owner":
        assert {"", *routes.STEPS} - done.steps <= NOT_REACHED


@pytest.mark.slow
async def test_the_longest_ways_are_good_in_telegram_itself(tmp_path: Path, full: bool) -> None:
    """They are gone again through the sandbox, whose judge reads every call."""
    done = await walk("owner", "en", 60 if full else 18)
    ways = sorted((way for way in done.visited if all(map(can_be_gone_again, way))), key=len, reverse=True)
    async with open_house(tmp_path) as house:
        for ref, way in zip(OWNERS, ways if full else ways[:3], strict=False):
            person = await arrives_in_english(house, ref)
            for step in way:
                await house.quiet()
                await goes_on(person, step)
            await house.quiet()
            assert person.news(), f"no answer to {way[-1]}"
        assert house.app is not None
        assert house.app.desk.failed == 0


def can_be_gone_again(step: str) -> bool:
    """A button, a command, words: not what takes several steps, nor what the team or time does."""
    return step[0] in "[“" or (step[0] == "/" and " " not in step)


async def goes_on(person: Person, step: str) -> None:
    """One step of a walk; a time of day is another one here, so the first that is offered is taken."""
    if step[0] != "[":
        await person.types(step.strip("“”"))
        return
    label = step[1:-1].removesuffix(" (old)")
    try:
        press = await person.presses(label)
    except AssertionError:
        press = await person.presses(next(x for x in person.buttons() if ":" in x or "·" in x))
    assert press.answered
