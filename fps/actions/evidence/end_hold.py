from __future__ import annotations

from sqlalchemy import select

from fps.actions.evidence.tell import leads_of, providers_people, tell, words_of
from fps.actions.standing.take_step import Step, standing_of, take_step
from fps.messages.evidence import HOLD_ENDED
from fps.model import DOCUMENT_WORDS, DocumentKind, Status
from fps.queries import lot
from fps.queries.candidates import held_by
from fps.rules import document_faults
from fps.tables import DocumentRow, SettingOnLotRow, SettingRow, StatusChangeRow
from kernel.audit import SYSTEM
from kernel.calendar import london_date
from kernel.work import Work


def end_holds(work: Work, document: DocumentRow) -> list[str]:
    """Take to active again what was on hold because a document had lapsed, where all that is required holds now.

    Only holds that the hub itself has begun end so: what a person has put on hold, a person takes off it. Returns the
    ids of the settings, and tells their providers and the lead authority.
    """
    found = (
        select(SettingOnLotRow.setting_id, SettingOnLotRow.lot_id)
        .join(SettingRow, SettingRow.id == SettingOnLotRow.setting_id)
        .join(StatusChangeRow, StatusChangeRow.setting_on_lot_id == SettingOnLotRow.id)
        .where(
            SettingRow.provider_id == document.provider_id,
            StatusChangeRow.until.is_(None),
            StatusChangeRow.to_status == Status.COMPLIANCE_HOLD,
            StatusChangeRow.actor_id == SYSTEM,
        )
        .order_by(SettingOnLotRow.setting_id, SettingOnLotRow.lot_id)
    )
    if document.setting_id is not None:
        found = found.where(SettingRow.id == document.setting_id)
    ended = [
        setting_id
        for setting_id, lot_id in work.session.execute(found).all()
        if _end(work, setting_id, lot_id, document)
    ]
    for setting_id in dict.fromkeys(ended):
        _tell(work, document, setting_id)
    return ended


def _end(work: Work, setting_id: str, lot_id: str, document: DocumentRow) -> bool:
    if standing_of(work, setting_id, lot_id) is not Status.COMPLIANCE_HOLD:
        return False
    today = london_date(work.now)
    required = lot(work.session, lot_id, today).required_documents
    if document_faults(required, held_by(work.session, setting_id), today):
        return False
    reason = f"A new {DOCUMENT_WORDS[DocumentKind(document.kind)]} was accepted. All required documents hold."
    take_step(work, SYSTEM, Step(setting_id, lot_id, Status.ACTIVE, reason, document_id=document.id))
    return True


def _tell(work: Work, document: DocumentRow, setting_id: str) -> None:
    place = work.session.scalars(select(SettingRow.name).where(SettingRow.id == setting_id)).one()
    key, about = f"{document.id}:{setting_id}", document.id
    own = {"place": place, "link": words_of(work, document)["link"]}
    tell(work, providers_people(work, document.provider_id, setting_id), HOLD_ENDED, own, key, about)
    staff = {"place": place, "link": f"/register/documents/{document.id}"}
    tell(work, leads_of(work, setting_id), HOLD_ENDED, staff, key, about)
