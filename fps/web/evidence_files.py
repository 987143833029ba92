"""What comes in as a file and goes out as one, for the pages of staff and of providers."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Response
from werkzeug.datastructures import FileStorage

from fps.actions.evidence.note_view import note_view
from fps.actions.evidence.offer_document import OfferDocument, offer_document
from fps.actions.evidence.receive_file import receive_file
from fps.model import DocumentKind
from fps.model.evidence import DocumentCard
from fps.queries.evidence import content_of
from fps.web.evidence_forms import UploadForm
from kernel.errors import InvalidInputError, NotFoundError
from kernel.web import ground
from people.web.guard import current_actor

LARGEST_BODY = 25_200_000
"""What a page with an upload takes at the most: the largest that the setting allows, and the form around it."""
_MIMES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "png": "image/png",
    "jpg": "image/jpeg",
}


def take_upload(form: UploadForm, provider_id: str, setting_id: str | None) -> str:
    """Keep what the form holds as an offered document and return its id; raises InvalidInputError."""
    held, actor, file = ground(), current_actor(), form.file.data
    assert isinstance(file, FileStorage)  # noqa: S101 - the form asked for one
    with file.stream as stream:
        content = stream.read(held.most_upload_bytes + 1)
    received = receive_file(held, actor, file.filename or "", content)
    command = OfferDocument(
        provider_id,
        setting_id,
        DocumentKind(form.kind.data),
        received.file,
        form.valid_from.data,
        form.valid_until.data,
        is_scanned=received.is_scanned,
    )
    with held.work() as work:
        return offer_document(work, actor, command)


def taken(form: UploadForm, provider_id: str, setting_id: str | None) -> tuple[str | None, int]:
    """Return the id of the document that was sent, or None and the status with which the form is shown (again)."""
    if not form.validate_on_submit():
        return None, 422 if form.is_submitted() else 200
    try:
        return take_upload(form, provider_id, setting_id), 303
    except InvalidInputError as error:
        form.show(error)
        return None, error.status


def send_file(card: DocumentCard) -> Response:
    """Send a document's file to be saved, never to be shown in the browser, and note who took it."""
    held = ground()
    if card.file is None:
        raise NotFoundError
    with held.work() as work:
        note_view(work, current_actor(), card)

    def pieces() -> Iterator[bytes]:
        with held.read() as session:
            yield from content_of(session, card.id)

    answer = Response(pieces(), mimetype=_MIMES[card.file.kind])
    answer.headers.set("Content-Disposition", "attachment", filename=card.file.name)
    answer.headers["Content-Length"] = str(card.file.size)
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox; frame-ancestors 'none'"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Cache-Control"] = "no-store"
    return answer
