"""What is about nobody in particular, over HTTP: the time, the weather on the networks, who is there, the recording."""

from dataclasses import asdict, dataclass, field, fields
from datetime import datetime, time, timedelta
from typing import Any, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sandbox.control.asked import Asked, Json, RefusedError
from sandbox.faults import Fault, Kind
from sandbox.recording import Call, Network
from sandbox.server import Sandbox

MORNING = time(9)
STEPS = {"+1 hour": timedelta(hours=1), "+1 day": timedelta(days=1), "+1 week": timedelta(weeks=1)}
LONGEST = 300  # characters of a text in the recording as shown


@dataclass
class Team:
    """What a team file says beyond the people's own data."""

    zone: str = "UTC"
    invitations: dict[int, str] = field(default_factory=dict)  # by person
    roles: dict[str, str] = field(default_factory=dict)  # by user
    commands: list[Json] = field(default_factory=list)  # slash commands to offer: command, hint
    shortcuts: list[Json] = field(default_factory=list)  # message shortcuts: callback_id, label


def settle(sandbox: Sandbox, team: Team, given: Json) -> None:
    """Bring in the people of a team file: each entry holds the arguments of `telegram.person`, `slack.user` or
    `slack.channel` by name, a person perhaps an `invitation`, a user perhaps a `role`."""
    for entry in given.get("people", []):
        add_person(sandbox, team, entry)
    for entry in given.get("users", []):
        add_user(sandbox, team, entry)
    for entry in given.get("channels", []):
        add_channel(sandbox, entry)
    team.zone = given.get("zone", team.zone)
    zone_of(team.zone)
    team.commands += given.get("commands", [])
    team.shortcuts += given.get("shortcuts", [])


def add_person(sandbox: Sandbox, team: Team, entry: Json) -> Json:
    entry = {**entry}
    invitation = entry.pop("invitation", None)
    person = made(sandbox.telegram.person, entry)
    if invitation:
        team.invitations[person.id] = str(invitation)
    sandbox.changed.note()
    return {"id": person.id}


def add_user(sandbox: Sandbox, team: Team, entry: Json) -> Json:
    entry = {**entry}
    role = entry.pop("role", None)
    user = made(sandbox.slack.user, entry)
    if role:
        team.roles[user.id] = str(role)
    return {"id": user.id}


def add_channel(sandbox: Sandbox, entry: Json) -> Json:
    """A channel; its `members` are ids of users who are there already."""
    entry = {**entry}
    try:
        entry["members"] = [sandbox.slack.people[id] for id in entry.get("members") or []]
    except KeyError as error:
        raise RefusedError(f"there is no user {error}", 404) from None
    return {"id": made(sandbox.slack.channel, entry).id}


def add_group(sandbox: Sandbox, entry: Json) -> Json:
    entry = {**entry}
    try:
        entry["people"] = [sandbox.telegram.people[int(id)] for id in entry.get("people") or []]
    except (KeyError, ValueError) as error:
        raise RefusedError(f"there is no person {error}", 404) from None
    if not entry["people"]:
        raise RefusedError("a group needs people")
    return {"id": made(sandbox.telegram.group, entry).id}


def made(make: Any, entry: Json) -> Any:
    try:
        return make(**entry)
    except (TypeError, ValueError, AttributeError) as error:
        raise RefusedError(str(error)) from None


# Time


def clock_json(sandbox: Sandbox, zone: str) -> Json:
    clock = sandbox.clock
    return {
        "now": clock.now().isoformat(),
        "offset": clock.offset,
        "zone": zone,
        "movable": clock.file is not None,
    }


def move_clock(sandbox: Sandbox, team: Team, asked: Asked) -> Json:
    """By `move`: "+1 hour", "+1 day", "+1 week" or "tomorrow morning" (the next 09:00 in `zone`); or by `seconds`."""
    if asked.has("seconds"):
        by = timedelta(seconds=asked.real("seconds"))
    elif (step := asked.text("move")) == "tomorrow morning":
        now = sandbox.clock.now()
        by = next_morning(now, zone_of(asked.text("zone", team.zone))) - now
    elif step in STEPS:
        by = STEPS[step]
    else:
        raise RefusedError(f"the clock moves by {', '.join(STEPS)} or to tomorrow morning, not {step!r}")
    if by < timedelta():
        raise RefusedError("time moves forward only")
    if sandbox.clock.file is None:
        raise RefusedError("no clock file was given, so the time cannot be moved", 409)
    sandbox.clock.move(by)
    sandbox.changed.note()
    return clock_json(sandbox, team.zone)


def next_morning(now: datetime, zone: ZoneInfo) -> datetime:
    """The next 09:00 on the wall there."""
    there = now.astimezone(zone)
    day = there.date() if there.time() < MORNING else there.date() + timedelta(days=1)
    return datetime.combine(day, MORNING, zone).astimezone(now.tzinfo)


def zone_of(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise RefusedError(f"there is no time zone {name!r}") from None


# Weather


def network_of(asked: Asked) -> Network:
    name = asked.text("network")
    if name not in get_args(Network):
        raise RefusedError("the networks are telegram and slack")
    return "telegram" if name == "telegram" else "slack"


def is_away(sandbox: Sandbox, network: Network) -> bool:
    whole = [f for f in sandbox.faults.list if f.network == network and f.method == "*" and f.target is None]
    return any(f.kind == "reset_before" and f.times is None for f in whole)


async def change_weather(sandbox: Sandbox, asked: Asked) -> Json:
    """A whole network away (`away`: true) or back, with all its other faults gone."""
    network, away = network_of(asked), asked.flag("away")
    if away and not is_away(sandbox, network):
        sandbox.faults.away(network)
        if network == "slack":
            await sandbox.slack.drop_socket()
    elif not away:
        sandbox.faults.clear(network)
    sandbox.changed.note()
    return weather_json(sandbox)


def weather_json(sandbox: Sandbox) -> Json:
    return {"telegram": is_away(sandbox, "telegram"), "slack": is_away(sandbox, "slack")}


def add_fault(sandbox: Sandbox, asked: Asked) -> Json:
    """A fault with the fields of `sandbox.faults.Fault`."""
    network_of(asked)
    known = {f.name for f in fields(Fault)} - {"hits"}
    if unknown := set(asked.fields) - known:
        raise RefusedError(f"a fault has no {', '.join(sorted(unknown))}; it has {', '.join(sorted(known))}")
    if asked.text("kind") not in get_args(Kind):
        raise RefusedError(f"the kinds of faults are {', '.join(get_args(Kind))}")
    fault = sandbox.faults.add(made(Fault, asked.fields))
    sandbox.changed.note()
    return asdict(fault)


def clear_faults(sandbox: Sandbox, asked: Asked) -> Json:
    """All of them, or those of one network."""
    sandbox.faults.clear(network_of(asked) if asked.has("network") else None)
    sandbox.changed.note()
    return faults_json(sandbox)


def faults_json(sandbox: Sandbox) -> Json:
    return {"faults": [asdict(f) for f in sandbox.faults.list]}


# Recording


def calls_json(sandbox: Sandbox, limit: int, *, idle: bool) -> Json:
    """The newest calls first; without `idle` those by which a bot only asked whether there is something."""
    found: list[Json] = []
    for call in reversed(sandbox.recording.calls):
        if len(found) == limit:
            break
        if idle or call.method != "getUpdates" or call.problems:
            found.append(call_json(call))
    return {"calls": found, "problems": sandbox.recording.problems}


def call_json(call: Call) -> Json:
    return {
        "number": call.number,
        "at": call.at.isoformat(),
        "network": call.network,
        "direction": call.direction,
        "method": call.method,
        "fields": shortened(call.fields),
        "files": call.files,
        "status": call.status,
        "fault": call.fault,
        "problems": call.problems,
    }


def shortened(value: Any) -> Any:
    """The same with long texts cut, for reading."""
    if isinstance(value, dict):
        return {str(k): shortened(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [shortened(v) for v in value]
    if isinstance(value, str) and len(value) > LONGEST:
        return value[:LONGEST] + "…"
    if value is None or isinstance(value, str | int | float | bool):
        return value
    return repr(value)[:LONGEST]
