from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import SecretStr

from channels.delivery.detour import Detour
from channels.delivery.settle import Settler
from channels.model import Channel
from hub.settings import Settings
from hub.wiring import House, open_house
from kernel import timetable
from kernel.clock import FixedClock
from kernel.database import Database
from tests.channels.recording_adapter import RecordingAdapter
from tests.conftest import MONDAY


@pytest.fixture
def house(database: Database) -> House:
    url = database.url.render_as_string(hide_password=False)
    settings = Settings(secret=SecretStr("a secret for tests"), database_url=url)
    house = open_house(settings, clock=FixedClock(MONDAY))
    return replace(house, adapters={channel: RecordingAdapter(channel) for channel in (Channel.SMS, Channel.EMAIL)})


def test_settler_that_fails_stops_neither_the_others_nor_the_detour_nor_the_jobs(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[str] = []

    def settle(settler: Settler) -> int:
        ran.append(settler.adapter.channel)
        if settler.adapter.channel is Channel.SMS:
            raise RuntimeError
        return 0

    def run(_detour: Detour) -> int:
        ran.append("detour")
        raise RuntimeError

    def run_jobs(*_: object) -> int:
        ran.append("jobs")
        return 0

    monkeypatch.setattr(Settler, "settle", settle)
    monkeypatch.setattr(Detour, "run", run)
    monkeypatch.setattr("hub.wiring.run_due_jobs", run_jobs)
    (hand,) = [hand for hand in house.hands() if hand.bell == timetable.BELL]
    assert hand.work(lambda: False) == 0
    assert ran == ["sms", "email", "detour", "jobs"]
    house.close()
