"""An owner follows the guide: every example in it reads clean, and every key is in it."""

import re
from pathlib import Path

import pytest
from pydantic import BaseModel

import bot
from bot.company_file.examine import examine
from bot.company_file.schema import models
from domain.company import Company

GUIDE = (Path(bot.__file__).parents[1] / "docs" / "company-file.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```toml\n(.*?)```", GUIDE, flags=re.DOTALL)
BEGINNING = 'name = "Yours"\ncurrency = "EUR"\nlanguages = ["en"]\ntime_zone = "Europe/Paris"\n'
PRICE = "\n[[tariff.labour]]\nper_hour = 60\n"


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda text: " ".join(text.split())[:40])
def test_an_example_of_the_guide_reads_clean(example: str, tmp_path: Path) -> None:
    """A part of a file is put behind the four lines that every file has, with a price where it has none itself."""
    whole = example.startswith("name = ")
    text = example if whole else BEGINNING + example + ("" if "[[tariff.labour]]" in example else PRICE)
    file = tmp_path / "company.toml"
    file.write_text(text, encoding="utf-8")
    found = examine(file)
    assert [str(warning) for warning in found.warnings] == []


def test_the_guide_has_companies_that_can_run_and_an_example_for_every_recipe(tmp_path: Path) -> None:
    assert sum("[[team]]" in example for example in EXAMPLES) == 3
    assert len(EXAMPLES) > 15
    assert sum("[[published]]" in example for example in EXAMPLES) > 10


@pytest.mark.parametrize("table", [t for t in models(Company) if t.__name__ != "Words"], ids=lambda t: t.__name__)
def test_every_key_is_in_the_guide(table: type[BaseModel]) -> None:
    assert [name for name in table.model_fields if f"`{name}`" not in GUIDE and f"`{name} = " not in GUIDE] == []
