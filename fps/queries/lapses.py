from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from fps.model import DocumentKind, Status
from fps.queries.candidates import held_by
from fps.queries.frameworks import holds_on
from fps.tables import DocumentRow, LotDocumentRow, SettingOnLotRow, SettingRow, StatusChangeRow

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Lapse:
    """A document that a lot asks for and that ended; `begins` is the first day on which the lot missed it."""

    document_id: str
    kind: DocumentKind
    ended: date
    begins: date


def active_with_lapses(session: Session, today: date) -> list[tuple[str, str]]:
    """Return settings and lots on which they are active and a document ended before today that the lot asks for.

    Whether another one still holds is for `first_lapse` to say, one by one.
    """
    found = _lapsed(today, SettingOnLotRow.setting_id, SettingOnLotRow.lot_id)
    is_active = StatusChangeRow.until.is_(None) & (StatusChangeRow.to_status == Status.ACTIVE)
    rows = (
        found.join(StatusChangeRow, StatusChangeRow.setting_on_lot_id == SettingOnLotRow.id)
        .where(is_active)
        .distinct()
        .order_by(SettingOnLotRow.setting_id, SettingOnLotRow.lot_id)
    )
    return [(setting_id, lot_id) for setting_id, lot_id in session.execute(rows)]


def first_lapse(session: Session, setting_id: str, lot_id: str, today: date) -> Lapse | None:
    """Return what a setting has missed longest of what a lot asks for today, of documents that ended; None for nothing.

    Of several of a kind, its own and its provider's, the one that held longest counts.
    """
    held = held_by(session, setting_id)
    found = _lapsed(today, DocumentRow.id, DocumentRow.kind, DocumentRow.valid_until, LotDocumentRow.since).where(
        SettingOnLotRow.setting_id == setting_id, SettingOnLotRow.lot_id == lot_id
    )
    lapses = [
        Lapse(document_id, DocumentKind(kind), ended, max(ended + _DAY, since))
        for document_id, kind, ended, since in session.execute(found)
        if held[DocumentKind(kind)] == ended
    ]
    return min(lapses, key=lambda one: (one.begins, one.ended, one.document_id), default=None)


def _lapsed(today: date, *columns: InstrumentedAttribute[Any]) -> Select[*tuple[Any, ...]]:
    return (
        select(*columns)
        .select_from(DocumentRow)
        .join(
            SettingRow,
            or_(
                SettingRow.id == DocumentRow.setting_id,
                DocumentRow.setting_id.is_(None) & (SettingRow.provider_id == DocumentRow.provider_id),
            ),
        )
        .join(SettingOnLotRow, SettingOnLotRow.setting_id == SettingRow.id)
        .join(
            LotDocumentRow,
            (LotDocumentRow.lot_id == SettingOnLotRow.lot_id) & (LotDocumentRow.kind == DocumentRow.kind),
        )
        .where(
            DocumentRow.is_current,
            DocumentRow.valid_until < today,
            holds_on(LotDocumentRow.since, LotDocumentRow.until, today),
        )
    )
