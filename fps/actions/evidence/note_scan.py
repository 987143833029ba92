from __future__ import annotations

from sqlalchemy import delete, select, update

from channels.actions.queue_messages import NewMessage, queue_messages
from channels.model import Subject
from fps.actions.evidence.answer_recheck import ask_again
from fps.actions.evidence.tell import place_of, tell, words_of
from fps.messages.evidence import FILE_REFUSED
from fps.model import DOCUMENT_WORDS, DocumentKind
from fps.model.applications import ORGANISATION
from fps.model.evidence import DocumentState
from fps.tables import (
    ApplicationFileRow,
    ApplicationRow,
    ApplicationSettingRow,
    DocumentChunkRow,
    DocumentFileRow,
    DocumentRow,
)
from kernel import audit
from kernel.audit import SYSTEM
from kernel.scanning import Scan, Verdict
from kernel.work import Work

_REFUSAL = "The virus scanner found something harmful in the file. It was not kept."


def note_document(work: Work, document_id: str, scan: Scan) -> None:
    """Offer a document whose file is clean to the lead authority; refuse one with a virus, and tell who sent it.

    Of what came with an application that is who added it there.
    """
    row = work.session.scalars(select(DocumentRow).where(DocumentRow.id == document_id).with_for_update()).one()
    if scan.verdict is Verdict.CLEAN:
        if row.state == DocumentState.UNSCANNED:
            row.state = DocumentState.OFFERED
        return
    row.state, row.refusal = DocumentState.REFUSED, _REFUSAL
    row.decided_at, row.decided_by = work.now, SYSTEM
    work.session.execute(delete(DocumentChunkRow).where(DocumentChunkRow.document_id == document_id))
    work.session.flush()
    ask_again(work, document_id)
    of_document = select(DocumentFileRow.sha256).where(DocumentFileRow.document_id == document_id)
    digest = work.session.scalars(of_document).one()
    _purge_pieces(work, digest)
    _record(work, ("document", document_id), scan, digest)
    added = select(ApplicationFileRow.added_by).where(ApplicationFileRow.document_id == document_id)
    who = set(work.session.scalars(added)) or {row.recorded_by}
    tell(work, who, FILE_REFUSED, words_of(work, row), document_id, document_id)


def note_piece(work: Work, file_id: str, scan: Scan) -> None:
    """Take the file with a virus out of an application, as if it had not been added, and tell who added it."""
    if scan.verdict is Verdict.CLEAN:
        return
    file = work.session.scalars(select(ApplicationFileRow).where(ApplicationFileRow.id == file_id)).one()
    _purge_pieces(work, file.sha256)
    subject = ("application", file.application_id)
    _record(work, subject, scan, file.sha256)
    words = {
        "document": DOCUMENT_WORDS[DocumentKind(file.kind)],
        "place": _place(work, file),
        "link": f"/my-applications/{file.application_id}",
    }
    key = f"{FILE_REFUSED.key}:{file_id}:{file.added_by}"
    message = NewMessage(FILE_REFUSED, words, person_id=file.added_by, dedupe_key=key, about=Subject(*subject))
    queue_messages(work, [message])


def _place(work: Work, file: ApplicationFileRow) -> str:
    application = work.session.get_one(ApplicationRow, file.application_id)
    if file.subject == ORGANISATION:
        return place_of(work, application.provider_id, None)
    entry = work.session.get_one(ApplicationSettingRow, file.subject)
    return place_of(work, application.provider_id, entry.setting_id) if entry.setting_id else entry.name


def _purge_pieces(work: Work, digest: str) -> None:
    """Let go what lies with applications and is, byte for byte, the file with the virus."""
    same = update(ApplicationFileRow).where(
        ApplicationFileRow.sha256 == digest, ApplicationFileRow.refused_at.is_(None)
    )
    gone = same.values(content=b"", refused_at=work.now, scanned_at=work.now)
    work.session.execute(gone.execution_options(synchronize_session=False))


def _record(work: Work, subject: tuple[str, str], scan: Scan, digest: str) -> None:
    details = {"found": scan.said, "sha256": digest}
    audit.record(work, actor=SYSTEM, action="fps.refuse_file", subject=subject, details=details)
