from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from datetime import date, datetime

from kernel.errors import ConflictError, ForbiddenError, InvalidInputError
from referrals.model import Terms
from referrals.model.approvals import ApprovalKind, ApprovalOutcome
from referrals.model.routes import Route

LONGEST_REASONS = 4000


def check_decision(
    person_id: str, asked_by: Collection[str], outcome: ApprovalOutcome, words: str, *, is_open: bool
) -> None:
    """Raise unless this person may decide: neither who asked nor who wrote the referral, and once only."""
    if person_id in asked_by:
        raise ForbiddenError("A colleague must decide this: you wrote the referral or asked for the approval.")
    if not is_open:
        raise ConflictError("Somebody has decided this already.")
    if outcome is ApprovalOutcome.REFUSED and not words.strip():
        raise InvalidInputError("words", "Say what has to change.")
    if len(words) > LONGEST_REASONS:
        raise InvalidInputError("words", "Write no more than {most} characters.", most=LONGEST_REASONS)


def needed(
    route: Route, terms: Terms, *, is_short: bool = False, is_override: bool = False
) -> tuple[ApprovalKind, ...]:
    """Return what a second person must approve before a referral is issued.

    A direct award always (R5), a shorter deadline (R15) and an override of the guard of R40 always; any other issue
    where the framework's terms want a second pair of eyes.
    """
    kinds = []
    if route is Route.DIRECT_AWARD:
        kinds.append(ApprovalKind.DIRECT_AWARD)
    elif terms.second_look:
        kinds.append(ApprovalKind.ISSUE)
    if is_short:
        kinds.append(ApprovalKind.SHORT_DEADLINE)
    if is_override:
        kinds.append(ApprovalKind.AP_OVERRIDE)
    return tuple(kinds)


def plan_fingerprint(previewed: str, deadline_on: date, release_at: datetime | None) -> str:
    """Return a SHA-256 over what a second person approves: the preview as it was shown, its deadline and release."""
    plan = [previewed, deadline_on.isoformat(), release_at.isoformat() if release_at else None]
    return hashlib.sha256(json.dumps(plan).encode()).hexdigest()
