"""Applications as the lead authority and evaluators see them: counts before a round has closed, all of them after."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as Reply

from fps.actions.applications.clarify import ask_applicant
from fps.actions.applications.name_evaluators import NameEvaluators, name_evaluators
from fps.model.applications import APPLICATION_WORDS, CRITERIA, ApplicationCard
from fps.queries import lots_by_id
from fps.queries.applications import clarifications_of, contract_of, decisions_of
from fps.queries.evaluations import (
    evaluated_application,
    evaluations_of,
    is_lead_of,
    led_application,
    moderation_of,
    opened_applications,
    opened_content,
    own_parts,
    round_to_evaluate,
    rounds_to_evaluate,
)
from fps.queries.evaluators import named_evaluators, possible_evaluators
from fps.queries.joined import published_at
from fps.queries.rounds import joining_round
from fps.rules.applications import are_all_in, is_in_time
from fps.web.application_content import content_of
from fps.web.application_forms import AskForm, EvaluatorsForm
from fps.web.application_words import STATE_TAGS
from kernel.calendar import london_date
from kernel.errors import InvalidInputError, NotFoundError
from kernel.web import ground
from people.permissions import Permission
from people.queries import organisation, organisations, persons
from people.web.guard import current_actor, requires
from people.web.options import options
from people.web.paging import SIZE, Page, page_asked

pages = Blueprint("applications", __name__)
_WHO = (
    "Choose at least two people. Each evaluates alone; nobody sees the others' marks before all are in, and "
    "nobody is added to an application after that. What somebody whom you leave out has written is kept, and is there "
    "again if you name them again."
)


@pages.get("/register/applications")
@requires(Permission.APPLICATIONS_EVALUATE)
def index() -> str:
    """Show the rounds whose applications concern the reader."""
    now, number = ground().clock.now(), page_asked()
    with ground().read() as session:
        found, total = rounds_to_evaluate(session, current_actor(), now, offset=(number - 1) * SIZE)
    return render_template("fps/applications/rounds.html", found=found, page=Page(number, SIZE, total), now=now)


@pages.get("/register/applications/rounds/<round_id>")
@requires(Permission.APPLICATIONS_EVALUATE)
def of_round(round_id: str) -> str:
    """Show how far a round has got: counts while it is open, its applications once it has closed and is opened."""
    now, number, actor = ground().clock.now(), page_asked(), current_actor()
    with ground().read() as session:
        line = round_to_evaluate(session, actor, round_id)
        found, total = opened_applications(session, actor, round_id, offset=(number - 1) * SIZE)
        mine = own_parts(session, actor.id, [each.card.id for each in found])
        listed_at = published_at(session, round_id)
        names = {place.id: place.name for place in organisations(session)}
    return render_template(
        "fps/applications/round.html",
        line=line,
        found=found,
        page=Page(number, SIZE, total),
        mine=mine,
        names=names,
        is_lead=is_lead_of(actor, line.joined.lead_id),
        has_closed=not is_in_time(now, line.joined.closes_at),
        listed_at=listed_at,
        words=APPLICATION_WORDS,
        tags=STATE_TAGS,
    )


@pages.route("/register/applications/rounds/<round_id>/evaluators", methods=["GET", "POST"])
@requires(Permission.ROUNDS_RUN)
def evaluators(round_id: str) -> str | Reply | tuple[str, int]:
    """Name who evaluates the applications of a round; with this they are opened."""
    return _evaluators(round_id, None)


@pages.route("/register/applications/<application_id>/evaluators", methods=["GET", "POST"])
@requires(Permission.ROUNDS_RUN)
def evaluators_of_one(application_id: str) -> str | Reply | tuple[str, int]:
    """Name who evaluates one application, where somebody has a conflict of interest or has left."""
    with ground().read() as session:
        card = evaluated_application(session, current_actor(), application_id)
    return _evaluators(card.round_id, card)


def _evaluators(round_id: str, card: ApplicationCard | None) -> str | Reply | tuple[str, int]:
    actor = current_actor()
    form = EvaluatorsForm()
    with ground().read() as session:
        joined = joining_round(session, round_id)
        if not is_lead_of(actor, joined.lead_id):
            raise NotFoundError
        possible = possible_evaluators(session, joined, london_date(ground().clock.now()))
        there = (
            [each.person_id for each in evaluations_of(session, card.id, actor.id) if not each.has_conflict]
            if card
            else named_evaluators(session, round_id)
        )
        names = {place.id: place.name for place in organisations(session)}
    form.people.choices = options(
        (person_id, f"{person.name}, {names[council_id]}") for person_id, (person, council_id) in possible.items()
    )
    back = url_for(".one", application_id=card.id) if card else url_for(".of_round", round_id=round_id)
    if not form.is_submitted():
        form.people.data = there
    elif form.validate():
        command = NameEvaluators(round_id, tuple(form.people.data or ()), card.id if card else None)
        try:
            with ground().work() as work:
                count = name_evaluators(work, actor, command)
        except InvalidInputError as error:
            form.show(error)
        else:
            flash(f"They evaluate {count} {'application' if count == 1 else 'applications'} and have been told.")
            return redirect(back, code=303)
    page = render_template(
        "fps/applications/staff_form.html",
        form=form,
        heading="Who evaluates?",
        caption=joined.title,
        lead=_WHO,
        back=back,
        button="Name them",
    )
    return page, 422 if form.is_submitted() else 200


@pages.get("/register/applications/<application_id>")
@requires(Permission.APPLICATIONS_EVALUATE)
def one(application_id: str) -> str:
    """Show an opened application: what it says, its evidence, who evaluates, what was asked and what is decided."""
    actor = current_actor()
    with ground().read() as session:
        card = evaluated_application(session, actor, application_id)
        joined = joining_round(session, card.round_id)
        evaluations = evaluations_of(session, card.id, actor.id)
        own = next((each for each in evaluations if each.person_id == actor.id), None)
        is_lead = is_lead_of(actor, card.lead_id)
        acts = is_lead and not (own and own.has_conflict)
        reads = own.has_conflict is False if own else is_lead
        sent = opened_content(session, actor, card.id) if reads else None
        shown = content_of(session, card, sent) if sent else []
        asked = clarifications_of(session, card.id) if reads else []
        decisions = decisions_of(session, card.id) if acts or card.told_at else []
        people = {each.person_id for each in evaluations} | {each.asked_by for each in asked}
        return render_template(
            "fps/applications/application.html",
            card=card,
            joined=joined,
            provider=organisation(session, card.provider_id).name,
            evaluations=evaluations,
            all_in=are_all_in(evaluations),
            own=own,
            is_lead=is_lead,
            acts=acts,
            sent=sent,
            shown=shown,
            asked=asked,
            decisions=decisions,
            lots=lots_by_id(session, {each.lot_id for each in decisions}),
            moderation=moderation_of(session, card.id) if reads else None,
            contract=contract_of(session, card.id),
            entry_names={each["entry"]: each["name"] for each in sent.content["settings"]} if sent else {},
            names={person_id: person.name for person_id, person in persons(session, people).items()},
            criteria={each.key: each.title for each in CRITERIA},
            councils={place.id: place.name for place in organisations(session)},
            words=APPLICATION_WORDS,
            tags=STATE_TAGS,
        )


@pages.route("/register/applications/<application_id>/ask", methods=["GET", "POST"])
@requires(Permission.ROUNDS_RUN)
def ask(application_id: str) -> str | Reply | tuple[str, int]:
    """Ask one applicant to make something clear."""
    form = AskForm()
    with ground().read() as session:
        card = led_application(session, current_actor(), application_id)
        provider = organisation(session, card.provider_id).name
    back = url_for(".one", application_id=card.id)
    if form.validate_on_submit():
        try:
            with ground().work() as work:
                ask_applicant(work, current_actor(), card.id, str(form.question.data), form.due_on.data)
        except InvalidInputError as error:
            form.show(error)
        else:
            flash("The question is sent. You will be told when it is answered.")
            return redirect(back, code=303)
    page = render_template(
        "fps/applications/staff_form.html",
        form=form,
        heading="Ask the applicant",
        caption=provider,
        lead="Every user of the provider gets it. Ask only what makes clear what was sent: nothing new can be added.",
        back=back,
        button="Send the question",
    )
    return page, 422 if form.is_submitted() else 200
