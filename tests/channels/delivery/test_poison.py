"""One message that cannot be written stops no other."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from channels.actions.queue_messages import NewMessage
from channels.model import Reason, Status
from channels.wording import Kind, MessageType
from kernel.clock import FixedClock
from kernel.translation import say
from kernel.work import Ground
from tests.channels.delivery.lanes import LEASE, claim, lane, queue, settler, stands
from tests.channels.people_to_write_to import ASKED, REGISTRY, parent
from tests.channels.recording_adapter import RecordingAdapter

UNKNOWN = MessageType(
    key="test.removed",
    values={"word": Kind.TEXT},
    title=say("test.removed.title", "{word}"),
    text=say("test.removed.text", "{word}"),
    short=say("test.removed.short", "{word}"),
    policy=ASKED.policy,
)
LINKED = MessageType(
    key="test.asked",
    values={"word": Kind.LINK},
    title=say("test.linked.title", "{word}"),
    text=say("test.linked.text", "{word}"),
    short=say("test.linked.short", "{word}"),
    policy=ASKED.policy,
)


def test_message_that_no_domain_knows_any_more_fails_and_the_others_go(ground: Ground) -> None:
    sms, person = RecordingAdapter(), parent(ground)
    removed, known = queue(ground, NewMessage(UNKNOWN, {"word": "x"}, person), NewMessage(ASKED, {"word": "y"}, person))
    assert lane(ground, sms).drain() == 1
    assert stands(ground, removed) == (Status.FAILED, Reason.NOT_RENDERED)
    assert stands(ground, known) == (Status.SENT, None)


@pytest.mark.parametrize("value", [None, 7])
def test_value_of_a_wrong_kind_fails_alone_and_its_words_are_not_logged(
    ground: Ground, monkeypatch: pytest.MonkeyPatch, value: object
) -> None:
    sms, person = RecordingAdapter(), parent(ground)
    wrong, right = queue(ground, NewMessage(ASKED, {"word": value}, person), NewMessage(ASKED, {"word": "/y"}, person))
    monkeypatch.setitem(REGISTRY._types, ASKED.key, LINKED)  # noqa: SLF001 - a wording that changed since
    assert lane(ground, sms).drain() == 1
    assert stands(ground, wrong) == (Status.FAILED, Reason.NOT_RENDERED)
    assert stands(ground, right) == (Status.SENT, None)


def test_lost_outcome_of_a_message_that_no_domain_knows_any_more_is_for_a_person(
    ground: Ground, clock: FixedClock
) -> None:
    sms, person = RecordingAdapter(), parent(ground)
    removed, known = queue(ground, *(NewMessage(ASKED, {"word": word}, person) for word in "xy"))
    claim(ground, sms)
    with ground.work() as work:
        work.session.execute(text("UPDATE messages SET key = 'test.removed' WHERE id = :id"), {"id": removed})
    clock.move(LEASE + timedelta(seconds=1))
    settler(ground, sms).settle()
    assert stands(ground, removed) == (Status.HELD, Reason.ASK_A_PERSON)
    assert stands(ground, known) == (Status.HELD, Reason.RETRY)
