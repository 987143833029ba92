from __future__ import annotations

from collections.abc import Iterator, Mapping

from sqlalchemy import select
from sqlalchemy.orm import undefer

from fps.actions.evidence.make_current import lock_provider
from fps.actions.evidence.offer_document import OfferDocument, keep_document
from fps.model import DocumentKind
from fps.model.applications import ORGANISATION, Submitted
from fps.queries.applications import entry_names, last_submission
from fps.queries.evidence import newer_document
from fps.rules.applications import lapsed
from fps.tables import ApplicationFileRow, ApplicationRow
from kernel.calendar import london_date
from kernel.uploads import CheckedFile, FileKind
from kernel.work import Work
from people.model import Actor


def open_evidence(work: Work, actor: Actor, row: ApplicationRow) -> None:
    """Hand the evidence of an application, as it was sent, to the evidence store, for the lead authority to check.

    Until the round has closed it lies with the application alone. What has run out meanwhile stays behind, and so does
    what the virus scanner refused. Where the provider has sent a newer document since, that one stands in its place.
    """
    lock_provider(work, row.provider_id)
    sent = last_submission(work.session, row.id)
    if sent is None:
        return
    today = london_date(work.now)
    for file_id, setting_id in _wanted(sent, entry_names(work.session, [row.id])):
        file = work.session.scalars(
            select(ApplicationFileRow)
            .where(ApplicationFileRow.id == file_id)
            .options(undefer(ApplicationFileRow.content))
        ).one()
        if file.document_id is not None or file.refused_at is not None or lapsed(file.valid_until, today):
            continue
        newer = newer_document(
            work.session, (row.provider_id, setting_id, DocumentKind(file.kind)), file.added_at, today
        )
        file.document_id = newer or keep_document(
            work, actor, _offer(file, row.provider_id, setting_id), is_answer=False
        )
        work.session.flush()
        work.session.expire(file, ["content"])


def _offer(file: ApplicationFileRow, provider_id: str, setting_id: str | None) -> OfferDocument:
    return OfferDocument(
        provider_id,
        setting_id,
        DocumentKind(file.kind),
        CheckedFile(file.name, FileKind(file.file_kind), file.content),
        file.valid_from,
        file.valid_until,
        is_scanned=file.scanned_at is not None,
    )


def _wanted(sent: Submitted, names: Mapping[str, tuple[str, str | None]]) -> Iterator[tuple[str, str | None]]:
    """Return the files of what was sent, and of which setting they are."""
    for setting_id, pieces in (
        (ORGANISATION, sent.content["evidence"]),
        *((names[one["entry"]][1], one["evidence"]) for one in sent.content["settings"]),
    ):
        yield from ((piece["file"], setting_id or None) for piece in pieces if piece["file"])
