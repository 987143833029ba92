from __future__ import annotations

from dataclasses import dataclass
from datetime import date, time, timedelta

from sqlalchemy import select

from kernel import audit
from kernel.calendar import at_london
from kernel.errors import InvalidInputError, NotFoundError
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor
from people.queries import persons
from people.rules.delegation import Handover, Span, check_handover
from people.tables import DelegationRow, PersonRow


@dataclass(frozen=True)
class Delegate:
    """Whom to act for the actor in an organisation, from the first day to the end of the last."""

    delegate_id: str
    organisation_id: str
    starts_on: date
    ends_on: date


def delegate(work: Work, actor: Actor, command: Delegate) -> str:
    """Name a colleague who may act for the actor while they are away; return the delegation's id.

    Raises InvalidInputError for somebody who cannot take it on, and for days that do not fit.
    """
    for person_id in sorted({actor.id, command.delegate_id}):
        work.session.get(PersonRow, person_id, with_for_update=True)
    found = persons(work.session, {actor.id, command.delegate_id})
    if command.delegate_id not in found:
        raise InvalidInputError("delegate", "Choose a colleague")
    span = Span(at_london(command.starts_on, time()), at_london(command.ends_on + timedelta(days=1), time()))
    handover = Handover(
        organisation_id=command.organisation_id,
        span=span,
        person_id=actor.id,
        delegate_id=command.delegate_id,
        roles=found[actor.id].roles,
        delegate_roles=found[command.delegate_id].roles,
        own_spans=_spans(work, actor.id, command.organisation_id),
        delegate_away=_spans(work, command.delegate_id, command.organisation_id),
    )
    check_handover(handover, work.now)
    row = DelegationRow(
        id=new_id(),
        person_id=actor.id,
        delegate_id=command.delegate_id,
        organisation_id=command.organisation_id,
        starts_at=span.starts_at,
        ends_at=span.ends_at,
        created_at=work.now,
    )
    work.session.add(row)
    work.session.flush()
    _record(work, actor, "people.delegated", row)
    return row.id


def end_delegation(work: Work, actor: Actor, delegation_id: str) -> None:
    """End a delegation at once; either side may, and twice does no harm. Raises NotFoundError for others'."""
    row = work.session.get(DelegationRow, delegation_id, with_for_update=True)
    if row is None or actor.id not in {row.person_id, row.delegate_id}:
        raise NotFoundError
    if row.ended_at is not None or row.ends_at <= work.now:
        return
    row.ended_at = work.now
    _record(work, actor, "people.delegation_ended", row)


def _spans(work: Work, person_id: str, organisation_id: str) -> tuple[Span, ...]:
    rows = select(DelegationRow).where(
        DelegationRow.person_id == person_id,
        DelegationRow.organisation_id == organisation_id,
        DelegationRow.ended_at.is_(None),
        DelegationRow.ends_at > work.now,
    )
    return tuple(Span(row.starts_at, row.ends_at) for row in work.session.scalars(rows))


def _record(work: Work, actor: Actor, action: str, row: DelegationRow) -> None:
    details = {"delegate": row.delegate_id, "organisation": row.organisation_id, "until": row.ends_at.isoformat()}
    audit.record(work, actor=actor.id, action=action, subject=("person", row.person_id), details=details)
