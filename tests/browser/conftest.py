from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.live import Live, running_hub


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    with running_hub(tmp_path) as live:
        yield live
