"""Commands for tests: each is a process of its own, forked from one that has loaded the program already.

Typed by hand a command is a second of loading; a test that types ten of them would do little else.
"""

import atexit
import json
import subprocess
import sys
import tempfile
import threading
from collections.abc import Mapping
from functools import cache
from pathlib import Path

SERVER = """
import gc, importlib, json, os, sys
from pathlib import Path
from sqlalchemy.orm import configure_mappers
from bot import __main__ as program
from bot.commands.cli import cli
from bot.company_file import reading
for group in dict.fromkeys(program.GROUPS.values()):
    importlib.import_module(f"bot.commands.{group}")
configure_mappers()
reading.read(Path("bot/sample/company.toml"))  # what is made ready for any company: holidays, phone numbers, schemas
gc.freeze()
sys.modules["__main__"].__package__ = "bot"  # the name it calls itself by
print("ready", flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    child = os.fork()
    if child == 0:
        for number, name in enumerate(("in", "out", "err")):
            os.dup2(os.open(asked[name], os.O_RDWR | os.O_CREAT), number)
        os.environ.clear()
        os.environ.update(asked["environment"])
        os.chdir(asked["folder"])
        sys.argv = [program.__file__, *asked["words"]]
        sys.stdin = open(0)
        code = 0
        try:
            program.main()
        except SystemExit as left:
            code = left.code if isinstance(left.code, int) else int(left.code is not None)
        except BaseException:
            import traceback
            traceback.print_exc()
            code = 1
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    _, status = os.waitpid(child, 0)
    print(os.waitstatus_to_exitcode(status), flush=True)
"""


ONE_AT_A_TIME = threading.Lock()


@cache
def _server() -> subprocess.Popen[str]:
    server = subprocess.Popen((sys.executable, "-c", SERVER), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    atexit.register(server.kill)
    assert server.stdout is not None
    assert server.stdout.readline() == "ready\n"
    return server


def commanded(
    words: tuple[str, ...], environment: Mapping[str, str], said: str = ""
) -> subprocess.CompletedProcess[str]:
    """`python -m bot …` with that environment; `said` is what it reads from its standard input."""
    with ONE_AT_A_TIME, tempfile.TemporaryDirectory() as folder:
        server = _server()
        assert server.stdin is not None
        assert server.stdout is not None
        files = {name: Path(folder) / name for name in ("in", "out", "err")}
        files["in"].write_text(said)
        asked: dict[str, object] = {name: str(file) for name, file in files.items()}
        asked |= {"words": words, "environment": dict(environment), "folder": str(Path.cwd())}
        server.stdin.write(json.dumps(asked) + "\n")
        server.stdin.flush()
        code = int(server.stdout.readline())
        return subprocess.CompletedProcess(words, code, files["out"].read_text(), files["err"].read_text())
