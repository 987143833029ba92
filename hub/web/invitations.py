from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from hub.web import access
from hub.web.limits import count_attempt
from kernel.errors import NotFoundError, TooLateError
from kernel.web import ground
from people.actions.accept_invitation import accept_invitation
from people.actions.invite import PURPOSE
from people.queries import open_grant
from people.queries.invitations import invitation_letter
from people.web.guard import public
from people.web.words import ROLES

pages = Blueprint("invitations", __name__)

_PER_CLIENT = "30 per 15 minutes"
_WHY = "the link in the invitation is the proof"


@pages.get("/invitation/<token>")
@public(_WHY)
def confirm(token: str) -> str | tuple[str, int]:
    """Show what one is invited to, and a button: mail scanners fetch links, and must not accept."""
    with ground().read() as session:
        try:
            grant = open_grant(session, token, PURPOSE, ground().clock.now())
            letter = invitation_letter(session, grant.target)
        except (NotFoundError, TooLateError) as error:
            return _is_over(error)
    return render_template("invitations/confirm.html", token=token, letter=letter, role=ROLES[letter.role])


@pages.post("/invitation/<token>")
@public(_WHY)
def accept(token: str) -> Response | tuple[str, int]:
    """Accept, and begin the session of somebody new."""
    count_attempt("invitations.client", _PER_CLIENT, request.remote_addr or "")
    try:
        with ground().work() as work:
            accepted = accept_invitation(work, token)
    except (NotFoundError, TooLateError) as error:
        return _is_over(error)
    flash("You have accepted the invitation.")
    if not accepted.may_sign_in:
        return redirect(url_for("sign_in.ask"), code=303)
    access.sign_in(accepted.person_id)
    return redirect(url_for("home.start"), code=303)


def _is_over(error: NotFoundError | TooLateError) -> tuple[str, int]:
    return render_template("invitations/over.html", sentence=str(error)), error.status
