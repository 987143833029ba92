"""Slack under the real delivery: what is queued goes out once, whatever becomes of the answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from channels import queries
from channels.actions.queue_messages import NewMessage, queue_messages
from channels.delivery.pump import Lane
from channels.delivery.settle import Settler
from channels.model import Status
from channels.render import Renderer
from channels.slack.adapter import SlackAdapter
from channels.slack.settings import SlackSettings
from kernel.clock import FixedClock
from kernel.work import Ground
from tests.channels.people_to_write_to import ASKED, REGISTRY, parent
from tests.services.vendor import VendorStub

LEASE = timedelta(seconds=60)


@pytest.fixture
def adapter(vendor: VendorStub, clock: FixedClock) -> SlackAdapter:
    clock.set(datetime.now(UTC))
    return SlackAdapter(SlackSettings("xoxb-invented", "secret", base_url=vendor.slack_url, per_s=100, burst=10))


def queue(ground: Ground, *words: str) -> list[str]:
    officer = parent(ground, ("slack", "U012OFFICER"))
    with ground.work() as work:
        return queue_messages(work, [NewMessage(ASKED, {"word": word}, officer) for word in words])


def deliver(ground: Ground, adapter: SlackAdapter) -> None:
    renderer = Renderer(ground.translations, ground.base_url, ground.keys)
    Lane(ground, REGISTRY, renderer, adapter, LEASE).drain()


def statuses(ground: Ground, message_ids: list[str]) -> list[Status]:
    with ground.read() as session:
        return [queries.message(session, message_id).status for message_id in message_ids]


def test_what_is_queued_is_posted(ground: Ground, vendor: VendorStub, adapter: SlackAdapter) -> None:
    sent = queue(ground, "IPA", "EHCP")
    deliver(ground, adapter)
    assert statuses(ground, sent) == [Status.SENT, Status.SENT]
    assert set(vendor.counts().marks) == {f"{message_id}-1" for message_id in sent}


def test_a_post_whose_answer_was_lost_is_found_and_not_posted_again(
    ground: Ground, vendor: VendorStub, adapter: SlackAdapter, clock: FixedClock
) -> None:
    sent = queue(ground, "IPA")
    vendor.drop_after_accept(1)
    deliver(ground, adapter)
    assert statuses(ground, sent) == [Status.UNKNOWN]
    clock.move(timedelta(minutes=3))
    Settler(ground, REGISTRY, adapter, LEASE).settle()
    deliver(ground, adapter)
    assert statuses(ground, sent) == [Status.SENT]
    assert vendor.counts().accepted == 1


def test_a_post_that_slack_never_had_is_posted_after_it_was_looked_for(
    ground: Ground, vendor: VendorStub, adapter: SlackAdapter, clock: FixedClock
) -> None:
    sent = queue(ground, "IPA")
    vendor.fail_next(1, 503, content={"ok": False, "error": "service_unavailable"})
    deliver(ground, adapter)
    assert statuses(ground, sent) == [Status.UNKNOWN]
    clock.move(timedelta(minutes=3))
    Settler(ground, REGISTRY, adapter, LEASE).settle()
    deliver(ground, adapter)
    assert statuses(ground, sent) == [Status.SENT]
    assert vendor.counts().marks == {f"{sent[0]}-2": 1}
