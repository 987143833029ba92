from __future__ import annotations

import pytest

from kernel.work import Ground
from tests.referrals.webhooks.world import Systems, build_systems


@pytest.fixture
def systems(ground: Ground) -> Systems:
    return build_systems(ground)
