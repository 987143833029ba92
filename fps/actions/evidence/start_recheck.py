from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from fps.actions.evidence.tell_recheck import tell_owing
from fps.messages.evidence import RECHECK_STARTED
from fps.model import Status
from fps.queries import framework
from fps.queries.frameworks import holds_on
from fps.rules.evidence import RECHECKED, check_due_on, next_chaser_on
from fps.tables import (
    DocumentRow,
    LotDocumentRow,
    LotRow,
    RecheckItemRow,
    RecheckRow,
    SettingOnLotRow,
    SettingRow,
    StatusChangeRow,
)
from kernel import audit
from kernel.calendar import london_date
from kernel.errors import ConflictError, NotFoundError
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor
from people.permissions import Permission, organisations_with

_STANDING = (Status.ACTIVE, Status.SELF_PAUSED, Status.COMPLIANCE_HOLD, Status.SUSPENDED)
_BATCH = 1000


@dataclass(frozen=True)
class StartRecheck:
    """A yearly re-check of a framework's registrations and insurance, to be answered by the end of `due_on`."""

    framework_id: str
    due_on: date


def start_recheck(work: Work, actor: Actor, command: StartRecheck) -> str:
    """Ask every provider of a framework anew for registrations and insurance; return the id of the re-check.

    Asked of each setting that stands on a lot is what the lot requires; once of the provider what it holds for all of
    its settings. Raises NotFoundError for another authority's framework, InvalidInputError for a due date that cannot
    be, ConflictError while one is open or where nobody is to be asked.
    """
    card = framework(work.session, command.framework_id)
    if card.lead_id not in organisations_with(actor, Permission.EVIDENCE_JUDGE):
        raise NotFoundError
    today = london_date(work.now)
    check_due_on(command.due_on, today)
    recheck_id = _open(work, actor, command, today)
    count = _ask(work, recheck_id, command.framework_id, today)
    if not count:
        raise ConflictError("No setting stands on a lot of this framework that asks for such a document.")
    audit.record(
        work,
        actor=actor.id,
        action="fps.start_recheck",
        subject=("recheck", recheck_id),
        details={"framework_id": card.id, "due_on": command.due_on.isoformat(), "asked": count},
    )
    tell_owing(work, recheck_id, command.due_on, RECHECK_STARTED, "start")
    return recheck_id


def _open(work: Work, actor: Actor, command: StartRecheck, today: date) -> str:
    recheck_id = new_id()
    row = RecheckRow(
        id=recheck_id,
        framework_id=command.framework_id,
        due_on=command.due_on,
        started_at=work.now,
        started_by=actor.id,
        next_chaser_on=next_chaser_on(command.due_on, today),
    )
    try:
        with work.session.begin_nested():
            work.session.add(row)
    except IntegrityError as error:
        raise ConflictError("A yearly check of this framework is open. Close it before you start another.") from error
    return recheck_id


def _ask(work: Work, recheck_id: str, framework_id: str, today: date) -> int:
    """Write down what is asked, once each, and return how much that is."""
    asked = dict.fromkeys(_asked(work, framework_id, today))
    rows = [
        {"id": new_id(), "recheck_id": recheck_id, "provider_id": provider_id, "setting_id": setting_id, "kind": kind}
        for provider_id, setting_id, kind in asked
    ]
    for start in range(0, len(rows), _BATCH):
        work.session.execute(insert(RecheckItemRow), rows[start : start + _BATCH])
    return len(rows)


def _asked(work: Work, framework_id: str, today: date) -> Iterator[tuple[str, str | None, str]]:
    own, of_all = _current(work, is_own=True), _current(work, is_own=False)
    required = (
        select(SettingRow.provider_id, SettingRow.id, LotDocumentRow.kind)
        .distinct()
        .join(SettingOnLotRow, SettingOnLotRow.setting_id == SettingRow.id)
        .join(LotRow, LotRow.id == SettingOnLotRow.lot_id)
        .join(LotDocumentRow, LotDocumentRow.lot_id == LotRow.id)
        .join(StatusChangeRow, StatusChangeRow.setting_on_lot_id == SettingOnLotRow.id)
        .where(
            LotRow.framework_id == framework_id,
            LotDocumentRow.kind.in_(RECHECKED),
            holds_on(LotDocumentRow.since, LotDocumentRow.until, today),
            StatusChangeRow.until.is_(None),
            StatusChangeRow.to_status.in_(_STANDING),
        )
        .order_by(SettingRow.provider_id, SettingRow.id, LotDocumentRow.kind)
    )
    for provider_id, setting_id, kind in work.session.execute(required):
        is_of_all = (provider_id, kind) in of_all and (setting_id, kind) not in own
        yield provider_id, None if is_of_all else setting_id, kind


def _current(work: Work, *, is_own: bool) -> set[tuple[str, str]]:
    holder = DocumentRow.setting_id if is_own else DocumentRow.provider_id
    is_of = DocumentRow.setting_id.is_not(None) if is_own else DocumentRow.setting_id.is_(None)
    rows = select(holder, DocumentRow.kind).where(DocumentRow.is_current, is_of, DocumentRow.kind.in_(RECHECKED))
    return {(held or "", kind) for held, kind in work.session.execute(rows)}
