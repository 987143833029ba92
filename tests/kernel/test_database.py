from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, text

from kernel.database import sqlite_time
from kernel.ids import LENGTH, new_id
from kernel.tables import EventRow
from kernel.work import Ground

AT = datetime(2026, 10, 25, 1, 30, 0, 123456, tzinfo=UTC)


def event(at: datetime) -> EventRow:
    return EventRow(id=new_id(), name="test", payload={"ż": "ا"}, at=at, is_spread=True)


def test_moments_come_back_in_utc_whatever_zone_they_were_given_in(ground: Ground) -> None:
    with ground.work() as work:
        work.session.add(event(AT.astimezone(timezone(timedelta(hours=5, minutes=30)))))
    with ground.read() as session:
        row = session.scalars(select(EventRow)).one()
    assert row.at == AT
    assert row.at.tzinfo is UTC
    assert row.payload == {"ż": "ا"}


def test_moment_without_a_zone_is_refused(ground: Ground) -> None:
    with pytest.raises(Exception, match="zone"), ground.work() as work:
        work.session.add(event(datetime(2026, 1, 1)))  # noqa: DTZ001 - the very mistake


@given(st.lists(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)), min_size=2, max_size=20))  # noqa: DTZ001 - made aware below
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_sqlites_text_always_sorts_as_time_does(moments: list[datetime]) -> None:
    aware = [at.replace(tzinfo=UTC) for at in moments]
    assert sorted(aware, key=sqlite_time) == sorted(aware)


def test_what_fails_leaves_nothing_behind_and_rings_no_bell(ground: Ground) -> None:
    def fail() -> None:
        with ground.work() as work:
            work.session.add(event(AT))
            work.session.flush()
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with ground.read() as session:
        assert session.scalar(select(func.count()).select_from(EventRow)) == 0


def test_reading_changes_nothing(ground: Ground) -> None:
    with ground.read() as session:
        session.add(event(AT))
        session.flush()
    with ground.read() as session:
        assert session.scalar(select(func.count()).select_from(EventRow)) == 0


def test_writers_at_once_all_get_their_turn(ground: Ground) -> None:
    def write() -> None:
        for _ in range(5):
            with ground.work() as work:
                work.session.add(event(AT))

    threads = [threading.Thread(target=write) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with ground.read() as session:
        assert session.scalar(select(func.count()).select_from(EventRow)) == 40


def test_error_of_the_database_shows_no_value(ground: Ground) -> None:
    with pytest.raises(Exception, match="nowhere") as failure, ground.work() as work:
        work.session.execute(text("INSERT INTO nowhere VALUES (:secret)"), {"secret": "07700 900123"})
    assert "900123" not in str(failure.value)


def test_ids_are_unique_opaque_and_sort_by_age() -> None:
    ids = [new_id() for _ in range(5000)]
    assert len(set(ids)) == 5000
    assert {len(one) for one in ids} == {LENGTH}
    assert [one[:9] for one in ids] == sorted(one[:9] for one in ids)
