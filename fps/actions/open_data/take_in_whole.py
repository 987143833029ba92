from __future__ import annotations

from sqlalchemy import update

from fps.actions.open_data.bulk import insert_rows
from fps.actions.open_data.compare import tables_of
from fps.actions.open_data.hand_in import NewFile, hand_in_file
from fps.actions.open_data.take_over import conclude
from fps.rules.open_data.reading import OpenFile, staged_names
from fps.rules.open_data.text import Open
from fps.tables import OpenDataImportRow
from kernel.calendar import london_date
from kernel.errors import InvalidInputError
from kernel.work import Work


def take_in_whole(work: Work, opens: Open, file_name: str) -> str:
    """Take a small file in within the transaction at hand; return the import's id.

    Raises UnreadableError, or InvalidInputError("file") with the first fault.
    """
    opened = OpenFile(opens, file_name, london_date(work.now))
    import_id = hand_in_file(work, None, NewFile(opened.source, file_name, opened.size), is_read_here=True)
    names = ("import_id", *staged_names(opened.source))
    for portion in opened.portions():
        if portion.rows:
            insert_rows(work.session, tables_of(opened.source)[1], names, [(import_id, *row) for row in portion.rows])
    if opened.faults.count:
        raise InvalidInputError("file", "{fault}", fault=opened.faults.lines()[0])
    as_at = update(OpenDataImportRow).where(OpenDataImportRow.id == import_id).values(as_at=opened.as_at)
    work.session.execute(as_at)
    conclude(work, import_id, takes_over=True)
    return import_id
