"""The second pair of eyes: asking for it, deciding, and what waits for one."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from kernel.errors import InvalidInputError
from kernel.web import ground
from people.permissions import Permission
from people.web.guard import current_actor, requires
from people.web.paging import page_of
from referrals.actions.approvals.decide_approval import DecideApproval, decide_approval
from referrals.actions.approvals.look_at_draft import Look, ask_for_look, decide_look
from referrals.model.approvals import OF_A_DRAFT, ApprovalKind, ApprovalOutcome
from referrals.queries.looks import approvals_waiting, asked_approval, count_to_approve
from referrals.web.forms import IssueForm
from referrals.web.issuing import check_page
from referrals.web.preparing_forms import DecisionForm

pages = Blueprint("approving", __name__)


@pages.get("/commissioning/approvals")
@requires(Permission.REFERRALS_ISSUE)
def index() -> str:
    """Show what waits for oneself as the second person."""
    with ground().read() as session:
        page = page_of(count_to_approve(session, current_actor()))
        found = approvals_waiting(session, current_actor(), offset=page.offset, limit=page.size)
    return render_template("referrals/preparing/approvals.html", found=found, page=page)


@pages.route("/commissioning/approvals/<approval_id>", methods=["GET", "POST"])
@requires(Permission.REFERRALS_ISSUE)
def one(approval_id: str) -> str | Response | tuple[str, int]:
    """Decide what a colleague asked of an issued referral."""
    actor, form = current_actor(), DecisionForm()
    with ground().read() as session:
        asked = asked_approval(session, actor, approval_id)
    if asked.card.kind in OF_A_DRAFT:
        return redirect(url_for("referrals.issuing.check", referral_id=asked.card.referral_id), code=303)
    if asked.card.kind is ApprovalKind.LATE_ADMISSION:
        return redirect(url_for("referrals.admitting.index", referral_id=asked.card.referral_id), code=303)
    if form.validate_on_submit():
        try:
            with ground().work() as work:
                decision = DecideApproval(approval_id, ApprovalOutcome(form.outcome.data), form.words.data or "")
                decide_approval(work, actor, decision)
        except InvalidInputError as error:
            form.show(error)
        else:
            flash("Your decision is recorded.")
            return redirect(url_for(".index"), code=303)
    may_decide = asked.may_be_decided_by(actor.id)
    shown = render_template("referrals/preparing/approval.html", asked=asked, form=form, may_decide=may_decide)
    return shown, 422 if form.is_submitted() else 200


@pages.post("/commissioning/referrals/<referral_id>/approval")
@requires(Permission.REFERRALS_ISSUE)
def ask(referral_id: str) -> str | Response | tuple[str, int]:
    """Ask a colleague to approve a draft exactly as it was shown."""
    form = IssueForm()
    if not form.validate_on_submit():
        return check_page(referral_id, form, DecisionForm(), 422)
    with ground().work() as work:
        ask_for_look(work, current_actor(), Look(referral_id, form.previewed.data or ""))
    flash("A colleague can approve it now. They find it under Approvals.")
    return redirect(url_for("referrals.issuing.check", referral_id=referral_id), code=303)


@pages.post("/commissioning/referrals/<referral_id>/decision")
@requires(Permission.REFERRALS_ISSUE)
def decide(referral_id: str) -> str | Response | tuple[str, int]:
    """Approve a colleague's draft exactly as it was shown, or send it back."""
    shown, form = IssueForm(), DecisionForm()
    if not form.validate_on_submit():
        return check_page(referral_id, shown, form, 422)
    outcome = ApprovalOutcome(form.outcome.data)
    look = Look(referral_id, shown.previewed.data or "")
    try:
        with ground().work() as work:
            decide_look(work, current_actor(), look, outcome, form.words.data or "")
    except InvalidInputError as error:
        form.show(error)
        return check_page(referral_id, shown, form, error.status)
    is_approved = outcome is ApprovalOutcome.APPROVED
    flash("You approved it. Anybody of your council can issue it now." if is_approved else "You sent it back.")
    return redirect(url_for("referrals.issuing.check", referral_id=referral_id), code=303)
