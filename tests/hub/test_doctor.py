from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from pydantic import SecretStr

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.findings import Finding, State
from hub.cli import main
from hub.doctor import examine, is_well
from hub.messages import TEST
from hub.migrations import downgrade, upgrade
from hub.settings import Settings
from hub.wiring import House, open_house
from kernel.clock import FixedClock
from people.actions.register_person import NewPerson, register_person
from tests.services.clamd import fake_clamd
from tests.services.vendor import VendorStub


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(secret=SecretStr("s" * 40), database_url=f"sqlite:///{tmp_path}/hub.db")


@pytest.fixture
def house(settings: Settings, clock: FixedClock) -> Iterator[House]:
    house = open_house(settings, clock=clock)
    upgrade(house.ground.database)
    yield house
    house.close()


def _found(house: House, section: str) -> dict[str, Finding]:
    (shown,) = [each for each in examine(house) if each.title == section]
    return {finding.title: finding for finding in shown.findings}


def test_a_hub_without_channels_works_and_says_that_they_are_not_set_up(house: House) -> None:
    sections = examine(house)
    assert [section.title for section in sections] == ["The hub", "Text message", "Email", "Slack"]
    odd = [finding.title for finding in sections[0].findings if finding.state is not State.GOOD]
    assert odd == ["Virus scanner"]
    assert sections[0].findings[-1].state is State.WARNING
    assert [section.findings[0].state for section in sections[1:]] == [State.WARNING] * 3
    assert is_well(sections)


def test_an_address_without_encryption_is_bad_unless_it_is_this_machine(settings: Settings) -> None:
    house = open_house(settings.model_copy(update={"base_url": "http://hub.example.org"}))
    upgrade(house.ground.database)
    assert _found(house, "The hub")["Address"].state is State.BAD
    assert not is_well(examine(house))
    house.close()


def test_a_virus_scanner_that_answers_is_well_and_one_that_is_down_is_bad(settings: Settings) -> None:
    with fake_clamd() as server:
        wanted = settings.model_copy(update={"clamd_host": "127.0.0.1", "clamd_port": server.port})
        house = open_house(wanted)
        upgrade(house.ground.database)
        assert _found(house, "The hub")["Virus scanner"].state is State.GOOD
    assert _found(house, "The hub")["Virus scanner"].state is State.BAD
    assert not is_well(examine(house))
    house.close()


def test_files_that_the_scanner_cannot_judge_are_told(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hub.doctor.unjudged_files", lambda _session: (2, ["INSTREAM size limit exceeded. ERROR"]))
    with fake_clamd() as server:
        house = open_house(settings.model_copy(update={"clamd_host": "127.0.0.1", "clamd_port": server.port}))
        upgrade(house.ground.database)
        found = _found(house, "The hub")["Virus scanner"]
    assert found.state is State.WARNING
    assert "2 of the files" in found.text
    assert "INSTREAM size limit" in found.text
    house.close()


def test_a_schema_that_is_behind_is_bad(house: House) -> None:
    downgrade(house.ground.database, "0001")
    found = _found(house, "The hub")["Database"]
    assert found.state is State.BAD
    assert "hub migrate" in found.text


def test_a_database_that_is_not_there_is_bad(tmp_path: Path) -> None:
    house = open_house(Settings(secret=SecretStr("s" * 40), database_url=f"sqlite:///{tmp_path}/none/hub.db"))
    assert _found(house, "The hub")["Database"].state is State.BAD
    house.close()


def test_work_that_waits_for_nobody_is_bad(house: House, clock: FixedClock) -> None:
    with house.ground.work() as work:
        person = register_person(work, NewPerson("Ada Millward", contact_points=(("email", "ada@example.org"),)))
        queue_messages(work, [NewMessage(TEST, {"at": work.now.isoformat()}, person_id=person)])
    assert _found(house, "The hub")["Worker"].state is State.GOOD
    clock.move(timedelta(minutes=16))
    assert _found(house, "The hub")["Worker"].state is State.BAD


def test_a_channel_is_asked_through_its_vendor(settings: Settings, clock: FixedClock, vendor: VendorStub) -> None:
    more = {
        "twilio_account_sid": "AC" + "0" * 32,
        "twilio_auth_tokens": [SecretStr("wrong")],
        "twilio_from": "+447700900000",
        "twilio_api_url": vendor.url,
        "base_url": "http://127.0.0.1:1",
    }
    house = open_house(settings.model_copy(update=more), clock=clock)
    upgrade(house.ground.database)
    assert _found(house, "Text message")["SMS account"].state is State.BAD
    house.close()


def test_the_command_exits_with_1_where_something_is_bad(tmp_path: Path) -> None:
    run = CliRunner().invoke(
        main, ["doctor"], env={"HUB_SECRET": "s" * 40, "HUB_DATABASE_URL": f"sqlite:///{tmp_path}/hub.db"}
    )
    assert run.exit_code == 1
    assert "hub migrate" in run.output
    made = {"HUB_SECRET": "s" * 40, "HUB_DATABASE_URL": f"sqlite:///{tmp_path}/hub.db"}
    assert CliRunner().invoke(main, ["migrate"], env=made).exit_code == 0
    well = CliRunner().invoke(main, ["doctor"], env=made)
    assert well.exit_code == 0, well.output
    assert "Nothing waits for longer than it should." in well.output
