from __future__ import annotations

from sqlalchemy import select

from channels.actions.follow_up import follow_up, split_attempt
from channels.model import Outcome, OutcomeKind, Reason, Receipt, Status
from channels.rules.status import report_counts
from channels.tables import MessageRow
from kernel.work import Work


def record_receipt(work: Work, receipt: Receipt) -> bool:
    """Record what a vendor reports of an attempt; tell whether it moved the message forward.

    Receipts come late, twice and out of order; channels.rules.status says which still count. A receipt also settles
    an attempt whose outcome a crash has lost. A failure falls back to the next contact point where there is one.
    Raises ValueError for what is no attempt's id.
    """
    message_id, attempt = split_attempt(receipt.attempt_id)
    found = select(MessageRow).where(MessageRow.id == message_id).with_for_update()
    row = work.session.scalars(found).first()
    if row is None or not _counts(row, receipt.status, attempt):
        return False
    if receipt.status is Status.FAILED:
        follow_up(work, row, Outcome(OutcomeKind.FAILED, receipt.vendor_id, receipt.detail))
        return True
    kept = row.reason if row.reason == Reason.WITHDRAWN else None  # should it fail after all, no other way is tried
    row.status, row.reason, row.due_at, row.lease_until = receipt.status, kept, None, None
    row.vendor_id = receipt.vendor_id or row.vendor_id
    row.sent_at = row.sent_at or receipt.at
    if receipt.status is Status.DELIVERED:
        row.delivered_at = receipt.at
        work.measure("receipt_latency", row.channel, (receipt.at - row.sent_at).total_seconds())
    return True


def _counts(row: MessageRow, reported: Status, attempt: int) -> bool:
    return report_counts(Status(row.status), reported, attempt, elsewhere=row.attempts_elsewhere, attempts=row.attempts)
