"""The blows that fall on the product, in an order and at moments drawn from a seed."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus

from redis import Redis
from sqlalchemy import text

from kernel.database import Database
from tests.crash.fleet import Part
from tests.services.vendor import VendorStub

_HELD_UP_S = 1.0
_CUT = text(
    """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND application_name <> :own AND random() < :share
    """
)
OWN_CONNECTIONS = "crash-test"


@dataclass(frozen=True)
class Blow:
    """One kind of blow; `strike` returns once what it hit is up again."""

    name: str
    strike: Callable[[random.Random], None]


def kill(part: Part) -> Blow:
    """Kill a process and start it again."""

    def strike(_chance: random.Random) -> None:
        part.kill()
        part.start()

    return Blow(f"kill {part.name}", strike)


def kill_together(parts: Sequence[Part]) -> Blow:
    """Kill several processes at once, as a power cut does, and start them again."""

    def strike(_chance: random.Random) -> None:
        for part in parts:
            part.kill()
        for part in parts:
            part.start()

    return Blow("kill all", strike)


def kill_children(part: Part, count: int) -> Blow:
    """Kill some of a process's children; it must replace them itself."""
    return Blow(f"kill {count} crews", lambda chance: part.kill_children(chance, count))


def leave_alone() -> Blow:
    """Do nothing: how things are without a storm."""
    return Blow("leave alone", lambda _chance: None)


def hold_up(part: Part) -> Blow:
    """Let a process stand still for a quarter of its lease, as on a machine that is short of breath."""
    return Blow(f"hold up {part.name}", lambda _chance: part.hold_up(_HELD_UP_S))


def cut_connections(database: Database) -> Blow:
    """Cut about half of the product's connections to PostgreSQL."""

    def strike(_chance: random.Random) -> None:
        with database.begin() as session:
            session.execute(_CUT, {"own": OWN_CONNECTIONS, "share": 0.5})

    return Blow("cut connections", strike)


def lose_bells(redis: Redis) -> Blow:
    """Let the queue forget everything."""

    def strike(_chance: random.Random) -> None:
        redis.flushall()

    return Blow("lose bells", strike)


def lose_answers(vendor: VendorStub) -> Blow:
    """Let the vendor take some messages and hang up without an answer."""
    return Blow("lose answers", lambda chance: vendor.drop_after_accept(chance.randint(1, 8)))


def report_late(vendor: VendorStub, usual_ms: float, late_ms: tuple[float, float]) -> Blow:
    """Let the vendor's reports come as usual from now on, or so late that what they tell is being settled already."""

    def strike(chance: random.Random) -> None:
        vendor.call_back(after_ms=chance.choice([usual_ms, chance.uniform(*late_ms)]))

    return Blow("report late", strike)


def refuse(vendor: VendorStub) -> Blow:
    """Let the vendor be busy (429: not taken) or out of order (503: who knows) for some calls."""

    def strike(chance: random.Random) -> None:
        busy = {"code": 20429, "message": "Too Many Requests", "status": HTTPStatus.TOO_MANY_REQUESTS}
        headers = {"Retry-After": "1"}
        vendor.fail_next(chance.randint(1, 3), HTTPStatus.TOO_MANY_REQUESTS, headers=headers, content=busy)
        vendor.fail_next(chance.randint(1, 3), HTTPStatus.SERVICE_UNAVAILABLE)

    return Blow("vendor refuses", strike)


@dataclass
class Storm:
    """Deals the blows like cards, so that none is left out: a shuffled deck, then another one, until it is over."""

    blows: Sequence[Blow]
    chance: random.Random
    longest_pause_s: float
    struck: Counter[str] = field(default_factory=Counter)

    def rage(self, *, at_least_s: float) -> None:
        """Deal whole decks until so many seconds have passed; at least one."""
        until = time.monotonic() + at_least_s
        while not self.struck or time.monotonic() < until:
            for blow in self.chance.sample(self.blows, len(self.blows)):
                time.sleep(self.chance.uniform(0, self.longest_pause_s))
                blow.strike(self.chance)
                self.struck[blow.name] += 1
