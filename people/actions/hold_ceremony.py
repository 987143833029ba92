from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete

from kernel.errors import TooLateError
from kernel.work import Work
from people.queries import digest
from people.tables import CeremonyRow

CEREMONY_LASTS = timedelta(minutes=10)
_OVER = "That took too long, or it was used already. Try again."


def begin_ceremony(work: Work, purpose: str, challenge: str, person_id: str | None = None) -> None:
    """Note that a browser was given a challenge; those that nobody met in time are forgotten."""
    work.session.execute(delete(CeremonyRow).where(CeremonyRow.ends_at <= work.now))
    ends_at = work.now + CEREMONY_LASTS
    work.session.add(CeremonyRow(digest=digest(challenge), purpose=purpose, person_id=person_id, ends_at=ends_at))


def end_ceremony(work: Work, purpose: str, challenge: str, person_id: str | None = None) -> None:
    """Take a challenge back, which can be done once.

    Raises TooLateError if it has run out, was met before, or was given for something or somebody else.
    """
    whose = CeremonyRow.person_id.is_(None) if person_id is None else CeremonyRow.person_id == person_id
    mine = delete(CeremonyRow).where(
        CeremonyRow.digest == digest(challenge), CeremonyRow.purpose == purpose, CeremonyRow.ends_at > work.now, whose
    )
    if work.session.scalars(mine.returning(CeremonyRow.digest)).first() is None:
        raise TooLateError(_OVER)
