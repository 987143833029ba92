"""A hub that really runs, for tests that look at it through a browser."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path
from socket import socket

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import make_server

import people.web
from channels import messages as channel_messages
from channels.actions.queue_messages import NewMessage, queue_messages
from channels.adapter import Adapter
from channels.delivery.pump import Lane
from channels.inbox.accept import Inbox
from channels.inbox.process import Processor
from channels.model import Channel
from channels.render import Renderer
from channels.sandbox.adapter import SandboxAdapter
from channels.web.adapter import WebAdapter
from channels.wording import Registry
from hub.engine.embedded import EmbeddedWorker
from hub.engine.hands import Hand
from hub.identity_providers import IdentityProvider
from hub.messages import MESSAGES
from hub.reactions import REACTIONS
from hub.web.access import TOKEN
from hub.web.app import create_app
from hub.web.site import Sandbox, Site
from kernel.clock import ShiftedClock, SystemClock
from kernel.database import Base, Database
from kernel.doorbell import LocalDoorbell
from kernel.events import deliver_events
from kernel.keys import Keys
from kernel.translation import Translations
from kernel.work import Ground
from tests.browser.family_pages import family_pages
from tests.hub.web.conftest import NOTICE
from tests.hub.web.test_inbox import VISIT
from tests.hub.web.village import Village, pass_on, settle
from tests.signed_in import session_token

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules/axe-core/axe.min.js"
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
WIDE, PHONE = 1280, 360


@dataclass(frozen=True)
class Live:
    """The running hub: where it is, who lives in it, and the ground it stands on."""

    url: str
    village: Village
    ground: Ground
    app: Flask

    def notify(self, person: str, channel: str | None = None) -> None:
        """Send a person some news."""
        self.send(NewMessage(NOTICE, {"place": "Seaborough"}, person_id=person, channel=channel))

    def send(self, message: NewMessage) -> None:
        """Send a message."""
        with self.ground.work() as work:
            queue_messages(work, [message])

    def sign_in(self, context: BrowserContext, person: str, *, is_strong: bool = True) -> None:
        """Let a browser be a person, as after a link was spent, and a second factor shown."""
        serializer = self.app.session_interface.get_signing_serializer(self.app)  # type: ignore[attr-defined] # its type is that of any interface
        value = serializer.dumps({TOKEN: session_token(self.ground, person, is_strong=is_strong), "_permanent": True})
        context.add_cookies([{"name": "hub", "value": value, "url": self.url}])


@contextmanager
def running_hub(
    directory: Path,
    host: str = "127.0.0.1",
    *,
    second_factor: bool = False,
    identity_provider: Callable[[str], IdentityProvider] | None = None,
) -> Iterator[Live]:
    """Run web and worker on a fresh SQLite database, with sandbox channels and a clock that can be moved.

    Browsers make passkeys for a host with a name: there `host` is localhost. `identity_provider` makes one of the
    hub's address.
    """
    port, bell = _free_port(), LocalDoorbell()
    ground = _ground(directory, f"http://{host}:{port}", bell)
    with ground.work() as work:
        village = settle(work)
    registry, inbox = Registry((*channel_messages.MESSAGES, *MESSAGES, NOTICE, VISIT)), Inbox(ground)
    pages = (family_pages(), people.web.blueprint())
    links = {"hub.sign_in": "sign_in.confirm"}
    told = Site(
        registry,
        inbox,
        sandbox=Sandbox.ALONE,
        pages=pages,
        link_pages=links,
        second_factor=second_factor,
        identity_providers=(identity_provider(ground.base_url),) if identity_provider else (),
    )
    app = create_app(ground, told)
    worker = EmbeddedWorker(_hands(ground, registry), bell, 0.2)
    worker.start()
    try:
        with _served(app, port):
            yield Live(ground.base_url, village, ground, app)
    finally:
        worker.stop()
        inbox.close()
        ground.database.close()


def _ground(directory: Path, url: str, bell: LocalDoorbell) -> Ground:
    database = Database(f"sqlite:///{directory}/hub.db")
    Base.metadata.create_all(database.engine)
    return Ground(
        database=database,
        clock=ShiftedClock(SystemClock()),
        bell=bell,
        keys=Keys("a secret for tests"),
        base_url=url,
        translations=Translations(ROOT / "locales"),
    )


@contextmanager
def _served(app: Flask, port: int) -> Iterator[None]:
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _free_port() -> int:
    with socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _hands(ground: Ground, registry: Registry) -> tuple[Hand, ...]:
    renderer = Renderer(ground.translations, ground.base_url, ground.keys)
    sandboxes = [SandboxAdapter(channel, ground) for channel in (Channel.SMS, Channel.EMAIL, Channel.SLACK)]
    adapters: list[Adapter] = [*sandboxes, WebAdapter()]
    lanes = [Lane(ground, registry, renderer, adapter, timedelta(minutes=1)) for adapter in adapters]
    return (
        Hand("inbox", Processor(ground, (pass_on,)).drain),
        Hand("events", lambda stop: deliver_events(ground, REACTIONS, stop)),
        *(Hand(lane.adapter.channel, lane.drain) for lane in lanes),
    )


@contextmanager
def open_page(browser: Browser, width: int = WIDE, *, scripts: bool = True) -> Iterator[Page]:
    """Open a fresh browser window; fails the test where the page complains on its console."""
    context = browser.new_context(viewport={"width": width, "height": 900}, java_script_enabled=scripts)
    complaints: list[str] = []
    page = context.new_page()
    page.on("console", lambda said: complaints.append(said.text) if said.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    try:
        yield page
    finally:
        context.close()
    # a page that answers 4xx is told on the console too: those are asked for
    assert [text for text in complaints if "the server responded with a status of 4" not in text] == []


@cache
def _axe() -> str:
    return AXE.read_text()


def faults(page: Page) -> list[str]:
    """Return what axe finds wrong with the page, and whether it must be scrolled sideways."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_axe())
    told = page.evaluate(
        "async (rules) => JSON.stringify((await axe.run(document, {runOnly: rules, resultTypes: ['violations']}))"
        ".violations.map((found) => [found.id, found.nodes.map((node) => node.target.join(' '))]))",
        _RULES,
    )
    found = [f"{rule}: {', '.join(places)}" for rule, places in json.loads(told)]
    wider = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return [*found, f"{wider} pixels wider than the window"] if wider > 0 else found
