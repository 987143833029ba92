from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from kernel.calendar import london_date
from kernel.errors import InvalidInputError
from kernel.web import ground
from people.model import Role
from people.permissions import Permission, organisations_with
from people.web.guard import current_actor, requires
from qa_visits import queries
from qa_visits.actions.reject_evidence import RejectEvidence, reject_evidence
from qa_visits.actions.verify_action import verify_action
from qa_visits.model import ActionState
from qa_visits.queries import PAGE
from qa_visits.web.forms import SendBackForm
from qa_visits.web.lists import page_number, which_asked
from qa_visits.web.words import happened, names_of, rag_tag

pages = Blueprint("improvement_actions", __name__)


@pages.get("/improvement-actions")
@requires(Permission.VISITS_READ)
def index() -> str:
    """Show the improvement actions that the council watches, with their colours in words."""
    page = page_number()
    with ground().read() as session:
        found = queries.actions_of_councils(
            session,
            organisations_with(current_actor(), Permission.VISITS_READ),
            which=which_asked(),
            today=london_date(ground().clock.now()),
            offset=page * PAGE,
        )
        names = names_of(session, {action.owner_id for action in found})
    return render_template(
        "qa_visits/actions.html",
        actions=[(action, rag_tag(action)) for action in found],
        names=names,
        which=which_asked(),
        page=page,
        is_full=len(found) == PAGE,
    )


@pages.get("/improvement-actions/<action_id>")
@requires(Permission.VISITS_READ)
def one(action_id: str) -> str:
    """Show one improvement action with its evidence; a quality officer can verify it or send it back."""
    return _page(action_id, SendBackForm())


@pages.post("/improvement-actions/<action_id>/verify")
@requires(Permission.VISITS_PLAN)
def verify(action_id: str) -> Response:
    """Verify the action on its evidence."""
    with ground().work() as work:
        verify_action(work, current_actor(), action_id)
    flash("The action is verified.")
    return redirect(url_for(".one", action_id=action_id), code=303)


@pages.post("/improvement-actions/<action_id>/send-back")
@requires(Permission.VISITS_PLAN)
def send_back(action_id: str) -> Response | tuple[str, int]:
    """Send the evidence back, saying what is missing."""
    form = SendBackForm()
    if not form.validate():
        return _page(action_id, form), 422
    try:
        with ground().work() as work:
            reject_evidence(work, current_actor(), RejectEvidence(action_id, str(form.reason.data)))
    except InvalidInputError as error:
        form.show(error)
        return _page(action_id, form), error.status
    flash("The evidence is sent back.")
    return redirect(url_for(".one", action_id=action_id), code=303)


def _page(action_id: str, form: SendBackForm) -> str:
    actor = current_actor()
    with ground().read() as session:
        action = queries.action(
            session,
            action_id,
            today=london_date(ground().clock.now()),
            council_ids=organisations_with(actor, Permission.VISITS_READ),
        )
        evidence = queries.evidence(session, action_id)
        steps = happened(session, queries.timeline(session, action_id))
        names = names_of(session, {action.owner_id, action.officer_id, *(each.sent_by for each in evidence)})
    may_check = actor.has(Role.QA_OFFICER, action.council_id) and action.state is ActionState.EVIDENCE_IN
    return render_template(
        "qa_visits/action.html",
        action=action,
        tag=rag_tag(action),
        evidence=evidence,
        steps=steps,
        names=names,
        form=form,
        may_check=may_check,
    )
