"""What ends a person's access: their sessions, and all of it when they leave."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as Reply

from kernel.errors import ConflictError, ForbiddenError
from kernel.web import ground
from people.actions.end_sessions import REVOKED, end_sessions_of
from people.actions.leave import mark_leaver, undo_leaving
from people.permissions import Permission
from people.queries.directory import Profile, managed_profile
from people.queries.sessions import sessions_of
from people.web.contact_forms import PressForm
from people.web.guard import current_actor, requires
from people.web.seeing import sight
from people.web.words import MEANS

pages = Blueprint("access", __name__)


@pages.get("/people/<person_id>/access")
@requires(Permission.PEOPLE_READ)
def show(person_id: str) -> str:
    """Show where a person is signed in, and what ends it."""
    with ground().read() as session:
        found = managed_profile(session, sight(), person_id)
        sessions = sessions_of(session, person_id, ground().clock.now())
    return render_template("people/access.html", person=found, sessions=sessions, means=MEANS)


@pages.post("/people/<person_id>/access/sessions/end")
@requires(Permission.PEOPLE_READ)
def end_all(person_id: str) -> Reply:
    """Sign a person out everywhere."""
    _managed(person_id)
    with ground().work() as work:
        end_sessions_of(work, person_id, REVOKED, actor=current_actor().id)
    flash("They are signed out everywhere.")
    return redirect(url_for(".show", person_id=person_id), code=303)


@pages.route("/people/<person_id>/left", methods=["GET", "POST"])
@requires(Permission.PEOPLE_READ)
def leave(person_id: str) -> str | Reply | tuple[str, int]:
    """Ask whether a person has left, and end all their access."""
    found, form = _managed(person_id), PressForm()
    if not form.validate_on_submit():
        return render_template("people/leave.html", form=form, person=found)
    try:
        with ground().work() as work:
            mark_leaver(work, current_actor(), person_id)
    except (ConflictError, ForbiddenError) as error:
        return render_template("people/leave.html", form=form, person=found, refusal=str(error)), error.status
    flash("They have left. Nothing is open to them any more.")
    return redirect(url_for("people.profile.show", person_id=person_id), code=303)


@pages.post("/people/<person_id>/back")
@requires(Permission.PEOPLE_READ)
def come_back(person_id: str) -> Reply:
    """Bring a person back who was said to have left."""
    _managed(person_id)
    with ground().work() as work:
        undo_leaving(work, current_actor(), person_id)
    flash("They are back, with the roles that they had. They can sign in again.")
    return redirect(url_for("people.profile.show", person_id=person_id), code=303)


def _managed(person_id: str) -> Profile:
    with ground().read() as session:
        return managed_profile(session, sight(), person_id)
