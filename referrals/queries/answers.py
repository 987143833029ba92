"""Late answers: what came, what was let in, and what all who were asked read of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from kernel.errors import NotFoundError
from people.model import Actor
from people.permissions import Permission, organisations_with
from referrals.model.late import Admission, Fault, LateAnswer, LateGround, LateNote
from referrals.tables import (
    FaultRow,
    LateAdmissionRow,
    LateNoteRow,
    LateResponseRow,
    RecipientRow,
    ReferralRow,
    ResponseRow,
)


@dataclass(frozen=True)
class Timely:
    """How many settings answered in time: one of them, and all."""

    setting: int
    all: int


def late_answers(session: Session, actor: Actor, referral_id: str) -> list[LateAnswer]:
    """Return the answers that came too late to a referral of the actor's council; raises NotFoundError for others."""
    row = session.get(ReferralRow, referral_id)
    if row is None or row.council_id not in organisations_with(actor, Permission.REFERRALS_READ):
        raise NotFoundError
    found = session.execute(
        select(LateResponseRow, RecipientRow.setting_name, LateAdmissionRow)
        .join(RecipientRow, RecipientRow.id == LateResponseRow.recipient_id)
        .outerjoin(LateAdmissionRow, LateAdmissionRow.late_id == LateResponseRow.id)
        .where(RecipientRow.referral_id == referral_id)
        .order_by(LateResponseRow.received_at, LateResponseRow.id)
    )
    return [
        LateAnswer(late.id, late.recipient_id, name, late.received_at, late.checksum, _admission(asked))
        for late, name, asked in found
    ]


def admitted_late(session: Session, referral_id: str) -> Sequence[tuple[str, LateResponseRow]]:
    """Return the late answers that were let in, each with the name of its setting, by setting (R17)."""
    rows = (
        select(RecipientRow.setting_name, LateResponseRow)
        .join(LateResponseRow, LateResponseRow.recipient_id == RecipientRow.id)
        .join(LateAdmissionRow, LateAdmissionRow.late_id == LateResponseRow.id)
        .where(RecipientRow.referral_id == referral_id, LateAdmissionRow.admitted_at.is_not(None))
        .order_by(RecipientRow.setting_name, RecipientRow.id)
    )
    return [(name, late) for name, late in session.execute(rows)]


def late_notes(session: Session, referral_id: str) -> list[LateNote]:
    """Return what all who were asked read of late answers that were let in."""
    rows = select(LateNoteRow).where(LateNoteRow.referral_id == referral_id).order_by(LateNoteRow.at)
    return [LateNote(LateGround(row.ground), row.shown, row.at) for row in session.scalars(rows)]


def timely(session: Session, referral_id: str, recipient_id: str) -> Timely:
    """Count who answered in time."""
    rows = select(func.count(ResponseRow.recipient_id.distinct())).join(
        RecipientRow, RecipientRow.id == ResponseRow.recipient_id
    )
    every = session.scalar(rows.where(RecipientRow.referral_id == referral_id)) or 0
    return Timely(session.scalar(rows.where(RecipientRow.id == recipient_id)) or 0, every)


def faults(session: Session, *, offset: int = 0, limit: int = 20) -> list[Fault]:
    """Return the recorded faults of the hub, the newest first."""
    rows = select(FaultRow).order_by(FaultRow.began_at.desc(), FaultRow.id).offset(offset).limit(limit)
    return [fault_card(row) for row in session.scalars(rows)]


def count_faults(session: Session) -> int:
    """Count the recorded faults of the hub."""
    return session.scalar(select(func.count()).select_from(FaultRow)) or 0


def fault_card(row: FaultRow) -> Fault:
    """Return what a row says."""
    return Fault(row.id, row.began_at, row.ended_at, row.words, row.recorded_at)


def _admission(row: LateAdmissionRow | None) -> Admission | None:
    if row is None:
        return None
    return Admission(LateGround(row.ground), row.fault_id, row.shown, row.asked_by, row.asked_at, row.admitted_at)
