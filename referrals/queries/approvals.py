from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from kernel.errors import NotFoundError
from people.model import Actor
from people.permissions import Permission, organisations_with
from referrals.model.approvals import ApprovalCard, ApprovalKind, ApprovalOutcome
from referrals.tables import ApprovalRow


def approval(session: Session, referral_id: str, kind: ApprovalKind, fingerprint: str) -> ApprovalCard | None:
    """Return the latest question to a second person about exactly this, None where nobody was asked."""
    rows = select(ApprovalRow).where(
        ApprovalRow.referral_id == referral_id, ApprovalRow.kind == kind, ApprovalRow.fingerprint == fingerprint
    )
    row = session.scalars(rows.order_by(ApprovalRow.asked_at.desc(), ApprovalRow.id.desc())).first()
    return card(row) if row else None


def approvals_of(session: Session, actor: Actor, referral_id: str) -> list[ApprovalCard]:
    """Return all that was asked of second people about a referral of the actor's council, in order."""
    councils = organisations_with(actor, Permission.REFERRALS_READ)
    rows = select(ApprovalRow).where(ApprovalRow.referral_id == referral_id, ApprovalRow.council_id.in_(councils))
    return [card(row) for row in session.scalars(rows.order_by(ApprovalRow.asked_at, ApprovalRow.id))]


def approval_by_id(session: Session, actor: Actor, approval_id: str) -> ApprovalCard:
    """Return what was asked of the actor's council; raises NotFoundError for anybody else's."""
    row = session.get(ApprovalRow, approval_id)
    if row is None or row.council_id not in organisations_with(actor, Permission.REFERRALS_ISSUE):
        raise NotFoundError
    return card(row)


def is_approved(session: Session, referral_id: str, kinds: Sequence[ApprovalKind], fingerprint: str) -> bool:
    """Tell whether a second person has approved all of these for exactly this."""
    found = (approval(session, referral_id, kind, fingerprint) for kind in kinds)
    return all(one is not None and one.is_approved for one in found)


def card(row: ApprovalRow) -> ApprovalCard:
    """Return what a row says."""
    return ApprovalCard(
        id=row.id,
        referral_id=row.referral_id,
        kind=ApprovalKind(row.kind),
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        reasons=row.reasons,
        fingerprint=row.fingerprint,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        outcome=ApprovalOutcome(row.outcome) if row.outcome else None,
        words=row.words or "",
    )
