"""Turns that nobody used are not lost: a burst is there when it is needed."""

from __future__ import annotations

from datetime import timedelta

from channels.actions.queue_messages import NewMessage
from channels.adapter import Pace
from channels.model import Status, Urgency
from kernel.clock import FixedClock
from kernel.work import Ground
from tests.channels.delivery.lanes import claim, queue, stands
from tests.channels.people_to_write_to import ASKED, parent
from tests.channels.recording_adapter import RecordingAdapter


def test_look_that_finds_nothing_or_little_leaves_the_burst_whole(ground: Ground) -> None:
    sms, person = RecordingAdapter(pace=Pace(per_s=1, burst=5)), parent(ground)
    assert claim(ground, sms) == []
    queue(ground, NewMessage(ASKED, {"word": "x"}, person))
    assert len(claim(ground, sms)) == 1
    queue(ground, *(NewMessage(ASKED, {"word": str(n)}, person) for n in range(9)))
    assert len(claim(ground, sms)) == 4
    assert claim(ground, sms) == []


def test_long_texts_use_as_many_turns_as_they_have_parts(ground: Ground) -> None:
    sms, person = RecordingAdapter(pace=Pace(per_s=1, burst=5)), parent(ground)
    queue(ground, NewMessage(ASKED, {"word": "x" * 300}, person))
    assert len(claim(ground, sms)) == 1
    queue(ground, *(NewMessage(ASKED, {"word": str(n)}, person) for n in range(9)))
    assert len(claim(ground, sms)) == 2


def long_bulk(person: str, parts: int) -> NewMessage:
    return NewMessage(ASKED, {"word": "x" * (153 * parts - 30)}, person, urgency=Urgency.BULK)


def test_urgent_text_waits_for_the_parts_of_one_bulk_text_at_most(ground: Ground, clock: FixedClock) -> None:
    """Claimed by their number, ten texts of six parts each would keep an alert waiting for fifty seconds."""
    sms, person = RecordingAdapter(pace=Pace(per_s=1, burst=10)), parent(ground)
    bulk = queue(ground, *(long_bulk(person, 6) for _ in range(10)))
    assert len(claim(ground, sms)) == 2
    (alert,) = queue(ground, NewMessage(ASKED, {"word": "x"}, person, urgency=Urgency.URGENT))
    waited = 0
    while not (posts := claim(ground, sms)):
        clock.move(timedelta(seconds=1))
        waited += 1
    assert posts[0].message_id == alert
    assert waited <= 6
    assert [stands(ground, message_id)[0] for message_id in bulk] == [Status.HANDING_OVER] * 2 + [Status.QUEUED] * 8


def test_what_had_no_turn_any_more_has_used_up_no_attempt_and_goes_in_its_order(
    ground: Ground, clock: FixedClock
) -> None:
    sms, person = RecordingAdapter(pace=Pace(per_s=1, burst=10)), parent(ground)
    bulk = queue(ground, *(long_bulk(person, 6) for _ in range(5)))
    claimed: list[str] = []
    for _ in range(40):
        claimed += [post.attempt_id for post in claim(ground, sms)]
        clock.move(timedelta(seconds=1))
    assert claimed == [f"{message_id}-1" for message_id in bulk]


def test_without_a_limit_long_texts_are_claimed_like_any_others(ground: Ground) -> None:
    sms, person = RecordingAdapter(), parent(ground)
    queue(ground, *(long_bulk(person, 6) for _ in range(10)))
    assert len(claim(ground, sms)) == 10
