from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from hub.web import access
from kernel.errors import NotFoundError
from kernel.web import ground
from people.actions.end_sessions import REVOKED, end_session, end_sessions_of
from people.permissions import Permission
from people.queries import organisation
from people.queries.sessions import session_card, sessions_of
from people.web.guard import current_actor, requires
from people.web.words import MEANS, ROLES

pages = Blueprint("account", __name__)


@pages.get("/account")
@requires(Permission.OWN_ACCOUNT)
def show() -> str:
    """Show who I am here, in which roles, and where I am signed in."""
    actor, now = current_actor(), ground().clock.now()
    with ground().read() as session:
        sessions = sessions_of(session, actor.id, now)
        places = {held.organisation_id: organisation(session, held.organisation_id).name for held in actor.roles}
    return render_template(
        "account/show.html",
        sessions=sessions,
        here=access.current_session(),
        places=places,
        role_words=ROLES,
        means=MEANS,
    )


@pages.post("/account/sessions/<session_id>/end")
@requires(Permission.OWN_ACCOUNT)
def end(session_id: str) -> Response:
    """Sign out one of my browsers; this one too."""
    actor = current_actor()
    if session_id == access.current_session().id:
        access.sign_out()
        flash("You have signed out.")
        return redirect(url_for("sign_in.ask"), code=303)
    with ground().work() as work:
        if session_card(work.session, session_id, work.now).person_id != actor.id:
            raise NotFoundError
        end_session(work, session_id, REVOKED)
    flash("That browser is signed out.")
    return redirect(url_for(".show"), code=303)


@pages.post("/account/sessions/end-others")
@requires(Permission.OWN_ACCOUNT)
def end_others() -> Response:
    """Sign out all my browsers but this one."""
    with ground().work() as work:
        end_sessions_of(work, current_actor().id, REVOKED, access.current_session().id)
    flash("All other browsers are signed out.")
    return redirect(url_for(".show"), code=303)
