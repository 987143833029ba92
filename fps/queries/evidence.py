from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from fps.model import DocumentKind
from fps.model.evidence import WAITING, DocumentCard, DocumentState, FileCard
from fps.queries.frameworks import holds_on
from fps.tables import (
    ApplicationFileRow,
    DocumentChunkRow,
    DocumentFileRow,
    DocumentReminderRow,
    DocumentRow,
    DocumentViewRow,
    EvaluatorRow,
    FrameworkRow,
    LotDocumentRow,
    LotRow,
    SettingOnLotRow,
    SettingRow,
)
from kernel.errors import NotFoundError
from people.model import Actor
from people.permissions import Permission, organisations_with

PAGE = 25
_PIECES = 8


@dataclass(frozen=True)
class View:
    """Somebody took a document's file away to read, for an organisation."""

    person_id: str
    organisation_id: str
    seen_at: datetime


@dataclass(frozen=True)
class Reminder:
    """A reminder of a document's end went to its provider."""

    days_before: int
    sent_at: datetime


def documents_of(session: Session, provider_id: str, setting_id: str | None) -> list[DocumentCard]:
    """Return the documents of one setting, or without one those that count for all the provider's, newest first."""
    own = DocumentRow.setting_id.is_(None) if setting_id is None else DocumentRow.setting_id == setting_id
    return _cards(session, DocumentRow.provider_id == provider_id, own)


def waiting_documents(
    session: Session, actor: Actor, kind: DocumentKind | None = None, *, offset: int = 0, limit: int = PAGE
) -> list[DocumentCard]:
    """Return the documents that the actor is to check, the one that has waited longest at the top."""
    return _cards(session, *to_judge(actor), _is_of(kind), oldest_first=True, offset=offset, limit=limit)


def count_waiting_documents(session: Session, actor: Actor, kind: DocumentKind | None = None) -> int:
    """Return how many documents the actor is to check."""
    rows = select(func.count()).select_from(DocumentRow).where(*to_judge(actor), _is_of(kind))
    return session.scalar(rows) or 0


def _is_of(kind: DocumentKind | None) -> ColumnElement[bool]:
    return true() if kind is None else DocumentRow.kind == kind


def document(session: Session, actor: Actor, document_id: str) -> DocumentCard:
    """Return a document to whom it concerns; raises NotFoundError for everybody else.

    Its provider sees all of its own, the lead authority those of the providers on its frameworks, whoever evaluates
    an application without a conflict of interest what came with it, every other council what has been accepted. A rival
    sees nothing.
    """
    found = _cards(session, DocumentRow.id == document_id, or_(*_readable(actor)))
    if not found:
        raise NotFoundError
    return found[0]


def own_document(session: Session, actor: Actor, document_id: str) -> DocumentCard:
    """Return a document to its own provider; raises NotFoundError for everybody else."""
    own = DocumentRow.provider_id.in_(organisations_with(actor, Permission.SETTINGS_OWN))
    found = _cards(session, DocumentRow.id == document_id, own)
    if not found:
        raise NotFoundError
    return found[0]


def may_judge(session: Session, actor: Actor, document_id: str) -> bool:
    """Tell whether the actor decides on a document, whatever its state."""
    return bool(session.scalar(select(exists().where(DocumentRow.id == document_id, _is_led(actor)))))


def leads_provider(session: Session, actor: Actor, provider_id: str) -> bool:
    """Tell whether a provider's documents are the actor's to decide on: it is on a framework of theirs, or on none."""
    return bool(session.scalar(select(_leads(actor, provider_id))))


def evaluates_for(session: Session, actor: Actor, document_id: str) -> str | None:
    """Return the council for which the actor evaluates the application that brought a document, None for others."""
    return session.scalar(_evaluating(actor).where(ApplicationFileRow.document_id == document_id).limit(1))


def to_judge(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    """Return what holds of documents that wait for the actor to decide on them."""
    return DocumentRow.state == DocumentState.OFFERED, _is_led(actor)


def _readable(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    own = DocumentRow.provider_id.in_(organisations_with(actor, Permission.SETTINGS_OWN))
    if not organisations_with(actor, Permission.EVIDENCE_READ):
        return (own,)
    evaluated = _evaluating(actor).where(ApplicationFileRow.document_id == DocumentRow.id).exists()
    return own, DocumentRow.state == DocumentState.ACCEPTED, _is_led(actor), evaluated


def _evaluating(actor: Actor) -> Select[str]:
    """Select the councils for which the actor evaluates applications with files, free of a conflict of interest."""
    return (
        select(EvaluatorRow.council_id)
        .join(ApplicationFileRow, ApplicationFileRow.application_id == EvaluatorRow.application_id)
        .where(
            EvaluatorRow.person_id == actor.id,
            EvaluatorRow.council_id.in_(organisations_with(actor, Permission.APPLICATIONS_EVALUATE)),
            EvaluatorRow.has_conflict.is_(False),
        )
    )


def _is_led(actor: Actor) -> ColumnElement[bool]:
    """Say that the document's provider is on a framework of the actor's, or on none yet."""
    return _leads(actor, DocumentRow.provider_id)


def _leads(actor: Actor, provider_id: str | SQLColumnExpression[str]) -> ColumnElement[bool]:
    leads = organisations_with(actor, Permission.EVIDENCE_JUDGE)
    if not leads:
        return false()
    of_provider = (
        select(SettingOnLotRow.id)
        .join(SettingRow, SettingRow.id == SettingOnLotRow.setting_id)
        .where(SettingRow.provider_id == provider_id)
    )
    led = (
        of_provider.join(LotRow, LotRow.id == SettingOnLotRow.lot_id)
        .join(FrameworkRow, FrameworkRow.id == LotRow.framework_id)
        .where(FrameworkRow.lead_id.in_(leads))
    )
    return or_(led.exists(), ~of_provider.exists())


def _cards(
    session: Session,
    *conditions: ColumnElement[bool],
    oldest_first: bool = False,
    offset: int = 0,
    limit: int | None = None,
) -> list[DocumentCard]:
    order = (DocumentRow.recorded_at, DocumentRow.id)
    rows = (
        select(DocumentRow, DocumentFileRow)
        .outerjoin(DocumentFileRow, DocumentFileRow.document_id == DocumentRow.id)
        .where(*conditions)
        .order_by(*order if oldest_first else (each.desc() for each in order))
    )
    return [_card(row, file) for row, file in session.execute(rows.offset(offset).limit(limit))]


def _card(row: DocumentRow, file: DocumentFileRow | None) -> DocumentCard:
    return DocumentCard(
        id=row.id,
        provider_id=row.provider_id,
        setting_id=row.setting_id,
        kind=DocumentKind(row.kind),
        state=DocumentState(row.state),
        is_current=row.is_current,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        recorded_at=row.recorded_at,
        recorded_by=row.recorded_by,
        decided_at=row.decided_at,
        decided_by=row.decided_by,
        refusal=row.refusal,
        replaced_at=row.replaced_at,
        file=FileCard(file.name, file.kind, file.size, file.sha256, file.scanned_at is not None) if file else None,
    )


def views_of(session: Session, document_id: str) -> list[View]:
    """Return who took a document's file away to read, the latest first."""
    rows = select(DocumentViewRow).where(DocumentViewRow.document_id == document_id)
    found = session.scalars(rows.order_by(DocumentViewRow.seen_at.desc(), DocumentViewRow.id.desc()).limit(200))
    return [View(row.person_id, row.organisation_id, row.seen_at) for row in found]


def reminders_of(session: Session, document_id: str) -> list[Reminder]:
    """Return the reminders of a document's end that went out, the latest first."""
    rows = select(DocumentReminderRow).where(DocumentReminderRow.document_id == document_id)
    found = session.scalars(rows.order_by(DocumentReminderRow.days_before))
    return [Reminder(row.days_before, row.sent_at) for row in found]


def content_of(session: Session, document_id: str) -> Iterator[bytes]:
    """Yield a document's file piece by piece, a few in memory at a time; nothing where it has none."""
    number = 0
    while True:
        rows = (
            select(DocumentChunkRow.number, DocumentChunkRow.content)
            .where(DocumentChunkRow.document_id == document_id, DocumentChunkRow.number >= number)
            .order_by(DocumentChunkRow.number)
            .limit(_PIECES)
        )
        found = session.execute(rows).all()
        for number, content in found:  # noqa: B007 - the last number tells where to go on
            yield content
        if len(found) < _PIECES:
            return
        number += 1


def newer_document(
    session: Session, place: tuple[str, str | None, DocumentKind], since: datetime, today: date
) -> str | None:
    """Return the latest document that came in after a moment and still may count; `place`: provider, setting, kind."""
    provider_id, setting_id, kind = place
    rows = select(DocumentRow.id).where(
        DocumentRow.provider_id == provider_id,
        DocumentRow.setting_id.is_(None) if setting_id is None else DocumentRow.setting_id == setting_id,
        DocumentRow.kind == kind,
        DocumentRow.state.in_((*WAITING, DocumentState.ACCEPTED)),
        DocumentRow.recorded_at > since,
        or_(DocumentRow.valid_until.is_(None), DocumentRow.valid_until >= today),
    )
    return session.scalar(rows.order_by(DocumentRow.recorded_at.desc(), DocumentRow.id.desc()).limit(1))


def has_newer_waiting() -> ColumnElement[bool]:
    """Say that for a document's provider, setting and kind another one is offered and not decided on."""
    newer = aliased(DocumentRow)
    same_setting = or_(
        newer.setting_id == DocumentRow.setting_id, and_(newer.setting_id.is_(None), DocumentRow.setting_id.is_(None))
    )
    return (
        select(newer.id)
        .where(
            newer.provider_id == DocumentRow.provider_id,
            same_setting,
            newer.kind == DocumentRow.kind,
            newer.state.in_(WAITING),
        )
        .exists()
    )


def required_kinds(session: Session, provider_id: str, setting_id: str | None, on: date) -> set[DocumentKind]:
    """Return the kinds that the lots ask for on a day, on which a setting, or any of the provider's, is or was."""
    rows = (
        select(LotDocumentRow.kind)
        .distinct()
        .join(SettingOnLotRow, SettingOnLotRow.lot_id == LotDocumentRow.lot_id)
        .join(SettingRow, SettingRow.id == SettingOnLotRow.setting_id)
        .where(SettingRow.provider_id == provider_id, holds_on(LotDocumentRow.since, LotDocumentRow.until, on))
    )
    if setting_id is not None:
        rows = rows.where(SettingRow.id == setting_id)
    return {DocumentKind(kind) for kind in session.scalars(rows)}
