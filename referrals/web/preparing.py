"""What else belongs to a draft: criteria, files, an override, agreements, and its end."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.datastructures import FileStorage
from werkzeug.wrappers import Response

from fps.actions.evidence.receive_file import receive_clean_file
from kernel.errors import ConflictError, InvalidInputError
from kernel.web import ground
from people.permissions import Permission
from people.web.guard import current_actor, requires, takes_body
from referrals.actions.preparing.attach_file import MOST_BYTES, AttachFile, attach_file, remove_file
from referrals.actions.preparing.delete_draft import delete_draft
from referrals.actions.preparing.override_guard import override_guard
from referrals.actions.preparing.record_agreements import RecordAgreements, record_agreements
from referrals.actions.preparing.weigh_criteria import weigh_criteria
from referrals.model.criteria import Weights
from referrals.queries.attachments import councils_file
from referrals.queries.drafts import DraftPage, draft
from referrals.queries.previews import draft_preview
from referrals.web.files import send_attachment
from referrals.web.form_page import Answer, FormPage, answer
from referrals.web.preparing_forms import AgreementsForm, DeleteForm, FileForm, OverrideForm, WeightsForm

pages = Blueprint("preparing", __name__)

_LARGEST_BODY = MOST_BYTES + 200_000


@pages.route("/commissioning/referrals/<referral_id>/criteria", methods=["GET", "POST"])
@requires(Permission.REFERRALS_ISSUE)
def criteria(referral_id: str) -> Answer:
    """Say how much each criterion counts (R24)."""
    written = _written(referral_id)
    form = WeightsForm(data={f"weight-{one}": points for one, points in written.weights.points.items()})
    page = _page(
        written,
        "By what will you judge the offers?",
        "Save the criteria",
        "Providers read this with the referral, and nobody can change it after the issue.",
        "The numbers must add up to 100. Leave a criterion empty that does not count.",
    )
    return answer(page, form, lambda work: weigh_criteria(work, current_actor(), referral_id, Weights(form.points)))


@pages.route("/commissioning/referrals/<referral_id>/files", methods=["GET", "POST"])
@requires(Permission.REFERRALS_ISSUE)
@takes_body(_LARGEST_BODY)
def files(referral_id: str) -> str | Response | tuple[str, int]:
    """Show the files that go out with a draft, and take another one."""
    form, written = FileForm(), _written(referral_id)
    if form.validate_on_submit():
        try:
            _attach(referral_id, form)
        except InvalidInputError as error:
            form.show(error)
        except ConflictError as error:
            form.show_at(form.file, str(error))
        else:
            flash("The file is added.")
            return redirect(url_for(".files", referral_id=referral_id), code=303)
    shown = render_template("referrals/preparing/files.html", form=form, written=written)
    return shown, 422 if form.is_submitted() else 200


def _attach(referral_id: str, form: FileForm) -> None:
    upload = form.file.data
    assert isinstance(upload, FileStorage)  # noqa: S101 - the form asked for one
    with upload.stream as stream:
        content = stream.read(MOST_BYTES + 1)
    file = receive_clean_file(ground(), current_actor(), upload.filename or "", content)
    with ground().work() as work:
        attach_file(work, current_actor(), AttachFile(referral_id, file, is_confirmed=form.is_confirmed.data))


@pages.get("/commissioning/referrals/<referral_id>/files/<attachment_id>")
@requires(Permission.REFERRALS_READ)
def file(referral_id: str, attachment_id: str) -> Response:
    """Send a file of one's council's referral, to be saved."""
    with ground().read() as session:
        found = councils_file(session, current_actor(), referral_id, attachment_id)
    return send_attachment(found)


@pages.post("/commissioning/referrals/<referral_id>/files/<attachment_id>/remove")
@requires(Permission.REFERRALS_ISSUE)
def remove(referral_id: str, attachment_id: str) -> Response:
    """Take a file off a draft."""
    with ground().work() as work:
        remove_file(work, current_actor(), referral_id, attachment_id)
    flash("The file is removed.")
    return redirect(url_for(".files", referral_id=referral_id), code=303)


@pages.route("/commissioning/referrals/<referral_id>/override", methods=["GET", "POST"])
@requires(Permission.REFERRALS_ISSUE)
def override(referral_id: str) -> Answer:
    """Say why provision that is not registered as a school may be asked all the same (R40)."""
    written = _written(referral_id)
    form = OverrideForm(data={"override_reason": written.particulars.override_reason})
    page = _page(
        written,
        "Ask provision that is not registered",
        "Save the reason",
        "A learner with an EHC plan, or looked after, for full-time hours: the law may want the place to register as a "
        "school.",
    )
    return answer(
        page,
        form,
        lambda work: override_guard(work, current_actor(), referral_id, form.override_reason.data or ""),
    )


@pages.route("/commissioning/referrals/<referral_id>/agreements", methods=["GET", "POST"])
@requires(Permission.REFERRALS_ISSUE)
def agreements(referral_id: str) -> Answer:
    """Record who has agreed to a shorter deadline on a dynamic purchasing system (R15)."""
    written = _written(referral_id)
    with ground().read() as session:
        shown = draft_preview(session, current_actor(), referral_id, written.release_at or ground().clock.now())
    form = AgreementsForm()
    form.settings.choices = [(one.setting.id, one.setting.name) for one in shown.selection.recipients]
    page = _page(
        written,
        "Agreements to a shorter deadline",
        "Record the agreements",
        "Everybody who will be asked must have agreed to the same deadline before you can choose it.",
        *(
            f"{len(ids)} of {len(shown.selection.recipients)} have agreed to {day:%-d %B %Y}."
            for day, ids in shown.agreed.items()
        ),
        back=url_for("referrals.issuing.times", referral_id=referral_id),
        back_words="Deadline and release",
    )
    return answer(
        page,
        form,
        lambda work: record_agreements(
            work,
            current_actor(),
            RecordAgreements(referral_id, form.deadline.data, form.settings.data or (), form.evidence.data or ""),
        ),
        "The agreements are recorded.",
    )


@pages.route("/commissioning/referrals/<referral_id>/delete", methods=["GET", "POST"])
@requires(Permission.REFERRALS_ISSUE)
def delete(referral_id: str) -> Answer:
    """Delete a draft."""
    written = _written(referral_id)
    page = FormPage(
        "Delete this draft?",
        f"Referral {written.reference}",
        "Delete the draft",
        url_for("referrals.drafting.wording", referral_id=referral_id),
        "Check the wording",
        then=url_for("referrals.overview.index"),
        notes=("Its text, files and approvals go with it. This cannot be undone.",),
        is_warning=True,
    )
    act = DeleteForm()
    return answer(page, act, lambda work: delete_draft(work, current_actor(), referral_id), "The draft is deleted.")


def _written(referral_id: str) -> DraftPage:
    with ground().read() as session:
        return draft(session, current_actor(), referral_id)


def _page(
    written: DraftPage,
    title: str,
    button: str,
    *notes: str,
    back: str | None = None,
    back_words: str = "Check the referral",
) -> FormPage:
    return FormPage(
        title,
        f"Referral {written.reference}",
        button,
        back or url_for("referrals.issuing.check", referral_id=written.id),
        back_words,
        notes=notes,
    )
