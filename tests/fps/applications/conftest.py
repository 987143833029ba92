from __future__ import annotations

from dataclasses import dataclass

import pytest

from fps.model.rounds import RoundCard
from kernel.work import Ground
from tests.fps.rounds_world import open_round
from tests.fps.world import World, build_world


@dataclass(frozen=True)
class Scene:
    """A world with a round that is open until 18 December 2026, 12:00."""

    ground: Ground
    world: World
    joined: RoundCard


@pytest.fixture
def scene(ground: Ground) -> Scene:
    world = build_world(ground)
    with ground.work() as work:
        return Scene(ground, world, open_round(work, world))
