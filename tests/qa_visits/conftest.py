from __future__ import annotations

import pytest

from kernel.work import Ground
from tests.qa_visits.world import World, build


@pytest.fixture
def world(ground: Ground) -> World:
    return build(ground)
