from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import delete, func, select

from kernel import audit
from kernel.errors import ConflictError, InvalidInputError
from kernel.ids import new_id
from kernel.uploads import CheckedFile
from kernel.work import Work
from people.model import Actor
from referrals.actions.find_referral import find_draft
from referrals.tables import AttachmentRow

MOST_BYTES = 5_000_000
MOST_FILES = 5


@dataclass(frozen=True)
class AttachFile:
    """A file that goes out with a draft; `is_confirmed` says that a person looked into it (R31)."""

    referral_id: str
    file: CheckedFile
    is_confirmed: bool


def attach_file(work: Work, actor: Actor, command: AttachFile) -> str:
    """Add a file to a draft and return its id; every recipient gets the same file, and its hash is frozen (R9).

    The same content twice is one file. Raises NotFoundError for another council's, ConflictError once it is issued or
    where there are enough files, InvalidInputError for a file that is not taken or that nobody has looked into.
    """
    row = find_draft(work, actor, command.referral_id)
    file = command.file
    if len(file.content) > MOST_BYTES:
        raise InvalidInputError("file", "The file is larger than {most} MB.", most=MOST_BYTES // 1_000_000)
    if not command.is_confirmed:
        raise InvalidInputError(
            "is_confirmed", "Look into the file, then confirm that it tells nobody who the learner is."
        )
    digest = hashlib.sha256(file.content).hexdigest()
    own = AttachmentRow.referral_id == row.id
    known = work.session.scalar(select(AttachmentRow.id).where(own, AttachmentRow.sha256 == digest))
    if known is not None:
        return known
    if (work.session.scalar(select(func.count()).where(own)) or 0) >= MOST_FILES:
        raise ConflictError("This referral has {most} files already. Remove one first.", most=MOST_FILES)
    attached = AttachmentRow(
        id=new_id(),
        referral_id=row.id,
        name=file.name,
        kind=file.kind,
        size=len(file.content),
        sha256=digest,
        content=file.content,
        added_at=work.now,
        confirmed_by=actor.id,
    )
    work.session.add(attached)
    work.session.flush()
    details = {"attachment_id": attached.id, "sha256": digest, "size": attached.size}
    audit.record(work, actor=actor.id, action="referrals.attach_file", subject=("referral", row.id), details=details)
    return attached.id


def remove_file(work: Work, actor: Actor, referral_id: str, attachment_id: str) -> None:
    """Take a file off a draft; one that is gone already is passed over. Raises as attach_file does."""
    row = find_draft(work, actor, referral_id)
    gone = delete(AttachmentRow).where(AttachmentRow.id == attachment_id, AttachmentRow.referral_id == row.id)
    if work.session.scalar(gone.returning(AttachmentRow.id)) is None:
        return
    details = {"attachment_id": attachment_id}
    audit.record(work, actor=actor.id, action="referrals.remove_file", subject=("referral", row.id), details=details)
