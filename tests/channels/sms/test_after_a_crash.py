"""The outbox, the adapter and Twilio's list together: what a crash or a lost answer leaves open is found out."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from channels import queries
from channels.actions.queue_messages import NewMessage, queue_messages
from channels.delivery.pump import Lane
from channels.delivery.settle import Settler
from channels.render import Renderer
from channels.sms.adapter import TwilioAdapter
from channels.sms.ledger import Known, MessageLedger
from kernel.clock import FixedClock
from kernel.work import Ground
from tests.channels.people_to_write_to import ASKED, PHONE, REGISTRY, parent
from tests.channels.sms.twilio_world import settings
from tests.services.vendor import VendorStub

LEASE = timedelta(seconds=120)
Put = Callable[..., list[str]]


@pytest.fixture
def lane(ground: Ground, clock: FixedClock, vendor: VendorStub) -> Lane:
    clock.set(datetime.now(UTC))  # the stub's messages bear the true time
    renderer = Renderer(ground.translations, ground.base_url, ground.keys)
    told = settings(vendor.url, vendor.auth_token or "", units_per_s=0.0)
    adapter = TwilioAdapter(told, clock, MessageLedger(ground, REGISTRY, renderer))
    return Lane(ground, REGISTRY, renderer, adapter, LEASE)


@pytest.fixture
def put(ground: Ground, lane: Lane) -> Put:  # noqa: ARG001 - its clock stands first
    person_id = parent(ground, ("sms", PHONE))

    def put(*words: str) -> list[str]:
        with ground.work() as work:
            messages = [NewMessage(type=ASKED, values={"word": word}, person_id=person_id) for word in words]
            return [each for message in messages for each in queue_messages(work, [message])]

    return put


def settle(lane: Lane, clock: FixedClock) -> None:
    clock.move(LEASE + timedelta(seconds=1))
    Settler(lane.ground, REGISTRY, lane.adapter, LEASE).settle()


def statuses(ground: Ground) -> dict[str, str]:
    with ground.read() as session:
        return {row.id: row.status for row in session.execute(text("SELECT id, status FROM messages"))}


def test_a_lost_answer_is_found_and_nothing_is_sent_again(
    ground: Ground, lane: Lane, put: Put, clock: FixedClock, vendor: VendorStub
) -> None:
    one, other = put("one", "other")
    vendor.drop_after_accept(2)
    lane.drain()
    assert statuses(ground) == {one: "unknown", other: "unknown"}
    settle(lane, clock)
    assert statuses(ground) == {one: "sent", other: "sent"}
    lane.drain()
    assert vendor.counts().marks == {f"{one}-1": 1, f"{other}-1": 1}


def test_what_was_claimed_and_never_sent_goes_out_once(
    ground: Ground, lane: Lane, put: Put, clock: FixedClock, vendor: VendorStub
) -> None:
    (lost,) = put("one")
    lane.claimer().claim(10)
    (sent,) = put("other")
    lane.drain()
    assert statuses(ground) == {lost: "handing_over", sent: "sent"}
    settle(lane, clock)
    assert statuses(ground) == {lost: "held", sent: "sent"}
    lane.drain()
    assert statuses(ground) == {lost: "sent", sent: "sent"}
    assert vendor.counts().marks == {f"{sent}-1": 1, f"{lost}-2": 1}


def test_of_two_equal_texts_one_lost_before_and_one_after_sending_each_arrives_once(
    ground: Ground, lane: Lane, put: Put, clock: FixedClock, vendor: VendorStub
) -> None:
    put("the same")
    lane.claimer().claim(10)
    put("the same")
    vendor.drop_after_accept()
    lane.drain()
    settle(lane, clock)
    assert sorted(statuses(ground).values()) == ["held", "sent"]
    lane.drain()
    assert vendor.counts().recipients == {PHONE: 2}
    assert set(statuses(ground).values()) == {"sent"}


def test_looking_again_in_vain_writes_no_further_line_of_history(
    ground: Ground, lane: Lane, put: Put, clock: FixedClock, vendor: VendorStub
) -> None:
    """A hundred looks at what nobody can prove would bury the lines that say something."""
    crashed, lost = put("one", "other")
    lane.claimer().claim(1)
    vendor.drop_after_accept()
    lane.drain()
    vendor.fail_next(20, 503, call="messages.list")
    for _ in range(3):
        settle(lane, clock)
    with ground.read() as session:
        told = {id_: [line.what for line in queries.message_history(session, id_)] for id_ in (crashed, lost)}
    assert told == {crashed: ["queued", "handed_over", "unknown"], lost: ["queued", "handed_over", "unknown"]}


@dataclass
class SlowLedger:
    """Looks things up, and while it does time passes and other things happen."""

    ledger: MessageLedger
    clock: FixedClock
    meanwhile: Callable[[], object]

    def look_up(self, message_ids: Collection[str], vendor_ids: Collection[str]) -> Known:
        """Look up as ever; the answer comes late."""
        self.clock.move(timedelta(seconds=2))
        known = self.ledger.look_up(message_ids, vendor_ids)
        self.meanwhile()
        return known


def test_two_who_settle_at_once_do_not_take_one_message_for_both_of_two_equal_texts(
    ground: Ground, lane: Lane, put: Put, clock: FixedClock, vendor: VendorStub
) -> None:
    (sent,) = put("the same")
    vendor.drop_after_accept()
    lane.drain()
    clock.move(timedelta(seconds=1))
    (unsent,) = put("the same")
    lane.claimer().claim(10)
    clock.move(LEASE)
    other = Settler(ground, REGISTRY, lane.adapter, LEASE)
    ledger = SlowLedger(MessageLedger(ground, REGISTRY, lane.renderer), clock, other.settle)
    told = settings(vendor.url, vendor.auth_token or "", units_per_s=0.0)
    Settler(ground, REGISTRY, TwilioAdapter(told, clock, ledger), LEASE).settle()
    for _ in range(2):
        settle(lane, clock)
        lane.drain()
    assert statuses(ground) == {sent: "sent", unsent: "sent"}
    assert vendor.counts().recipients == {PHONE: 2}
