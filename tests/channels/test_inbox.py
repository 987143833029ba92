from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text

from channels import queries
from channels.actions.decide_unproven import discard_inbound, retry_inbound
from channels.actions.pass_to_person import pass_to_person
from channels.inbox.accept import Inbox, NotStoredError
from channels.inbox.hearing import Disposition, Ending, Heard, reply
from channels.inbox.process import ATTEMPTS_BEFORE_PARKING, Processor
from channels.model import Arrival, Channel
from kernel.clock import FixedClock
from kernel.work import Ground, Work
from tests.channels.people_to_write_to import ASKED, PHONE, parent
from tests.opened import opened


@pytest.fixture
def inbox(ground: Ground) -> Iterator[Inbox]:
    inbox = Inbox(ground)
    yield inbox
    inbox.close()


def sms(number: int, body: str, sender: str = PHONE) -> Arrival:
    return Arrival(Channel.SMS, f"SM{number}", sender, body)


def states(ground: Ground) -> list[tuple[str, str, str | None]]:
    with ground.read() as session:
        rows = opened(session, "inbound", "body", "state", "detail")
        return [(row.body, row.state, row.detail) for row in rows]


class Ear:
    """A hearer that keeps what it heard and answers as told."""

    def __init__(self) -> None:
        self.heard: list[Heard] = []
        self.fails = False

    def __call__(self, work: Work, heard: Heard) -> Disposition | None:
        self.heard.append(heard)
        reply(work, heard, ASKED, {"word": heard.text})
        if self.fails:
            message = "no room for it"
            raise RuntimeError(message)
        return Disposition(Ending.ANSWERED, "by the ear")


def test_text_is_stored_once_heard_once_and_answered(ground: Ground, inbox: Inbox) -> None:
    person, ear = parent(ground), Ear()
    for arrival in (sms(1, "hello"), sms(1, "hello"), sms(2, "again")):
        inbox.accept(arrival)
    assert Processor(ground, [ear]).drain() == 2
    assert [(heard.person.id, heard.text) for heard in ear.heard] == [(person, "hello"), (person, "again")]
    assert states(ground) == [("hello", "answered", "by the ear"), ("again", "answered", "by the ear")]
    with ground.read() as session:
        assert len(queries.messages_to(session, person)) == 2


def test_webhooks_at_once_are_all_stored(ground: Ground, inbox: Inbox) -> None:
    threads = [threading.Thread(target=inbox.accept, args=(sms(n, str(n)),)) for n in range(40)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(int(body) for body, _, _ in states(ground)) == list(range(40))


def test_what_cannot_be_stored_is_told_to_the_webhook(ground: Ground, inbox: Inbox) -> None:
    ground.database.close()
    with ground.database.begin() as session:
        session.execute(text("ALTER TABLE inbound RENAME TO away"))
    with pytest.raises(NotStoredError):
        inbox.accept(sms(1, "hello"))


def test_half_a_character_and_a_nul_do_not_keep_a_text_out(ground: Ground, inbox: Inbox) -> None:
    inbox.accept(sms(1, "half \ud83d and \0 nothing"))
    inbox.accept(sms(2, "next"))
    assert [body for body, _, _ in states(ground)] == ["half ? and  nothing", "next"]


def test_a_storm_of_webhooks_and_one_that_cannot_be_stored_leave_the_inbox_working(
    ground: Ground, inbox: Inbox
) -> None:
    with pytest.raises(NotStoredError):
        inbox.accept(Arrival(Channel.SMS, "SM-bad", PHONE, "x", action=object()))  # type: ignore[arg-type]  # what no webhook may hand in
    refused: list[int] = []

    def send(number: int) -> None:
        try:
            inbox.accept(sms(number % 100, str(number % 100)))
        except NotStoredError:
            refused.append(number)

    threads = [threading.Thread(target=send, args=(number,)) for number in range(200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    assert not any(thread.is_alive() for thread in threads)
    assert refused == []
    assert len(states(ground)) == 100


def test_stranger_is_met_and_can_be_answered(ground: Ground, inbox: Inbox) -> None:
    ear = Ear()
    inbox.accept(sms(1, "hello", "+447700900999"))
    Processor(ground, [ear]).drain()
    assert ear.heard[0].is_stranger
    with ground.read() as session:
        assert len(queries.messages_to(session, ear.heard[0].person.id)) == 1


def test_failing_text_leaves_nothing_behind_waits_and_keeps_order(
    ground: Ground, inbox: Inbox, clock: FixedClock
) -> None:
    person, ear = parent(ground), Ear()
    ear.fails = True
    inbox.accept(sms(1, "first"))
    inbox.accept(sms(2, "second"))
    assert Processor(ground, [ear]).drain() == 1
    assert [state for _, state, _ in states(ground)] == ["waiting", "waiting"]
    with ground.read() as session:
        assert queries.messages_to(session, person) == []
    ear.fails = False
    clock.move(timedelta(minutes=10))
    Processor(ground, [ear]).drain()
    assert [heard.text for heard in ear.heard] == ["first", "first", "second"]


def park(ground: Ground, clock: FixedClock, ear: Ear) -> None:
    ear.fails = True
    for _ in range(ATTEMPTS_BEFORE_PARKING):
        Processor(ground, [ear]).drain()
        clock.move(timedelta(minutes=10))
    ear.fails = False


def test_text_that_keeps_failing_is_parked_in_sight_and_can_be_retried(
    ground: Ground, inbox: Inbox, clock: FixedClock
) -> None:
    parent(ground)
    ear = Ear()
    inbox.accept(sms(1, "hard"))
    park(ground, clock, ear)
    with ground.read() as session:
        (parked,) = queries.parked_inbound(session)
    assert "no room for it" in parked.error
    with ground.work() as work:
        retry_inbound(work, parked.id)
    assert Processor(ground, [ear]).drain() == 1
    assert states(ground) == [("hard", "answered", "by the ear")]


def test_parked_text_can_be_given_up(ground: Ground, inbox: Inbox, clock: FixedClock) -> None:
    parent(ground)
    inbox.accept(sms(1, "hard"))
    park(ground, clock, Ear())
    with ground.work() as work:
        discard_inbound(work, queries.parked_inbound(work.session)[0].id)
    assert states(ground)[0][1] == "discarded"


def test_automatic_mail_is_never_answered(ground: Ground, inbox: Inbox) -> None:
    ear = Ear()
    inbox.accept(Arrival(Channel.EMAIL, "m1", "bot@example.org", "I am away", automatic="auto_reply"))
    Processor(ground, [ear]).drain()
    assert ear.heard == []
    assert states(ground) == [("I am away", "ignored", "automatic: auto_reply")]


def test_text_passed_to_a_person_lands_in_the_named_queue(ground: Ground, inbox: Inbox) -> None:
    parent(ground)
    inbox.accept(sms(1, "who can help?"))
    Processor(ground, [lambda work, heard: pass_to_person(work, heard, reason="not understood")]).drain()
    assert states(ground) == [("who can help?", "passed_on", "questions")]
    with ground.read() as session:
        forum = session.scalar(text("SELECT organisation_id FROM roles"))
        assert [item.text for item in queries.queue_items(session, "questions", [str(forum)])] == ["who can help?"]
        assert queries.queue_items(session, "questions", ["another"]) == []


def test_two_processors_keep_a_persons_order(ground: Ground, inbox: Inbox) -> None:
    parent(ground)
    other = "+447700900124"
    parent(ground, ("sms", other))
    for n in range(20):
        inbox.accept(sms(n, str(n), PHONE if n % 2 else other))
    ear = Ear()
    threads = [threading.Thread(target=Processor(ground, [ear]).drain) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for parity in (0, 1):
        texts = [int(heard.text) for heard in ear.heard if int(heard.text) % 2 == parity]
        assert texts == sorted(texts)
    assert {state for _, state, _ in states(ground)} == {"answered"}
