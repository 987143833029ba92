from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Select, or_, select

from fps.actions.evidence.tell import leads_of, own_path, providers_people, tell
from fps.actions.standing.take_step import Step, standing_of, take_step
from fps.messages.evidence import DOCUMENT_LAPSED
from fps.model import DOCUMENT_WORDS, DocumentKind, Status
from fps.queries import lot
from fps.queries.candidates import held_by
from fps.queries.frameworks import holds_on
from fps.rules import document_faults
from fps.tables import DocumentRow, LotDocumentRow, SettingOnLotRow, SettingRow, StatusChangeRow
from kernel.audit import SYSTEM
from kernel.calendar import london_date
from kernel.work import Ground, Work


def hold_lapsed(ground: Ground, slot: datetime) -> None:
    """Put on hold what is active on a lot that asks for a document which ended before the slot's London day.

    A document holds to the end of its last day, so this is the day after. One that lapsed for a whole provider holds
    all its settings. Each setting and lot is a transaction of its own that looks again: nothing happens twice, and
    what a crash left open is done in the next turn.
    """
    today = london_date(slot)
    with ground.read() as session:
        lapsed = session.execute(_lapsed(today)).all()
    for setting_id, lot_id, document_id in lapsed:
        with ground.work() as work:
            _hold(work, setting_id, lot_id, document_id)


def _lapsed(today: date) -> Select[str, str, str]:
    """Find settings on lots with a document that ended; whether another one still holds is looked at one by one."""
    return (
        select(SettingOnLotRow.setting_id, SettingOnLotRow.lot_id, DocumentRow.id)
        .select_from(DocumentRow)
        .join(
            SettingRow,
            or_(
                SettingRow.id == DocumentRow.setting_id,
                DocumentRow.setting_id.is_(None) & (SettingRow.provider_id == DocumentRow.provider_id),
            ),
        )
        .join(SettingOnLotRow, SettingOnLotRow.setting_id == SettingRow.id)
        .join(StatusChangeRow, StatusChangeRow.setting_on_lot_id == SettingOnLotRow.id)
        .join(
            LotDocumentRow,
            (LotDocumentRow.lot_id == SettingOnLotRow.lot_id) & (LotDocumentRow.kind == DocumentRow.kind),
        )
        .where(
            DocumentRow.is_current,
            DocumentRow.valid_until < today,
            holds_on(LotDocumentRow.since, LotDocumentRow.until, today),
            StatusChangeRow.until.is_(None),
            StatusChangeRow.to_status == Status.ACTIVE,
        )
        .order_by(SettingOnLotRow.setting_id, SettingOnLotRow.lot_id, DocumentRow.valid_until, DocumentRow.id)
    )


def _hold(work: Work, setting_id: str, lot_id: str, document_id: str) -> None:
    if standing_of(work, setting_id, lot_id) is not Status.ACTIVE:
        return
    document = work.session.scalars(select(DocumentRow).where(DocumentRow.id == document_id)).one()
    today, kind = london_date(work.now), DocumentKind(document.kind)
    held = held_by(work.session, setting_id)
    ended = document.valid_until
    if ended is None or not document_faults([kind], held, today):
        return
    if kind not in lot(work.session, lot_id, today).required_documents:
        return
    reason = f"The {DOCUMENT_WORDS[kind]} ended on {ended.day} {ended:%B %Y}."
    take_step(work, SYSTEM, Step(setting_id, lot_id, Status.COMPLIANCE_HOLD, reason, document_id=document.id))
    _tell(work, document, setting_id, ended)


def _tell(work: Work, document: DocumentRow, setting_id: str, ended: date) -> None:
    values = {
        "document": DOCUMENT_WORDS[DocumentKind(document.kind)],
        "place": work.session.scalars(select(SettingRow.name).where(SettingRow.id == setting_id)).one(),
        "until": ended.isoformat(),
    }
    key = f"{document.id}:{setting_id}"
    own = {**values, "link": own_path(document.setting_id, document.provider_id)}
    tell(work, providers_people(work, document.provider_id, setting_id), DOCUMENT_LAPSED, own, key, document.id)
    staff = {**values, "link": f"/register/documents/{document.id}"}
    tell(work, leads_of(work, setting_id), DOCUMENT_LAPSED, staff, key, document.id)
