from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, undefer

from kernel.errors import NotFoundError
from people.model import Actor
from people.permissions import Permission, organisations_with
from referrals.queries.providers import invitation
from referrals.rules.issuing import Attached
from referrals.tables import AttachmentRow, ReferralRow


@dataclass(frozen=True)
class AttachedFile:
    """A file that goes out with a referral, with its content; `kind` is how its name ends."""

    name: str
    kind: str
    content: bytes = field(repr=False)


def files_of(session: Session, referral_id: str) -> tuple[Attached, ...]:
    """Return the files that go out with a referral, in the order in which they were added."""
    columns = select(AttachmentRow.id, AttachmentRow.name, AttachmentRow.size, AttachmentRow.sha256)
    rows = columns.where(AttachmentRow.referral_id == referral_id).order_by(AttachmentRow.added_at, AttachmentRow.id)
    return tuple(Attached(*row) for row in session.execute(rows))


def councils_file(session: Session, actor: Actor, referral_id: str, attachment_id: str) -> AttachedFile:
    """Return a file of a referral of the actor's council; raises NotFoundError for any other."""
    referral = session.get(ReferralRow, referral_id)
    if referral is None or referral.council_id not in organisations_with(actor, Permission.REFERRALS_READ):
        raise NotFoundError
    return _file(session, referral_id, attachment_id)


def askeds_file(session: Session, actor: Actor, referral_id: str, attachment_id: str, now: datetime) -> AttachedFile:
    """Return a file of a referral that the actor's provider was asked about; raises as `invitation` does (R32)."""
    shown = invitation(session, actor, referral_id, now)
    if attachment_id not in {file.id for file in shown.text.files}:
        raise NotFoundError
    return _file(session, referral_id, attachment_id)


def _file(session: Session, referral_id: str, attachment_id: str) -> AttachedFile:
    rows = select(AttachmentRow).where(AttachmentRow.id == attachment_id, AttachmentRow.referral_id == referral_id)
    row = session.scalars(rows.options(undefer(AttachmentRow.content))).first()
    if row is None:
        raise NotFoundError
    return AttachedFile(row.name, row.kind, row.content)
