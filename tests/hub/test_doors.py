from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.test import Client

from hub.migrations import upgrade
from hub.serving import open_front
from hub.settings import Settings
from hub.wiring import open_house

DOORS = ("/webhooks/sms", "/webhooks/sms/status", "/webhooks/email")


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    told = {
        "secret": "a secret for tests",
        "database_url": f"sqlite:///{tmp_path}/hub.db",
        "base_url": "https://hub.example.org",
        "twilio_account_sid": "AC" + "0" * 32,
        "twilio_auth_tokens": ["a token for tests"],
        "twilio_from": "+447700900999",
        "email_webhook_secrets": ["a secret for tests"],
    }
    house = open_house(Settings.model_validate(told))
    upgrade(house.ground.database)
    yield Client(open_front(house))
    house.close()


@pytest.mark.parametrize("path", DOORS)
def test_what_vendors_are_answered_has_its_security_headers_too(client: Client, path: str) -> None:
    headers = client.post(path, data=b"forged").headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert headers["Strict-Transport-Security"].startswith("max-age=63072000")
    assert "charset=utf-8" in headers["Content-Type"]


@pytest.mark.parametrize("path", DOORS)
def test_a_door_lets_nothing_in_that_is_not_signed(client: Client, path: str) -> None:
    kinds = ("application/x-www-form-urlencoded", "message/rfc822", "application/json", "text/xml")
    assert {client.post(path, data=b"a=b", content_type=kind).status_code for kind in kinds} <= {400, 403, 415}
    assert client.get(path).status_code == 405
