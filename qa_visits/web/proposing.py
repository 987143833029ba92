from __future__ import annotations

from datetime import date
from itertools import islice

from flask import Blueprint, flash, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from fps.queries import settings_of
from kernel.calendar import london_date
from kernel.errors import ConflictError, InvalidInputError
from kernel.web import ground
from people.model import OrganisationKind, Role
from people.permissions import Permission, organisations_with
from people.queries import organisation, organisations, persons_with_role
from people.web.guard import current_actor, requires
from qa_visits import queries
from qa_visits.actions.propose_visit import ProposeVisit, propose_visit
from qa_visits.model import VisitCard, VisitType
from qa_visits.rules.days import free_days
from qa_visits.web.forms import ProposeForm

pages = Blueprint("proposing", __name__)

_OWN_DAYS = 5
Others = list[tuple[VisitCard, str]]


@pages.route("/visits/new", methods=["GET", "POST"])
@requires(Permission.VISITS_PLAN)
def propose() -> str | Response | tuple[str, int]:
    """Propose a visit; before it goes out, show what other councils have planned at the setting (Q2)."""
    council_id = organisations_with(current_actor(), Permission.VISITS_PLAN)[0]
    form = ProposeForm()
    with ground().read() as session:
        _fill_choices(session, form, council_id)
    if not form.validate_on_submit():
        return _page(form, 422 if form.is_submitted() else 200)
    command = _command(form, council_id)
    others = _others(command)
    if others and form.seen_others.data != _mark(others):
        form.seen_others.data = _mark(others)
        return _page(form, 200, others)
    try:
        with ground().work() as work:
            visit_id = propose_visit(work, current_actor(), command)
    except InvalidInputError as error:
        form.show(error)
        return _page(form, error.status, free=_free_days(command))
    except ConflictError as error:
        form.show_at(form.day, str(error))
        return _page(form, error.status, free=_free_days(command))
    flash("The visit is proposed. The officer has been asked.")
    return redirect(url_for("qa_visits.visits.one", visit_id=visit_id), code=303)


def _fill_choices(session: Session, form: ProposeForm, council_id: str) -> None:
    providers = {card.id: card.name for card in organisations(session, OrganisationKind.PROVIDER)}
    form.setting.choices = [
        SelectChoice(card.id, f"{card.name} ({providers[card.provider_id]})")
        for card in settings_of(session, providers)
    ]
    form.officer.choices = [
        SelectChoice(officer.id, officer.name) for officer in persons_with_role(session, Role.QA_OFFICER, council_id)
    ]


def _command(form: ProposeForm, council_id: str) -> ProposeVisit:
    return ProposeVisit(
        council_id=council_id,
        setting_id=str(form.setting.data),
        visit_type=VisitType(form.visit_type.data),
        officer_id=str(form.officer.data),
        day=form.day.data,
        starts_at=form.starts_at.data,
        ends_at=form.ends_at.data,
        is_unannounced=bool(form.is_unannounced.data),
    )


def _others(command: ProposeVisit) -> Others:
    with ground().read() as session:
        reuse_d = queries.figures(session).reuse_d
        near = queries.visits_near(session, command.setting_id, command.day, within_d=reuse_d)
        return [(visit, organisation(session, visit.council_id).name) for visit in near]


def _mark(others: Others) -> str:
    return ",".join(f"{visit.id}:{visit.day}" for visit, _ in others)


def _free_days(command: ProposeVisit) -> list[date]:
    with ground().read() as session:
        question = queries.day_question(
            session,
            visit_type=command.visit_type,
            is_unannounced=command.is_unannounced,
            setting_id=command.setting_id,
            officer_id=command.officer_id,
            today=london_date(ground().clock.now()),
        )
    return list(islice(free_days(question), _OWN_DAYS))


def _page(
    form: ProposeForm, status: int, others: Others | None = None, free: list[date] | None = None
) -> tuple[str, int]:
    return render_template("qa_visits/propose.html", form=form, others=others or [], free=free or []), status
