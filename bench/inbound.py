"""The inbound SMS webhook, signature checked and the row durable, against the same server's constant answer."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
import time
from dataclasses import dataclass

from sqlalchemy import text

from bench.report import Row, show
from bench.world import TOKEN, World, add_old_messages, fresh_house, processes, running_world

CONNECTIONS, SECONDS = 16, 8
_GIVE_UP_S = 30


@dataclass(frozen=True)
class Figure:
    """What a load found: answers a second, their number, and the times in milliseconds."""

    per_s: float
    count: int
    median_ms: float
    p99_ms: float


def _load(port: int, path: str, token: str = "") -> Figure:
    command = [sys.executable, "-m", "bench.load", str(port), path, str(CONNECTIONS), str(SECONDS), token]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603 - our own program
    return Figure(**json.loads(done.stdout))


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def _wait_for(port: int) -> None:
    until = time.monotonic() + _GIVE_UP_S
    while time.monotonic() < until:
        with socket.socket() as attempt:
            if attempt.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    raise SystemExit("the web server did not start")


def webhook(world: World, old: int) -> tuple[Figure, Figure]:
    """Return what the constant answer and the webhook reach with `old` rows in the tables."""
    port = _free_port()
    with fresh_house(world) as (house, environment):
        add_old_messages(house, old)
        with processes(dict(environment), ["-m", "bench.serve", str(port)]):
            _wait_for(port)
            constant = _load(port, "/constant")
            found = _load(port, "/webhooks/sms", TOKEN)
        with house.ground.read() as session:
            stored = session.scalar(text("SELECT count(*) FROM inbound WHERE id NOT LIKE 'old%'")) or 0
    if stored < found.count:
        raise SystemExit(f"{found.count} texts were accepted and {stored} stored")
    return constant, found


def measure(world: World) -> list[Row]:
    """Measure and return the rows."""
    constant, few = webhook(world, 1_000)
    still, many = webhook(world, 1_000_000)
    return [
        Row(f"constant answer, {CONNECTIONS} connections", constant.per_s, 1.0),
        Row("inbound text: signature, durable row", few.per_s, few.per_s / constant.per_s, "0.3"),
        Row(
            f"its 99th percentile over its median ({few.p99_ms:.1f} ms, {few.median_ms:.1f} ms)",
            few.per_s,
            few.p99_ms / few.median_ms,
            "at most 10",
        ),
        Row(
            "inbound text with 1,000,000 old rows, as a share of the constant answer then",
            many.per_s,
            many.per_s / still.per_s,
            "0.3",
        ),
        Row("the same against 1,000 old rows", many.per_s, many.per_s / few.per_s, "0.9"),
    ]


if __name__ == "__main__":
    with running_world() as found_world:
        show("Inbound webhook", measure(found_world))
