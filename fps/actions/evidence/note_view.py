from __future__ import annotations

from fps.model.evidence import DocumentCard
from fps.queries.evidence import evaluates_for
from fps.tables import DocumentViewRow
from kernel import audit
from kernel.errors import ConflictError, NotFoundError
from kernel.ids import new_id
from kernel.work import Work
from people.model import Actor
from people.permissions import Permission, organisations_with


def note_view(work: Work, actor: Actor, document: DocumentCard) -> None:
    """Note that somebody takes a document's file away to read, and for which organisation.

    Raises NotFoundError where there is no file, ConflictError while the virus scanner has not looked at it.
    """
    if document.file is None or document.decided_by == audit.SYSTEM:
        raise NotFoundError
    if not document.file.is_scanned:
        raise ConflictError("The file has not been scanned for viruses yet. Try again in a few minutes.")
    organisation_id = _for_whom(work, actor, document)
    work.session.add(
        DocumentViewRow(
            id=new_id(),
            document_id=document.id,
            person_id=actor.id,
            organisation_id=organisation_id,
            seen_at=work.now,
        )
    )
    audit.record(
        work,
        actor=actor.id,
        action="fps.read_document",
        subject=("document", document.id),
        details={"organisation_id": organisation_id},
    )


def _for_whom(work: Work, actor: Actor, document: DocumentCard) -> str:
    if document.provider_id in organisations_with(actor, Permission.SETTINGS_OWN):
        return document.provider_id
    return evaluates_for(work.session, actor, document.id) or organisations_with(actor, Permission.EVIDENCE_READ)[0]
