from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from channels import queries
from channels.actions.cancel_messages import cancel_messages
from channels.actions.queue_messages import NewMessage, queue_messages
from channels.actions.record_receipt import record_receipt
from channels.adapter import Pace
from channels.delivery.pump import Lane
from channels.delivery.settle import Settler
from channels.model import Channel, Outcome, OutcomeKind, Reason, Receipt, Settled, Settlement, Status, Subject, Urgency
from channels.render import Renderer
from kernel.clock import FixedClock
from kernel.work import Ground
from people.actions.mark_opt_out import opt_out
from people.queries import contact_points
from tests.channels.people_to_write_to import ASKED, CAREFUL, EMAIL, PHONE, REGISTRY, UNASKED, parent
from tests.channels.recording_adapter import RecordingAdapter

LEASE = timedelta(seconds=60)
SURVEY = Subject("survey", "s1")


def lane(ground: Ground, adapter: RecordingAdapter) -> Lane:
    renderer = Renderer(ground.translations, ground.base_url, ground.keys)
    return Lane(ground, REGISTRY, renderer, adapter, LEASE)


def settler(ground: Ground, adapter: RecordingAdapter) -> Settler:
    return Settler(ground, REGISTRY, adapter, LEASE)


def queue(ground: Ground, *messages: NewMessage) -> list[str]:
    with ground.work() as work:
        return queue_messages(work, messages)


def status(ground: Ground, message_id: str) -> tuple[Status, Reason | None]:
    with ground.read() as session:
        card = queries.message(session, message_id)
    return card.status, card.reason


def told(ground: Ground, message_id: str) -> list[str]:
    with ground.read() as session:
        return [line.what for line in queries.message_history(session, message_id)]


@pytest.fixture
def sms() -> RecordingAdapter:
    return RecordingAdapter()


def test_message_is_rendered_handed_over_and_recorded(ground: Ground, sms: RecordingAdapter) -> None:
    (message_id,) = queue(ground, NewMessage(ASKED, {"word": "EHCP"}, parent(ground)))
    assert lane(ground, sms).drain() == 1
    assert [(post.address, post.rendered.short) for post in sms.posts] == [(PHONE, "You asked about EHCP.")]
    assert status(ground, message_id) == (Status.SENT, None)
    assert lane(ground, sms).drain() == 0


def test_same_dedupe_key_is_queued_once(ground: Ground, sms: RecordingAdapter) -> None:
    person = parent(ground)
    first = queue(ground, NewMessage(ASKED, {"word": "a"}, person, dedupe_key="k"))
    again = queue(ground, NewMessage(ASKED, {"word": "b"}, person, dedupe_key="k"))
    assert (len(first), len(again)) == (1, 0)
    assert lane(ground, sms).drain() == 1


def test_wrong_values_are_refused_when_queued(ground: Ground) -> None:
    with pytest.raises(ValueError, match="word"):
        queue(ground, NewMessage(ASKED, {}, parent(ground)))


def test_urgent_goes_before_bulk_however_late_it_came(ground: Ground, sms: RecordingAdapter) -> None:
    person = parent(ground)
    queue(ground, *(NewMessage(UNASKED, {"word": f"bulk {n}"}, person) for n in range(50)))
    queue(ground, NewMessage(ASKED, {"word": "urgent"}, person, urgency=Urgency.URGENT))
    lane(ground, sms).drain()
    assert sms.posts[0].rendered.short == "You asked about urgent."


def test_scheduled_waits_for_its_time_and_can_be_cancelled(
    ground: Ground, clock: FixedClock, sms: RecordingAdapter
) -> None:
    person, later = parent(ground), clock.now() + timedelta(hours=2)
    kept, dropped = queue(
        ground,
        NewMessage(ASKED, {"word": "kept"}, person, not_before=later),
        NewMessage(ASKED, {"word": "dropped"}, person, not_before=later, about=SURVEY),
    )
    assert lane(ground, sms).drain() == 0
    assert status(ground, kept) == (Status.HELD, Reason.SCHEDULED)
    with ground.work() as work:
        assert cancel_messages(work, about=SURVEY) == 1
    clock.move(timedelta(hours=2))
    assert lane(ground, sms).drain() == 1
    assert status(ground, dropped) == (Status.CANCELLED, Reason.WITHDRAWN)


def test_V12_quiet_hours_hold_until_eight_in_the_morning(
    ground: Ground, clock: FixedClock, sms: RecordingAdapter
) -> None:
    person = parent(ground)
    clock.set(datetime(2026, 11, 23, 20, 30, tzinfo=UTC))
    (message_id,) = queue(ground, NewMessage(UNASKED, {"word": "x"}, person))
    assert lane(ground, sms).drain() == 0
    assert status(ground, message_id) == (Status.HELD, Reason.QUIET_HOURS)
    clock.set(datetime(2026, 11, 24, 7, 59, tzinfo=UTC))
    assert lane(ground, sms).drain() == 0
    clock.set(datetime(2026, 11, 24, 8, 0, tzinfo=UTC))
    assert lane(ground, sms).drain() == 1


def test_V12_stop_cancels_what_waits_and_what_comes(ground: Ground, sms: RecordingAdapter) -> None:
    person = parent(ground)
    (waiting,) = queue(ground, NewMessage(UNASKED, {"word": "x"}, person))
    with ground.work() as work:
        opt_out(work, person, contact_points(work.session, person)[0].id)
    (later,) = queue(ground, NewMessage(UNASKED, {"word": "y"}, person))
    assert lane(ground, sms).drain() == 0
    assert status(ground, waiting) == status(ground, later) == (Status.CANCELLED, Reason.OPTED_OUT)


def test_refused_for_good_falls_back_to_the_next_contact_point(ground: Ground, sms: RecordingAdapter) -> None:
    email = RecordingAdapter(Channel.EMAIL)
    (message_id,) = queue(ground, NewMessage(ASKED, {"word": "x"}, parent(ground, ("sms", PHONE), ("email", EMAIL))))
    sms.answer = lambda _: Outcome(OutcomeKind.FAILED, detail="21614")
    lane(ground, sms).drain()
    assert status(ground, message_id) == (Status.QUEUED, Reason.FALLBACK)
    lane(ground, email).drain()
    assert [post.address for post in email.posts] == [EMAIL]
    assert status(ground, message_id) == (Status.SENT, None)
    assert len(sms.posts) == 1


def test_refused_for_good_with_no_other_way_fails_and_is_not_tried_again(
    ground: Ground, clock: FixedClock, sms: RecordingAdapter
) -> None:
    (message_id,) = queue(ground, NewMessage(ASKED, {"word": "x"}, parent(ground)))
    sms.answer = lambda _: Outcome(OutcomeKind.FAILED, detail="21614")
    lane(ground, sms).drain()
    clock.move(timedelta(days=1))
    assert lane(ground, sms).drain() == 0
    assert status(ground, message_id) == (Status.FAILED, Reason.REFUSED)


def test_busy_vendor_is_tried_again_no_sooner_than_it_asked(
    ground: Ground, clock: FixedClock, sms: RecordingAdapter
) -> None:
    (message_id,) = queue(ground, NewMessage(ASKED, {"word": "x"}, parent(ground)))
    sms.answer = lambda _: Outcome(OutcomeKind.RETRY, retry_after_s=120, pause_s=120)
    lane(ground, sms).drain()
    assert status(ground, message_id) == (Status.HELD, Reason.VENDOR_BUSY)
    sms.answer = lambda _: Outcome(OutcomeKind.SENT, "V1")
    clock.move(timedelta(seconds=119))
    assert lane(ground, sms).drain() == 0
    clock.move(timedelta(seconds=2))
    assert lane(ground, sms).drain() == 1


def test_gives_up_after_its_last_attempt(ground: Ground, clock: FixedClock, sms: RecordingAdapter) -> None:
    (message_id,) = queue(ground, NewMessage(ASKED, {"word": "x"}, parent(ground)))
    sms.answer = lambda _: Outcome(OutcomeKind.RETRY)
    for _ in range(20):
        lane(ground, sms).drain()
        clock.move(timedelta(minutes=20))
    assert status(ground, message_id) == (Status.FAILED, Reason.GAVE_UP)
    assert len(sms.posts) == 8


def test_receipt_that_overtakes_the_outcome_is_not_undone(
    ground: Ground, clock: FixedClock, sms: RecordingAdapter
) -> None:
    def delivered_at_once(attempt_id: str) -> Outcome:
        with ground.work() as work:
            record_receipt(work, Receipt(attempt_id, Status.DELIVERED, "V1", "", clock.now()))
        return Outcome(OutcomeKind.SENT, "V1")

    (message_id,) = queue(ground, NewMessage(ASKED, {"word": "x"}, parent(ground)))
    sms.answer = lambda post: delivered_at_once(post.attempt_id)
    lane(ground, sms).drain()
    assert status(ground, message_id) == (Status.DELIVERED, None)


def test_late_and_repeated_receipts_change_nothing(ground: Ground, clock: FixedClock, sms: RecordingAdapter) -> None:
    (message_id,) = queue(ground, NewMessage(ASKED, {"word": "x"}, parent(ground)))
    lane(ground, sms).drain()
    outcomes = []
    for reported in (Status.DELIVERED, Status.SENT, Status.DELIVERED, Status.FAILED):
        with ground.work() as work:
            outcomes.append(record_receipt(work, Receipt(f"{message_id}-1", reported, "V1", "", clock.now())))
    assert outcomes == [True, False, False, False]
    assert status(ground, message_id) == (Status.DELIVERED, None)


def lose_the_outcome(ground: Ground, adapter: RecordingAdapter) -> None:
    """Claim as a worker does that dies before it records anything."""
    assert lane(ground, adapter).claimer().claim(10).posts


def test_lost_outcome_is_settled_before_anything_is_sent_again(
    ground: Ground, clock: FixedClock, sms: RecordingAdapter
) -> None:
    person = parent(ground)
    sent, unsent = queue(
        ground, NewMessage(CAREFUL, {"word": "sent"}, person), NewMessage(CAREFUL, {"word": "unsent"}, person)
    )
    lose_the_outcome(ground, sms)
    assert settler(ground, sms).settle() == 0
    clock.move(LEASE + timedelta(seconds=1))
    assert lane(ground, sms).drain() == 0
    sms.settlements = {
        f"{sent}-1": Settled(Settlement.PROVEN_SENT, "V1"),
        f"{unsent}-1": Settled(Settlement.PROVEN_UNSENT),
    }
    assert settler(ground, sms).settle() == 2
    assert status(ground, sent) == (Status.SENT, None)
    assert lane(ground, sms).drain() == 1
    assert [post.message_id for post in sms.posts] == [unsent]
    assert "settled_sent" in told(ground, sent)


def test_unproven_follows_the_policy_of_its_message(ground: Ground, clock: FixedClock, sms: RecordingAdapter) -> None:
    person = parent(ground)
    again, careful = queue(
        ground, NewMessage(ASKED, {"word": "again"}, person), NewMessage(CAREFUL, {"word": "once"}, person)
    )
    lose_the_outcome(ground, sms)
    clock.move(LEASE + timedelta(seconds=1))
    settler(ground, sms).settle()
    assert lane(ground, sms).drain() == 1
    assert [post.message_id for post in sms.posts] == [again]
    assert status(ground, careful) == (Status.HELD, Reason.ASK_A_PERSON)


def test_callback_alone_settles_a_lost_outcome(ground: Ground, clock: FixedClock, sms: RecordingAdapter) -> None:
    (message_id,) = queue(ground, NewMessage(CAREFUL, {"word": "x"}, parent(ground)))
    lose_the_outcome(ground, sms)
    with ground.work() as work:
        record_receipt(work, Receipt(f"{message_id}-1", Status.SENT, "V1", "", clock.now()))
    clock.move(LEASE * 2)
    assert settler(ground, sms).settle() == 0
    assert status(ground, message_id) == (Status.SENT, None)


def test_ordered_messages_wait_for_the_earlier_one(ground: Ground, clock: FixedClock, sms: RecordingAdapter) -> None:
    person = parent(ground)
    queue(ground, *(NewMessage(ASKED, {"word": str(n)}, person, ordered=True) for n in range(3)))
    sms.answer = lambda _: Outcome(OutcomeKind.RETRY) if len(sms.posts) == 1 else Outcome(OutcomeKind.SENT, "V")
    for _ in range(6):
        lane(ground, sms).drain()
        clock.move(timedelta(seconds=30))
    words = [post.rendered.short for post in sms.posts]
    assert words == [f"You asked about {n}." for n in (0, 0, 1, 2)]


def test_pace_is_shared_by_all_lanes(ground: Ground, clock: FixedClock) -> None:
    person = parent(ground)
    queue(ground, *(NewMessage(ASKED, {"word": str(n)}, person) for n in range(30)))
    adapters = [RecordingAdapter(pace=Pace(per_s=1, burst=5)) for _ in range(2)]
    for adapter in adapters:
        claimed = lane(ground, adapter).claimer().claim(10)
        assert (claimed.wait_s or 0) <= 1
        adapter.posts += claimed.posts
    assert sum(len(adapter.posts) for adapter in adapters) == 5
    clock.move(timedelta(seconds=3))
    assert len(lane(ground, adapters[0]).claimer().claim(10).posts) == 3


def test_nobody_to_reach_leaves_evidence(ground: Ground) -> None:
    with ground.work() as work:
        from_nowhere = queue_messages(work, [NewMessage(ASKED, {"word": "x"}, None, contact_point_id=None)])
    assert status(ground, from_nowhere[0]) == (Status.FAILED, Reason.NO_CONTACT_POINT)
