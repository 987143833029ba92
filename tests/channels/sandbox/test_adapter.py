from __future__ import annotations

import pytest

from channels.model import (
    Attachment,
    ButtonShown,
    Channel,
    OutcomeKind,
    PastAttempt,
    Post,
    Rendered,
    Settlement,
)
from channels.sandbox.adapter import SandboxAdapter
from channels.sandbox.queries import conversation
from kernel.work import Ground
from tests.conftest import MONDAY

PHONE = "+447700900123"
ACCEPT = ButtonShown("qa_visits.accept", "Accept", "visit-1")
RENDERED = Rendered(
    "A visit", "On Tuesday.", "Visit 12 \N{EN DASH} it\N{RIGHT SINGLE QUOTATION MARK}s Tuesday", (ACCEPT,)
)
CALENDAR = Attachment("visit.ics", "text/calendar; method=REQUEST", "BEGIN:VCALENDAR")


def post(number: int, address: str = PHONE) -> Post:
    return Post(f"01message{number}-1", f"01message{number}", "qa.proposed", address, "en", RENDERED, (CALENDAR,))


def past(number: int) -> PastAttempt:
    return PastAttempt(f"01message{number}-1", f"01message{number}", PHONE, MONDAY)


def test_what_is_handed_over_is_shown_once(ground: Ground) -> None:
    adapter = SandboxAdapter(Channel.EMAIL, ground)
    outcomes = [adapter.hand_over(post(1, "sam@example.org")) for _ in range(2)]
    assert [(outcome.kind, outcome.vendor_id) for outcome in outcomes] == [
        (OutcomeKind.SENT, "sandbox:01message1-1")
    ] * 2
    with ground.read() as session:
        (shown,) = conversation(session, Channel.EMAIL, "sam@example.org")
    assert (shown.id, shown.title, shown.body, shown.segments) == ("01message1", "A visit", "On Tuesday.", None)
    assert (shown.buttons, shown.attachments, shown.at) == ((ACCEPT,), (CALENDAR,), MONDAY)


def test_a_phone_shows_the_short_wording_in_plain_signs(ground: Ground) -> None:
    SandboxAdapter(Channel.SMS, ground).hand_over(post(1))
    with ground.read() as session:
        (shown,) = conversation(session, Channel.SMS, PHONE)
    assert (shown.title, shown.body, shown.segments) == ("", "Visit 12 - it's Tuesday", 1)


def test_a_crew_shows_all_that_it_was_given_together(ground: Ground) -> None:
    crew = SandboxAdapter(Channel.SMS, ground).crew()
    assert crew.collect(0) == []
    for number in range(5):
        crew.submit(post(number))
    assert [(done.message_id, outcome.kind) for done, outcome in crew.collect(0)] == [
        (f"01message{number}", OutcomeKind.SENT) for number in range(5)
    ]
    assert crew.collect(0) == []
    crew.close()
    with ground.read() as session:
        assert len(conversation(session, Channel.SMS, PHONE)) == 5


def test_what_a_crew_had_not_done_is_settled_as_unsent(ground: Ground) -> None:
    adapter = SandboxAdapter(Channel.SMS, ground)
    adapter.hand_over(post(1))
    crew = adapter.crew()
    crew.submit(post(2))
    crew.close()
    settled = adapter.settle([past(1), past(2)])
    assert (settled["01message1-1"].settlement, settled["01message1-1"].vendor_id) == (
        Settlement.PROVEN_SENT,
        "sandbox:01message1-1",
    )
    assert settled["01message2-1"].settlement is Settlement.PROVEN_UNSENT


@pytest.mark.parametrize("channel", [Channel.SMS, Channel.EMAIL, Channel.SLACK])
def test_each_channel_has_a_sandbox_of_its_own(ground: Ground, channel: Channel) -> None:
    adapter = SandboxAdapter(channel, ground)
    assert (adapter.channel, adapter.provider, adapter.pace) == (channel, f"sandbox-{channel}", None)
