from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ColumnElement, exists, or_, select

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Subject
from fps.actions.evidence.tell import providers_people, words_of
from fps.messages.evidence import DOCUMENT_ENDING
from fps.model import Status
from fps.queries.evidence import has_newer_waiting
from fps.rules.evidence import REMINDERS_D, reminder_window
from fps.tables import DocumentReminderRow, DocumentRow, SettingOnLotRow, SettingRow, StatusChangeRow
from kernel.calendar import london_date
from kernel.work import Ground, Work

_BATCH = 200
_GONE = (Status.EXITED,)


def remind_of_documents(ground: Ground, slot: datetime) -> None:
    """Remind providers of documents that end 60, 30, 14, 7 and 1 days after the slot's London day.

    Of reminders that were missed only the latest goes out. Once a newer document is offered there is none: it waits
    for the lead authority. Works in batches, one transaction each; what is done is no longer found.
    """
    today = london_date(slot)
    for days in REMINDERS_D:
        while True:
            with ground.work() as work:
                if not _remind_batch(work, days, today):
                    break


def _remind_batch(work: Work, days: int, today: date) -> int:
    reminded = exists().where(
        DocumentReminderRow.document_id == DocumentRow.id, DocumentReminderRow.days_before <= days
    )
    due = (
        select(DocumentRow)
        .where(
            DocumentRow.is_current,
            DocumentRow.valid_until.between(*reminder_window(days, today)),
            ~reminded,
            ~has_newer_waiting(),
            _is_needed(),
        )
        .order_by(DocumentRow.id)
        .limit(_BATCH)
        .with_for_update(skip_locked=True)
    )
    rows = work.session.scalars(due).all()
    work.session.add_all(DocumentReminderRow(document_id=row.id, days_before=days, sent_at=work.now) for row in rows)
    work.session.flush()
    queue_messages(work, [message for row in rows for message in _messages(work, row, days)])
    return len(rows)


def _is_needed() -> ColumnElement[bool]:
    """Say that the document's setting, or one of its provider's, is still on a lot."""
    return (
        select(SettingOnLotRow.id)
        .join(SettingRow, SettingRow.id == SettingOnLotRow.setting_id)
        .join(StatusChangeRow, StatusChangeRow.setting_on_lot_id == SettingOnLotRow.id)
        .where(
            SettingRow.provider_id == DocumentRow.provider_id,
            or_(DocumentRow.setting_id.is_(None), SettingRow.id == DocumentRow.setting_id),
            StatusChangeRow.until.is_(None),
            StatusChangeRow.to_status.not_in(_GONE),
        )
        .exists()
    )


def _messages(work: Work, row: DocumentRow, days: int) -> list[NewMessage]:
    until = row.valid_until.isoformat() if row.valid_until else ""
    values = {**words_of(work, row), "until": until}
    return [
        NewMessage(
            DOCUMENT_ENDING,
            values,
            person_id=person_id,
            dedupe_key=f"{DOCUMENT_ENDING.key}:{row.id}:{days}:{person_id}",
            about=Subject("document", row.id),
        )
        for person_id in sorted(providers_people(work, row.provider_id, row.setting_id))
    ]
