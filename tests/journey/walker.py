"""A walk through the program without a network: the real readers, desk and renderers, a database in memory.

A place on the walk is a picture of the database, of the chat and of the clock, so that no step is ever repeated.
"""

import asyncio
import html
import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import inbox, outbox, routes
from bot.alarm import Alarm
from bot.channels import slack_renderer, telegram_renderer
from bot.channels.arrival import Arrival
from bot.channels.telegram_guard import arrival
from bot.desk import Desk, Rules
from bot.import_deed import bring_in
from bot.importing import parse
from bot.outbox import Mark, OutboxState, Parcel
from bot.readers import READERS
from domain.company import Company
from domain.people import Person
from domain.record import metadata
from domain.work import Work
from handlers.inbound import Filled, Inbound, Place, Press, Sender
from handlers.messages import Answer, Button, Delete, Form, FormNext, Homeowner, Message
from handlers.pipes import remote_of
from handlers.reactions import REACTIONS
from locales.phrasebook import say
from tests.house import SAMPLE
from tests.journey.places import Bubble, Heard, Key, Memory, Spot, Still

ANA = ("U0ANA", "C0SERVICE")
TAG = re.compile(r"<[^>]+>")


class World:
    """The program, one homeowner's phone and the team's channel."""

    def __init__(self, company: Company, language: str, at: datetime) -> None:
        # Invoices are walked through in test_paying.py; here one books as without a payment provider.
        company = company.model_copy(update={"payment": company.payment.without_telegram()})
        self.company, self.language = company, language
        self.languages = company.languages
        self.clock = Still(at)
        self.database = Memory()
        self.chat: dict[str, Bubble] = {}
        self.team: dict[str, Bubble] = {}
        self.heard = Heard()
        self.user = 700_001
        self._number = 1000
        rules = Rules(READERS | {"team": _team}, routes.answer, REACTIONS, routes.STEPS)
        self.desk = Desk(self.database, self.clock, lambda: company, rules, owner="walk", committed=self._deliver)
        self.alarm = Alarm(self.database, self.clock, self.desk, self.settled)

    def founds(self) -> None:
        """The sample company stands in a fresh database."""
        parsed = parse(SAMPLE, self.company)

        def unit(session: Session) -> None:
            metadata.create_all(session.connection())
            bring_in(Work(session, self.clock.now(), "walk"), self.company, parsed)

        self.database.now(unit)

    def links(self, ref: str) -> None:
        """A customer of the sample is the one who writes, in the language of this walk."""

        def unit(session: Session) -> None:
            person = session.scalars(select(Person).where(Person.ref == ref)).one()
            person.telegram, person.language, person.presence = str(self.user), self.language, "active"  # type: ignore[assignment]

        self.database.now(unit)

    def spot(self, path: tuple[str, ...], said: frozenset[str]) -> Spot:
        return Spot(
            self.database.picture(), tuple(self.chat.values()), tuple(self.team.values()), self.clock.at, path, said
        )

    def stands(self, spot: Spot) -> None:
        """Go back to where we were."""
        self.database.becomes(spot.picture)
        self.chat = {b.id: b for b in spot.chat}
        self.team = {b.id: b for b in spot.team}
        self.clock.at = spot.at

    async def settled(self) -> None:
        while not self.desk.idle:  # noqa: ASYNC110 (nothing else runs in this loop)
            await asyncio.sleep(0)

    # What somebody does

    async def types(self, text: str) -> Heard:
        entities = [{"type": "bot_command", "offset": 0, "length": len(text.split()[0])}] if text[0] == "/" else []
        return await self._message({"text": text, "entities": entities})

    async def sends_photo(self, unique: str) -> Heard:
        size = {"file_id": f"id-{unique}", "file_unique_id": unique, "width": 90, "height": 90, "file_size": 900}
        return await self._message({"photo": [size]})

    async def sends_voice(self, unique: str) -> Heard:
        voice = {"file_id": f"id-{unique}", "file_unique_id": unique, "duration": 3, "mime_type": "audio/ogg"}
        return await self._message({"voice": voice})

    async def shares(self, what: str) -> Heard:
        if what == "place":
            return await self._message({"location": {"latitude": 43.69611, "longitude": 7.29554}})
        user = {"user_id": self.user} if what == "number" else {}
        return await self._message({"contact": {"phone_number": "+33612345678", "first_name": "Plumber", **user}})

    async def presses(self, key: Key, bubble: Bubble) -> Heard:
        self._number += 1
        message = {**self._head(int(bubble.id)), "text": "…"}
        query = {"id": f"q{self._number}", "from": self._who(), "message": message, "data": key.token}
        return await self._comes({"callback_query": {**query, "chat_instance": "1"}})

    async def team_presses(self, key: Key, bubble: Bubble) -> Heard:
        user, channel = ANA
        place = Place("slack", channel, "channel", bubble.id)
        press = Press(sender=Sender("slack", user), place=place, message=bubble.id, token=key.token, trigger="t1")
        return await self._takes(self._team_arrival(press))

    async def team_fills(self, token: str, values: dict[str, str]) -> Heard:
        """A form, and the second page of it, if it has one."""
        sender = Sender("slack", ANA[0])
        came = Filled(sender=sender, place=Place("slack", ANA[0]), token=token, values=values)
        self.heard = Heard()
        answer = await self.desk.answer(self._team_arrival(came))
        await self.settled()
        return await self.team_fills(answer.keyboard, values) if isinstance(answer, FormNext) else self.heard

    async def time_passes(self, to: datetime) -> Heard:
        """The clock goes to the next thing that is due."""
        self.heard = Heard()
        self.clock.at = to + timedelta(seconds=1)
        await self.alarm.beat()
        await self.settled()
        return self.heard

    # What is there

    def draft(self) -> tuple[str | None, int, dict[str, Any]]:
        rows = self.database.asks("SELECT step, turn, said FROM drafts WHERE conversation = ?", f"telegram:{self.user}")
        return (rows[0][0], rows[0][1], json.loads(rows[0][2])) if rows else (None, 0, {})

    def troubles(self) -> list[str]:
        """What the desk could not handle."""
        found = [str(error) for (error,) in self.database.asks("SELECT error FROM inbox WHERE state <> 'done'")]
        return found + ([f"{self.desk.failed} failures"] if self.desk.failed else [])

    def kept(self) -> str:
        """Everything that anybody said, wherever it is."""
        return "\n".join(
            str(part)
            for table in ("words, file FROM notes", "story FROM requests", "remark FROM surveys", "said FROM drafts")
            for row in self.database.asks(f"SELECT {table}")
            for part in row
        )

    def stands_at(self) -> tuple[Any, ...]:
        """What makes two places the same: the newest request and its appointment, the others, the survey, himself."""
        booking = "(SELECT state FROM bookings b WHERE b.request_id = r.id ORDER BY b.id DESC LIMIT 1)"
        requests = self.database.asks(f"SELECT intent, state, {booking} FROM requests r ORDER BY id DESC")
        surveys = self.database.asks("SELECT score IS NULL, locked_at IS NULL FROM surveys")
        himself = self.database.asks("SELECT language, presence, ref FROM people WHERE telegram = ?", str(self.user))
        return (tuple(requests[:1]), frozenset(row[1] for row in requests[1:]), frozenset(surveys), tuple(himself))

    # How it is done

    async def _message(self, content: dict[str, Any]) -> Heard:
        self._number += 1
        return await self._comes({"message": {**self._head(self._number), "from": self._who(), **content}})

    async def _comes(self, update: dict[str, Any]) -> Heard:
        self._number += 1
        return await self._takes(arrival({"update_id": self._number, **update}))

    async def _takes(self, row: Arrival) -> Heard:
        self.heard = Heard()
        await self.desk.accept([row])
        await self.settled()
        return self.heard

    def _team_arrival(self, came: Inbound) -> Arrival:
        self._number += 1
        return Arrival("team", f"t{self._number}", "slack:walk", msgspec.to_builtins(came))

    def _head(self, number: int) -> dict[str, Any]:
        return {"message_id": number, "date": 1_790_000_000, "chat": {"id": self.user, "type": "private"}}

    def _who(self) -> dict[str, Any]:
        return {"id": self.user, "is_bot": False, "first_name": "Noa", "language_code": self.language}

    def _deliver(self, parcels: list[Parcel]) -> None:
        for parcel in parcels:
            remote = self._carry(parcel)
            self.database.now(lambda session, p=parcel, r=remote: self._mark(session, p, r))  # type: ignore[misc]

    def _mark(self, session: Session, parcel: Parcel, remote: str | None) -> None:
        outbox.mark(session, [Mark(parcel.id, OutboxState.SENT, self.clock.at, remote)])
        if remote is not None and parcel.about:
            outbox.hang(session, parcel.target, parcel.about, remote)
        payload = parcel.payload
        if isinstance(payload, Message) and payload.delivery:
            told = {"subject": payload.delivery, "ok": True}
            inbox.accept(session, [Arrival("delivery", str(parcel.id), payload.delivery, told)], self.clock.at)
            self.desk.wake([payload.delivery])

    def _carry(self, parcel: Parcel) -> str | None:
        payload = parcel.payload
        if isinstance(payload, Answer):
            self.heard.answered += 1
            self.heard.notices += [say(payload.notice, parcel.language)] if payload.notice else []
        elif isinstance(payload, Form):
            slack_renderer.form(payload, parcel.language, parcel.keyboard or "")
            self.heard.form = parcel.keyboard
        elif isinstance(payload, Delete):
            self.chat.pop(payload.remote, None)
        elif isinstance(payload, Message):
            return self._shown(parcel, payload)
        return None

    def _shown(self, parcel: Parcel, message: Message) -> str:
        private = isinstance(message.to, Homeowner)
        place = self.chat if private else self.team
        self._number += 1
        about = parcel.about or ""
        known = self.database.now(lambda session: remote_of(session, parcel.target, about))
        remote = known if known and not message.fresh else str(self._number)
        if private:
            self.heard.said += [(language, *_read(parcel, message, language)) for language in self.languages]
            text = _read(parcel, message, parcel.language)[0]
        else:
            text = str(slack_renderer.render(message, parcel.language, parcel.keyboard, parcel.key)["text"])
        bubble = Bubble(remote, text, tuple(_keys(parcel, message)))
        place.pop(remote, None)
        place[remote] = bubble
        if private:
            self.heard.bubbles.append(bubble)
            self.heard.asks_for |= message.ask_for == "contact"
        return remote


def _read(parcel: Parcel, message: Message, language: str) -> tuple[str, tuple[str, ...]]:
    """The words of a message and of its buttons, as somebody with this language reads them."""
    shown = telegram_renderer.render(message, language, parcel.keyboard)
    text = "\n\n".join(html.unescape(TAG.sub("", part.html)) for part in shown.parts)
    return text, tuple(say(button.label, language) for row in message.buttons for button in row)


def _keys(parcel: Parcel, message: Message) -> Iterator[Key]:
    buttons: list[Button] = [b for row in message.buttons for b in row]
    for number, button in enumerate(buttons):
        if button.url is not None:
            continue  # it leads away, and the program hears nothing of it
        label = say(button.label, parcel.language)
        turn = None if button.standing else message.turn
        yield Key(label, f"{parcel.keyboard}.{number}", button.act, tuple(sorted(button.args.items())), turn)


def _team(payload: dict[str, Any]) -> Inbound:
    came: Inbound = msgspec.convert(payload, Inbound)
    return came
