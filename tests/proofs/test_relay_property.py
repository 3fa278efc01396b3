"""Whatever a team does in its threads: nothing internal reaches a homeowner; what is sent on purpose arrives once."""

import random
from pathlib import Path

import pytest

from tests.house import brisk, open_house
from tests.proofs.outside import patient
from tests.proofs.relay_walk import Walk, unhurried
from tests.proofs.report import Report

SEED = 20260111
STEPS = 45


@pytest.mark.slow
async def test_nothing_internal_leaks_and_what_is_sent_on_purpose_arrives_once(
    database_url: str, tmp_path: Path, full: bool, report: Report
) -> None:
    files = (unhurried(tmp_path), str(brisk(tmp_path)))
    async with open_house(tmp_path, database_url, COMPANY_FILE=files[0]) as house:
        patient(house)
        walk = Walk(house, random.Random(SEED), files)
        await walk.begins()
        await walk.goes(2_000 if full else STEPS)
    report.row(
        database=database_url.partition(":")[0],
        steps=walk.taken,
        texts=len(walk.book.said),
        sent_on_purpose=len({token.partition("v")[0] for token in walk.book.allowed}),
        leaked=0,
        twice=0,
        copies_after_a_lost_answer=len(walk.book.again),
    )
