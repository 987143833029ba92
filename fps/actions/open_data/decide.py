from __future__ import annotations

from sqlalchemy import select

from fps.actions.open_data.hand_in import BELL, let_go
from fps.model.open_data import Source
from fps.model.open_data_imports import ImportState
from fps.tables import OpenDataChangeRow, OpenDataImportRow
from kernel import audit
from kernel.errors import ConflictError, ForbiddenError, NotFoundError
from kernel.work import Work
from people.model import Actor
from people.permissions import Permission, may


def approve_import(work: Work, actor: Actor, import_id: str) -> None:
    """Let the worker take over a file that was read; pressed twice it is taken over once.

    Raises ConflictError where it failed, was dropped or was taken over already.
    """
    row = _locked(work, actor, import_id)
    if row.state == ImportState.APPROVED.value:
        return
    _check_ready(row)
    row.state, row.due_at, row.attempts = ImportState.APPROVED.value, work.now, 0
    work.session.flush()
    work.ring(BELL)
    audit.record(work, actor=actor.id, action="open_data.approved", subject=("open_data", import_id))


def discard_import(work: Work, actor: Actor, import_id: str) -> None:
    """Drop a file that was read, or is being read. Raises ConflictError where it is too late."""
    row = _locked(work, actor, import_id)
    if row.state == ImportState.DISCARDED.value:
        return
    if row.state != ImportState.WAITING.value:
        _check_ready(row)
    row.state, row.ended_at = ImportState.DISCARDED.value, work.now
    work.session.flush()
    let_go(work, import_id, Source(row.source))
    audit.record(work, actor=actor.id, action="open_data.discarded", subject=("open_data", import_id))


def deal_with_change(work: Work, actor: Actor, import_id: str, number: int) -> None:
    """Note that somebody has looked after a change of a setting on the register; the first one counts."""
    _check_may(actor)
    found = select(OpenDataChangeRow).where(
        OpenDataChangeRow.import_id == import_id,
        OpenDataChangeRow.number == number,
        OpenDataChangeRow.setting_id.is_not(None),
    )
    row = work.session.scalars(found.with_for_update()).first()
    if row is None:
        raise NotFoundError
    if row.dealt_at is not None:
        return
    row.dealt_at, row.dealt_by = work.now, actor.id
    details = {"number": number, "urn": row.urn}
    audit.record(work, actor=actor.id, action="open_data.dealt_with", subject=("open_data", import_id), details=details)


def _check_may(actor: Actor) -> None:
    if not may(actor, Permission.OPEN_DATA_IMPORT):
        raise ForbiddenError


def _locked(work: Work, actor: Actor, import_id: str) -> OpenDataImportRow:
    _check_may(actor)
    found = select(OpenDataImportRow).where(OpenDataImportRow.id == import_id)
    row = work.session.scalars(found.with_for_update()).first()
    if row is None:
        raise NotFoundError
    return row


def _check_ready(row: OpenDataImportRow) -> None:
    if row.state != ImportState.READY.value:
        raise ConflictError("This file was dealt with already. Look at what became of it, or hand it in again.")
