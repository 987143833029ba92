"""Whatever crosses while lost texts are settled, one message of the vendor's never stands for two of ours."""

from __future__ import annotations

import pytest

from channels.model import Outcome, OutcomeKind, Post, Rendered, Status
from kernel.clock import FixedClock
from kernel.work import Ground
from tests.channels.people_to_write_to import ALIKE, PHONE
from tests.channels.sms.lost_world import LostWorld
from tests.services.vendor import VendorStub


@pytest.fixture
def world(ground: Ground, clock: FixedClock, vendor: VendorStub) -> LostWorld:
    return LostWorld(ground, clock, vendor)


def assert_both_arrived(world: LostWorld) -> None:
    world.calm()
    assert set(world.statuses().values()) <= {"sent", "delivered"}
    assert world.vendor.counts().recipients == {PHONE: 2}
    ids = world.vendor_ids()
    assert len(ids) == len(set(ids)) == 2


def as_recorded(attempt_id: str, vendor_id: str) -> tuple[Post, Outcome]:
    message_id = attempt_id.partition("-")[0]
    post = Post(attempt_id, message_id, "test.asked", PHONE, "en", Rendered("", "", ""))
    return post, Outcome(OutcomeKind.SENT, vendor_id)


def test_report_of_a_message_that_was_counted_as_its_twins_is_the_twins(world: LostWorld) -> None:
    """The twin has its place in the books: taken for the other as well, one of them would never go out."""
    (unsent,) = world.lose_before("the same")
    (sent,) = world.lose_after("the same")
    sid = world.sid_of(f"{sent}-1")
    world.lapse()
    world.settler().settle()
    assert world.statuses() == {unsent: "sent", sent: "held"}
    assert world.report(f"{sent}-1", Status.DELIVERED, sid)
    assert world.statuses() == {unsent: "delivered", sent: "held"}
    assert_both_arrived(world)


def test_report_that_comes_while_a_twin_is_being_settled_is_not_counted_twice(world: LostWorld) -> None:
    (unsent,) = world.lose_before("the same")
    (sent,) = world.lose_after("the same")
    sid = world.sid_of(f"{sent}-1")
    world.lapse()
    world.settler(meanwhile=lambda: world.report(f"{sent}-1", Status.SENT, sid)).settle()
    assert world.statuses() == {unsent: "unknown", sent: "sent"}
    assert_both_arrived(world)


def test_slow_worker_does_not_record_what_was_counted_as_its_twins(world: LostWorld) -> None:
    world.lose_before("the same")
    (sent,) = world.lose_after("the same")
    sid = world.sid_of(f"{sent}-1")
    world.lapse()
    world.settler().settle()
    world.lane().recorder().record([as_recorded(f"{sent}-1", sid)])
    assert world.statuses()[sent] == "held"
    assert_both_arrived(world)


def test_slow_worker_that_records_while_a_twin_is_settled_keeps_what_is_its_own(world: LostWorld) -> None:
    (unsent,) = world.lose_before("the same")
    (sent,) = world.lose_after("the same")
    late = [as_recorded(f"{sent}-1", world.sid_of(f"{sent}-1"))]
    world.lapse()
    world.settler(meanwhile=lambda: world.lane().recorder().record(late)).settle()
    assert world.statuses() == {unsent: "unknown", sent: "sent"}
    assert_both_arrived(world)


def test_message_of_another_kind_with_the_same_words_that_is_under_way_is_a_twin_too(world: LostWorld) -> None:
    (unsent,) = world.lose_before("the same")
    world.lapse()
    (sent,) = world.put("the same", kind=ALIKE)
    (post,) = world.lane().claimer().claim(1).posts
    outcome = world.adapter().hand_over(post)
    world.settler().settle()
    assert world.statuses() == {unsent: "unknown", sent: "handing_over"}
    world.lane().recorder().record([(post, outcome)])
    assert_both_arrived(world)


def test_report_of_an_earlier_attempt_that_a_twin_stands_for_does_not_end_the_one_under_way(world: LostWorld) -> None:
    """The one under way would otherwise be recorded by what the twin was recorded by, and its own text by nobody."""
    (unsent,) = world.lose_before("the same")
    (sent,) = world.lose_after("the same")
    sid = world.sid_of(f"{sent}-1")
    world.lapse()
    world.settler().settle()
    world.lane().claimer().claim(1)
    world.report(f"{sent}-1", Status.SENT, sid)
    assert world.statuses() == {unsent: "sent", sent: "handing_over"}
    assert_both_arrived(world)
