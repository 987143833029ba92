"""All that eligibility asks of ten thousand settings, in a few plain statements whose rows are put together here.

Each is answered by one table and at most one index. One statement that joins them all, or that hands out a row for
each of fifty thousand documents, takes longer than all of these together.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, or_, select
from sqlalchemy.orm import Session

from fps.model import Candidate, DocumentKind, Status
from fps.queries.frameworks import framework_id_of
from fps.queries.settings import SETTING, setting_card
from fps.tables import CouncilPauseRow, DocumentRow, LotRow, SettingOnLotRow, SettingRow, StatusChangeRow

Held = Mapping[DocumentKind, date | None]
_STATUSES: Mapping[str | None, Status | None] = {None: None, **{status.value: status for status in Status}}
# columns of the tables, not of the mapped classes: rows then come as they are
_SETTING, _LOT, _ON_LOT = SettingRow.__table__.c, LotRow.__table__.c, SettingOnLotRow.__table__.c
_STEP, _DOCUMENT, _PAUSE = StatusChangeRow.__table__.c, DocumentRow.__table__.c, CouncilPauseRow.__table__.c
_NEXT, _UNTIL = ",", "="
_AT_ONCE = 500
"""How many rows are held at a time: ten thousand that stay would have the garbage collector look at all there is."""


class _Documents(dict[tuple[str | None, str | None], Held]):
    """What the texts of a setting and of its provider say, read once however often the same two come.

    Of two documents of a kind that one counts which holds longer.
    """

    def __missing__(self, texts: tuple[str | None, str | None]) -> Held:
        held: dict[DocumentKind, date | None] = {}
        for part in _NEXT.join(filter(None, texts)).split(_NEXT):
            kind, _, until = part.partition(_UNTIL)
            if kind:
                last = date.fromisoformat(until) if until else None
                which = DocumentKind(kind)
                held[which] = _longer(held[which], last) if which in held else last
        self[texts] = held
        return held


def candidates(session: Session, lot_id: str, on: date, council_id: str | None = None) -> list[Candidate]:
    """Return every setting of the lot's framework with all that eligibility on that day needs, by name.

    As many statements, however many settings there are. Standing and pauses are those of the day, past or not.
    Documents are those that count now, the setting's own and its provider's, each with its last day: what holds on a
    day to come can be judged by them, what was on record on a past day cannot. `paused_by_council` tells of
    `council_id` alone. Raises NotFoundError for an unknown lot.
    """
    standing = _told(session, _standing(lot_id, on))
    paused = _paused(session, lot_id, on, council_id)
    own = _told(session, _documents(_DOCUMENT.setting_id))
    providers = _told(session, _documents(_DOCUMENT.provider_id))
    held = _Documents()
    found = [
        Candidate(
            setting_card(row),
            _STATUSES[standing.get(row[0])],
            held[own.get(row[0]), providers.get(row[2])],
            row[0] in paused,
        )
        for rows in session.execute(_settings(lot_id)).partitions(_AT_ONCE)
        for row in rows
    ]
    if not found:
        framework_id_of(session, lot_id)
    return found


def counts_on(on: date) -> ColumnElement[bool]:
    """Return the condition that a step is the one that counts on a day."""
    return and_(_STEP.effective_on <= on, or_(_STEP.until.is_(None), _STEP.until > on))


def _settings(lot_id: str) -> Select[tuple[Any, ...]]:
    framework_id = select(_LOT.framework_id).where(_LOT.id == lot_id).scalar_subquery()
    on_a_lot = select(_ON_LOT.id).join(LotRow.__table__, _LOT.id == _ON_LOT.lot_id)
    is_there = on_a_lot.where(_ON_LOT.setting_id == _SETTING.id, _LOT.framework_id == framework_id).exists()
    return select(*SETTING).where(is_there).order_by(_SETTING.name, _SETTING.id)


def _standing(lot_id: str, on: date) -> Select[tuple[Any, ...]]:
    """Return by setting where it stands on the lot on the day."""
    return select(_STEP.setting_id, _STEP.to_status).where(_STEP.lot_id == lot_id, counts_on(on))


def _documents(holder_id: ColumnElement[Any]) -> Select[tuple[Any, ...]]:
    """Return by holder the documents that count: kind=day, kind=day ..., without a day where there is no end."""
    # the cast is PostgreSQL's own ISO style and twice as fast as to_char; another DateStyle would fail aloud
    told = _DOCUMENT.kind + _UNTIL + func.coalesce(cast(_DOCUMENT.valid_until, String), "")
    is_own = _DOCUMENT.setting_id.is_not(None)
    return (
        select(holder_id, func.aggregate_strings(told, _NEXT))
        .where(_DOCUMENT.is_current, is_own if holder_id is _DOCUMENT.setting_id else ~is_own)
        .group_by(holder_id)
    )


def _told(session: Session, pairs: Select[tuple[Any, ...]]) -> dict[str, str]:
    """Return the rows of two texts each as a mapping of the first to the second."""
    told: dict[str, str] = {}
    for rows in session.execute(pairs).partitions(_AT_ONCE):
        told.update(rows)
    return told


def _paused(session: Session, lot_id: str, on: date, council_id: str | None) -> frozenset[str]:
    if council_id is None:
        return frozenset()
    paused = select(_PAUSE.setting_id).where(
        _PAUSE.council_id == council_id,
        or_(_PAUSE.lot_id.is_(None), _PAUSE.lot_id == lot_id),
        _PAUSE.since <= on,
        or_(_PAUSE.until.is_(None), _PAUSE.until > on),
    )
    return frozenset(session.scalars(paused))


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
    held: dict[DocumentKind, date | None] = {}
    for name, until in session.execute(found):
        kind = DocumentKind(name)
        held[kind] = _longer(held[kind], until) if kind in held else until
    return held
