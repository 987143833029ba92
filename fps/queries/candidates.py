"""All that eligibility asks of ten thousand settings, in one statement.

The documents of a setting come as one text: a row for each would be fifty thousand rows, and most of the time would
go into reading them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, String, Subquery, and_, func, literal, or_, select, type_coerce
from sqlalchemy.orm import Session

from fps.model import Candidate, DocumentKind, Status
from fps.queries.frameworks import framework_id_of
from fps.queries.settings import SETTING, setting_card
from fps.tables import CouncilPauseRow, DocumentRow, LotRow, SettingOnLotRow, SettingRow, StatusChangeRow

Held = dict[DocumentKind, date | None]
_STATUSES: Mapping[str, Status] = {status.value: status for status in Status}
_NEXT, _UNTIL = ",", "="


class _Parts(dict[str, tuple[DocumentKind, date | None]]):
    """What a part of the text says, read once however often it comes: registers renew many documents on one day."""

    def __missing__(self, part: str) -> tuple[DocumentKind, date | None]:
        kind, until = part.split(_UNTIL)
        found = DocumentKind(kind), date.fromisoformat(until) if until else None
        self[part] = found
        return found


def candidates(session: Session, lot_id: str, on: date, council_id: str | None = None) -> list[Candidate]:
    """Return every setting of the lot's framework with all that eligibility on that day needs, by name.

    One statement, however many settings there are. Standing and pauses are those of the day, past or not. Documents
    are those that count now, the setting's own and its provider's, each with its last day: what holds on a day to
    come can be judged by them, what was on record on a past day cannot. `paused_by_council` tells of `council_id`
    alone. Raises NotFoundError for an unknown lot.
    """
    rows = session.execute(_statement(session, lot_id, on, council_id))
    parts = _Parts()
    found = [
        Candidate(
            setting_card(values),
            _STATUSES[status] if status else None,
            _held(parts, own, providers),
            is_paused,
        )
        for *values, status, own, providers, is_paused in rows
    ]
    if not found:
        framework_id_of(session, lot_id)
    return found


def counts_on(change: type[StatusChangeRow], on: date) -> ColumnElement[bool]:
    """Return the condition that a step is the one that counts on a day."""
    return and_(change.effective_on <= on, or_(change.until.is_(None), change.until > on))


def _statement(session: Session, lot_id: str, on: date, council_id: str | None) -> Select[tuple[Any, ...]]:
    own, providers = _documents(session, "setting_id"), _documents(session, "provider_id")
    return (
        select(*SETTING, StatusChangeRow.to_status, own.c.held, providers.c.held, _is_paused(lot_id, on, council_id))
        .outerjoin_from(
            SettingRow,
            SettingOnLotRow,
            and_(SettingOnLotRow.setting_id == SettingRow.id, SettingOnLotRow.lot_id == lot_id),
        )
        .outerjoin(
            StatusChangeRow,
            and_(StatusChangeRow.setting_on_lot_id == SettingOnLotRow.id, counts_on(StatusChangeRow, on)),
        )
        .outerjoin(own, own.c.holder_id == SettingRow.id)
        .outerjoin(providers, providers.c.holder_id == SettingRow.provider_id)
        .where(SettingRow.id.in_(_on_framework_of(lot_id)))
        .order_by(SettingRow.name, SettingRow.id)
    )


def _on_framework_of(lot_id: str) -> Select[tuple[str]]:
    framework_id = select(LotRow.framework_id).where(LotRow.id == lot_id).scalar_subquery()
    on_lots = select(SettingOnLotRow.setting_id).join(LotRow, LotRow.id == SettingOnLotRow.lot_id)
    return on_lots.where(LotRow.framework_id == framework_id)


def _documents(session: Session, holder: str) -> Subquery:
    """Return by holder the documents that count: kind=day, kind=day ..., without a day where there is no end."""
    row = DocumentRow
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    day = type_coerce(row.valid_until, String) if is_sqlite else func.to_char(row.valid_until, "YYYY-MM-DD")
    told = type_coerce(row.kind, String) + _UNTIL + func.coalesce(day, "")
    is_holders = row.setting_id.is_not(None) if holder == "setting_id" else row.setting_id.is_(None)
    holder_id = getattr(row, holder)
    return (
        select(holder_id.label("holder_id"), func.aggregate_strings(told, _NEXT).label("held"))
        .where(row.is_current, is_holders)
        .group_by(holder_id)
        .subquery(f"of_{holder}")
    )


def _is_paused(lot_id: str, on: date, council_id: str | None) -> ColumnElement[bool]:
    if council_id is None:
        return literal(value=False)
    row = CouncilPauseRow
    return (
        select(row.id)
        .where(
            row.setting_id == SettingRow.id,
            row.council_id == council_id,
            or_(row.lot_id.is_(None), row.lot_id == lot_id),
            row.since <= on,
            or_(row.until.is_(None), row.until > on),
        )
        .exists()
    )


def _held(parts: _Parts, *texts: str | None) -> Held:
    """Read the documents of a setting and of its provider; of two of a kind that one counts which holds longer."""
    held: Held = {}
    for text in texts:
        for part in text.split(_NEXT) if text else ():
            _add(held, *parts[part])
    return held


def _add(held: Held, kind: DocumentKind, until: date | None) -> None:
    if kind in held:
        other = held[kind]
        until = None if other is None or until is None else max(other, until)
    held[kind] = until


def held_by(session: Session, setting_id: str) -> Held:
    """Return the documents that count for one setting, its own and its provider's, with the last day of each."""
    row = DocumentRow
    found = (
        select(row.kind, row.valid_until)
        .join(SettingRow, SettingRow.provider_id == row.provider_id)
        .where(SettingRow.id == setting_id, row.is_current, or_(row.setting_id == setting_id, row.setting_id.is_(None)))
    )
    held: Held = {}
    for name, until in session.execute(found):
        _add(held, DocumentKind(name), until)
    return held
