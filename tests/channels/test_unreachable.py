"""An address that a vendor calls dead for good is passed over until it is heard of again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from channels.actions.queue_messages import NewMessage
from channels.actions.record_receipt import record_receipt
from channels.email.status import is_dead as is_dead_mailbox
from channels.inbound import FIRST, LAST
from channels.inbox.accept import Inbox
from channels.inbox.process import Processor
from channels.model import Arrival, Channel, Outcome, OutcomeKind, Receipt, Status
from channels.sms.errors import is_dead, refusal
from kernel.clock import FixedClock
from kernel.work import Ground
from people.model import Role
from people.queries import contact_points
from tests.channels.delivery.lanes import lane, queue, stands
from tests.channels.people_to_write_to import ASKED, EMAIL, PHONE, parent
from tests.channels.recording_adapter import RecordingAdapter

LANDLINE = Outcome(OutcomeKind.FAILED, "V1", "Twilio 21614: not a mobile number", unreachable=True)
GONE = "Twilio 30005: the number does not exist any more"


@pytest.fixture
def person(ground: Ground) -> str:
    return parent(ground, ("sms", PHONE), ("email", EMAIL))


@pytest.fixture
def sms() -> RecordingAdapter:
    return RecordingAdapter()


@pytest.fixture
def email() -> RecordingAdapter:
    return RecordingAdapter(Channel.EMAIL)


def send(ground: Ground, person: str, *adapters: RecordingAdapter) -> str:
    (message_id,) = queue(ground, NewMessage(ASKED, {"word": "x"}, person))
    for adapter in adapters:
        lane(ground, adapter).drain()
    return message_id


def report(ground: Ground, message_id: str, status: Status, *, dead: bool = False) -> None:
    with ground.work() as work:
        record_receipt(work, Receipt(f"{message_id}-1", status, f"V-{message_id}-1", GONE, work.now, unreachable=dead))


def dead_channels(ground: Ground, person: str) -> list[str]:
    with ground.read() as session:
        return [point.channel for point in contact_points(session, person) if point.failed_at is not None]


def test_after_a_refusal_for_good_everything_goes_the_other_way_at_once(
    ground: Ground, person: str, sms: RecordingAdapter, email: RecordingAdapter
) -> None:
    sms.answer = lambda _post: LANDLINE
    first = send(ground, person, sms, email)
    assert dead_channels(ground, person) == ["sms"]
    second = send(ground, person, sms, email)
    assert [stands(ground, message_id)[0] for message_id in (first, second)] == [Status.SENT, Status.SENT]
    assert (len(sms.posts), len(email.posts)) == (1, 2)


def test_refusal_of_one_text_says_nothing_of_the_number(
    ground: Ground, person: str, sms: RecordingAdapter, email: RecordingAdapter
) -> None:
    sms.answer = lambda _post: Outcome(OutcomeKind.FAILED, "V1", "Twilio 21617: longer than 1,600 characters")
    send(ground, person, sms, email)
    assert dead_channels(ground, person) == []


def test_report_that_the_number_is_gone_counts_for_all_who_share_the_phone(
    ground: Ground, person: str, sms: RecordingAdapter
) -> None:
    other = parent(ground, ("sms", PHONE))
    report(ground, send(ground, person, sms), Status.FAILED, dead=True)
    assert dead_channels(ground, person) == dead_channels(ground, other) == ["sms"]
    with ground.read() as session:
        logged = session.execute(text("SELECT action, subject_id, actor FROM audit WHERE action LIKE '%contact_f%'"))
        assert sorted(logged) == sorted(("people.contact_failed", whose, "system") for whose in (person, other))


def test_text_from_the_number_shows_that_it_works_again(ground: Ground, person: str, sms: RecordingAdapter) -> None:
    report(ground, send(ground, person, sms), Status.FAILED, dead=True)
    inbox = Inbox(ground)
    inbox.accept(Arrival(Channel.SMS, "SM1", PHONE, "hello"))
    inbox.close()
    Processor(ground, [*FIRST, *LAST]).drain()
    assert dead_channels(ground, person) == []


def test_what_arrives_there_shows_that_it_works_again_if_it_was_sent_since(
    ground: Ground, person: str, sms: RecordingAdapter, clock: FixedClock
) -> None:
    earlier, gone = send(ground, person, sms), send(ground, person, sms)
    clock.move(timedelta(minutes=1))
    report(ground, gone, Status.FAILED, dead=True)
    report(ground, earlier, Status.DELIVERED)
    assert dead_channels(ground, person) == ["sms"]
    clock.move(timedelta(minutes=1))
    with ground.read() as session:
        phone = contact_points(session, person)[0].id
    (answer,) = queue(ground, NewMessage(ASKED, {"word": "x"}, person, contact_point_id=phone))
    lane(ground, sms).drain()
    report(ground, answer, Status.DELIVERED)
    assert dead_channels(ground, person) == []


def test_V9_duty_officer_is_alerted_where_it_works(ground: Ground, sms: RecordingAdapter) -> None:
    numbers = ("+447700900201", "+447700900202")
    points = (("sms", numbers[0]), ("sms", numbers[1]), ("email", EMAIL))
    officer = parent(ground, *points, role=Role.SAFEGUARDING_DUTY)
    sms.answer = lambda _post: LANDLINE
    send(ground, officer, sms)
    assert dead_channels(ground, officer) == ["sms"]
    inbox = Inbox(ground)
    inbox.accept(Arrival(Channel.SMS, "SM1", "+447700900300", "he hits me and I am scared"))
    inbox.close()
    Processor(ground, [*FIRST, *LAST]).drain()
    with ground.read() as session:
        ways = {point.id: point.address for point in contact_points(session, officer)}
        alerts = session.scalars(text("SELECT contact_point_id FROM messages WHERE key = 'channels.worry_alert'"))
        assert sorted(ways[alert] for alert in alerts) == sorted([numbers[1], EMAIL])


@pytest.mark.parametrize(("code", "dead"), [(21614, True), (21211, True), (30005, True), (30006, True), (30003, False)])
def test_codes_that_mean_a_number_is_dead(code: int, dead: bool) -> None:
    assert is_dead(code) is is_dead(str(code)) is dead
    assert refusal(400, code).unreachable is dead


@pytest.mark.parametrize(("status", "dead"), [("5.1.1", True), ("5.2.1", True), ("5.2.2", False), ("", False)])
def test_codes_that_mean_a_mailbox_is_dead(status: str, dead: bool) -> None:
    assert is_dead_mailbox(status) is dead


def test_neither_a_stop_nor_a_missing_code_means_that_it_is_dead() -> None:
    assert not is_dead(21610)
    assert not is_dead(None)
    assert not is_dead("")
