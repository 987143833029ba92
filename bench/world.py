"""What the benches run on: a real durable PostgreSQL, Valkey, the vendor's edge, and the product's own processes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from channels.actions.queue_messages import NewMessage, queue_messages
from hub.migrations import upgrade
from hub.settings import Settings
from hub.wiring import House, open_house
from people.actions.register_person import NewPerson, register_person
from tests.services.postgres import PostgresServer, running_postgres
from tests.services.valkey import ValkeyServer, running_valkey
from tests.services.vendor import VendorStub, running_vendor

ACCOUNT = "AC" + "0" * 32
TOKEN = "token-of-the-bench"  # noqa: S105 - opens nothing but the bench's own stub
FROM = "+447700900999"
PERSONS = 900
_QUEUED_AT_ONCE = 5000


def phone(number: int) -> str:
    """Return one of Ofcom's drama numbers."""
    return f"+44770090{number % PERSONS:04d}"


@dataclass(frozen=True)
class World:
    """The servers of a bench."""

    postgres: PostgresServer
    valkey: ValkeyServer
    vendor: VendorStub

    def environment(self, database_url: str) -> dict[str, str]:
        """Return the product's settings for a database, as environment variables."""
        return {
            "HUB_SECRET": "a secret for the bench",
            "HUB_BASE_URL": "https://hub.example.org",
            "HUB_DATABASE_URL": database_url,
            "HUB_REDIS_URL": self.valkey.url,
            "HUB_LOG_LEVEL": "WARNING",
            "HUB_TWILIO_ACCOUNT_SID": ACCOUNT,
            "HUB_TWILIO_AUTH_TOKENS": json.dumps([TOKEN]),
            "HUB_TWILIO_FROM": FROM,
            "HUB_TWILIO_API_URL": self.vendor.url,
            "HUB_TWILIO_PER_S": "0",
        }


@contextmanager
def running_world() -> Iterator[World]:
    """Start the servers and stop them at the end."""
    with running_postgres() as postgres, running_valkey() as valkey, running_vendor(auth_token=TOKEN) as vendor:
        yield World(postgres, valkey, vendor)


@contextmanager
def fresh_house(world: World) -> Iterator[tuple[House, Mapping[str, str]]]:
    """Open the hub on a new database with the bench's persons; yield it with its settings."""
    url = world.postgres.create_database()
    environment = world.environment(url)
    house = open_house(as_settings(environment))
    upgrade(house.ground.database)
    with house.ground.work() as work:
        for number in range(PERSONS):
            register_person(work, NewPerson(f"Person {number}", contact_points=(("sms", phone(number)),)))
    try:
        yield house, environment
    finally:
        house.close()
        world.valkey.empty()
        world.postgres.drop_database(url)


def as_settings(environment: Mapping[str, str]) -> Settings:
    """Return the settings that these environment variables are."""
    names = {name.removeprefix("HUB_").lower(): value for name, value in environment.items()}
    names["twilio_auth_tokens"] = json.loads(names["twilio_auth_tokens"])
    return Settings.model_validate(names)


def add_old_messages(house: House, count: int) -> None:
    """Fill the tables with `count` messages and texts that are long done."""
    with house.ground.database.begin() as session:
        session.execute(
            text(
                """
                INSERT INTO messages (id, person_id, contact_point_id, channel, key, values, urgency, status,
                                      is_solicited, attempts, attempts_elsewhere, vendor_id, queued_at, handed_at,
                                      sent_at, delivered_at)
                SELECT 'old' || lpad(n::text, 23, '0'), p.id, c.id, 'sms', 'channels.answer_from_person',
                       '{"answer": "x"}', 0, 'delivered', true, 1, 0, 'SM' || n, now(), now(), now(), now()
                FROM generate_series(1, :count) AS n
                JOIN (SELECT id, row_number() OVER (ORDER BY id) AS k, count(*) OVER () AS all_of_them FROM persons) p
                  ON p.k = 1 + n % p.all_of_them
                JOIN contact_points c ON c.person_id = p.id
                """
            ),
            {"count": count},
        )
        session.execute(
            text(
                """
                INSERT INTO inbound (id, channel, vendor_id, sender, recipient, body, values, received_at, state,
                                     due_at, attempts)
                SELECT 'old' || lpad(n::text, 23, '0'), 'sms', 'SMold' || n,
                       '+44770090' || lpad((n % 900)::text, 4, '0'),
                       '+447700900999', 'x', '{}', now(), 'answered', now(), 0
                FROM generate_series(1, :count) AS n
                """
            ),
            {"count": count},
        )
    with house.ground.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
        connection.execute(text("CHECKPOINT"))


def queue_texts(house: House, count: int, release_at: datetime) -> float:
    """Queue `count` texts for one release in transactions of 5,000; return how many seconds that took."""
    with house.ground.read() as session:
        persons = list(session.scalars(text("SELECT id FROM persons ORDER BY id LIMIT 900")))
    kind = house.messages["channels.answer_from_person"]
    values = {"answer": "You asked about EHCP."}
    start = time.perf_counter()
    for first in range(0, count, _QUEUED_AT_ONCE):
        numbers = range(first, min(first + _QUEUED_AT_ONCE, count))
        with house.ground.work() as work:
            texts = [NewMessage(kind, values, persons[number % PERSONS], not_before=release_at) for number in numbers]
            queue_messages(work, texts)
    return time.perf_counter() - start


def unfinished(house: House) -> int:
    """Count the messages without a durable outcome."""
    waiting = text("SELECT count(*) FROM messages WHERE status IN ('queued', 'held', 'handing_over', 'unknown')")
    with house.ground.read() as session:
        return int(session.scalar(waiting) or 0)


@contextmanager
def processes(environment: Mapping[str, str], *commands: list[str]) -> Iterator[list[subprocess.Popen[bytes]]]:
    """Run commands of this Python with the product's settings, and end them."""
    started = [
        subprocess.Popen([sys.executable, *command], env={**os.environ, **environment})  # noqa: S603 - our own programs
        for command in commands
    ]
    try:
        yield started
    finally:
        for process in started:
            process.send_signal(signal.SIGTERM)
        for process in started:
            process.wait(timeout=20)
