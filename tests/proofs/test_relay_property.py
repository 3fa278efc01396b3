"""Whatever a team does in its threads: nothing internal reaches a homeowner; what is sent on purpose arrives once."""

import random
from pathlib import Path

import pytest

from tests.house import brisk, open_house
from tests.proofs.outside import outside, patient
from tests.proofs.relay_ground import unhurried
from tests.proofs.relay_killed import KilledWalk
from tests.proofs.relay_walk import Walk
from tests.proofs.report import Report

SEED = 20260111
SAMPLE = 40
FULL = {"walks": 2_000, "is killed": 300}  # steps on each database


def database_of(url: str) -> str:
    return url.partition(":")[0]


@pytest.mark.slow
async def test_nothing_internal_leaks_and_what_is_sent_on_purpose_arrives_once(
    database_url: str, tmp_path: Path, full: bool, report: Report
) -> None:
    files = (unhurried(tmp_path), str(brisk(tmp_path)))
    async with open_house(tmp_path, database_url, COMPANY_FILE=files[0]) as house:
        patient(house)
        walk = Walk(house, random.Random(SEED), files)
        await walk.begins(few=not full)
        await walk.goes(FULL["walks"] if full else SAMPLE)
    tell(report, walk, database_url, kills=0)


@pytest.mark.slow
async def test_nor_does_it_when_the_program_is_killed_in_the_middle(
    database_url: str, tmp_path: Path, full: bool, report: Report
) -> None:
    if not full:
        pytest.skip("a process that is killed again and again takes its time: only with --full")
    files = (unhurried(tmp_path), str(brisk(tmp_path)))
    async with outside(tmp_path, database_url, COMPANY_FILE=files[0]) as out:
        await out.starts()
        walk = KilledWalk(out.house, random.Random(SEED + 1), files, out=out)
        walk.often = {"does_it_and_starts_again": 14, "starts_again": 4, "a_moment_passes": 12}
        await walk.begins()
        await walk.goes(FULL["is killed"])
    tell(report, walk, database_url, kills=walk.kills)


def tell(report: Report, walk: Walk, url: str, *, kills: int) -> None:
    """What was walked, and what was found (nothing, or the proof is red)."""
    report.name = "relay"
    report.row(
        database=database_of(url),
        steps=walk.taken,
        kills=kills,
        texts=len(walk.book.said),
        sent_on_purpose=len({token.partition("v")[0] for token in walk.book.allowed}),
        leaked=0,
        twice=0,
        copies_after_a_lost_answer=len(walk.book.again),
    )
