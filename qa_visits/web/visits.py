from __future__ import annotations

from flask import Blueprint, Response, render_template, request

from kernel.calendar import london_date
from kernel.errors import NotFoundError
from kernel.web import ground
from people.model import Role
from people.permissions import Permission, may, organisations_with
from people.queries import organisation
from people.web.guard import current_actor, requires
from qa_visits import queries
from qa_visits.model import VisitState
from qa_visits.queries import PAGE
from qa_visits.rules.invitations import invitation_to, write_invitation
from qa_visits.rules.states import choices
from qa_visits.rules.wording import time_label
from qa_visits.web.lists import page_number, which_asked
from qa_visits.web.words import STATE_TAGS, happened, names_of, rag_tag

pages = Blueprint("visits", __name__)


@pages.get("/visits")
@requires(Permission.VISITS_READ)
def index() -> str:
    """Show the visits of the officer signed in, or of all officers of their council."""
    actor = current_actor()
    is_officer = actor.has(Role.QA_OFFICER)
    shows_all = not is_officer or request.args.get("of") == "all"
    page = page_number()
    with ground().read() as session:
        found = queries.visits(
            session,
            organisations_with(actor, Permission.VISITS_READ),
            which=which_asked(),
            officer_id=None if shows_all else actor.id,
            offset=page * PAGE,
        )
        names = names_of(session, {visit.officer_id for visit in found})
    return render_template(
        "qa_visits/visits.html",
        visits=found,
        names=names,
        tags=STATE_TAGS,
        shows_all=shows_all,
        is_officer=is_officer,
        which=which_asked(),
        page=page,
        is_full=len(found) == PAGE,
        may_plan=may(actor, Permission.VISITS_PLAN),
    )


@pages.get("/visits/<visit_id>")
@requires(Permission.VISITS_READ)
def one(visit_id: str) -> str:
    """Show one visit: what it is, what can be done with it, what has happened."""
    actor = current_actor()
    today = london_date(ground().clock.now())
    with ground().read() as session:
        visit = queries.visit(session, visit_id, organisations_with(actor, Permission.VISITS_READ))
        settings = queries.figures(session)
        shown = {
            "visit": visit,
            "tag": STATE_TAGS[visit.state],
            "council": organisation(session, visit.council_id).name,
            "provider": organisation(session, visit.provider_id).name,
            "names": names_of(session, {visit.officer_id, visit.proposed_by}),
            "time_label": time_label,
            "steps": happened(session, queries.timeline(session, visit_id)),
            "actions": [(each, rag_tag(each)) for each in queries.actions_of_visit(session, visit_id, today=today)],
            "others": [
                (other, organisation(session, other.council_id).name)
                for other in queries.visits_near(session, visit.setting_id, visit.day, within_d=settings.reuse_d)
                if other.id != visit_id and other.council_id != visit.council_id
            ],
        }
    plans = visit.council_id in organisations_with(actor, Permission.VISITS_PLAN)
    is_its_officer = actor.stands_for(visit.officer_id, visit.council_id)
    may_do = choices(visit.state, day=visit.day, today=today, is_its_officer=is_its_officer, plans=plans)
    return render_template("qa_visits/visit.html", may_do=may_do, may_plan=plans, **shown)


@pages.get("/visits/<visit_id>/invitation.ics")
@requires(Permission.VISITS_READ)
def calendar_entry(visit_id: str) -> Response:
    """Give the visit as a calendar file for the reader's own calendar; it asks nobody for an answer."""
    with ground().read() as session:
        visit = queries.visit(session, visit_id, organisations_with(current_actor(), Permission.VISITS_READ))
        council = organisation(session, visit.council_id).name
    if visit.state is VisitState.CANCELLED:
        raise NotFoundError
    text = write_invitation(invitation_to(visit, council, ground().clock.now()))
    headers = {"Content-Disposition": 'attachment; filename="visit.ics"'}
    return Response(text, mimetype="text/calendar", headers=headers)
