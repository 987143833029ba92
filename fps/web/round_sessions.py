"""The lead authority's pages of engagement sessions."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from fps.actions.rounds.plan_session import add_session, call_off_session, change_session
from fps.model.rounds import RoundCard, SessionCard
from fps.queries.round_contacts import guests
from fps.queries.round_sessions import session_card
from fps.queries.rounds import led_round
from fps.web.round_forms import ReasonForm, SessionForm
from kernel.errors import ConflictError, InvalidInputError, NotFoundError
from kernel.web import ground
from people.permissions import Permission
from people.web.guard import current_actor, requires

pages = Blueprint("round_sessions", __name__)
Shown = str | Response | tuple[str, int]


def _found(round_id: str, engagement_id: str) -> tuple[RoundCard, SessionCard]:
    with ground().read() as session:
        card = led_round(session, current_actor(), round_id)
        found = session_card(session, engagement_id)
    if found.round_id != card.id:
        raise NotFoundError
    return card, found


@pages.route("/register/rounds/<round_id>/sessions/new", methods=["GET", "POST"])
@requires(Permission.ROUNDS_RUN)
def new(round_id: str) -> Shown:
    """Add an engagement session."""
    with ground().read() as session:
        card = led_round(session, current_actor(), round_id)
    form = SessionForm()
    if form.validate_on_submit():
        try:
            with ground().work() as work:
                engagement_id = add_session(work, current_actor(), round_id, form.terms())
        except InvalidInputError as error:
            form.show(error)
        except ConflictError as error:
            form.show_at(form.title, str(error))
        else:
            flash("The session is added. Providers can sign up once the round is published.")
            return redirect(url_for(".one", round_id=round_id, engagement_id=engagement_id), code=303)
    page = render_template("fps/rounds/write_session.html", form=form, round=card, session=None)
    return page, 422 if form.is_submitted() else 200


@pages.get("/register/rounds/<round_id>/sessions/<engagement_id>")
@requires(Permission.ROUNDS_RUN)
def one(round_id: str, engagement_id: str) -> str:
    """Show a session and who has a place."""
    card, found = _found(round_id, engagement_id)
    with ground().read() as session:
        coming = guests(session, engagement_id)
    now = ground().clock.now()
    return render_template("fps/rounds/session.html", round=card, session=found, guests=coming, now=now)


@pages.route("/register/rounds/<round_id>/sessions/<engagement_id>/edit", methods=["GET", "POST"])
@requires(Permission.ROUNDS_RUN)
def edit(round_id: str, engagement_id: str) -> Shown:
    """Change a session."""
    card, found = _found(round_id, engagement_id)
    form = SessionForm()
    if not form.is_submitted():
        form.fill(found)
    if form.validate_on_submit():
        try:
            with ground().work() as work:
                change_session(work, current_actor(), engagement_id, form.terms())
        except InvalidInputError as error:
            form.show(error)
        except ConflictError as error:
            form.show_at(form.title, str(error))
        else:
            flash("The session is saved. Who has a place is told of a new time or place.")
            return redirect(url_for(".one", round_id=round_id, engagement_id=engagement_id), code=303)
    page = render_template("fps/rounds/write_session.html", form=form, round=card, session=found)
    return page, 422 if form.is_submitted() else 200


@pages.route("/register/rounds/<round_id>/sessions/<engagement_id>/cancel", methods=["GET", "POST"])
@requires(Permission.ROUNDS_RUN)
def cancel(round_id: str, engagement_id: str) -> Shown:
    """Cancel a session, with the reason that its guests read."""
    card, found = _found(round_id, engagement_id)
    form = ReasonForm()
    form.reason.label.text = "Why is the session cancelled?"
    if form.validate_on_submit():
        try:
            with ground().work() as work:
                call_off_session(work, current_actor(), engagement_id, form.reason.data or "")
        except InvalidInputError as error:
            form.show(error)
        else:
            flash("The session is cancelled. Everybody who had a place has been told.")
            return redirect(url_for("fps.rounds.one", round_id=round_id), code=303)
    words = {"heading": f"Cancel {found.title}", "button": "Cancel the session"}
    page = render_template("fps/rounds/reason.html", form=form, round=card, **words)
    return page, 422 if form.is_submitted() else 200
