"""The time somebody asks for in his own words: "Thursday after six" shows the times that are like that."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import msgspec

from domain.requests import Request
from domain.spreading import Window
from handlers.cards.request import zone_of
from handlers.conversation import Handler, Talk, button, rows, standing
from handlers.homeowner import menu
from handlers.homeowner.solving import current, while_running
from handlers.messages import Button, Message, Outgoing
from handlers.understanding.when import When, Wish, fits, understood
from locales.text import Day, Listing, Moment, Text, Value, t

A_FEW = 3  # so many words beside the time are no story


def heard(talk: Talk) -> Iterable[Outgoing] | None:
    """Words at the question which time suits: a wish narrows the times, everything else goes the usual way."""
    request = current(talk)
    here = talk.work.now.astimezone(ZoneInfo(_zone(talk, request))).replace(tzinfo=None)
    said = understood(talk.words, talk.who.language, here)
    if not request.running or not (said.wishes or said.readings or said.never):
        return None
    if _more_than_a_time(talk.words, said):
        menu.keep(talk, request)
    if said.readings:
        return talk.go("solve.which", readings=[_kept(When(reading, (), said.never)) for reading in said.readings])
    return _narrowed(talk, _kept(said))


def _more_than_a_time(words: str, said: When) -> bool:
    left = words
    for start, end in reversed(said.taken):
        left = left[:start] + " " + left[end:]
    return len(left.split()) > A_FEW


def _kept(said: When) -> dict[str, object]:
    """As the draft keeps it: what is wished and what is refused, without the places in the text."""
    kept: dict[str, object] = msgspec.to_builtins(When(said.wishes, (), said.never))
    return kept


def _narrowed(talk: Talk, wish: object) -> Iterable[Outgoing]:
    return talk.go("solve.slot", page=0, day=None, evenings=False, wish=wish)


def ask_which(talk: Talk) -> Message:
    """Which of two days is meant?"""
    readings = [msgspec.convert(one, When) for one in talk.draft.said["readings"]]
    zone = _zone(talk, current(talk))
    choices = [Button(said(reading, zone), "solve.reading", {"reading": at}) for at, reading in enumerate(readings)]
    ways = (button("solve.all_times", "solve.evenings", evenings=0), standing("menu.human", "human.ask"))
    return talk.say(t("solve.which.ask"), buttons=(*rows(choices), ways))


def reading(talk: Talk, _request: Request) -> Iterable[Outgoing]:
    """That one is meant."""
    return _narrowed(talk, talk.draft.said["readings"][talk.number("reading")])


def asked_for(talk: Talk) -> When | None:
    """What he asked for, where he did."""
    kept = talk.draft.said.get("wish")
    return msgspec.convert(kept, When) if kept else None


def suits(wish: When) -> Callable[[datetime], bool]:
    """Whether a local start is like that."""
    return lambda start: fits(wish, start.replace(tzinfo=None))


def narrow(wish: When) -> bool:
    """Whether it names hours or one day: then its times may lie close together."""
    return any(one.since is not None or (one.first is not None and one.first == one.last) for one in wish.wishes)


def near(talk: Talk, window: Window) -> Window:
    """Where the times nearest to his wish begin: on the first day he named."""
    wish = asked_for(talk)
    named = [one.first for one in wish.wishes if one.first is not None] if wish is not None else []
    if not named:
        return window
    first = datetime.combine(min(named), time(), ZoneInfo(window.zone))
    return replace(window, first=max(window.first, first))


def said(wish: When, zone: str) -> Value:
    """The wish, said back."""
    if not wish.wishes:
        return t("wish.not", when=_all(wish.never, zone))
    return _all(wish.wishes, zone)


def _all(wishes: tuple[Wish, ...], zone: str) -> Value:
    told = tuple(_one(wish, zone) for wish in wishes)
    return told[0] if len(told) == 1 else Listing(told, "or")


def _one(wish: Wish, zone: str) -> Value:
    parts = [part for part in (_days(wish), _hours(wish, zone)) if part is not None]
    return parts[0] if len(parts) == 1 else Listing(tuple(parts), "plain")


def _days(wish: Wish) -> Value | None:
    if wish.first is None or wish.last is None:
        return None
    first = Day(wish.first, "short")
    return first if wish.first == wish.last else t("wish.days", first=first, last=Day(wish.last, "short"))


def _hours(wish: Wish, zone: str) -> Text | None:
    if wish.since is None:
        return None
    begins = _clock(wish.since, zone)
    if wish.until is None:
        return t("wish.from", time=begins)
    ends = _clock(wish.until, zone)
    return t("wish.until", time=ends) if wish.since == time() else t("wish.hours", since=begins, until=ends)


def _clock(at: time, zone: str) -> Moment:
    """An hour on the wall; of a day without a change of the clocks."""
    return Moment(datetime.combine(date(2026, 1, 5), at, ZoneInfo(zone)), zone, "time")


def _zone(talk: Talk, request: Request) -> str:
    return zone_of(talk.work, talk.company, request)


PRESSES: dict[str, Handler] = {"solve.reading": while_running(reading)}
