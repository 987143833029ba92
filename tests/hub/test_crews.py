from __future__ import annotations

from pathlib import Path

import pytest

from hub.settings import read_settings
from hub.wiring import open_house

TWILIO = {
    "HUB_SECRET": "a secret for tests",
    "HUB_TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "HUB_TWILIO_AUTH_TOKENS": '["invented"]',
    "HUB_TWILIO_FROM": "+447700900000",
}


@pytest.fixture
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    for name, value in TWILIO.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("HUB_DATABASE_URL", f"sqlite:///{tmp_path}/hub.db")
    return monkeypatch


def crews() -> list[tuple[str, ...]]:
    house = open_house(read_settings())
    try:
        return [tuple(crew) for crew in house.crews()]
    finally:
        house.close()


@pytest.mark.usefixtures("environment")
def test_channel_that_is_not_set_up_gets_no_worker_process() -> None:
    assert crews() == [("inbox", "events", "clock"), ("sms",), ("slack", "web"), ("open_data",), ("webhooks",)]


def test_channel_that_is_set_up_gets_its_own(environment: pytest.MonkeyPatch) -> None:
    environment.setenv("HUB_SMTP_HOST", "127.0.0.1")
    assert ("email",) in crews()
