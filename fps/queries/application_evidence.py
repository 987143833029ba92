from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from fps.model import DocumentKind
from fps.model.applications import ORGANISATION, ApplicationCard, Submitted
from fps.model.evidence import DocumentState
from fps.tables import ApplicationFileRow, ApplicationSettingRow, DocumentRow


@dataclass(frozen=True)
class HeldPiece:
    """A piece of evidence of an opened application, as the evidence store holds it now."""

    valid_until: date | None
    document_id: str | None
    state: DocumentState | None


Held = Mapping[str, Mapping[DocumentKind, HeldPiece]]


def evidence_held(session: Session, card: ApplicationCard, sent: Submitted) -> Held:
    """Return the evidence of an opened application as it stands now: last day, document and its state.

    By subject: the organisation, and each setting of the application. What was refused is left out; what the register
    holds as current counts before what was sent.
    """
    files = {
        row.id: row
        for row in session.scalars(select(ApplicationFileRow).where(ApplicationFileRow.application_id == card.id))
    }
    entries = {
        row.setting_id: row.id
        for row in session.scalars(select(ApplicationSettingRow).where(ApplicationSettingRow.application_id == card.id))
        if row.setting_id
    }
    documents = session.scalars(select(DocumentRow).where(DocumentRow.provider_id == card.provider_id)).all()
    stored = {row.id: row for row in documents}
    found: dict[str, dict[DocumentKind, HeldPiece]] = defaultdict(dict)
    for subject, piece in _pieces(sent):
        file = files.get(piece["file"])
        if file is None or file.refused_at is not None:
            continue
        document = stored.get(file.document_id or "")
        state = DocumentState(document.state) if document else None
        if state is not DocumentState.REFUSED:
            until = document.valid_until if document else file.valid_until
            found[subject][DocumentKind(piece["kind"])] = HeldPiece(until, file.document_id, state)
    for row in documents:
        if row.is_current and (row.setting_id is None or row.setting_id in entries):
            subject = entries[row.setting_id] if row.setting_id else ORGANISATION
            found[subject][DocumentKind(row.kind)] = HeldPiece(row.valid_until, row.id, DocumentState.ACCEPTED)
    return found


def _pieces(sent: Submitted) -> list[tuple[str, Mapping[str, str]]]:
    pieces = [(ORGANISATION, piece) for piece in sent.content["evidence"]]
    for one in sent.content["settings"]:
        pieces += [(one["entry"], piece) for piece in one["evidence"]]
    return pieces
