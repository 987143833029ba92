"""The Individual Placement Agreement as a document for signature. What identifies the learner is never kept (R28)."""

from __future__ import annotations

from flask import Blueprint, Response, render_template
from wtforms.fields.choices import SelectChoice

from kernel import audit
from kernel.web import ground
from people.permissions import Permission
from people.web.guard import current_actor, requires
from referrals.documents.agreement_pdf import agreement_as_pdf
from referrals.documents.agreement_word import agreement_as_word
from referrals.model.placements import PlacementCard
from referrals.queries.agreements import agreement
from referrals.queries.placements import placement
from referrals.rules.agreement import Agreement
from referrals.web.document_form import PDF, DocumentForm

pages = Blueprint("agreements", __name__)

_WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pages.route("/commissioning/placements/<placement_id>/document", methods=["GET", "POST"])
@requires(Permission.PLACEMENTS_MANAGE)
def document(placement_id: str) -> str | Response | tuple[str, int]:
    """Make the agreement with a supplier, with what is typed in here or with lines to fill in by hand."""
    form = DocumentForm()
    with ground().read() as session:
        card = placement(session, current_actor(), placement_id)
        form.supplier.choices = [
            SelectChoice(part.id, part.supplier) for part in card.parts if part.ended_on in (None, card.ended_on)
        ]
        if form.validate_on_submit():
            made = agreement(session, current_actor(), placement_id, str(form.supplier.data), form.identity())
    if form.is_submitted() and not form.errors:
        _note(card, str(form.supplier.data), str(form.format.data))
        content, mimetype, name = _file(made, card, str(form.format.data))
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return Response(content, mimetype=mimetype, headers=headers)
    page = render_template("referrals/placements/document.html", form=form, card=card)
    return page, 422 if form.is_submitted() else 200


def _note(card: PlacementCard, part_id: str, file_format: str) -> None:
    with ground().work() as work:
        audit.record(
            work,
            actor=current_actor().id,
            action="placements.document",
            subject=("placement", card.id),
            details={"part": part_id, "format": file_format},
        )


def _file(made: Agreement, card: PlacementCard, file_format: str) -> tuple[bytes, str, str]:
    """Return content, content type and name of the document."""
    if file_format == PDF:
        return agreement_as_pdf(made), "application/pdf", f"agreement-{card.reference}.pdf"
    return agreement_as_word(made), _WORD_TYPE, f"agreement-{card.reference}.docx"
