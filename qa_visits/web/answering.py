from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from itertools import islice

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from kernel.calendar import london_date
from kernel.errors import InvalidInputError
from kernel.web import ground
from kernel.work import Work
from people.model import Role
from people.permissions import Permission, organisations_with
from people.queries import persons_with_role
from people.web.forms import PageForm
from people.web.guard import current_actor, requires
from qa_visits import queries
from qa_visits.actions.accept_visit import accept_visit
from qa_visits.actions.cancel_visit import CancelVisit, cancel_visit
from qa_visits.actions.decline_visit import DeclineVisit, decline_visit
from qa_visits.actions.offer_day import OfferDay, offer_day
from qa_visits.actions.record_outcome import NewAction, RecordOutcome, record_outcome
from qa_visits.actions.take_day import DayTakenError
from qa_visits.model import Head, Judgement, Priority, VisitCard
from qa_visits.rules.days import free_days
from qa_visits.web.forms import CancelForm, DeclineForm, OtherDayForm, OutcomeForm

pages = Blueprint("answering", __name__)

Answer = str | Response | tuple[str, int]


@dataclass(frozen=True)
class Asking:
    """A page that asks something about a visit: its view, its heading and what its button says."""

    view: str
    heading: str
    button: str


_ANOTHER_DAY = Asking("other_day", "Another day", "Book this day")


@pages.post("/visits/<visit_id>/accept")
@requires(Permission.VISITS_PLAN)
def accept(visit_id: str) -> Answer:
    """Accept a proposed visit; where its day has come too near, ask for another day."""
    visit = _visit(visit_id)
    try:
        with ground().work() as work:
            accept_visit(work, current_actor(), visit_id)
    except InvalidInputError as error:
        form = OtherDayForm(formdata=None)
        form.show(error)
        return _page(visit, form, _ANOTHER_DAY), error.status
    return _back(visit, "The visit is booked.")


@pages.route("/visits/<visit_id>/another-day", methods=["GET", "POST"])
@requires(Permission.VISITS_PLAN)
def other_day(visit_id: str) -> Answer:
    """Offer another day for a visit, with the next ones that fit named."""
    visit = _visit(visit_id)
    form = OtherDayForm()
    return _handle(
        visit,
        form,
        _ANOTHER_DAY,
        run=lambda work: offer_day(work, current_actor(), OfferDay(visit_id, form.day.data)),
        done="The visit has its new day.",
    )


@pages.route("/visits/<visit_id>/decline", methods=["GET", "POST"])
@requires(Permission.VISITS_PLAN)
def decline(visit_id: str) -> Answer:
    """Decline a proposed visit."""
    visit = _visit(visit_id)
    form = DeclineForm()
    return _handle(
        visit,
        form,
        Asking("decline", "Decline this visit", "Decline"),
        run=lambda work: decline_visit(work, current_actor(), DeclineVisit(visit_id, form.reason.data or "")),
        done="You have declined the visit.",
    )


@pages.route("/visits/<visit_id>/cancel", methods=["GET", "POST"])
@requires(Permission.VISITS_PLAN)
def cancel(visit_id: str) -> Answer:
    """Cancel a visit."""
    visit = _visit(visit_id)
    form = CancelForm()
    return _handle(
        visit,
        form,
        Asking("cancel", "Cancel this visit", "Cancel the visit"),
        run=lambda work: cancel_visit(work, current_actor(), CancelVisit(visit_id, form.reason.data or "")),
        done="The visit is cancelled.",
    )


@pages.route("/visits/<visit_id>/outcome", methods=["GET", "POST"])
@requires(Permission.VISITS_PLAN)
def outcome(visit_id: str) -> Answer:
    """Record what a visit found and the improvement action that it leaves."""
    visit = _visit(visit_id)
    form = OutcomeForm()
    with ground().read() as session:
        people = persons_with_role(session, Role.PROVIDER_USER, visit.provider_id)
    form.owner.choices = [SelectChoice(each.id, each.name) for each in people]
    return _handle(
        visit,
        form,
        Asking("outcome", "What the visit found", "Record"),
        run=lambda work: record_outcome(work, current_actor(), _outcome(form, visit_id)),
        done="The outcome is recorded.",
    )


def _outcome(form: OutcomeForm, visit_id: str) -> RecordOutcome:
    leaves_action = bool(form.title.data or form.success_measure.data or form.due_on.data)
    return RecordOutcome(
        visit_id=visit_id,
        judgement=Judgement(form.judgement.data),
        summary=str(form.summary.data),
        actions=(_action(form),) if leaves_action else (),
    )


def _action(form: OutcomeForm) -> NewAction:
    if form.due_on.data is None:
        raise InvalidInputError("due_on", "Enter the date by which it is due.")
    return NewAction(
        title=form.title.data or "",
        head=Head(form.head.data),
        priority=Priority(form.priority.data),
        owner_id=str(form.owner.data),
        success_measure=form.success_measure.data or "",
        due_on=form.due_on.data,
    )


def _handle(visit: VisitCard, form: PageForm, asking: Asking, *, run: Callable[[Work], object], done: str) -> Answer:
    """Show a form about a visit, or run its action and go back to the visit."""
    if not form.validate_on_submit():
        return _page(visit, form, asking), 422 if form.is_submitted() else 200
    try:
        with ground().work() as work:
            run(work)
    except (InvalidInputError, DayTakenError) as error:
        form.show(error if isinstance(error, InvalidInputError) else InvalidInputError("day", str(error)))
        return _page(visit, form, asking), error.status
    return _back(visit, done)


def _page(visit: VisitCard, form: PageForm, asking: Asking) -> str:
    free = _free_days(visit) if isinstance(form, OtherDayForm) else []
    return render_template("qa_visits/visit_form.html", visit=visit, form=form, asking=asking, free=free)


def _free_days(visit: VisitCard) -> list[date]:
    with ground().read() as session:
        question = queries.day_question(
            session,
            visit_type=visit.visit_type,
            is_unannounced=visit.is_unannounced,
            setting_id=visit.setting_id,
            officer_id=visit.officer_id,
            today=london_date(ground().clock.now()),
            but_visit_id=visit.id,
        )
    fitting = (day for day in free_days(question) if day != visit.day)
    return list(islice(fitting, question.settings.offered_days))


def _visit(visit_id: str) -> VisitCard:
    with ground().read() as session:
        return queries.visit(session, visit_id, organisations_with(current_actor(), Permission.VISITS_PLAN))


def _back(visit: VisitCard, done: str) -> Response:
    flash(done)
    return redirect(url_for("qa_visits.visits.one", visit_id=visit.id), code=303)
