from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, current_app, g, redirect, request, session, url_for
from werkzeug.wrappers import Response

from kernel.errors import ForbiddenError, NotFoundError
from kernel.web import ground
from people.model import Actor
from people.permissions import Permission, may
from people.queries import person
from people.web.guard import SignInRequiredError, current_actor, declared_access

_PERSON = "person"
_STATIC = "static"


def undeclared_views(app: Flask) -> list[str]:
    """Return the endpoints whose view says neither what it requires nor why it is public."""
    return sorted(name for name, view in app.view_functions.items() if name != _STATIC and not declared_access(view))


def sign_in(person_id: str) -> None:
    """Begin a session for a person; whatever the browser held before is gone, the choice of language too."""
    session.clear()
    session[_PERSON] = person_id
    session.permanent = True


def sign_out() -> None:
    """End the session."""
    session.clear()


def local_path(target: str | None) -> str | None:
    """Return `target` if it is a path of this site, else None: a link must not lead a reader elsewhere."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or any(ord(letter) < ord(" ") or letter == "\\" for letter in target):
        return None
    return target


def _signed_in() -> Actor | None:
    person_id = session.get(_PERSON)
    if person_id is None:
        return None
    with ground().read() as database:
        try:
            return person(database, person_id)
        except NotFoundError:
            session.clear()
            return None


def _let_in() -> None:
    """Refuse a view that does not declare its access, and whoever does not hold what it declares."""
    if request.endpoint == _STATIC:
        return
    g.actor = _signed_in()
    if request.endpoint is None:
        return
    access = declared_access(current_app.view_functions[request.endpoint])
    if access is None:
        message = f"the view {request.endpoint} declares neither a permission nor why it is public"
        raise RuntimeError(message)
    if isinstance(access, Permission) and not may(current_actor(), access):
        raise ForbiddenError


def _ask_to_sign_in(_error: SignInRequiredError) -> Response:
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("sign_in.ask", next=wanted), code=303)


def install(app: Flask) -> None:
    """Enforce what views declare, before each of them runs."""
    app.before_request(_let_in)
    app.register_error_handler(SignInRequiredError, _ask_to_sign_in)
