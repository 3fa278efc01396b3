"""The commands. `python -m bot --help` lists them; each has --help, works without prompts, and --json for scripts."""

import gc
import importlib
import sys

from bot.faults import CompanyFileFault, ImportFaults, Mistake, SettingsFault, refuse

PROGRAM = ("run", "web", "worker")
GROUPS = {
    **dict.fromkeys(PROGRAM, "serving"),
    "migrate": "database",
    "check": "prices",
    "quote": "prices",
    "schema": "prices",
    "slots": "slots",
    "import": "company",
    "invite": "people",
    "retry": "letters",
    "contract": "contracts",
    "charges": "charges",
    "feed": "calendars",
    "outside-calendar": "calendars",
    "ledger": "ledger",
    "demo": "demo",
}


def main() -> None:
    """Run a command; a person's mistake is told, never a traceback."""
    words = sys.argv[1:]
    try:
        if len(words) == 1 and words[0] in PROGRAM:
            _serve(words[0])
        else:
            _command(words)
    except (SettingsFault, CompanyFileFault, ImportFaults) as fault:
        refuse(fault.faults)
    except Mistake as mistake:
        refuse([mistake])
    except KeyboardInterrupt:
        raise SystemExit(130) from None


def _serve(command: str) -> None:
    """The program itself, which must start quickly and stay small: without what reads words and paints help."""
    # httpx has a command line of its own, structlog a painter of tracebacks: neither is needed here, and what both
    # would load where it is installed (commands bring it along) is a tenth of the memory.
    for painter in ("pygments", "rich"):
        sys.modules[painter] = None  # type: ignore[assignment]
    # What is imported stays for ever: to look for garbage in it, again and again, is a tenth of a start.
    gc.disable()
    holidays = importlib.import_module("bot.company_file.holiday_days").ask()
    importlib.import_module("bot.serving").serve(command, holidays)


def _command(words: list[str]) -> None:
    """Any command, or the help: only what this one needs is loaded."""
    asked = GROUPS.get(words[0] if words else "")
    for group in dict.fromkeys([asked] if asked else GROUPS.values()):
        importlib.import_module(f"bot.commands.{group}")
    importlib.import_module("bot.commands.cli").cli()


if __name__ == "__main__":
    main()
