from __future__ import annotations

from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, url_for
from govuk_frontend_wtf.wtforms_widgets import GovCharacterCount
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from channels.actions.answer_queue_item import LONGEST_ANSWER, close_queue_item
from channels.actions.pass_to_person import QUESTIONS
from channels.queries import QueueItem, queue_item, queue_items
from channels.waiting import in_queue
from channels.words import CHANNELS
from hub.actions.answer_question import answer_question
from hub.web.areas import organisations_of_area
from hub.web.history import recipient_words
from kernel.errors import InvalidInputError, NotFoundError
from kernel.web import ground
from people import areas
from people.model import Actor
from people.permissions import Permission
from people.queries import organisations, person
from people.waiting import Waiting
from people.web.forms import PageForm
from people.web.guard import current_actor, requires
from referrals.queries.competing import live_competitions

pages = Blueprint("questions", __name__)


class AnswerForm(PageForm):
    """What the person who asked will read, on the channel on which they asked."""

    answer = TextAreaField(
        "Your answer",
        description="Plain words, one idea a sentence. It goes out as you write it.",
        widget=GovCharacterCount(),
        validators=[InputRequired("Write an answer"), Length(max=LONGEST_ANSWER)],
    )


def _ours(session: Session, actor: Actor) -> list[str]:
    return organisations_of_area(session, actor, Permission.QUESTIONS_ANSWER)


def waiting_here(session: Session, actor: Actor, now: datetime) -> Waiting:
    """Count the questions that wait for this person or a colleague, since the first of them came."""
    return in_queue(session, QUESTIONS, areas.organisations_of_area(actor, Permission.QUESTIONS_ANSWER), now)


@pages.get("/questions")
@requires(Permission.QUESTIONS_ANSWER)
def waiting() -> str:
    """Show the questions that wait for a person, the oldest first, and the latest that were dealt with."""
    with ground().read() as session:
        ours = _ours(session, current_actor())
        still_open = queue_items(session, QUESTIONS, ours)
        ended = queue_items(session, QUESTIONS, ours, is_open=False, limit=20)
    return render_template("questions/waiting.html", items=still_open, ended=ended, channels=CHANNELS)


@pages.route("/questions/<item_id>", methods=["GET", "POST"])
@requires(Permission.QUESTIONS_ANSWER)
def one(item_id: str) -> str | Response | tuple[str, int]:
    """Show one question and answer it."""
    actor = current_actor()
    form = AnswerForm()
    item, asker = _read(actor, item_id)
    with ground().read() as session:
        live = live_competitions(session, actor, item.person_id, ground().clock.now())
    if not form.validate_on_submit():
        shown = render_template("questions/one.html", item=item, asker=asker, form=form, live=live, **_WORDS)
        return shown, 422 if form.is_submitted() else 200
    try:
        with ground().work() as work:
            answer_question(work, actor, item_id, item.person_id, str(form.answer.data))
    except InvalidInputError as error:
        form.show(error)
        shown = render_template("questions/one.html", item=item, asker=asker, form=form, **_WORDS)
        return shown, error.status
    flash("Your answer is on its way.")
    return redirect(url_for(".waiting"), code=303)


@pages.post("/questions/<item_id>/close")
@requires(Permission.QUESTIONS_ANSWER)
def close(item_id: str) -> Response:
    """Close a question that needs no answer."""
    actor = current_actor()
    _read(actor, item_id)
    with ground().work() as work:
        close_queue_item(work, actor, item_id)
    flash("The question is closed.")
    return redirect(url_for(".waiting"), code=303)


_WORDS = {"channels": CHANNELS, "longest": LONGEST_ANSWER}


def _read(actor: Actor, item_id: str) -> tuple[QueueItem, str]:
    with ground().read() as session:
        item = queue_item(session, item_id, _ours(session, actor))
        if item.queue != QUESTIONS:
            raise NotFoundError
        places = {place.id: place for place in organisations(session)}
        return item, recipient_words(person(session, item.person_id), places)
