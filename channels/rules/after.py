from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from channels.model import Outcome, OutcomeKind, Reason, Status
from channels.rules.status import WAITING
from kernel.backoff import backoff

ATTEMPTS = 8
BASE_S = 5
CAP_S = 900


@dataclass(frozen=True)
class Next:
    """What follows an attempt: the new status, why, and when it is due again."""

    status: Status
    reason: Reason | None = None
    due_at: datetime | None = None


def after(
    outcome: Outcome,
    attempts: int,
    *,
    has_other_way: bool,
    now: datetime,
    is_withdrawn: bool = False,
    jitter: float | None = None,
) -> Next:
    """Say what follows an attempt that did not simply succeed.

    A refusal is never tried again on the same contact point; it falls back to the next one if there is one. What
    the vendor surely did not take is tried again after a jittered, growing pause that is never shorter than
    the vendor asked for, up to 8 attempts. What was withdrawn while it was under way is never tried again.
    """
    following = _after(outcome, attempts, has_other_way=has_other_way, now=now, jitter=jitter)
    if is_withdrawn and following.status in WAITING:
        return Next(Status.CANCELLED, Reason.WITHDRAWN)
    if is_withdrawn and following.status is Status.UNKNOWN:
        return Next(Status.UNKNOWN, Reason.WITHDRAWN)
    return following


def _after(outcome: Outcome, attempts: int, *, has_other_way: bool, now: datetime, jitter: float | None) -> Next:
    if outcome.kind is OutcomeKind.SENT:
        return Next(Status.SENT)
    if outcome.kind is OutcomeKind.UNKNOWN:
        return Next(Status.UNKNOWN)
    if outcome.kind is OutcomeKind.RETRY and attempts < ATTEMPTS:
        pause = backoff(attempts, base_s=BASE_S, cap_s=CAP_S, jitter=jitter)
        asked = timedelta(seconds=outcome.retry_after_s or 0)
        reason = Reason.VENDOR_BUSY if outcome.retry_after_s or outcome.pause_s else Reason.RETRY
        return Next(Status.HELD, reason, now + max(pause, asked))
    if has_other_way:
        return Next(Status.QUEUED, Reason.FALLBACK, now)
    return Next(Status.FAILED, Reason.REFUSED if outcome.kind is OutcomeKind.FAILED else Reason.GAVE_UP)
