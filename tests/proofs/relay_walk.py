"""Steps that people take at random: a team in Slack, homeowners in Telegram, networks with bad days."""

import asyncio
from functools import partial

from sandbox.faults import Fault
from tests.proofs.relay_book import LOST, label
from tests.proofs.relay_desk import Desk
from tests.proofs.relay_ground import MOMENT, NAMES, SEND, STATES, Step


class Walk(Desk):
    """Steps of everybody's, one after the other; what must be true is looked at after each."""

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
