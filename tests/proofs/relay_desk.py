"""What a team does at random: writes, shows, sends, takes back, changes, deletes, corrects, withdraws."""

from sandbox.faults import Fault
from tests.journey.test_relay import PNG
from tests.proofs.relay_book import Said, label
from tests.proofs.relay_ground import MOMENT, SEND, STATES, Ground


class Desk(Ground):
    """Steps of the team's."""

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
        if not said.heard:  # whoever looks for what was missed may have found it since
            await self.settles()
            note = await self.note_of(said)
            said.heard = note is not None and STATES[note.sending] != "internal"
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
        ways = ["leaves it", "sends it", "sends it", "corrects it"]
        how = self.dice.choice([*ways, "withdraws it", "withdraws it"] if self.at_once else ways)
        if how == "leaves it":
            await who.closes(whole=True)
            return
        if how == "withdraws it":
            await self.withdraws_what_is_on_its_way(said)
            return
        said.version += how == "corrects it"
        corrected = {label("reply.again"): self.wording(said)} if how == "corrects it" else {}
        assert await who.fills(corrected) == {}
        self.book.sends(said, at_once=self.at_once, now=self.now)
        await self.settles()
        said.button = await who.sees("#service", said.token, anywhere=True)

    async def withdraws_what_is_on_its_way(self, said: Said) -> None:
        """It left, Telegram asks to wait, and meanwhile whoever wrote it thinks better of it."""
        assert said.room is not None
        chat, faults = said.room.chat, self.house.sandbox.faults
        faults.clear("telegram")
        faults.add(Fault("status", "telegram", "sendMessage", chat, status=429, retry_after=1))
        assert await said.by.submits() == {}
        self.book.sends(said, at_once=True, now=self.now)
        said.button = await said.by.sees("#service", said.token, anywhere=True)
        if chat not in self.book.blocked:
            await said.by.presses(label("sent.withdraw"), said.button, timeout=5)
            said.state, said.shown = "withdrawn", None

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
