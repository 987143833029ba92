from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from channels import messages, queries
from channels.actions.answer_queue_item import answer_queue_item
from channels.actions.pass_to_person import QUESTIONS, SAFEGUARDING
from channels.delivery.pump import Lane
from channels.inbound import FIRST, LAST
from channels.inbox.accept import Inbox
from channels.inbox.process import Processor
from channels.model import Arrival, Channel
from channels.render import Renderer
from channels.wording import Registry
from kernel.clock import FixedClock
from kernel.work import Ground
from people.queries import person
from tests.channels.people_to_write_to import PHONE, parent
from tests.channels.recording_adapter import RecordingAdapter

NIGHT = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)


def _answered(ground: Ground, said: str, queue: str) -> list[str]:
    """Let a parent write at night and a person answer at once; return what the phone then shows of the answer."""
    who, inbox, phone = parent(ground), Inbox(ground), RecordingAdapter()
    inbox.accept(Arrival(Channel.SMS, "SM1", PHONE, said))
    inbox.close()
    Processor(ground, [*FIRST, *LAST]).drain()
    with ground.work() as work:
        (role,) = person(work.session, who).roles
        (item,) = queries.queue_items(work.session, queue, [role.organisation_id])
        answer_queue_item(work, person(work.session, who), item.id, "I will ring you in five minutes.")
    renderer = Renderer(ground.translations, ground.base_url, ground.keys)
    Lane(ground, Registry(messages.MESSAGES), renderer, phone, timedelta(minutes=1)).drain()
    return [post.rendered.short for post in phone.posts if "five minutes" in post.rendered.short]


@pytest.mark.parametrize(
    ("said", "queue", "shown"),
    [
        ("the escort hits him in the taxi", SAFEGUARDING, ["I will ring you in five minutes."]),
        ("Which form is for the taxi?", QUESTIONS, []),
    ],
)
def test_V12_a_reply_to_a_worry_does_not_wait_for_the_morning(
    ground: Ground, clock: FixedClock, said: str, queue: str, shown: list[str]
) -> None:
    clock.set(NIGHT)
    assert _answered(ground, said, queue) == shown
