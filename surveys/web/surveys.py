from __future__ import annotations

import re

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response as Reply

from kernel.web import ground
from people.permissions import Permission, may, organisations_with
from people.queries import organisation
from people.web.guard import current_actor, requires
from people.web.paging import page_of
from surveys import queries
from surveys.actions.close_survey import close_survey
from surveys.model import SurveyCard, SurveyStatus
from surveys.rules.export import ExportFacts, export_rows, to_csv
from surveys.web.results import tables
from surveys.web.words import STATUS_TAGS, how_many, language_names

pages = Blueprint("surveys", __name__)


def own_survey(session: Session, survey_id: str, permission: Permission) -> SurveyCard:
    """Return a survey of a forum in which the person signed in holds the permission; raises NotFoundError."""
    return queries.survey(session, survey_id, organisations_with(current_actor(), permission))


@pages.get("/surveys")
@requires(Permission.SURVEYS_READ)
def index() -> str:
    """Show the surveys of one's own forum, the newest first; all or those of the status in the address."""
    actor, asked = current_actor(), request.args.get("status", "")
    status = SurveyStatus(asked) if asked in set(SurveyStatus) else None
    with ground().read() as session:
        forum_ids = organisations_with(actor, Permission.SURVEYS_READ)
        page = page_of(queries.count_surveys(session, forum_ids, status))
        found = queries.surveys_of(session, forum_ids, status, offset=page.offset, limit=page.size)
        far = {survey.id: queries.participation(session, survey.id) for survey in found}
        forums = {survey.forum_id: organisation(session, survey.forum_id).name for survey in found}
    return render_template(
        "surveys/surveys.html",
        surveys=found,
        page=page,
        status=status,
        statuses=[("", "Any status"), *((each.value, STATUS_TAGS[each][0]) for each in SurveyStatus)],
        far=far,
        forums=forums,
        tags=STATUS_TAGS,
        how_many=how_many,
        may_run=may(actor, Permission.SURVEYS_RUN),
    )


@pages.get("/surveys/<survey_id>")
@requires(Permission.SURVEYS_READ)
def one(survey_id: str) -> str | Reply:
    """Show how far a survey has come and what may be shown of its answers (V10)."""
    actor = current_actor()
    with ground().read() as session:
        survey = own_survey(session, survey_id, Permission.SURVEYS_READ)
        if survey.status is SurveyStatus.DRAFT:
            return redirect(url_for("surveys.starting.start", survey_id=survey_id), code=303)
        far = queries.participation(session, survey_id)
        results = queries.results(session, survey)
        forum = organisation(session, survey.forum_id).name
    return render_template(
        "surveys/survey.html",
        survey=survey,
        forum=forum,
        tag=STATUS_TAGS[survey.status],
        far=far,
        how_many=how_many,
        respondents=results.respondents,
        tables=tables(results),
        may_run=may(actor, Permission.SURVEYS_RUN),
        may_export=may(actor, Permission.SURVEYS_EXPORT),
    )


@pages.post("/surveys/<survey_id>/close")
@requires(Permission.SURVEYS_RUN)
def close(survey_id: str) -> Reply:
    """Close a survey before its last day."""
    with ground().work() as work:
        close_survey(work, current_actor(), survey_id)
    flash("The survey is closed. All its answers are counted now.")
    return redirect(url_for(".one", survey_id=survey_id), code=303)


@pages.get("/surveys/<survey_id>/results.csv")
@requires(Permission.SURVEYS_EXPORT)
def results_csv(survey_id: str) -> Response:
    """Give the counts of the page as a spreadsheet, hidden where the page hides them."""
    with ground().read() as session:
        survey = own_survey(session, survey_id, Permission.SURVEYS_EXPORT)
        found = queries.results(session, survey)
        facts = ExportFacts(
            survey=survey.title,
            version=survey.version,
            forum=organisation(session, survey.forum_id).name,
            council=organisation(session, survey.council_id).name if survey.council_id else "",
            languages=language_names({code for question in found.questions for code in question.languages}),
        )
    name = re.sub(r"[^a-z0-9]+", "-", f"{survey.title} {ground().clock.now():%Y-%m-%d}".lower()).strip("-")
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"}
    return Response(to_csv(export_rows(facts, found.questions)), mimetype="text/csv", headers=headers)
