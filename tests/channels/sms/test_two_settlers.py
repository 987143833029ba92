"""Two processes settle lost texts to one number at the same time: of each text as many arrive as were queued."""

from __future__ import annotations

import multiprocessing
import random
from collections import Counter
from datetime import datetime
from multiprocessing.synchronize import Barrier

import pytest

from kernel.clock import FixedClock
from kernel.database import Database
from kernel.work import Ground
from tests.channels.people_to_write_to import PHONE
from tests.channels.sms.lost_world import LostWorld
from tests.conftest import ground_on
from tests.services.vendor import VendorStub

_PATIENCE_S = 60
_SPAWN = multiprocessing.get_context("spawn")
_LOST = 150
"""More than one batch: each process gets some, and twins lie in both."""


def settle_beside(url: str, vendor: VendorStub, now: datetime, person_id: str, start: Barrier) -> None:
    """Be one of the processes: settle everything that nobody else settles."""
    clock = FixedClock(now)
    database = Database(url)
    world = LostWorld(ground_on(database, clock), clock, vendor, person_id)
    clock.set(now)
    start.wait(_PATIENCE_S)
    world.settler().settle()
    database.close()


def settle_in_two_processes(world: LostWorld) -> None:
    start = _SPAWN.Barrier(2)
    url = world.ground.database.url.render_as_string(hide_password=False)
    told = (url, world.vendor, world.clock.now(), world.person_id, start)
    processes = [_SPAWN.Process(target=settle_beside, args=told) for _ in range(2)]
    for process in processes:
        process.start()
    for process in processes:
        process.join(_PATIENCE_S)
        assert process.exitcode == 0


@pytest.mark.parametrize("seed", range(3))
def test_of_each_text_as_many_arrive_as_were_queued_whoever_settles_which(
    ground: Ground, clock: FixedClock, vendor: VendorStub, seed: int
) -> None:
    world, dice = LostWorld(ground, clock, vendor), random.Random(seed)  # noqa: S311 - a test's dice
    queued = Counter[str]()
    while queued.total() < _LOST:
        words = dice.choices(["one", "two", "three"], k=dice.randint(1, 8))
        lose = world.lose_after if dice.random() < 0.5 else world.lose_before
        lose(*words)
        queued.update(words)
    for _ in range(6):
        world.lapse()
        settle_in_two_processes(world)
        assert_no_more_recorded_than_taken(world)
        world.lane().drain()
    assert set(world.statuses().values()) == {"sent"}
    bodies = Counter(each["Body"] for each in vendor.bodies("messages.create"))
    assert bodies == {f"You asked about {word}.": count for word, count in queued.items()}
    assert vendor.counts().recipients == {PHONE: queued.total()}


def assert_no_more_recorded_than_taken(world: LostWorld) -> None:
    ids = world.vendor_ids()
    assert len(ids) == len(set(ids)) <= world.vendor.counts().accepted
