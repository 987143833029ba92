from __future__ import annotations

from collections.abc import Callable, Iterator
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


@pytest.fixture
def without_token(tmp_path: Path) -> Callable[[str], Client]:
    def opened(base_url: str) -> Client:
        told = {"secret": "a secret for tests", "database_url": f"sqlite:///{tmp_path}/hub.db", "base_url": base_url}
        house = open_house(Settings.model_validate(told))
        upgrade(house.ground.database)
        return Client(open_front(house))

    return opened


def test_without_a_token_metrics_stay_on_the_machine_of_a_hub_at_localhost(
    without_token: Callable[[str], Client],
) -> None:
    client = without_token("http://localhost:8000")
    here = {"REMOTE_ADDR": "127.0.0.1"}
    assert client.get("/metrics", environ_overrides=here).status_code == 200
    assert client.get("/metrics", environ_overrides={"REMOTE_ADDR": "192.0.2.7"}).status_code == 403
    for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via", "X-Forwarded-Proto"):
        assert client.get("/metrics", environ_overrides=here, headers={name: "127.0.0.1"}).status_code == 403, name


def test_a_public_hub_shows_no_metrics_without_a_token(without_token: Callable[[str], Client]) -> None:
    """A proxy on the same machine that says nothing of the client looks like the machine itself."""
    client = without_token("https://hub.example.org")
    assert client.get("/metrics", environ_overrides={"REMOTE_ADDR": "127.0.0.1"}).status_code == 403
