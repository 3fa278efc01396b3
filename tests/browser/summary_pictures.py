"""The pictures of what managers read: the chart of a phone and the page for the printer, of an invented company."""

import random
import subprocess
import sys
import tempfile
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.chrome.options import Options
from selenium.webdriver.chrome.service import Service
from sqlalchemy.orm import Session

from bot import schema
from bot.database import sqlite_engine
from domain.recommending import Recommendation
from domain.surveys import Survey
from tests.browser.page import FLAGS, PICTURES, ROOT
from tests.domain.summary_world import BAD, GOOD, World, invented

DAYS = ("--since", "2025-12-08", "--until", "2026-03-01")
ENVIRONMENT = {"COMPANY_FILE": str(ROOT / "bot/sample/company.toml"), "PYTHONPATH": str(ROOT)}


def summaries(languages: tuple[str, ...] = ("en", "fr", "es", "it"), into: Path = PICTURES) -> None:
    """A chart and a page in each language."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{folder}/aftercare.db"
        schema.migrate(url)
        engine = sqlite_engine(url)
        with Session(engine) as session, session.begin():
            _satisfied(invented(3, 420)).write(session)
        engine.dispose()
        for language in languages:
            chart, page = into / f"satisfaction-{language}.png", Path(folder) / f"{language}.html"
            chart.unlink(missing_ok=True)
            _told(url, language, "png", chart)
            _told(url, language, "html", page)
            _shown(page, into / f"summary-{language}.png")


def _satisfied(world: World) -> World:
    """Most are: the dice of the tests have no favourites."""
    dice = random.Random(5)
    for row in world.rows[Survey]:
        if row["score"] is not None:
            row["score"] = dice.choices((5, 4, 3, 2, 1), (56, 24, 9, 6, 5))[0]
            row["reasons"] = dice.sample(GOOD if row["score"] >= 4 else BAD, dice.randint(0, 2))
    for row in world.rows[Recommendation]:
        if row["score"] is not None:
            row["score"] = dice.choice((10, 10, 9, 9, 8, 7, 5))
    return world


def _told(url: str, language: str, format: str, out: Path) -> None:
    words = ("summary", *DAYS, "--by", "area", "--format", format, "--language", language, "--out", str(out))
    environment = {**ENVIRONMENT, "DATABASE_URL": url}
    subprocess.run((sys.executable, "-m", "bot", *words), check=True, env=environment, stdout=subprocess.DEVNULL)


def _shown(page: Path, picture: Path) -> None:
    """The first sheet, as Chromium shows it."""
    options = Options()
    for flag in (*FLAGS, "--hide-scrollbars", "--window-size=760,1180"):
        options.add_argument(flag)
    options.binary_location = "/usr/bin/chromium"
    driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
    driver.get(page.as_uri())
    driver.save_screenshot(str(picture))
    driver.quit()
