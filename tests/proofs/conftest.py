"""What the proofs share: a table that `--full` writes down."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.proofs.report import Report, write

SCRATCH = Path(".pytest_cache/proofs")


@pytest.fixture
def report(request: pytest.FixtureRequest, full: bool) -> Iterator[Report]:
    """The table of the test's proof."""
    module = request.module
    name = module.__name__.rsplit(".", 1)[-1].removeprefix("test_")
    made = Report(name, module.SEED, request.node.name, SCRATCH if full else None, (module.__doc__ or "").strip())
    yield made
    made.keep()


def pytest_sessionstart(session: pytest.Session) -> None:
    """What an earlier run left is no part of this one."""
    if not hasattr(session.config, "workerinput"):
        for old in SCRATCH.glob("*.json"):
            old.unlink()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """The pages are written once, by the process that waits for the others."""
    if session.config.getoption("--full") and not hasattr(session.config, "workerinput"):
        write(SCRATCH)
