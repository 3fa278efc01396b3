"""The commands, as an operator types them: each a process of its own."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot.__main__ import PROGRAM
from sandbox.server import Sandbox
from tests.commanded import commanded

SAMPLE = Path("bot/sample")


def bot(
    *words: str, database: str, company: Path = SAMPLE / "company.toml", **more: str
) -> subprocess.CompletedProcess[str]:
    """`python -m bot …`"""
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("TELEGRAM", "SLACK", "PUBLIC"))}
    environment = {**clean, "DATABASE_URL": database, "COMPANY_FILE": str(company), **more}
    if words[:1] and words[0] in PROGRAM:  # it starts over in its own way
        return subprocess.run((sys.executable, "-m", "bot", *words), env=environment, capture_output=True, text=True)
    return commanded(words, environment)


def test_typed_by_hand_it_says_the_same() -> None:
    for words in (("--help",), ("check",), ("migrat",), ("slots", "--help")):
        environment = {**os.environ, "COMPANY_FILE": str(SAMPLE / "company.toml")}
        typed = subprocess.run((sys.executable, "-m", "bot", *words), env=environment, capture_output=True, text=True)
        told = bot(*words, database="")
        assert (told.returncode, told.stdout, told.stderr) == (typed.returncode, typed.stdout, typed.stderr)


def test_an_empty_database_is_migrated_by_the_command(tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path}/aftercare.db"
    assert bot("migrate", database=database).returncode == 0
    assert rows(database, "homes") == 0


def rows(database: str, table: str) -> int:
    engine = create_engine(database)
    with engine.connect() as connection:
        found: int = connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
    engine.dispose()
    return found


def test_an_import_that_is_run_twice_changes_nothing(database: str) -> None:
    first = bot("import", str(SAMPLE), "--json", database=database)
    assert json.loads(first.stdout)["new"] == {
        "people": 14,
        "homes": 12,
        "members": 20,
        "contracts": 12,
        "devices": 27,
    }
    second = bot("import", str(SAMPLE), "--json", database=database)
    told = json.loads(second.stdout)
    assert (told["new"], told["changed"]) == ({}, {})
    assert rows(database, "homes") == 12


def test_a_dry_run_counts_and_writes_nothing(database: str) -> None:
    told = bot("import", str(SAMPLE), "--dry-run", database=database)
    assert "homes: 12 new" in told.stdout
    assert "nothing was written" in told.stdout
    assert rows(database, "homes") == 0


def test_a_file_in_place_of_the_folder_is_told_once(database: str, tmp_path: Path) -> None:
    for folder, what in ((SAMPLE / "homes.csv", "this is no folder"), (tmp_path / "none", "there is no such folder")):
        told = bot("import", str(folder), "--dry-run", database=database)
        assert told.returncode == 2
        assert told.stderr == f"{folder}: {what}; name the one with customers.csv and homes.csv.\n"


def test_one_bad_row_keeps_everything_out_and_is_told_with_file_row_column_and_remedy(
    database: str, tmp_path: Path
) -> None:
    folder = tmp_path / "files"
    shutil.copytree(SAMPLE, folder)
    customers = (folder / "customers.csv").read_text().replace("C003,Claire Dubois,fr,", "C003,Claire Dubois,german,")
    (folder / "customers.csv").write_text(customers)
    told = bot("import", str(folder), database=database)
    assert told.returncode == 2
    assert "customers.csv:4" in told.stderr
    assert "language" in told.stderr
    assert "Traceback" not in told.stderr
    assert rows(database, "people") == 0
    as_json = json.loads(bot("import", str(folder), "--json", database=database).stdout)
    assert as_json["faults"][0]["file"] == "customers.csv"


def test_a_changed_phone_number_comes_in_and_a_running_contract_keeps_its_terms(
    with_sample: str, tmp_path: Path
) -> None:
    folder = tmp_path / "files"
    shutil.copytree(SAMPLE, folder)
    customers = (folder / "customers.csv").read_text().replace("06 39 98 01 03", "06 39 98 01 33")
    (folder / "customers.csv").write_text(customers)
    contracts = (folder / "contracts.csv").read_text().replace("K002,H002,comfort", "K002,H002,signature")
    (folder / "contracts.csv").write_text(contracts)
    told = bot("import", str(folder), database=with_sample)
    assert "people: 0 new, 1 changed" in told.stdout
    assert "contract K002" in told.stdout


def test_a_company_file_with_faults_is_told_line_by_line(tmp_path: Path, database: str) -> None:
    file = tmp_path / "company.toml"
    file.write_text((SAMPLE / "company.toml").read_text().replace('currency = "EUR"', 'currency = "EURO"'))
    told = bot("check", str(file), database=database)
    assert told.returncode == 2
    assert "company.toml:4" in told.stderr
    assert json.loads(bot("check", str(file), "--json", database=database).stdout)["ok"] is False
    assert json.loads(bot("check", "--json", database=database).stdout)["ok"] is True


async def test_an_invitation_is_a_link_that_works_once(with_sample: str) -> None:
    async with Sandbox(token="5000000001:test") as sandbox:
        networks = {"TELEGRAM_TOKEN": "5000000001:test", "TELEGRAM_API": sandbox.url, "SLACK_TOKEN": "xoxb-1"}
        made = await in_thread(
            "invite", "H001", "C001", "--json", database=with_sample, **networks, SLACK_SOCKET_TOKEN="xapp-1-A-1-x"
        )
        link = json.loads(made.stdout)
        assert link["link"].startswith("https://t.me/aftercare_bot?start=")
        assert link["token"] in link["link"]
        wrong = await in_thread(
            "invite", "H001", "C003", database=with_sample, **networks, SLACK_SOCKET_TOKEN="xapp-1-A-1-x"
        )
        assert wrong.returncode == 2
        assert "does not belong" in wrong.stderr


def test_missing_settings_are_told_all_at_once_and_without_a_traceback(database: str) -> None:
    told = bot("run", database=database)
    assert told.returncode == 2
    assert "TELEGRAM_TOKEN" in told.stderr
    assert "SLACK_TOKEN" in told.stderr
    assert "Traceback" not in told.stderr


@pytest.mark.parametrize("command", ["run", "migrate", "check", "import", "invite", "retry", "demo"])
def test_every_command_has_help(command: str) -> None:
    told = bot(command, "--help", database="")
    assert told.returncode == 0
    assert "Usage" in told.stdout


def test_a_mistyped_command_names_the_right_one() -> None:
    told = bot("migrat", database="")
    assert told.returncode == 2
    assert "migrate" in told.stderr


async def in_thread(*words: str, **more: str) -> subprocess.CompletedProcess[str]:
    """The same, while the sandbox answers in this loop."""
    return await asyncio.to_thread(bot, *words, **more)
