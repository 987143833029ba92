"""A worker that is held up must not send what by then belongs to somebody else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from channels import queries
from channels.actions.queue_messages import NewMessage, queue_messages
from channels.delivery.pump import Lane
from channels.model import Rendered, Status
from channels.render import Renderer
from channels.wording import MessageType
from kernel.work import Ground
from tests.channels.people_to_write_to import ASKED, REGISTRY, parent
from tests.channels.recording_adapter import RecordingAdapter

LEASE = timedelta(seconds=60)


@dataclass
class Stopwatch:
    """Stands in for the time module: it moves only when something takes time."""

    at: float = 1000.0

    def monotonic(self) -> float:
        return self.at

    def sleep(self, seconds: float) -> None:
        self.at += seconds


class SlowRenderer(Renderer):
    """Takes its time to write a message, as a machine does that has too much to do."""

    watch: Stopwatch
    takes_s: float

    def render(self, message_type: MessageType, values: Mapping[str, Any], locale: str) -> Rendered:
        self.watch.sleep(self.takes_s)
        return super().render(message_type, values, locale)


@pytest.mark.parametrize(("takes_s", "sent"), [(29, 1), (31, 0)])
def test_claim_that_takes_half_its_lease_is_left_to_be_settled(
    ground: Ground, monkeypatch: pytest.MonkeyPatch, takes_s: float, sent: int
) -> None:
    watch, sms = Stopwatch(), RecordingAdapter()
    monkeypatch.setattr("channels.delivery.pump.time", watch)
    monkeypatch.setattr(SlowRenderer, "watch", watch, raising=False)
    monkeypatch.setattr(SlowRenderer, "takes_s", takes_s, raising=False)
    person = parent(ground)
    with ground.work() as work:
        (message_id,) = queue_messages(work, [NewMessage(ASKED, {"word": "x"}, person)])
    renderer = SlowRenderer(ground.translations, ground.base_url, ground.keys)
    Lane(ground, REGISTRY, renderer, sms, LEASE).drain()
    assert len(sms.posts) == sent
    with ground.read() as session:
        assert queries.message(session, message_id).status == (Status.SENT if sent else Status.HANDING_OVER)
