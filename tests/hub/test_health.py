from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from werkzeug.test import Client

from channels.model import Arrival, Channel
from hub.migrations import upgrade
from hub.serving import open_front
from hub.settings import Settings
from hub.wiring import House, open_house


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    house = open_house(
        Settings(
            secret=SecretStr("a secret for tests"),
            database_url=f"sqlite:///{tmp_path}/hub.db",
            base_url="https://hub.example.org",
            metrics_token=SecretStr("token"),
        )
    )
    yield house
    house.close()


def test_process_is_healthy_before_it_is_ready_and_ready_once_its_database_is(house: House) -> None:
    client = Client(open_front(house))
    assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 503
    upgrade(house.ground.database)
    assert client.get("/readyz").status_code == 200


def test_metrics_show_what_waits_to_whoever_has_the_token(house: House) -> None:
    upgrade(house.ground.database)
    house.inbox.accept(Arrival(Channel.SMS, "SM1", "+447700900123", "hello"))
    client = Client(open_front(house))
    assert client.get("/metrics").status_code == 403
    assert client.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 403
    text = client.get("/metrics", headers={"Authorization": "Bearer token"}).text
    assert "hub_inbound_waiting 1.0" in text
    assert "hub_parked 0.0" in text
    assert "hub_send_latency_seconds" in text
    assert "900123" not in text
