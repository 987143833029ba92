from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import undefer

from fps.actions.evidence.offer_document import OfferDocument, offer_document
from fps.model import DocumentKind
from fps.model.applications import ORGANISATION, Submitted
from fps.queries.applications import last_submission
from fps.rules.applications import lapsed
from fps.tables import ApplicationFileRow, ApplicationRow
from kernel.calendar import london_date
from kernel.uploads import CheckedFile, FileKind
from kernel.work import Work
from people.model import Actor


def open_evidence(work: Work, actor: Actor, row: ApplicationRow) -> None:
    """Hand the evidence of an application, as it was sent, to the evidence store, for the lead authority to check.

    Until the round has closed it lies with the application alone. What has run out meanwhile stays behind.
    """
    sent = last_submission(work.session, row.id)
    if sent is None:
        return
    for file_id, setting_id in _wanted(sent):
        file = work.session.scalars(
            select(ApplicationFileRow)
            .where(ApplicationFileRow.id == file_id)
            .options(undefer(ApplicationFileRow.content))
        ).one()
        if file.document_id is not None or lapsed(file.valid_until, london_date(work.now)):
            continue
        file.document_id = offer_document(
            work,
            actor,
            OfferDocument(
                row.provider_id,
                setting_id,
                DocumentKind(file.kind),
                CheckedFile(file.name, FileKind(file.file_kind), file.content),
                file.valid_from,
                file.valid_until,
            ),
        )
        work.session.flush()
        work.session.expire(file, ["content"])


def _wanted(sent: Submitted) -> Iterator[tuple[str, str | None]]:
    """Return the files of what was sent, and of which setting they are."""
    for setting_id, pieces in (
        (ORGANISATION, sent.content["evidence"]),
        *((one["setting"], one["evidence"]) for one in sent.content["settings"]),
    ):
        yield from ((piece["file"], setting_id or None) for piece in pieces if piece["file"])
