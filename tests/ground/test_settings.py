"""The environment is read once; what is wrong with it is told, and no secret ever is."""

from pathlib import Path

import pytest

from bot.company_file.place import company_path
from bot.faults import SettingFault, SettingsFault
from bot.settings import SECRETS, Settings, database_url, read

POLLING = {
    "TELEGRAM_TOKEN": "123:abcdef",
    "SLACK_TOKEN": "xoxb-very-hidden",
    "SLACK_SOCKET_TOKEN": "xapp-very-hidden",
}
HOOKED = {
    "TELEGRAM_TOKEN": "123:abcdef",
    "SLACK_TOKEN": "xoxb-very-hidden",
    "PUBLIC_URL": "https://bot.example.com/",
    "TELEGRAM_WEBHOOK_SECRET": "0123456789abcdef",
    "SLACK_SECRET": "signing",
}


def faults(environment: dict[str, str]) -> dict[str, SettingFault]:
    with pytest.raises(SettingsFault) as caught:
        read(environment)
    return {fault.variable: fault for fault in caught.value.faults}


def test_three_tokens_are_enough_to_begin() -> None:
    settings = read(POLLING)
    assert not settings.hooked
    assert settings.on_sqlite
    assert settings.telegram_api == "https://api.telegram.org"
    assert settings.slack_api == "https://slack.com/api/"
    assert (settings.port, settings.log_level, settings.company_file) == (8080, "info", Path("company.toml"))
    assert (settings.telegram_per_chat, settings.telegram_overall, settings.slack_per_channel) == (1, 30, 1)


@pytest.mark.parametrize("named", [{}, {"COMPANY_FILE": " ours.toml "}, {"COMPANY_FILE": ""}])
def test_the_program_and_the_commands_read_the_same_company_file(named: dict[str, str]) -> None:
    assert company_path(named) == read({**POLLING, **named}).company_file


def test_a_public_address_means_web_hooks_with_their_secrets() -> None:
    settings = read(HOOKED)
    assert settings.hooked
    assert settings.public_url == "https://bot.example.com"


def test_an_empty_environment_hears_everything_it_lacks_at_once() -> None:
    assert set(faults({})) == {"TELEGRAM_TOKEN", "SLACK_TOKEN", "SLACK_SOCKET_TOKEN"}
    assert faults({})["TELEGRAM_TOKEN"].remedy == "set TELEGRAM_TOKEN or TELEGRAM_TOKEN_FILE"


def test_an_empty_variable_is_a_missing_one() -> None:
    assert set(faults({**POLLING, "SLACK_TOKEN": " "})) == {"SLACK_TOKEN"}


def test_web_hooks_without_their_secrets_are_refused() -> None:
    lacking = {k: v for k, v in HOOKED.items() if k not in ("TELEGRAM_WEBHOOK_SECRET", "SLACK_SECRET")}
    assert set(faults(lacking)) == {"TELEGRAM_WEBHOOK_SECRET", "SLACK_SECRET"}
    assert "PUBLIC_URL is set" in faults(lacking)["SLACK_SECRET"].what


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("TELEGRAM_TOKEN", "hidden-abc"),
        ("SLACK_TOKEN", "hidden-xoxp"),
        ("SLACK_SOCKET_TOKEN", "hidden"),
        ("TELEGRAM_WEBHOOK_SECRET", "hidden short"),
        ("DATABASE_URL", "mysql://hidden@localhost/x"),
        ("DATABASE_URL", "hidden"),
        ("DATABASE_URL", "sqlite:///:memory:"),
        ("DATABASE_URL", "postgresql://hidden@localhost:port/x"),
        ("TELEGRAM_API", "hidden.example.com"),
        ("PUBLIC_URL", "http://hidden.example.com"),
        ("PORT", "0"),
        ("PORT", "hidden"),
        ("LOG_LEVEL", "hidden"),
        ("TELEGRAM_OVERALL", "30/fortnight"),
        ("TELEGRAM_OVERALL", "0"),
        ("TELEGRAM_OVERALL", "inf"),
        ("POLL_TIMEOUT", "51"),
        ("SWEEP_SECONDS", "-1"),
    ],
)
def test_a_wrong_value_is_told_by_variable_with_a_remedy_and_never_repeated(variable: str, value: str) -> None:
    environment = (HOOKED if variable == "PUBLIC_URL" else POLLING) | {variable: value}
    told = faults(environment)
    assert set(told) == {variable}
    assert told[variable].remedy
    assert "hidden" not in str(told[variable])


@pytest.mark.parametrize("name", SECRETS)
def test_every_secret_may_lie_in_a_file(name: str, tmp_path: Path) -> None:
    value = {
        "telegram_token": "9:zzz",
        "slack_token": "xoxb-9",
        "slack_socket_token": "xapp-9",
        "database_url": "sqlite:///x.db",
        "outside_calendars": "ana https://example.com/ana.ics",
    }.get(name, "0123456789abcdef")
    (tmp_path / "secret").write_text(f"\n {value}\n")
    environment = {k: v for k, v in POLLING.items() if k != name.upper()}
    settings = read({**environment, f"{name.upper()}_FILE": str(tmp_path / "secret")})
    assert getattr(settings, name).get_secret_value() == value


def test_a_file_that_cannot_be_read_or_is_empty_is_one_fault_and_not_two(tmp_path: Path) -> None:
    (tmp_path / "empty").write_text(" \n")
    without = {k: v for k, v in POLLING.items() if k != "SLACK_TOKEN"}
    assert set(faults({**without, "SLACK_TOKEN_FILE": str(tmp_path / "none")})) == {"SLACK_TOKEN_FILE"}
    assert set(faults({**without, "SLACK_TOKEN_FILE": str(tmp_path / "empty")})) == {"SLACK_TOKEN_FILE"}


def test_a_secret_given_twice_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("xoxb-2")
    told = faults({**POLLING, "SLACK_TOKEN_FILE": str(tmp_path / "secret")})
    assert told["SLACK_TOKEN"].remedy == "keep one of them"


def test_secrets_are_never_printed() -> None:
    settings = read({**POLLING, "DATABASE_URL": "postgres://me:very-hidden@db/aftercare"})
    assert "very-hidden" not in f"{settings!r} {settings} {settings.model_dump()} {settings.model_dump_json()}"


@pytest.mark.parametrize(
    ("given", "normal"),
    [
        ("sqlite:///var/aftercare.db", "sqlite:///var/aftercare.db"),
        ("sqlite:////srv/aftercare.db", "sqlite:////srv/aftercare.db"),
        ("postgres://me:a%40b@db:5433/x", "postgresql+asyncpg://me:a%40b@db:5433/x"),
        ("postgresql://me@db/x?sslmode=require", "postgresql+asyncpg://me@db/x?ssl=require"),
        ("postgresql+asyncpg://me@db/x", "postgresql+asyncpg://me@db/x"),
        ("postgresql:///x?host=/run/pg", "postgresql+asyncpg:///x?host=%2Frun%2Fpg"),
    ],
)
def test_every_form_of_a_database_address_ends_in_ours(given: str, normal: str) -> None:
    assert database_url(given) == normal


@pytest.mark.parametrize(("given", "rate"), [("2", 2), ("30/s", 30), ("30 / s", 30), ("20/min", 1 / 3)])
def test_rates_are_written_as_people_say_them(given: str, rate: float) -> None:
    assert read({**POLLING, "TELEGRAM_OVERALL": given}).telegram_overall == pytest.approx(rate)


def test_the_settings_cannot_be_changed_afterwards() -> None:
    with pytest.raises(ValueError, match="frozen"):
        read(POLLING).port = 1


def test_addresses_end_as_their_libraries_want_them() -> None:
    settings = read({**POLLING, "TELEGRAM_API": "http://127.0.0.1:9/", "SLACK_API": "http://127.0.0.1:9/api"})
    assert (settings.telegram_api, settings.slack_api) == ("http://127.0.0.1:9", "http://127.0.0.1:9/api/")


def test_nothing_is_read_behind_our_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "9999")
    assert read(POLLING).port == 8080
    assert "port" in Settings.model_fields
