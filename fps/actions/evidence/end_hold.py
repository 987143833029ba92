from __future__ import annotations

from datetime import date

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Subject
from fps.actions.evidence.tell import leads_of, own_path, providers_people, tell, words_of
from fps.actions.standing.take_step import Step, standing_of, take_step
from fps.messages.evidence import HOLD_ENDED
from fps.messages.standing import staff_path
from fps.model import DOCUMENT_WORDS, DocumentKind, Status
from fps.queries import held_by, lot, setting, status_history
from fps.rules import document_faults
from fps.tables import DocumentRow, SettingOnLotRow, SettingRow, StatusChangeRow
from kernel.audit import SYSTEM
from kernel.calendar import london_date
from kernel.work import Ground, Work


def end_holds(work: Work, document: DocumentRow) -> list[str]:
    """Take to active again what was on hold because a document had lapsed, where all that is required holds now.

    Only holds that the hub itself has begun end so: what a person has put on hold, a person takes off it. Returns the
    ids of the settings, and tells their providers and the lead authority.
    """
    found = _on_hold().where(SettingRow.provider_id == document.provider_id)
    if document.setting_id is not None:
        found = found.where(SettingRow.id == document.setting_id)
    reason = f"A new {DOCUMENT_WORDS[DocumentKind(document.kind)]} was accepted. All required documents hold."
    ended = [
        setting_id
        for setting_id, lot_id in work.session.execute(found).all()
        if _end(work, setting_id, lot_id, reason, document.id)
    ]
    for setting_id in dict.fromkeys(ended):
        _tell(work, document, setting_id)
    return ended


def end_needless_holds(ground: Ground) -> None:
    """Take to active again what the hub itself has put on hold and what lacks nothing any more.

    So it is where the lot asks for less than before. Each setting and lot is a transaction of its own that looks again.
    """
    with ground.read() as session:
        today = london_date(ground.clock.now())
        held = [one for one in session.execute(_on_hold()).all() if not _faults(session, *one, today)]
    for setting_id, lot_id in held:
        with ground.work() as work:
            if _end(work, setting_id, lot_id, "The lot asks for nothing any more that does not hold."):
                _tell_of_lot(work, setting_id, lot_id)


def _on_hold() -> Select[str, str]:
    return (
        select(SettingOnLotRow.setting_id, SettingOnLotRow.lot_id)
        .join(SettingRow, SettingRow.id == SettingOnLotRow.setting_id)
        .join(StatusChangeRow, StatusChangeRow.setting_on_lot_id == SettingOnLotRow.id)
        .where(
            StatusChangeRow.until.is_(None),
            StatusChangeRow.to_status == Status.COMPLIANCE_HOLD,
            StatusChangeRow.actor_id == SYSTEM,
        )
        .order_by(SettingOnLotRow.setting_id, SettingOnLotRow.lot_id)
    )


def _faults(session: Session, setting_id: str, lot_id: str, today: date) -> tuple[str, ...]:
    return document_faults(lot(session, lot_id, today).required_documents, held_by(session, setting_id), today)


def _end(work: Work, setting_id: str, lot_id: str, reason: str, document_id: str | None = None) -> bool:
    if standing_of(work, setting_id, lot_id) is not Status.COMPLIANCE_HOLD:
        return False
    if status_history(work.session, setting_id, lot_id)[-1].actor_id != SYSTEM:
        return False
    if _faults(work.session, setting_id, lot_id, london_date(work.now)):
        return False
    take_step(work, SYSTEM, Step(setting_id, lot_id, Status.ACTIVE, reason, document_id=document_id))
    return True


def _tell_of_lot(work: Work, setting_id: str, lot_id: str) -> None:
    card, day = setting(work.session, setting_id), london_date(work.now)
    links = dict.fromkeys(providers_people(work, card.provider_id, setting_id), own_path(setting_id, card.provider_id))
    links |= dict.fromkeys(leads_of(work, setting_id), staff_path(setting_id))
    told = [
        NewMessage(
            HOLD_ENDED,
            {"place": card.name, "link": link},
            person_id=person_id,
            dedupe_key=f"{HOLD_ENDED.key}:{setting_id}:{lot_id}:{day}:{person_id}",
            about=Subject("setting", setting_id),
        )
        for person_id, link in sorted(links.items())
    ]
    queue_messages(work, told)


def _tell(work: Work, document: DocumentRow, setting_id: str) -> None:
    place = work.session.scalars(select(SettingRow.name).where(SettingRow.id == setting_id)).one()
    key, about = f"{document.id}:{setting_id}", document.id
    own = {"place": place, "link": words_of(work, document)["link"]}
    tell(work, providers_people(work, document.provider_id, setting_id), HOLD_ENDED, own, key, about)
    staff = {"place": place, "link": f"/register/documents/{document.id}"}
    tell(work, leads_of(work, setting_id), HOLD_ENDED, staff, key, about)
