"""A worker that is killed in the middle of sending: nothing is lost, and the receiver knows the double by its id."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import socket
import threading
from datetime import timedelta

from kernel.clock import FixedClock
from kernel.database import Database
from kernel.work import Ground
from referrals.model.webhooks import DeliveryState
from referrals.queries.webhooks import delivery
from referrals.webhooks.courier import Courier
from referrals.webhooks.line import Line
from tests.conftest import MONDAY, ground_on
from tests.referrals.webhooks.receiver import OK, receiving
from tests.referrals.webhooks.world import Systems


def _work(url: str, where: str) -> None:
    """Deliver what is due, in a process of its own."""
    Courier(ground_on(Database(url), FixedClock(MONDAY)), Line([where])).drain()


def _kill_in_the_middle(url: str, where: str, came: threading.Event) -> None:
    worker = multiprocessing.get_context("spawn").Process(target=_work, args=(url, where))
    worker.start()
    assert came.wait(60)
    os.kill(worker.pid or 0, signal.SIGKILL)
    worker.join(60)


def test_a_killed_worker_loses_nothing(systems: Systems, ground: Ground, clock: FixedClock) -> None:
    came, may_answer = threading.Event(), threading.Event()

    def answer(line: socket.socket) -> None:
        came.set()
        assert may_answer.wait(60)
        line.sendall(OK)

    with receiving(answer) as receiver:
        where = f"127.0.0.1:{receiver.port}"
        made = systems.add(f"http://{where}/hub", inside=[where])
        delivery_id = systems.tell(made.endpoint_id)
        url = ground.database.url.render_as_string(hide_password=False)
        _kill_in_the_middle(url, where, came)
        may_answer.set()
        courier = Courier(ground, Line([where]))
        assert courier.drain() == 0, "the lease of the one that was killed still runs"
        clock.move(timedelta(seconds=60))
        assert courier.drain() == 1
    with ground.read() as session:
        found = delivery(session, made.endpoint_id, delivery_id)
    assert (found.card.state, found.card.attempts) == (DeliveryState.DELIVERED, 2)
    bodies = [request.split(b"\r\n\r\n", 1)[1] for request in receiver.requests]
    assert len(bodies) == 2
    assert len(set(bodies)) == 1, "told twice in the same words"
    assert json.loads(bodies[0])["id"] == found.card.event_id
