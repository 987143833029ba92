from __future__ import annotations

from collections.abc import Sequence

from flask import Blueprint, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from hub.actions.tell_of_request import tell_of_request
from hub.web.limits import count_attempt
from kernel.calendar import london_date
from kernel.web import ground
from people.actions.log_request import NewRequest, log_request
from people.model import OrganisationCard, OrganisationKind, Role
from people.queries import organisations, persons_with_role
from people.rights.model import CameBy, RequestKind
from people.web.guard import public

pages = Blueprint("your_rights", __name__)
_PER_CLIENT = "10 per 1 hour"
_LONGEST = {"requester": 200, "reach": 320, "words": 2000}


def _councils() -> list[OrganisationCard]:
    """Return the councils that have somebody to answer a request."""
    with ground().read() as session:
        officers = persons_with_role(session, Role.AUDITOR)
        answering = {place for officer in officers for place in officer.organisations_as(Role.AUDITOR)}
        return [place for place in organisations(session, OrganisationKind.COUNCIL) if place.id in answering]


def _missing(councils: Sequence[OrganisationCard]) -> list[str]:
    """Return the fields without which nobody could answer."""
    told = request.form
    wrong = {
        "kind": told.get("kind", "") not in {kind.value for kind in RequestKind},
        "council": told.get("council", "") not in {council.id for council in councils},
        "requester": not told.get("requester", "").strip(),
        "reach": not told.get("reach", "").strip(),
    }
    return [name for name, is_wrong in wrong.items() if is_wrong]


@pages.get("/your-rights")
@public("families ask for their rights without an account; a person makes sure who asks")
def show() -> str:
    """Explain what people can ask for, with a form that reaches the officer of their council."""
    return render_template("your_rights/ask.html", councils=_councils(), told={}, missing=[])


@pages.post("/your-rights")
@public("families ask for their rights without an account; a person makes sure who asks")
def ask() -> Response | tuple[str, int]:
    """Take a request to the officers of the council. Nothing happens before one of them knows who asks."""
    count_attempt("your_rights", _PER_CLIENT, request.remote_addr or "")
    councils = _councils()
    missing = _missing(councils)
    if missing:
        return render_template("your_rights/ask.html", councils=councils, told=request.form, missing=missing), 422
    words = {name: request.form.get(name, "")[:longest] for name, longest in _LONGEST.items()}
    with ground().work() as work:
        new = NewRequest(
            council_id=request.form["council"],
            kind=RequestKind(request.form["kind"]),
            came_by=CameBy.PAGE,
            received_on=london_date(work.now),
            **words,
        )
        tell_of_request(work, log_request(work, new), new.council_id)
    return redirect(url_for(".sent"), code=303)


@pages.get("/your-rights/sent")
@public("says the same to everybody")
def sent() -> str:
    """Say what happens next."""
    return render_template("your_rights/sent.html")
