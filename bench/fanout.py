"""Fan-out through the outbox, every message with its durable outcome, against bare ways of sending the same posts."""

from __future__ import annotations

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta

from bench.report import Row, show
from bench.world import World, add_old_messages, fresh_house, processes, queue_texts, running_world, unfinished
from hub.wiring import House

INSTANT, SLOW, JOBS = 20_000, 8_000, 1_500
LATENCY_MS, CONNECTIONS, THREADS = 100, 100, 16
_QUEUEING_PER_S = 2_000
_GIVE_UP_S = 180


def bare(world: World, count: int) -> float:
    """Return posts a second of the bare loop, in a process of its own."""
    return _figure("bench.bare", world.vendor.url, str(count), str(THREADS))


def one_job_each(world: World) -> float:
    """Return posts a second with one RQ job a message, in a process of its own."""
    return _figure("bench.one_job_each", world.valkey.url, world.vendor.url, str(JOBS))


def _figure(*command: str) -> float:
    done = subprocess.run([sys.executable, "-m", *command], check=True, capture_output=True, text=True)  # noqa: S603 - our own programs
    return float(done.stdout)


def through_the_hub(world: World, count: int, *, old: int, workers: int = 1) -> float:
    """Return messages a second through `hub worker`, from their release to the last durable outcome.

    All are queued for one release time, as referral alerts are, so that queueing is over before the clock starts.
    """
    command = ["-m", "hub", "worker", "--bells", "sms"]
    with fresh_house(world) as (house, environment):
        add_old_messages(house, old)
        with processes({**environment, "HUB_SWEEP_S": "0.2"}, *[command] * workers):
            _release(house, 200)
            elapsed_s = _release(house, count)
    return count / elapsed_s


def _release(house: House, count: int) -> float:
    release_at = datetime.now(UTC) + timedelta(seconds=3 + count / _QUEUEING_PER_S)
    queue_texts(house, count, release_at)
    left_s = (release_at - datetime.now(UTC)).total_seconds()
    if left_s < 0:
        raise SystemExit("queueing took longer than planned: the bench would flatter the hub")
    time.sleep(left_s)
    start = time.perf_counter()
    while unfinished(house):
        time.sleep(0.02)
        if time.perf_counter() - start > _GIVE_UP_S:
            raise SystemExit(f"{unfinished(house)} messages have no outcome")
    return time.perf_counter() - start


def measure(world: World) -> list[Row]:
    """Measure and return the rows."""
    loop = (bare(world, INSTANT) + bare(world, INSTANT)) / 2
    few = through_the_hub(world, INSTANT, old=1_000)
    many = through_the_hub(world, INSTANT, old=1_000_000)
    two = through_the_hub(world, INSTANT, old=1_000, workers=2)
    jobs = one_job_each(world)
    world.vendor.be_slow(LATENCY_MS)
    could = CONNECTIONS * 1000 / LATENCY_MS
    slow = through_the_hub(world, SLOW, old=1_000)
    world.vendor.be_slow(0)
    return [
        Row(f"instant vendor: bare pooled loop, {THREADS} threads, no database", loop, 1.0),
        Row("instant vendor: the hub, one worker", few, few / loop, "0.9"),
        Row("instant vendor: the hub, one worker, 1,000,000 old messages", many, many / few, "0.9 of the row above"),
        Row("instant vendor: the hub, two workers", two, two / loop),
        Row("instant vendor: one RQ job a message", jobs, jobs / loop),
        Row(f"{LATENCY_MS} ms vendor: what {CONNECTIONS} connections could do", could, 1.0),
        Row(f"{LATENCY_MS} ms vendor: the hub, one worker of {CONNECTIONS} connections", slow, slow / could, "0.85"),
    ]


if __name__ == "__main__":
    with running_world() as found:
        show("Fan-out", measure(found))
