from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

import pytest
from sqlalchemy import text

from kernel import parked
from kernel.clock import FixedClock
from kernel.events import ATTEMPTS_BEFORE_PARKING, NO_SUCH_REACTION, Event, Reaction, deliver_events, publish
from kernel.work import Ground, Work


@dataclass(frozen=True)
class Happened(Event):
    name: ClassVar[str] = "test.happened"
    subject_id: str


def test_each_reaction_hears_each_event_once(ground: Ground) -> None:
    heard: list[tuple[str, str]] = []
    reactions = [
        Reaction(Happened, name, lambda _, event, name=name: heard.append((name, event.subject_id)))  # type: ignore[misc]  # a default in a lambda has no type
        for name in ("one", "two")
    ]
    with ground.work() as work:
        publish(work, Happened("a"))
        publish(work, Happened("b"))
    assert deliver_events(ground, reactions) == 4
    assert deliver_events(ground, reactions) == 0
    assert sorted(heard) == [("one", "a"), ("one", "b"), ("two", "a"), ("two", "b")]


def test_event_of_a_transaction_that_failed_is_never_heard(ground: Ground) -> None:
    def announce_and_fail() -> None:
        with ground.work() as work:
            publish(work, Happened("a"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        announce_and_fail()
    assert deliver_events(ground, [Reaction(Happened, "one", lambda *_: None)]) == 0


def test_failing_reaction_is_retried_parked_in_sight_and_retried_by_hand(ground: Ground, clock: FixedClock) -> None:
    is_broken = True

    def run(work: Work, event: Happened) -> None:
        work.session.execute(text("DELETE FROM persons"))
        if is_broken:
            raise RuntimeError(event.subject_id)

    reactions = [Reaction(Happened, "one", run)]
    with ground.work() as work:
        publish(work, Happened("a"))
    for _ in range(ATTEMPTS_BEFORE_PARKING):
        assert deliver_events(ground, reactions) == 0
        clock.move(timedelta(hours=1))
    with ground.read() as session:
        (lot,) = parked.parked(session)
        assert parked.count_parked(session)[0] == 1
    assert "RuntimeError" in lot.error
    is_broken = False
    with ground.work() as work:
        parked.retry(work, lot.kind, lot.key)
    assert deliver_events(ground, reactions) == 1


def test_reaction_that_a_crash_cut_off_comes_back(ground: Ground, clock: FixedClock) -> None:
    def crash(_work: Work, _event: Happened) -> None:
        raise KeyboardInterrupt

    with ground.work() as work:
        publish(work, Happened("a"))
    with pytest.raises(KeyboardInterrupt):
        deliver_events(ground, [Reaction(Happened, "one", crash)])
    fine = [Reaction(Happened, "one", lambda *_: None)]
    assert deliver_events(ground, fine) == 0
    clock.move(timedelta(seconds=11))
    assert deliver_events(ground, fine) == 1


def test_deliverer_stops_when_told_and_leaves_the_rest_for_the_next_time(ground: Ground) -> None:
    """So that one worker that answers several bells lets none of them wait for long."""
    heard: list[str] = []
    reactions = [Reaction(Happened, "one", lambda _, event: heard.append(event.subject_id))]
    with ground.work() as work:
        for name in "abc":
            publish(work, Happened(name))
    assert deliver_events(ground, reactions, stop=lambda: bool(heard)) == 1
    assert deliver_events(ground, reactions) == 2
    assert sorted(heard) == ["a", "b", "c"]


def test_reaction_that_was_taken_out_of_the_code_leaves_what_it_had_to_hear_in_sight(
    ground: Ground, clock: FixedClock
) -> None:
    heard: list[str] = []
    removed = Reaction(Happened, "removed", lambda _, event: heard.append(event.subject_id))
    kept = Reaction(Happened, "kept", lambda *_: None)
    with ground.work() as work:
        publish(work, Happened("a"))
    deliver_events(ground, [removed, kept], stop=once())
    assert deliver_events(ground, [kept]) == 1
    clock.move(timedelta(minutes=59))
    deliver_events(ground, [kept])
    with ground.read() as session:
        assert parked.parked(session) == []
    clock.move(timedelta(minutes=2))
    deliver_events(ground, [kept])
    with ground.read() as session:
        (lot,) = parked.parked(session)
    assert (lot.name, lot.error) == ("test.happened \u2192 removed", NO_SUCH_REACTION)
    with ground.work() as work:
        parked.retry(work, lot.kind, lot.key)
    assert deliver_events(ground, [removed, kept]) == 1
    assert heard == ["a"]


def once() -> Callable[[], bool]:
    """Say to stop from the third time on: after the event was spread and before anybody has heard it."""
    asked = iter([False, False])
    return lambda: next(asked, True)
