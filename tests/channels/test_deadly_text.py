"""A text that kills its process each time it is heard is parked like any other that fails, and stops no other."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Iterator
from datetime import timedelta

import pytest

from channels import queries
from channels.actions.decide_unproven import retry_inbound
from channels.inbox.accept import Inbox
from channels.inbox.hearing import Disposition, Ending, Heard
from channels.inbox.process import ATTEMPTS_BEFORE_PARKING, Processor
from channels.model import Arrival, Channel
from kernel.clock import FixedClock
from kernel.work import Ground, Work
from tests.channels.inbox_world import hear_and_die
from tests.channels.people_to_write_to import PHONE, parent

OTHER = "+447700900124"


class KilledError(BaseException):
    """The process ends here: nothing that it had open is committed, nothing else is run."""


@pytest.fixture
def inbox(ground: Ground) -> Iterator[Inbox]:
    parent(ground)
    parent(ground, ("sms", OTHER))
    inbox = Inbox(ground)
    inbox.accept(Arrival(Channel.SMS, "SM1", PHONE, "deadly"))
    yield inbox
    inbox.close()


def hear(_work: Work, heard: Heard) -> Disposition | None:
    if heard.text == "deadly":
        raise KilledError
    return Disposition(Ending.RECORDED, "heard")


def die_over_it(ground: Ground, clock: FixedClock, times: int) -> None:
    for _ in range(times):
        with pytest.raises(KilledError):
            Processor(ground, [hear]).drain()
        clock.move(timedelta(minutes=1))


def test_it_is_parked_in_sight_after_as_many_attempts_as_any_other(
    ground: Ground, clock: FixedClock, inbox: Inbox
) -> None:
    inbox.accept(Arrival(Channel.SMS, "SM2", PHONE, "what comes after it"))
    die_over_it(ground, clock, ATTEMPTS_BEFORE_PARKING)
    Processor(ground, [hear]).drain()
    with ground.read() as session:
        (parked,) = queries.parked_inbound(session)
        assert queries.load(session, clock.now()).inbound_waiting == 0
    assert parked.attempts > ATTEMPTS_BEFORE_PARKING
    assert parked.error == "The process stopped each time while it was heard."


def test_between_its_attempts_the_others_are_heard(ground: Ground, clock: FixedClock, inbox: Inbox) -> None:
    inbox.accept(Arrival(Channel.SMS, "SM2", OTHER, "hello"))
    with pytest.raises(KilledError):
        Processor(ground, [hear]).drain()
    assert Processor(ground, [hear]).drain() == 1
    clock.move(timedelta(minutes=1))
    die_over_it(ground, clock, 1)


def test_operator_can_have_it_heard_again_once_that_is_mended(ground: Ground, clock: FixedClock, inbox: Inbox) -> None:  # noqa: ARG001 - what came in
    die_over_it(ground, clock, ATTEMPTS_BEFORE_PARKING)
    Processor(ground, [hear]).drain()
    with ground.work() as work:
        retry_inbound(work, queries.parked_inbound(work.session)[0].id)
    assert Processor(ground, [lambda _work, _heard: Disposition(Ending.RECORDED, "heard")]).drain() == 1
    with ground.read() as session:
        assert queries.parked_inbound(session) == []


def test_attempt_of_a_process_that_is_really_killed_counts(ground: Ground, clock: FixedClock, inbox: Inbox) -> None:  # noqa: ARG001 - what came in
    url = ground.database.url.render_as_string(hide_password=False)
    process = multiprocessing.get_context("spawn").Process(target=hear_and_die, args=(url, clock.now()))
    process.start()
    process.join(60)
    assert process.exitcode == -signal.SIGKILL
    clock.move(timedelta(minutes=1))
    die_over_it(ground, clock, ATTEMPTS_BEFORE_PARKING - 1)
    Processor(ground, [hear]).drain()
    with ground.read() as session:
        assert len(queries.parked_inbound(session)) == 1
