from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from kernel import audit
from kernel.clock import FixedClock
from kernel.database import Database
from kernel.work import Ground
from tests.conftest import ground_on


def write(ground: Ground, count: int) -> None:
    for number in range(count):
        with ground.work() as work:
            audit.record(
                work, actor="system", action="test.do", subject=("thing", "t"), details={"n": number, "ł": "ą"}
            )


def test_R34_chain_holds_and_names_its_head(ground: Ground) -> None:
    write(ground, 5)
    with ground.read() as session:
        verdict = audit.verify(session)
    assert (verdict.entries, verdict.broken_at) == (5, None)
    assert len(verdict.head) == 64


def test_R34_writers_at_once_keep_one_chain(ground: Ground) -> None:
    threads = [threading.Thread(target=write, args=(ground, 10)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with ground.read() as session:
        assert audit.verify(session).entries == 40


@pytest.mark.parametrize("change", ["UPDATE audit SET details = '{}' WHERE seq = 3", "DELETE FROM audit WHERE seq = 3"])
def test_R34_log_refuses_to_be_changed(ground: Ground, change: str) -> None:
    write(ground, 5)
    with pytest.raises(DatabaseError, match="append-only"), ground.work() as work:
        work.session.execute(text(change))


def unguarded(ground: Ground, change: str) -> None:
    """Change the log as somebody would who owns the database."""
    with ground.work() as work:
        if ground.database.is_sqlite:
            for trigger in ("audit_no_update", "audit_no_delete"):
                work.session.execute(text(f"DROP TRIGGER {trigger}"))
        else:
            work.session.execute(text("ALTER TABLE audit DISABLE TRIGGER ALL"))
        work.session.execute(text(change))


@pytest.mark.parametrize(
    ("change", "broken_at"),
    [
        ("UPDATE audit SET actor = 'other' WHERE seq = 3", 3),
        ("DELETE FROM audit WHERE seq = 3", 4),
        ("UPDATE audit SET hash = previous_hash WHERE seq = 3", 3),
    ],
)
def test_R34_forgery_is_found(ground: Ground, change: str, broken_at: int) -> None:
    write(ground, 5)
    unguarded(ground, change)
    with ground.read() as session:
        assert audit.verify(session).broken_at == broken_at


def test_R34_cut_tail_is_found_by_the_head_noted_before(ground: Ground) -> None:
    write(ground, 5)
    with ground.read() as session:
        head = audit.verify(session).head
    unguarded(ground, "DELETE FROM audit WHERE seq = 5")
    with ground.read() as session:
        assert audit.verify(session).broken_at is None
        assert audit.verify(session, expected_head=head).broken_at == 5


def test_writer_of_the_log_holds_nobody_up_before_its_end(postgres_database: Database, clock: FixedClock) -> None:
    """Else one that writes first and changes a row later deadlocks with one that does it the other way round."""
    ground = ground_on(postgres_database, clock)
    has_written, has_changed = threading.Event(), threading.Event()
    change = text("UPDATE paces SET free_from = free_from + 1")
    with ground.work() as work:
        work.session.execute(text("INSERT INTO paces (provider, free_from) VALUES ('p', 0)"))

    def write_then_change() -> None:
        with ground.work() as work:
            audit.record(work, actor="system", action="test.first", subject=("thing", "t"))
            has_written.set()
            has_changed.wait(5)
            work.session.execute(change)

    def change_then_write() -> None:
        has_written.wait(5)
        with ground.work() as work:
            work.session.execute(change)
            has_changed.set()
            audit.record(work, actor="system", action="test.second", subject=("thing", "t"))

    with ThreadPoolExecutor(2) as both:
        for each in [both.submit(write_then_change), both.submit(change_then_write)]:
            each.result(timeout=20)
    with ground.read() as session:
        assert audit.verify(session).entries == 2
