from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from fps.queries.open_data import school as school_in_gias
from kernel.calendar import london_date
from kernel.errors import NotFoundError
from people.model import Actor
from people.permissions import Permission, organisations_with
from people.waiting import Waiting, count_waiting
from referrals.model.clocks import ClockCard, ClockKind, ConsultBasis, Due, SchoolType, Step
from referrals.rules.clocks import school_type
from referrals.tables import ClockRow, ClockStepRow, ReferralRow


class Running(StrEnum):
    """Which clocks a list shows."""

    OPEN = "open"
    LATE = "late"
    ENDED = "ended"


@dataclass(frozen=True)
class WantedClocks:
    """What narrows a list of clocks; nothing where it is None. `owner_id` is whose they are."""

    kind: ClockKind | None = None
    running: Running | None = None
    owner_id: str | None = None
    referral_id: str | None = None


def count_clocks(session: Session, actor: Actor, today: date, wanted: WantedClocks) -> int:
    """Count the clocks of the actor's councils that are wanted."""
    return session.scalar(select(func.count()).select_from(ClockRow).where(*_found(actor, today, wanted))) or 0


def clocks(
    session: Session, actor: Actor, today: date, wanted: WantedClocks, *, offset: int = 0, limit: int | None = None
) -> list[ClockCard]:
    """Return the clocks of the actor's councils that are wanted, those with the next last day first."""
    rows = session.scalars(
        select(ClockRow)
        .where(*_found(actor, today, wanted))
        .order_by(_next_due().asc().nulls_last(), ClockRow.created_at.desc(), ClockRow.id)
        .offset(offset)
        .limit(limit)
    ).all()
    return _cards(session, rows)


def clock(session: Session, actor: Actor, clock_id: str) -> ClockCard:
    """Return a clock of the actor's councils; raises NotFoundError for any other."""
    row = session.get(ClockRow, clock_id)
    if row is None or row.council_id not in _councils(actor):
        raise NotFoundError
    return _cards(session, [row])[0]


def known_school(session: Session, urn: str) -> tuple[str, SchoolType | None] | None:
    """Return the name of a school and its type, as GIAS has them; None where the hub knows no such URN."""
    found = school_in_gias(session, urn)
    return (found.name, school_type(found.type_name, found.section41)) if found else None


def due_clocks(session: Session, actor: Actor, now: datetime) -> Waiting:
    """Count the steps of one's own clocks that are not done: those past their last day, and those in time."""
    today = london_date(now)
    return count_waiting(
        session,
        ClockStepRow.due_on,
        ClockStepRow.clock_id == ClockRow.id,
        ClockRow.council_id.in_(_councils(actor)),
        ClockRow.owner_id == actor.id,
        ClockRow.stopped_on.is_(None),
        ClockStepRow.done_on.is_(None),
        late=ClockStepRow.due_on < today,
    )


def _councils(actor: Actor) -> tuple[str, ...]:
    return organisations_with(actor, Permission.PLACEMENTS_MANAGE)


def _next_due() -> ColumnElement[date]:
    """Return the last day of a clock's first step that is not done."""
    first = select(func.min(ClockStepRow.due_on)).where(
        ClockStepRow.clock_id == ClockRow.id, ClockStepRow.done_on.is_(None), ClockRow.stopped_on.is_(None)
    )
    return first.correlate(ClockRow).scalar_subquery()


def _found(actor: Actor, today: date, wanted: WantedClocks) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [ClockRow.council_id.in_(_councils(actor))]
    if wanted.kind:
        conditions.append(ClockRow.kind == wanted.kind)
    if wanted.owner_id:
        conditions.append(ClockRow.owner_id == wanted.owner_id)
    if wanted.referral_id:
        conditions.append(ClockRow.referral_id == wanted.referral_id)
    states: dict[Running | None, ColumnElement[bool]] = {
        Running.OPEN: _next_due().is_not(None),
        Running.LATE: _next_due() < today,
        Running.ENDED: _next_due().is_(None),
    }
    if wanted.running:
        conditions.append(states[wanted.running])
    return conditions


def _cards(session: Session, rows: Sequence[ClockRow]) -> list[ClockCard]:
    steps: defaultdict[str, list[Due]] = defaultdict(list)
    found = select(ClockStepRow).where(ClockStepRow.clock_id.in_([row.id for row in rows]))
    for step in session.scalars(found.order_by(ClockStepRow.due_on)):
        steps[step.clock_id].append(Due(Step(step.step), step.due_on, step.done_on))
    beside = select(ReferralRow.id, ReferralRow.reference).where(
        ReferralRow.id.in_([row.referral_id for row in rows if row.referral_id])
    )
    references = {row.id: row.reference for row in session.execute(beside)}
    return [_card(row, tuple(steps[row.id]), references.get(row.referral_id or "")) for row in rows]


def _card(row: ClockRow, dues: tuple[Due, ...], reference: str | None) -> ClockCard:
    return ClockCard(
        id=row.id,
        council_id=row.council_id,
        kind=ClockKind(row.kind),
        learner_code=row.learner_code,
        started_on=row.started_on,
        law=row.law,
        owner_id=row.owner_id,
        school=row.school,
        school_type=SchoolType(row.school_type) if row.school_type else None,
        basis=ConsultBasis(row.basis) if row.basis else None,
        referral_id=row.referral_id,
        reference=reference,
        stopped_on=row.stopped_on,
        stop_reason=row.stop_reason,
        dues=dues,
    )
