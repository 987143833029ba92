from __future__ import annotations

from collections.abc import Collection
from datetime import date

from sqlalchemy import ColumnElement, Select, or_, select, update

from fps.model import DocumentKind
from fps.model.evidence import RecheckAnswer
from fps.queries.rechecks import counting_documents
from fps.tables import DocumentRow, RecheckItemRow, RecheckRow
from kernel import audit
from kernel.calendar import london_date
from kernel.work import Work
from people.model import Actor
from people.permissions import Permission, organisations_with

_OPEN = RecheckItemRow.recheck_id.in_(select(RecheckRow.id).where(RecheckRow.closed_at.is_(None)))


def confirm_documents(work: Work, actor: Actor, item_ids: Collection[str]) -> int:
    """Confirm that the documents of a yearly re-check still hold; return how many were confirmed.

    Left out is what is somebody else's, was answered already, or has no document that holds today: that one must be
    uploaded anew. Pressed twice it changes nothing.
    """
    own = organisations_with(actor, Permission.SETTINGS_OWN)
    wanted = (
        RecheckItemRow.id.in_(item_ids),
        RecheckItemRow.provider_id.in_(own),
        RecheckItemRow.answer.is_(None),
        _OPEN,
    )
    today = london_date(work.now)
    confirmed = 0
    for item in work.session.scalars(select(RecheckItemRow).where(*wanted).with_for_update()).all():
        document_id = work.session.scalar(_holding(item, today))
        if document_id is None:
            continue
        item.answer, item.document_id = RecheckAnswer.CONFIRMED, document_id
        item.answered_at, item.answered_by = work.now, actor.id
        confirmed += 1
        audit.record(
            work,
            actor=actor.id,
            action="fps.confirm_document",
            subject=("document", document_id),
            details={"recheck_id": item.recheck_id},
        )
    return confirmed


def _holding(item: RecheckItemRow, today: date) -> Select[str]:
    """Select what counts for an item today: the setting's own document, or the one that its provider has for all."""
    own = DocumentRow.setting_id
    return counting_documents().where(
        DocumentRow.provider_id == item.provider_id,
        DocumentRow.kind == item.kind,
        own.is_(None) if item.setting_id is None else or_(own == item.setting_id, own.is_(None)),
        or_(DocumentRow.valid_until.is_(None), DocumentRow.valid_until >= today),
    )


def answer_by_upload(work: Work, actor: Actor, place: tuple[str, str | None, DocumentKind], document_id: str) -> None:
    """Take an uploaded document as the answer where a re-check asks for it; `place` is provider, setting, kind.

    One for all of the provider's settings also answers for those of which none of their own holds.
    """
    provider_id, setting_id, kind = place
    own = RecheckItemRow.setting_id
    of_all = or_(own.is_(None), RecheckItemRow.answer.is_(None) & ~_has_own(london_date(work.now)))
    work.session.execute(
        update(RecheckItemRow)
        .where(
            RecheckItemRow.provider_id == provider_id,
            of_all if setting_id is None else own == setting_id,
            RecheckItemRow.kind == kind,
            _OPEN,
        )
        .values(answer=RecheckAnswer.UPLOADED, document_id=document_id, answered_at=work.now, answered_by=actor.id)
        .execution_options(synchronize_session=False)
    )


def _has_own(today: date) -> ColumnElement[bool]:
    """Say that a setting has a document of its own that holds."""
    return (
        select(DocumentRow.id)
        .where(
            DocumentRow.setting_id == RecheckItemRow.setting_id,
            DocumentRow.kind == RecheckItemRow.kind,
            DocumentRow.is_current,
            or_(DocumentRow.valid_until.is_(None), DocumentRow.valid_until >= today),
        )
        .exists()
    )


def ask_again(work: Work, document_id: str) -> None:
    """Ask a re-check's question again, whose answer was a document that has been refused or withdrawn."""
    work.session.execute(
        update(RecheckItemRow)
        .where(RecheckItemRow.document_id == document_id, RecheckItemRow.answer == RecheckAnswer.UPLOADED, _OPEN)
        .values(answer=None, document_id=None, answered_at=None, answered_by=None)
        .execution_options(synchronize_session=False)
    )
