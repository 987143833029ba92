from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, select, update

from kernel import audit
from kernel.sealing import digests
from kernel.work import Work
from people.queries import contact_point
from people.tables import ContactPointRow


def mark_unreachable(work: Work, contact_point_id: str) -> None:
    """Record that a vendor calls this address dead for good: a landline, a number that is gone, a closed mailbox.

    From then on messages go by the next contact point, for everybody who shares the address.
    """
    _change(work, contact_point_id, ContactPointRow.failed_at.is_(None), work.now)


def mark_working(work: Work, contact_point_id: str, *, sent_at: datetime | None = None) -> None:
    """Record that the address works: somebody wrote from it, or what was sent there at `sent_at` has arrived.

    What was sent before it was called dead proves nothing.
    """
    failed = select(ContactPointRow.failed_at).where(ContactPointRow.id == contact_point_id)
    failed_at = work.session.scalar(failed)
    if failed_at is not None and (sent_at is None or sent_at > failed_at):
        _change(work, contact_point_id, ContactPointRow.failed_at.is_not(None), None)


def _change(work: Work, contact_point_id: str, where: ColumnElement[bool], failed_at: datetime | None) -> None:
    point = contact_point(work.session, contact_point_id)
    action = "people.contact_failed" if failed_at else "people.contact_works"
    same = (ContactPointRow.channel == point.channel) & ContactPointRow.address_digest.in_(
        digests(work.session, point.address)
    )
    changed = update(ContactPointRow).where(same, where).values(failed_at=failed_at)
    whose = (ContactPointRow.id, ContactPointRow.person_id, ContactPointRow.organisation_id)
    for row in work.session.execute(changed.returning(*whose)):
        subject = ("person", row.person_id) if row.person_id else ("organisation", row.organisation_id)
        details = {"contact_point": row.id, "channel": point.channel}
        audit.record(work, actor=audit.SYSTEM, action=action, subject=subject, details=details)
