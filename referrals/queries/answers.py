"""Late answers: what came, what was let in, and what all who were asked read of it."""

from __future__ import annotations

from collections.abc import Collection
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


@dataclass(frozen=True)
class Current:
    """The answer of a setting that counts, still sealed."""

    referral_id: str
    setting_name: str
    kept: ResponseRow | LateResponseRow

    @property
    def is_late(self) -> bool:
        """Whether it came after the deadline and was let in."""
        return isinstance(self.kept, LateResponseRow)

    @property
    def number(self) -> int:
        """Which answer of the setting it is; a late one is never changed."""
        return self.kept.number if isinstance(self.kept, ResponseRow) else 1


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


def current_answers(session: Session, referral_ids: Collection[str]) -> list[Current]:
    """Return the answer that counts of each setting asked in these referrals, by setting; two queries.

    That is the last one in time, else a late one that was let in (R17). Whoever needs an offer takes it from here, and
    opens it only where it may be read (R21, R22).
    """
    asked = select(RecipientRow.referral_id, RecipientRow.setting_name)
    late = (
        asked.add_columns(LateResponseRow)
        .join(LateResponseRow, LateResponseRow.recipient_id == RecipientRow.id)
        .join(LateAdmissionRow, LateAdmissionRow.late_id == LateResponseRow.id)
        .where(RecipientRow.referral_id.in_(referral_ids), LateAdmissionRow.admitted_at.is_not(None))
    )
    in_time = (
        asked.add_columns(ResponseRow)
        .join(ResponseRow, ResponseRow.recipient_id == RecipientRow.id)
        .where(RecipientRow.referral_id.in_(referral_ids))
        .order_by(ResponseRow.number)
    )
    found = {kept.recipient_id: Current(of, name, kept) for of, name, kept in session.execute(late)}
    found |= {kept.recipient_id: Current(of, name, kept) for of, name, kept in session.execute(in_time)}
    return sorted(found.values(), key=lambda one: (one.setting_name, one.kept.recipient_id))


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


def faults_for(session: Session, council_id: str, limit: int) -> list[Fault]:
    """Return the newest faults that a council can name: those that nobody of its own recorded (R17)."""
    return [fault for fault in faults(session, limit=limit) if not fault.is_own(council_id)]


def count_faults(session: Session) -> int:
    """Count the recorded faults of the hub."""
    return session.scalar(select(func.count()).select_from(FaultRow)) or 0


def fault_card(row: FaultRow) -> Fault:
    """Return what a row says."""
    return Fault(
        row.id, row.began_at, row.ended_at, row.words, row.recorded_at, row.recorded_by, tuple(row.recorded_from)
    )


def _admission(row: LateAdmissionRow | None) -> Admission | None:
    if row is None:
        return None
    return Admission(LateGround(row.ground), row.fault_id, row.shown, row.asked_by, row.asked_at, row.admitted_at)
