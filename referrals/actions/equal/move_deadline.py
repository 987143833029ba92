from __future__ import annotations

from datetime import datetime

from kernel.work import Work
from referrals.actions.equal.post_version import Change, post_version
from referrals.actions.find_referral import lock_referral, standing_of
from referrals.messages.equal import MOVED


def move_deadline(work: Work, by: str, referral_id: str, deadline_at: datetime, reason: str) -> str:
    """Give everybody who was asked the same later deadline, as a new version (R10, R11, R12); return the issue's id.

    `by` is a person's id or audit.SYSTEM; whether they may is the caller's to see. Everybody reads the reason. Raises
    NotFoundError, ConflictError once the deadline has passed, InvalidInputError for a deadline that R10 or R14 does
    not allow.
    """
    row = lock_referral(work, referral_id)
    issue = standing_of(work, row).issue
    return post_version(work, by, row, Change(issue.text if issue else {}, deadline_at, reason, MOVED)).id
