from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from kernel.calendar import london_date
from kernel.errors import InvalidInputError
from kernel.web import ground
from people.permissions import Permission, organisations_with
from people.queries import organisation
from people.web.guard import current_actor, requires
from qa_visits import queries
from qa_visits.actions.submit_evidence import SubmitEvidence, submit_evidence
from qa_visits.queries import PAGE
from qa_visits.web.forms import EvidenceForm
from qa_visits.web.lists import page_number, which_asked
from qa_visits.web.words import rag_tag

pages = Blueprint("own_actions", __name__)


@pages.get("/my-improvement-actions")
@requires(Permission.PLANS_ANSWER)
def index() -> str:
    """Show a provider the improvement actions of its own settings."""
    page = page_number()
    with ground().read() as session:
        found = queries.actions_of_providers(
            session,
            organisations_with(current_actor(), Permission.PLANS_ANSWER),
            which=which_asked(),
            today=london_date(ground().clock.now()),
            offset=page * PAGE,
        )
    return render_template(
        "qa_visits/own_actions.html",
        actions=[(action, rag_tag(action)) for action in found],
        which=which_asked(),
        page=page,
        is_full=len(found) == PAGE,
    )


@pages.route("/my-improvement-actions/<action_id>", methods=["GET", "POST"])
@requires(Permission.PLANS_ANSWER)
def one(action_id: str) -> str | Response | tuple[str, int]:
    """Show a provider one of its improvement actions, and take evidence for it."""
    form = EvidenceForm()
    if not form.validate_on_submit():
        return _page(action_id, form), 422 if form.is_submitted() else 200
    try:
        with ground().work() as work:
            submit_evidence(work, current_actor(), SubmitEvidence(action_id, str(form.text.data)))
    except InvalidInputError as error:
        form.show(error)
        return _page(action_id, form), error.status
    flash("Your evidence is sent. A quality officer will check it.")
    return redirect(url_for(".one", action_id=action_id), code=303)


def _page(action_id: str, form: EvidenceForm) -> str:
    with ground().read() as session:
        action = queries.action(
            session,
            action_id,
            today=london_date(ground().clock.now()),
            provider_ids=organisations_with(current_actor(), Permission.PLANS_ANSWER),
        )
        evidence = queries.evidence(session, action_id)
        council = organisation(session, action.council_id).name
    return render_template(
        "qa_visits/own_action.html",
        action=action,
        tag=rag_tag(action),
        evidence=evidence,
        council=council,
        form=form,
    )
