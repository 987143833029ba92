"""The demo as it is run, for tests that walk through it as its people would."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import socket

from playwright.sync_api import Browser, Page
from pydantic import SecretStr
from werkzeug.serving import WSGIRequestHandler, make_server

from hub.demo.seed import seed_demo
from hub.engine.hands import Hand, work_once
from hub.migrations import upgrade
from hub.serving import open_front
from hub.settings import Settings
from hub.wiring import House, open_house
from kernel.clock import FixedClock, ShiftedClock
from tests.browser.live import WIDE, faults, open_page

MONDAY = datetime(2026, 11, 23, 10, tzinfo=UTC)
NARROW = 390
_PATIENCE_MS = 10_000
SHOTS = os.environ.get("SHOTS_DIR")
"""Where pictures of every page that is inspected are kept, to be looked at; nowhere if not set."""


def demo_settings(database: Path, port: int = 0) -> Settings:
    """Return the settings of a demo on a database file."""
    return Settings(
        base_url=f"http://127.0.0.1:{port}",
        secret=SecretStr("a secret for tests"),
        second_factor=False,
        database_url=f"sqlite:///{database}",
        sandbox=True,
    )


def seed_file(database: Path) -> None:
    """Make a database file with the demo's invented people, and let everything go out that it left to be sent."""
    house = open_house(demo_settings(database), clock=FixedClock(MONDAY))
    upgrade(house.ground.database)
    with house.ground.work() as work:
        seed_demo(work)
    work_once(house.hands())
    house.close()


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: object) -> None:  # noqa: A002 - werkzeug's own name
        """Say nothing of single requests."""


@dataclass(frozen=True)
class Demo:
    """The running demo, a browser to visit it with, and its clock, which stands until it is moved."""

    url: str
    house: House
    clock: ShiftedClock
    browser: Browser
    hands: tuple[Hand, ...]
    windows: ExitStack

    def work(self) -> None:
        """Let everything happen that is due."""
        work_once(self.hands)

    def later(self, **by: float) -> None:
        """Move the clock on by days, hours, minutes or seconds, and let happen what is due then."""
        self.clock.move(timedelta(**by))
        self.work()

    def until(self, moment: datetime) -> None:
        """Put the clock to a later moment, and let happen what is due by then."""
        self.clock.move(moment - self.clock.now())
        self.work()

    def window(self, width: int = WIDE) -> Page:
        """Open a browser window of somebody's own."""
        page = self.windows.enter_context(open_page(self.browser, width))
        page.set_default_timeout(_PATIENCE_MS)
        return page

    def inspect(self, page: Page, name: str) -> None:
        """Look at a page, wide and on a phone: everybody can use it, and nothing stands out at its side."""
        kept = page.viewport_size or {"width": WIDE, "height": 900}
        for width in (WIDE, NARROW):
            page.set_viewport_size({"width": width, "height": kept["height"]})
            if SHOTS:
                page.screenshot(path=f"{SHOTS}/{name}-{width}.png", full_page=True)
            assert faults(page) == [], f"{name} at {width}"
        page.set_viewport_size({"width": kept["width"], "height": kept["height"]})


@contextmanager
def running_demo(database: Path, browser: Browser) -> Iterator[Demo]:
    """Serve a demo from a database file that was seeded, with a clock that stands on a Monday at ten."""
    port = _free_port()
    clock = ShiftedClock(FixedClock(MONDAY))
    house = open_house(demo_settings(database, port), clock=clock)
    server = make_server("127.0.0.1", port, open_front(house), threaded=True, request_handler=_Quiet)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        with ExitStack() as windows:
            yield Demo(house.ground.base_url, house, clock, browser, house.hands(), windows)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        house.close()


def _free_port() -> int:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
