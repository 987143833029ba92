from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from channels.delivery.pump import Lane
from channels.model import Channel, Post
from channels.render import Renderer
from channels.rules.segments import segments
from channels.wording import MessageType, Registry
from fps.model import Status
from kernel.clock import FixedClock
from kernel.work import Ground
from referrals.messages import ALERT, MESSAGES, REMINDER, asked_values
from tests.channels.recording_adapter import RecordingAdapter
from tests.referrals.sample import need
from tests.referrals.world import World

RELEASE = datetime(2026, 11, 24, 21, tzinfo=UTC)


@pytest.fixture
def lanes(ground: Ground) -> tuple[Lane, ...]:
    renderer = Renderer(ground.translations, ground.base_url, ground.keys)
    adapters = [RecordingAdapter(channel) for channel in (Channel.SMS, Channel.EMAIL, Channel.SLACK)]
    lease = timedelta(seconds=30)
    return tuple(Lane(ground, Registry(MESSAGES), renderer, adapter, lease) for adapter in adapters)


def handed_over(lanes: tuple[Lane, ...]) -> list[Post]:
    """Deliver what is due on every channel and return all that was ever handed over."""
    for lane in lanes:
        lane.drain()
    return [post for lane in lanes if isinstance(lane.adapter, RecordingAdapter) for post in lane.adapter.posts]


def test_no_alert_leaves_before_the_release_and_then_exactly_those_asked_get_theirs(
    world: World, lanes: tuple[Lane, ...], clock: FixedClock
) -> None:
    """R2, R9: by each contact's own channel, also at nine in the evening, when others' messages would wait."""
    referral_id = world.drafted()
    world.issue(referral_id, RELEASE, date(2026, 12, 2))
    clock.set(RELEASE - timedelta(seconds=1))
    assert handed_over(lanes) == []
    with world.ground.work() as work:
        world.register.step(work, world.settings[0], Status.SUSPENDED)
    clock.set(RELEASE)
    posts = handed_over(lanes)
    assert [post.address for post in posts] == ["+447700900001", "user0@example.org", "user2@example.org"]
    assert all(post.rendered == posts[0].rendered for post in posts)
    assert f"https://hub.example.org/referrals/{referral_id}" in posts[0].rendered.short
    assert handed_over(lanes) == posts


def test_what_is_handed_over_holds_no_word_of_what_the_commissioner_wrote(
    world: World, lanes: tuple[Lane, ...]
) -> None:
    """R30"""
    wanted = need(outcomes="learns swimming", risk_wording="climbs fences", travel_zone="beside water")
    world.issued(wanted)
    for post in handed_over(lanes):
        said = f"{post.rendered.title} {post.rendered.text} {post.rendered.short}"
        for word in ("swimming", "fences", "water", "Year 5", "8 to 11", "communication", "School"):
            assert word not in said


@pytest.mark.parametrize("message_type", [ALERT, REMINDER])
def test_an_alert_is_short_even_for_the_longest_council(ground: Ground, message_type: MessageType) -> None:
    text = {
        "reference": "R-ABC234",
        "council": "Blackburn with Darwen",
        "lot": "Lot 2: 38-week residential, 0 to 16",
        "lot_number": 2,
    }
    values = asked_values(text, "2026-09-30T11:00:00+00:00", "0" * 26)
    renderer = Renderer(ground.translations, ground.base_url, ground.keys)
    found = segments(renderer.render(message_type, values, "en").short)
    assert (found.encoding, found.count <= 2) == ("GSM-7", True)
