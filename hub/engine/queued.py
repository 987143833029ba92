from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from types import FrameType

from redis import Redis, RedisError
from rq import Queue, SimpleWorker
from rq.serializers import JSONSerializer

from hub.engine.hands import Hand

log = logging.getLogger(__name__)

_RUNG_FOR_S = 10
_SLICE_S = 5.0
_LOOK_EVERY_S = 0.2
_ENDS = (signal.SIGTERM, signal.SIGINT)
_ANSWER = "hub.engine.queued.answer_bell"


class RedisDoorbell:
    """Rings through RQ, so that a worker on any machine hears it.

    A bell that has rung and that nobody has answered yet is not rung again; should the worker that took it die,
    the mark runs out after 10 s and the sweep rings anew. When Redis is away the ring is lost, which is harmless.
    """

    def __init__(self, connection: Redis) -> None:
        self._connection = connection

    def ring(self, name: str) -> None:
        """Queue one job that answers the bell `name`."""
        try:
            if self._connection.set(_mark(name), "1", nx=True, ex=_RUNG_FOR_S):
                queue(self._connection, name).enqueue_call(
                    _ANSWER, args=(name,), timeout=-1, result_ttl=0, failure_ttl=0
                )
        except RedisError:
            log.warning("bell not rung: Redis does not answer", extra={"bell": name})

    def answered(self, name: str) -> None:
        """Note that somebody answers: what is rung from now on is rung anew."""
        self._connection.delete(_mark(name))


def queue(connection: Redis, name: str) -> Queue:
    """Return the queue of a bell; it carries JSON, never pickle."""
    return Queue(f"hub-{name}", connection=connection, serializer=JSONSerializer)


def _mark(name: str) -> str:
    return f"hub:rung:{name}"


@dataclass
class _Answering:
    """What this worker process answers bells with; set once, before it listens."""

    hands: dict[str, Hand]
    bell: RedisDoorbell | None


_ANSWERING = _Answering({}, None)


def answer_bell(name: str) -> int:
    """Do what is due for a bell: the one job that RQ carries.

    It works for at most 5 s and then rings anew, so that the other bells of this process are heard.
    """
    hand, bell = _ANSWERING.hands[name], _ANSWERING.bell
    if bell is not None:
        bell.answered(name)
    until = time.monotonic() + _SLICE_S
    done = hand.work(lambda: time.monotonic() >= until)
    if time.monotonic() >= until and bell is not None:
        bell.ring(name)
    return done


def serve(hands: Sequence[Hand], connection: Redis, sweep_s: float) -> None:
    """Answer these bells until told to stop by SIGTERM or SIGINT; a second signal stops at once."""
    bell = RedisDoorbell(connection)
    _ANSWERING.hands.update({hand.bell: hand for hand in hands})
    _ANSWERING.bell = bell
    stopping = threading.Event()
    sweep = threading.Thread(target=_sweep, args=(hands, bell, sweep_s, stopping), name="sweep", daemon=True)
    sweep.start()
    queues = [queue(connection, hand.bell) for hand in hands]
    worker = SimpleWorker(queues, connection=connection, serializer=JSONSerializer, log_job_description=False)
    worker.work(logging_level="WARNING")
    stopping.set()
    for hand in hands:
        hand.close()


def _sweep(hands: Sequence[Hand], bell: RedisDoorbell, sweep_s: float, stopping: threading.Event) -> None:
    """Ring for work whose bell was lost."""
    while not stopping.wait(sweep_s):
        for hand in hands:
            bell.ring(hand.bell)


class Crews:
    """The worker processes of one machine, each with its own bells; one that dies is replaced.

    They are forked after the imports are done, so that none pays for them again.
    """

    def __init__(self, starts: Sequence[Callable[[], None]]) -> None:
        self._context = multiprocessing.get_context("fork")
        self._starts = starts
        self._running: dict[int, BaseProcess] = {}
        # a plain value: setting an Event within a signal's handler can wait for ever for the lock of its own wait()
        self._is_stopping = False

    def run(self) -> None:
        """Keep all of them running until SIGTERM or SIGINT, then stop them in good order."""
        for number in _ENDS:
            signal.signal(number, self._stop)
        while not self._is_stopping:
            for index, start in enumerate(self._starts):
                process = self._running.get(index)
                if process is None or not process.is_alive():
                    self._running[index] = self._begin(start)
            time.sleep(_LOOK_EVERY_S)
        for process in self._running.values():
            process.terminate()
        for process in self._running.values():
            process.join()

    def _stop(self, _number: int, _frame: FrameType | None) -> None:
        self._is_stopping = True

    def _begin(self, start: Callable[[], None]) -> BaseProcess:
        process = self._context.Process(target=_live, args=(start, os.getpid()))
        # what comes while the crew still has our handlers waits until it has its own
        signal.pthread_sigmask(signal.SIG_BLOCK, _ENDS)
        process.start()
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDS)
        return process


def _live(start: Callable[[], None], parent: int) -> None:
    """Be one crew: end on a signal even before the worker listens to any, and end with the parent."""
    for number in _ENDS:
        signal.signal(number, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDS)
    threading.Thread(target=_leave_with, args=(parent,), name="leave-with-parent", daemon=True).start()
    start()


def _leave_with(parent: int) -> None:
    # the parent's id was taken before the fork: one that is gone by now would otherwise never be missed
    while os.getppid() == parent:
        time.sleep(_LOOK_EVERY_S)
    os.kill(os.getpid(), signal.SIGTERM)
