from __future__ import annotations

from sqlalchemy import select

from channels.actions.follow_up import follow_up, split_attempt
from channels.holding import address_of, holder_of, take_turn
from channels.model import Outcome, OutcomeKind, Reason, Receipt, Status
from channels.rules.status import report_counts
from channels.tables import MessageRow
from kernel.work import Work
from people.actions.mark_unreachable import mark_working


def record_receipt(work: Work, receipt: Receipt) -> bool:
    """Record what a vendor reports of an attempt; tell whether it moved the message forward.

    Receipts come late, twice and out of order; channels.rules.status says which still count. A receipt also settles
    an attempt whose outcome a crash has lost. A failure falls back to the next contact point where there is one.
    What was settled as a twin's is the twin's, whatever the attempt. Raises ValueError for what is no attempt's id.
    """
    message_id, attempt = split_attempt(receipt.attempt_id)
    twin_id = _twin(work, receipt, message_id, attempt)
    found = select(MessageRow).where(MessageRow.id == (twin_id or message_id)).with_for_update()
    row = work.session.scalars(found).first()
    if row is None or not _counts(row, receipt.status, row.attempts if twin_id else attempt):
        return False
    if receipt.status is Status.FAILED:
        dead = receipt.unreachable
        follow_up(work, row, Outcome(OutcomeKind.FAILED, receipt.vendor_id, receipt.detail, unreachable=dead))
        return True
    kept = row.reason if row.reason == Reason.WITHDRAWN else None  # should it fail after all, no other way is tried
    row.status, row.reason, row.due_at, row.lease_until = receipt.status, kept, None, None
    row.vendor_id = receipt.vendor_id or row.vendor_id
    row.sent_at = row.sent_at or receipt.at
    if receipt.status is Status.DELIVERED:
        row.delivered_at = receipt.at
        work.measure("receipt_latency", row.channel, (receipt.at - row.sent_at).total_seconds())
        if row.contact_point_id:
            mark_working(work, row.contact_point_id, sent_at=row.handed_at)
    return True


def _twin(work: Work, receipt: Receipt, message_id: str, attempt: int) -> str | None:
    """Return the other message that was proven sent by the very message of the vendor's that is reported of.

    While an attempt is under way and its lease lives, nobody takes what it sends for another's.
    """
    columns = (MessageRow.channel, MessageRow.contact_point_id, MessageRow.vendor_id)
    is_live = (MessageRow.status == Status.HANDING_OVER) & (MessageRow.lease_until >= work.now)
    under_way = is_live & (MessageRow.attempts == attempt)
    found = select(*columns).where(MessageRow.id == message_id, ~under_way)
    row = work.session.execute(found).first()
    if row is None or receipt.vendor_id in (None, row.vendor_id):
        return None
    address = address_of(work.session, row.contact_point_id)
    take_turn(work, row.channel, [address])
    return holder_of(work.session, row.channel, address, receipt.vendor_id, but=message_id)


def _counts(row: MessageRow, reported: Status, attempt: int) -> bool:
    return report_counts(Status(row.status), reported, attempt, elsewhere=row.attempts_elsewhere, attempts=row.attempts)
