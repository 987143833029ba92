"""Turns that nobody used are not lost: a burst is there when it is needed."""

from __future__ import annotations

from channels.actions.queue_messages import NewMessage
from channels.adapter import Pace
from kernel.work import Ground
from tests.channels.delivery.lanes import claim, queue
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
