from __future__ import annotations

from datetime import datetime, timedelta

from flask import Blueprint, flash, redirect, render_template, url_for
from govuk_frontend_wtf.wtforms_widgets import GovCharacterCount
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response
from wtforms import TextAreaField
from wtforms.validators import InputRequired, Length

from channels.actions.answer_queue_item import LONGEST_ANSWER, answer_queue_item, close_queue_item
from channels.actions.pass_to_person import SAFEGUARDING
from channels.queries import QueueItem, queue_item, queue_items
from channels.waiting import in_queue
from channels.words import CHANNELS
from hub.web.areas import organisations_of_area
from hub.web.history import recipient_words
from kernel import audit
from kernel.errors import InvalidInputError, NotFoundError
from kernel.web import ground
from people import areas
from people.model import Actor, ContactPoint, PersonCard
from people.permissions import Permission
from people.queries import contact_points, organisations, person
from people.waiting import Waiting
from people.web.forms import PageForm
from people.web.guard import current_actor, requires

pages = Blueprint("worries", __name__)

READ_WITHIN = timedelta(minutes=15)


class ReplyForm(PageForm):
    """What the person who wrote will read, on the channel on which they wrote."""

    answer = TextAreaField(
        "Your reply",
        description="It goes out as you write it, on the channel that they wrote from.",
        widget=GovCharacterCount(),
        validators=[InputRequired("Write a reply"), Length(max=LONGEST_ANSWER)],
    )


def _ours(session: Session, actor: Actor) -> list[str]:
    return organisations_of_area(session, actor, Permission.WORRIES_READ)


def waiting_here(session: Session, actor: Actor, now: datetime) -> Waiting:
    """Count the worries that nobody has dealt with; late if nobody did within a quarter of an hour."""
    ours = areas.organisations_of_area(actor, Permission.WORRIES_READ)
    return in_queue(session, SAFEGUARDING, ours, now, within=READ_WITHIN)


@pages.get("/worries")
@requires(Permission.WORRIES_READ)
def waiting() -> str:
    """Show the worrying messages that nobody has dealt with, the oldest first, and the latest that were."""
    with ground().read() as session:
        ours = _ours(session, current_actor())
        still_open = queue_items(session, SAFEGUARDING, ours)
        ended = queue_items(session, SAFEGUARDING, ours, is_open=False, limit=20)
    late_before = ground().clock.now() - READ_WITHIN
    return render_template(
        "worries/waiting.html", items=still_open, ended=ended, channels=CHANNELS, late_before=late_before
    )


@pages.get("/worries/<item_id>")
@requires(Permission.WORRIES_READ)
def one(item_id: str) -> str:
    """Show one worrying message with who wrote it and how to reach them. That it was read goes into the log."""
    actor = current_actor()
    shown = _page(actor, item_id, ReplyForm())
    with ground().work() as work:
        audit.record(work, actor=actor.id, action="hub.read_worry", subject=("question", item_id))
    return shown


@pages.post("/worries/<item_id>")
@requires(Permission.WORRIES_READ)
def reply(item_id: str) -> Response | tuple[str, int]:
    """Reply on the channel from which the person wrote; that also says that somebody deals with it."""
    actor = current_actor()
    form = ReplyForm()
    if not form.validate():
        return _page(actor, item_id, form), 422
    _read(actor, item_id)
    try:
        with ground().work() as work:
            answer_queue_item(work, actor, item_id, str(form.answer.data))
    except InvalidInputError as error:
        form.show(error)
        return _page(actor, item_id, form), error.status
    flash("Your reply is on its way.")
    return redirect(url_for(".waiting"), code=303)


@pages.post("/worries/<item_id>/close")
@requires(Permission.WORRIES_READ)
def close(item_id: str) -> Response:
    """Say that it has been dealt with outside the hub."""
    actor = current_actor()
    _read(actor, item_id)
    with ground().work() as work:
        close_queue_item(work, actor, item_id)
    flash("Marked as dealt with.")
    return redirect(url_for(".waiting"), code=303)


def _read(actor: Actor, item_id: str) -> tuple[QueueItem, PersonCard, list[ContactPoint], str]:
    with ground().read() as session:
        item = queue_item(session, item_id, _ours(session, actor))
        if item.queue != SAFEGUARDING:
            raise NotFoundError
        who = person(session, item.person_id)
        places = {place.id: place for place in organisations(session)}
        return item, who, contact_points(session, who.id), recipient_words(who, places)


def _page(actor: Actor, item_id: str, form: ReplyForm) -> str:
    item, who, points, role = _read(actor, item_id)
    return render_template(
        "worries/one.html",
        item=item,
        who=who,
        points=points,
        role=role,
        form=form,
        channels=CHANNELS,
        longest=LONGEST_ANSWER,
    )
