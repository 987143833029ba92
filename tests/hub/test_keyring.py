from __future__ import annotations

import traceback
from pathlib import Path

import pytest
from click.testing import CliRunner
from pydantic import SecretStr

from hub.cli import main
from hub.identity_providers import IdentityProvider
from hub.keyring import check_addresses, check_names, keys_from, ring_from
from hub.settings import Settings
from hub.wiring import open_house
from kernel.errors import ConfigurationError
from kernel.sealing import KeyRing

OLD, NEW, DATA = "an old secret for tests", "a new secret for tests", "a data key for tests"


def settings(**told: object) -> Settings:
    return Settings.model_validate({"secret": NEW, **told})


def test_a_misspelt_setting_is_refused_with_the_nearest_right_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigurationError, match=r"HUB_SECERT \(did you mean HUB_SECRET\?\)"):
        check_names({"HUB_SECERT": "x", "HOME": "/"}, None)
    with pytest.raises(ConfigurationError, match="HUB_PROXIES"):
        check_names({"hub_proxys": "1"}, None)
    (tmp_path / "hub_twilio_auth_token").write_text("x")
    with pytest.raises(ConfigurationError, match="HUB_TWILIO_AUTH_TOKENS"):
        check_names({}, tmp_path)
    check_names({f"HUB_{name.upper()}": "" for name in Settings.model_fields} | {"HUB_SECRETS_DIR": "x"}, None)


@pytest.mark.parametrize("command", [["run"], ["web"], ["worker"], ["doctor"], ["keys", "status"], ["demo"]])
def test_no_command_starts_with_a_misspelt_setting(command: list[str], tmp_path: Path) -> None:
    environment = {"HUB_SECRET": NEW, "HUB_DATABASE_URL": f"sqlite:///{tmp_path}/hub.db", "HUB_PROXYS": "1"}
    found = CliRunner().invoke(main, command, env=environment)
    assert found.exit_code == 1
    assert "HUB_PROXYS (did you mean HUB_PROXIES?)" in found.output


def test_a_secret_from_a_file_counts_like_one_from_the_environment(tmp_path: Path) -> None:
    (tmp_path / "hub_secret").write_text(NEW)
    assert keys_from(Settings(_secrets_dir=tmp_path)).secrets == (NEW,)


def test_a_short_secret_is_refused_wherever_it_stands() -> None:
    for name, told in (("HUB_SECRET", {"secret": "short"}), ("HUB_DATA_KEYS", {"data_keys": ["short"]})):
        with pytest.raises(ConfigurationError, match=f"{name} is too short"):
            ring_from(settings(**told))
    with pytest.raises(ConfigurationError, match="HUB_OLD_SECRETS is too short"):
        keys_from(settings(old_secrets=[OLD, ""]))


def test_data_keys_go_before_secrets_and_older_secrets_still_open() -> None:
    told = settings(data_keys=[DATA], old_secrets=[OLD])
    assert ring_from(told).names == KeyRing([DATA, NEW, OLD]).names
    assert keys_from(told).secrets == (NEW, OLD), "a data key signs nothing"


@pytest.mark.parametrize(
    "told",
    [
        {"slack_api_url": "http://slack.example.org/api/"},
        {"slack_api_url": "file:///etc/passwd"},
        {"slack_api_url": "http://localhost.example.org/"},
        {"twilio_api_url": "ftp://twilio.example.org"},
        {"twilio_api_url": "https://user:password@twilio.example.org"},
    ],
)
def test_credentials_go_to_no_address_without_https(told: dict[str, str]) -> None:
    with pytest.raises(ConfigurationError, match="must") as caught:
        check_addresses(settings(**told))
    assert "password" not in str(caught.value) or "user and password" in str(caught.value)
    with pytest.raises(ConfigurationError, match="must"):
        open_house(settings(**told, database_url="sqlite://"))


def test_an_issuer_without_https_is_refused() -> None:
    with pytest.raises(ConfigurationError, match="https"):
        settings(oidc_issuer="http://login.example.org", oidc_client_id="hub", oidc_client_secret="x" * 20)


def test_this_machine_may_be_asked_without_https() -> None:
    check_addresses(settings(slack_api_url="http://127.0.0.1:9/api/", twilio_api_url="http://localhost:9"))


def test_no_setting_that_is_a_secret_is_ever_shown() -> None:
    secret = "never-to-be-shown-1234"
    told = settings(
        secret=secret,
        old_secrets=[secret],
        data_keys=[secret],
        twilio_auth_tokens=[secret],
        twilio_api_key_secret=secret,
        smtp_password=secret,
        email_webhook_secrets=[secret],
        slack_bot_token=secret,
        slack_signing_secret=secret,
        metrics_token=secret,
        oidc_client_secret=secret,
    )
    addresses = {
        "database_url": f"postgresql+psycopg://hub:{secret}@localhost/hub",
        "redis_url": f"redis://:{secret}@localhost",
    }
    house = open_house(told.model_copy(update=addresses))
    shown = f"{told!r} {told} {house!r} {house.ground!r} {house.ground.keys!r} {ring_from(told)!r}"
    assert secret not in shown
    house.close()
    held = {name for name, field in Settings.model_fields.items() if "SecretStr" in str(field.annotation)}
    endings = ("secret", "secrets", "token", "tokens", "keys", "password")
    named = {name for name in Settings.model_fields if name.endswith(endings)}
    assert named <= held, "a setting that is called a secret must be one"
    assert "SecretStr" in str(IdentityProvider.__annotations__["client_secret"])


def test_an_error_of_validation_names_the_setting_and_not_its_value() -> None:
    secret = "never-to-be-shown-1234"
    with pytest.raises(ValueError, match="old_secrets") as caught:
        settings(old_secrets=secret)
    assert secret not in "".join(traceback.format_exception(caught.value))
    found = CliRunner().invoke(main, ["keys", "status"], env={"HUB_SECRET": NEW, "HUB_DATA_KEYS": secret})
    assert found.exit_code == 1
    assert secret not in found.output + "".join(traceback.format_exception(*(found.exc_info or ())))
    assert SecretStr(secret) not in vars(settings()).values()
