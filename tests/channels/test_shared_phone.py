"""Two parents, one phone: whose words they are, and whom STOP stops (V12)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from channels.actions.queue_messages import NewMessage
from channels.inbound import FIRST, LAST
from channels.inbox.accept import Inbox
from channels.inbox.hearing import Disposition, Ending, Heard
from channels.inbox.process import Processor
from channels.messages import MESSAGES
from channels.model import Arrival, Channel, Reason, Status
from channels.wording import Registry
from kernel.clock import FixedClock
from kernel.database import Database
from kernel.work import Ground, Work
from people.model import Role
from people.queries import contact_points
from tests.channels.delivery.lanes import lane, queue, stands
from tests.channels.people_to_write_to import ASKED, EMAIL, PHONE, REGISTRY, UNASKED, parent
from tests.channels.recording_adapter import RecordingAdapter
from tests.conftest import ground_on

HOUSE = Registry([*REGISTRY, *MESSAGES])
OTHER_PHONE = "+447700900124"


@pytest.fixture
def inbox(ground: Ground) -> Iterator[Inbox]:
    inbox = Inbox(ground)
    yield inbox
    inbox.close()


def drain(ground: Ground, adapter: RecordingAdapter) -> None:
    plain = lane(ground, adapter)
    type(plain)(ground, HOUSE, plain.renderer, adapter, plain.lease).drain()


def who_wrote(ground: Ground, inbox: Inbox) -> str:
    heard: list[Heard] = []

    def hear(_work: Work, said: Heard) -> Disposition:
        heard.append(said)
        return Disposition(Ending.RECORDED, "")

    inbox.accept(Arrival(Channel.SMS, "SM1", PHONE, "4"))
    Processor(ground, [hear]).drain()
    return heard[0].person.id


def say(ground: Ground, inbox: Inbox, number: int, body: str) -> None:
    inbox.accept(Arrival(Channel.SMS, f"SM{number}", PHONE, body))
    Processor(ground, [*FIRST, *LAST]).drain()


def test_answer_is_of_whoever_was_last_written_to_not_of_whom_a_message_is_only_planned_for(
    ground: Ground, clock: FixedClock, inbox: Inbox
) -> None:
    asked, planned = parent(ground), parent(ground)
    sms = RecordingAdapter()
    queue(ground, NewMessage(ASKED, {"word": "x"}, asked))
    queue(ground, NewMessage(ASKED, {"word": "y"}, planned, not_before=clock.now() + timedelta(days=7)))
    drain(ground, sms)
    assert who_wrote(ground, inbox) == asked


def test_answer_is_not_of_whom_we_wrote_to_on_another_phone(ground: Ground, clock: FixedClock, inbox: Inbox) -> None:
    here, elsewhere = parent(ground), parent(ground, ("sms", OTHER_PHONE), ("sms", PHONE))
    sms = RecordingAdapter()
    queue(ground, NewMessage(ASKED, {"word": "x"}, here))
    drain(ground, sms)
    clock.move(timedelta(minutes=1))
    queue(ground, NewMessage(ASKED, {"word": "y"}, elsewhere))
    drain(ground, sms)
    assert who_wrote(ground, inbox) == here


def test_V12_stop_closes_a_shared_phone_for_both_and_start_opens_it_again(ground: Ground, inbox: Inbox) -> None:
    first, second = parent(ground), parent(ground)
    say(ground, inbox, 1, "STOP")
    for person in (first, second):
        (message_id,) = queue(ground, NewMessage(UNASKED, {"word": "x"}, person))
        assert stands(ground, message_id) == (Status.CANCELLED, Reason.OPTED_OUT)
    say(ground, inbox, 2, "START")
    with ground.read() as session:
        points = [contact_points(session, person)[0] for person in (first, second)]
    assert [point.opted_out_at for point in points] == [None, None]


def test_V12_a_providers_stop_by_text_leaves_what_waits_for_it_to_go_by_email(ground: Ground, inbox: Inbox) -> None:
    email = RecordingAdapter(Channel.EMAIL)
    provider = parent(ground, ("sms", PHONE), ("email", EMAIL), role=Role.PROVIDER_USER)
    (waiting,) = queue(ground, NewMessage(UNASKED, {"word": "x"}, provider))
    say(ground, inbox, 1, "STOP")
    assert stands(ground, waiting)[0] is Status.QUEUED
    drain(ground, RecordingAdapter())
    drain(ground, email)
    assert [post.address for post in email.posts] == [EMAIL]


def test_two_first_texts_heard_at_once_make_one_stranger(postgres_database: Database, clock: FixedClock) -> None:
    """On SQLite there is one writer at a time anyway."""
    ground = ground_on(postgres_database, clock)
    inbox = Inbox(ground)
    meanwhile: list[threading.Thread] = []

    def hear_while_an_earlier_one_is_committed_late(_work: Work, said: Heard) -> Disposition:
        if said.text == "second":
            inbox.accept(Arrival(Channel.SMS, "SM1", OTHER_PHONE, "first"))
            with ground.database.begin() as session:
                session.execute(text("UPDATE inbound SET seq = 0 WHERE vendor_id = 'SM1'"))
            meanwhile.append(threading.Thread(target=processor.drain))
            meanwhile[0].start()
            meanwhile[0].join(timeout=0.5)
        return Disposition(Ending.RECORDED, "")

    processor = Processor(ground, [hear_while_an_earlier_one_is_committed_late])
    inbox.accept(Arrival(Channel.SMS, "SM2", OTHER_PHONE, "second"))
    processor.drain()
    meanwhile[0].join()
    inbox.close()
    with ground.read() as session:
        assert session.scalar(text("SELECT count(*) FROM persons")) == 1
