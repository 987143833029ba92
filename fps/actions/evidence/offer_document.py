from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from sqlalchemy import insert, select, update

from fps.actions.evidence.answer_recheck import answer_by_upload
from fps.actions.evidence.make_current import lock_provider
from fps.model import DocumentKind
from fps.model.evidence import DocumentState
from fps.queries import setting
from fps.queries.evidence import leads_provider
from fps.rules.evidence import check_validity
from fps.tables import DocumentChunkRow, DocumentFileRow, DocumentRow, RecheckItemRow
from kernel import audit
from kernel.calendar import london_date
from kernel.errors import ForbiddenError, NotFoundError
from kernel.ids import new_id
from kernel.uploads import CheckedFile, FileKind
from kernel.work import Work
from people.model import Actor
from people.permissions import Permission, organisations_with

TAKEN = (FileKind.PDF, FileKind.DOCX, FileKind.PNG, FileKind.JPEG)
"""What a document may be as a file."""
_PIECE_BYTES = 1 << 16


@dataclass(frozen=True)
class OfferDocument:
    """A document for a setting, or without one for all of a provider's; both days between which it holds count.

    `is_scanned`: the virus scanner has looked at the file already. Otherwise it waits for the scanner, if there is one.
    """

    provider_id: str
    setting_id: str | None
    kind: DocumentKind
    file: CheckedFile
    valid_from: date | None
    valid_until: date | None
    is_scanned: bool = False


def offer_document(work: Work, actor: Actor, command: OfferDocument) -> str:
    """Keep a document with its file, for the lead authority to check, and return its id.

    The provider may, and the lead authority of its frameworks that has got the file another way. What was offered for
    the same and not decided yet is withdrawn; the same file pressed twice is one document. Raises InvalidInputError
    for days between which it cannot hold, NotFoundError for somebody else's provider or setting.
    """
    _check_actor(work, actor, command)
    return keep_document(work, actor, command)


def keep_document(work: Work, actor: Actor, command: OfferDocument, *, is_answer: bool = True) -> str:
    """Do what offer_document does, for an action that has checked already that the actor may.

    `is_answer`: the document is also what its provider now says to a yearly check, whatever was said before.
    """
    check_validity(command.kind, command.valid_from, command.valid_until, london_date(work.now))
    lock_provider(work, command.provider_id)
    digest = hashlib.sha256(command.file.content).hexdigest()
    waiting = _waiting(work, command)
    for row, file in waiting:
        if _is_same(row, file, command, digest):
            return row.id
    for row, _file in waiting:
        row.state, row.decided_at, row.decided_by = DocumentState.WITHDRAWN, work.now, actor.id
    document_id = _keep(work, actor, command, digest)
    _take_over_answers(work, [row.id for row, _file in waiting], document_id)
    if is_answer:
        answer_by_upload(work, actor, (command.provider_id, command.setting_id, command.kind), document_id)
    return document_id


def _take_over_answers(work: Work, withdrawn: list[str], document_id: str) -> None:
    """Let a document stand where those whose place it takes were said to a yearly check."""
    said = update(RecheckItemRow).where(RecheckItemRow.document_id.in_(withdrawn))
    work.session.execute(said.values(document_id=document_id).execution_options(synchronize_session=False))


def _check_actor(work: Work, actor: Actor, command: OfferDocument) -> None:
    is_own = command.provider_id in organisations_with(actor, Permission.SETTINGS_OWN)
    if not is_own and not organisations_with(actor, Permission.EVIDENCE_JUDGE):
        raise ForbiddenError
    if not is_own and not leads_provider(work.session, actor, command.provider_id):
        raise NotFoundError
    if command.setting_id is not None and setting(work.session, command.setting_id).provider_id != command.provider_id:
        raise NotFoundError


def _waiting(work: Work, command: OfferDocument) -> list[tuple[DocumentRow, DocumentFileRow]]:
    own = DocumentRow.setting_id
    rows = (
        select(DocumentRow, DocumentFileRow)
        .join(DocumentFileRow, DocumentFileRow.document_id == DocumentRow.id)
        .where(
            DocumentRow.provider_id == command.provider_id,
            own.is_(None) if command.setting_id is None else own == command.setting_id,
            DocumentRow.kind == command.kind,
            DocumentRow.state.in_((DocumentState.UNSCANNED, DocumentState.OFFERED)),
        )
    )
    return [(row, file) for row, file in work.session.execute(rows)]


def _is_same(row: DocumentRow, file: DocumentFileRow, command: OfferDocument, digest: str) -> bool:
    return (file.sha256, row.valid_from, row.valid_until) == (digest, command.valid_from, command.valid_until)


def _keep(work: Work, actor: Actor, command: OfferDocument, digest: str) -> str:
    document_id = new_id()
    work.session.add(
        DocumentRow(
            id=document_id,
            provider_id=command.provider_id,
            setting_id=command.setting_id,
            kind=command.kind,
            state=DocumentState.OFFERED if command.is_scanned else DocumentState.UNSCANNED,
            is_current=False,
            valid_from=command.valid_from,
            valid_until=command.valid_until,
            recorded_at=work.now,
            recorded_by=actor.id,
        )
    )
    work.session.flush()
    _keep_file(work, document_id, command, digest)
    details = {"kind": command.kind, "setting_id": command.setting_id, "sha256": digest}
    audit.record(work, actor=actor.id, action="fps.offer_document", subject=("document", document_id), details=details)
    return document_id


def _keep_file(work: Work, document_id: str, command: OfferDocument, digest: str) -> None:
    file = command.file
    work.session.add(
        DocumentFileRow(
            document_id=document_id,
            name=file.name,
            kind=file.kind,
            size=len(file.content),
            sha256=digest,
            scanned_at=work.now if command.is_scanned else None,
        )
    )
    work.session.flush()
    starts = range(0, len(file.content), _PIECE_BYTES)
    work.session.execute(
        insert(DocumentChunkRow),
        [
            {"document_id": document_id, "number": number, "content": file.content[start : start + _PIECE_BYTES]}
            for number, start in enumerate(starts)
        ],
    )
