from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import BinaryIO

from sqlalchemy import delete, func, select

from fps.actions.open_data.bulk import forget_rows
from fps.actions.open_data.compare import tables_of
from fps.model.open_data import Source
from fps.model.open_data_imports import ImportState
from fps.tables import OpenDataChangeRow, OpenDataImportRow, OpenDataPieceRow
from kernel import audit
from kernel.ids import new_id
from kernel.uploads import clean_name
from kernel.work import Ground, Work

BELL = "open_data"
LEASE = timedelta(minutes=2)
"""How long whoever reads a file may be silent before another worker takes it."""
PIECE = 1 << 20
_OPEN = (ImportState.WAITING.value, ImportState.READY.value)


@dataclass(frozen=True)
class NewFile:
    """A file to be read. `is_forced`: it is taken although it is older than the last one or lacks much of it."""

    source: Source
    file_name: str
    file_bytes: int
    is_forced: bool = False


def hand_in_file(work: Work, by: str | None, new: NewFile, *, is_read_here: bool) -> str:
    """Begin the import of a file and return its id; an earlier one of its kind that nobody has taken over is dropped.

    `by` is the person, None for the command line. What is not read here waits for the worker.
    """
    _drop_earlier(work, new.source)
    import_id = new_id()
    row = OpenDataImportRow(
        id=import_id,
        source=new.source.value,
        state=ImportState.WAITING.value,
        file_name=clean_name(new.file_name),
        file_bytes=new.file_bytes,
        as_at=None,
        is_forced=new.is_forced,
        person_id=by,
        created_at=work.now,
        ended_at=None,
        due_at=work.now + LEASE if is_read_here else work.now,
        attempts=1 if is_read_here else 0,
        read_rows=0,
        read_bytes=0,
        counts={},
        faults=[],
        fault_count=0,
        notes=[],
    )
    work.session.add(row)
    work.session.flush()
    details = {"source": new.source.value, "forced": new.is_forced}
    audit.record(
        work, actor=by or audit.SYSTEM, action="open_data.handed_in", subject=("open_data", import_id), details=details
    )
    return import_id


def keep_pieces(work: Work, import_id: str, file: BinaryIO) -> None:
    """Keep a file until the worker has read it: it may run on another machine."""
    for number, piece in enumerate(iter(lambda: file.read(PIECE), b"")):
        work.session.add(OpenDataPieceRow(import_id=import_id, number=number, content=zlib.compress(piece, 1)))
        work.session.flush()
        work.session.expunge_all()
    work.ring(BELL)


def pieces_of(ground: Ground, import_id: str) -> Iterator[bytes]:
    """Return a kept file piece by piece."""
    found = select(OpenDataPieceRow.content).where(OpenDataPieceRow.import_id == import_id)
    with ground.read() as session:
        last = session.scalar(select(func.max(OpenDataPieceRow.number)).where(OpenDataPieceRow.import_id == import_id))
    for number in range(last + 1 if last is not None else 0):
        with ground.read() as session:
            piece = session.scalar(found.where(OpenDataPieceRow.number == number))
        if piece is not None:
            yield zlib.decompress(piece)


def let_go(work: Work, import_id: str, source: Source) -> None:
    """Delete what was kept and read of a file."""
    work.session.execute(delete(OpenDataPieceRow).where(OpenDataPieceRow.import_id == import_id))
    forget_rows(work.session, tables_of(source)[1], import_id)


def _drop_earlier(work: Work, source: Source) -> None:
    earlier = select(OpenDataImportRow).where(OpenDataImportRow.source == source.value)
    for row in work.session.scalars(earlier.where(OpenDataImportRow.state.in_(_OPEN)).with_for_update()):
        row.state, row.ended_at = ImportState.DISCARDED.value, work.now
        let_go(work, row.id, source)
        work.session.execute(delete(OpenDataChangeRow).where(OpenDataChangeRow.import_id == row.id))
