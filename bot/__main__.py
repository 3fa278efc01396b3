"""The commands. `python -m bot --help` lists them; each has --help, works without prompts, and --json for scripts."""

import gc
import importlib
import os
import sys
from importlib.util import cache_from_source, find_spec
from pathlib import Path
from types import ModuleType

from bot.faults import CompanyFileFault, ImportFaults, Mistake, SettingsFault, refuse

PROGRAM = ("run", "web", "worker")
# What libraries load at once and the program never uses: Bolt's own web server, its twin and Slack's client without
# asyncio, Telegram's own HTTP client (ours is `telegram_line`), uvicorn's command line, a scheduler's pools.
# An empty module that has any name they ask for will do: 6 MiB less.
NEVER_USED = (
    "aiohttp.web",
    "apscheduler.executors.pool",
    "slack_bolt.app.app",
    "slack_bolt.app.async_server",
    "slack_sdk.web.client",
    "telegram.request._httpxrequest",
    "uvicorn.main",
)
WITHOUT_WORDS = ("-OO", "-X", "no_debug_ranges")  # nor the columns of each instruction, for carets in tracebacks
# glibc: what is read to be compiled, and other large pieces, goes back to the system as soon as it is not needed.
TIDY = {"MALLOC_MMAP_THRESHOLD_": "65536"}
# One message is too little to share: on a busy machine two threads that wait for each other take twenty times as long.
ONE_THREAD = ("OPENBLAS_NUM_THREADS", "1")
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
    "changes": "changes",
    "charges": "charges",
    "feed": "calendars",
    "outside-calendar": "calendars",
    "ledger": "ledger",
    "summary": "summary",
    "understand": "understand",
    "demo": "demo",
}


class StandIn(ModuleType):
    """A module that has whatever is asked for, and it is empty."""

    def __getattr__(self, name: str) -> type:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {})


def main() -> None:
    """Run a command; a person's mistake is told, never a traceback."""
    words = sys.argv[1:]
    os.environ.setdefault(*ONE_THREAD)
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
    """The program itself, which must start quickly and stay small."""
    leave_the_words_at_home()
    travel_light()
    asked = importlib.import_module("bot.company_file.beforehand").ask()
    importlib.import_module("bot.serving").serve(command, asked)


def leave_the_words_at_home() -> None:
    """Start over as `python -OO`, without docstrings (8 MiB), where libraries were compiled so: see the Makefile."""
    library = find_spec("telegram")
    if sys.flags.optimize >= 2 or os.name != "posix" or library is None or library.origin is None:
        return
    if Path(cache_from_source(library.origin, optimization="2")).exists():
        again = (sys.executable, *WITHOUT_WORDS, *sys.orig_argv[1:])
        os.execve(sys.executable, again, {**os.environ, **TIDY})  # noqa: S606 (ourselves)


def travel_light() -> None:
    """Before anything is loaded: go without what reads words and paints help, and without what is never used."""
    # structlog paints tracebacks with what it finds installed (commands bring it along): not needed here.
    for painter in ("pygments", "rich"):
        sys.modules[painter] = None  # type: ignore[assignment]
    for name in NEVER_USED:
        sys.modules[name] = StandIn(name)
    # What is imported stays for ever: to look for garbage in it, again and again, is a tenth of a start.
    gc.disable()


def _command(words: list[str]) -> None:
    """Any command, or the help: only what this one needs is loaded."""
    asked = GROUPS.get(words[0] if words else "")
    for group in dict.fromkeys([asked] if asked else GROUPS.values()):
        importlib.import_module(f"bot.commands.{group}")
    importlib.import_module("bot.commands.cli").cli()


if __name__ == "__main__":
    main()
