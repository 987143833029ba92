"""Questions about a referral and what came of them, for the providers who were asked and for the council."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from kernel.errors import InvalidInputError
from kernel.web import ground
from people.permissions import Permission
from people.web.guard import current_actor, requires
from referrals.actions.equal.acknowledge_version import acknowledge_version
from referrals.actions.equal.answer_question import AnswerQuestion, answer_question
from referrals.actions.equal.ask_question import AskQuestion, ask_question
from referrals.queries.councils import referral
from referrals.queries.questions import council_questions, provider_questions, waiting_question
from referrals.queries.versions import news
from referrals.rules.changing import answer_by
from referrals.rules.identifying import identifying_text
from referrals.web.equal_forms import AnswerForm, QuestionForm

pages = Blueprint("questions", __name__)


@pages.route("/referrals/<referral_id>/questions", methods=["GET", "POST"])
@requires(Permission.REFERRALS_ANSWER)
def asked(referral_id: str) -> str | Response | tuple[str, int]:
    """Show a provider what has changed and what was asked, and take its question."""
    form = QuestionForm()
    form.offer(identifying_text({"words": (form.words.data or "").strip()}) if form.is_submitted() else ())
    if form.validate_on_submit():
        try:
            with ground().work() as work:
                command = AskQuestion(referral_id, str(form.words.data), form.confirmed.data or [])
                ask_question(work, current_actor(), command)
        except InvalidInputError as error:
            form.show(error)
        else:
            flash("Your question is with the council. The answer goes to everybody who was asked.")
            return redirect(url_for(".asked", referral_id=referral_id), code=303)
    now = ground().clock.now()
    with ground().read() as session:
        page = provider_questions(session, current_actor(), referral_id, now)
        told = news(session, current_actor(), referral_id, now)
    shown = render_template("referrals/questions/asked.html", page=page, news=told, form=form)
    return shown, 422 if form.is_submitted() else 200


@pages.post("/referrals/<referral_id>/versions/<int:number>")
@requires(Permission.REFERRALS_ANSWER)
def acknowledge(referral_id: str, number: int) -> Response:
    """Record that one has read a version."""
    with ground().work() as work:
        acknowledge_version(work, current_actor(), referral_id, number)
    flash("Thank you. You have confirmed that you read the change.")
    return redirect(url_for("referrals.answering.asked", referral_id=referral_id), code=303)


@pages.get("/commissioning/referrals/<referral_id>/questions")
@requires(Permission.REFERRALS_READ)
def council(referral_id: str) -> str:
    """Show the council the questions that wait and those that are answered."""
    now = ground().clock.now()
    with ground().read() as session:
        one = referral(session, current_actor(), referral_id, now)
        page = council_questions(session, current_actor(), referral_id)
    return render_template(
        "referrals/questions/council.html", one=one, page=page, answer_by=answer_by(page.deadline_at), now=now
    )


@pages.route("/commissioning/referrals/<referral_id>/questions/<referral_question_id>", methods=["GET", "POST"])
@requires(Permission.REFERRALS_ISSUE)
def answer(referral_id: str, referral_question_id: str) -> str | Response | tuple[str, int]:
    """Answer a question to everybody who was asked."""
    now = ground().clock.now()
    with ground().read() as session:
        one = referral(session, current_actor(), referral_id, now)
        question = waiting_question(session, current_actor(), referral_id, referral_question_id)
    form = AnswerForm(data={"shown": question.words})
    if form.is_submitted():
        texts = {"shown": (form.shown.data or "").strip(), "answer": (form.answer.data or "").strip()}
        form.offer(identifying_text(texts))
    if form.validate_on_submit():
        try:
            with ground().work() as work:
                confirmed = form.confirmed.data or []
                command = AnswerQuestion(referral_question_id, str(form.shown.data), str(form.answer.data), confirmed)
                deadline_at = answer_question(work, current_actor(), command)
        except InvalidInputError as error:
            form.show(error)
        else:
            moved = " The deadline has moved for everybody." if deadline_at != one.deadline_at else ""
            flash(f"Everybody who was asked gets your answer now.{moved}")
            return redirect(url_for(".council", referral_id=referral_id), code=303)
    is_late = now > answer_by(one.deadline_at)
    shown = render_template("referrals/questions/answer.html", one=one, question=question, form=form, is_late=is_late)
    return shown, 422 if form.is_submitted() else 200
