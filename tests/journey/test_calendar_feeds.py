"""A technician's calendar under a secret address, and what his other calendar keeps us from."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

import aiohttp
from aiohttp import web
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.outbox import outbox
from domain import occupancy, outside
from domain.feeds import Feed
from domain.outside import OutsideBusy, OutsideCalendar
from domain.rota import Span, cell
from domain.work import Work
from tests.house import House, open_house
from tests.journey.ground import is_offered_times, reports, w
from tests.journey.test_calendar import day_of, enters_absence, has_a_visit


async def asks(address: str, **headers: str) -> tuple[int, bytes, dict[str, str]]:
    """What a calendar program gets."""
    async with aiohttp.ClientSession() as session, session.get(address, headers=headers) as answer:
        return answer.status, await answer.read(), {k.lower(): v for k, v in answer.headers.items()}


async def gets_address(house: House, who: str) -> str:
    """A technician asks for his address in Slack."""
    mate = house.team[who]
    await mate.commands("/calendar", channel="#service")
    await mate.sees("#service", w("calendar.list.mine"))
    label = next(b for b in mate.posts()[-1].buttons if b in (w("feed.make"), w("feed.again")))
    await mate.presses(label)
    told = await mate.sees("#service", w("feed.once"))
    await house.quiet()
    return next(word for word in told.text.split() if word.startswith("http") and word.endswith(".ics"))


async def test_ana_subscribes_to_her_appointments_until_she_revokes_the_address(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        _, visit = await has_a_visit(house, emma, "lighting")
        away = day_of(visit) + timedelta(days=10)
        assert await enters_absence(house, "ana", away, **{w("calendar.reason"): "surgery"}) == {}
        address = await gets_address(house, "ana")
        status, body, headers = await asks(address)
        assert (status, headers["content-type"]) == (200, "text/calendar; charset=utf-8")
        drawn = Calendar.from_ical(body)
        events = {str(e["UID"]): e for e in drawn.walk("VEVENT")}
        mine = events[f"{visit.uid}@aftercare"]
        assert (mine["DTSTART"].dt, mine["DTSTART"].params["TZID"]) == (visit.starts_at, "Europe/Paris")
        assert (int(mine["SEQUENCE"]), str(mine["LOCATION"])) == (
            0,
            "8 avenue du Belvédère, 06230 Villefranche-sur-Mer",
        )
        assert "1001" in str(mine["SUMMARY"])
        assert "Emma Whitfield, +447700900107" in str(mine["DESCRIPTION"])
        (absent,) = [e for uid, e in events.items() if uid.startswith("entry-")]
        assert (absent["DTSTART"].dt, str(absent["DESCRIPTION"])) == (away, "surgery")
        # as it was: nothing is sent again
        assert (await asks(address))[1] == body
        assert (await asks(address, **{"If-None-Match": headers["etag"]}))[:2] == (304, b"")
        assert (await asks(address, **{"If-Modified-Since": headers["last-modified"]}))[0] == 304
        # the secret is written down nowhere
        token = address.rsplit("/", 1)[1].removesuffix(".ics")
        assert len(token) == 43

        def kept(session: Session) -> str:
            rows = session.execute(select(outbox.c.payload)).all()
            return str(rows) + str([f.token_hash for f in session.scalars(select(Feed))])

        assert token not in await house.in_database(kept)
        # revoked and unknown are the same
        ana = house.team["ana"]
        await ana.presses(w("feed.revoke"))
        await ana.sees("#service", w("feed.revoked"))
        unknown = await asks(address.replace(token, "x" * 43))
        revoked = await asks(address)
        assert unknown[:2] == revoked[:2] == (404, b"")
        assert {k for k in unknown[2] if k != "date"} == {k for k in revoked[2] if k != "date"}


async def test_a_new_address_ends_the_old_one_and_nobody_may_ask_without_end(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        first = await gets_address(house, "tom")
        second = await gets_address(house, "tom")
        assert (await asks(first))[0] == 404
        answers = [(await asks(second))[0] for _ in range(45)]
        assert answers[0] == 200
        assert answers[-1] == 429


@asynccontextmanager
async def somebody_elses_calendar(content: dict[str, str]) -> AsyncIterator[str]:
    """A calendar somewhere in the network; what it says can be changed, taken away, or be too much."""

    async def serve(_request: web.Request) -> web.Response:
        said = content["says"]
        return web.Response(text=said, content_type="text/calendar") if said else web.Response(status=503)

    app = web.Application()
    app.router.add_get("/private-0123/basic.ics", serve)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    try:
        yield f"http://127.0.0.1:{port}/private-0123/basic.ics"
    finally:
        await runner.cleanup()


def all_day(first: str, days: int) -> str:
    lines = ("BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//x//x//EN", "BEGIN:VEVENT", "UID:1",
             f"DTSTART;VALUE=DATE:{first}",
             f"RRULE:FREQ=DAILY;COUNT={days}", "SUMMARY:Private", "END:VEVENT", "END:VCALENDAR", "")  # fmt: skip
    return "\r\n".join(lines)


async def test_what_anas_own_calendar_says_is_not_offered_and_its_last_word_holds_while_it_is_away(
    tmp_path: Path,
) -> None:
    content = {"says": ""}
    async with somebody_elses_calendar(content) as address:
        named = {"OUTSIDE_CALENDARS": f"ana {address}", "OUTSIDE_LOOPBACK": "1", "OUTSIDE_SECONDS": "900"}
        async with open_house(tmp_path, **named) as house:
            assert house.app is not None
            emma = await house.arrives("en")
            await reports(house, emma, "The lamp is dark", "lighting")
            before = (await is_offered_times(emma)).labels[0]
            today = house.app.clock.now()
            content["says"] = all_day(f"{today:%Y%m%d}", 5)
            await house.moves_clock(901)
            await house.app.outside.beat()
            await emma.presses(w("solve.evenings"))
            await emma.sees(w("solve.all_times"))
            await emma.presses(w("solve.all_times"))
            after = await emma.sees(w("solve.slot.ask"))
            assert before not in after.labels

            def busy(session: Session) -> list[OutsideBusy]:
                return list(session.scalars(select(OutsideBusy).order_by(OutsideBusy.first)))

            rows = await house.in_database(busy)
            assert [row.technician for row in rows] == ["ana"]  # days in a row are one stretch, and nothing but when
            content["says"] = ""
            for _ in range(4):
                await house.moves_clock(9 * 3600)
                await house.app.outside.beat()
            await house.quiet()
            told = [p for p in house.sandbox.slack.posts("#trouble") if "Ana Ruiz" in p.text]
            assert len(told) == 1
            assert told[0].text == w("trouble.outside", name="Ana Ruiz", why="HTTP 503")
            still = await house.in_database(busy)
            assert still[-1].until == rows[-1].until

            def how(session: Session) -> OutsideCalendar:
                return session.get_one(OutsideCalendar, "ana")

            assert (await house.in_database(how)).address is None  # the settings have it
            content["says"] = all_day(f"{today:%Y%m%d}", 2)
            await house.moves_clock(901)
            await house.app.outside.beat()
            assert (await house.in_database(how)).failing_since is None


async def test_an_appointment_of_ours_and_one_of_his_own_never_count_twice(tmp_path: Path) -> None:
    async with open_house(tmp_path) as house:
        emma = await house.arrives("en")
        _, visit = await has_a_visit(house, emma, "lighting")
        first, until = cell(visit.starts_at), cell(visit.ends_at)

        def around(session: Session) -> list[tuple[int, int, bool]]:
            assert house.app is not None
            work = Work(session, house.app.clock.now(), "test")
            outside.name(work, "ana", "https://example.com/a.ics", "test")
            outside.read(work, "ana", [Span(first - 4, until + 4)])
            session.flush()
            diary = occupancy.diaries(work)(Span(first - 8, until + 8))["ana"]
            return [(a.first, a.until, a.ours) for a in diary]

        assert await house.in_database(around) == [
            (first - 4, first, False),
            (first, until + 1, True),  # a quarter of an hour to clear up is ours, too
            (until + 1, until + 4, False),
        ]
