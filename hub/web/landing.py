from __future__ import annotations

from flask import redirect, session, url_for
from werkzeug.wrappers import Response

from hub.web.access import local_path
from hub.web.site import site
from kernel.web import ground
from people.queries import person
from people.queries.factors import factors_of
from people.rules.factors import needs_second_factor

_NEXT = "next"


def remember(target: str | None) -> None:
    """Keep in mind where the person was heading, if that is a page of this site."""
    path = local_path(target)
    if path is not None:
        session[_NEXT] = path


def wanted() -> str | None:
    """Return where the person was heading, this once."""
    return local_path(session.pop(_NEXT, None))


def lead_on(person_id: str, target: str | None, *, is_strong: bool) -> Response:
    """Lead somebody who has just signed in to where they were heading.

    Whoever needs a second factor for their role and has none is led to setting one up first.
    """
    if site().second_factor and not is_strong and _lacks_factor(person_id):
        remember(target)
        return redirect(url_for("second_factor.begin"), code=303)
    return redirect(target or url_for("home.start"), code=303)


def _lacks_factor(person_id: str) -> bool:
    with ground().read() as database:
        card = person(database, person_id)
        return needs_second_factor(card) and not factors_of(database, person_id).has_any
