"""The product's own processes, on each engine and database, with the blows that fit them."""

from __future__ import annotations

import http.client
import json
import random
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from redis import Redis

from hub.engine.queued import RedisDoorbell
from hub.migrations import upgrade
from kernel.database import Database
from kernel.doorbell import NoDoorbell
from tests.crash.account import ACCOUNT_SID, AUTH_TOKEN, NUMBER, SECRET
from tests.crash.fleet import Part, children
from tests.crash.storm import (
    OWN_CONNECTIONS,
    Blow,
    cut_connections,
    hold_up,
    kill,
    kill_children,
    kill_together,
    lose_answers,
    lose_bells,
    refuse,
    report_late,
)
from tests.crash.trial import Stage
from tests.services.vendor import VendorStub, running_vendor

LEASE_S = 5
_PORTS = range(18_000, 19_000)
"""Below those that the system gives out: a port stays ours while its process is down."""
_HUB = Path(sys.executable).with_name("hub")
_CREWS = 2
_VENDOR_TAKES_MS = 30
_LATE_MS = (LEASE_S * 900, LEASE_S * 1300)
"""Around the end of the lease: when a settler looks at what the report is of."""


@dataclass(frozen=True)
class Combination:
    """What is tried: an engine on a database, with or without the vendor's callbacks, on so many machines."""

    engine: str
    database: str
    calls_back: bool
    machines: int = 1

    def __str__(self) -> str:
        return f"{self.engine} on {self.database}, {'with' if self.calls_back else 'without'} callbacks"


@contextmanager
def open_stage(what: Combination, database_url: str, redis_url: str | None, folder: Path) -> Iterator[Stage]:
    """Prepare a database and everything that plays on it. `redis_url` is the queued engine's."""
    folder.mkdir(parents=True, exist_ok=True)
    on_postgresql = what.database == "postgresql"
    database = Database(f"{database_url}&application_name={OWN_CONNECTIONS}" if on_postgresql else database_url)
    upgrade(database)
    with running_vendor(AUTH_TOKEN) as vendor:
        vendor.be_slow(_VENDOR_TAKES_MS)
        blows = [lose_answers(vendor), refuse(vendor), *([cut_connections(database)] if on_postgresql else [])]
        if what.calls_back:
            vendor.call_back(after_ms=_VENDOR_TAKES_MS)
            blows.append(report_late(vendor, _VENDOR_TAKES_MS, _LATE_MS))
        base_url = f"http://127.0.0.1:{_free_port()}"
        environment = _environment(database_url, redis_url, vendor, base_url)
        if redis_url is None:
            hub = Part("hub", [_HUB, "run"], environment, folder, _answers(base_url))
            blows += [kill(hub), kill(hub), hold_up(hub)]
            yield Stage(database, vendor, NoDoorbell(), base_url, [hub], blows)
        else:
            with Redis.from_url(redis_url) as redis:
                redis.flushall()
                web = Part("web", [_HUB, "web"], environment, folder, _answers(base_url))
                workers = [_worker(number, environment, folder) for number in range(what.machines)]
                blows += [*_worker_blows(workers), kill(web), kill_together([*workers, web]), lose_bells(redis)]
                yield Stage(database, vendor, RedisDoorbell(redis), base_url, [web, *workers], blows)
    database.close()


def _worker(number: int, environment: dict[str, str], folder: Path) -> Part:
    return Part(f"worker-{number + 1}", [_HUB, "worker"], environment, folder, lambda pid: len(children(pid)) >= _CREWS)


def _worker_blows(workers: list[Part]) -> list[Blow]:
    found: list[Blow] = []
    for worker in workers:
        found += [kill(worker), kill_children(worker, 1), kill_children(worker, _CREWS), hold_up(worker)]
    return found


def _environment(database_url: str, redis_url: str | None, vendor: VendorStub, base_url: str) -> dict[str, str]:
    return {
        "HUB_DATABASE_URL": database_url,
        **({"HUB_REDIS_URL": redis_url} if redis_url else {}),
        "HUB_SECRET": SECRET,
        "HUB_BASE_URL": base_url,
        "HUB_PORT": base_url.rpartition(":")[2],
        "HUB_LOG_LEVEL": "WARNING",
        "HUB_LEASE_S": str(LEASE_S),
        "HUB_SWEEP_S": "0.3",
        "HUB_TWILIO_ACCOUNT_SID": ACCOUNT_SID,
        "HUB_TWILIO_AUTH_TOKENS": json.dumps([AUTH_TOKEN]),
        "HUB_TWILIO_FROM": NUMBER,
        "HUB_TWILIO_API_URL": vendor.url,
        "HUB_TWILIO_PER_S": "0",
        "HUB_TWILIO_CONNECTIONS": "8",
        "HUB_TWILIO_LISTED_AFTER_S": "1",
    }


def _free_port() -> int:
    for port in random.sample(_PORTS, len(_PORTS)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    message = f"no port is free from {_PORTS.start} to {_PORTS.stop}"
    raise RuntimeError(message)


def _answers(base_url: str) -> Callable[[int], bool]:
    address = base_url.removeprefix("http://")

    def is_ready(_pid: int) -> bool:
        connection = http.client.HTTPConnection(address, timeout=1)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == HTTPStatus.OK
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    return is_ready
