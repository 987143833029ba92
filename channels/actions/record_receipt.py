from __future__ import annotations

from sqlalchemy import func, update

from channels.actions.write_history import write_history
from channels.model import Receipt, Status
from channels.rules.status import before
from channels.tables import MessageRow
from kernel.work import Work


def record_receipt(work: Work, receipt: Receipt) -> bool:
    """Record what a vendor reports of an attempt; tell whether it moved the message forward.

    Receipts come late, twice and out of order: a message only moves forward, so an old report changes nothing.
    A receipt also settles an attempt whose outcome a crash has lost.
    """
    message_id = receipt.attempt_id.partition("-")[0]
    values: dict[str, object] = {"status": receipt.status, "due_at": None, "lease_until": None, "reason": None}
    if receipt.vendor_id:
        values["vendor_id"] = receipt.vendor_id
    if receipt.status in (Status.SENT, Status.DELIVERED):
        values["sent_at"] = func.coalesce(MessageRow.sent_at, receipt.at)
    if receipt.status is Status.DELIVERED:
        values["delivered_at"] = receipt.at
    moved = work.session.scalars(
        update(MessageRow)
        .where(MessageRow.id == message_id, MessageRow.status.in_(before(receipt.status)))
        .values(values)
        .returning(MessageRow.id)
    ).first()
    if moved is not None and receipt.status is Status.FAILED:
        write_history(work, [moved], "failed", reason="refused", detail=receipt.detail)
    return moved is not None
