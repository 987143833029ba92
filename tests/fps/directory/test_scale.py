"""Ten thousand settings: as many statements for a page as for ten."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import event, insert
from sqlalchemy.orm import DeclarativeBase

from fps.model import Status
from fps.model.directory import Need
from fps.model.directory_search import Point, Sort, Wanted
from fps.queries.directory import count_unsaid, find_settings
from fps.tables import ProfileRow, ProfileTermRow, SettingOnLotRow, SettingRow, StatusChangeRow
from kernel.work import Ground
from tests.fps.world import SINCE, World

TODAY = date(2026, 11, 23)
MANY = 10_000
WANTED = Wanted(need=Need.ASD, age=9, near=Point("L20", 334000, 395000), within_km=50, sort=Sort.NEAREST)


def _fill(ground: Ground, world: World, count: int, now: datetime) -> None:
    provider_id, user = world.providers[0]
    ids = [f"setting{number:019d}" for number in range(count)]
    with ground.work() as work:
        work.session.execute(insert(SettingRow), _settings(ids, provider_id, user.id))
        for table, rows in _standing_rows(ids, world, now):
            work.session.execute(insert(table), rows)


def _settings(ids: list[str], provider_id: str, contact_id: str) -> list[dict[str, object]]:
    return [
        {
            "id": each,
            "name": f"Large School {number}",
            "provider_id": provider_id,
            "urn": None,
            "kind": "independent_special",
            "age_from": 5,
            "age_to": 16,
            "intake": "mixed",
            "district": "Sefton",
            "referral_contact_id": contact_id,
        }
        for number, each in enumerate(ids)
    ]


def _standing_rows(
    ids: list[str], world: World, now: datetime
) -> list[tuple[type[DeclarativeBase], list[dict[str, object]]]]:
    on_lots: list[dict[str, object]] = [
        {"id": f"lot{number:023d}", "setting_id": each, "lot_id": world.lots[0].id} for number, each in enumerate(ids)
    ]
    changes: list[dict[str, object]] = [
        {
            "setting_on_lot_id": row["id"],
            "number": 1,
            "setting_id": row["setting_id"],
            "lot_id": row["lot_id"],
            "from_status": None,
            "to_status": Status.ACTIVE,
            "effective_on": SINCE,
            "recorded_at": now,
            "actor_id": world.lead.id,
            "reason": "For a test.",
        }
        for row in on_lots
    ]
    profiles: list[dict[str, object]] = [
        {
            "setting_id": each,
            "content": {"summary": "A school.", "needs": ["asd"]},
            "easting": 330000 + number % 20000,
            "northing": 390000 + number % 15000,
            "published_at": now,
        }
        for number, each in enumerate(ids)
    ]
    terms: list[dict[str, object]] = [{"setting_id": each, "term": "need:asd"} for each in ids]
    return [(SettingOnLotRow, on_lots), (StatusChangeRow, changes), (ProfileRow, profiles), (ProfileTermRow, terms)]


def _statements(ground: Ground, look: Callable[[], object]) -> int:
    told: list[str] = []

    def note(*args: object) -> None:
        told.append(str(args[2]))

    event.listen(ground.database.engine, "before_cursor_execute", note)
    look()
    event.remove(ground.database.engine, "before_cursor_execute", note)
    return len(told)


def test_ten_thousand_settings_are_searched_in_a_constant_number_of_statements(ground: Ground, world: World) -> None:
    def look() -> int:
        with ground.read() as session:
            found, total = find_settings(session, WANTED, TODAY)
            count_unsaid(session, WANTED, TODAY)
            assert [one.km for one in found] == sorted(one.km or 0 for one in found)
            return total

    with ground.work() as work:
        for number in range(3):
            world.active_setting(work, number)
    few = _statements(ground, look)
    assert few < 10
    _fill(ground, world, MANY, ground.clock.now())
    started = time.perf_counter()
    assert look() == MANY
    took_s = time.perf_counter() - started
    assert _statements(ground, look) == few
    assert took_s < 10, "seconds even on a slow machine"
