"""The summary, as a manager asks for it: on a terminal, for a script, a spreadsheet, a printer and a phone."""

import csv
import io
import json
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from bot.database import sqlite_engine
from tests.domain.summary_world import World, invented
from tests.ground.test_commands import bot

EVIL = '=HYPERLINK("http://evil.example";"Click")'
SINCE = ("--since", "2026-02-01", "--until", "2026-03-01")


@pytest.fixture(scope="module")
def world() -> World:
    """Three months; somebody wrote what would like to be a formula, or part of a page."""
    made = invented(11)
    for survey in (rows := made.rows[_surveys(made)]):
        if survey["remark"]:
            survey["remark"] = f"{EVIL}<script>alert(1)</script>"
    assert rows
    return made


def _surveys(world: World) -> type:
    return next(kind for kind in world.rows if kind.__name__ == "Survey")


@pytest.fixture
def told(database: str, world: World) -> str:
    """Its record."""
    engine = sqlite_engine(database)
    with Session(engine) as session, session.begin():
        world.write(session)
    engine.dispose()
    return database


def test_every_format_tells_the_same_figures(told: str, tmp_path: Path) -> None:
    said = json.loads(bot("summary", *SINCE, "--format", "json", "--by", "area", database=told).stdout)
    asked, mean = said["satisfaction"]["asked"], said["satisfaction"]["mean"]
    assert asked > 20
    rows = list(csv.DictReader(io.StringIO(bot("summary", *SINCE, "--format", "csv", database=told).stdout)))
    first = {row["figure"]: row for row in rows if row["part"] == "satisfaction"}
    assert first["asked"]["value"] == str(asked)
    assert float(first["mean"]["low"]) == pytest.approx(mean["low"], abs=1e-4)
    text = bot("summary", *SINCE, database=told).stdout
    assert f"Asked                        {asked}\n" in text
    assert sum(point["asked"] for point in said["trend"]) == asked
    assert sum(group.get("asked", 0) for group in said["groups"]) == asked
    assert said["change"]["satisfied"]["more_than_chance"] in (True, False)


@pytest.mark.parametrize(
    ("language", "word"),
    [("en", "Response rate"), ("fr", "Taux de réponse"), ("es", "Satisfechos"), ("it", "Tasso di")],
)
def test_the_page_is_whole_in_itself_and_in_the_readers_language(
    told: str, tmp_path: Path, language: str, word: str
) -> None:
    file = tmp_path / "summary.html"
    asked = bot("summary", *SINCE, "--format", "html", "--language", language, "--out", str(file), database=told)
    assert (asked.returncode, asked.stderr, asked.stdout) == (0, "", f"{file}\n")
    page = file.read_text(encoding="utf-8")
    assert f'<html lang="{language}">' in page
    assert word in page
    assert "<svg role=" in page
    for outside in ("src=", "<link", "<script", "@import", "url(http"):
        assert outside not in page
    assert "HYPERLINK" not in page


def test_what_people_wrote_is_printed_only_when_it_is_asked_for_and_never_as_markup(told: str) -> None:
    page = bot("summary", *SINCE, "--format", "html", "--personal", database=told).stdout
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>" not in page
    for format in ("json", "csv", "text", "html"):
        assert "HYPERLINK" not in bot("summary", *SINCE, "--format", format, database=told).stdout
    assert "HYPERLINK" in bot("summary", *SINCE, "--format", "json", "--personal", database=told).stdout


def test_the_picture_is_one_for_a_phone(told: str, tmp_path: Path) -> None:
    file = tmp_path / "summary.png"
    assert bot("summary", *SINCE, "--format", "png", "--out", str(file), database=told).returncode == 0
    drawn = file.read_bytes()
    assert drawn[:8] == b"\x89PNG\r\n\x1a\n"
    assert (int.from_bytes(drawn[16:20]), int.from_bytes(drawn[20:24])) == (900, 1050)


@pytest.mark.parametrize("of", ["survey", "recommendation", "recovery", "request", "booking", "upgrade"])
def test_the_rows_behind_a_figure_name_nobody_unless_that_is_asked_for(told: str, of: str) -> None:
    rows = list(csv.DictReader(io.StringIO(bot("summary", *SINCE, "--rows", of, database=told).stdout)))
    assert rows
    assert not {"home", "customer", "technician", "owner", "remark", "words", "device"} & set(rows[0])
    named = list(csv.DictReader(io.StringIO(bot("summary", *SINCE, "--rows", of, "--personal", database=told).stdout)))
    assert len(named) == len(rows)
    assert "customer" in named[0]
    assert all(not row.get("remark") or row["remark"].startswith("'=") for row in named)


def test_there_are_as_many_rows_as_were_asked(told: str) -> None:
    said = json.loads(bot("summary", *SINCE, "--format", "json", database=told).stdout)
    rows = list(csv.DictReader(io.StringIO(bot("summary", *SINCE, "--rows", "survey", database=told).stdout)))
    assert len(rows) == said["satisfaction"]["asked"]
    assert sum(row["score"] == "5" for row in rows) == said["satisfaction"]["scores"]["5"]


def test_the_calendar_says_which_days(told: str) -> None:
    def days(*words: str) -> tuple[str, str]:
        said = json.loads(bot("summary", "--format", "json", *words, database=told, CLOCK_FILE="").stdout)
        return said["from"], said["until"]

    assert days("--since", "2026-03-29", "--until", "2026-03-29") == (
        "2026-03-28T23:00:00+00:00", "2026-03-29T22:00:00+00:00"
    )  # fmt: skip
    assert days("--span", "last-month")[1] == days("--span", "month")[0]


@pytest.mark.parametrize(
    ("words", "remedy"),
    [
        (("--format", "png"), "--out"),
        (("--span", "week", "--since", "2026-01-01"), "leave one out"),
        (("--since", "2026-03-02", "--until", "2026-03-01"), "exchange them"),
        (("--language", "de"), "en, fr, es, it"),
        (("--out", "bot"), "another file"),
        (("--out", "nowhere/summary.txt"), "cannot be written"),
    ],
)
def test_a_mistake_is_told_with_its_remedy(told: str, words: tuple[str, ...], remedy: str) -> None:
    asked = bot("summary", *words, database=told)
    assert asked.returncode == 2
    assert remedy in asked.stderr
    assert "Traceback" not in asked.stderr


def test_of_an_empty_record_it_says_so(database: str, tmp_path: Path) -> None:
    assert "Asked" in bot("summary", database=database).stdout
    for format in ("html", "png"):
        file = tmp_path / f"summary.{format}"
        assert bot("summary", "--format", format, "--out", str(file), database=database).returncode == 0
