"""Where the company file is: told here once. The program asks this first of all, so nothing is imported for it."""

import os
from collections.abc import Mapping
from pathlib import Path

VARIABLE = "COMPANY_FILE"
DEFAULT = Path("company.toml")


def company_path(environment: Mapping[str, str] = os.environ) -> Path:
    """The company file that COMPANY_FILE names."""
    named = environment.get(VARIABLE, "").strip()
    return Path(named) if named else DEFAULT
