from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select

from fps.actions.evidence.tell import leads_of, own_path, providers_people, tell
from fps.actions.standing.take_step import Step, standing_of, take_step
from fps.messages.evidence import DOCUMENT_LAPSED
from fps.model import DOCUMENT_WORDS, DocumentKind, Status
from fps.queries import status_history
from fps.queries.lapses import active_with_lapses, first_lapse
from fps.tables import DocumentRow, SettingRow
from kernel.audit import SYSTEM
from kernel.calendar import london_date
from kernel.work import Ground, Work


def hold_lapsed(ground: Ground, slot: datetime) -> None:
    """Put on hold what is active on a lot that asks for a document which ended before the slot's London day.

    A document holds to the end of its last day, so the hold counts from the day after, however late this runs. One
    that lapsed for a whole provider holds all its settings. Each setting and lot is a transaction of its own that
    looks again: nothing happens twice, and what a crash left open is done in the next turn.
    """
    with ground.read() as session:
        found = active_with_lapses(session, london_date(slot))
    for setting_id, lot_id in found:
        with ground.work() as work:
            _hold(work, setting_id, lot_id)


def _hold(work: Work, setting_id: str, lot_id: str) -> None:
    if standing_of(work, setting_id, lot_id) is not Status.ACTIVE:
        return
    lapse = first_lapse(work.session, setting_id, lot_id, london_date(work.now))
    if lapse is None:
        return
    since = max(lapse.begins, status_history(work.session, setting_id, lot_id)[-1].effective_on)
    reason = f"The {DOCUMENT_WORDS[lapse.kind]} ended on {lapse.ended.day} {lapse.ended:%B %Y}."
    step = Step(setting_id, lot_id, Status.COMPLIANCE_HOLD, reason, since, lapse.document_id)
    take_step(work, SYSTEM, step)
    document = work.session.scalars(select(DocumentRow).where(DocumentRow.id == lapse.document_id)).one()
    _tell(work, document, setting_id, lapse.ended)


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
