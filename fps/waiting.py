from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session

from fps.model import DocumentKind, Status
from fps.queries.evidence import has_newer_waiting, to_judge
from fps.queries.rechecks import is_owed
from fps.rules.frameworks import WARN_D
from fps.tables import (
    DocumentRow,
    FrameworkRow,
    LotRow,
    RecheckItemRow,
    RecheckRow,
    SettingOnLotRow,
    SettingRow,
    StatusChangeRow,
)
from kernel.calendar import london_date
from people.model import Actor
from people.permissions import Permission, organisations_with
from people.waiting import Waiting, count_waiting

SOON_D = 60
"""Calendar days ahead from which a document counts as running out: the first of DOMAIN.md's reminders."""


@dataclass(frozen=True)
class RunningOut:
    """A document that has run out or soon will; `valid_until` is its last day.

    `setting_name` is None where it counts for all of a provider's settings. `is_offered`: a new one waits already.
    """

    document_id: str
    setting_name: str | None
    provider_id: str
    kind: DocumentKind
    valid_until: date
    is_offered: bool


def documents(session: Session, actor: Actor, now: datetime) -> Waiting:
    """Count the documents that have run out, and those that soon will, of the settings on the actor's frameworks."""
    today = london_date(now)
    wanted = _running_out(today), _is_led(actor)
    return count_waiting(session, DocumentRow.valid_until, *wanted, late=DocumentRow.valid_until < today)


def frameworks_ending(session: Session, actor: Actor, now: datetime) -> Waiting:
    """Count the frameworks that the actor leads and whose end is near: take an extension, or prepare what follows."""
    today = london_date(now)
    row = FrameworkRow
    led = row.lead_id.in_(organisations_with(actor, Permission.REGISTER_MANAGE))
    return count_waiting(session, row.ends_on, led, row.ends_on >= today, row.ends_on <= today + timedelta(days=WARN_D))


def documents_to_check(session: Session, actor: Actor, _now: datetime) -> Waiting:
    """Count the documents that the actor is to accept or refuse."""
    return count_waiting(session, DocumentRow.recorded_at, *to_judge(actor))


def own_documents(session: Session, actor: Actor, now: datetime) -> Waiting:
    """Count the documents of the actor's provider that have run out or soon will, and no new one is offered."""
    today = london_date(now)
    wanted = _running_out(today), _is_own(actor), ~has_newer_waiting()
    return count_waiting(session, DocumentRow.valid_until, *wanted, late=DocumentRow.valid_until < today)


def documents_to_confirm(session: Session, actor: Actor, now: datetime) -> Waiting:
    """Count what the yearly re-checks still ask of the actor's provider."""
    late = RecheckRow.due_on < london_date(now)
    joined = RecheckRow.id == RecheckItemRow.recheck_id
    return count_waiting(session, RecheckRow.due_on, joined, *is_owed(actor), late=late)


def documents_running_out(
    session: Session,
    actor: Actor,
    now: datetime,
    *,
    kind: DocumentKind | None = None,
    offset: int = 0,
    limit: int = 25,
) -> tuple[list[RunningOut], int]:
    """Return a page of what `documents` counts, the first to run out at the top, and how many there are in all."""
    wanted = _running_out(london_date(now)), _is_led(actor), DocumentRow.kind == kind if kind else true()
    return _page(session, *wanted, offset=offset, limit=limit)


def own_documents_running_out(session: Session, actor: Actor, now: datetime) -> list[RunningOut]:
    """Return the documents of the actor's provider that have run out or soon will, offered anew or not."""
    return _page(session, _running_out(london_date(now)), _is_own(actor), offset=0, limit=200)[0]


def _page(session: Session, *wanted: ColumnElement[bool], offset: int, limit: int) -> tuple[list[RunningOut], int]:
    total = session.scalar(select(func.count()).select_from(DocumentRow).where(*wanted)) or 0
    rows = (
        select(
            DocumentRow.id,
            SettingRow.name,
            DocumentRow.provider_id,
            DocumentRow.kind,
            DocumentRow.valid_until,
            has_newer_waiting(),
        )
        .outerjoin(SettingRow, SettingRow.id == DocumentRow.setting_id)
        .where(*wanted)
        .order_by(DocumentRow.valid_until, SettingRow.name, DocumentRow.id)
    )
    return [
        RunningOut(document_id, name, provider_id, DocumentKind(kind), until, is_offered)
        for document_id, name, provider_id, kind, until, is_offered in session.execute(rows.offset(offset).limit(limit))
        if until
    ], total


def _running_out(today: date) -> ColumnElement[bool]:
    return DocumentRow.is_current & (DocumentRow.valid_until <= today + timedelta(days=SOON_D))


def _is_own(actor: Actor) -> ColumnElement[bool]:
    return DocumentRow.provider_id.in_(organisations_with(actor, Permission.SETTINGS_OWN))


def _is_led(actor: Actor) -> ColumnElement[bool]:
    """Say that a document is of a setting that stands on the actor's frameworks, or of the provider of one."""
    led = (
        select(SettingRow.id, SettingRow.provider_id)
        .join(SettingOnLotRow, SettingOnLotRow.setting_id == SettingRow.id)
        .join(LotRow, LotRow.id == SettingOnLotRow.lot_id)
        .join(FrameworkRow, FrameworkRow.id == LotRow.framework_id)
        .join(StatusChangeRow, StatusChangeRow.setting_on_lot_id == SettingOnLotRow.id)
        .where(
            FrameworkRow.lead_id.in_(organisations_with(actor, Permission.EVIDENCE_JUDGE)),
            StatusChangeRow.until.is_(None),
            StatusChangeRow.to_status != Status.EXITED,
        )
        .subquery("led")
    )
    return or_(
        DocumentRow.setting_id.in_(select(led.c.id)),
        DocumentRow.setting_id.is_(None) & DocumentRow.provider_id.in_(select(led.c.provider_id)),
    )
