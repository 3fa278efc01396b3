"""What a process takes from the outbox: who waits first, no more than can soon leave, and in each chat in its order."""

from datetime import UTC, datetime

import pytest

from bot import claiming, inbox, outbox, schema, settings
from bot.channels.arrival import Arrival
from bot.doubts import Doubt, Doubts
from bot.inbox import InboxState
from bot.outbox import Cause, Parcel
from bot.postgresql import PostgreSQL
from bot.shares import present
from bot.units import Database
from handlers.messages import Channel, Homeowner, Message
from locales.text import t
from scheduling.ranks import Rank
from tests.conftest import fresh_database

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def url(postgresql: str) -> str:
    made = settings.database_url(fresh_database(postgresql))
    schema.migrate(made)
    return made


@pytest.fixture
async def database(url: str):  # type: ignore[no-untyped-def]
    made = PostgreSQL(url)

    def empty(session):  # type: ignore[no-untyped-def]
        for table in (outbox.outbox, inbox.inbox):
            session.execute(table.delete())

    await made.write(empty)
    yield made
    await made.close()


async def say(database: Database, cause: str, rank: Rank, *chats: str) -> None:
    """Something for each of these; a channel of the team begins with C."""
    said = [
        Message(to=Channel(chat) if chat.startswith("C") else Homeowner(chat), body=(t("help.title"),))
        for chat in chats
    ]
    await database.write(lambda s: outbox.put(s, said, Cause(cause, NOON, None, "en", None, rank)))


async def takes(database: Database, owner: str, **room: int) -> tuple[list[str], bool]:
    def unit(session) -> tuple[list[Parcel], bool]:  # type: ignore[no-untyped-def]
        return claiming.sweep(session, owner, room)

    found, more = await database.write(unit)
    return [parcel.target for parcel in found], more


async def test_who_waits_is_taken_before_whom_we_only_ask(database: Database) -> None:
    await say(database, "campaign", Rank.OURS, "1", "2", "3")
    await say(database, "words", Rank.WAITED_FOR, "4")
    await say(database, "reminder", Rank.PROMISED, "5")
    assert await takes(database, "one", telegram=2) == (["4", "5"], True)
    assert await takes(database, "two", telegram=9) == (["1", "2", "3"], False)


async def test_what_stands_before_something_urgent_in_its_chat_is_taken_with_it(database: Database) -> None:
    await say(database, "campaign", Rank.OURS, "1", "2", "3")
    await say(database, "words", Rank.WAITED_FOR, "3")
    assert await takes(database, "one", telegram=2) == (["3", "3"], True)


async def test_where_there_is_no_room_the_other_network_is_not_kept_waiting(database: Database) -> None:
    await say(database, "campaign", Rank.OURS, *map(str, range(600)))
    await say(database, "digest", Rank.OURS, "C1")
    assert await takes(database, "one", telegram=0) == (["C1"], True)


async def test_what_another_process_holds_keeps_its_chat(database: Database) -> None:
    await say(database, "campaign", Rank.OURS, "1")
    assert await takes(database, "one", telegram=9) == (["1"], False)
    await say(database, "words", Rank.WAITED_FOR, "1", "2")
    assert await takes(database, "two", telegram=9) == (["2"], False)


async def test_questions_that_wait_are_counted_and_nothing_else(database: Database) -> None:
    await say(database, "campaign", Rank.OURS, "1", "2", "3", "C1")
    await say(database, "words", Rank.WAITED_FOR, "4")
    assert [await database.read(lambda s, m=most: outbox.asked(s, m)) for most in (2, 9)] == [2, 3]


async def test_those_who_send_are_counted(database: Database) -> None:
    seen = [await database.write(lambda s, who=who: present(s, who)) for who in ("a", "b", "a", "c")]
    assert seen == [1, 2, 2, 3]


async def test_four_who_come_late_to_the_same_row_are_not_four_deaths(database: Database) -> None:
    arrival = Arrival("timer", "late", "request:1", {})
    await database.write(lambda s: inbox.accept(s, [arrival], NOON))
    several = [Doubts(database) for _ in range(4)]
    for one in several:
        one.rise(["request:1"])
    assert [await one.settle("request:1") for one in several] == [Doubt.GO, *[Doubt.THEIRS] * 3]
    row, _ = await database.read(lambda s: inbox.earliest(s, "request:1"))
    assert row is not None
    assert [one.ours("request:1", row.id) for one in several] == [True, False, False, False]
    state = await database.read(lambda s: s.scalar(inbox.inbox.select().with_only_columns(inbox.inbox.c.state)))
    assert state is InboxState.NEW
