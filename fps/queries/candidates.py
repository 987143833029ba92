"""All that eligibility asks of ten thousand settings, in one statement.

The documents of a setting come as one text: a row for each would be fifty thousand rows, and most of the time would
go into reading them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, String, Subquery, and_, case, func, literal, or_, select, type_coerce
from sqlalchemy.orm import Session

from fps.model import Candidate, DocumentKind, SettingCard, Status
from fps.queries.frameworks import framework_id_of
from fps.queries.settings import INTAKES, KINDS, SETTING
from fps.tables import CouncilPauseRow, DocumentRow, LotRow, SettingOnLotRow, SettingRow, StatusChangeRow

Held = dict[DocumentKind, date | None]
_STATUSES: Mapping[str | None, Status | None] = {None: None, **{status.value: status for status in Status}}
# columns of the tables, not of the mapped classes: rows then come as they are
_SETTING, _LOT, _ON_LOT = SettingRow.__table__.c, LotRow.__table__.c, SettingOnLotRow.__table__.c
_STEP, _DOCUMENT, _PAUSE = StatusChangeRow.__table__.c, DocumentRow.__table__.c, CouncilPauseRow.__table__.c
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
    found = [_candidate(parts, *row) for row in rows]
    if not found:
        framework_id_of(session, lot_id)
    return found


def _candidate(  # noqa: PLR0913, PLR0917 - the columns of the statement, in its order
    parts: _Parts,
    setting_id: str,
    name: str,
    provider_id: str,
    urn: str | None,
    kind: str,
    age_from: int,
    age_to: int,
    intake: str,
    district: str,
    contact_id: str,
    status: str | None,
    own: str | None,
    providers: str | None,
    is_paused: bool,  # noqa: FBT001 - the same
) -> Candidate:
    return Candidate(
        SettingCard(
            setting_id, name, provider_id, urn, KINDS[kind], age_from, age_to, INTAKES[intake], district, contact_id
        ),
        _STATUSES[status],
        _held(parts, own, providers),
        bool(is_paused),
    )


def counts_on(on: date) -> ColumnElement[bool]:
    """Return the condition that a step is the one that counts on a day."""
    return and_(_STEP.effective_on <= on, or_(_STEP.until.is_(None), _STEP.until > on))


def _statement(session: Session, lot_id: str, on: date, council_id: str | None) -> Select[tuple[Any, ...]]:
    own, providers = _documents(session, _DOCUMENT.setting_id), _documents(session, _DOCUMENT.provider_id)
    on_lots = _on_lots(lot_id)
    return (
        select(*SETTING, _STEP.to_status, own.c.held, providers.c.held, _is_paused(lot_id, on, council_id))
        .join_from(SettingRow.__table__, on_lots, on_lots.c.setting_id == _SETTING.id)
        .outerjoin(StatusChangeRow.__table__, and_(_STEP.setting_on_lot_id == on_lots.c.this_id, counts_on(on)))
        .outerjoin(own, own.c.holder_id == _SETTING.id)
        .outerjoin(providers, providers.c.holder_id == _SETTING.provider_id)
        .order_by(_SETTING.name, _SETTING.id)
    )


def _on_lots(lot_id: str) -> Subquery:
    """Return the settings on any lot of the framework, with the id of their place on this lot where they have one."""
    framework_id = select(_LOT.framework_id).where(_LOT.id == lot_id).scalar_subquery()
    lots = select(_LOT.id).where(_LOT.framework_id == framework_id)
    this_id = func.max(case((_ON_LOT.lot_id == lot_id, _ON_LOT.id)))
    found = select(_ON_LOT.setting_id, this_id.label("this_id")).where(_ON_LOT.lot_id.in_(lots))
    return found.group_by(_ON_LOT.setting_id).subquery("on_lots")


def _documents(session: Session, holder_id: ColumnElement[Any]) -> Subquery:
    """Return by holder the documents that count: kind=day, kind=day ..., without a day where there is no end."""
    is_sqlite = session.get_bind().dialect.name == "sqlite"
    day = _DOCUMENT.valid_until
    written = type_coerce(day, String) if is_sqlite else func.to_char(day, "YYYY-MM-DD")
    told = _DOCUMENT.kind + _UNTIL + func.coalesce(written, "")
    is_own = _DOCUMENT.setting_id.is_not(None)
    return (
        select(holder_id.label("holder_id"), func.aggregate_strings(told, _NEXT).label("held"))
        .where(_DOCUMENT.is_current, is_own if holder_id is _DOCUMENT.setting_id else ~is_own)
        .group_by(holder_id)
        .subquery(f"of_{holder_id.key}")
    )


def _is_paused(lot_id: str, on: date, council_id: str | None) -> ColumnElement[bool]:
    if council_id is None:
        return literal(value=False)
    paused = select(_PAUSE.setting_id).where(
        _PAUSE.council_id == council_id,
        or_(_PAUSE.lot_id.is_(None), _PAUSE.lot_id == lot_id),
        _PAUSE.since <= on,
        or_(_PAUSE.until.is_(None), _PAUSE.until > on),
    )
    return _SETTING.id.in_(paused)


def _held(parts: _Parts, *texts: str | None) -> Held:
    """Read the documents of a setting and of its provider; of two of a kind that one counts which holds longer."""
    held: Held = {}
    for text in texts:
        if text:
            for part in text.split(_NEXT):
                kind, until = parts[part]
                held[kind] = _longer(held[kind], until) if kind in held else until
    return held


def _longer(first: date | None, second: date | None) -> date | None:
    return None if first is None or second is None else max(first, second)


def held_by(session: Session, setting_id: str) -> Held:
    """Return the documents that count for one setting, its own and its provider's, with the last day of each."""
    found = (
        select(_DOCUMENT.kind, _DOCUMENT.valid_until)
        .join(SettingRow.__table__, _SETTING.provider_id == _DOCUMENT.provider_id)
        .where(
            _SETTING.id == setting_id,
            _DOCUMENT.is_current,
            or_(_DOCUMENT.setting_id == setting_id, _DOCUMENT.setting_id.is_(None)),
        )
    )
    held: Held = {}
    for name, until in session.execute(found):
        kind = DocumentKind(name)
        held[kind] = _longer(held[kind], until) if kind in held else until
    return held
