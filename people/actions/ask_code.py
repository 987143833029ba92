from __future__ import annotations

from sqlalchemy import func, select, update

from kernel.errors import NotFoundError
from kernel.events import publish
from kernel.ids import new_id
from kernel.sealing import digests
from kernel.work import Work
from people.codes import code_digest, codes_of
from people.events import CodeAsked
from people.rules.codes import LASTS, WINDOW, check_rate
from people.tables import ContactCheckRow, ContactPointRow


def ask_code(work: Work, asked_by: str, contact_point_id: str, *, replaces_id: str | None = None) -> str:
    """Let a code go to a contact point, and end any that went there before; return the check's id.

    Only a digest under a key of ours is kept. None goes where an address has said STOP (V12); whoever asks is told the
    same, so that nobody learns what an address has said. Raises TooManyError for more codes than are fair,
    NotFoundError for a contact point that is gone.
    """
    row = work.session.get(ContactPointRow, contact_point_id, with_for_update=True)
    if row is None or row.removed_at is not None:
        raise NotFoundError
    check_rate(_sent_there(work, row), _sent_by(work, asked_by))
    before = _end_open(work, contact_point_id)
    check_id = new_id()
    work.session.add(
        ContactCheckRow(
            id=check_id,
            contact_point_id=contact_point_id,
            asked_by=asked_by,
            digest=code_digest(work.keys, check_id, codes_of(work.keys, check_id)[0]),
            replaces_id=replaces_id or before,
            created_at=work.now,
            expires_at=work.now + LASTS,
        )
    )
    if row.opted_out_at is None:
        publish(work, CodeAsked(check_id))
    return check_id


def _end_open(work: Work, contact_point_id: str) -> str | None:
    """End what is open, and return what it was to replace."""
    still_open = ContactCheckRow.ended_at.is_(None)
    change = update(ContactCheckRow).where(ContactCheckRow.contact_point_id == contact_point_id, still_open)
    ended = change.values(ended_at=work.now).returning(ContactCheckRow.replaces_id)
    return next(iter(work.session.scalars(ended)), None)


def _sent_there(work: Work, row: ContactPointRow) -> int:
    """Count the codes of the last hour to this address, whoever's contact point it is."""
    there = select(ContactPointRow.id).where(
        ContactPointRow.channel == row.channel,
        ContactPointRow.address_digest.in_(digests(work.session, row.address)),
    )
    lately = select(func.count()).where(
        ContactCheckRow.contact_point_id.in_(there), ContactCheckRow.created_at > work.now - WINDOW
    )
    return work.session.scalar(lately) or 0


def _sent_by(work: Work, asked_by: str) -> int:
    lately = select(func.count()).where(
        ContactCheckRow.asked_by == asked_by, ContactCheckRow.created_at > work.now - WINDOW
    )
    return work.session.scalar(lately) or 0
