"""Steps that people take at random: a team in Slack, homeowners in Telegram, networks with bad days."""

import asyncio
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from domain.notes import Note, Sending
from sandbox.faults import Fault
from sandbox.slack.person import Person as Teammate
from sandbox.telegram.person import Person
from tests.house import SAMPLE, House, words
from tests.journey.test_relay import PNG
from tests.proofs.relay_book import LOST, Book, Room, Said, label

SEND = "outbox_tray"
MOMENT = 60  # seconds in which something can be taken back
SPEAK = {"C007": "en", "C003": "fr", "C001": "it"}
NAMES = ("English", "Français", "Español", "Italiano")
STATES = {
    Sending.NOT: "internal",
    Sending.WAITING: "waiting",
    Sending.SENT: "sent",
    Sending.DELIVERED: "sent",
    Sending.FAILED: "failed",
    Sending.UNDONE: "undone",
    Sending.WITHDRAWN: "withdrawn",
}
Step = Callable[[], Awaitable[Any]]


def unhurried(folder: Path) -> str:
    """The sample company's file, where what is sent can be taken back for a minute."""
    file = folder / "unhurried.toml"
    text = (SAMPLE / "company.toml").read_text().replace("undo_seconds = 5", f"undo_seconds = {MOMENT}")
    file.write_text(text)
    return str(file)


@dataclass
class Walk:
    """One house, and everybody in it."""

    house: House
    dice: random.Random
    files: tuple[str, str]  # the company that gives a moment, and the one that gives none
    book: Book = field(init=False)
    rooms: list[Room] = field(default_factory=list)
    team: list[Teammate] = field(default_factory=list)
    late: list[tuple[Said, dict[str, Any]]] = field(default_factory=list)  # events that are still under way
    often: dict[str, int] = field(default_factory=dict)  # how often a step is taken, where it is not the usual
    numbers: int = 0
    taken: int = 0
    at_once: bool = False

    async def begins(self) -> None:
        """Three homeowners who report two things each; three of the team, and somebody who is in the channel only."""
        self.house.sandbox.delays.acknowledge = 5.0  # what a stopped program has not taken comes again
        slack = self.house.sandbox.slack
        self.team = [self.house.team[key] for key in ("ana", "tom", "paolo")]
        self.guest = slack.user("Zed Guest", id="U0ZED")
        await self.guest.joins("#service")
        self.book = Book(self.house, {one.id for one in self.team}, slack.space.bot.id)
        for ref, language in SPEAK.items():

            def w(key: str, count: int | None = None, *, language: str = language, **values: Any) -> str:
                return words(language, key, count, **values)

            person = await self.house.arrives(language, ref)
            for area in ("shades", "lighting"):
                self.rooms.append(await self.reports(person, area, w))

    async def reports(self, person: Person, area: str, w: Any) -> Room:
        story = self.his_words(person)
        await person.sees(w("menu.report"), anywhere=True)
        await person.presses(w("menu.report"))
        await person.sees(w("report.area.ask"))
        await person.presses(w(f"area.{area}"))
        await person.sees(w(f"area.{area}"))
        await person.types(story)
        await person.sees(w("report.send"))
        await person.presses(w("report.send"))
        await person.sees(w("solve.leave"))
        await person.presses(w("solve.leave"))
        await self.settles()
        return Room(person, await self.team[0].sees("#service", story, anywhere=True))

    def his_words(self, person: Person) -> str:
        self.numbers += 1
        self.book.his[f"hm{self.numbers}e"] = str(person.id)
        return f"Something is wrong hm{self.numbers}e"

    # going on

    async def goes(self, steps: int) -> None:
        """So many steps; after each, all that must be true is looked at."""
        for _ in range(steps):
            if any(self.now - one.since > MOMENT / 3 for one in self.book.of("waiting")):
                await self.a_moment_passes()  # before it passes by itself
            often = [self.often.get(s.__name__, n) for s, n in self.steps]
            step = self.dice.choices([s for s, _ in self.steps], often)[0]
            self.taken += 1
            self.book.found[step.__name__] += 1
            try:
                await step()
                await self.settles()
                self.book.check()
            except BaseException as wrong:
                wrong.add_note(f"step {self.taken}: {step.__name__}")
                raise

    @property
    def steps(self) -> list[tuple[Step, int]]:
        return [
            (self.writes, 14), (self.shows, 4), (self.writes_elsewhere, 1), (self.is_heard_late, 3),
            (self.puts_the_reaction, 16), (self.takes_it_off, 6), (self.puts_another_reaction, 2),
            (self.uses_the_shortcut, 7), (self.answers_by_form, 7), (self.takes_back_by_button, 5),
            (self.changes_it, 14), (self.deletes_it, 4), (self.corrects_the_copy, 5), (self.withdraws_it, 4),
            (self.a_moment_passes, 8), (self.a_day_passes, 1), (self.at_the_same_moment, 8), (self.many_at_once, 12),
            (self.homeowner_writes, 4), (self.homeowner_blocks_or_comes_back, 5), (self.homeowner_changes_language, 2),
            (self.hands_back, 2), (self.telegram_has_a_bad_day, 7), (self.slack_has_a_bad_day, 3),
            (self.is_told_again, 4), (self.late_news_come, 3), (self.starts_again, 1),
            (self.does_it_and_starts_again, 1), (self.points_at_what_is_not_his, 2),
        ]  # fmt: skip

    @property
    def now(self) -> float:
        return self.house.sandbox.clock.now().timestamp()

    async def moves(self, seconds: float) -> None:
        """Time passes."""
        await self.house.moves_clock(seconds)

    async def quiet(self) -> None:
        await self.house.quiet(40)

    async def settles(self) -> None:
        """Until everybody has heard of everything."""
        await self.house.sandbox.slack.idle(20)
        assert await self.house.sandbox.changed.until(
            lambda: all(i.delivered for i in self.house.sandbox.telegram.state.updates.pending) or None, 20
        )
        await self.quiet()

    def anybody(self) -> Teammate:
        return self.dice.choice(self.team)

    def room(self) -> Room:
        return self.dice.choice(self.rooms)

    def one(self, *states: str, **how: bool) -> Said | None:
        """One text in such a state, the newer ones rather."""
        found = self.book.of(*states, **how)[-12:]
        return self.dice.choice(found) if found else None

    def added(self, room: Room | None, by: Teammate, **more: Any) -> Said:
        self.numbers += 1
        said = Said(self.numbers, room, by, None, **more)
        self.book.said.append(said)
        return said

    def wording(self, said: Said) -> str:
        plain = (f"We look at it {said.token}", f"{said.token} <!here> *maybe*", f"{said.token} & more: {said.token}")
        return self.dice.choice(plain)

    # what the team does

    async def writes(self) -> Said:
        room = self.room()
        said = self.added(room, self.guest if self.dice.random() < 0.1 else self.anybody())
        wide = self.dice.random() < 0.1
        said.post = await said.by.writes_in_thread(room.card, self.wording(said), also_to_channel=wide)
        return said

    async def shows(self) -> None:
        room = self.room()
        said = self.added(room, self.anybody(), file=PNG + str(self.numbers).encode())
        said.post = await said.by.uploads(room.card, f"{said.token}.png", said.file or b"", self.wording(said))

    async def writes_elsewhere(self) -> None:
        said = self.added(None, self.anybody())
        said.post = await said.by.writes("#service", self.wording(said))
        await self.settles()
        await self.anybody().reacts(said.post, SEND)
        await self.anybody().message_shortcut("send_to_customer", said.post)

    async def is_heard_late(self) -> None:
        """Slack's news of it are lost for now."""
        self.house.sandbox.slack.lose_events(1)
        said = await self.writes()
        call = next(c for c in reversed(self.house.sandbox.recording.calls) if c.fault == "lost")
        said.heard = False
        self.late.append((said, call.fields))

    async def late_news_come(self) -> None:
        while self.late:
            said, payload = self.late.pop()
            await self.house.sandbox.slack.inject(payload)
            said.heard = True

    def sendable(self, said: Said) -> bool:
        return said.state not in ("waiting", "sent")

    async def puts_the_reaction(self) -> None:
        said = self.one("internal", "internal", "undone", "failed", "withdrawn", "sent", form=False, gone=False)
        if said is None or said.post is None:
            return
        who = self.guest if self.dice.random() < 0.1 else self.anybody()
        if who.id in said.post.message.reactions.get(SEND, []):
            await who.unreacts(said.post, SEND)
            await self.settles()
        await who.reacts(said.post, SEND)
        known = said.heard and said.by is not self.guest
        if who is not self.guest and known and self.sendable(said):
            self.book.sends(said, at_once=self.at_once, now=self.now)

    async def takes_it_off(self) -> None:
        said = self.one("waiting", form=False, gone=False) or self.one("sent", form=False, gone=False)
        on = said.post.message.reactions.get(SEND, []) if said is not None and said.post is not None else []
        if said is None or said.post is None or not on:
            return
        who = self.dice.choice([p for p in (*self.team, self.guest) if p.id in on])
        await who.unreacts(said.post, SEND)
        if said.state == "waiting" and who is not self.guest:
            said.state = "undone"

    async def puts_another_reaction(self) -> None:
        said, who = self.one("internal", "undone", form=False, gone=False), self.anybody()
        name = self.dice.choice(("eyes", "+1", "inbox_tray", "white_check_mark"))
        if said is not None and said.post is not None and who.id not in said.post.message.reactions.get(name, []):
            await who.reacts(said.post, name)

    async def uses_the_shortcut(self) -> None:
        states = ("internal", "undone", "failed", "withdrawn", "waiting", "sent")
        said = self.one(*states, form=False, gone=False)
        if said is None or said.post is None:
            return
        who = self.guest if self.dice.random() < 0.1 else self.anybody()
        assert await who.message_shortcut("send_to_customer", said.post)
        if who is not self.guest and said.by is not self.guest and self.sendable(said):
            said.heard = True
            self.book.sends(said, at_once=self.at_once, now=self.now)
            await self.settles()
            if said.state == "waiting":
                said.button = await who.sees("#service", label("sent.waiting", seconds=MOMENT))
                said.sees = who

    async def answers_by_form(self) -> None:
        """With a preview: it is sent as it is, corrected there, or left."""
        room, who = self.room(), self.anybody()
        said = self.added(room, who)
        await who.presses(label("team.reply"), room.card)
        await who.sees_modal(label("reply.words"))
        await who.fills({label("reply.words"): self.wording(said)})
        await who.sees_modal(label("reply.again"))
        how = self.dice.choice(("leaves it", "sends it", "sends it", "corrects it"))
        if how == "leaves it":
            await who.closes(whole=True)
            return
        said.version += how == "corrects it"
        corrected = {label("reply.again"): self.wording(said)} if how == "corrects it" else {}
        assert await who.fills(corrected) == {}
        self.book.sends(said, at_once=self.at_once, now=self.now)
        await self.settles()
        said.button = await who.sees("#service", said.token, anywhere=True)

    async def takes_back_by_button(self) -> None:
        said = self.one("waiting", "sent")
        if said is not None and said.button is not None and label("sent.undo") in said.button.buttons:
            await (said.sees or said.by).presses(label("sent.undo"), said.button)
            if said.state == "waiting":
                said.state = "undone"

    async def changes_it(self) -> None:
        said = self.one(*set(STATES.values()), form=False, gone=False)
        if said is not None and said.post is not None:
            said.version += 1
            await said.by.edits(said.post, self.wording(said))
            if said.by is not self.guest:
                said.heard = said.heard or said.file is None
                self.book.changes(said)

    async def deletes_it(self) -> None:
        said = self.one(*set(STATES.values()), form=False, gone=False)
        if said is None or said.post is None or said.room is None:
            return
        before = set(said.room.card.thread)
        await said.by.deletes(said.post)
        said.gone = True
        if said.state == "waiting":
            said.state = "undone"
        await self.settles()
        fresh = [p for p in said.room.card.thread if p not in before and label("sent.withdraw") in p.buttons]
        assert len(fresh) == (said.shown is not None and said.file is None), f"{said}: {fresh}"
        said.button, said.sees = (fresh[0] if fresh else None), None

    async def corrects_the_copy(self) -> None:
        said = self.one("sent", form=True)
        if said is None or said.button is None:
            return
        who = self.anybody()
        await who.presses(label("sent.correct"), said.button)
        modal = await who.sees_modal(label("correct.title"))
        assert said.token in str(modal.values)
        said.version += 1
        assert await who.fills({label("reply.words"): self.wording(said)}) == {}
        self.book.changes(said)

    async def withdraws_it(self) -> None:
        said = self.one("sent", form=True) or self.one("sent", gone=True)
        if said is not None and said.button is not None and label("sent.withdraw") in said.button.buttons:
            await self.anybody().presses(label("sent.withdraw"), said.button)
            if said.room is not None and said.room.chat not in self.book.blocked:
                said.state, said.shown = "withdrawn", None

    async def hands_back(self) -> None:
        card = self.room().card
        if label("team.hand_back") in card.buttons:
            await self.anybody().presses(label("team.hand_back"), card)

    async def points_at_what_is_not_his(self) -> None:
        """The reaction and the shortcut on what homeowners and the assistant wrote."""
        room, who = self.room(), self.anybody()
        post = self.dice.choice([p for p in (room.card, *room.card.thread) if p.from_bot])
        await who.message_shortcut("send_to_customer", post)
        if who.id not in post.message.reactions.get(SEND, []):
            await who.reacts(post, SEND)

    # what time does

    async def a_moment_passes(self) -> None:
        await self.settles()
        await self.moves(MOMENT + 1)
        self.book.time_passes()

    async def a_day_passes(self) -> None:
        await self.moves(self.dice.choice((3, 13)) * 3600)
        self.book.time_passes()

    async def at_the_same_moment(self) -> None:
        """Something is done just when the moment is over: it goes one way or the other, and the marks say which."""
        said = self.one("waiting")
        if said is None or said.room is None:
            return
        before = said.shown
        self.book.may_leave(said)
        deeds: list[Step] = [self.nothing]
        post = said.post

        async def edits() -> None:
            assert post is not None
            await said.by.edits(post, self.wording(said))

        async def deletes() -> None:
            assert post is not None
            await said.by.deletes(post)

        if post is not None and not said.gone:
            deeds += [edits, deletes]
            deeds += [
                partial(p.unreacts, post, SEND) for p in self.team if p.id in post.message.reactions.get(SEND, [])
            ]
        if said.button is not None and label("sent.undo") in said.button.buttons:
            deeds.append(lambda: (said.sees or said.by).presses(label("sent.undo"), said.button))
        deed = self.dice.choice(deeds)
        if deed is edits:
            said.version += 1
            self.book.may_leave(said)
        said.gone = said.gone or deed is deletes
        self.book.time_passes()
        await asyncio.gather(self.moves(MOMENT + 1), deed())
        await self.settles()
        await self.learns(said, before)

    async def many_at_once(self) -> None:
        """Two or three people do something with the same words, and perhaps the moment is over just then."""
        said = self.one(*set(STATES.values()), form=False, gone=False)
        if said is None or said.post is None or not said.heard or said.by is self.guest:
            return
        post, before, old = said.post, said.shown, said.token
        on = [p for p in self.team if p.id in post.message.reactions.get(SEND, [])]
        sends: list[Step] = [partial(p.reacts, post, SEND) for p in self.team if p not in on]
        sends += [partial(p.message_shortcut, "send_to_customer", post) for p in self.team[:2]]
        said.version += 1
        edit = partial(said.by.edits, post, self.wording(said))
        deeds = self.dice.sample([*sends, edit, *(partial(p.unreacts, post, SEND) for p in on)], 3)
        said.version -= edit not in deeds
        if said.state in ("waiting", "sent") or any(deed in sends for deed in deeds):
            self.book.may_leave(said)
            self.book.allowed[old] = self.book.allowed[said.token]
        passes: list[Step] = [partial(self.moves, MOMENT + 1)] if self.dice.random() < 0.6 else []
        if passes:
            self.book.time_passes()
        said.since = self.now
        await asyncio.gather(*(deed() for deed in (*deeds, *passes)))
        await self.settles()
        await self.learns(said, before)

    async def nothing(self) -> None:
        """He thinks better of it."""

    async def learns(self, said: Said, before: str | None) -> None:
        """Which way it went."""

        def unit(session: Session) -> Note:
            if said.post is not None:
                found = select(Note).where(Note.source == f"slack:{said.post.message.channel}:{said.post.ts}")
            else:
                found = select(Note).where(Note.words.contains(said.token))
            return session.scalars(found).one()

        note: Note = await self.house.in_database(unit)
        said.state = STATES[note.sending]
        said.shown = said.token if said.state == "sent" else before

    # what homeowners do

    async def homeowner_writes(self) -> None:
        """And changes his words, now and then."""
        person = self.room().person
        if str(person.id) in self.book.blocked:
            return
        bubble = await person.types(self.his_words(person))
        if self.dice.random() < 0.4:
            await self.settles()
            await person.edits(bubble, self.his_words(person))

    async def homeowner_blocks_or_comes_back(self) -> None:
        person = self.room().person
        chat = str(person.id)
        if chat in self.book.blocked:
            await person.unblocks()
            self.book.blocked.remove(chat)
        elif self.dice.random() < 0.6:
            await person.blocks()
            self.book.blocked.add(chat)

    async def homeowner_changes_language(self) -> None:
        person = self.room().person
        if str(person.id) in self.book.blocked:
            return
        await person.types("/language")
        name = self.dice.choice(NAMES)
        await person.sees(name)
        await person.presses(name)

    # what networks do

    async def telegram_has_a_bad_day(self) -> None:
        """The next calls fail: too fast, its own fault, or the line is cut, before or after it was done."""
        kind = self.dice.choice(("status", "status", "reset_before", "reset_after", "status_after"))
        status = self.dice.choice((429, 500, 502)) if kind == "status" else 500
        method = self.dice.choice(("sendMessage", "editMessageText", "sendPhoto", "deleteMessage"))
        if method == "sendPhoto" and kind in LOST:
            kind = "status"  # nobody could tell one photo from the same again
        self.house.sandbox.faults.clear("telegram")
        many = self.dice.randint(1, 2)
        self.house.sandbox.faults.add(Fault(kind, "telegram", method, status=status, retry_after=1, times=many))

    async def slack_has_a_bad_day(self) -> None:
        kind = self.dice.choice(("status", "reset_before", "reset_after"))
        method = self.dice.choice(("reactions.add", "reactions.remove", "chat.update", "chat.postMessage"))
        self.house.sandbox.faults.clear("slack")
        self.house.sandbox.faults.add(Fault(kind, "slack", method, status=429, retry_after=1))

    async def is_told_again(self) -> None:
        """Slack brings the same thing once more, or several times at once."""
        kind = self.dice.choice(("events_api", "events_api", "interactive"))
        if any(parcel.kind == kind for parcel in self.house.sandbox.slack.delivery.delivered):
            again = (self.house.sandbox.slack.redeliver(kind=kind) for _ in range(self.dice.randint(1, 3)))
            await asyncio.gather(*again)

    async def starts_again(self) -> None:
        """With the other company: a moment to take things back, or none."""
        await self.late_news_come()
        await self.settles()
        self.at_once = not self.at_once and self.dice.random() < 0.7
        self.house.environment["COMPANY_FILE"] = self.files[self.at_once]
        await self.dies_and_lives()

    async def dies_and_lives(self) -> None:
        await self.house.stops()
        await self.house.starts()

    async def does_it_and_starts_again(self) -> None:
        """The program stops in the middle of it."""
        await self.late_news_come()
        await self.dice.choice((self.puts_the_reaction, self.changes_it, self.takes_it_off))()
        await self.dies_and_lives()
