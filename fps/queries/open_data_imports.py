"""The public files that were handed in and what they changed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from fps.model.open_data import Source
from fps.model.open_data_imports import Change, ChangeLine, ImportCard, ImportState
from fps.tables import OpenDataChangeRow, OpenDataImportRow, SettingRow
from kernel.errors import NotFoundError
from people.model import Actor
from people.waiting import Waiting, count_waiting

_BATCH = 500


def import_card(session: Session, import_id: str) -> ImportCard:
    """Return an import; raises NotFoundError."""
    row = session.get(OpenDataImportRow, import_id, populate_existing=True)
    if row is None:
        raise NotFoundError
    return _card(row)


def imports(session: Session, *, offset: int = 0, limit: int = 25) -> tuple[list[ImportCard], int]:
    """Return the imports, the newest first, and how many there are."""
    total = session.scalar(select(func.count()).select_from(OpenDataImportRow)) or 0
    rows = select(OpenDataImportRow).order_by(OpenDataImportRow.created_at.desc(), OpenDataImportRow.id.desc())
    return [_card(row) for row in session.scalars(rows.offset(offset).limit(limit))], total


def newest(session: Session) -> dict[Source, ImportCard]:
    """Return the newest import of each kind of file that was taken over."""
    taken = OpenDataImportRow.state == ImportState.APPLIED.value
    last = select(func.max(OpenDataImportRow.id)).where(taken).group_by(OpenDataImportRow.source)
    rows = session.scalars(select(OpenDataImportRow).where(OpenDataImportRow.id.in_(last)))
    return {Source(row.source): _card(row) for row in rows}


def _card(row: OpenDataImportRow) -> ImportCard:
    return ImportCard(
        row.id,
        Source(row.source),
        ImportState(row.state),
        row.file_name,
        row.file_bytes,
        row.as_at,
        row.is_forced,
        row.created_at,
        row.ended_at,
        row.read_rows,
        row.read_bytes,
        row.counts,
        tuple(row.faults),
        row.fault_count,
        tuple(row.notes),
    )


def _wanted(import_id: str, what: Change | None, *, is_register: bool | None) -> list[ColumnElement[bool]]:
    row = OpenDataChangeRow
    wanted = [row.import_id == import_id]
    wanted += [row.what == what.value] if what is not None else []
    if is_register is not None:
        wanted.append(row.setting_id.is_not(None) if is_register else row.setting_id.is_(None))
    return wanted


def changes_of(
    session: Session,
    import_id: str,
    *,
    what: Change | None = None,
    is_register: bool | None = None,
    offset: int = 0,
    limit: int = 25,
) -> tuple[list[ChangeLine], int]:
    """Return a page of an import's report, settings on the register first, and how many lines there are in all."""
    row = OpenDataChangeRow
    wanted = _wanted(import_id, what, is_register=is_register)
    total = session.scalar(select(func.count()).select_from(row).where(*wanted)) or 0
    found = select(row).where(*wanted).order_by(row.setting_id.is_(None), row.number).offset(offset).limit(limit)
    return [_line(each) for each in session.scalars(found)], total


def all_changes(session: Session, import_id: str) -> Iterator[ChangeLine]:
    """Return every line of an import's report, settings on the register first."""
    row = OpenDataChangeRow
    found = select(row).where(row.import_id == import_id).order_by(row.setting_id.is_(None), row.number)
    for each in session.scalars(found.execution_options(yield_per=_BATCH)):
        yield _line(each)


def _undealt() -> tuple[ColumnElement[bool], ...]:
    row = OpenDataChangeRow
    taken = select(OpenDataImportRow.id).where(OpenDataImportRow.state == ImportState.APPLIED.value)
    return row.setting_id.is_not(None), row.dealt_at.is_(None), row.import_id.in_(taken)


def to_deal_with(session: Session, *, offset: int = 0, limit: int = 25) -> tuple[list[ChangeLine], int]:
    """Return the changes of settings on the register that nobody has dealt with, and how many there are.

    Closed ones come first, then what GIAS says otherwise, then judgements; the newest file first.
    """
    row = OpenDataChangeRow
    wanted = _undealt()
    total = session.scalar(select(func.count()).select_from(row).where(*wanted)) or 0
    gravest = case({Change.CLOSED.value: 0, Change.GONE.value: 0, Change.JUDGEMENT.value: 2}, value=row.what, else_=1)
    found = select(row).where(*wanted).order_by(gravest, row.import_id.desc(), row.number)
    return [_line(each) for each in session.scalars(found.offset(offset).limit(limit))], total


def _line(row: OpenDataChangeRow) -> ChangeLine:
    return ChangeLine(
        row.import_id,
        row.number,
        Change(row.what),
        row.urn,
        row.name,
        row.la_gss,
        tuple((what, before, after) for what, before, after in row.details),
        row.setting_id,
        row.recorded_at,
        row.dealt_at,
    )


def changes_waiting(session: Session, _actor: Actor, _now: datetime) -> Waiting:
    """Count the changes of settings on the register that nobody has dealt with."""
    return count_waiting(session, OpenDataChangeRow.recorded_at, *_undealt())


def setting_of(session: Session, urn: str) -> tuple[str, str] | None:
    """Return the id and name of the setting on the register that has this URN, if any."""
    found = session.execute(select(SettingRow.id, SettingRow.name).where(SettingRow.urn == urn)).first()
    return (found[0], found[1]) if found else None
