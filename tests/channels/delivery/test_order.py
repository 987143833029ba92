"""Answers go out in order, and none waits for what is not its conversation."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from channels.actions.queue_messages import NewMessage
from channels.model import Channel, Outcome, OutcomeKind
from channels.wording import MessageType, Policy, Registry
from kernel.clock import FixedClock
from kernel.translation import say
from kernel.work import Ground
from people.queries import contact_points
from tests.channels.delivery.lanes import lane, queue
from tests.channels.people_to_write_to import ASKED, EMAIL, PHONE, REGISTRY, parent
from tests.channels.recording_adapter import RecordingAdapter

EVENING = datetime(2026, 11, 23, 20, 30, tzinfo=UTC)
BY_DAY = MessageType(
    key="test.by_day",
    values={},
    title=say("test.by_day.title", "By day"),
    text=say("test.by_day.text", "By day."),
    short=say("test.by_day.short", "By day."),
    policy=Policy(solicited=True),
)
HOUSE = Registry([*REGISTRY, BY_DAY])


def drain(ground: Ground, adapter: RecordingAdapter) -> list[str]:
    before = len(adapter.posts)
    plain = lane(ground, adapter)
    type(plain)(ground, HOUSE, plain.renderer, adapter, plain.lease).drain()
    return [post.rendered.short for post in adapter.posts[before:]]


def test_answer_held_for_the_night_does_not_keep_back_a_reply_to_a_text_in_the_night(
    ground: Ground, clock: FixedClock
) -> None:
    sms, person = RecordingAdapter(), parent(ground)
    clock.set(EVENING)
    queue(ground, NewMessage(BY_DAY, {}, person, ordered=True))
    assert drain(ground, sms) == []
    queue(ground, NewMessage(ASKED, {"word": "999"}, person, ordered=True))
    assert drain(ground, sms) == ["You asked about 999."]


def test_answers_held_for_the_night_go_out_in_order_in_the_morning(ground: Ground, clock: FixedClock) -> None:
    sms, person = RecordingAdapter(), parent(ground)
    clock.set(EVENING)
    queue(ground, NewMessage(BY_DAY, {}, person, ordered=True))
    drain(ground, sms)
    clock.move(timedelta(hours=11, minutes=30))
    queue(ground, NewMessage(ASKED, {"word": "tea"}, person, ordered=True))
    sms.answer = lambda _: Outcome(OutcomeKind.RETRY) if len(sms.posts) == 1 else Outcome(OutcomeKind.SENT, "V")
    assert drain(ground, sms) == ["By day."]
    clock.move(timedelta(minutes=1))
    assert drain(ground, sms) == ["By day.", "You asked about tea."]


def test_answer_by_one_channel_does_not_wait_for_another_channel_that_is_down(ground: Ground) -> None:
    sms, email = RecordingAdapter(), RecordingAdapter(Channel.EMAIL)
    person = parent(ground, ("email", EMAIL), ("sms", PHONE))
    with ground.read() as session:
        by_email, by_sms = (point.id for point in contact_points(session, person))
    email.answer = lambda _: Outcome(OutcomeKind.RETRY)
    queue(ground, NewMessage(ASKED, {"word": "mail"}, person, contact_point_id=by_email, ordered=True))
    drain(ground, email)
    queue(ground, NewMessage(ASKED, {"word": "text"}, person, contact_point_id=by_sms, ordered=True))
    assert drain(ground, sms) == ["You asked about text."]


def test_answers_that_follow_each_other_go_out_in_one_drain(ground: Ground) -> None:
    sms, person = RecordingAdapter(), parent(ground)
    queue(ground, *(NewMessage(ASKED, {"word": word}, person, ordered=True) for word in "abc"))
    assert drain(ground, sms) == [f"You asked about {word}." for word in "abc"]
