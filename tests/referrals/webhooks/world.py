"""A council with an administrator and an address for its case system, and a line that answers as a test says."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from hub.reactions import REACTIONS
from kernel.events import deliver_events
from kernel.work import Ground
from people.model import Actor, Role
from referrals.actions.webhooks.add_endpoint import AddEndpoint, MadeSecret, add_endpoint
from referrals.actions.webhooks.tell_systems import Told, keep_event, queue_delivery
from referrals.model.webhooks import CHOSEN_TYPES, EventType, Result
from referrals.webhooks.courier import Courier
from tests.fps import world as register

URL = "https://cases.example.org/hub"
TAKEN = Result(200)


@dataclass
class FakeLine:
    """Keeps what is posted and answers each address as `answers` says, or that it was taken."""

    answers: dict[str, Callable[[], Result]] = field(default_factory=dict)
    posted: list[tuple[str, Mapping[str, str], str]] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def post(self, url: str, headers: Mapping[str, str], body: str) -> Result:
        with self.lock:
            self.posted.append((url, headers, body))
        return self.answers.get(url, lambda: TAKEN)()

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """What was posted, in order."""
        return [json.loads(body) for _, _, body in self.posted]


@dataclass(frozen=True)
class Systems:
    """A council's administrator, a stranger of another council, and the line."""

    ground: Ground
    council_id: str
    administrator: Actor
    stranger: Actor
    line: FakeLine

    def add(self, url: str = URL, *types: EventType, inside: Collection[str] = ()) -> MadeSecret:
        """Add an address that is told of everything, or of these."""
        wanted = AddEndpoint(self.council_id, "Case management", url, types or CHOSEN_TYPES, inside)
        with self.ground.work() as work:
            return add_endpoint(work, self.administrator, wanted)

    def tell(self, endpoint_id: str) -> str:
        """Let a fact be on its way to an address; return the id of the delivery."""
        told = Told(EventType.REFERRAL_CLOSED, self.council_id, None, {"referral_id": "x"})
        with self.ground.work() as work:
            return queue_delivery(work, keep_event(work, told), endpoint_id)

    def send(self) -> int:
        """Deliver what is due."""
        return Courier(self.ground, self.line).drain()


def build_systems(ground: Ground) -> Systems:
    """Build them beside an invented register."""
    found = register.build_world(ground)
    with ground.work() as work:
        administrator = register.member(work, "Ada Administrator", Role.ADMINISTRATOR, found.council_id)
        stranger = register.member(work, "Al Administrator", Role.ADMINISTRATOR, found.other_council_id)
    return Systems(ground, found.council_id, administrator, stranger, FakeLine())


def hear(ground: Ground) -> None:
    """Let reactions hear what has happened."""
    deliver_events(ground, REACTIONS)
