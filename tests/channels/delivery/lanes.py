"""One worker's delivery over a recording adapter, for tests of what races with it."""

from __future__ import annotations

from datetime import timedelta

from channels import queries
from channels.actions.queue_messages import NewMessage, queue_messages
from channels.actions.record_receipt import record_receipt
from channels.delivery.pump import Lane
from channels.delivery.settle import Settler
from channels.model import Post, Reason, Receipt, Status
from channels.render import Renderer
from kernel.work import Ground
from tests.channels.people_to_write_to import REGISTRY
from tests.channels.recording_adapter import RecordingAdapter

LEASE = timedelta(seconds=60)


def lane(ground: Ground, adapter: RecordingAdapter) -> Lane:
    renderer = Renderer(ground.translations, ground.base_url, ground.keys)
    return Lane(ground, REGISTRY, renderer, adapter, LEASE)


def settler(ground: Ground, adapter: RecordingAdapter) -> Settler:
    return Settler(ground, REGISTRY, adapter, LEASE)


def claim(ground: Ground, adapter: RecordingAdapter) -> list[Post]:
    """Claim as a worker does that then dies or is slow."""
    return list(lane(ground, adapter).claimer().claim(10).posts)


def queue(ground: Ground, *messages: NewMessage) -> list[str]:
    with ground.work() as work:
        return queue_messages(work, messages)


def report(ground: Ground, attempt_id: str, status: Status) -> bool:
    with ground.work() as work:
        return record_receipt(work, Receipt(attempt_id, status, "V1", "", work.now))


def stands(ground: Ground, message_id: str) -> tuple[Status, Reason | None]:
    with ground.read() as session:
        card = queries.message(session, message_id)
    return card.status, card.reason
