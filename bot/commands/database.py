"""`migrate`: the schema."""

from bot.commands.cli import cli
from bot.commands.tasks import database_url
from bot.schema import migrate as migrate_database


@cli.command()
def migrate() -> None:
    """Bring the database to the newest schema."""
    migrate_database(database_url())
    print("The database is up to date.")
