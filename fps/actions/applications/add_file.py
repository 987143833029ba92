from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime

from fps.actions.applications.find_application import find_writable
from fps.model import DocumentKind
from fps.model.applications import ORGANISATION
from fps.queries.applications import application_card, draft_of
from fps.rules.application_tasks import evidence_of, optional_evidence
from fps.rules.evidence import check_validity
from fps.tables import ApplicationFileRow
from kernel import audit
from kernel.calendar import london_date
from kernel.errors import NotFoundError
from kernel.ids import new_id
from kernel.uploads import CheckedFile
from kernel.work import Work
from people.model import Actor


@dataclass(frozen=True)
class AddFile:
    """A piece of evidence, and the days on which it holds, both included; None stands for no end.

    `is_scanned`: the virus scanner has looked at the file already. Otherwise nobody reads it before it has.
    """

    application_id: str
    subject: str
    kind: DocumentKind
    file: CheckedFile
    valid_from: date | None
    valid_until: date | None
    is_scanned: bool = False


def add_file(work: Work, actor: Actor, command: AddFile, at: datetime) -> str:
    """Add a piece of evidence to an application and return its id; it takes the place of the one before.

    Nobody but the provider reads it until the round has closed. Raises InvalidInputError for dates that cannot be,
    NotFoundError for a kind that is not asked for.
    """
    row, _joined = find_writable(work, actor, command.application_id, at)
    draft = draft_of(work.session, application_card(row))
    if command.subject not in (ORGANISATION, *(entry.id for entry in draft.entries)):
        raise NotFoundError
    wanted = (*evidence_of(draft, command.subject), *optional_evidence(draft, command.subject))
    if command.kind not in wanted:
        raise NotFoundError
    check_validity(command.kind, command.valid_from, command.valid_until, london_date(at))
    file = ApplicationFileRow(
        id=new_id(),
        application_id=row.id,
        subject=command.subject,
        kind=command.kind,
        name=command.file.name,
        file_kind=command.file.kind,
        sha256=hashlib.sha256(command.file.content).hexdigest(),
        content=command.file.content,
        valid_from=command.valid_from,
        valid_until=command.valid_until,
        added_at=work.now,
        added_by=actor.id,
        scanned_at=work.now if command.is_scanned else None,
    )
    work.session.add(file)
    work.session.flush()
    details = {"subject": command.subject, "kind": command.kind, "sha256": file.sha256}
    audit.record(
        work, actor=actor.id, action="fps.add_application_file", subject=("application", row.id), details=details
    )
    return file.id
