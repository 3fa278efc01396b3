"""The demo: a fresh database, the sample company, a local Telegram and Slack, and the product: separate processes."""

import asyncio
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import schema
from bot.clock import real
from bot.commands.cli import cli
from bot.company_file import reading
from bot.company_file.beside import WRITTEN
from bot.database import connect
from bot.faults import Mistake
from bot.import_deed import bring_in
from bot.importing import parse
from domain.company import Company
from domain.homes import Home, Member, invite
from domain.people import Person
from domain.work import Work

SAMPLE = Path(__file__).parents[1] / "sample"
PEOPLE = ("C001", "C003", "C005", "C011", "C007", "C013")  # shown on the page, each with an invitation
SECONDS = 20  # that everything may take to stand


@cli.command()
def demo(
    port: Annotated[int, typer.Option(help="Where the page is served; another free port if it is taken.")] = 8080,
    keep: Annotated[bool, typer.Option("--keep", help="Go on with the last demo instead of a fresh one.")] = False,
) -> None:
    """The whole product on this machine, without any account: prints the address of its page."""
    signal.signal(signal.SIGTERM, _interrupted)
    folder = Path("var/demo")
    if folder.exists() and not keep:
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    page, product = _free(port), _free()
    environment = _environment(folder, page, product)
    own = Path(environment["COMPANY_FILE"])
    if not own.exists():
        _bring_company(own)
    company = reading.read(own)
    team = asyncio.run(_prepare(environment["DATABASE_URL"], company))
    (folder / "team.json").write_text(json.dumps(team, ensure_ascii=False), encoding="utf-8")
    processes = [_sandbox(folder, page, product, environment), _product(folder, environment)]
    try:
        _wait(f"127.0.0.1:{page}", processes, folder)
        _wait(f"127.0.0.1:{product}", processes, folder)
        print(f"\n  Aftercare is running: http://127.0.0.1:{page}/\n")
        print("  Open the page, choose who you are, and open the invitation.")
        print(f"  The company is {own}: change it and save it, it is read anew. Ctrl-C ends it all.\n", flush=True)
        _watch(processes, folder)
    except KeyboardInterrupt:
        print("\nEnded.")
    finally:
        _end(processes)


def _environment(folder: Path, page: int, product: int) -> dict[str, str]:
    sandbox = f"http://127.0.0.1:{page}"
    return {
        **{k: v for k, v in os.environ.items() if not k.startswith(("TELEGRAM_", "SLACK_", "PUBLIC_"))},
        "TELEGRAM_TOKEN": "5000000001:demo-of-the-local-telegram",
        "TELEGRAM_API": sandbox,
        "TELEGRAM_PAYMENT_TOKEN": "284685063:TEST:demo",  # nothing moves: the local Telegram plays the provider
        "SLACK_TOKEN": "xoxb-demo",
        "SLACK_SOCKET_TOKEN": "xapp-1-A0AFTER01-1-demo",
        "SLACK_API": f"{sandbox}/api/",
        "DATABASE_URL": f"sqlite:///{folder}/aftercare.db",
        "COMPANY_FILE": str(folder / "company.toml"),
        "CLOCK_FILE": str(folder / "clock"),
        "PORT": str(product),
        "FEED_TOKEN": secrets.token_urlsafe(24),
        "TELEGRAM_PER_CHAT": "20/s",  # nobody should wait for a real network's rates here
        "SLACK_PER_CHANNEL": "20/s",
        "POLL_TIMEOUT": "10",
        "BACKOFF_SECONDS": "2",
        "SLACK_REBUILD_SECONDS": "2",
    }


def _bring_company(own: Path) -> None:
    """The sample company, with all that it wrote: his own copy, to change."""
    shutil.copyfile(SAMPLE / "company.toml", own)
    for written in WRITTEN:
        shutil.copytree(SAMPLE / written.folder, own.parent / written.folder, dirs_exist_ok=True)


async def _prepare(url: str, company: Company) -> dict[str, Any]:
    """The database with the sample company in it, and who appears on the page."""
    schema.migrate(url)
    database = connect(url)
    parsed = parse(SAMPLE, company)

    def unit(session: Session) -> list[dict[str, Any]]:
        work = Work(session, real(), "demo")
        bring_in(work, company, parsed)
        return [_person(work, ref) for ref in PEOPLE]

    people = await database.write(unit)
    await database.close()
    stranger = {"first_name": "Sam", "last_name": "Carter", "language": "en", "phone": "+447700900555"}
    return {
        "people": [*people, stranger],
        "zone": company.time_zone,
        "commands": [
            {"command": "/aftercare", "hint": "find a customer, log a call, invite; prices, for managers"},
            {"command": "/calendar", "hint": "absences, extra shifts, closing days"},
            {"command": "/day", "hint": "today’s visits; /day tomorrow, /day all"},
            {"command": "/satisfaction", "hint": "the last thirty days, for managers"},
        ],
        "shortcuts": [
            {"callback_id": "send_to_customer", "label": "Send to customer"},
            {"callback_id": "pin_promise", "label": "Pin as a promise"},
        ],
        "users": [{"name": m.name, "id": m.slack, "role": m.roles[0]} for m in company.team]
        + [{"name": "Robin Guest", "id": "U0GUEST", "is_guest": True}],
        "channels": [
            {"name": name, "id": id_, "members": [m.slack for m in company.team]}
            for name, id_ in (("service", company.channels.requests), *_more_channels(company))
        ],
    }


def _more_channels(company: Company) -> list[tuple[str, str]]:
    channels = company.channels
    named = (("urgent", channels.emergencies), ("satisfaction", channels.satisfaction), ("trouble", channels.trouble))
    return [(name, id_) for name, id_ in named if id_]


def _person(work: Work, ref: str) -> dict[str, Any]:
    person = work.session.scalars(select(Person).where(Person.ref == ref)).one()
    home = work.session.scalars(
        select(Home).join(Member, Member.home_id == Home.id).where(Member.person_id == person.id)
    ).first()
    first, _, last = person.name.partition(" ")
    shown: dict[str, Any] = {"first_name": first, "last_name": last, "language": person.language}
    if person.phone:
        shown["phone"] = person.phone
    if home is not None and person.telegram is None:
        shown["invitation"] = invite(work, home, person)
    return shown


def _sandbox(folder: Path, page: int, product: int, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    feed = ("--feed", f"http://127.0.0.1:{product}/feed", "--feed-token", environment["FEED_TOKEN"])
    files = ("--team", str(folder / "team.json"), "--clock-file", environment["CLOCK_FILE"])
    command = (sys.executable, "-m", "sandbox", "--port", str(page), *files, *feed)
    return _start(command, environment, folder / "sandbox.log")


def _product(folder: Path, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    return _start((sys.executable, "-m", "bot", "run"), environment, folder / "product.log")


def _start(command: tuple[str, ...], environment: Mapping[str, str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as out:
        # A session of its own: Ctrl-C is ours to hand on, in order.
        return subprocess.Popen(  # noqa: S603 (our own program)
            command, env=dict(environment), stdout=out, stderr=subprocess.STDOUT, start_new_session=True
        )


def _wait(place: str, processes: list[subprocess.Popen[bytes]], folder: Path) -> None:
    host, _, port = place.partition(":")
    end = time.monotonic() + SECONDS
    while time.monotonic() < end:
        _alive(processes, folder)
        try:
            socket.create_connection((host, int(port)), timeout=1).close()
            return
        except OSError:
            time.sleep(0.05)
    raise Mistake(f"Nothing answers at {place}; see the logs in {folder}.")


def _watch(processes: list[subprocess.Popen[bytes]], folder: Path) -> NoReturn:
    while True:
        _alive(processes, folder)
        time.sleep(0.5)


def _interrupted(_number: int, _frame: object) -> NoReturn:
    raise KeyboardInterrupt


def _alive(processes: list[subprocess.Popen[bytes]], folder: Path) -> None:
    for process, name in zip(processes, ("sandbox", "product"), strict=True):
        if process.poll() is not None:
            lines = (folder / f"{name}.log").read_text(encoding="utf-8", errors="replace").splitlines()[-15:]
            raise Mistake(f"The {name} ended by itself:\n" + "\n".join(lines))


def _end(processes: list[subprocess.Popen[bytes]]) -> None:
    """The product first, so that it can say good-bye to the networks; a second Ctrl-C must not leave half of it."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    for process in reversed(processes):
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _free(wanted: int = 0) -> int:
    """A port that nobody uses: the wanted one if it can be had."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            return _free()
        port: int = probe.getsockname()[1]
        return port
