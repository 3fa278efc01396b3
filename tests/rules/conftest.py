"""What needs PostgreSQL to start is slow: `make check` looks at SQLite only, `make test` at both."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE) and "[postgresql]" in item.name:
            item.add_marker(pytest.mark.slow)
