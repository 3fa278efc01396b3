"""The commands. `python -m bot --help` lists them; each has --help, works without prompts, and --json for scripts."""

import importlib
import sys

from bot.commands.cli import Mistake, cli, refuse
from bot.faults import CompanyFileFault, ImportFaults, SettingsFault

GROUPS = {
    "run": "serving",
    "web": "serving",
    "worker": "serving",
    "migrate": "database",
    "check": "prices",
    "quote": "prices",
    "schema": "prices",
    "import": "company",
    "invite": "people",
    "retry": "letters",
    "contract": "contracts",
    "charges": "charges",
    "demo": "demo",
}


def main() -> None:
    """Run a command; a person's mistake is told, never a traceback."""
    asked = GROUPS.get(sys.argv[1] if len(sys.argv) > 1 else "")
    for group in dict.fromkeys([asked] if asked else GROUPS.values()):
        # Only what this command needs: the program itself must start quickly and stay small.
        importlib.import_module(f"bot.commands.{group}")
    try:
        cli()
    except (SettingsFault, CompanyFileFault, ImportFaults) as fault:
        refuse(fault.faults)
    except Mistake as mistake:
        refuse([mistake])


if __name__ == "__main__":
    main()
