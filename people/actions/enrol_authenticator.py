from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from kernel import audit
from kernel.errors import InvalidInputError, NotFoundError
from kernel.work import Work
from people.rules.factors import matching_step, new_secret
from people.tables import AuthenticatorRow

WRONG_CODE = "That code is not right. Wait for the next one in your app, then enter it."
_OFFER_LASTS = timedelta(hours=1)


def offer_authenticator(work: Work, person_id: str) -> str:
    """Make a secret for a person's authenticator app and return it; it counts once its first code is confirmed.

    An app in use goes on until then. Whoever comes back within the hour gets the same secret again: their app may
    have scanned it.
    """
    row = _row(work, person_id)
    if row is None:
        row = AuthenticatorRow(person_id=person_id)
        work.session.add(row)
    if row.offered is None or row.offered_at is None or row.offered_at + _OFFER_LASTS <= work.now:
        row.offered, row.offered_at = new_secret(), work.now
    work.session.flush()
    return row.offered


def confirm_authenticator(work: Work, person_id: str, code: str) -> None:
    """Take the offered secret into use, in place of one from before.

    Raises InvalidInputError for a wrong code, NotFoundError where nothing was offered.
    """
    row = _row(work, person_id)
    if row is None or row.offered is None:
        raise NotFoundError
    step = matching_step(row.offered, code, work.now, None)
    if step is None:
        raise InvalidInputError("code", WRONG_CODE)
    was_there = row.secret is not None
    row.secret, row.confirmed_at, row.last_step = row.offered, work.now, step
    row.offered = row.offered_at = None
    action = "people.authenticator_replace" if was_there else "people.authenticator_add"
    audit.record(work, actor=person_id, action=action, subject=("person", person_id))


def _row(work: Work, person_id: str) -> AuthenticatorRow | None:
    mine = select(AuthenticatorRow).where(AuthenticatorRow.person_id == person_id).with_for_update()
    return work.session.scalars(mine).first()
