"""The evidence of a provider's own application: added file by file, read by nobody else before the round has closed."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response as Reply

from fps.actions.applications.add_file import AddFile, add_file
from fps.actions.evidence.receive_file import receive_file
from fps.model import DocumentKind
from fps.model.application_form import evidence_title
from fps.model.applications import ORGANISATION
from fps.queries.applications import draft_of, file_content, own_application
from fps.web.application_forms import EvidenceForm
from fps.web.application_words import send_file
from fps.web.evidence_files import LARGEST_BODY
from kernel.errors import InvalidInputError, NotFoundError
from kernel.web import ground
from people.permissions import Permission
from people.web.guard import current_actor, requires, takes_body

pages = Blueprint("own_evidence_pieces", __name__)


@pages.route("/my-applications/<application_id>/organisation/evidence/<piece>", methods=["GET", "POST"])
@requires(Permission.SETTINGS_OWN)
@takes_body(LARGEST_BODY)
def of_organisation(application_id: str, piece: str) -> str | Reply | tuple[str, int]:
    """Add a piece of evidence that counts for all settings."""
    return _add(application_id, ORGANISATION, piece)


@pages.route("/my-applications/<application_id>/settings/<entry_id>/evidence/<piece>", methods=["GET", "POST"])
@requires(Permission.SETTINGS_OWN)
@takes_body(LARGEST_BODY)
def of_setting(application_id: str, entry_id: str, piece: str) -> str | Reply | tuple[str, int]:
    """Add a piece of evidence of a setting."""
    return _add(application_id, entry_id, piece)


@pages.get("/my-applications/<application_id>/files/<piece_id>")
@requires(Permission.SETTINGS_OWN)
def file(application_id: str, piece_id: str) -> Response:
    """Give a provider a file of its application back."""
    with ground().read() as session:
        card = own_application(session, current_actor(), application_id)
        return send_file(*file_content(session, card.id, piece_id))


def _add(application_id: str, subject: str, piece: str) -> str | Reply | tuple[str, int]:
    at, held = ground().clock.now(), ground()
    if piece not in set(DocumentKind):
        raise NotFoundError
    kind = DocumentKind(piece)
    with held.read() as session:
        card = own_application(session, current_actor(), application_id)
        draft = draft_of(session, card)
    entry = next((each for each in draft.entries if each.id == subject), None)
    if subject != ORGANISATION and entry is None:
        raise NotFoundError
    form = EvidenceForm()
    if form.validate_on_submit():
        try:
            _keep(form, application_id, subject, kind)
        except InvalidInputError as error:
            form.show(error)
        else:
            flash(f"{evidence_title(kind)} is added.")
            return redirect(url_for("fps.own_applications.one", application_id=application_id), code=303)
    page = render_template(
        "fps/applications/evidence.html",
        card=card,
        entry=entry,
        title=evidence_title(kind),
        form=form,
        file=draft.files.get((subject, kind)),
        held_until=draft.held.get((subject, kind)),
        is_held=(subject, kind) in draft.held,
        at=at,
    )
    return page, 422 if form.is_submitted() else 200


def _keep(form: EvidenceForm, application_id: str, subject: str, kind: DocumentKind) -> None:
    """Let the file in outside any transaction, because the virus scanner may take its time; then keep it."""
    held, actor, at, sent = ground(), current_actor(), ground().clock.now(), form.file.data
    if not isinstance(sent, FileStorage):
        raise InvalidInputError("file", "Choose a file.")
    received = receive_file(held, actor, sent.filename or "", sent.stream.read(held.most_upload_bytes + 1))
    command = AddFile(
        application_id,
        subject,
        kind,
        received.file,
        form.valid_from.data,
        form.valid_until.data,
        is_scanned=received.is_scanned,
    )
    with held.work() as work:
        add_file(work, actor, command, at)
