from __future__ import annotations

from datetime import datetime

from sqlalchemy import ColumnElement, select

from kernel.work import Work
from people.queries.accounts import has_account
from people.tables import ContactPointRow


def doubt_addresses(work: Work, kept_id: str, gone_id: str) -> dict[str, str]:
    """Before two records become one: doubt the addresses that would open an account which was not theirs.

    Whoever could join a record of their own making with a colleague's would else sign in as that colleague. So where
    one of the two has an account, the other's addresses count as unproved until their owner types a code in a session
    of the account, unless the account had proved the same address itself. Return when each had been proved, by id.
    """
    owners = [person_id for person_id in (kept_id, gone_id) if has_account(work.session, person_id)]
    if not owners:
        return {}
    trusted = owners[0]
    other = gone_id if trusted == kept_id else kept_id
    own = set(work.session.scalars(select(ContactPointRow.address_digest).where(*_proved_by(trusted))))
    doubted = {
        row.id: row
        for row in work.session.scalars(select(ContactPointRow).where(*_proved_by(other)))
        if row.address_digest not in own
    }
    told = {point_id: row.verified_at.isoformat() for point_id, row in doubted.items() if row.verified_at is not None}
    for row in doubted.values():
        row.verified_at = None
    work.session.flush()
    return told


def believe_again(work: Work, told: dict[str, str]) -> None:
    """Undo it: what was proved before the merge is proved again, unless it was proved anew meanwhile."""
    for point_id, at in told.items():
        row = work.session.get(ContactPointRow, point_id)
        if row is not None and row.verified_at is None:
            row.verified_at = datetime.fromisoformat(at)
    work.session.flush()


def _proved_by(person_id: str) -> tuple[ColumnElement[bool], ...]:
    return (ContactPointRow.person_id == person_id, ContactPointRow.verified_at.is_not(None))
