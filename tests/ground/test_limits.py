"""Rates: never more in a second than the network allows, and what somebody waits for goes first."""

import asyncio
from collections.abc import Callable
from time import monotonic

from bot.gate import Gate
from bot.limits import SECOND, Limiter, Rates

ANYWHERE = 100_000.0


def of(rank: int) -> Callable[[], int]:
    return lambda: rank


async def leaving(limiter: Limiter, target: str, rank: int, left: list[tuple[str, float]]) -> None:
    await limiter.turn(target, of(rank))
    left.append((target, monotonic()))


async def test_in_no_second_more_leaves_than_is_allowed() -> None:
    limiter, left = Limiter(Rates(ANYWHERE, 20)), []
    await asyncio.gather(*(leaving(limiter, f"c{n}", 2, left) for n in range(45)))
    at = [moment for _, moment in left]
    assert all(later - sooner >= 1 for sooner, later in zip(at, at[20:], strict=False))
    assert at[-1] - at[0] < 3 * SECOND + 1


async def test_what_somebody_waits_for_passes_what_is_ours_to_ask() -> None:
    limiter, left = Limiter(Rates(ANYWHERE, 5)), []
    asking = [asyncio.create_task(leaving(limiter, f"ask{n}", 2, left)) for n in range(12)]
    await asyncio.sleep(0)
    await asyncio.gather(leaving(limiter, "reminder", 1, left), leaving(limiter, "words", 0, left))
    await asyncio.gather(*asking)
    assert [target for target, _ in left].index("words") == 5, "those five had gone already"
    assert [target for target, _ in left].index("reminder") == 6


async def test_what_stands_before_something_urgent_in_the_same_chat_goes_as_soon() -> None:
    limiter, left = Limiter(Rates(ANYWHERE, 5)), []
    asking = [asyncio.create_task(leaving(limiter, f"ask{n}", 2, left)) for n in range(12)]
    await asyncio.sleep(0)
    limiter.hurry("ask11", 0)
    limiter.hurry("ask0", 0)  # has gone: nothing happens
    await asyncio.gather(*asking)
    order = [target for target, _ in left]
    assert order.index("ask11") == 5
    assert len(order) == len(set(order)) == 12


async def test_several_processes_have_each_their_part() -> None:
    limiter, left = Limiter(Rates(ANYWHERE, 20)), []
    limiter.share(4)
    await asyncio.gather(*(leaving(limiter, f"c{n}", 2, left) for n in range(8)))
    at = [moment for _, moment in left]
    assert at[4] - at[0] < 0.5
    assert at[5] - at[0] >= 1, "a quarter of twenty a second"


async def test_a_part_of_less_than_one_a_second_still_leaves() -> None:
    limiter, left = Limiter(Rates(ANYWHERE, 2)), []
    limiter.share(4)
    await asyncio.gather(*(leaving(limiter, f"c{n}", 2, left) for n in range(2)))
    assert left[1][1] - left[0][1] >= 2


async def test_a_chat_that_waits_delays_no_other() -> None:
    limiter, left = Limiter(Rates(1.0)), []
    began = monotonic()
    await asyncio.gather(*(leaving(limiter, target, 0, left) for target in ("a", "a", "b")))
    assert [target for target, _ in left] == ["a", "b", "a"]
    assert left[1][1] - began < 0.5
    assert left[2][1] - began >= 0.99


async def test_no_more_is_taken_in_hand_than_can_soon_leave() -> None:
    limiter, left = Limiter(Rates(ANYWHERE, 5)), []
    assert (limiter.room(), limiter.calm) == (10, True)
    asking = [asyncio.create_task(leaving(limiter, f"ask{n}", 2, left)) for n in range(13)]
    await asyncio.sleep(0.01)
    assert (limiter.room(), limiter.calm) == (2, False), "five have gone, eight wait"
    assert Limiter(Rates(1.0)).room() is None
    for task in asking:
        task.cancel()
    await asyncio.gather(*asking, return_exceptions=True)
    assert limiter.room() == 10


async def test_through_the_gate_the_lower_rank_goes_first_and_a_place_is_never_lost() -> None:
    gate, through = Gate(1), []
    hold = asyncio.Event()

    async def passes(name: str, rank: int) -> None:
        async with gate.pass_through(rank):
            through.append(name)
            await hold.wait()

    tasks = [asyncio.create_task(passes(*one)) for one in (("in", 2), ("ask", 2), ("gone", 0), ("hold", 0))]
    await asyncio.sleep(0)
    tasks[2].cancel()
    await asyncio.sleep(0)
    hold.set()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert through == ["in", "hold", "ask"]


async def test_a_place_that_was_given_to_somebody_who_goes_away_is_free_again() -> None:
    gate, through = Gate(1), []

    async def passes(name: str) -> None:
        async with gate.pass_through(0):
            through.append(name)

    async with gate.pass_through(0):
        given = asyncio.create_task(passes("gone"))
        await asyncio.sleep(0)
    given.cancel()  # the place is his already, and he has not heard of it
    await asyncio.gather(given, return_exceptions=True)
    await asyncio.wait_for(passes("next"), 1)
    assert through == ["next"]
