"""Two managers press at the same moment: one starts it; and what is stopped while it goes on reaches nobody else."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from bot.postgresql import PostgreSQL
from domain import campaigns
from domain.campaigns import Campaign, CampaignState
from domain.prompts import Prompt, PromptState
from domain.work import Refusal, Work
from tests.domain.ground import MONDAY, SAMPLE
from tests.domain.test_campaigns import owner, wish

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("races")]
Deed = Callable[[Work, Campaign], None]


async def at_once(server: str, before: Deed, *deeds: Deed) -> tuple[list[Any], CampaignState, int]:
    """What came of deeds that begin together: a refusal's name or nothing; where it stands; how many are planned."""
    database = PostgreSQL(server)

    def ready(session: Session) -> int:
        work = Work(session, MONDAY, "test")
        for n in range(6):
            owner(work, f"P{session.scalar(select(func.count()).select_from(Campaign))}-{n}")
        made = campaigns.draft(work, SAMPLE, wish(), "marc")
        before(work, made)
        return made.id

    number = await database.write(ready)

    def done(deed: Deed) -> Callable[[Session], str | None]:
        def unit(session: Session) -> str | None:
            work = Work(session, MONDAY, "test")
            try:
                deed(work, campaigns.held(work, number))
            except Refusal as no:
                return type(no).__name__
            session.flush()
            session.execute(text("SELECT pg_sleep(0.2)"))
            return None

        return unit

    found = list(await asyncio.gather(*(database.write(done(deed)) for deed in deeds)))

    def ended(session: Session) -> tuple[CampaignState, int]:
        planned = select(func.count()).where(Prompt.campaign_id == number, Prompt.state == PromptState.PLANNED)
        return session.get_one(Campaign, number).state, session.scalar(planned) or 0

    state, planned = await database.read(ended)
    await database.close()
    return found, state, planned


def starts(work: Work, campaign: Campaign) -> None:
    campaigns.start(work, SAMPLE, campaign, "marc")


async def test_of_many_who_press_start_one_does(server_record: str) -> None:
    found, state, _ = await at_once(server_record, lambda _work, _campaign: None, *[starts] * 6)
    assert sorted(map(str, found)) == ["CampaignStands"] * 5 + ["None"]
    assert state is CampaignState.RUNNING


async def test_stopped_while_it_goes_on_nobody_waits_for_it(server_record: str) -> None:
    def goes(work: Work, campaign: Campaign) -> None:
        campaigns.go_on(work, SAMPLE.model_copy(), campaign)

    def stops(work: Work, campaign: Campaign) -> None:
        campaigns.stop(work, campaign, "marc")

    def runs(work: Work, campaign: Campaign) -> None:
        starts(work, campaign)
        campaign.a_day = 2

    for order in ((goes, stops), (stops, goes)):
        _, state, planned = await at_once(server_record, runs, *order)
        assert (state, planned) == (CampaignState.STOPPED, 0)
