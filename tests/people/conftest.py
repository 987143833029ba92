from __future__ import annotations

import pytest

from kernel.work import Ground
from tests.people.town import Town, settle_town


@pytest.fixture
def town(ground: Ground) -> Town:
    with ground.work() as work:
        return settle_town(work)
