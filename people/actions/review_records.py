from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta

from sqlalchemy import delete

from kernel import audit
from kernel.errors import ConflictError
from kernel.ids import new_id
from kernel.work import Work
from people.actions.find_request import find_request, note_step
from people.model import Actor
from people.rights.model import LeaveOut, Purpose, RequestKind
from people.tables import PurposeRow, RightsDecisionRow, RightsRequestRow

PURPOSE_LASTS = timedelta(hours=8)


def state_purpose(work: Work, actor: Actor, subject: tuple[str, str], purpose: Purpose) -> None:
    """Record why somebody is about to open what is held of another; it holds for a working day (DOMAIN.md 1.3)."""
    kind, subject_id = subject
    work.session.add(
        PurposeRow(
            id=new_id(),
            actor_id=actor.id,
            subject_kind=kind,
            subject_id=subject_id,
            purpose=purpose,
            at=work.now,
            ends_at=work.now + PURPOSE_LASTS,
        )
    )
    audit.record(work, actor=actor.id, action="rights.state_purpose", subject=subject, details={"purpose": purpose})


def decide_records(work: Work, actor: Actor, request_id: str, keys: Collection[str], reason: LeaveOut | None) -> None:
    """Decide about single records before they are given out: leave them out, release a concern, or (None) neither.

    A record of a concern stays out unless somebody decides that nobody comes to serious harm (`no_harm`).
    """
    row = _to_review(work, actor, request_id)
    for key in keys:
        work.session.execute(
            delete(RightsDecisionRow).where(RightsDecisionRow.request_id == row.id, RightsDecisionRow.record_key == key)
        )
        if reason is not None:
            work.session.add(
                RightsDecisionRow(
                    request_id=row.id,
                    record_key=key,
                    is_released=reason is LeaveOut.NO_HARM,
                    reason=reason,
                    decided_by=actor.id,
                    decided_at=work.now,
                )
            )
    row.reviewed_at = row.reviewed_by = row.reviewed_digest = None
    note_step(work, row, actor.id, "decided", f"{reason or 'undecided'}: {len(keys)}")


def finish_review(work: Work, actor: Actor, request_id: str, digest: str) -> None:
    """Record that a person has read everything that would be given out; `digest` says what that was."""
    row = _to_review(work, actor, request_id)
    row.reviewed_at, row.reviewed_by, row.reviewed_digest = work.now, actor.id, digest
    note_step(work, row, actor.id, "reviewed")


def _to_review(work: Work, actor: Actor, request_id: str) -> RightsRequestRow:
    row = find_request(work, actor, request_id)
    if row.kind != RequestKind.ACCESS or row.person_id is None:
        raise ConflictError("Only a request for a copy of what is held has records to review.")
    return row
