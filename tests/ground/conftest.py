"""Databases for commands: copies of one that was migrated once."""

import shutil
from pathlib import Path

import pytest

from tests import founded


@pytest.fixture
def database(tmp_path: Path) -> str:
    """A fresh, migrated database with nobody in it."""
    shutil.copy(founded.migrated(), tmp_path / "aftercare.db")
    return f"sqlite:///{tmp_path}/aftercare.db"


@pytest.fixture
def with_sample(tmp_path: Path) -> str:
    """One with everybody of the sample in it."""
    address = f"sqlite:///{tmp_path}/aftercare.db"
    founded.with_the_sample(address)
    return address
