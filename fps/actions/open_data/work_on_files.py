from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from sqlalchemy import exists, select

from fps.actions.open_data.hand_in import LEASE, let_go, pieces_of
from fps.actions.open_data.read_file import LostError, Reading, read_file
from fps.actions.open_data.take_over import conclude, fail
from fps.model.open_data import Source
from fps.model.open_data_imports import ImportState
from fps.tables import OpenDataImportRow, OpenDataPieceRow
from kernel.work import Ground, Work

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

ATTEMPTS = 5
_TO_DO = (ImportState.WAITING.value, ImportState.APPROVED.value)
_STOPPED = "The command that read the file was stopped. Run it again."
_GAVE_UP = "The worker stopped each time while it read the file. Hand it in again, or look at the worker's log."


@dataclass(frozen=True)
class _Claim:
    reading: Reading
    state: ImportState
    file_name: str


def work_on_files(ground: Ground, stop: Callable[[], bool]) -> int:
    """Read the files that wait and take over those that were approved; return how many were dealt with.

    Each is held under a lease: whoever is killed loses it, and the next one begins again.
    """
    done = 0
    while not stop() and (claim := _claim(ground)) is not None:
        if claim.state is ImportState.FAILED:
            continue
        done += 1
        if claim.state is ImportState.APPROVED:
            with ground.work() as work:
                conclude(work, claim.reading.import_id, takes_over=True)
            continue
        try:
            read_file(ground, claim.reading, lambda: _opened(ground, claim.reading.import_id), claim.file_name)
        except LostError:
            continue
    return done


def _opened(ground: Ground, import_id: str) -> io.BufferedReader:
    return io.BufferedReader(_Pieces(pieces_of(ground, import_id)), 1 << 20)


def _claim(ground: Ground) -> _Claim | None:
    with ground.work() as work:
        due = (
            select(OpenDataImportRow)
            .where(OpenDataImportRow.state.in_(_TO_DO), OpenDataImportRow.due_at <= work.now)
            .order_by(OpenDataImportRow.created_at)
            .limit(1)
        )
        row = work.session.scalars(due.with_for_update(skip_locked=True)).first()
        if row is None:
            return None
        row.attempts += 1
        row.due_at = work.now + LEASE
        work.session.flush()
        claim = _Claim(Reading(row.id, Source(row.source), row.attempts), ImportState(row.state), row.file_name)
        if fault := _hopeless(work, row):
            fail(work, row.id, [fault], 1)
            let_go(work, row.id, claim.reading.source)
            return replace(claim, state=ImportState.FAILED)
        return claim


def _hopeless(work: Work, row: OpenDataImportRow) -> str | None:
    """Return why nobody can read a file to its end: it was given up, or only a command that was stopped had it."""
    if row.attempts > ATTEMPTS:
        return _GAVE_UP
    is_kept = work.session.scalar(select(exists().where(OpenDataPieceRow.import_id == row.id)))
    return None if is_kept or row.state == ImportState.APPROVED.value else _STOPPED


class _Pieces(io.RawIOBase):
    """A kept file, to be read like any other."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._left = b""
        self._place = 0

    def readable(self) -> bool:
        """Say that it can be read."""
        return True

    def tell(self) -> int:
        """Return how many bytes were read."""
        return self._place

    def readinto(self, buffer: WriteableBuffer) -> int:
        """Fill the buffer as far as the next piece goes."""
        while not self._left:
            piece = next(self._pieces, None)
            if piece is None:
                return 0
            self._left = piece
        room = memoryview(buffer).cast("B")
        taken = self._left[: len(room)]
        self._left = self._left[len(taken) :]
        room[: len(taken)] = taken
        self._place += len(taken)
        return len(taken)
