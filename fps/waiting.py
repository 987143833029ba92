from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from fps.model import DocumentKind
from fps.tables import DocumentRow, FrameworkRow, LotRow, SettingOnLotRow, SettingRow
from kernel.calendar import london_date
from people.model import Actor
from people.permissions import Permission, organisations_with
from people.waiting import Waiting, count_waiting

SOON_D = 60
"""Calendar days ahead from which a document counts as running out: the first of DOMAIN.md's reminders."""


@dataclass(frozen=True)
class RunningOut:
    """A document of a setting that has run out or soon will; `valid_until` is its last day."""

    setting_name: str
    provider_id: str
    kind: DocumentKind
    valid_until: date


def documents(session: Session, actor: Actor, now: datetime) -> Waiting:
    """Count the documents that have run out, and those that soon will, of the settings on the actor's frameworks."""
    today = london_date(now)
    return count_waiting(
        session, DocumentRow.valid_until, *_running_out(actor, today), late=DocumentRow.valid_until < today
    )


def documents_running_out(
    session: Session, actor: Actor, now: datetime, *, offset: int = 0, limit: int = 25
) -> tuple[list[RunningOut], int]:
    """Return a page of what `documents` counts, the first to run out at the top, and how many there are in all."""
    wanted = (*_running_out(actor, london_date(now)), SettingRow.id == DocumentRow.setting_id)
    total = session.scalar(select(func.count()).select_from(DocumentRow).where(*wanted)) or 0
    rows = (
        select(SettingRow.name, SettingRow.provider_id, DocumentRow.kind, DocumentRow.valid_until)
        .where(*wanted)
        .order_by(DocumentRow.valid_until, SettingRow.name, DocumentRow.id)
    )
    found = session.execute(rows.offset(offset).limit(limit))
    return [
        RunningOut(name, provider_id, DocumentKind(kind), until) for name, provider_id, kind, until in found if until
    ], total


def _running_out(actor: Actor, today: date) -> tuple[ColumnElement[bool], ...]:
    led = (
        select(SettingOnLotRow.setting_id)
        .join(LotRow, LotRow.id == SettingOnLotRow.lot_id)
        .join(FrameworkRow, FrameworkRow.id == LotRow.framework_id)
        .where(FrameworkRow.lead_id.in_(organisations_with(actor, Permission.PROVIDERS_MANAGE)))
    )
    newer = aliased(DocumentRow)
    later = or_(
        newer.recorded_at > DocumentRow.recorded_at,
        and_(newer.recorded_at == DocumentRow.recorded_at, newer.id > DocumentRow.id),
    )
    is_replaced = exists().where(newer.setting_id == DocumentRow.setting_id, newer.kind == DocumentRow.kind, later)
    return (
        DocumentRow.valid_until <= today + timedelta(days=SOON_D),
        DocumentRow.setting_id.in_(led),
        ~is_replaced,
    )
