from __future__ import annotations

from collections import Counter
from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as Reply

from kernel.calendar import london_date
from kernel.errors import InvalidInputError
from kernel.web import ground
from people.permissions import Permission, organisations_with
from people.queries import organisation
from people.rules import end_of_quiet
from people.web.guard import current_actor, requires
from surveys import queries
from surveys.actions.create_survey import CreateSurvey, create_survey
from surveys.actions.start_survey import StartSurvey, audience, start_survey
from surveys.model import FALLBACK_LANGUAGE, Definition, Invitee, SurveyCard, SurveyStatus
from surveys.rules.ready_made_surveys import ready_made_surveys
from surveys.web.forms import NewSurveyForm, StartForm
from surveys.web.preview import LanguagePreview, preview
from surveys.web.surveys import own_survey
from surveys.web.words import LEFT_OUT_WORDS, language_name

pages = Blueprint("starting", __name__)

_USUAL = timedelta(days=14)


@pages.route("/surveys/new", methods=["GET", "POST"])
@requires(Permission.SURVEYS_RUN)
def new() -> str | Reply | tuple[str, int]:
    """Choose what to ask; that makes a draft, and nobody is asked yet."""
    actor = current_actor()
    ready = {definition.key: definition for definition in ready_made_surveys()}
    form = NewSurveyForm()
    form.questions.choices = [(key, _described(definition)) for key, definition in ready.items()]
    with ground().read() as session:
        forums = organisations_with(actor, Permission.SURVEYS_RUN)
        form.forum.choices = [(forum_id, organisation(session, forum_id).name) for forum_id in forums]
    if not form.is_submitted() and len(form.forum.choices) == 1:
        form.forum.data = form.forum.choices[0][0]
    if not form.validate_on_submit():
        return render_template("surveys/new.html", form=form), 422 if form.is_submitted() else 200
    with ground().work() as work:
        survey_id = create_survey(work, actor, CreateSurvey(form.forum.data, ready[form.questions.data]))
    return redirect(url_for(".start", survey_id=survey_id), code=303)


def _described(definition: Definition) -> str:
    title = definition.title.in_language(FALLBACK_LANGUAGE)
    return f"{title}, {len(definition.asked)} questions in {_listed(_languages(definition))}"


def _languages(definition: Definition) -> list[str]:
    return sorted(definition.title.by_language)


def _listed(codes: list[str]) -> str:
    names = [language_name(code) for code in codes]
    return " and ".join(filter(None, (", ".join(names[:-1]), names[-1])))


@pages.route("/surveys/<survey_id>/start", methods=["GET", "POST"])
@requires(Permission.SURVEYS_RUN)
def start(survey_id: str) -> str | Reply | tuple[str, int]:
    """Show what will be asked of whom, as texts in every language; then ask them."""
    form = StartForm()
    if form.validate_on_submit():
        try:
            with ground().work() as work:
                started = start_survey(work, current_actor(), StartSurvey(survey_id, form.closes_at()))
        except InvalidInputError as error:
            form.show(error)
        else:
            flash(f"The survey has started. We are asking {started.asked} parents and carers.")
            return redirect(url_for("surveys.surveys.one", survey_id=survey_id), code=303)
    return _start_page(survey_id, form)


def _start_page(survey_id: str, form: StartForm) -> str | Reply | tuple[str, int]:
    now = ground().clock.now()
    with ground().read() as session:
        survey = own_survey(session, survey_id, Permission.SURVEYS_RUN)
        if survey.status is not SurveyStatus.DRAFT:
            return redirect(url_for("surveys.surveys.one", survey_id=survey_id), code=303)
        definition = queries.definition_of(session, survey_id, survey.version)
        forum = organisation(session, survey.forum_id).name
        everybody = list(queries.invitees(session, definition, audience(survey.forum_id, survey.council_id), now))
    if not form.is_submitted():
        form.closes_on.data = london_date(now) + _USUAL
    previews = [preview(definition, forum, code) for code in _languages(definition)]
    page = _page(survey, forum, everybody, previews, is_night=end_of_quiet(now) is not None)
    return render_template("surveys/start.html", form=form, **page), 422 if form.errors else 200


def _page(
    survey: SurveyCard, forum: str, everybody: list[Invitee], previews: list[LanguagePreview], *, is_night: bool
) -> dict[str, object]:
    asked = [invitee for invitee in everybody if invitee.left_out is None]
    by_code = {shown.code: shown for shown in previews}
    reasons = Counter(invitee.left_out for invitee in everybody if invitee.left_out is not None)
    return {
        "survey": survey,
        "forum": forum,
        "asked": len(asked),
        "left_out": [(LEFT_OUT_WORDS[reason], count) for reason, count in sorted(reasons.items())],
        "previews": previews,
        "is_night": is_night,
        "segments": sum(by_code[invitee.language].segments for invitee in asked),
    }
