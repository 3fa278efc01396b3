"""Settings: what the environment says, read once, checked whole, told clearly."""

import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from bot.company_file import place
from bot.faults import SettingFault, SettingsFault

PER = {"s": 1.0, "second": 1.0, "min": 60.0, "minute": 60.0, "h": 3600.0, "hour": 3600.0}


def _rate(value: Any) -> Any:
    """“30”, “30/s” or “20/min” as a number a second."""
    if not isinstance(value, str):
        return value
    number, _, unit = (part.strip() for part in value.partition("/"))
    try:
        return float(number) / PER[unit or "s"]
    except (ValueError, KeyError):
        raise ValueError("write it like 30/s or 20/min") from None


def _shaped(pattern: str, remedy: str) -> AfterValidator:
    """A secret must look like one of its kind; the message never repeats it."""

    def check(value: SecretStr) -> SecretStr:
        if not re.fullmatch(pattern, value.get_secret_value()):
            raise ValueError(remedy)
        return value

    return AfterValidator(check)


def _address(value: str) -> str:
    if not re.fullmatch(r"https?://[^\s/?#]+(?:/[^\s?#]*)?", value):
        raise ValueError("write a whole address, beginning with https://")
    return value


def _public(value: str) -> str:
    if not re.fullmatch(r"https://[^\s/?#]+/*|http://(?:localhost|127\.0\.0\.1)(?::\d+)?/*", value):
        raise ValueError("write the address under which Telegram and Slack reach us, like https://bot.example.com")
    return value.rstrip("/")


def database_url(given: str) -> str:
    """The address in SQLAlchemy's form: asyncpg for PostgreSQL, a file for SQLite (ValueError when neither)."""
    if given.startswith("sqlite:"):
        if not re.fullmatch(r"sqlite:///[^?]+", given) or given.endswith(":memory:"):
            raise ValueError("an SQLite database is a file: sqlite:///var/aftercare.db")
        return given
    remedy = "write postgresql://user:password@host:5432/name or sqlite:///var/aftercare.db"
    try:
        url = make_url(given)
    except (ArgumentError, ValueError):
        raise ValueError(remedy) from None
    if url.drivername not in ("postgres", "postgresql", "postgresql+asyncpg") or not url.database:
        raise ValueError(remedy)
    query = {("ssl" if key == "sslmode" else key): value for key, value in url.query.items()}
    return url.set(drivername="postgresql+asyncpg", query=query).render_as_string(hide_password=False)


def _database(value: SecretStr) -> SecretStr:
    return SecretStr(database_url(value.get_secret_value()))


def said_lines(text: str) -> list[str]:
    """The lines that say something: no blank ones, no remarks."""
    return [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith("#")]


def _calendars(value: SecretStr) -> SecretStr:
    if any(len(line.split()) != 2 for line in said_lines(value.get_secret_value())):
        raise ValueError("write a technician's key and the address of his calendar on each line")
    return value


Rate = Annotated[float, BeforeValidator(_rate), Field(gt=0, allow_inf_nan=False)]
Seconds = Annotated[float, Field(gt=0, allow_inf_nan=False)]
Address = Annotated[str, AfterValidator(_address)]
Hook = _shaped(
    r"[A-Za-z0-9_-]{16,256}", "use 16 to 256 letters, digits, “_” or “-”; make one with: openssl rand -hex 32"
)


class Settings(BaseModel):
    """Everything the environment can say; each field is the variable of the same name in capitals."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    telegram_token: Annotated[
        SecretStr, _shaped(r"\d+:[\w-]+", "copy it from @BotFather: digits, a colon, letters and digits")
    ]
    telegram_api: Address = "https://api.telegram.org"
    telegram_payment_token: SecretStr | None = None
    telegram_webhook_secret: Annotated[SecretStr, Hook] | None = None
    slack_token: Annotated[SecretStr, _shaped(r"xoxb-\S+", "copy the bot token of the Slack app: it begins with xoxb-")]
    slack_socket_token: (
        Annotated[SecretStr, _shaped(r"xapp-\S+", "copy the app-level token of the Slack app: it begins with xapp-")]
        | None
    ) = None
    slack_secret: SecretStr | None = None  # signs what Slack posts to us
    slack_api: Address = "https://slack.com/api/"
    database_url: Annotated[SecretStr, AfterValidator(_database)] = SecretStr("sqlite:///var/aftercare.db")
    company_file: Path = place.DEFAULT
    clock_file: Path | None = None  # holds the offset of business time, in seconds
    public_url: Annotated[str, AfterValidator(_public)] | None = None  # given: web hooks; else polling and Socket Mode
    port: Annotated[int, Field(ge=1, le=65535)] = 8080
    log_level: Annotated[Literal["debug", "info", "warning", "error"], BeforeValidator(str.lower)] = "info"

    feed_token: SecretStr | None = None  # given: /feed tells what came in and what it caused

    telegram_per_chat: Rate = 1.0  # a second
    telegram_overall: Rate = 30.0
    slack_per_channel: Rate = 1.0
    poll_timeout: Annotated[int, Field(ge=0, le=50)] = 30  # seconds one getUpdates waits
    backoff_seconds: Seconds = 60.0  # the longest pause between two tries to reach a network
    sweep_seconds: Seconds = 5.0  # how often what a crash left behind is looked for
    heartbeat_seconds: Seconds = 1.0  # how often due timers are looked for
    outside_calendars: Annotated[SecretStr, AfterValidator(_calendars)] | None = None  # the technicians' other ones
    outside_seconds: Seconds = 900.0  # how often each of them is read
    outside_loopback: bool = False  # whether one may stand on this machine (http), for rehearsals
    slack_rebuild_seconds: Seconds = 60.0  # the shortest pause between two new Slack sockets

    @model_validator(mode="after")
    def _slashes(self) -> Self:
        object.__setattr__(self, "telegram_api", self.telegram_api.rstrip("/"))
        object.__setattr__(self, "slack_api", self.slack_api.rstrip("/") + "/")
        return self

    @property
    def hooked(self) -> bool:
        """Whether Telegram and Slack call us, instead of us asking them."""
        return self.public_url is not None

    @property
    def outside_named(self) -> dict[str, str]:
        """The other calendars that the settings name: technician → address."""
        said = self.outside_calendars.get_secret_value() if self.outside_calendars else ""
        named = [line.split() for line in said_lines(said)]
        return {words[0]: words[1] for words in named}

    @property
    def reached_at(self) -> str:
        """Where people reach our web server: from outside, else on this machine only."""
        return self.public_url or f"http://127.0.0.1:{self.port}"

    @property
    def on_sqlite(self) -> bool:
        """Whether the database is a file that only one process may write."""
        return self.database_url.get_secret_value().startswith("sqlite")


SECRETS = (
    *("telegram_token", "telegram_payment_token", "telegram_webhook_secret"),
    *("slack_token", "slack_socket_token", "slack_secret", "database_url", "feed_token"),
    "outside_calendars",
)
"""The settings that may also be a file: NAME_FILE holds its path."""


def read(environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of that environment, or SettingsFault with everything that is wrong with them."""
    values, faults = _gathered(environment)
    faults += _ways(values, {fault.variable for fault in faults})
    try:
        settings = Settings(**values)
    except ValidationError as invalid:
        told = {fault.variable.removesuffix("_FILE") for fault in faults}
        faults += [f for f in map(_fault, invalid.errors(include_input=False)) if f.variable not in told]
        raise SettingsFault(faults) from None
    if faults:
        raise SettingsFault(faults)
    return settings


def _gathered(environment: Mapping[str, str]) -> tuple[dict[str, Any], list[SettingFault]]:
    values: dict[str, Any] = {}
    faults: list[SettingFault] = []
    for name in Settings.model_fields:
        variable = name.upper()
        given = environment.get(variable, "").strip()
        file = environment.get(f"{variable}_FILE", "").strip() if name in SECRETS else ""
        if given and file:
            faults.append(SettingFault(variable, f"both {variable} and {variable}_FILE are set", "keep one of them"))
        elif file:
            try:
                given = Path(file).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError, ValueError) as unreadable:
                why = getattr(unreadable, "strerror", None) or "it is not text"
                faults.append(SettingFault(f"{variable}_FILE", f"cannot read {file}: {why}", "name a readable file"))
                continue
            if not given:
                faults.append(SettingFault(f"{variable}_FILE", f"{file} is empty", "put the secret into it"))
                continue
        if given:
            values[name] = given
    return values, faults


def _ways(values: Mapping[str, Any], faulty: set[str]) -> list[SettingFault]:
    """Web hooks need their secrets; polling needs the socket's."""
    needed = ("telegram_webhook_secret", "slack_secret") if "public_url" in values else ("slack_socket_token",)
    why = "PUBLIC_URL is set, so we are called" if "public_url" in values else "PUBLIC_URL is not set, so we call"
    return [
        SettingFault(name.upper(), f"it is missing: {why}", f"set {name.upper()} or {name.upper()}_FILE")
        for name in needed
        if name not in values and f"{name.upper()}_FILE" not in faulty
    ]


def _fault(error: Any) -> SettingFault:
    name = str(error["loc"][0]) if error["loc"] else "?"
    variable = name.upper()
    if error["type"] == "missing":
        either = f"{variable} or {variable}_FILE" if name in SECRETS else variable
        return SettingFault(variable, "it is missing", f"set {either}")
    if error["type"] == "value_error":
        return SettingFault(variable, "it is not of the right form", str(error["ctx"]["error"]))
    return SettingFault(variable, "it is not of the right form", str(error["msg"]).replace("Input should", "it should"))
