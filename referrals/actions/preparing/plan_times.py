from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime

from kernel import audit
from kernel.errors import InvalidInputError
from kernel.work import Work
from people.model import Actor
from referrals.actions.find_referral import find_draft, note_writer
from referrals.model.particulars import Particulars
from referrals.queries.previews import planned_deadline, preview
from referrals.rules.routes import LONGEST_REASONS


@dataclass(frozen=True)
class PlanTimes:
    """Deadline and release of a draft; `release_at` None means when it is issued.

    `short_reason` is why providers get less time than usual (R15).
    """

    referral_id: str
    deadline_on: date
    release_at: datetime | None = None
    short_reason: str = ""


def plan_times(work: Work, actor: Actor, command: PlanTimes) -> None:
    """Keep when a draft is to go out and until when providers can answer, as far as R14 and R15 allow it now.

    Raises NotFoundError for another council's, ConflictError once it is issued, InvalidInputError for the times.
    """
    row = find_draft(work, actor, command.referral_id)
    if command.release_at is not None and command.release_at < work.now:
        raise InvalidInputError("release_day", "The release time has passed. Choose a later one.")
    if len(command.short_reason) > LONGEST_REASONS:
        raise InvalidInputError("short_reason", "Write no more than {most} characters.", most=LONGEST_REASONS)
    given = replace(Particulars.of(row.particulars), short_reason=command.short_reason.strip())
    row.particulars = given.plain()
    shown = preview(work.session, row, command.release_at or work.now)
    planned_deadline(shown, command.deadline_on)
    if not shown.is_short(command.deadline_on):
        row.particulars = replace(given, short_reason="").plain()
    else:
        note_writer(row, actor)
    row.deadline_on, row.release_at = command.deadline_on, command.release_at
    work.session.flush()
    details = {
        "deadline_on": command.deadline_on.isoformat(),
        "release_at": command.release_at.isoformat() if command.release_at else None,
        "is_short": shown.is_short(command.deadline_on),
    }
    audit.record(work, actor=actor.id, action="referrals.plan_times", subject=("referral", row.id), details=details)
