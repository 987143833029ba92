from __future__ import annotations

import pytest

from kernel.work import Ground
from tests.referrals.world import World, build_world


@pytest.fixture
def world(ground: Ground) -> World:
    return build_world(ground)
