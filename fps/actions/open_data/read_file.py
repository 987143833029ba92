from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import update

from fps.actions.open_data.bulk import insert_rows
from fps.actions.open_data.compare import tables_of
from fps.actions.open_data.hand_in import LEASE, let_go
from fps.actions.open_data.take_over import conclude, fail
from fps.model.open_data import Source
from fps.model.open_data_imports import ImportState
from fps.rules.open_data.faults import UnreadableError
from fps.rules.open_data.gias import Value
from fps.rules.open_data.reading import OpenFile, Portion, staged_names
from fps.rules.open_data.text import Open
from fps.tables import OpenDataImportRow
from kernel.calendar import london_date
from kernel.work import Ground, Work

_KEPT_AT_ONCE = 2_000


class LostError(Exception):
    """Another worker has taken the file, or somebody has dropped it."""


@dataclass(frozen=True)
class Reading:
    """A file that is read: for which import and at which attempt; `takes_over` at once if nothing is wrong."""

    import_id: str
    source: Source
    attempt: int
    takes_over: bool = False


def read_file(
    ground: Ground,
    reading: Reading,
    opens: Open,
    file_name: str,
    tell: Callable[[Portion], None] = lambda _portion: None,
) -> None:
    """Read a file to its end: keep its rows aside in portions, then say what they would change, or what is wrong.

    Nothing that anybody sees of schools changes before the rows are taken over, in one transaction. Whoever is killed
    in the middle leaves rows aside that the next attempt begins by deleting. Raises LostError.
    """
    with ground.work() as work:
        _hold(work, reading, {"read_rows": 0, "read_bytes": 0})
        let_go_staged(work, reading)
    try:
        opened = OpenFile(opens, file_name, london_date(ground.clock.now()))
        _keep(ground, reading, opened, tell)
    except UnreadableError as error:
        _end(ground, reading, [str(error.fault)], 1)
        return
    if opened.source is not reading.source:
        _end(ground, reading, ["The file is another than it was when it was handed in. Hand it in again."], 1)
    elif opened.faults.count:
        _end(ground, reading, opened.faults.lines(), opened.faults.count)
    else:
        with ground.work() as work:
            _hold(work, reading, {"as_at": opened.as_at})
            conclude(work, reading.import_id, takes_over=reading.takes_over)


def _keep(ground: Ground, reading: Reading, opened: OpenFile, tell: Callable[[Portion], None]) -> None:
    kept: list[tuple[Value, ...]] = []
    portion = Portion([], 0, 0)
    for portion in opened.portions():
        kept += portion.rows
        if len(kept) >= _KEPT_AT_ONCE:
            _keep_rows(ground, reading, kept, portion)
            kept = []
            tell(portion)
    _keep_rows(ground, reading, kept, portion)
    tell(portion)


def _keep_rows(ground: Ground, reading: Reading, rows: list[tuple[Value, ...]], portion: Portion) -> None:
    names = ("import_id", *staged_names(reading.source))
    mine = [(reading.import_id, *row) for row in rows]
    with ground.work() as work:
        _hold(work, reading, {"read_rows": portion.read_rows, "read_bytes": portion.read_bytes})
        if mine:
            insert_rows(work.session, tables_of(reading.source)[1], names, mine)


def let_go_staged(work: Work, reading: Reading) -> None:
    """Delete what an attempt before has kept aside."""
    staged = tables_of(reading.source)[1]
    work.session.execute(staged.delete().where(staged.c.import_id == reading.import_id))


def _hold(work: Work, reading: Reading, values: dict[str, object]) -> None:
    """Note how far it is and go on holding the file; raises LostError where it is another's by now."""
    held = update(OpenDataImportRow).where(
        OpenDataImportRow.id == reading.import_id,
        OpenDataImportRow.attempts == reading.attempt,
        OpenDataImportRow.state == ImportState.WAITING.value,
    )
    done = work.session.execute(held.values(due_at=work.now + LEASE, **values).returning(OpenDataImportRow.id)).all()
    if not done:
        raise LostError


def _end(ground: Ground, reading: Reading, faults: list[str], count: int) -> None:
    with ground.work() as work:
        _hold(work, reading, {})
        fail(work, reading.import_id, faults, count)
        let_go(work, reading.import_id, reading.source)
