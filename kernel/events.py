from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, ClassVar

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from kernel.backoff import backoff
from kernel.database import Base
from kernel.ids import new_id
from kernel.tables import EventRow, HandlingRow
from kernel.work import Ground, Work

log = logging.getLogger(__name__)

BELL = "events"
ATTEMPTS_BEFORE_PARKING = 8
NO_SUCH_REACTION = "Nothing of this name reacts any more: it was taken out of the code or has a new name."
_BATCH = 100
_OTHERS_MAY_KNOW = timedelta(hours=1)
"""How long a worker leaves to others what it does not know: while the hub is updated, old and new run together."""
_LEASE = timedelta(seconds=10)
"""How long a claimed handling may take until its row is locked: from then on the lock keeps others away, however long
the reaction takes, and a crash gives it back after seconds."""


@dataclass(frozen=True)
class Event:
    """A fact that a domain announces, past tense; fields are ids and plain values only."""

    name: ClassVar[str]


@dataclass(frozen=True)
class Reaction:
    """What another domain does when it hears of a fact. `run` must be idempotent by the event's id.

    Its changes and the note that it ran are one transaction, so that within the database it runs once.
    """

    event: type[Event]
    name: str
    run: Callable[[Work, Any], None]


def publish(work: Work, event: Event) -> str:
    """Write the event in the transaction of `work` and return its id."""
    event_id = new_id()
    work.session.add(EventRow(id=event_id, name=event.name, payload=asdict(event), at=work.now, is_spread=False))
    work.ring(BELL)
    return event_id


def deliver_events(ground: Ground, reactions: Sequence[Reaction], stop: Callable[[], bool] = lambda: False) -> int:
    """Let every reaction that is due hear its events, until `stop()` is true; return how many ran well.

    What fails is tried again with growing pauses and parked after 8 attempts, where an operator sees it. So is, after
    an hour, what waits for a reaction that is not among these.
    """
    by_name = {reaction.name: reaction for reaction in reactions}
    while not stop() and _spread(ground, reactions):
        pass
    done = 0
    while not stop() and (claimed := _claim(ground, by_name)) is not None:
        event_id, reaction = claimed
        done += _handle(ground, event_id, by_name[reaction])
    _park_unknown(ground, by_name)
    return done


def insert_ignore(session: Session, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows, leaving out those whose key is there already."""
    dialect = session.get_bind().dialect.name
    insert = postgresql.insert if dialect == "postgresql" else sqlite.insert
    session.execute(insert(table).on_conflict_do_nothing(), list(rows))


def _spread(ground: Ground, reactions: Sequence[Reaction]) -> int:
    with ground.work() as work:
        waiting = select(EventRow).where(~EventRow.is_spread).order_by(EventRow.seq).limit(_BATCH)
        events = list(work.session.scalars(waiting.with_for_update(skip_locked=True)))
        rows = [
            {
                "event_id": row.id,
                "reaction": reaction.name,
                "state": "waiting",
                "attempts": 0,
                "due_at": work.now,
            }
            for row in events
            for reaction in reactions
            if reaction.event.name == row.name
        ]
        if rows:
            insert_ignore(work.session, HandlingRow, rows)
        for row in events:
            row.is_spread = True
        return len(events)


def _claim(ground: Ground, by_name: Mapping[str, Reaction]) -> tuple[str, str] | None:
    """Take the longest-due handling under a lease, so that a crash in the middle brings it back."""
    with ground.work() as work:
        due = (
            select(HandlingRow)
            .where(
                HandlingRow.state == "waiting",
                HandlingRow.due_at <= work.now,
                HandlingRow.reaction.in_(list(by_name)),
            )
            .order_by(HandlingRow.due_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        )
        row = work.session.scalars(due).first()
        if row is None:
            return None
        row.attempts += 1
        row.due_at = work.now + _LEASE
        if row.attempts > ATTEMPTS_BEFORE_PARKING:
            row.state = "parked"
            row.error = row.error or "The process stopped each time while it ran."
        return row.event_id, row.reaction


def _park_unknown(ground: Ground, by_name: Mapping[str, Reaction]) -> None:
    """Show an operator what waits for a reaction that is no longer there: otherwise nobody would ever see it."""
    since = ground.clock.now() - _OTHERS_MAY_KNOW
    waits = HandlingRow.state == "waiting", HandlingRow.due_at <= since, HandlingRow.reaction.not_in(list(by_name))
    with ground.read() as session:
        if session.scalars(select(HandlingRow.event_id).where(*waits).limit(1)).first() is None:
            return
    with ground.work() as work:
        work.session.execute(update(HandlingRow).where(*waits).values(state="parked", error=NO_SUCH_REACTION))
    log.error("reactions are missing", extra={"known": sorted(by_name)})


def _handle(ground: Ground, event_id: str, reaction: Reaction) -> bool:
    try:
        with ground.work() as work:
            row = work.session.get_one(HandlingRow, (event_id, reaction.name), with_for_update=True)
            if row.state != "waiting":
                return False
            event = work.session.scalars(select(EventRow).where(EventRow.id == event_id)).one()
            reaction.run(work, reaction.event(**event.payload))
            row.state = "done"
    except Exception:  # noqa: BLE001 - whatever a reaction raises is recorded, retried and parked in sight
        _record_failure(ground, event_id, reaction.name, traceback.format_exc(limit=-5))
        return False
    return True


def _record_failure(ground: Ground, event_id: str, reaction: str, error: str) -> None:
    log.error("reaction failed", extra={"event_id": event_id, "reaction": reaction})
    with ground.work() as work:
        row = work.session.get_one(HandlingRow, (event_id, reaction), with_for_update=True)
        parked = row.attempts >= ATTEMPTS_BEFORE_PARKING
        work.session.execute(
            update(HandlingRow)
            .where(HandlingRow.event_id == event_id, HandlingRow.reaction == reaction)
            .values(
                state="parked" if parked else "waiting",
                due_at=work.now + backoff(row.attempts, base_s=5, cap_s=900),
                error=error,
            )
        )
