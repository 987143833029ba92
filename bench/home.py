"""Each role's start page with 100,000 persons and 1,000,000 messages, against the same page with 1,000 of each."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from pydantic import SecretStr
from sqlalchemy import bindparam, event, text

import hub.demo.fps
import hub.demo.qa_visits
import hub.demo.referrals
import hub.demo.surveys
from bench.report import Row, show
from bench.world import World, running_world
from hub.demo.cast import Cast, seed_cast
from hub.migrations import upgrade
from hub.serving import open_front
from hub.settings import Settings
from hub.wiring import House, open_house
from kernel.database import Moment
from people.actions.begin_session import begin_session

PERSONS, MESSAGES, FEW = 100_000, 1_000_000, 1_000
UNREAD = 20
WARM_UP, ROUNDS = 3, 25
AT_MOST = 3.0
_OLD = timedelta(days=60)

_NUMBERS = """
    CREATE TABLE bench_numbers AS
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :count) SELECT i FROM n
"""
_PERSONS = """
    INSERT INTO persons (id, name, language, created_at)
    SELECT 'bench-p-' || (10000000 + i), 'Person ' || i, 'en', :old FROM bench_numbers WHERE i <= :count
"""
_ROLES = """
    INSERT INTO roles (person_id, role, organisation_id)
    SELECT 'bench-p-' || (10000000 + i), 'family', :forum FROM bench_numbers WHERE i <= :count
"""
_MESSAGES = """
    INSERT INTO messages (id, person_id, channel, key, "values", urgency, status, is_solicited, attempts,
                          attempts_elsewhere, queued_at, sent_at, delivered_at)
    SELECT 'bench-m-' || (10000000 + i), 'bench-p-' || (10000001 + i % :persons),
        CASE WHEN i % 10 = 0 THEN 'web' ELSE 'sms' END, 'channels.answer_from_person', '{}', 0,
        CASE WHEN i % 10 = 0 THEN 'sent' WHEN i % 50 = 1 THEN 'failed' ELSE 'delivered' END,
        true, 1, 0, :old, :old, :old
    FROM bench_numbers WHERE i <= :count
"""
_READ_BY = """
    INSERT INTO messages (id, person_id, channel, key, "values", urgency, status, is_solicited, attempts,
                          attempts_elsewhere, queued_at, sent_at, delivered_at)
    SELECT :name || (10000000 + i), :person, 'web', 'channels.answer_from_person', '{}', 0,
        CASE WHEN i <= :unread THEN 'sent' ELSE 'delivered' END, true, 1, 0, :old, :old, :old
    FROM bench_numbers WHERE i <= :count
"""
_TEXTS = """
    INSERT INTO inbound (id, channel, vendor_id, sender, recipient, body, "values", received_at, state, due_at,
                         attempts)
    SELECT 'bench-i-' || (10000000 + i), 'sms', 'bench-' || i, 'x', 'x', 'x', '{}', :old, 'answered', :old, 0
    FROM bench_numbers WHERE i <= :count
"""
_QUEUE = """
    INSERT INTO queue_items (id, queue, inbound_id, person_id, contact_point_id, organisation_id, reason, text,
                             opened_at, ended_at)
    SELECT 'bench-q-' || (10000000 + i), CASE WHEN i % 3 = 0 THEN 'safeguarding' ELSE 'questions' END,
        'bench-i-' || (10000000 + i), :person, :point, :forum, 'bench', 'x', :old,
        CASE WHEN i > 30 THEN :old END
    FROM bench_numbers WHERE i <= :count
"""


@dataclass(frozen=True)
class Figure:
    """What a start page took: the median in milliseconds and the number of statements."""

    median_ms: float
    statements: int


def _run(house: House, statement: str, **values: object) -> None:
    prepared = text(statement)
    if ":old" in statement:
        prepared = prepared.bindparams(bindparam("old", house.ground.clock.now() - _OLD, type_=Moment()))
    used = {name: value for name, value in values.items() if f":{name}" in statement}
    with house.ground.database.begin() as session:
        session.execute(prepared, used)


def _fill(house: House, cast: Cast, persons: int, messages: int) -> None:
    """Fill the tables in bulk: families, messages long done, texts that were dealt with and a few that wait."""
    parent = cast.parents[0]
    with house.ground.read() as session:
        point = session.scalar(text("SELECT id FROM contact_points WHERE person_id = :id"), {"id": parent})
    given: dict[str, Any] = {"forum": cast.forum_id, "person": parent, "point": point, "persons": persons}
    _run(house, _NUMBERS, count=max(persons, messages))
    _run(house, _PERSONS, count=persons)
    _run(house, _ROLES, count=persons, **given)
    _run(house, _MESSAGES, count=messages, **given)
    for number, reader in enumerate(_readers(cast).values()):
        name = f"bench-{chr(ord('a') + number)}-"
        _run(house, _READ_BY, count=max(UNREAD, messages // 100), name=name, person=reader, unread=UNREAD)
    _run(house, _TEXTS, count=messages // 10)
    _run(house, _QUEUE, count=messages // 10, **given)
    with house.ground.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("ANALYZE"))


def _readers(cast: Cast) -> dict[str, str]:
    return {
        "parent": cast.parents[0],
        "provider user": cast.providers[0][1],
        "QA officer": cast.qa_officer_id,
        "commissioner": cast.commissioner_id,
        "lead authority": cast.lead_authority_id,
        "forum coordinator": cast.coordinator_id,
        "safeguarding duty": cast.duty_officer_id,
        "administrator": cast.administrator_id,
    }


@contextmanager
def _house(database_url: str, persons: int, messages: int) -> Iterator[tuple[House, Cast]]:
    settings = Settings(
        secret=SecretStr("a secret for the bench"), database_url=database_url, log_level="WARNING", second_factor=False
    )
    house = open_house(settings)
    upgrade(house.ground.database)
    with house.ground.work() as work:
        cast = seed_cast(work)
        for domain in (hub.demo.fps, hub.demo.referrals, hub.demo.surveys, hub.demo.qa_visits):
            domain.seed(work, cast)
    _fill(house, cast, persons, messages)
    try:
        yield house, cast
    finally:
        house.close()


def _visitor(house: House, app: Flask, person_id: str) -> FlaskClient:
    with house.ground.work() as work:
        token = begin_session(work, person_id, "link", is_strong=True, browser="bench")
    client = app.test_client()
    with client.session_transaction() as kept:
        kept["session"] = token
    return client


def _look(house: House, client: FlaskClient) -> Figure:
    statements: list[str] = []

    def note(*told: object) -> None:
        statements.append(str(told[2]))

    times: list[float] = []
    event.listen(house.ground.database.engine, "before_cursor_execute", note)
    for _ in range(WARM_UP + ROUNDS):
        statements.clear()
        start = time.perf_counter()
        answer = client.get("/")
        times.append(time.perf_counter() - start)
        if answer.status_code != 200:  # noqa: PLR2004 - the page is there
            raise SystemExit(f"the start page answered {answer.status_code}")
    event.remove(house.ground.database.engine, "before_cursor_execute", note)
    asked = [line for line in statements if not line.lstrip().startswith(("BEGIN", "PRAGMA"))]
    return Figure(statistics.median(times[WARM_UP:]) * 1000, len(asked))


def _figures(database_url: str, persons: int, messages: int) -> dict[str, Figure]:
    with _house(database_url, persons, messages) as (house, cast):
        front = open_front(house)
        if not isinstance(front.app, Flask):
            raise TypeError(type(front.app).__name__)
        return {role: _look(house, _visitor(house, front.app, who)) for role, who in _readers(cast).items()}


def _rows(engine: str, few: dict[str, Figure], many: dict[str, Figure]) -> list[Row]:
    return [
        Row(
            f"{engine}, {role}: {few[role].statements} statements, then {many[role].statements}; "
            f"{few[role].median_ms:.1f} ms, then {many[role].median_ms:.1f} ms",
            1000 / many[role].median_ms,
            many[role].median_ms / few[role].median_ms,
            "at most 3",
        )
        for role in few
    ]


def measure(world: World) -> list[Row]:
    """Measure and return the rows, for each engine; stops with an error where a page needs more statements."""
    found: list[Row] = []
    with TemporaryDirectory() as folder:
        urls = [f"sqlite:///{Path(folder)}/{name}.db" for name in ("few", "many")]
        found += _both("SQLite", urls)
    urls = [world.postgres.create_database() for _ in range(2)]
    found += _both("PostgreSQL", urls)
    for url in urls:
        world.postgres.drop_database(url)
    return found


def _both(engine: str, urls: list[str]) -> list[Row]:
    few = _figures(urls[0], FEW, FEW)
    many = _figures(urls[1], PERSONS, MESSAGES)
    grown = [role for role in few if few[role].statements != many[role].statements]
    if grown:
        raise SystemExit(f"{engine}: more statements with more data for {', '.join(grown)}")
    return _rows(engine, few, many)


if __name__ == "__main__":
    with running_world() as found_world:
        show("Start pages", measure(found_world))
