"""`run`, `web`, `worker`: their words for `--help`; `bot.__main__` starts them without coming here."""

from bot.commands.cli import cli
from bot.serving import serve


@cli.command()
def run() -> None:
    """Everything in one process: for SQLite and a small company."""
    serve("run")


@cli.command()
def web() -> None:
    """Web hooks, health and metrics only (PostgreSQL; beside at least one worker)."""
    serve("web")


@cli.command()
def worker() -> None:
    """Outbox and timers; polling and the Slack socket where there is no web hook (PostgreSQL)."""
    serve("worker")
