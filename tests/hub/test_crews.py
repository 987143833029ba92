from __future__ import annotations

from pathlib import Path

from pydantic import SecretStr

from hub.settings import Settings
from hub.wiring import open_house


def crews_of(path: Path, smtp_host: str | None = None) -> list[tuple[str, ...]]:
    settings = Settings(
        secret=SecretStr("a secret for tests"),
        database_url=f"sqlite:///{path}/hub.db",
        twilio_account_sid="AC" + "0" * 32,
        twilio_auth_tokens=[SecretStr("invented")],
        twilio_from="+447700900000",
        smtp_host=smtp_host,
    )
    house = open_house(settings)
    try:
        return [tuple(crew) for crew in house.crews()]
    finally:
        house.close()


def test_channel_that_is_not_set_up_gets_no_worker_process(tmp_path: Path) -> None:
    assert crews_of(tmp_path) == [("inbox", "events", "clock"), ("sms",), ("slack", "web")]


def test_channel_that_is_set_up_gets_its_own(tmp_path: Path) -> None:
    assert ("email",) in crews_of(tmp_path, smtp_host="127.0.0.1")
