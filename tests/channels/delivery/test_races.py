"""What a vendor reports, what a worker records and what people withdraw cross: no word is lost or doubled."""

from __future__ import annotations

from datetime import timedelta

import pytest

from channels.actions.cancel_messages import cancel_messages
from channels.actions.queue_messages import NewMessage
from channels.model import Channel, Outcome, OutcomeKind, Reason, Status, Subject
from channels.wording import MessageType
from kernel.clock import FixedClock
from kernel.work import Ground
from tests.channels.delivery.lanes import LEASE, claim, lane, queue, report, settler, stands
from tests.channels.people_to_write_to import ASKED, CAREFUL, EMAIL, PHONE, parent
from tests.channels.recording_adapter import RecordingAdapter

VISIT = Subject("visit", "v1")
SENT = Outcome(OutcomeKind.SENT, "V2")


@pytest.fixture
def sms() -> RecordingAdapter:
    return RecordingAdapter()


@pytest.fixture
def email() -> RecordingAdapter:
    return RecordingAdapter(Channel.EMAIL)


def sent_by_sms_with_an_email_behind(ground: Ground, sms: RecordingAdapter) -> str:
    person = parent(ground, ("sms", PHONE), ("email", EMAIL))
    (message_id,) = queue(ground, NewMessage(ASKED, {"word": "x"}, person))
    lane(ground, sms).drain()
    return message_id


def test_failure_reported_twice_does_not_use_up_the_next_contact_point(
    ground: Ground, sms: RecordingAdapter, email: RecordingAdapter
) -> None:
    message_id = sent_by_sms_with_an_email_behind(ground, sms)
    assert [report(ground, f"{message_id}-1", Status.FAILED) for _ in range(2)] == [True, False]
    assert stands(ground, message_id) == (Status.QUEUED, Reason.FALLBACK)
    assert lane(ground, email).drain() == 1


def test_late_report_of_the_failed_attempt_does_not_end_the_next_one(
    ground: Ground, clock: FixedClock, sms: RecordingAdapter, email: RecordingAdapter
) -> None:
    message_id = sent_by_sms_with_an_email_behind(ground, sms)
    report(ground, f"{message_id}-1", Status.FAILED)
    (post,) = claim(ground, email)
    assert not report(ground, f"{message_id}-1", Status.SENT)
    lane(ground, email).recorder().record([(post, Outcome(OutcomeKind.RETRY))])
    assert stands(ground, message_id) == (Status.HELD, Reason.RETRY)
    clock.move(timedelta(minutes=1))
    assert lane(ground, email).drain() == 1


@pytest.mark.parametrize(("kind", "waits"), [(ASKED, Reason.RETRY), (CAREFUL, Reason.ASK_A_PERSON)])
def test_report_that_it_went_out_comes_in_time_while_it_waits_to_be_sent_again(
    ground: Ground, clock: FixedClock, sms: RecordingAdapter, kind: MessageType, waits: Reason
) -> None:
    (message_id,) = queue(ground, NewMessage(kind, {"word": "x"}, parent(ground)))
    claim(ground, sms)
    clock.move(LEASE + timedelta(seconds=1))
    settler(ground, sms).settle()
    assert stands(ground, message_id) == (Status.HELD, waits)
    assert report(ground, f"{message_id}-1", Status.SENT)
    assert stands(ground, message_id) == (Status.SENT, None)
    assert lane(ground, sms).drain() == 0


def test_slow_worker_that_knows_that_it_went_out_is_still_heard(
    ground: Ground, clock: FixedClock, sms: RecordingAdapter
) -> None:
    (message_id,) = queue(ground, NewMessage(ASKED, {"word": "x"}, parent(ground)))
    (post,) = claim(ground, sms)
    clock.move(LEASE + timedelta(seconds=1))
    settler(ground, sms).settle()
    lane(ground, sms).recorder().record([(post, SENT)])
    assert stands(ground, message_id) == (Status.SENT, None)
    assert lane(ground, sms).drain() == 0


def test_outcome_of_an_attempt_that_was_since_reported_failed_does_not_stop_the_next_contact_point(
    ground: Ground, sms: RecordingAdapter, email: RecordingAdapter
) -> None:
    person = parent(ground, ("sms", PHONE), ("email", EMAIL))
    (message_id,) = queue(ground, NewMessage(ASKED, {"word": "x"}, person))
    (post,) = claim(ground, sms)
    report(ground, f"{message_id}-1", Status.FAILED)
    lane(ground, sms).recorder().record([(post, SENT)])
    assert stands(ground, message_id) == (Status.QUEUED, Reason.FALLBACK)
    assert lane(ground, email).drain() == 1


def test_report_of_an_attempt_that_was_never_made_changes_nothing(ground: Ground) -> None:
    (message_id,) = queue(ground, NewMessage(ASKED, {"word": "x"}, parent(ground)))
    assert not report(ground, f"{message_id}-1", Status.SENT)
    assert stands(ground, message_id) == (Status.QUEUED, None)


def withdraw(ground: Ground) -> int:
    with ground.work() as work:
        return cancel_messages(work, about=VISIT, detail="called off")


def test_withdrawn_while_the_vendor_refuses_it_is_not_tried_again(
    ground: Ground, clock: FixedClock, sms: RecordingAdapter
) -> None:
    (message_id,) = queue(ground, NewMessage(ASKED, {"word": "x"}, parent(ground), about=VISIT))
    (post,) = claim(ground, sms)
    assert withdraw(ground) == 0
    lane(ground, sms).recorder().record([(post, Outcome(OutcomeKind.RETRY))])
    assert stands(ground, message_id) == (Status.CANCELLED, Reason.WITHDRAWN)
    clock.move(timedelta(minutes=1))
    assert lane(ground, sms).drain() == 0


def test_withdrawn_while_its_outcome_is_lost_is_not_sent_again(
    ground: Ground, clock: FixedClock, sms: RecordingAdapter
) -> None:
    (message_id,) = queue(ground, NewMessage(ASKED, {"word": "x"}, parent(ground), about=VISIT))
    claim(ground, sms)
    withdraw(ground)
    clock.move(LEASE + timedelta(seconds=1))
    settler(ground, sms).settle()
    assert stands(ground, message_id) == (Status.CANCELLED, Reason.WITHDRAWN)


def test_withdrawn_too_late_is_sent_and_takes_no_other_way_when_it_fails(ground: Ground, sms: RecordingAdapter) -> None:
    person = parent(ground, ("sms", PHONE), ("email", EMAIL))
    (message_id,) = queue(ground, NewMessage(ASKED, {"word": "x"}, person, about=VISIT))
    (post,) = claim(ground, sms)
    withdraw(ground)
    lane(ground, sms).recorder().record([(post, SENT)])
    assert stands(ground, message_id)[0] is Status.SENT
    report(ground, post.attempt_id, Status.FAILED)
    assert stands(ground, message_id)[0] is Status.CANCELLED
