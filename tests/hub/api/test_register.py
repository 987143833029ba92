from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from sqlalchemy import event
from sqlalchemy.engine import Connection

from fps.model import Status
from kernel.clock import FixedClock
from kernel.work import Ground
from tests.fps.world import SINCE, World
from tests.hub.api.program import Program

TODAY = date(2026, 11, 23)


@pytest.fixture
def settings(ground: Ground, world: World) -> list[str]:
    """Three settings on lot 1, of which the last has been suspended today, and one on lot 4."""
    with ground.work() as work:
        found = [world.active_setting(work, number) for number in range(3)]
        found.append(world.active_setting(work, 3, lot=3))
        world.step(work, found[2], Status.SUSPENDED, effective_on=TODAY)
    return found


def _conforms(reader: Program, path: str, answer: Any) -> None:  # noqa: ANN401 - JSON
    document = reader.client.get("/api/openapi.json").get_json()
    told = document["paths"][f"/api/v1{path}"]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
    schema = {**told, "components": document["components"]}
    Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).validate(answer)


def test_settings_are_listed_as_the_register_stood_on_a_day(reader: Program, world: World, settings: list[str]) -> None:
    answer = reader.read("/settings")
    _conforms(reader, "/settings", answer)
    assert [item["id"] for item in answer["items"]] == sorted(settings)
    by_id = {item["id"]: item for item in answer["items"]}
    assert by_id[settings[2]]["standing"] == [
        {"lot_id": world.lots[0].id, "status": "suspended", "since": "2026-11-23"}
    ]
    yesterday = reader.read(f"/settings?status=active&as_at={TODAY - timedelta(days=1)}")
    assert settings[2] in [item["id"] for item in yesterday["items"]]
    assert reader.read(f"/settings?as_at={SINCE - timedelta(days=1)}")["items"] == []


def test_filters_narrow_the_list_and_all_of_them_hold(
    reader: Program, ground: Ground, clock: FixedClock, world: World, settings: list[str]
) -> None:
    lot, other_lot = world.lots[0].id, world.lots[3].id

    def found(query: str) -> set[str]:
        return {item["id"] for item in reader.read(f"/settings?{query}")["items"]}

    assert found("status=active") == {settings[0], settings[1], settings[3]}
    assert found(f"lot={lot}&status=active") == set(settings[:2])
    assert found(f"lot={other_lot}") == {settings[3]}
    assert found(f"framework={world.framework_id}&kind=independent_special") == set(settings)
    assert found("kind=nmss") == set()
    assert found(f"provider={world.providers[1][0]}") == {settings[1]}
    assert found(f"council={world.council_id}") == set(settings)
    assert found(f"council={world.lead.roles[0].organisation_id}") == set(), "the lead authority does not buy here"
    clock.move(timedelta(hours=1))
    since = clock.now().isoformat().replace("+00:00", "Z")
    with ground.work() as work:
        world.step(work, settings[0], Status.SUSPENDED, effective_on=TODAY)
    assert found(f"updated_since={since}") == {settings[0]}


def test_pages_follow_each_other_and_keep_the_filters(reader: Program, settings: list[str]) -> None:
    first = reader.read("/settings?limit=2&status=active")
    assert len(first["items"]) == 2
    assert "status=active" in first["next"]
    assert [item["id"] for item in reader.every("/settings?limit=2")] == sorted(settings)
    assert [item["id"] for item in reader.every("/settings?limit=1&status=suspended")] == [settings[2]]


def test_one_setting_comes_with_its_history_and_without_anybodys_reasons(
    reader: Program, settings: list[str], world: World
) -> None:
    answer = reader.read(f"/settings/{settings[2]}")
    _conforms(reader, "/settings/{setting_id}", answer)
    assert [step["to_status"] for step in answer["history"]] == ["applied", "admitted", "active", "suspended"]
    assert "reason" not in str(answer)
    assert world.lead.id not in str(answer)
    assert (answer["school"], answer["judgements"]) == (None, [])


def test_frameworks_lots_members_providers_councils_and_rounds(
    reader: Program, world: World, settings: list[str]
) -> None:
    for path in ("/frameworks", "/lots", "/providers", "/councils", "/rounds"):
        _conforms(reader, path, reader.read(path))
    (framework,) = reader.read("/frameworks")["items"]
    assert framework["id"] == world.framework_id
    assert reader.read(f"/frameworks/{world.framework_id}") == framework
    assert len(list(reader.every(f"/lots?framework={world.framework_id}&limit=3"))) == 7
    members = reader.read(f"/frameworks/{world.framework_id}/members")
    _conforms(reader, "/frameworks/{framework_id}/members", members)
    assert {member["council_id"] for member in members["items"]} == {world.council_id, world.other_council_id}
    assert [item["id"] for item in reader.every("/providers?limit=2")] == sorted(
        provider_id for provider_id, _ in world.providers
    )
    assert settings


def test_an_answer_that_is_known_is_not_sent_again(reader: Program, ground: Ground, world: World) -> None:
    first = reader.get("/settings")
    again = reader.get("/settings", **{"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.get_data()) == (304, b"")
    with ground.work() as work:
        world.active_setting(work, 1)
    assert reader.get("/settings", **{"If-None-Match": first.headers["ETag"]}).status_code == 200


def test_a_page_costs_the_same_number_of_queries_however_long_it_is(
    reader: Program, ground: Ground, world: World
) -> None:
    counted: list[str] = []

    def count(*seen: object) -> None:
        counted.extend(str(seen[2]).split()[:1])

    reader.read("/settings")
    event.listen(Connection, "before_cursor_execute", count)
    figures = []
    for number in range(3):
        with ground.work() as work:
            world.active_setting(work, number)
        counted.clear()
        reader.read("/settings?status=active")
        figures.append(counted.count("SELECT"))
    event.remove(Connection, "before_cursor_execute", count)
    assert len(set(figures)) == 1
