from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from kernel.errors import NotFoundError
from kernel.events import BELL
from kernel.tables import EventRow, HandlingRow, SlotRow
from kernel.timetable import BELL as CLOCK
from kernel.work import Work

# written out, not bound: only so can PostgreSQL see that the partial indexes hold what is asked for
_EVENT_PARKED = text("event_handlings.state = 'parked'")
_SLOT_PARKED = text("timetable.state = 'parked'")


@dataclass(frozen=True)
class Parked:
    """Work that failed too often and waits for an operator. `key` is what retry and discard take."""

    kind: Literal["event", "job"]
    key: tuple[str, str]
    name: str
    since: datetime
    attempts: int
    error: str


def parked(session: Session, *, limit: int = 200) -> list[Parked]:
    """Return parked events and jobs, the oldest first."""
    handlings = session.execute(
        select(HandlingRow, EventRow.name, EventRow.at)
        .join(EventRow, EventRow.id == HandlingRow.event_id)
        .where(HandlingRow.state == "parked")
        .order_by(EventRow.seq)
        .limit(limit)
    )
    found = [
        Parked(
            "event",
            (row.event_id, row.reaction),
            f"{name} → {row.reaction}",
            at,
            row.attempts,
            row.error or "",
        )
        for row, name, at in handlings
    ]
    slots = session.scalars(select(SlotRow).where(SlotRow.state == "parked").order_by(SlotRow.slot).limit(limit))
    found += [
        Parked("job", (row.job, row.slot.isoformat()), row.job, row.slot, row.attempts, row.error or "")
        for row in slots
    ]
    return found


def count_parked(session: Session) -> tuple[int, datetime | None]:
    """Count parked events and jobs, and say since when the first of them was due."""
    events = select(func.count(), func.min(HandlingRow.due_at)).where(_EVENT_PARKED)
    slots = select(func.count(), func.min(SlotRow.slot)).where(_SLOT_PARKED)
    counted = [session.execute(each).one() for each in (events, slots)]
    return sum(row[0] for row in counted), min((row[1] for row in counted if row[1] is not None), default=None)


def retry(work: Work, kind: str, key: tuple[str, str]) -> None:
    """Try parked work again from its first attempt; raises NotFoundError if it is not parked."""
    _settle(work, kind, key, "waiting")
    work.ring(BELL if kind == "event" else CLOCK)


def discard(work: Work, kind: str, key: tuple[str, str]) -> None:
    """Give parked work up for good; raises NotFoundError if it is not parked."""
    _settle(work, kind, key, "discarded")


def _settle(work: Work, kind: str, key: tuple[str, str], state: str) -> None:
    first, second = key
    values = {"state": state, "attempts": 0, "due_at": work.now}
    if kind == "event":
        change = update(HandlingRow).where(HandlingRow.event_id == first, HandlingRow.reaction == second)
        changed = work.session.execute(
            change.where(HandlingRow.state == "parked").values(values).returning(HandlingRow.event_id)
        )
    else:
        turn = update(SlotRow).where(SlotRow.job == first, SlotRow.slot == datetime.fromisoformat(second))
        changed = work.session.execute(turn.where(SlotRow.state == "parked").values(values).returning(SlotRow.job))
    if changed.first() is None:
        raise NotFoundError("This work is no longer parked.")
