"""Who is on the demo's page."""

import asyncio
from pathlib import Path

from bot.commands.demo import SAMPLE, _bring_company, _prepare
from bot.company_file import reading


def test_everybody_of_the_team_is_in_every_channel_so_that_answers_stand_where_one_asked(tmp_path: Path) -> None:
    company = reading.read(SAMPLE / "company.toml")
    shown = asyncio.run(_prepare(f"sqlite:///{tmp_path}/demo.db", company))
    everybody = {member.slack for member in company.team}
    assert {channel["name"] for channel in shown["channels"]} == {"service", "urgent", "satisfaction", "trouble"}
    assert all(set(channel["members"]) == everybody for channel in shown["channels"])
    assert {"en", "fr", "es", "it"} <= {person["language"] for person in shown["people"]}


def test_the_company_of_the_demo_answers_questions_and_knows_first_aid(tmp_path: Path) -> None:
    _bring_company(tmp_path / "company.toml")
    company = reading.read(tmp_path / "company.toml")
    assert all(company.answers(language) and company.remedies(language) for language in company.languages)
