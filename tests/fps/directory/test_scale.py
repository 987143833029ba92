"""Ten thousand settings: as many statements for a page as for ten."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import date, datetime

from sqlalchemy import event, insert

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
    settings = [
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
            "referral_contact_id": user.id,
        }
        for number, each in enumerate(ids)
    ]
    on_lots = [{"id": f"on{each}"[:26], "setting_id": each, "lot_id": world.lots[0].id} for each in ids]
    on_lots = [{**row, "id": f"lot{number:023d}"} for number, row in enumerate(on_lots)]
    changes = [
        {
            "setting_on_lot_id": row["id"],
            "number": 1,
            "from_status": None,
            "to_status": Status.ACTIVE,
            "effective_on": SINCE,
            "recorded_at": now,
            "actor_id": world.lead.id,
            "reason": "For a test.",
        }
        for row in on_lots
    ]
    profiles = [
        {
            "setting_id": each,
            "content": {"summary": "A school.", "needs": ["asd"]},
            "easting": 330000 + number % 20000,
            "northing": 390000 + number % 15000,
            "published_at": now,
        }
        for number, each in enumerate(ids)
    ]
    terms = [{"setting_id": each, "term": "need:asd"} for each in ids]
    with ground.work() as work:
        for table, rows in (
            (SettingRow, settings),
            (SettingOnLotRow, on_lots),
            (StatusChangeRow, changes),
            (ProfileRow, profiles),
            (ProfileTermRow, terms),
        ):
            work.session.execute(insert(table), rows)


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
