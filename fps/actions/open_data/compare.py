"""Hold a file that was read against what the register of schools has, and note every difference."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Row, Table, and_, delete, exists, func, insert, select
from sqlalchemy.orm import Session

from fps.actions.open_data.bulk import differs, same_key, table_of
from fps.model.open_data import CLOSED, JudgementKind, Source
from fps.model.open_data_imports import Change
from fps.rules.open_data.changes import (
    Details,
    codes_at_odds,
    is_cut_off,
    judgement_details,
    link_change,
    odds_with_ours,
    school_change,
    school_details,
)
from fps.tables import (
    JudgementRow,
    OpenDataChangeRow,
    OpenDataImportRow,
    SchoolLinkRow,
    SchoolRow,
    SettingRow,
    StagedJudgementRow,
    StagedLinkRow,
    StagedSchoolRow,
)
from people.councils import COUNCILS

_BATCH = 1_000
_WHOLE = {Source.SCHOOLS: ("schools", "all establishments"), Source.LINKS: ("links", "all links")}
_NOTHING: Mapping[str, object] = {"inspection": "", "inspected_on": None, "grades": ""}


@dataclass
class Comparison:
    """What a file would change: how many of each kind, what to look at, and what speaks against taking it."""

    counts: Counter[str] = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    judged: list[tuple[str, str, str]] = field(default_factory=list)
    """(setting, URN, kind) of judgements of settings on the register that changed or are gone."""


@dataclass(frozen=True)
class _Line:
    what: Change
    urn: str
    name: str
    la_gss: str
    details: Details
    kind: str = ""


def tables_of(source: Source) -> tuple[Table, Table]:
    """Return the current table and the staged one of what a file holds."""
    if source is Source.SCHOOLS:
        return table_of(SchoolRow), table_of(StagedSchoolRow)
    if source is Source.LINKS:
        return table_of(SchoolLinkRow), table_of(StagedLinkRow)
    return table_of(JudgementRow), table_of(StagedJudgementRow)


def own_rows(source: Source) -> ColumnElement[bool]:
    """Return which of the current rows a file speaks for."""
    current = tables_of(source)[0]
    if current is table_of(JudgementRow):
        return current.c.source == source.value
    return current.c.urn.is_not(None)


def compare(session: Session, row: OpenDataImportRow, now: datetime) -> Comparison:
    """Write the lines of an import's report anew and return what it comes to.

    Of the first file of its kind only counts are told: there is nothing yet that it could change. The first extract of
    schools is held against our own register instead.
    """
    source = Source(row.source)
    staged = tables_of(source)[1]
    found = Comparison()
    mine = staged.c.import_id == row.id
    total = session.scalar(select(func.count()).select_from(staged).where(mine)) or 0
    session.execute(delete(OpenDataChangeRow).where(OpenDataChangeRow.import_id == row.id))
    if source is Source.SCHOOLS:
        found.notes += _codes(session, staged, mine)
    if not session.scalar(select(exists().where(own_rows(source)))):
        if source is Source.SCHOOLS:
            _write(session, row.id, now, _at_odds(session, staged, row.id), found)
        found.counts = Counter({Change.NEW: total})
        return found
    lines = {Source.SCHOOLS: _schools, Source.LINKS: _links}.get(source, _judgements)
    _write(session, row.id, now, lines(session, source, row.id), found)
    touched = sum(found.counts[each] for each in Change if each is not Change.GONE)
    found.counts["unchanged"] = total - touched
    if not row.is_forced:
        found.faults += _part_of(session, source, found.counts[Change.GONE])
    return found


def _part_of(session: Session, source: Source, gone: int) -> list[str]:
    """Say that a file must be only a part where it lacks much of what the last one had: what it lacks is taken off."""
    listed = session.scalar(select(func.count()).where(_listed(source))) or 0
    if not is_cut_off(listed, gone):
        return []
    what, whole = _WHOLE.get(source, ("inspections", "the whole file"))
    text = (
        f"The file lacks {gone:,} of the {listed:,} {what} of the last one. It may be cut off or only a part: "
        f"download {whole}, or hand it in again and choose to take it all the same."
    )
    return [text]


def _listed(source: Source) -> ColumnElement[bool]:
    """Return which of the current rows the last file had."""
    if source is Source.SCHOOLS:
        return table_of(SchoolRow).c.left_on.is_(None)
    return own_rows(source)


def _codes(session: Session, staged: Table, mine: ColumnElement[bool]) -> list[str]:
    ours = {council.gss: (council.dfe, council.name) for council in COUNCILS}
    told = select(staged.c.la_gss, staged.c.la_code, func.min(staged.c.la_name)).where(mine, staged.c.la_gss.in_(ours))
    rows = session.execute(told.group_by(staged.c.la_gss, staged.c.la_code))
    return codes_at_odds([(gss, code, name) for gss, code, name in rows], ours)


def _write(session: Session, import_id: str, now: datetime, lines: Iterable[_Line], found: Comparison) -> None:
    settings: dict[str, str] = {
        urn: setting_id
        for urn, setting_id in session.execute(select(SettingRow.urn, SettingRow.id).where(SettingRow.urn.is_not(None)))
        if urn is not None
    }
    batch: list[dict[str, Any]] = []
    for number, line in enumerate(lines, start=1):
        found.counts[line.what] += 1
        setting_id = settings.get(line.urn)
        if setting_id is not None and line.kind:
            found.judged.append((setting_id, line.urn, line.kind))
        batch.append(
            {
                "import_id": import_id,
                "number": number,
                "what": line.what.value,
                "urn": line.urn,
                "name": line.name,
                "la_gss": line.la_gss,
                "details": [list(each) for each in line.details],
                "setting_id": setting_id,
                "recorded_at": now,
            }
        )
        if len(batch) == _BATCH:
            session.execute(insert(OpenDataChangeRow), batch)
            batch = []
    if batch:
        session.execute(insert(OpenDataChangeRow), batch)


def _both(session: Session, source: Source, import_id: str) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Return each staged row that is new or differs, beside the current one; a new one has none."""
    current, staged = tables_of(source)
    names = [column.name for column in staged.c if column.name != "import_id"]
    also = [column.name for column in current.c if column.name not in names]
    old = [current.c[name].label(f"old_{name}") for name in (*names, *also)]
    compared = [name for name in names if name != "changed_on"]
    school = table_of(SchoolRow).alias()
    joined = staged.outerjoin(current, same_key(current, staged)).outerjoin(school, school.c.urn == staged.c.urn)
    is_new = current.c.urn.is_(None)
    is_other = is_new | differs(current, staged, compared)
    if "left_on" in also:
        is_other |= current.c.left_on.is_not(None)
    found = select(*(staged.c[name] for name in names), *old, *_whose(school)).select_from(joined)
    for row in _streamed(session, found.where(staged.c.import_id == import_id, is_other).order_by(staged.c.urn)):
        told = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for it
        yield (
            {name: told[f"old_{name}"] for name in (*names, *also)} if told["old_urn"] is not None else {},
            {name: told[name] for name in (*names, "school", "gss")},
        )


def _whose(school: FromClause) -> tuple[ColumnElement[str], ColumnElement[str]]:
    return func.coalesce(school.c.name, "").label("school"), func.coalesce(school.c.la_gss, "").label("gss")


def _streamed(session: Session, found: Any) -> Iterator[Row[Any]]:  # noqa: ANN401 - any select
    yield from session.execute(found.execution_options(yield_per=_BATCH))


def _gone(session: Session, source: Source, import_id: str) -> Iterator[dict[str, Any]]:
    """Return the current rows that a file has no more."""
    current, staged = tables_of(source)
    here = exists().where(and_(staged.c.import_id == import_id, same_key(current, staged)))
    school = table_of(SchoolRow).alias()
    joined = current.outerjoin(school, school.c.urn == current.c.urn)
    found = select(current, *_whose(school)).select_from(joined).where(_listed(source), ~here).order_by(current.c.urn)
    for row in _streamed(session, found):
        yield dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it


def _at_odds(session: Session, staged: Table, import_id: str) -> Iterator[_Line]:
    """Return the settings on our register that the first extract closes, does not know, or knows otherwise."""
    setting = table_of(SettingRow).c
    ours = [setting.name, setting.intake.label("gender"), setting.age_from, setting.age_to]
    told = [staged.c[name].label(f"told_{name}") for name in ("urn", *(column.name for column in ours), "la_gss")]
    joined = table_of(SettingRow).outerjoin(staged, (staged.c.urn == setting.urn) & (staged.c.import_id == import_id))
    found = select(setting.urn, *ours, *told, staged.c.status_code).select_from(joined)
    for row in _streamed(session, found.where(setting.urn.is_not(None)).order_by(setting.urn)):
        mine = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
        if mine["told_urn"] is None:
            yield _Line(Change.GONE, mine["urn"], mine["name"], "", ())
            continue
        school = {name: mine[f"told_{name}"] for name in ("name", "gender", "age_from", "age_to")}
        details = odds_with_ours(mine, school)
        if mine["status_code"] == CLOSED or details:
            what = Change.CLOSED if mine["status_code"] == CLOSED else Change.CHANGED
            yield _Line(what, mine["urn"], mine["name"], mine["told_la_gss"], details)


def _schools(session: Session, source: Source, import_id: str) -> Iterator[_Line]:
    for before, after in _both(session, source, import_id):
        what = school_change(before, after) if before else Change.NEW
        details = school_details(before, after) if before else ()
        yield _Line(what, after["urn"], after["name"], after["la_gss"], details)
    for row in _gone(session, source, import_id):
        yield _Line(Change.GONE, row["urn"], row["name"], row["la_gss"], ())


def _links(session: Session, source: Source, import_id: str) -> Iterator[_Line]:
    for before, after in _both(session, source, import_id):
        was = before["link_name"] if before else ""
        details = ((after["link_type"], was, f"{after['link_name']} ({after['link_urn']})"),)
        yield _Line(link_change(after["link_type"]), after["urn"], after["school"], after["gss"], details)
    for row in _gone(session, source, import_id):
        yield _Line(Change.GONE, row["urn"], row["school"], row["gss"], ((row["link_type"], row["link_name"], ""),))


def _judgements(session: Session, source: Source, import_id: str) -> Iterator[_Line]:
    for before, after in _both(session, source, import_id):
        kind = JudgementKind(after["kind"])
        details = judgement_details(kind, before or _NOTHING, after)
        yield _Line(Change.JUDGEMENT, after["urn"], after["school"], after["gss"], details, kind.value)
    for row in _gone(session, source, import_id):
        details = judgement_details(JudgementKind(row["kind"]), row, _NOTHING)
        yield _Line(Change.GONE, row["urn"], row["school"], row["gss"], details, row["kind"])
