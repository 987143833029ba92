from __future__ import annotations

from channels.actions.write_history import write_history
from channels.model import Outcome, Reason, Status
from channels.reach import reaches
from channels.rules.after import after
from channels.rules.choose import Wish, choose
from channels.tables import MessageRow
from kernel.work import Work
from people.actions.mark_unreachable import mark_unreachable
from people.model import ContactPoint


def follow_up(work: Work, row: MessageRow, outcome: Outcome) -> None:
    """Move a message on after an attempt that did not simply succeed, and write its history."""
    if outcome.unreachable and row.contact_point_id:
        mark_unreachable(work, row.contact_point_id)
    tried = [*(row.tried or []), *([row.contact_point_id] if row.contact_point_id else [])]
    other = _other_way(work, row, tried)
    here = row.attempts - row.attempts_elsewhere
    is_withdrawn = row.reason == Reason.WITHDRAWN
    following = after(outcome, here, has_other_way=other is not None, now=work.now, is_withdrawn=is_withdrawn)
    row.status, row.reason, row.due_at = following.status, following.reason, following.due_at
    if following.status is not Status.UNKNOWN:
        row.lease_until = None
    if outcome.vendor_id:
        row.vendor_id = outcome.vendor_id
    if following.reason is Reason.FALLBACK and other is not None:
        row.tried, row.attempts_elsewhere = tried, row.attempts
        row.contact_point_id, row.channel = other.id, other.channel
        work.ring(other.channel)
    work.session.flush()
    write_history(work, [row.id], following.status.value, reason=following.reason, detail=outcome.detail)


def _other_way(work: Work, row: MessageRow, tried: list[str]) -> ContactPoint | None:
    wish = Wish(
        solicited=row.is_solicited,
        channel=row.channel if row.pin == "channel" else None,
        contact_point_id=row.contact_point_id if row.pin == "point" else None,
        tried=frozenset(tried),
    )
    chosen = choose(wish, reaches(work.session, [row]).of(row))
    return None if isinstance(chosen, Reason) else chosen


def split_attempt(attempt_id: str) -> tuple[str, int]:
    """Return the message's id and the number of the attempt; raises ValueError for what is no attempt's id."""
    message_id, _, number = attempt_id.partition("-")
    return message_id, int(number)
