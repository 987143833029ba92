from __future__ import annotations

from sqlalchemy import Integer, cast, delete, exists, func, insert, select, update

from fps.actions.open_data.bulk import same_key, table_of, take_rows
from fps.actions.open_data.compare import Comparison, compare, own_rows, tables_of
from fps.actions.open_data.hand_in import let_go
from fps.events import JudgementChanged
from fps.model.open_data import Source
from fps.model.open_data_imports import ImportState
from fps.rules.open_data.headings import WORDS
from fps.tables import OpenDataImportRow, PlaceRow, SchoolRow
from kernel import audit
from kernel.calendar import london_date
from kernel.errors import NotFoundError
from kernel.events import publish
from kernel.work import Work

_ONE_AT_A_TIME = "fps.open_data"
_OPEN = (ImportState.WAITING.value, ImportState.APPROVED.value)


def conclude(work: Work, import_id: str, *, takes_over: bool) -> None:
    """End the reading of a file: report what it would change, or take it over, all of it or nothing.

    One file at a time: a second one waits for the first one's commit, so that no two can interleave. A file that is
    older than the last one, or lacks much of what that one had, fails unless it is forced.
    """
    _queue_up(work)
    row = work.session.get(OpenDataImportRow, import_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFoundError
    if row.state not in _OPEN:
        return  # another worker was faster
    source = Source(row.source)
    found = compare(work.session, row, work.now)
    found.faults += _older(work, row, source)
    if found.faults:
        fail(work, import_id, found.faults, len(found.faults))
        let_go(work, import_id, source)
        return
    row.counts, row.notes = dict(found.counts), found.notes
    row.state = ImportState.READY.value
    if takes_over:
        _take_over(work, row, source, found)


def fail(work: Work, import_id: str, faults: list[str], count: int) -> None:
    """End an import without having changed anything, with what is wrong."""
    ended = {"state": ImportState.FAILED.value, "faults": faults, "fault_count": count, "ended_at": work.now}
    work.session.execute(update(OpenDataImportRow).where(OpenDataImportRow.id == import_id).values(**ended))
    work.session.expire_all()


def _queue_up(work: Work) -> None:
    """Hold off whoever else would take a file over; on SQLite there is one writer at a time as it is."""
    if work.session.get_bind().dialect.name == "postgresql":
        work.session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(_ONE_AT_A_TIME, 0))))


def _older(work: Work, row: OpenDataImportRow, source: Source) -> list[str]:
    taken = OpenDataImportRow.state == ImportState.APPLIED.value
    newest = work.session.scalar(
        select(func.max(OpenDataImportRow.as_at)).where(OpenDataImportRow.source == source.value, taken)
    )
    if row.is_forced or row.as_at is None or newest is None or row.as_at >= newest:
        return []
    days = [f"{day.day} {day:%B %Y}" for day in (row.as_at, newest)]
    text = (
        f"The file is of {days[0]}, older than the last one of its kind ({WORDS[source]}), of {days[1]}. "
        "Download the newest, or hand it in again and choose to take it all the same."
    )
    return [text]


def _take_over(work: Work, row: OpenDataImportRow, source: Source, found: Comparison) -> None:
    session = work.session
    current, staged = tables_of(source)
    gone = own_rows(source) & ~exists().where(staged.c.import_id == row.id, same_key(current, staged))
    if source is Source.SCHOOLS:
        take_rows(session, current, staged, row.id, {"left_on": None})
        left = row.as_at or london_date(work.now)
        session.execute(update(current).where(gone, current.c.left_on.is_(None)).values(left_on=left))
        _reckon_places(work)
    else:
        take_rows(session, current, staged, row.id, {} if source is Source.LINKS else {"as_at": row.as_at})
        session.execute(delete(current).where(gone))
    for setting_id, urn, kind in found.judged:
        publish(work, JudgementChanged(setting_id, urn, kind))
    row.state, row.ended_at = ImportState.APPLIED.value, work.now
    let_go(work, row.id, source)
    audit.record(
        work,
        actor=row.person_id or audit.SYSTEM,
        action="open_data.taken_over",
        subject=("open_data", row.id),
        details={"source": source.value, **{name: count for name, count in found.counts.items() if count}},
    )


def _reckon_places(work: Work) -> None:
    """Place each postcode district at the middle of its schools."""
    school = table_of(SchoolRow).c
    middle = [cast(func.round(func.avg(column)), Integer) for column in (school.easting, school.northing)]
    placed = (
        select(school.district, *middle, func.count())
        .where(school.district != "", school.easting.is_not(None), school.northing.is_not(None))
        .where(school.left_on.is_(None))
        .group_by(school.district)
    )
    work.session.execute(delete(PlaceRow))
    work.session.execute(insert(PlaceRow).from_select(["district", "easting", "northing", "schools"], placed))
