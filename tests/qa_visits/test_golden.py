from __future__ import annotations

from pathlib import Path

import pytest

from kernel.clock import FixedClock
from kernel.work import Ground
from tests.qa_visits.walk import Walk
from tests.qa_visits.world import World

GOLDEN = sorted((Path(__file__).parent / "golden").glob("*.txt"))


@pytest.mark.parametrize("path", GOLDEN, ids=lambda path: path.stem)
def test_visit_goes_as_the_golden_file_tells(ground: Ground, clock: FixedClock, world: World, path: Path) -> None:
    script = path.read_text()

    assert Walk(ground, clock, world).play(script) == script


def test_there_are_golden_files() -> None:
    assert len(GOLDEN) >= 3
