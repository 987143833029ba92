from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from sqlalchemy import or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from fps.actions.evidence.note_scan import note_document, note_piece
from fps.queries.applications import piece_content
from fps.queries.evidence import content_of
from fps.tables import ApplicationFileRow, DocumentFileRow
from fps.tables.evidence import Scanned
from kernel.scanning import Scan, Verdict
from kernel.work import Ground, Work

_BATCH = 100
_MOST_FAILED = 5
_FIRST_PAUSE = timedelta(minutes=2)
_LONGEST_PAUSE = timedelta(hours=1)
_MOST_SAID = 100


@dataclass(frozen=True)
class _Store:
    """Where files lie that wait for the scanner: how one is read, and what its verdict does to what it belongs to."""

    row: type[Scanned]
    key: InstrumentedAttribute[str]
    read: Callable[[Session, str], bytes]
    note: Callable[[Work, str, Scan], None]


_STORES = (
    _Store(
        DocumentFileRow,
        DocumentFileRow.document_id,
        lambda session, document_id: b"".join(content_of(session, document_id)),
        note_document,
    ),
    _Store(ApplicationFileRow, ApplicationFileRow.id, piece_content, note_piece),
)


def scan_waiting(ground: Ground, _slot: datetime) -> None:
    """Show the virus scanner what it has not seen yet, and let what is clean be read.

    A file that the scanner cannot judge waits longer each time, and the others go on; what has failed least comes
    first. A scanner that does not answer at all, or fails at one file after the other, leaves the rest for the next
    turn. The file is read and scanned outside any writing transaction.
    """
    failed = 0
    for store, file_id in chain.from_iterable(_waiting(ground, store) for store in _STORES):
        scan = _scan(ground, store, file_id)
        if scan.verdict is Verdict.UNKNOWN:
            failed += 1
            if failed > _MOST_FAILED or not ground.scanner.ping():
                return
        _note(ground, store, file_id, scan)


def _waiting(ground: Ground, store: _Store) -> list[tuple[_Store, str]]:
    due = or_(store.row.scan_again_at.is_(None), store.row.scan_again_at <= ground.clock.now())
    rows = select(store.key).where(store.row.scanned_at.is_(None), due).order_by(store.row.scans, store.key)
    with ground.read() as session:
        return [(store, file_id) for file_id in session.scalars(rows.limit(_BATCH))]


def _scan(ground: Ground, store: _Store, file_id: str) -> Scan:
    with ground.read() as session:
        content = store.read(session, file_id)
    return ground.scanner.scan(content)


def _note(ground: Ground, store: _Store, file_id: str, scan: Scan) -> None:
    with ground.work() as work:
        found = select(store.row).where(store.key == file_id, store.row.scanned_at.is_(None))
        row = work.session.scalars(found.with_for_update()).first()
        if row is None:
            return
        if scan.verdict is Verdict.UNKNOWN:
            row.scan_again_at = work.now + min(_FIRST_PAUSE * 2 ** min(row.scans, 10), _LONGEST_PAUSE)
            row.scans, row.scan_said = row.scans + 1, scan.said[:_MOST_SAID]
            return
        row.scanned_at = work.now
        work.session.flush()
        store.note(work, file_id, scan)
