from __future__ import annotations

from datetime import timedelta

from channels import queries
from channels.actions.queue_messages import NewMessage, queue_messages
from channels.delivery.detour import Detour
from channels.model import Channel, Reason, Status
from kernel.clock import FixedClock
from kernel.work import Ground
from tests.channels.delivery.test_delivery import lane, status, told
from tests.channels.people_to_write_to import ASKED, EMAIL, parent
from tests.channels.recording_adapter import RecordingAdapter

SLACK = ("slack", "U0PARENT1")
WITHOUT_SLACK = frozenset({"sms", "email", "web"})


def ask(ground: Ground, *points: tuple[str, str], channel: str | None = None) -> str:
    person = parent(ground, *points)
    with ground.work() as work:
        return queue_messages(work, [NewMessage(ASKED, {"word": "x"}, person, channel=channel)])[0]


def test_who_prefers_a_channel_that_is_not_set_up_is_reached_by_the_next_one(ground: Ground) -> None:
    message_id = ask(ground, SLACK, ("email", EMAIL))
    assert Detour(ground, WITHOUT_SLACK).run() == 1
    email = RecordingAdapter(Channel.EMAIL)
    lane(ground, email).drain()
    assert [post.address for post in email.posts] == [EMAIL]
    assert status(ground, message_id) == (Status.SENT, None)
    assert "moved" in told(ground, message_id)


def test_what_can_go_nowhere_else_waits_in_sight_and_goes_when_the_channel_is_set_up(
    ground: Ground, clock: FixedClock
) -> None:
    message_id = ask(ground, SLACK, ("email", EMAIL), channel="slack")
    detour = Detour(ground, WITHOUT_SLACK)
    assert [detour.run(), detour.run()] == [1, 0]
    assert status(ground, message_id) == (Status.HELD, Reason.CHANNEL_OFF)
    clock.move(timedelta(hours=1))
    assert detour.run() == 1
    assert told(ground, message_id).count("held") == 1
    clock.move(timedelta(hours=1))
    slack = RecordingAdapter(Channel.SLACK)
    assert lane(ground, slack).drain() == 1


def test_what_waits_for_a_channel_that_works_is_left_alone(ground: Ground) -> None:
    message_id = ask(ground, ("email", EMAIL))
    assert Detour(ground, WITHOUT_SLACK).run() == 0
    with ground.read() as session:
        assert queries.message(session, message_id).channel == "email"
