from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.demo_house import Demo, running_demo, seed_file
from tests.browser.live import Live, running_hub


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    with running_hub(tmp_path) as live:
        yield live


@pytest.fixture(scope="session")
def demo_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database file with the demo in it, copied for each test."""
    path = tmp_path_factory.mktemp("demo") / "demo.db"
    seed_file(path)
    return path


@pytest.fixture
def demo(demo_file: Path, tmp_path: Path, browser: Browser) -> Iterator[Demo]:
    """The demo, just started, on a Monday at ten."""
    path = tmp_path / "demo.db"
    shutil.copyfile(demo_file, path)
    with running_demo(path, browser) as demo:
        yield demo
