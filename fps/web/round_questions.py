"""The lead authority's pages of questions about a round; none of them says who asked (R11)."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from fps.actions.rounds.clarify import publish_answer, set_aside
from fps.queries.round_questions import answers, waiting_question, waiting_questions
from fps.queries.rounds import led_round
from fps.web.round_forms import AnswerForm, ReasonForm
from kernel.errors import ConflictError, InvalidInputError
from kernel.web import ground
from people.permissions import Permission
from people.web.guard import current_actor, requires
from people.web.paging import SIZE, Page, page_asked

pages = Blueprint("round_questions", __name__)
Shown = str | Response | tuple[str, int]


@pages.get("/register/rounds/<round_id>/questions")
@requires(Permission.ROUNDS_RUN)
def index(round_id: str) -> str:
    """Show the questions that wait, and those that are answered."""
    number = page_asked()
    with ground().read() as session:
        card = led_round(session, current_actor(), round_id)
        waiting, total = waiting_questions(session, round_id, offset=(number - 1) * SIZE, limit=SIZE)
        told = answers(session, round_id)
    page = Page(number, SIZE, total)
    return render_template("fps/rounds/questions.html", round=card, waiting=waiting, answers=told, page=page)


@pages.route("/register/rounds/<round_id>/questions/<question_id>", methods=["GET", "POST"])
@requires(Permission.ROUNDS_RUN)
def answer(round_id: str, question_id: str) -> Shown:
    """Answer a question to all at once."""
    with ground().read() as session:
        card = led_round(session, current_actor(), round_id)
        asked = waiting_question(session, round_id, question_id)
    form = AnswerForm()
    if not form.is_submitted():
        form.question.data = asked.words
    if form.validate_on_submit():
        try:
            with ground().work() as work:
                publish_answer(work, current_actor(), question_id, form.question.data or "", form.answer.data or "")
        except InvalidInputError as error:
            form.show(error)
        except ConflictError as error:
            form.show_at(form.answer, str(error))
        else:
            flash("The answer is published. Everybody who takes part has been told at the same moment.")
            return redirect(url_for(".index", round_id=round_id), code=303)
    page = render_template("fps/rounds/answer.html", form=form, round=card, asked=asked)
    return page, 422 if form.is_submitted() else 200


@pages.route("/register/rounds/<round_id>/questions/<question_id>/set-aside", methods=["GET", "POST"])
@requires(Permission.ROUNDS_RUN)
def put_aside(round_id: str, question_id: str) -> Shown:
    """Set a question aside; whoever asked is told why, and nobody learns who it was."""
    with ground().read() as session:
        card = led_round(session, current_actor(), round_id)
        waiting_question(session, round_id, question_id)
    form = ReasonForm()
    form.reason.label.text = "Why will the question not be answered in public?"
    form.reason.description = "Only whoever asked reads this."
    if form.validate_on_submit():
        try:
            with ground().work() as work:
                set_aside(work, current_actor(), question_id, form.reason.data or "")
        except InvalidInputError as error:
            form.show(error)
        else:
            flash("The question is set aside. Whoever asked has been told why.")
            return redirect(url_for(".index", round_id=round_id), code=303)
    words = {"heading": "Set this question aside", "button": "Set aside"}
    page = render_template("fps/rounds/reason.html", form=form, round=card, **words)
    return page, 422 if form.is_submitted() else 200
